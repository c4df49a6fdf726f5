"""Working days and deadlines. The days off come from `packs/calendar/cn.yml`; a year that is not there is never guessed."""

from qingqu.domain.calendar.calendar import Calendar, CalendarError, MissingYear, Year
from qingqu.domain.calendar.deadline import UNITS, Deadline, Unit, due, remaining

__all__ = [
    "UNITS",
    "Calendar",
    "CalendarError",
    "Deadline",
    "MissingYear",
    "Unit",
    "Year",
    "due",
    "remaining",
]
