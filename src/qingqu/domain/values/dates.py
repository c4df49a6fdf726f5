"""Dates, instants and months as departments write them. What could mean two days is refused, never interpreted.

Understood, with blanks and full-width signs anywhere: 2024-1-5, 2024/1/5, 2024.1.5, 2024年1月5日 (号, or neither),
20240105, 二〇二四年一月五日 (元月 too), Excel's day number, each with a time behind it (14:30, 14:30:00, 下午2:30, 2:30 PM,
14时30分, `T14:30:00+08:00`), and 20240105143000. A bare number of eight digits is a date, one of five digits from 20000
(1954-10-03) to 80000 (2119-01-11) a day number of the 1900 system. Years run from 1900 to 2199.

Refused as ambiguous: 1/2/2024, 24.1.5, 240105, 24年1月5日; as incomplete: 2024年1月, 3月5日; as impossible: 2024-13-05.
An instant with a foreign offset becomes China's time; before 1992 China moved its clocks and we refuse to reckon."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from qingqu.domain.values.decimals import EXACT
from qingqu.domain.values.text import narrow
from qingqu.domain.values.unclean import Unclean

FIRST_YEAR, LAST_YEAR = 1900, 2199
FIX = "请写成 2024-01-05 这样的日期；没有日期的，请把这一格清空。"
MONTH_FIX = "请写成 2024-01 这样的月份。"
TIME_FIX = "请写成 2024-01-05 14:30:00。"

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SEPARATED = re.compile(r"([0-9]{4})([-./、\\])([0-9]{1,2})\2([0-9]{1,2})\.?")
_DIGITS = "〇○零0O一二三四五六七八九"
_NUMERALS = str.maketrans(_DIGITS, "00000123456789")
_CHINESE = re.compile(
    rf"([0-9]{{4}}|[{_DIGITS}]{{4}})年([0-9]{{1,2}}|[元一二三四五六七八九十]{{1,3}})月"
    r"(?:([0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]?)?"
)
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0+)?")
_PACKED_TIME = re.compile(r"([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})?")
_SERIAL = re.compile(r"([2-7][0-9]{4}|80000)(\.[0-9]*)?")
# Excel's day 1 is 1900-01-01, but it believes in 1900-02-29: from March 1900 on this is the day that it counts from.
_SERIAL_ZERO = datetime.combine(date(1899, 12, 30), time())

# Day and time must be parted (2024-1-114:30 could be the 1st or the 11th): by T, a blank, 日/号, or 上午/下午.
_WITH_TIME = re.compile(
    r"(.+?)(?:T| |(?<=[日号])|(?=[上下]午))(上午|下午)?([0-9]{1,2})"
    r"(?::([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?|[时点](?:([0-9]{1,2})分(?:([0-9]{1,2})秒)?)?)"
    r"([AaPp][Mm])?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)

_MONTH = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})|([0-9]{4})([0-9]{2})(?:\.0+)?")
_BARE_MONTH = re.compile(r"([0-9]{1,2}|[元一二三四五六七八九十]{1,2})(?:月份?)?")

_NO_DATE = frozenset(
    {"长期", "长期有效", "永久", "至今", "无固定期限", "不定期", "待定", "未定", "不详", "暂无", "无"}
)
_SPAN = re.compile(r".*[0-9日月年](?:至|到|~|--).*|.*(?:19|20|21)[0-9]{2}.+(?:19|20|21)[0-9]{2}.*")
_WITHOUT_DAY = re.compile(r"[0-9]{4}年?|[0-9]{4}(?:年|[-./])[0-9]{1,2}月?|(?:19|20|21)[0-9]{4}")
_WITHOUT_YEAR = re.compile(r"[0-9]{1,2}(?:月[0-9]{1,2}[日号]?|[-./][0-9]{1,2})")
_AMBIGUOUS = re.compile(
    r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{1,4}|[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}[日号]?|[0-9]{6}"
)


def _table() -> dict[str, int]:
    ones = ["", *"一二三四五六七八九"]
    written = {
        tens + one: ten * 10 + n
        for ten, tens in enumerate(("", "十", "二十", "三十"))
        for n, one in enumerate(ones)
    }
    return {word: n for word, n in written.items() if 1 <= n <= 31} | {"元": 1}


_COUNTED = _table()


def _count(numeral: str) -> int:
    """1 to 31 in digits or Chinese numerals; 0 for what is no such number (五十, 十十)."""
    return int(numeral) if numeral.isascii() else _COUNTED.get(numeral, 0)


def _made(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unclean("date_range", f"年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", FIX)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclean("date_impossible", "日历上没有这一天", FIX) from None


def _day(plain: str) -> date:
    """A day without a time."""
    if match := _SEPARATED.fullmatch(plain):
        return _made(int(match[1]), int(match[3]), int(match[4]))
    if match := _PACKED.fullmatch(plain):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if (match := _CHINESE.fullmatch(plain)) and match[3]:
        return _made(int(match[1].translate(_NUMERALS)), _count(match[2]), _count(match[3]))
    raise _why(plain)


def _why(plain: str) -> Unclean:
    """What keeps a text from being a date, as closely as its form tells."""
    if plain in _NO_DATE:
        return Unclean("date_none", "写的不是具体日期", "没有日期的，请把这一格清空。")
    if _SPAN.fullmatch(plain):
        return Unclean("date_span", "写了不止一个日期", "请只填一个日期；起止日期请分成两列。")
    if _WITHOUT_DAY.fullmatch(plain) or _CHINESE.fullmatch(plain):
        return Unclean("date_incomplete", "没有写到日", FIX)
    if _WITHOUT_YEAR.fullmatch(plain):
        return Unclean("date_incomplete", "没有年份", FIX)
    if _AMBIGUOUS.fullmatch(plain):
        return Unclean("date_ambiguous", "分不清年、月、日", FIX)
    return Unclean("date_unreadable", "不是日期", FIX)


def _moment(raw: str) -> datetime:
    plain = narrow(raw)
    if _ISO.fullmatch(plain):
        return _midnight(_made(int(plain[:4]), int(plain[5:7]), int(plain[8:])))
    if match := _SERIAL.fullmatch(plain):
        return _serial(match)
    if match := _PACKED_TIME.fullmatch(plain):
        return _at(_day(match[1]), int(match[2]), int(match[3]), int(match[4] or 0))
    if match := _WITH_TIME.fullmatch(plain):
        hour = _hour(int(match[3]), (match[2] or match[8] or "").upper())
        moment = _at(_day(match[1]), hour, int(match[4] or match[6] or 0), int(match[5] or match[7] or 0))
        return _in_china(moment, match[9])
    return _midnight(_day(plain))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _serial(match: re.Match[str]) -> datetime:
    # To the second over the whole number: Excel keeps midnight as 45295.99999999999 now and then.
    seconds = EXACT.multiply(Decimal(match[1] + (match[2] or "")), Decimal(86_400))
    return _SERIAL_ZERO + timedelta(seconds=int(seconds.to_integral_value(ROUND_HALF_EVEN)))


def _hour(hour: int, half: str) -> int:
    """The hour of 24. 上午12 is midnight to one writer and noon to another; 下午14 says the same thing twice."""
    if not half:
        return hour
    if hour > 12 and half == "下午":
        return hour
    if not 1 <= hour <= 12 or (hour == 12 and half == "上午"):
        raise Unclean("time_ambiguous", "分不清是上午还是下午", TIME_FIX)
    return hour % 12 + (12 if half in {"下午", "PM"} else 0)


def _at(day: date, hour: int, minute: int, second: int) -> datetime:
    try:
        return _midnight(day).replace(hour=hour, minute=minute, second=second)
    except ValueError:
        raise Unclean("time_impossible", "没有这个时刻", TIME_FIX) from None


def _in_china(moment: datetime, offset: str | None) -> datetime:
    if not offset or offset.replace(":", "") == "+0800":
        return moment
    hours, minutes = (0, 0) if offset == "Z" else (int(offset[1:3]), int(offset[-2:]))
    if hours > 14 or minutes > 59 or moment.year < 1992:
        raise Unclean("time_offset", "带着别的时区，无法换算", TIME_FIX)
    away = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    shifted = moment - away + timedelta(hours=8)
    _made(shifted.year, shifted.month, shifted.day)
    return shifted


def day(raw: str) -> str:
    """`YYYY-MM-DD`. A time behind the date is left out: the cell says which day, and a day is asked for."""
    return _moment(raw).date().isoformat()


def instant(raw: str) -> str:
    """`YYYY-MM-DDTHH:MM:SS`, wall time in China, to the second; a bare date is its midnight."""
    return _moment(raw).isoformat(timespec="seconds")


def month(raw: str, *, year: int | None = None) -> str:
    """`YYYY-MM`. A full date gives its month, if the calendar has that day (2024-02-30 is refused). `year`: the year
    that a table states for all its months; then 3月, 三月, 03 and 3 are months too.

    2024.1 is January: who keeps months as numbers in a spreadsheet loses the nought of 2024.10 before it reaches us,
    so an importer that knows a cell to be a number should not pass it here."""
    plain = narrow(raw)
    if match := _MONTH.fullmatch(plain):
        return _month(int(match[1] or match[3]), int(match[2] or match[4]))
    if year is not None and (match := _BARE_MONTH.fullmatch(plain)):
        return _month(year, _count(match[1]))
    if (match := _CHINESE.fullmatch(plain.removesuffix("份"))) and not match[3]:
        return _month(int(match[1].translate(_NUMERALS)), _count(match[2]))
    try:
        return day(raw)[:7]
    except Unclean as error:
        if error.code in {"date_impossible", "date_range", "date_span"}:
            raise Unclean(error.code, error.message, MONTH_FIX) from None
        raise Unclean("month_unreadable", "不是月份", MONTH_FIX) from None


def _month(year: int, number: int) -> str:
    if not 1 <= number <= 12:
        raise Unclean("month_impossible", "没有这个月份", MONTH_FIX)
    return _made(year, number, 1).isoformat()[:7]
