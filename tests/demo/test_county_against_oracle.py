"""The demo county shows its stated irregularities and nothing else, by a second reading of RULES in plain Python."""

from datetime import date

import pytest

from qingqu.demo.county import county
from tests.demo.tables import of_people, of_villages, of_works
from tests.oracle import benefits, collective, tendering, works
from tests.oracle.world import World

WORKS = works.RULES | tendering.RULES
DAYS = [
    date(2026, 6, 10),
    date(2026, 6, 3),
    date(2026, 11, 25),
    date(2027, 1, 31),
    date(2028, 2, 29),
    date(2027, 3, 8),
]


def lit(rules, world: World) -> tuple[set[tuple[str, str, str]], set[tuple[str, str]]]:
    """(rule, subject, level) of what is triggered; (rule, subject) of what lacks data or is left open."""
    told = [(code, key, *found) for code, rule in rules.items() for key, found in rule(world).items()]
    hits = {(code, key, level) for code, key, state, level in told if state == "triggered"}
    return hits, {(code, key) for code, key, state, _ in told if state != "triggered"}


def stated(made, rules) -> set[tuple[str, str, str]]:
    return {(one.rule, one.subject_key, one.level) for one in made.stated if one.rule in rules}


@pytest.mark.parametrize(("as_of", "seed"), [*((day, 990101) for day in DAYS), (DAYS[0], 7), (DAYS[3], 7)])
def test_on_any_day_works_and_villages_show_the_stated_and_nothing_else(as_of, seed):
    made = county(as_of, seed=seed, people=50_000, project_count=260)
    people = of_people(made)
    tables = {
        name: people[name] for name in ("companies", "shareholders", "public_employees", "social_insurance")
    }
    rules = WORKS | {code: rule for code, rule in collective.RULES.items() if code != "B40"}
    hits, unsure = lit(rules, World(tables | of_works(made) | of_villages(made), as_of))
    assert hits == stated(made, rules)
    assert {code for code, _ in unsure} <= {"P67"}, "only the item that nobody measured"
    assert len(unsure) == 1


@pytest.mark.parametrize("as_of", DAYS[::2])
def test_on_any_day_people_show_the_stated_and_nothing_else(as_of):
    made = county(as_of, seed=990101, people=50_000, project_count=60)
    rules = benefits.RULES | {"B40": collective.RULES["B40"]}
    hits, unsure = lit(rules, World(of_people(made), as_of))
    assert hits == stated(made, rules)
    assert not unsure


def test_every_rule_that_files_can_light_is_lit():
    made = county(DAYS[0], seed=990101, people=50_000, project_count=60)
    assert {one.rule for one in made.stated} == {*benefits.RULES, *WORKS, *collective.RULES, "P49"}
