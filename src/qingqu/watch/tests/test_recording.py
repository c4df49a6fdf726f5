"""Recording a run: in bulk, frozen, with clocks, stock, and the platform's own checks."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingqu.base import hooks
from qingqu.engine import spec
from qingqu.exchange.actions import Wish, import_file
from qingqu.ledger.models import Entry
from qingqu.orgs.actions import system_operator
from qingqu.watch import actions
from qingqu.watch.actions import run_rules
from qingqu.watch.models import Evidence, Gap, RuleResult, RuleVersion, Warning, WarningEvent
from qingqu.watch.rules import published
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
HEAD = "项目编码,建设项目名称,建设单位,区划代码,批复日期,概算批复,计划开工日期,计划完工日期,实际开工日期\n"
ROW = "{key},{name},县教育局,990101001,2026-01-05,{amount},{due},2026-12-31,{started}\n"


def send(folder, *rows, department="development_reform", full=False):
    path = folder / f"{department}.csv"
    given = [{"name": "甲", "amount": "1000000", "due": "2026-05-15", "started": "", **row} for row in rows]
    path.write_text(HEAD + "".join(ROW.format(**row) for row in given), "utf-8")
    wish = Wish("projects", department, path.name, "", NOW, full)
    import_file(path=path, wish=wish, by=system_operator(), now=NOW)


def look(days=0, **more):
    when = NOW + timedelta(days=days)
    given = {"rules": published(codes=["P47"]), "as_of": when.date(), "known_at": when, "now": when}
    return run_rules(**{**given, "by": system_operator(), **more}).row


def finding(key, **more):
    given = {
        "rule": "P47", "version": 1, "title": "未开工", "state": "triggered", "subject_kind": "project",
        "subject_key": key, "subject_name": f"项目{key}", "place": "990101001000", "owner": "县教育局",
        "level": "yellow", "measured": "2", "threshold": "3", "unit": "个月", "message": f"{key} 未开工",
        "evidence": ({"dataset": "projects", "department": "development_reform", "row": {"project_id": key}},),
    }  # fmt: skip
    return spec.Finding(**{**given, **more})


@pytest.fixture
def engine(monkeypatch):
    """An engine that finds what the test says."""
    said = SimpleNamespace(findings=[])
    monkeypatch.setattr(actions.runner, "run", lambda *_a, **_k: iter(said.findings))
    return said


def test_thousands_of_findings_cost_as_few_queries_as_some(engine):
    make_cast()
    numbers = []
    for count in (20, 400):
        engine.findings = [finding(f"{count}-{n}") for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as told:
            look(count)
        numbers.append(len(told))
        assert Warning.objects.open().count() == count  # the others closed
    engine.findings = [finding(f"400-{n}", message="变了", level="red") for n in range(400)]
    with CaptureQueriesContext(connection) as told:
        look(401)
    assert len(told) - numbers[1] < 60  # updates go in batches of the database's size
    assert numbers[1] - numbers[0] < 60
    assert Entry.objects.filter(verb="run.recorded").count() == 3
    assert WarningEvent.objects.filter(kind="risen").count() == 400


def test_the_first_look_makes_stock_and_what_comes_later_has_a_clock(engine):
    make_cast()
    sent = []
    hooks.warnings_changed.connect(receiver := lambda events, now: sent.append(len(events)))
    try:
        engine.findings = [finding("A", level="red")]
        look()
        engine.findings = [finding("A", level="red"), finding("B", level="red")]
        look(1)
        engine.findings = [finding("A", level="red"), finding("B", level="red"), finding("C", level="yellow")]
        look(2, stock=True)
    finally:
        hooks.warnings_changed.receivers.remove(receiver)
    stock = dict(Warning.objects.values_list("subject_key", "stock"))
    assert stock == {"A": True, "B": False, "C": True}
    due = dict(Warning.objects.values_list("subject_key", "due_date"))
    assert due == {"A": None, "B": date(2026, 6, 18), "C": None}  # five working days after Thursday the 11th
    assert sent == [1, 1, 1]
    assert list(RuleResult.objects.order_by("pk").values_list("first", flat=True)) == [True, False, False]
    assert set(Warning.objects.current().values_list("subject_key", flat=True)) == {"B"}


def test_a_stock_item_that_rises_becomes_current_and_gets_a_clock(engine):
    make_cast()
    engine.findings = [finding("A")]
    look()
    engine.findings = [finding("A", level="red")]
    look(1)
    item = Warning.objects.get()
    assert (item.stock, item.due_date) == (False, date(2026, 6, 18))
    engine.findings = [finding("A", level="yellow")]
    look(2)
    item.refresh_from_db()
    assert (item.level, item.due_date) == ("yellow", date(2026, 6, 18))  # a lower colour gives no more time


def test_where_the_days_off_are_not_known_there_is_no_clock(engine):
    make_cast()
    look(200)  # nothing found: the rule's first look is over
    engine.findings = [finding("A", level="yellow")]
    look(201)
    assert Warning.objects.get().due_date is None  # twenty working days reach into 2027


def test_evidence_is_kept_as_it_was_and_new_rows_are_new_evidence(tmp_path):
    make_cast()
    send(tmp_path, {"key": "A"})
    look()
    send(tmp_path, {"key": "A", "due": "2026-04-10"})
    look(1)
    first, second = Evidence.objects.order_by("pk")
    assert [one.rows[0]["row"]["planned_start"] for one in (first, second)] == ["2026-05-15", "2026-04-10"]
    assert first.rows[0]["file"] == "development_reform.csv"
    assert first.rows[0]["snapshot"] != second.rows[0]["snapshot"]
    assert Warning.objects.get().evidence == second.rows
    version = RuleVersion.objects.get(code="P47")
    assert "planned_start" in version.told["judged"]


def test_a_look_back_changes_no_warning(tmp_path):
    make_cast()
    send(tmp_path, {"key": "A"})
    look()
    row = look(-30)
    assert Warning.objects.get().as_of == NOW.date()
    assert Warning.objects.open().count() == 1
    assert row.results.get().historic


def test_late_data_raise_for_an_earlier_day_and_say_so(tmp_path):
    make_cast()
    send(tmp_path, {"key": "A"})
    look(0, as_of=date(2026, 5, 31), known_at=NOW)
    item = Warning.objects.get()
    assert (item.retroactive, item.since, item.raised_at) == (True, date(2026, 5, 31), NOW)


def test_departments_that_differ_are_both_shown_and_agreement_closes(tmp_path):
    make_cast()
    send(tmp_path, {"key": "A", "started": "2026-05-14"})
    send(tmp_path, {"key": "A", "started": "2026-05-20", "amount": ""}, department="project_owner")
    look()
    item = Warning.objects.get()
    assert (item.rule_code, item.level, item.subject_key, item.section) == ("S03", "yellow", "A", "data")
    assert "2026-05-14" in item.message
    assert "2026-05-20" in item.message
    assert "概算" not in item.message  # one of them does not carry it: no difference
    assert {line["department"] for line in item.evidence} == {"development_reform", "project_owner"}
    send(tmp_path, {"key": "A", "started": "2026-05-14", "amount": ""}, department="project_owner")
    look(1)
    item.refresh_from_db()
    assert item.state == "closed"


def test_one_notice_a_dataset_names_the_rules_and_turns_yellow_after_a_month():
    make_cast()
    look(0, rules=published(codes=["P47", "P54"]))
    item = Warning.objects.get(subject_key="projects")
    assert (item.rule_code, item.level, item.due_date, item.stock) == ("S01", "blue", None, False)
    assert "P47、P54" in item.message
    look(29, rules=published(codes=["P47", "P54"]))
    item.refresh_from_db()
    assert item.level == "blue"
    look(30, rules=published(codes=["P47", "P54"]))
    item.refresh_from_db()
    assert (item.level, Warning.objects.filter(subject_key="projects").count()) == ("yellow", 1)


def test_a_value_missing_for_a_month_is_a_yellow_for_who_owes_it(engine):
    make_cast()
    unknown = finding(
        "A",
        state="insufficient",
        level=None,
        message="",
        evidence=(
            {"dataset": "projects", "department": "development_reform", "row": {"planned_start": None}},
        ),
    )
    engine.findings = [unknown]
    look()
    assert Gap.objects.get().since == NOW.date()
    assert not Warning.objects.exists()
    look(30)
    item = Warning.objects.get()
    assert (item.rule_code, item.level, item.subject_key) == ("S02", "yellow", "projects@development_reform")
    assert item.organisation_code == "development_reform"
    engine.findings = []
    look(31)
    item.refresh_from_db()
    assert (item.state, Gap.objects.count()) == ("closed", 0)


def test_a_rule_in_error_leaves_its_warnings_alone(engine):
    make_cast()
    engine.findings = [finding("A")]
    look()
    engine.findings = [finding(None, state="error", level=None, message="规则没有算完", evidence=())]
    look(1)
    assert Warning.objects.open().count() == 1
    assert RuleResult.objects.latest("pk").held_up == "规则没有算完"
