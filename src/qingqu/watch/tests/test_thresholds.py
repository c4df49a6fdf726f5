"""A value is proposed with a preview, signed by a second person, and in force from tomorrow."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from qingqu.base.errors import Refusal
from qingqu.exchange.actions import Wish, import_file
from qingqu.ledger.models import Entry
from qingqu.ledger.verify import verify_ledger
from qingqu.orgs.actions import add_person, give_post, system_operator
from qingqu.orgs.models import Division, Organisation
from qingqu.watch.actions import (
    propose_threshold,
    refuse_threshold,
    run_rules,
    sign_threshold,
    withdraw_threshold,
)
from qingqu.watch.models import ThresholdChange, Warning
from qingqu.watch.rules import published
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
HEAD = "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期\n"
ROWS = (
    "A,甲,县教育局,990101001,2026-05-15,2026-12-31\n"  # second month: yellow
    "B,乙,县教育局,990101002,2026-04-15,2026-12-31\n"  # third month: red, yellow at four
    "C,丙,县教育局,990101002,2026-01-15,2026-12-31\n"  # sixth month: red either way
)
TOMORROW = (NOW + timedelta(days=1)).date()


@pytest.fixture
def cast(tmp_path):
    people = make_cast()
    path = tmp_path / "p.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    wish = Wish("projects", "development_reform", path.name, "", NOW)
    import_file(path=path, wish=wish, by=system_operator(), now=NOW)
    office = Organisation.objects.get(code="discipline_commission")
    county = Division.objects.get(code="990101000000")
    second = add_person(
        username="tang", name="唐", password="for-tests-only-2", by=system_operator(), now=NOW
    )
    give_post(person=second, organisation=office, role="approving_leader", division=county,
              valid_from=NOW.date(), by=system_operator(), now=NOW)  # fmt: skip
    return {**people, "tang": second}


def propose(by, value="4", **more):
    given = {
        "rule_code": "P47", "param": "red_months", "value": value, "subject_type": "", "by": by, "now": NOW,
        "division": Division.objects.get(code="990101000000"), "reason": "汛期普遍延期，三个月误报多",
    }  # fmt: skip
    return propose_threshold(**{**given, **more})


def run(cast, day, **more):
    when = NOW + timedelta(days=(day - NOW.date()).days)
    return run_rules(rules=published(as_of=day), as_of=day, known_at=when, by=cast["chen"], now=when, **more)


def test_a_signed_value_counts_from_tomorrow_and_is_part_of_the_runs_identity(cast):
    run(cast, NOW.date())
    change = propose(cast["chen"])
    assert (change.before, change.value, change.state) == ("3", "4", "proposed")
    assert change.preview["counts"] == {
        "new": 0,
        "gone": 0,
        "risen": 0,
        "fallen": 1,
        "same": 2,
        "live": 3,
        "proposed": 3,
    }
    assert change.preview["by_town"]["990101002"]["fallen"] == 1
    before = run(cast, TOMORROW, dry_run=True)
    change = sign_threshold(change=change, by=cast["tang"], now=NOW)
    assert (change.effective_date, change.decided_by) == (TOMORROW, cast["tang"])
    assert {
        rule.code: str(rule.params["red_months"].value)
        for rule in published(as_of=NOW.date())
        if rule.code == "P47"
    } == {"P47": "3"}
    after = run(cast, TOMORROW)
    assert after.identity != before.identity
    assert dict(Warning.objects.filter(rule_code="P47").values_list("subject_key", "level")) == {
        "A": "yellow",
        "B": "yellow",
        "C": "red",
    }
    fallen = Warning.objects.get(subject_key="B").events.get(kind="fallen")
    assert "规则参数有变" in fallen.text
    assert [entry.verb for entry in Entry.objects.filter(log="open")] == ["rule.threshold_signed"]
    assert Entry.objects.filter(verb="rule.threshold_proposed").count() == 1
    assert verify_ledger() == []


def test_the_proposer_does_not_sign_and_a_second_decision_is_out_of_turn(cast):
    change = propose(cast["chen"])
    with pytest.raises(Refusal, match="自己签字"):
        sign_threshold(change=change, by=cast["chen"], now=NOW)
    assert ThresholdChange.objects.get().state == "proposed"
    with pytest.raises(Refusal, match="还没有签字"):
        propose(cast["chen"], value="5")
    with pytest.raises(Refusal, match="理由"):
        refuse_threshold(change=change, note="不", by=cast["tang"], now=NOW)
    refuse_threshold(change=change, note="先看一个月数据", by=cast["tang"], now=NOW)
    with pytest.raises(Refusal, match="已经有了结果"):
        sign_threshold(change=change, by=cast["tang"], now=NOW)
    again = propose(cast["chen"], value="5")
    with pytest.raises(Refusal, match="只有提出"):
        withdraw_threshold(change=again, by=_other_proposer(), now=NOW)
    withdraw_threshold(change=again, by=cast["chen"], now=NOW)
    assert list(ThresholdChange.objects.order_by("pk").values_list("state", flat=True)) == [
        "refused",
        "withdrawn",
    ]


def _other_proposer():
    office, county = (
        Organisation.objects.get(code="discipline_commission"),
        Division.objects.get(code="990101000000"),
    )
    person = add_person(
        username="wuping", name="吴", password="for-tests-only-3", by=system_operator(), now=NOW
    )
    give_post(person=person, organisation=office, role="party_conduct_office", division=county,
              valid_from=NOW.date(), by=system_operator(), now=NOW)  # fmt: skip
    return person


@pytest.mark.parametrize(
    ("value", "words"),
    [("99", "超出允许范围"), ("x", "不是数字"), ("NaN", "超出"), ("3", "没有变化"), ("", "不用恢复")],
)
def test_a_value_that_the_rule_does_not_allow_is_refused_before_anything_is_written(cast, value, words):
    with pytest.raises(Refusal, match=words):
        propose(cast["chen"], value=value)
    assert not ThresholdChange.objects.exists()


def test_a_value_can_be_given_back(cast):
    change = sign_threshold(change=propose(cast["chen"]), by=cast["tang"], now=NOW)
    assert change.state == "signed"
    later = NOW + timedelta(days=10)
    back = propose(cast["chen"], value="", now=later)
    assert (back.before, back.value) == ("4", "")
    sign_threshold(change=back, by=cast["tang"], now=later)
    values = [
        str(published(codes=["P47"], as_of=(NOW + timedelta(days=days)).date())[0].params["red_months"].value)
        for days in (0, 1, 10, 11)
    ]
    assert values == ["3", "4", "4", "3"]


def test_a_town_and_a_kind_can_have_values_of_their_own(cast):
    town = Division.objects.get(code="990101002000")
    change = propose(cast["chen"], value="5", division=town)
    assert change.preview["counts"] == {
        "new": 0,
        "gone": 0,
        "risen": 0,
        "fallen": 1,
        "same": 2,
        "live": 3,
        "proposed": 3,
    }
    sign_threshold(change=change, by=cast["tang"], now=NOW)
    kind = sign_threshold(
        change=propose(cast["chen"], value="12", subject_type="水利"), by=cast["tang"], now=NOW
    )
    assert kind.before == "3"
    rule = published(codes=["P47"], as_of=TOMORROW)[0]
    at = {(scope.place, scope.kind): str(one["red_months"].value) for scope, one in rule.overrides.items()}
    assert at == {("990101002", ""): "5", ("990101002", "水利"): "5", ("", "水利"): "12"}
    run(cast, TOMORROW)
    assert dict(Warning.objects.filter(rule_code="P47").values_list("subject_key", "level")) == {
        "A": "yellow",
        "B": "yellow",
        "C": "red",
    }
    assert Warning.objects.get(subject_key="C").threshold == "5"
    assert Warning.objects.get(subject_key="A").threshold == "3"
    again = propose(cast["chen"], value="", division=town)
    assert (again.before, again.value) == ("5", "")


def test_who_may_not_propose_or_sign_is_refused(cast):
    for name in ("zhou", "mu", "guo", "wu", "fan"):
        with pytest.raises(PermissionDenied):
            propose(cast[name])
    change = propose(cast["chen"])
    for name in ("zhou", "mu", "guo", "wu"):
        with pytest.raises(PermissionDenied):
            sign_threshold(change=change, by=cast[name], now=NOW)
    assert not ThresholdChange.objects.visible_to(cast["wu"]).exists()
    assert ThresholdChange.objects.visible_to(cast["mu"]).get() == change


def test_settings_of_one_run_stand_over_what_is_in_force(cast):
    sign_threshold(change=propose(cast["chen"]), by=cast["tang"], now=NOW)
    rule = published(codes=["P47"], settings=["P47.red_months=6"], as_of=TOMORROW)[0]
    assert str(rule.params["red_months"].value) == "6"
