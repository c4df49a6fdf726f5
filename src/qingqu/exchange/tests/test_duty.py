"""When a dataset is due, and since when it is owed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.exchange.duty import Duty, duty, months, settled_month

SINCE = date(2026, 1, 20)


def at(today: str, settled: str | None = None, day: int = 5, since: date = SINCE) -> Duty:
    return duty(day, date.fromisoformat(settled) if settled else None, since, date.fromisoformat(today))


def test_a_month_is_owed_by_the_day_of_the_month_after_it():
    assert at("2026-06-03", "2026-05-01") == Duty(date(2026, 6, 5), "2026-05")
    assert at("2026-06-05", "2026-05-01") == Duty(date(2026, 6, 5), "2026-05")
    assert at("2026-06-06", "2026-05-01") == Duty(date(2026, 6, 5), "2026-05", 1, 1)
    assert at("2026-06-20", "2026-06-01") == Duty(date(2026, 7, 5), "2026-06")


def test_months_that_were_missed_are_counted_from_the_first():
    assert at("2026-09-06", "2026-06-01") == Duty(date(2026, 7, 5), "2026-06", 63, 3)
    assert at("2026-09-05", "2026-06-01").missed == 2


def test_who_never_sent_owes_from_the_first_due_day_after_the_platform_began():
    assert at("2026-02-03") == Duty(date(2026, 2, 5), "2026-01")
    assert at("2026-03-06") == Duty(date(2026, 2, 5), "2026-01", 29, 2)


@pytest.mark.parametrize(
    ("delivered", "period", "settled"),
    [("2026-06-03", "", "2026-06-01"), ("2026-05-30", "2026-05", "2026-06-01"), ("2026-06-03", "2026-03", "2026-06-01"),
     ("2026-12-28", "2026-12", "2027-01-01")],
)  # fmt: skip
def test_a_delivery_settles_its_own_month_or_the_one_that_it_is_for(delivered, period, settled):
    assert settled_month(date.fromisoformat(delivered), period) == date.fromisoformat(settled)


@given(st.integers(1, 28), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-40, 5))
def test_lateness_is_counted_from_the_due_day_and_never_before_it(day, today, back):
    settled = months(today, back)
    told = duty(day, settled, SINCE, today)
    assert told.due == months(settled, 1).replace(day=day)
    assert told.late_days == max((today - told.due).days, 0)
    assert (told.missed > 0) == (today > told.due)
    assert told.missed == sum(months(settled, n).replace(day=day) < today for n in range(1, 60))
