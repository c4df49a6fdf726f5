"""Running rules: scoped values, estimates, steps as tables, a rule in error beside others, departments, the same bytes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingqu.domain.rules import Rule, RuleError, Scope, load
from qingqu.engine import cases
from qingqu.engine.cases import findings
from qingqu.engine.runner import Estimate, estimate, explain, run
from qingqu.engine.spec import Finding, Run, Source
from qingqu.engine.tests.test_shapes import DATASETS, rule_of

AS_OF = date(2026, 6, 10)
LATE = rule_of({
    "subject": {"kind": "project", "key": "id", "place": "place", "type": "owner", "name": [
        {"from": "people", "match": "id", "field": "name"}, "name"]},
    "shape": "due_against_actual",
    "logic": {"rows": "works", "due": {"add_days": ["planned", {"param": "grace"}]}, "actual": "started"},
    "params": {"grace": {"title": "宽限", "unit": "天", "default": 0, "min": 0, "max": 400, "basis": "例"},
               "red": {"title": "红", "unit": "天", "default": 30, "min": 1, "max": 400, "basis": "例"}},
    "levels": [{"level": "yellow"}, {"level": "red", "when": {"more_than": [{"measured": "value"}, {"param": "red"}]}}],
    "threshold": "red",
})  # fmt: skip
WORKS = [
    {"id": "A", "name": "甲", "place": "990101001001", "owner": "道路", "planned": date(2026, 6, 1)},
    {"id": "B", "name": "乙", "place": "990101002001", "owner": "道路", "planned": date(2026, 6, 1)},
    {"id": "C", "name": "丙", "place": "990101002001", "owner": "学校", "planned": date(2026, 6, 1)},
    {"id": "D", "place": "990101003001", "owner": "学校", "planned": date(2026, 1, 1)},
]


def judged(*rules: Rule, rows: object = None, **more: Any) -> dict[tuple[str, str | None], Finding]:
    found = findings(rules, rows or {"works": WORKS}, DATASETS, AS_OF, "", **more)
    return {(one.rule, one.subject_key): one for one in found}


def states(rule: Rule, **more: Any) -> dict[str | None, str]:
    return {key: one.level or one.state for (_, key), one in judged(rule, **more).items()}


@pytest.fixture
def spec(tmp_path: Path) -> Run:
    rule = load(LATE)
    source = cases._source(tmp_path, "works", WORKS, DATASETS, "")
    return Run(AS_OF, "", {"works": source}, (rule,), {name: one.schema for name, one in DATASETS.items()})


def test_values_of_a_town_and_of_a_type_hold_there_and_the_narrowest_wins():
    rule = load(LATE)
    assert states(rule) == {"A": "yellow", "B": "yellow", "C": "yellow", "D": "red"}
    town = rule.with_values({"grace": "30"}, scope=Scope(place="990101002"))
    assert states(town) == {"A": "yellow", "B": "clear", "C": "clear", "D": "red"}
    both = town.with_values({"red": "5"}, scope=Scope(place="990101002", kind="学校"))
    assert states(both) == {"A": "yellow", "B": "clear", "C": "red", "D": "red"}
    kind = rule.with_values({"grace": "300"}, scope=Scope(kind="学校"))
    assert states(kind) == {"A": "yellow", "B": "yellow", "C": "clear", "D": "clear"}
    assert rule.digest != town.digest != both.digest
    assert rule.with_values({"grace": "30"}, scope=Scope()).params["grace"].value == 30


def test_a_message_tells_the_values_of_the_subjects_own_scope():
    rule = load({**LATE, "message": "{name}：宽限 {grace}，红色 {threshold}"})
    town = rule.with_values({"red": "5"}, scope=Scope(place="990101002"))
    found = judged(town)
    assert found["X1", "A"].message == "甲：宽限 0，红色 30"
    assert found["X1", "B"].message == "乙：宽限 0，红色 5"
    assert (found["X1", "A"].threshold, found["X1", "B"].threshold) == ("30", "5")


def test_a_scope_that_the_subjects_cannot_show_is_refused():
    rule = load({**LATE, "subject": {"kind": "project", "key": "id"}})
    with pytest.raises(RuleError, match="没有地点"):
        rule.with_values({"red": "5"}, scope=Scope(place="990101002"))
    with pytest.raises(RuleError, match="超出允许范围"):
        load(LATE).with_values({"red": "500"}, scope=Scope(kind="学校"))


def test_what_would_fire_is_counted_by_level_and_place(spec):
    rule = spec.rules[0].with_values({"grace": "300"}, scope=Scope(kind="道路"))
    assert estimate(rule, spec) == [
        Estimate("triggered", "red", "990101003001", 1), Estimate("triggered", "yellow", "990101002001", 1),
    ]  # fmt: skip
    assert estimate(rule, Run(AS_OF, "", {}, ())) == []


def test_every_step_is_shown_as_a_table_narrowed_to_the_subject(spec):
    shown = {name: (columns, rows) for name, columns, rows in explain(spec.rules[0], spec, ["B"])}
    assert next(iter(shown)) == "works"
    assert list(shown)[-1] == "found"
    columns, rows = shown["found"]
    assert [row[columns.index("subject_key")] for row in rows] == ["B"]
    assert [row[shown["works"][0].index("id")] for row in shown["works"][1]] == ["B"]


def test_a_rule_in_error_is_one_line_and_the_others_go_on():
    broken = load({**LATE, "code": "X0", "logic": {**LATE["logic"], "actual": "no_such_field"}})
    overflow = load(
        {
            **LATE,
            "code": "X2",
            "logic": {
                **LATE["logic"],
                "due": {"add_days": ["planned", {"times": [{"param": "grace"}, 999999999]}]},
            },
        }
    )
    found = judged(broken, load(LATE), overflow.with_values({"grace": "400"}))
    assert found["X0", None].state == "error"
    assert "no_such_field" in found["X0", None].message
    assert found["X2", None].state == "error"
    assert found["X1", "A"].level == "yellow"


def test_a_parameter_outside_its_validity_is_an_error_not_a_guess():
    spoken = {**LATE["params"]["red"], "since": date(2026, 7, 1)}
    found = judged(load({**LATE, "params": {**LATE["params"], "red": spoken}}))
    assert found["X1", None].state == "error"
    assert "2026-07-01" in found["X1", None].message


def test_a_name_is_looked_up_where_it_is_known_and_taken_from_the_row_elsewhere():
    found = judged(load(LATE), rows={"works": WORKS, "people": [{"id": "A", "name": "名册里的名"}]})
    assert [found["X1", key].subject_name for key in "ABD"] == ["名册里的名", "乙", ""]
    assert judged(load(LATE), missing=["people"])["X1", "A"].subject_name == "甲"


def test_the_department_believed_first_speaks_and_every_departments_row_is_evidence():
    rows = [
        {**WORKS[0], "_department": "first"},
        {**WORKS[0], "_department": "second", "started": date(2026, 5, 1)},
    ]
    assert judged(load(LATE), rows={"works": rows})["X1", "A"].level == "yellow"
    assert [line["department"] for line in judged(load(LATE), rows={"works": rows})["X1", "A"].evidence] == [
        "first",
        "second",
    ]
    assert judged(load(LATE), rows={"works": rows[::-1]})["X1", "A"].state == "clear"


def test_the_same_inputs_give_the_same_lines(spec):
    assert list(run(spec, all_states=True)) == list(run(spec, all_states=True))


def test_a_broken_file_in_the_lake_is_an_error_line_not_a_traceback(tmp_path, spec):
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1 not a table")
    source = Source(**{**spec.sources["works"].__dict__, "files": (bad,)})
    (line,) = run(Run(AS_OF, "", {"works": source}, spec.rules, spec.schemas))
    assert line.state == "error"


def test_case_files_name_the_place_of_what_is_wrong(tmp_path):
    rule = load(LATE)
    wrong = yaml.safe_load(
        "as_of: 2026-06-10\ncases: [{name: x, rows: {works: [{id: A, plannd: 2026-01-01}]}, expect: []}]"
    )
    with pytest.raises(RuleError, match=r"cases\[0\].rows.works\[0\].*plannd"):
        list(cases.try_cases(rule, wrong, DATASETS, "f"))
    with pytest.raises(RuleError, match="没有数据集 'worx'"):
        findings([rule], {"worx": []}, DATASETS, AS_OF, "f")
    with pytest.raises(RuleError, match=r"f\.rows\.works"):
        findings([rule], {"works": [{"id": "A", "planned": "soon"}]}, DATASETS, AS_OF, "f")


def test_evidence_rows_are_told_as_the_exports_tell_them():
    rows = {"paid": [
        {"nr": "a", "person": "A", "amount": "1234.5", "area": "10.5000", "month": "2026-01", "day": date(2026, 1, 5)},
        {"nr": "b", "person": "A", "amount": "-0.05", "area": "100", "month": "2026-01"},
    ], "fills": [{"nr": "f", "plate": "A", "litres": "40", "at": "2026-01-01 08:00:00"}]}  # fmt: skip
    pay = load(rule_of({
        "subject": {"kind": "person", "key": "person"}, "shape": "duplicate", "logic": {"rows": "paid", "key": ["person"]},
    }))  # fmt: skip
    fill = load(rule_of({
        "code": "X2", "subject": {"kind": "vehicle", "key": "plate"}, "shape": "in_list",
        "logic": {"rows": "fills", "when": {"more_than": ["litres", 1]}},
    }))  # fmt: skip
    found = judged(pay, fill, rows=rows)
    first, second = (line["row"] for line in found["X1", "A"].evidence)
    assert (first["amount"], first["area"], first["month"], first["day"]) == (
        "1234.50",
        "10.5",
        "2026-01",
        "2026-01-05",
    )
    assert (second["amount"], second["area"], second["day"]) == ("-0.05", "100", None)
    (line,) = found["X2", "A"].evidence
    assert (line["row"]["at"], line["row"]["litres"], line["known_at"]) == (
        "2026-01-01T08:00:00", "40", "2000-01-01T00:00:00+08:00",
    )  # fmt: skip
