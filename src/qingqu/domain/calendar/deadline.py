"""When something is due, by the Civil Code's articles 201 to 203.

- 201: counting by days, months or years leaves out the day on which it begins.
- 202: a month ends on the day of the same number; where a month has no such day, on its last.
- 203: an end that falls on a day off moves to the day after the days off, that is the next working day.

日 is not 工作日: which of the two (or month) a rule means is always said, never assumed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from qingqu.domain.calendar.calendar import Calendar

Unit = Literal["calendar_day", "working_day", "month"]
UNITS: tuple[Unit, ...] = get_args(Unit)
# A century of days: longer is a slip of the pen, and would run past the calendar of any computer.
LONGEST = 36_525


@dataclass(frozen=True)
class Deadline:
    """`length` units from `start`, the start day not counted. Raises ValueError for another unit or length."""

    start: date
    length: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"unit {self.unit!r} is none of {', '.join(UNITS)}")
        if not 1 <= self.length <= LONGEST:
            raise ValueError(f"length {self.length} must be from 1 to {LONGEST}")

    @property
    def last_day(self) -> date:
        """The day counted to, before it moves past days off; only for calendar days and months."""
        if self.unit == "calendar_day":
            return self.start + timedelta(days=self.length)
        if self.unit == "month":
            return _months_on(self.start, self.length)
        raise ValueError("working days need a calendar: use due")

    def due(self, calendar: Calendar) -> date:
        """The last day on which it is still in time; always a working day. MissingYear if the calendar ends before."""
        if self.unit == "working_day":
            return calendar.add_working_days(self.start, self.length)
        return calendar.next_working_day(self.last_day)


def due(start: date, length: int, unit: Unit, *, calendar: Calendar) -> date:
    """The last day in time of a period that begins with `start`."""
    return Deadline(start, length, unit).due(calendar)


def remaining(due: date, today: date, *, calendar: Calendar) -> int:
    """Working days left: 0 on the due day, negative when overdue (by that many working days).

    Overdue since a weekend only, it is still 0: no working day was lost. Ask `today > due` for lateness itself."""
    return calendar.working_days_between(today, due)


def _months_on(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
