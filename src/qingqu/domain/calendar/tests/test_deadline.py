"""Deadlines by the Civil Code's articles 201 to 203."""

from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.calendar import UNITS, Deadline, Unit, due, remaining
from qingqu.domain.calendar.tests.test_calendar import CN

STARTS = st.dates(date(2023, 1, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("start", "length", "unit", "end"),
    [
        # The start day is not counted; the last day, a Monday, works.
        (date(2026, 3, 2), 7, "calendar_day", date(2026, 3, 9)),
        # Ends on a Saturday: moves to Monday.
        (date(2026, 3, 2), 5, "calendar_day", date(2026, 3, 9)),
        # Ends on a Saturday that works: stays.
        (date(2026, 2, 26), 2, "calendar_day", date(2026, 2, 28)),
        # Ends inside the National Day week: moves past all of it.
        (date(2026, 9, 1), 30, "calendar_day", date(2026, 10, 8)),
        # Working days jump over the Spring Festival and count the make-up Saturday.
        (date(2026, 2, 12), 3, "working_day", date(2026, 2, 24)),
        # A month ends on the matching date, or on the month's last day.
        (date(2026, 3, 10), 1, "month", date(2026, 4, 10)),
        (date(2025, 12, 31), 2, "month", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "month", date(2024, 2, 29)),
        (date(2025, 11, 15), 3, "month", date(2026, 2, 24)),
        (date(2023, 11, 30), 12, "month", date(2024, 12, 2)),
    ],
)
def test_a_period_ends_as_the_code_says(start, length, unit, end):
    assert due(start, length, unit, calendar=CN) == end


@given(STARTS, st.integers(1, 90), st.sampled_from(UNITS))
@settings(deadline=None)
def test_a_due_day_is_a_working_day_after_the_start_and_never_earlier_for_a_longer_period(
    start, length, unit
):
    length = length if unit != "month" else 1 + length % 8
    end = due(start, length, unit, calendar=CN)
    assert end > start
    assert CN.is_working_day(end)
    assert due(start, length + 1, unit, calendar=CN) >= end
    assert due(start + timedelta(days=1), length, unit, calendar=CN) >= end


@given(STARTS, st.integers(1, 60))
@settings(deadline=None)
def test_working_days_remain_as_they_were_given(start, length):
    end = due(start, length, "working_day", calendar=CN)
    assert remaining(end, start, calendar=CN) == length
    assert remaining(end, end, calendar=CN) == 0
    assert remaining(end, CN.add_working_days(end, 4), calendar=CN) == -4


def test_a_weekend_after_the_due_day_loses_no_working_day():
    friday = date(2026, 3, 6)
    assert remaining(friday, date(2026, 3, 8), calendar=CN) == 0
    assert remaining(friday, date(2026, 3, 9), calendar=CN) == -1


def test_the_day_counted_to_is_kept_apart_from_the_day_it_moves_to():
    deadline = Deadline(date(2026, 3, 2), 5, "calendar_day")
    assert deadline.last_day == date(2026, 3, 7)
    assert deadline.due(CN) == date(2026, 3, 9)
    with pytest.raises(ValueError, match="calendar"):
        _ = Deadline(date(2026, 3, 2), 5, "working_day").last_day


@pytest.mark.parametrize("length", [0, -1, 36_526])
def test_a_length_that_is_none_is_refused(length):
    with pytest.raises(ValueError, match="length"):
        Deadline(date(2026, 3, 2), length, "month")


def test_a_unit_that_is_not_one_of_the_three_is_refused():
    with pytest.raises(ValueError, match="unit"):
        Deadline(date(2026, 3, 2), 5, cast(Unit, "year"))
