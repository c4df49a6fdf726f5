"""When a dataset is due: pure reckoning from the day of the month in its contract. A month's data are owed by that day
of the month after it."""

from dataclasses import dataclass
from datetime import date, datetime

from qingqu.base.clock import SHANGHAI


@dataclass(frozen=True)
class Duty:
    """What is owed on a day. `due`: the earliest due day that no delivery has settled; `period`: the month that it asks
    for, `YYYY-MM`; `late_days`: days past it (0: still in time); `missed`: due days that have passed."""

    due: date
    period: str
    late_days: int = 0
    missed: int = 0


def months(day: date, by: int) -> date:
    """The first day of the month that lies `by` months after the day's month."""
    number = day.year * 12 + day.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def month_of(period: str) -> date:
    """`2026-10` → 2026-10-01."""
    return date(int(period[:4]), int(period[5:7]), 1)


def local(moment: datetime) -> date:
    """An instant's day in China."""
    return moment.astimezone(SHANGHAI).date()


def settled_month(delivered: date, period: str) -> date:
    """The month (its first day) whose due day a delivery settles: that in which it came or, if it says that it is for
    a later month, the one after that."""
    own = months(delivered, 0)
    return max(own, months(month_of(period), 1)) if period else own


def duty(day: int, settled: date | None, since: date, today: date) -> Duty:
    """What is owed today. `day`: of the month; `settled`: `settled_month` of the newest delivery (None: there is none);
    `since`: the day from which the platform has been in use, which is all that one can owe from without a delivery."""
    if settled is not None:
        open_due = months(settled, 1).replace(day=day)
    else:
        open_due = since.replace(day=day)
        if open_due < since:
            open_due = months(since, 1).replace(day=day)
    period = f"{months(open_due, -1):%Y-%m}"
    if open_due >= today:
        return Duty(open_due, period)
    passed = (today.year - open_due.year) * 12 + today.month - open_due.month + (today.day > day)
    return Duty(open_due, period, (today - open_due).days, passed)
