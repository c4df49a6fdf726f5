"""The demo county's calendar: when each department sent its files, counted from the day on which the demo stands."""

from dataclasses import dataclass
from datetime import date, timedelta

DUE_DAY = 5


@dataclass(frozen=True)
class Days:
    """`as_of` and the days on which the files arrived, all before it. A file tells of what happened before its day."""

    as_of: date
    projects_before: date
    projects: date
    tenders: date
    payments: date
    progress_reports: date

    @property
    def told(self) -> date:
        """The last day of which the newest project list can tell."""
        return self.projects - timedelta(days=1)

    @property
    def last(self) -> date:
        """The first day of the last month that the monthly files tell of."""
        return month(self.payments, 1)

    @property
    def told_before(self) -> date:
        """The last day of which the month-old project list can tell."""
        return self.projects_before - timedelta(days=1)


def month(day: date, back: int, at: int = 1) -> date:
    """The `at`-th of the month that lies `back` months before the day's month; `at` = -1: its last day."""
    if at < 0:
        return month(day, back - 1) - timedelta(days=1)
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, at)


def months_counted(first: date, last: date) -> int:
    """Calendar months from the first day's to the last day's, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def deliveries(as_of: date) -> Days:
    """The deliveries before `as_of`: in the first five days of its month or, if those are not over, of the last one.

    Files come on weekdays: a weekend moves the departments to Monday, the owners back to Friday (due day 5)."""
    back = 0 if as_of.day > DUE_DAY else 1
    return Days(
        as_of=as_of,
        projects_before=_monday(month(as_of, back + 1, 3)),
        projects=_monday(month(as_of, back, 3)),
        tenders=_monday(month(as_of, back, 3)),
        payments=_monday(month(as_of, back, 2)),
        progress_reports=_friday(month(as_of, back, DUE_DAY)),
    )


def _monday(day: date) -> date:
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


def _friday(day: date) -> date:
    return day - timedelta(days=(0, 0, 0, 0, 0, 1, 2)[day.weekday()])
