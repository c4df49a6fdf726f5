"""P47 to the letter of its definition, through the compiler and DuckDB."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from qingqu.domain.rules import RuleError, load
from qingqu.domain.rules.rule import check
from qingqu.engine.runner import run
from qingqu.engine.spec import Finding, Run, Source
from qingqu.engine.tests.lake_of import PROJECTS, projects

FILE = Path(__file__).resolve().parents[2] / "packs/rules/county/P47.yml"
TREE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RULE = load(TREE)


def judged(source: Source, as_of: str, **values: str) -> dict[str | None, Finding]:
    spec = Run(date.fromisoformat(as_of), "", {"projects": source}, (RULE.with_values(values),))
    return {finding.subject_key: finding for finding in run(spec, all_states=True)}


@pytest.mark.parametrize(
    ("planned", "started", "reason", "as_of", "state", "level", "measured"),
    [
        ("2026-03-01", None, None, "2026-03-01", "clear", None, "1"),  # due today is not yet late
        ("2026-03-01", None, None, "2026-03-02", "triggered", "yellow", "1"),
        ("2026-03-31", None, None, "2026-04-01", "triggered", "yellow", "2"),
        ("2026-03-31", None, None, "2026-04-30", "triggered", "yellow", "2"),
        ("2026-03-31", None, None, "2026-05-01", "triggered", "red", "3"),  # the third calendar month
        ("2026-03-01", None, None, "2026-06-10", "triggered", "red", "4"),  # the hospital
        ("2025-12-20", None, None, "2026-01-05", "triggered", "yellow", "2"),  # over the year's end
        ("2026-03-01", "2026-03-20", None, "2026-06-10", "clear", None, "4"),  # late, but started
        ("2026-03-01", "2026-07-01", None, "2026-06-10", "triggered", "red", "4"),  # starts later than as_of
        ("2026-03-01", None, "征地未完成,批准延期", "2026-06-10", "clear", None, "4"),
        ("2026-07-01", None, None, "2026-06-10", "clear", None, "0"),
    ],
)
def test_p47_judges_each_line_exactly(tmp_path, planned, started, reason, as_of, state, level, measured):
    row = {"project_id": "A", "planned_start": planned, "actual_start": started, "start_delay_reason": reason}
    finding = judged(projects(tmp_path, [row]), as_of)["A"]
    assert (finding.state, finding.level, finding.measured) == (state, level, measured)


def test_the_message_tells_both_dates_and_the_evidence_names_file_and_row(tmp_path):
    row = {"project_id": "A", "name": "门诊楼", "planned_start": "2026-03-01", "_row": "37"}
    finding = judged(projects(tmp_path, [row]), "2026-06-10")["A"]
    assert "2026-03-01" in finding.message
    assert "2026-06-10" in finding.message
    assert "101 天" in finding.message
    assert "第 4 个月" in finding.message
    (evidence,) = finding.evidence
    assert (evidence["dataset"], evidence["key"], evidence["file_row"]) == ("projects", "A", 37)
    assert evidence["row"]["planned_start"] == "2026-03-01"  # type: ignore[index]
    assert finding.threshold == "3"


def test_a_missing_planned_date_is_insufficient_not_clear(tmp_path):
    found = judged(
        projects(tmp_path, [{"project_id": "A"}, {"project_id": "B", "actual_start": "2026-01-01"}]),
        "2026-06-10",
    )
    assert found["A"].state == "insufficient"
    assert found["B"].state == "clear"  # started: nothing else can change that


def test_a_project_approved_after_the_day_does_not_exist_yet(tmp_path):
    row = {"project_id": "A", "planned_start": "2026-03-01", "approved_date": "2026-06-11"}
    assert judged(projects(tmp_path, [row]), "2026-06-10") == {}


def test_the_first_department_in_precedence_speaks_and_both_rows_are_evidence(tmp_path):
    rows = [
        {
            "project_id": "A",
            "planned_start": "2026-03-01",
            "_department": "project_owner",
            "actual_start": "2026-03-05",
        },
        {"project_id": "A", "planned_start": "2026-03-01", "_department": "development_reform"},
    ]
    source = projects(tmp_path, rows, departments=("development_reform", "project_owner"))
    finding = judged(source, "2026-06-10")["A"]
    assert finding.state == "triggered"
    assert [item["department"] for item in finding.evidence] == ["development_reform", "project_owner"]


def test_history_gives_the_newest_change_and_drops_closed_rows(tmp_path):
    rows = [
        {"project_id": "A", "planned_start": "2026-03-01", "_known_at": "2026-02-05 00:00:00"},
        {
            "project_id": "A",
            "planned_start": "2026-09-01",
            "_known_at": "2026-04-05 00:00:00",
            "_snapshot": "projects-000002",
        },
        {"project_id": "B", "planned_start": "2026-03-01", "_known_at": "2026-02-05 00:00:00"},
        {
            "project_id": "B",
            "planned_start": "2026-03-01",
            "_known_at": "2026-04-05 00:00:00",
            "_change": "close",
        },
    ]
    found = judged(projects(tmp_path, rows, history=True), "2026-06-10")
    assert {key: item.state for key, item in found.items()} == {"A": "clear"}


def test_missing_and_stale_data_are_said_once_for_the_rule(tmp_path):
    spec = Run(date(2026, 6, 10), "", {}, (RULE,))
    (missing,) = run(spec)
    assert (missing.state, missing.subject_key, missing.reason["dataset"]) == (
        "insufficient",
        None,
        "projects",
    )  # type: ignore[index]
    stale = projects(tmp_path, [{"project_id": "A", "planned_start": "2026-03-01"}], cut_off=date(2024, 1, 1))
    assert judged(stale, "2026-06-10")[None].state == "insufficient"


def test_a_parameter_moves_the_red_line_within_its_range(tmp_path):
    source = projects(tmp_path, [{"project_id": "A", "planned_start": "2026-03-01"}])
    assert judged(source, "2026-06-10", red_months="5")["A"].level == "yellow"
    with pytest.raises(RuleError, match="超出允许范围"):
        RULE.with_values({"red_months": "99"})
    with pytest.raises(RuleError, match="没有这个参数"):
        RULE.with_values({"red_month": "4"})


def test_the_same_inputs_are_one_run_and_other_values_are_another(tmp_path):
    source = projects(tmp_path, [{"project_id": "A", "planned_start": "2026-03-01"}])
    first = Run(date(2026, 6, 10), "", {"projects": source}, (RULE,))
    again = Run(date(2026, 6, 10), "", {"projects": source}, (load(TREE),))
    other = Run(date(2026, 6, 10), "", {"projects": source}, (RULE.with_values({"red_months": "4"}),))
    assert first.identity == again.identity != other.identity
    assert list(run(first)) == list(run(again))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"extra": 1}, "extra"),
        ({"shape": "unknown"}, "shape"),
        ({"logic": {**TREE["logic"], "due": {"fild": "planned_start"}}}, "logic.due"),
        ({"logic": {"rows": "projects"}}, "logic"),
        ({"levels": [{"level": "purple"}]}, "levels"),
        ({"levels": [{"level": "red"}, {"level": "yellow"}]}, "levels"),
        ({"params": {"red_months": {**TREE["params"]["red_months"], "default": 99}}}, "red_months"),
        ({"threshold": "nothing"}, "threshold"),
        ({"sentence": "{unknown}"}, "sentence"),
    ],
)
def test_a_rule_file_that_is_not_ours_is_refused_with_its_place(change, place):
    with pytest.raises(RuleError, match=place):
        load({**TREE, **change})


def test_a_rule_is_checked_against_the_datasets_before_it_runs():
    check(RULE, {"projects": PROJECTS})
    with pytest.raises(RuleError, match="projects"):
        check(RULE, {})
    with pytest.raises(RuleError, match="start_delay_reason"):
        check(RULE, {"projects": {k: v for k, v in PROJECTS.items() if k != "start_delay_reason"}})
    with pytest.raises(RuleError, match="应为 日期"):
        check(RULE, {"projects": {**PROJECTS, "planned_start": "money"}})


def test_the_sentence_tells_the_values_in_force():
    assert "第 4 个月" in RULE.with_values({"red_months": "4"}).told()
