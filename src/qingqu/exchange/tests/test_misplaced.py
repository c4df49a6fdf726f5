"""Another month's file, another area's, another owner's, somebody else's copy: one sentence before anything is stored."""

import pytest

from qingqu.base.errors import Refusal
from qingqu.exchange.actions import import_file, preview_import, receive_file
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.tests.helpers import wish
from qingqu.orgs.models import Organisation

PAID = "支付流水号,支付金额,支付日期,项目代码"
MAY = "P-{n},100,2026-05-{n:02},A-1"
PROJECT = "A-1,通村路,交通局,{place},2026-01-05,1200000,2026-03-01,2026-12-31,"
REPORTS = "项目代码,填报月份,填报时间,形象进度"


@pytest.fixture
def sent(cast, projects, now):
    def send(*lines, head=None, name="表.csv", **more):
        path = projects(*lines, name=name, **({"head": head} if head else {}))
        return import_file(path=path, wish=wish(path, **more), by=cast.operator, now=now)

    return send


def pay(sent, *lines, **more):
    return sent(*lines, head=PAID, dataset="payments", department="finance", **more)


def test_a_file_of_another_month_is_refused_with_a_row_as_example(sent):
    with pytest.raises(Refusal, match=r"表\.csv：.*所选月份是 2026-04.*2 行.*第 2 行 C 列：2026-05-01"):
        pay(sent, MAY.format(n=1), MAY.format(n=2), period="2026-04")
    assert not Import.objects.exists()
    assert not Snapshot.objects.exists()


def test_a_late_row_of_the_month_before_is_said_and_taken(sent):
    result = pay(sent, MAY.format(n=1), "P-9,100,2026-04-30,A-1", period="2026-05")
    assert result["inserted"] == 2
    assert any(
        "有 1 行的“支付日期”不在 2026-05（如第 3 行 C 列：2026-04-30）" in note for note in result["notes"]
    )
    assert not any("不在 2026-05" in note for note in pay(sent, MAY.format(n=3), period="2026-05")["notes"])


def test_of_several_dates_one_in_the_month_is_enough(sent):
    head = "招标编号,招标方式,公告发布日期,中标日期"
    result = sent(
        "T-1,公开招标,2026-02-01,2026-05-20", head=head, dataset="tenders", department="public_resource_trading",
        period="2026-05",
    )  # fmt: skip
    assert not any("不在 2026-05" in note for note in result["notes"])


def test_the_month_of_the_key_decides_and_not_the_day_of_the_report(sent):
    row = "A-1,2026-05,2026-06-03,10"
    more = {"head": REPORTS, "dataset": "progress_reports", "department": "project_owner"}
    assert sent(row, period="2026-05", **more)["inserted"] == 1
    with pytest.raises(Refusal, match="填报月份"):
        sent(row, period="2026-06", **more)


def test_a_roster_tells_of_no_month(sent):
    assert sent(PROJECT.format(place="990101003000"), period="2026-05")["inserted"] == 1


def test_a_month_that_has_not_begun_is_refused(sent):
    with pytest.raises(Refusal, match="还没有到"):
        pay(sent, MAY.format(n=1), period="2026-07")


def test_what_happened_after_it_was_told_is_said(sent):
    result = pay(sent, "P-1,100,2027-05-01,A-1")
    assert any(
        "有 1 行的“支付日期”在报送日之后（如第 2 行 C 列：2027-05-01）" in note for note in result["notes"]
    )


def test_a_file_of_another_county_is_refused_when_its_codes_are_known(sent):
    with pytest.raises(Refusal, match=r"没有一个在明山县（如第 2 行 D 列：990102000000）"):
        sent(PROJECT.format(place="990102000000"))


def test_codes_that_nobody_has_loaded_are_taken_and_said(sent):
    result = sent(PROJECT.format(place="350322105210"))
    assert (result["inserted"], result["unmatched_divisions"]) == (1, 1)
    assert any("不在明山县" in note for note in result["notes"])


def test_one_stray_row_is_said(sent):
    result = sent(
        PROJECT.format(place="990101003000"), PROJECT.format(place="990102000000").replace("A-1", "A-2")
    )
    assert result["inserted"] == 2
    assert any(note.startswith("有 1 行的“行政区划代码”不在明山县") for note in result["notes"])


def test_another_owners_projects_are_refused_only_by_credit_code(sent, cast, projects, now):
    school = Organisation.objects.get(code="middle_school")
    school.credit_code = "12990101000000019T"
    school.save()
    head = "项目代码,项目名称,建设单位,业主单位信用代码,行政区划代码,计划开工时间,计划竣工时间"
    sent(
        "H-1,门诊楼,县医院,91990101000000019M,990101000000,2026-01-01,2026-12-31",
        "H-2,停车场,县医院,,990101000000,2026-01-01,2026-12-31", head=head,
    )  # fmt: skip

    def report(*lines):
        path = projects(*lines, head=REPORTS)
        given = wish(path, "progress_reports", "project_owner", organisation="middle_school")
        row = receive_file(chunks=[path.read_bytes()], wish=given, by=cast.school, now=now)
        return preview_import(ref=row.ref, now=now)

    refused = report("H-1,2026-05,2026-06-03,10")
    assert refused.state == "failed"
    assert "都不是单位3的（如第 2 行 A 列：H-1）" in refused.failure
    taken = report("H-2,2026-05,2026-06-03,10")
    assert taken.state == "previewed"
    assert any("有 1 个项目按项目库不是单位3的" in note for note in taken.notes)


def test_somebody_elses_very_file_is_refused_and_ones_own_is_not(sent, cast, projects, now):
    sent(PROJECT.format(place="990101003000"))
    assert sent(PROJECT.format(place="990101003000"))["unchanged"] == 1
    with pytest.raises(Refusal, match=r"与单位0报送的 I-2026-0001 完全相同"):
        sent(PROJECT.format(place="990101003000"), department="project_owner")
    path = projects(PROJECT.format(place="990101003000"))
    given = wish(path, department="project_owner", organisation="middle_school")
    row = receive_file(chunks=[path.read_bytes()], wish=given, by=cast.school, now=now)
    assert "完全相同" in preview_import(ref=row.ref, now=now).failure
