"""Dates as RULES reads them, in plain Python; nothing here is shared with the product."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day so many months on, clamped to the month's end."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last(month: str) -> date:
    day = first(month)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_back(as_of: date, count: int) -> set[str]:
    """The month of the day and the ones before it, `count` in all."""
    return {month_of(add_months(as_of.replace(day=1), -back)) for back in range(count)}
