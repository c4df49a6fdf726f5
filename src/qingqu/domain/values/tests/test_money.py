"""Money: exact, in yuan, with two places."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.values import Unclean, clean, clean_money

CENTS = st.integers(-(10**16), 10**16).map(lambda n: Decimal(n).scaleb(-2))


def canonical(value: Decimal) -> str:
    return f"{value:.2f}" if value else "0.00"


SPELLINGS = [
    lambda v: f"{v:f}",
    lambda v: f"{v:.2f}",
    lambda v: f"{v:,.2f}",
    lambda v: f"{v:,.2f}元",
    lambda v: f"¥{v:.2f}",
    lambda v: f"￥ {v:,.2f} 元",
    lambda v: f"人民币{v:.2f}元整",
    lambda v: f"{v:.2f}0000",
    lambda v: f"{v:.2f}0000001",
    lambda v: f" {v:.2f}\u00a0",
    lambda v: "".join(chr(ord(sign) + 0xFEE0) for sign in f"{v:,.2f}"),
    lambda v: f"（{abs(v):,.2f}）" if v < 0 else f"{v:.2f}",
    lambda v: f"({abs(v):,.2f})元" if v < 0 else f"{v:.2f}",
    lambda v: f"-¥{abs(v):.2f}" if v < 0 else f"+{v:.2f}",
    lambda v: f"{v / 10_000:f}万元",
    lambda v: f"{v / 10_000:f}万",
    lambda v: f"{v / 100_000_000:f} 亿元",
]


@given(CENTS.filter(lambda v: abs(v) < 10**15), st.sampled_from(SPELLINGS))
@settings(deadline=None, max_examples=300)
def test_every_listed_spelling_gives_the_amount(value, spelling):
    assert clean("money", spelling(value)) == canonical(value)


@given(CENTS.filter(lambda v: abs(v) < 10**11))
@settings(deadline=None)
def test_a_column_in_ten_thousands_counts_by_its_factor(value):
    assert clean_money(f"{value / 10_000:f}", factor="10000") == canonical(value)
    assert clean_money(f"{value:f}元", factor="10000") == canonical(value)


@given(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)))
@settings(deadline=None)
def test_float_noise_from_a_spreadsheet_does_not_change_the_amount(value):
    assert clean("money", f"{Decimal(value):f}") == canonical(Decimal(repr(value)))


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("1.2E+06", "1200000.00"),
        ("5E3", "5000.00"),
        ("1.234567E+06", "1234567.00"),
        ("1234.5600000000001", "1234.56"),
        ("1.2万元", "12000.00"),
        ("0.35亿元", "35000000.00"),
        ("3千元", "3000.00"),
        ("(1.2万元)", "-12000.00"),
        ("¥（5）", "-5.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("-0", "0.00"),
        ("-0.0000001", "0.00"),
        ("007", "7.00"),
        ("'1234.5", "1234.50"),
        ("−8", "-8.00"),
    ],
)
def test_less_usual_spellings_are_read(raw, stored):
    assert clean("money", raw) == stored


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1234.567", "money_many_places"),
        ("0.001", "money_many_places"),
        ("1.234567891万元", "money_many_places"),
        ("1.23E+06", "money_ruined_by_excel"),
        ("1.23457E+11", "money_ruined_by_excel"),
        ("1.2E-06", "money_scientific"),
        ("9E99", "money_range"),
        ("1000000000000000", "money_range"),
        ("9" * 1999, "money_range"),
        ("1200\n3400", "money_two_values"),
        ("100 200", "money_two_values"),
        ("(-5)", "money_sign"),
        ("-¥-5", "money_sign"),
        ("1,23", "money_unreadable"),
        ("1.234,50", "money_unreadable"),
        ("1234,567", "money_unreadable"),
        ("12.3.4", "money_unreadable"),
        ("1234.50-", "money_unreadable"),
        ("$5", "money_unreadable"),
        ("5美元", "money_unreadable"),
        ("壹贰叁元", "money_words"),
        ("--5", "money_sign"),
        ("元", "money_unreadable"),
        ("()", "money_unreadable"),
        ("nan", "money_unreadable"),
        ("Infinity", "money_unreadable"),
        ("١٢٣", "money_unreadable"),
        ("①", "money_unreadable"),
        ("10²", "money_unreadable"),
        ("—", "money_unreadable"),
        ("", "empty"),
    ],
)
def test_what_is_no_certain_amount_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("money", raw)
    assert refused.value.code == code


@pytest.mark.parametrize("factor", ["0", "-1", "NaN", "Infinity", "万元"])
def test_a_factor_that_is_no_factor_is_a_programming_error(factor):
    with pytest.raises(ValueError, match="factor") as refused:
        clean_money("5", factor=factor)
    assert not isinstance(refused.value, Unclean)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("壹万元", "10000.00"), ("人民币壹拾贰万叁仟元整", "123000.00"), ("叁佰元伍角", "300.50"), ("贰拾圆零伍分", "20.05"),
        ("二十三万元", "230000.00"), ("人民币：壹亿元整", "100000000.00"),
    ],
)  # fmt: skip
def test_yuan_in_words_carry_their_own_unit(raw, value):
    assert clean_money(raw) == value
    assert clean_money(raw, factor="10000") == value
