"""Who owes what since when, how old and how full it is; each sees what is theirs."""

import re
from datetime import date

import pytest
from django.urls import reverse

from qingqu.exchange import catalogue, quality
from qingqu.exchange.actions import (
    commit_import,
    import_file,
    preview_import,
    receive_file,
    senders,
    withdraw_import,
)
from qingqu.exchange.contracts import load, names
from qingqu.exchange.freshness import Standing, standings, working_days
from qingqu.exchange.freshness import calendar as days_off
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.tests.helpers import at, wish
from qingqu.orgs import access
from qingqu.orgs.models import Organisation

TODAY = date(2026, 6, 10)
PAID = "支付流水号,支付金额,支付日期,项目代码"
PROJECTS = "项目代码,项目名称,建设单位,业主单位信用代码,行政区划代码,计划开工时间,计划竣工时间,实际开工时间"
REPORTS = "项目代码,填报月份,填报时间,形象进度"


@pytest.fixture
def sent(cast, projects, now):
    def send(*lines, head, known=None, **more):
        path = projects(*lines, head=head)
        given = wish(path, known_at=at(known) if known else None, **more)
        return import_file(path=path, wish=given, by=cast.operator, now=now)

    return send


def pay(sent, *lines, **more):
    return sent(*lines, head=PAID, dataset="payments", department="finance", **more)


def standing(dataset: str, department: str, organisation: str = "", **more) -> Standing:
    found = standings([load(name) for name in names()], TODAY, **more)
    return next(
        one for one in found
        if (one.contract.dataset, one.sender.department, one.sender.organisation) == (dataset, department, organisation)
    )  # fmt: skip


def test_a_department_that_sent_in_april_owes_two_months_since_may(sent):
    pay(sent, "P-1,100,2026-04-02,A-1", "P-2,5,2026-04-03,", known="2026-04-10")
    one = standing("payments", "finance")
    assert one.duty is not None
    assert (one.duty.due, one.duty.missed, one.duty.late_days, one.late) == (date(2026, 5, 5), 2, 36, True)
    assert (one.data_as_of, one.age, one.sender.name) == (date(2026, 4, 3), 68, "单位1")
    assert one.stale == (load("payments").max_age_days < 68)
    assert one.quality is not None
    assert (one.quality.rows, one.quality.percent("project_id"), one.quality.percent("amount")) == (
        2,
        "50",
        "100",
    )
    assert [percent for _, percent in one.emptiest] == ["0", "0", "0"]  # columns that the file does not have


def test_a_file_for_a_month_makes_the_data_as_old_as_that_months_end(sent):
    pay(sent, "P-1,100,2026-05-02,A-1", period="2026-05")
    one = standing("payments", "finance")
    assert (one.data_as_of, one.late) == (date(2026, 5, 31), False)
    assert one.duty is not None
    assert one.duty.period == "2026-06"


def test_a_delivery_without_a_change_counts_as_sent_and_a_withdrawn_one_does_not(sent, cast, projects, now):
    pay(sent, "P-1,100,2026-04-02,A-1", known="2026-04-10")
    assert pay(sent, "P-1,100,2026-04-02,A-1")["unchanged"] == 1
    assert not standing("payments", "finance").late
    assert Snapshot.objects.count() == 1
    row = Import.objects.order_by("-pk").first()
    assert row is not None
    withdraw_import(row=row, by=cast.finance, now=now)
    assert standing("payments", "finance").late


def test_who_never_sent_is_named_from_the_first_due_day(sent):
    pay(sent, "P-1,100,2026-04-02,A-1", known="2026-04-10")
    one = standing("tenders", "public_resource_trading")
    assert one.delivery is None
    assert one.duty is not None
    assert (one.duty.due, one.late, one.age, one.stale, one.quality) == (
        date(2026, 5, 5),
        True,
        None,
        None,
        None,
    )


def test_wrong_rows_of_the_last_half_year_are_told_as_a_share(sent):
    pay(sent, "P-1,100,2026-06-02,A-1", "P-2,一百,2026-06-02,A-1", "P-3,7,2026-06-02,", accept_good=True)
    assert standing("payments", "finance").wrong == "33.3"


@pytest.fixture
def owners(sent):
    """Two running projects of the hospital and one that has not begun; one of the school."""
    Organisation.objects.filter(code="public_hospital").update(credit_code="12990101000000019T")
    sent(
        "H-1,门诊楼,县医院,12990101000000019T,990101000000,2026-01-01,2026-12-31,2026-02-03",
        "H-2,停车场,县医院,12990101000000019T,990101000000,2026-01-01,2026-12-31,2026-02-03",
        "H-3,宿舍,县医院,12990101000000019T,990101000000,2026-01-01,2026-12-31,",
        "S-1,教学楼,单位3,,990101000000,2026-01-01,2026-12-31,2026-02-03", head=PROJECTS, known="2026-04-10",
    )  # fmt: skip


def report(sent, *lines, **more):
    return sent(*lines, head=REPORTS, dataset="progress_reports", department="project_owner", **more)


