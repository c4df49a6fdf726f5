"""Dates: every spelling that departments send, and no guess about the rest."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.values import Unclean, clean

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
NUMERALS = "〇一二三四五六七八九"


def counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    lead = {0: "", 1: "十"}.get(tens, NUMERALS[tens] + "十")
    return lead + (NUMERALS[ones] if ones else "")


def in_numerals(day: date) -> str:
    return (
        "".join(NUMERALS[int(digit)] for digit in f"{day.year}")
        + f"年{counted(day.month)}月{counted(day.day)}日"
    )


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


SPELLINGS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}-{d.month}-{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}。{d.month}。{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}号",
    lambda d: f"{d.year}年{d.month}月{d.day}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%Y%m%d}.0",
    lambda d: f"{d.isoformat()} 00:00:00",
    lambda d: f"{d.isoformat()}T00:00:00",
    lambda d: f"{d.isoformat()}T00:00:00.000+08:00",
    lambda d: f"\u200b {full_width(d.isoformat())}\n",
    in_numerals,
    lambda d: in_numerals(d).replace("〇", "○"),
    lambda d: in_numerals(d).replace("〇", "零"),
]


@given(DAYS, st.sampled_from(SPELLINGS))
@settings(deadline=None, max_examples=300)
def test_every_listed_spelling_gives_the_day(day, spelling):
    assert clean("date", spelling(day)) == day.isoformat()


@given(st.integers(20_000, 80_000))
@settings(deadline=None)
def test_a_day_number_is_excels_day(number):
    expected = (date(1899, 12, 30) + timedelta(days=number)).isoformat()
    assert clean("date", str(number)) == expected
    assert clean("date", f"{number}.5") == expected
    assert clean("datetime", f"{number}.75") == f"{expected}T18:00:00"


@given(st.datetimes(datetime.combine(date(1954, 10, 4), time()), datetime.combine(date(2119, 1, 1), time())))
@settings(deadline=None)
def test_a_day_number_with_a_fraction_keeps_the_second(moment):
    moment = moment.replace(microsecond=0)
    serial = (moment - datetime.combine(date(1899, 12, 30), time())) / timedelta(days=1)
    assert clean("datetime", repr(serial)) == moment.isoformat()


def test_midnight_that_excel_missed_by_a_hair_is_the_next_day():
    assert clean("date", "45295.99999999999") == "2024-01-05"
    assert clean("datetime", "45295.99999999999") == "2024-01-05T00:00:00"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1/2/2024", "date_ambiguous"),
        ("24.1.5", "date_ambiguous"),
        ("24-01-05", "date_ambiguous"),
        ("24年1月5日", "date_ambiguous"),
        ("240105", "date_ambiguous"),
        ("2024-13-05", "date_impossible"),
        ("2024-02-30", "date_impossible"),
        ("二〇二四年二月三十日", "date_impossible"),
        ("2024年十十月一日", "date_impossible"),
        ("20240230", "date_impossible"),
        ("3月5日", "date_incomplete"),
        ("3-5", "date_incomplete"),
        ("2024", "date_incomplete"),
        ("2024年1月", "date_incomplete"),
        ("2024.1", "date_incomplete"),
        ("202401", "date_incomplete"),
        ("1899-12-31", "date_range"),
        ("2200-01-01", "date_range"),
        ("0000-00-00", "date_range"),
        ("9999-12-31", "date_range"),
        ("长期", "date_none"),
        ("2024-01-05至2024-03-01", "date_span"),
        ("2024.1-2024.3", "date_span"),
        ("2024-01-05 2024-03-01", "date_span"),
        ("2024-1-1 5", "date_unreadable"),
        ("2024-1-114:30", "date_unreadable"),
        ("2024-1/5", "date_unreadable"),
        ("19999", "date_unreadable"),
        ("80001", "date_unreadable"),
        ("1704412800000", "date_unreadable"),
        ("农历正月初五", "date_unreadable"),
        ("２０２４-٠١-٠٥", "date_unreadable"),
        ("2024-01-05 25:00", "time_impossible"),
        ("", "empty"),
    ],
)
def test_what_is_no_certain_day_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("date", raw)
    assert refused.value.code == code
    assert refused.value.fix.endswith("。")


def test_the_limits_of_the_day_numbers_are_as_documented():
    assert clean("date", "20000") == "1954-10-03"
    assert clean("date", "80000") == "2119-01-11"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("2024-01-05 14:30", "2024-01-05T14:30:00"),
        ("2024年1月5日 14:30:09", "2024-01-05T14:30:09"),
        ("2024年1月5日14时30分", "2024-01-05T14:30:00"),
        ("2024年1月5日 9点", "2024-01-05T09:00:00"),
        ("2024/1/5 下午 2:30:00", "2024-01-05T14:30:00"),
        ("2024/1/5 上午9：05", "2024-01-05T09:05:00"),
        ("2024/1/5 2:30:00 PM", "2024-01-05T14:30:00"),
        ("2024/1/5 12:30:00 AM", "2024-01-05T00:30:00"),
        ("2024/1/5 下午12:30", "2024-01-05T12:30:00"),
        ("20240105143000", "2024-01-05T14:30:00"),
        ("202401051430", "2024-01-05T14:30:00"),
        ("2024-01-05T14:30:00.999", "2024-01-05T14:30:00"),
        ("2024-01-04T16:30:00Z", "2024-01-05T00:30:00"),
        ("2024-01-05T06:30:00+00:00", "2024-01-05T14:30:00"),
        ("2024-01-05T15:30:00+0900", "2024-01-05T14:30:00"),
        ("1988-05-05T12:00:00+08:00", "1988-05-05T12:00:00"),
        ("2024.1.5", "2024-01-05T00:00:00"),
    ],
)
def test_an_instant_is_chinas_wall_time(raw, stored):
    assert clean("datetime", raw) == stored


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2024-01-05 24:00", "time_impossible"),
        ("2024-01-05 12:60", "time_impossible"),
        ("2024-01-05 上午12:30", "time_ambiguous"),
        ("2024-01-05 上午13:30", "time_ambiguous"),
        ("2024-01-05 0:30 PM", "time_ambiguous"),
        ("1988-05-05T12:00:00Z", "time_offset"),
        ("2024-01-05T12:00:00+99:00", "time_offset"),
        ("14:30", "date_unreadable"),
    ],
)
def test_an_uncertain_time_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("datetime", raw)
    assert refused.value.code == code


@given(DAYS, st.times())
@settings(deadline=None)
def test_an_instant_survives_its_usual_spellings(day, clock):
    moment = datetime.combine(day, time(clock.hour, clock.minute, clock.second))
    for spelling in (
        moment.isoformat(),
        f"{moment:%Y-%m-%d %H:%M:%S}",
        f"{day.year}/{day.month}/{day.day} {clock:%H:%M:%S}",
    ):
        assert clean("datetime", spelling) == moment.isoformat()


@given(DAYS)
@settings(deadline=None)
def test_a_month_is_read_from_every_listed_spelling(day):
    month = day.isoformat()[:7]
    for spelling in (
        month, f"{day.year}-{day.month}", f"{day.year}/{day.month}", f"{day.year}年{day.month}月", month.replace("-", ""),
        f"{day.year}年{day.month}月份"[:-1], in_numerals(day)[: in_numerals(day).index("月") + 1], day.isoformat(),
    ):  # fmt: skip
        assert clean("month", spelling) == month
    if len(str(day.month)) == 2 or day.month == 1:
        assert clean("month", f"{day.year}.{day.month}") == month


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2024-13", "month_impossible"),
        ("202400", "month_impossible"),
        ("2024-02-30", "date_impossible"),
        ("2024年1月至3月", "date_span"),
        ("24-1", "month_unreadable"),
        ("1月", "month_unreadable"),
        ("2024年第一季度", "month_unreadable"),
        ("2024", "month_unreadable"),
        ("189912", "date_range"),
    ],
)
def test_what_is_no_month_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("month", raw)
    assert refused.value.code == code


def test_january_may_be_called_yuan():
    assert clean("date", "二〇二四年元月五日") == "2024-01-05"
    assert clean("month", "2024年元月") == "2024-01"
