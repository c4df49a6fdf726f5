"""The county's people: well formed and plausible; what the rules find in them is held in tests/demo."""

from collections import Counter
from datetime import date

import numpy as np

from qingqu.demo import benefits, planting, society
from qingqu.demo import people as folk
from qingqu.demo.days import deliveries
from qingqu.demo.people_cases import PEOPLE_CASES
from qingqu.domain.values import clean


def made(as_of: date, seed: int = 7, count: int = 50_000):
    known = deliveries(as_of)
    people = folk.make(count, as_of, seed)
    given, others = benefits.make(people, known, seed), society.make(people, known, seed)
    assert len(list(planting.plant(people, given, others, known))) == len(PEOPLE_CASES)
    return people, given


def test_nobody_shares_an_id_number_and_every_one_is_valid():
    people, given = made(date(2026, 6, 10))
    dead = {one.person for one in given.deaths}
    assert len(set(people.ids)) == len(people.ids) == 50_000
    assert len(dead & set(people.ids)) == sum(case.plant == "paid_after_death" for case in PEOPLE_CASES)
    for person in (*people.ids[::37], *sorted(dead)[::11]):
        assert clean("id_number", person) == person
        assert person.startswith("990101")


def test_a_million_people_still_have_numbers_of_their_own():
    born = np.repeat(np.arange(date(1936, 6, 10).toordinal(), date(2026, 6, 10).toordinal()), 30)
    assert len(set(folk.id_numbers(born[:120_000], np.arange(120_000) % 2))) == 120_000


def test_the_county_is_as_old_as_counties_are():
    people = folk.make(100_000, date(2026, 6, 10), 7)
    share = [
        np.mean((people.ages >= low) & (people.ages < high)) for low, high in ((0, 15), (60, 120), (80, 120))
    ]
    assert 0.06 < share[0] < 0.2
    assert 0.18 < share[1] < 0.3
    assert 0.015 < share[2] < 0.05
    assert 2.2 < len(people.ids) / len(set(people.household.tolist())) < 3.4
    assert len(set(people.village.tolist())) == 180
    assert max(Counter(people.household.tolist()).values()) <= 6


def test_ages_are_counted_as_people_count_them():
    born = np.array(
        [date(1960, 6, 10).toordinal(), date(1960, 6, 11).toordinal(), date(1960, 2, 29).toordinal()]
    )
    assert folk.ages(born, date(2026, 6, 10)).tolist() == [66, 65, 66]


def test_every_rule_about_people_has_a_case_and_a_near_miss():
    lit = {rule for case in PEOPLE_CASES for rule in case.levels}
    assert lit == {"B01", "B02", "B04", "B05", "B10", "B13", "B16", "B28", "B31", "B32"}
    assert {case.plant for case in PEOPLE_CASES if not case.levels} >= {
        "paid_after_death", "in_prison", "twice", "company_behind", "earning", "cadre_family", "land_subsidy",
        "one_account", "several_accounts",
    }  # fmt: skip