def test_each_owner_owes_a_row_for_each_running_project(sent, owners):
    report(sent, "H-1,2026-04,2026-05-04,10", "S-1,2026-04,2026-05-04,10", known="2026-05-05")
    hospital = standing("progress_reports", "project_owner", "public_hospital")
    assert (hospital.expected, hospital.reported, hospital.late) == (2, 1, True)  # of April's two
    school = standing("progress_reports", "project_owner", "middle_school")
    assert school.covered == "2026-04"
    assert school.duty is not None
    assert (school.duty.due, school.duty.period, school.late) == (date(2026, 6, 5), "2026-05", True)
    report(sent, "H-1,2026-05,2026-06-04,10", "H-2,2026-05,2026-06-04,10", "S-1,2026-05,2026-06-04,10")
    assert not standing("progress_reports", "project_owner", "public_hospital").late
    assert not standing("progress_reports", "project_owner", "").sender.owes


def test_an_owner_who_has_nothing_to_send_owes_nothing(cast, owners):
    mine = senders(cast.hospital, [load("settlements")])
    held = standings(
        [load("settlements")], TODAY, reach=access.reach(cast.hospital, "exchange.see"), own=mine
    )
    assert [(one.sender.organisation, one.sender.owes, one.late) for one in held] == [
        ("public_hospital", False, False)
    ]


def test_each_sees_what_is_theirs(client, sent, cast, owners):
    pay(sent, "P-1,100,2026-04-02,A-1", known="2026-04-10")
    address = reverse("exchange-freshness")
    seen = {}
    for name in ("reform", "hospital", "inspector", "township", "outsider"):
        client.force_login(getattr(cast, name))
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        seen[name] = ("资金拨付" in text, "进度月报" in text, "项目库" in text)
    assert seen == {
        "reform": (False, False, True), "hospital": (False, True, True), "inspector": (True, True, True),
        "township": (False, False, False), "outsider": (False, False, False),
    }  # fmt: skip
    client.force_login(cast.powerless)
    assert client.get(address).status_code == 403


def test_the_page_names_who_owes_what_since_when_and_filters(client, sent, cast):
    pay(sent, "P-1,100,2026-04-02,A-1", known="2026-04-10")
    client.force_login(cast.inspector)
    page = client.get(reverse("exchange-freshness"), {"show": "late"}).content.decode()
    assert re.search(r"欠 \d+ 期，自 2026-05-05 起（2026-04 的数据）", page)
    assert "从未报送；首个应报日是 2026-05-05" in page
    told = client.get(reverse("exchange-freshness"), {"show": "never"}).content.decode()
    assert "资金拨付" not in told
    assert "从未报送；首个应报日是 2026-05-05" in told


def test_the_pages_keep_their_number_of_queries(client, sent, cast, owners, django_assert_max_num_queries):
    for day in range(1, 6):
        pay(sent, f"P-{day},100,2026-04-0{day},A-1", known=f"2026-04-1{day}")
    client.force_login(cast.inspector)
    client.get(reverse("exchange-freshness"))
    with django_assert_max_num_queries(20):
        client.get(reverse("exchange-freshness"))
    with django_assert_max_num_queries(20):
        client.get(reverse("exchange-history"))
    client.force_login(cast.hospital)
    with django_assert_max_num_queries(20):
        client.get(reverse("exchange-centre"))


def test_a_clerk_finds_the_file_that_waits_for_them_in_place_of_the_upload(client, cast, projects, now):
    path = projects("P-1,100,2026-06-02,A-1", head=PAID)
    row = receive_file(
        chunks=[path.read_bytes()], wish=wish(path, "payments", "finance"), by=cast.finance, now=now
    )
    row = preview_import(ref=row.ref, now=now)
    client.force_login(cast.finance)
    page = client.get(reverse("exchange-centre")).content.decode()
    assert "等您提交" in page
    assert reverse("exchange-import", args=[row.ref]) in page
    assert reverse("exchange-upload", args=["payments"]) not in page
    commit_import(row=row, by=cast.finance, now=now)
    assert (
        reverse("exchange-upload", args=["payments"])
        in client.get(reverse("exchange-centre")).content.decode()
    )


def test_the_catalogue_tells_contract_freshness_and_quality_without_a_float(sent):
    pay(sent, "P-1,100,2026-04-02,A-1", "P-2,5,2026-04-03,", known="2026-04-10")
    contract = load("payments")
    told = catalogue.told(contract, standings([contract], TODAY), Snapshot.objects.get())
    assert told["freshness"]["data_as_of"] == "2026-04-03"
    assert (told["freshness"]["age_days"], told["freshness"]["late"]) == (68, True)
    assert told["freshness"]["senders"][0]["due_date"] == "2026-05-05"
    assert (told["quality"]["rows"], told["quality"]["filled"]["project_id"]) == (2, "50")
    empty = catalogue.told(load("tenders"), [], None)
    assert (empty["freshness"]["fresh"], empty["quality"]["filled"]["tender_id"]) == (None, None)

    def floats(value):
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not floats(told)


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(0, 0, None), (1, 2, "50"), (999_999, 1_000_000, "99.9"), (1, 1_000_000, "0.1"), (2, 3, "66.7"), (3, 3, "100")]
)  # fmt: skip
def test_a_share_is_never_rounded_to_all_or_nothing(part, whole, told):
    assert quality.share(part, whole) == told


def test_a_year_whose_swapped_days_nobody_knows_is_said_to_be_unsure():
    assert working_days(date(2026, 11, 30), date(2026, 11, 27), days_off()) == (1, True)
    left, sure = working_days(date(2031, 3, 5), date(2031, 3, 3), days_off())
    assert (left, sure) == (2, False)
