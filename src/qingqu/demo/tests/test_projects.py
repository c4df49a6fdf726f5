"""What the county's projects show, on any day: the stated irregularities and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qingqu.demo.days import Days, deliveries, month, months_counted
from qingqu.demo.irregularities import CASES, project_cases
from qingqu.demo.projects import Project, projects
from qingqu.demo.works import works

SEED = 7
ANY_DAY = st.dates(date(2024, 1, 1), date(2031, 12, 31))


def lit(one: Project, as_of: date) -> str | None:
    """P47 in plain Python: planned before the day, neither started nor excused; red from the third counted month."""
    if one.planned_start >= as_of or one.started or one.reason:
        return None
    return "red" if months_counted(one.planned_start, as_of) >= 3 else "yellow"


def newest(known: Days, count: int = 260) -> list[Project]:
    return [one.known(known.told) for one in projects(known, count=count, seed=SEED)]


@settings(deadline=None, max_examples=40)
@given(ANY_DAY)
@example(date(2026, 6, 10))
@example(date(2026, 1, 1))
@example(date(2028, 2, 29))
@example(date(2026, 3, 5))
@example(date(2026, 3, 6))
def test_on_any_day_the_list_shows_the_stated_irregularities_and_nothing_else(as_of):
    shown = {(one.project_id, lit(one, as_of)) for one in newest(deliveries(as_of)) if lit(one, as_of)}
    assert shown == {(item.subject_key, item.level) for item in project_cases(as_of)}


@settings(deadline=None, max_examples=25)
@given(ANY_DAY)
def test_every_fact_lies_before_its_file_and_in_its_order(as_of):
    known = deliveries(as_of)
    for one in newest(known):
        assert one.approved < one.planned_start < one.planned_finish
        assert one.approved <= known.told
        facts = [one.approved, one.started, one.finished, one.accepted, known.told]
        assert sorted(day for day in facts if day) == [day for day in facts if day]
        assert one.statistics is None or one.started < one.statistics <= known.told
        if tender := one.tender:
            assert one.approved <= tender.published < tender.deadline
            assert tender.awarded is None or tender.deadline <= tender.awarded < (
                one.started or one.planned_start
            )
            assert tender.award < tender.control < one.amount


@settings(deadline=None, max_examples=25)
@given(ANY_DAY)
@example(date(2026, 6, 6))
def test_the_noise_is_clean_for_the_project_rules_to_come(as_of):
    known = deliveries(as_of)
    last_month = month(as_of, 1)
    for one in newest(known):
        paid, reports = works(one, known, SEED)
        assert one.planned_finish >= as_of or one.finished, "overdue and not finished"
        assert all(report.planned - report.physical < 10 for report in reports)
        assert [report.physical for report in reports] == sorted(report.physical for report in reports)
        assert sum(pay.amount for pay in paid) <= one.amount
        assert not reports or reports[-1].physical < 30 or paid
        running = (
            one.started
            and one.started < month(as_of, 0)
            and (one.finished is None or one.finished >= last_month)
        )
        if running and as_of.day > 5:
            assert any(report.month == last_month for report in reports), "last month's report is missing"
        if one.planned_start <= as_of + timedelta(days=60) and one.planned_start > as_of:
            assert one.tender
            assert one.tender.published < known.tenders


@settings(deadline=None, max_examples=25)
@given(ANY_DAY)
def test_payments_and_reports_agree(as_of):
    known = deliveries(as_of)
    for one in newest(known, count=80):
        paid, reports = works(one, known, SEED)
        assert all(pay.amount > 0 and one.started <= pay.paid < known.payments for pay in paid)
        assert bool(paid) <= bool(one.started)
        assert len({report.month for report in reports}) == len(reports)
        for report in reports:
            following = month(report.month, -1)
            assert following <= report.reported <= known.progress_reports
            assert report.paid == sum(pay.amount for pay in paid if pay.paid < following)
            if one.tender and one.accepted is None and report.paid:
                assert report.paid * 100 <= one.tender.award * max(report.physical, 10)


@settings(deadline=None, max_examples=200)
@given(ANY_DAY)
def test_files_arrive_on_weekdays_before_the_day_and_by_the_fifth(as_of):
    known = deliveries(as_of)
    arrived = (known.projects_before, known.projects, known.tenders, known.payments, known.progress_reports)
    assert all(day.weekday() < 5 and day.day <= 5 and day < as_of for day in arrived)
    assert months_counted(known.projects_before, known.projects) == 2
    assert (as_of - known.projects).days <= 34


def test_the_hospital_was_planned_for_the_first_of_the_month_three_months_ago():
    hospital = newest(deliveries(date(2026, 6, 10)))[0]
    assert (hospital.name, hospital.planned_start) == ("县人民医院门诊楼", date(2026, 3, 1))
    assert hospital.tender is None
    assert hospital.started is None


def test_a_late_reason_stands_only_in_the_newest_list():
    known = deliveries(date(2026, 6, 10))
    place = next(number for number, case in enumerate(CASES) if case.late_reason)
    one = projects(known, count=len(CASES), seed=SEED)[place]
    assert one.known(known.told_before).reason == ""
    assert one.known(known.told).reason


def test_a_namesake_in_another_town_stays_silent():
    names = [(case.name, case.level) for case in CASES]
    twin, light = next((name, level) for name, level in names if level and (name, None) in names)
    towns = {case.town for case in CASES if case.name == twin}
    assert light == "yellow"
    assert len(towns) == 2


def test_one_project_more_changes_no_other():
    known = deliveries(date(2026, 6, 10))
    fewer, more = projects(known, count=100, seed=SEED), projects(known, count=101, seed=SEED)
    assert more[:100] == fewer
    assert projects(known, count=100, seed=SEED + 1)[len(CASES) :] != fewer[len(CASES) :]


@pytest.mark.parametrize("count", [260, 866])
def test_codes_are_unique_and_so_are_names_within_a_town(count):
    made = projects(deliveries(date(2026, 6, 10)), count=count, seed=SEED)
    assert len({one.project_id for one in made}) == count
    assert len({(one.town, one.name) for one in made}) == count


def test_three_years_of_history_in_every_state():
    known = deliveries(date(2026, 6, 10))
    made = newest(known)
    assert min(one.planned_start for one in made) < known.as_of - timedelta(days=2 * 365)
    for state in ("started", "finished", "accepted", "statistics", "reason"):
        assert 5 < sum(bool(getattr(one, state)) for one in made) < len(made)
    assert sum(one.planned_start > known.as_of for one in made) > 20
    assert len({one.owner for one in made}) > 8
