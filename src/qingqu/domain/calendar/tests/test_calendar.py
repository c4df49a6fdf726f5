"""Working days: the shipped years day by day, counting, and files that cannot be used."""

import copy
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.calendar import Calendar, CalendarError, MissingYear

FILE = Path(__file__).resolve().parents[3] / "packs" / "calendar" / "cn.yml"
DATA = yaml.safe_load(FILE.read_text(encoding="utf-8"))
CN = Calendar.from_mapping(DATA)
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
DAYS = st.dates(date(2023, 7, 15), date(2026, 5, 31))


def every_day() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def test_the_shipped_years_are_2023_to_2026_with_their_sources():
    assert CN.years == (2023, 2024, 2025, 2026)
    assert all(str(number) in CN.year(number).source for number in CN.years)


def test_every_shipped_day_is_as_the_notices_say():
    for day in every_day():
        assert CN.is_working_day(day) == chinese_calendar.is_workday(day), day


def test_holidays_carry_their_names():
    assert CN.holiday(date(2026, 2, 17)) == "春节"
    assert CN.holiday(date(2026, 10, 1)) == "国庆节"
    assert CN.holiday(date(2026, 3, 1)) is None


def test_known_days_around_the_spring_festival():
    assert CN.is_working_day(date(2026, 2, 14))  # a Saturday that works
    assert not CN.is_working_day(date(2026, 2, 16))  # a Monday off
    assert CN.add_working_days(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert CN.working_days_between(date(2026, 2, 14), date(2026, 2, 24)) == 1
    assert CN.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)


@given(DAYS, st.integers(1, 120))
@settings(deadline=None)
def test_adding_and_counting_agree_and_land_on_working_days(day, n):
    later, earlier = CN.add_working_days(day, n), CN.add_working_days(day, -n)
    assert CN.is_working_day(later)
    assert CN.is_working_day(earlier)
    assert earlier < day < later
    assert CN.working_days_between(day, later) == n
    assert CN.working_days_between(later, day) == -n
    assert CN.add_working_days(later, 1) > later
    assert CN.add_working_days(CN.add_working_days(later, 3), -3) == later


@given(DAYS, DAYS, DAYS)
@settings(deadline=None)
def test_counting_is_monotone_and_adds_up(a, b, c):
    assert CN.working_days_between(a, b) + CN.working_days_between(b, c) == CN.working_days_between(a, c)
    if a <= b:
        assert CN.working_days_between(a, b) >= 0
        assert CN.add_working_days(a, 5) <= CN.add_working_days(b, 5)


@given(DAYS, st.integers(0, 400))
@settings(deadline=None)
def test_counting_is_the_same_as_going_day_by_day(a, days):
    b = min(a + timedelta(days=days), LAST)
    walked = [day for n in range((b - a).days + 1) if CN.is_working_day(day := a + timedelta(days=n))]
    assert list(CN.working_days(a, b)) == walked
    assert CN.working_days_between(a, b) == len([day for day in walked if day != a])


def test_a_missing_year_is_said_and_never_guessed():
    for ask in (
        lambda: CN.is_working_day(date(2027, 1, 4)),
        lambda: CN.add_working_days(date(2026, 12, 28), 10),
        lambda: CN.add_working_days(date(2023, 1, 4), -10),
        lambda: CN.working_days_between(date(2026, 12, 1), date(2027, 1, 4)),
        lambda: list(CN.working_days(date(2026, 12, 1), date(2027, 1, 4))),
        lambda: CN.holiday(date(2022, 5, 1)),
    ):
        with pytest.raises(MissingYear, match="年") as refused:
            ask()
        assert refused.value.year in {2022, 2027}
        assert f"{refused.value.year} 年" in str(refused.value)
        assert "packs/calendar/cn.yml" in str(refused.value)


def test_a_gap_between_known_years_is_missing_too():
    data = copy.deepcopy(DATA)
    del data["years"][2025]
    with pytest.raises(MissingYear) as refused:
        Calendar.from_mapping(data).working_days_between(date(2024, 6, 1), date(2026, 6, 1))
    assert refused.value.year == 2025


def test_zero_working_days_is_refused():
    with pytest.raises(ValueError, match="must not be 0"):
        CN.add_working_days(date(2026, 3, 2), 0)


def with_change(change: Callable[[Any], object]) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(DATA)
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(extra=1), "不认识 extra"),
        (lambda d: d.pop("title"), "缺少 title"),
        (lambda d: d.update(years={}), "至少一年"),
        (lambda d: d["years"].update({"2027": d["years"][2026]}), "不是年份"),
        (lambda d: d["years"].update({True: d["years"][2026]}), "不是年份"),
        (lambda d: d["years"][2026].update(weekend=[]), "不认识 weekend"),
        (lambda d: d["years"][2026].update(source=" "), "没有写出处"),
        (lambda d: d["years"][2026].update(holidays={}), "不能空着"),
        (lambda d: d["years"][2026].update(holidays=[date(2026, 1, 1)]), "节日"),
        (lambda d: d["years"][2026]["holidays"].update(元旦=date(2026, 1, 1)), "列表"),
        (lambda d: d["years"][2026]["holidays"].update(元旦=["元旦"]), "不是日期"),
        (
            lambda d: d["years"][2026]["holidays"].update(元旦=[datetime.fromisoformat("2026-01-01")]),
            "不是日期",
        ),
        (lambda d: d["years"][2026]["holidays"].update(元旦=[date(2025, 1, 1)]), "不在 2026 年里"),
        (lambda d: d["years"][2026]["holidays"].update(元旦=[date(2026, 1, 1)] * 2), "写了两次"),
        (lambda d: d["years"][2026]["holidays"].update(中秋节=[date(2026, 10, 1)]), "已在"),
        (lambda d: d["years"][2026]["workdays"].append(date(2026, 3, 2)), "不用补班"),
        (lambda d: d["years"][2026]["workdays"].append(date(2026, 10, 3)), "既放假又上班"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_place(change, said):
    with pytest.raises(CalendarError, match=said):
        Calendar.from_mapping(with_change(change))


@pytest.mark.parametrize("data", [None, [], "2026", 5])
def test_what_is_no_calendar_at_all_is_refused(data):
    with pytest.raises(CalendarError):
        Calendar.from_mapping(data)


def test_days_may_be_written_as_text():
    data = with_change(lambda d: d["years"][2026].update(workdays=["2026-01-04"]))
    assert Calendar.from_mapping(data).is_working_day(date(2026, 1, 4))
