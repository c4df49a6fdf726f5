"""The working days of years whose days off are known."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

SATURDAY = 5


class CalendarError(ValueError):
    """A calendar file that cannot be used; says in Chinese which place and what to do."""


class MissingYear(LookupError):  # noqa: N818 - an answer: nobody knows these days off yet
    """A day was asked for in a year whose days off are not known. `year`; the text says in Chinese what to do."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"放假日历里没有 {year} 年，无法推算工作日；请按国务院办公厅关于 {year} 年节假日安排的通知，"
            f"在 packs/calendar/cn.yml 里补上 {year} 年后重试。"
        )
        self.year = year


@dataclass(frozen=True)
class Year:
    """One year's notice. `holidays`: day → name of every day off that it names; `workdays`: weekend days that work;
    `source`: where this was read."""

    number: int
    source: str
    holidays: Mapping[date, str]
    workdays: frozenset[date]

    @cached_property
    def working(self) -> tuple[date, ...]:
        """Every working day of the year, in order."""
        first = date(self.number, 1, 1)
        days = (first + timedelta(days=n) for n in range((date(self.number + 1, 1, 1) - first).days))
        return tuple(day for day in days if self._works(day))

    def _works(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)


@dataclass(frozen=True)
class Calendar:
    """Working days of the years it holds (which may leave gaps); any other year raises MissingYear.

    Counting follows the Civil Code's article 201: the day from which one counts is not counted itself."""

    by_year: Mapping[int, Year]

    @classmethod
    def from_mapping(cls, data: object) -> "Calendar":
        """A calendar from the parsed file; raises CalendarError on anything unknown, doubled or impossible."""
        top = _fields(data, {"calendar", "title", "years"}, "日历")
        years = top["years"]
        if not isinstance(years, Mapping) or not years:
            raise CalendarError("日历 years：应为“年份: 安排”，至少一年；请补上。")
        return cls(MappingProxyType({number: _year(number, item) for number, item in years.items()}))

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are known, in order."""
        return tuple(sorted(self.by_year))

    def year(self, number: int) -> Year:
        """One year; MissingYear if it is not known."""
        found = self.by_year.get(number)
        if found is None:
            raise MissingYear(number)
        return found

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day, make-up workdays included."""
        working = self.year(day.year).working
        place = bisect_left(working, day)
        return place < len(working) and working[place] == day

    def holiday(self, day: date) -> str | None:
        """The holiday's name (春节) if the notice names this day as off; plain weekends have none."""
        return self.year(day.year).holidays.get(day)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it, if n is negative); always a working day.

        `day` itself is not counted and need not be one. n = 0 is refused: a rest day has no zeroth working day."""
        if n == 0:
            raise ValueError("n must not be 0")
        return self._after(day, n) if n > 0 else self._before(day, -n)

    def next_working_day(self, day: date) -> date:
        """The day itself if it works, else the first working day after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; from b back to a, and negative, when b is earlier."""
        if b < a:
            return -self.working_days_between(b, a)
        return sum(self._within(number, a, b) for number in range(a.year, b.year + 1))

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Every working day from first to last, both included: a column that an engine can join with."""
        for number in range(first.year, last.year + 1):
            yield from (day for day in self.year(number).working if first <= day <= last)

    def _within(self, number: int, a: date, b: date) -> int:
        working = self.year(number).working
        return bisect_right(working, b) - bisect_right(working, a)

    def _after(self, day: date, n: int) -> date:
        number = day.year
        working = self.year(number).working
        place = bisect_right(working, day) + n - 1
        while place >= len(working):
            place -= len(working)
            number += 1
            working = self.year(number).working
        return working[place]

    def _before(self, day: date, n: int) -> date:
        number = day.year
        working = self.year(number).working
        place = bisect_left(working, day) - n
        while place < 0:
            number -= 1
            working = self.year(number).working
            place += len(working)
        return working[place]


def _fields(data: object, allowed: set[str], place: str) -> Mapping[str, object]:
    """A mapping that has exactly the allowed keys."""
    if not isinstance(data, Mapping):
        raise CalendarError(f"{place}：应为“名称: 内容”；请对照原文件改正。")
    if odd := [key for key in data if key not in allowed]:
        raise CalendarError(f"{place}：不认识 {odd[0]}；请删去或改正。")
    if missing := sorted(allowed - set(data)):
        raise CalendarError(f"{place}：缺少 {missing[0]}；请补上。")
    return data


def _year(number: object, data: object) -> Year:
    if not isinstance(number, int) or isinstance(number, bool) or not 1900 <= number <= 2199:
        raise CalendarError(f"日历 years：{number} 不是年份；请写成 2027 这样的四位数。")
    place = f"日历 {number} 年"
    fields = _fields(data, {"source", "holidays", "workdays"}, place)
    source = fields["source"]
    if not isinstance(source, str) or not source.strip():
        raise CalendarError(f"{place} source：没有写出处；请写上通知的名称和日期。")
    holidays = _holidays(fields["holidays"], number, f"{place} holidays")
    workdays = _days(fields["workdays"], number, f"{place} workdays")
    for day in workdays:
        if day in holidays:
            raise CalendarError(f"{place}：{day} 既放假又上班；请核对通知。")
        if day.weekday() < SATURDAY:
            raise CalendarError(f"{place} workdays：{day} 不是周六、周日，不用补班；请核对通知。")
    return Year(number, source, MappingProxyType(holidays), frozenset(workdays))


def _holidays(data: object, number: int, place: str) -> dict[date, str]:
    # A year always has days off on weekdays: an empty list is a notice that nobody entered.
    if not isinstance(data, Mapping) or not data:
        raise CalendarError(f"{place}：应为“节日: [日期]”，不能空着；请按通知填写。")
    named: dict[date, str] = {}
    for name, days in data.items():
        for day in _days(days, number, f"{place} {name}"):
            if day in named:
                raise CalendarError(f"{place} {name}：{day} 已在{named[day]}里写过；请只留一处。")
            named[day] = str(name)
    return named


def _days(data: object, number: int, place: str) -> tuple[date, ...]:
    if not isinstance(data, list):
        raise CalendarError(f"{place}：应为日期的列表；请写成 [2027-01-01, 2027-01-02]。")
    days = tuple(_one_day(item, place) for item in data)
    for day in days:
        if day.year != number:
            raise CalendarError(f"{place}：{day} 不在 {number} 年里；请移到那一年。")
        if days.count(day) > 1:
            raise CalendarError(f"{place}：{day} 写了两次；请只留一次。")
    return days


def _one_day(item: object, place: str) -> date:
    if type(item) is date:  # a datetime is a date to isinstance, and no day
        return item
    try:
        return date.fromisoformat(item) if isinstance(item, str) else _no_day(item, place)
    except ValueError:
        return _no_day(item, place)


def _no_day(item: object, place: str) -> date:
    raise CalendarError(f"{place}：{item} 不是日期；请写成 2027-01-01。")
