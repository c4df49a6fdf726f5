"""The one place that looks at the clock. Actions and rules take `now=` or `as_of=`; only doors (views, commands,
tasks) call these and pass the answer on."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, in China's time zone, to the second."""
    return datetime.now(UTC).astimezone(SHANGHAI).replace(microsecond=0)


def today() -> date:
    """The calendar day in China."""
    return now().date()


def start_of_day(day: date) -> datetime:
    """00:00:00 of the day in China: from here on, what arrived that day is known."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of_day(day: date) -> datetime:
    """The day's last second in China: a run as of a date sees the whole day."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def iso(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS+08:00`, the one way in which we write an instant."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
