"""Numerals, sums, dates: each written in every style comes back as itself; what is none is none."""

from datetime import date, timedelta
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.contracts import tokens
from qingqu.domain.contracts.term import month_end, months_between
from qingqu.domain.contracts.tests.given import document, judged
from qingqu.domain.contracts.text import Text
from qingqu.domain.values.numerals import money_words, number


@given(st.integers(1, 99_999_999))
def test_a_whole_number_in_any_numerals_is_itself(n):
    for written in (str(n), f"{n:,}".replace(",", ""), cn2an.an2cn(n), cn2an.an2cn(n, "up")):
        assert number(written) == n


@given(st.integers(100, 9_999_999_999))
def test_a_sum_in_words_is_the_sum_in_figures(cents):
    value = Decimal(cents) / 100
    assert money_words(cn2an.an2cn(f"{value:.2f}", "rmb")) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("廿五", 25), ("卅", 30), ("贰拾玖万八千", 298000), ("3万5千", 35000), ("2.5万", 25000), ("二〇二六", 2026), ("二二", None),
        ("三五", None), ("百", None), ("", None), ("贰仟零零伍", 2005), ("贰万零仟肆佰捌拾", 20480), ("一万一万", None),
    ],
)  # fmt: skip
def test_odd_numerals(written, value):
    assert number(written) == value


@settings(max_examples=60)
@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_a_date_in_any_style_is_itself(day):
    small = "〇一二三四五六七八九"
    year = "".join(small[int(sign)] for sign in str(day.year))
    for written in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day.year}-{day.month:02d}-{day.day:02d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{year}年{cn2an.an2cn(day.month)}月{cn2an.an2cn(day.day)}日".replace("一十", "十"),
    ):
        found = tokens.days(Text.of(document(f"自{written}起。")))
        assert [item.value for item in found] == [day], written


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.integers(1, 1000))
def test_a_term_of_so_many_months_counts_so_many_months(start, months):
    end = month_end(start, months)
    assert months_between(start, end)[0] == months
    assert months_between(start, end + timedelta(days=1)) == (months, 0)


@settings(max_examples=150)
@given(
    st.text(
        alphabet="甲乙方：（）出租承包年月日元亩0123456789一二三十百千万＿□☑\n\t。，；每递增%第条至自起止租金 ",
        max_size=400,
    )
)
def test_no_text_breaks_the_review(text):
    found = judged(text)
    assert found.verdict in {"locked", "needs_person", "clear"}
    found.as_json()


def test_an_empty_paper_and_a_huge_one_are_told_in_time():
    assert judged("").verdict == "needs_person"
    assert judged("甲方将土地出租给乙方。" * 20_000).verdict in {"locked", "needs_person"}
