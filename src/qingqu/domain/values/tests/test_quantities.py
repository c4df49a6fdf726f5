"""Quantities, percents, whole numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.values import Unclean, clean, integer, percent, quantity

PLACES = st.integers(-(10**15), 10**15).map(lambda n: Decimal(n).scaleb(-4))


def shortest(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if value else "0"


@given(PLACES)
@settings(deadline=None)
def test_a_quantity_keeps_four_places_and_no_trailing_noughts(value):
    for spelling in (f"{value:f}", f"{value:.4f}", f"{value:,.4f}", f" {value:.6f} "):
        assert clean("quantity", spelling) == shortest(value)


@given(st.integers(0, 1_000_000).map(lambda n: Decimal(n).scaleb(-4)))
@settings(deadline=None)
def test_a_percent_is_never_scaled(value):
    for spelling in (f"{value:f}", f"{value:.4f}%", f"{value:f} ％"):
        assert clean("percent", spelling) == shortest(value)


@given(st.integers(-(10**14), 10**14))
@settings(deadline=None)
def test_a_whole_number_is_itself(number):
    for spelling in (str(number), f"{number:,}", f"{number}.0"):
        assert clean("integer", spelling) == str(number)


@pytest.mark.parametrize(
    ("raw", "unit", "stored"),
    [
        ("12.5亩", "亩", "12.5"),
        ("100 ㎡", "平方米", "100"),
        ("100m2", "平方米", "100"),
        ("100 m²", "㎡", "100"),
        ("100平方米", "㎡", "100"),
        ("40升", "升", "40"),
        ("40L", "升", "40"),
        ("3筐", "筐", "3"),
        ("7", "亩", "7"),
        ("-7.50", None, "-7.5"),
        ("0.30000000000000004", None, "0.3"),
    ],
)
def test_the_columns_own_unit_may_follow(raw, unit, stored):
    assert quantity(raw, unit=unit) == stored


@pytest.mark.parametrize(
    ("raw", "unit", "factor", "value"),
    [
        ("3亩", "m2", 1, "2000"), ("25.6亩", "m2", 1, "17066.6667"), ("2000平方米", "mu", 1, "3"), ("0.2公顷", "亩", 1, "3"),
        ("25.6", "m2", Fraction(2000, 3), "17066.6667"), ("1", "mu", Fraction(3, 2000), "0.0015"),
        ("1平方米", "m2", Fraction(2000, 3), "1"), ("0.0001", "mu", Fraction(3, 2000), "0"),
    ],
)  # fmt: skip
def test_areas_are_converted_exactly_and_rounded_half_to_even(raw, unit, factor, value):
    assert quantity(raw, unit=unit, factor=factor) == value


@pytest.mark.parametrize(
    ("raw", "unit", "code"),
    [
        ("12.5亩", None, "quantity_unit"),
        ("12.5升", "平方米", "quantity_unit"),
        ("12平方公尺", "平方米", "quantity_unreadable"),
        ("1.2万亩", "亩", "quantity_unreadable"),
        ("1.23456", None, "quantity_many_places"),
        ("1E5", None, "quantity_scientific"),
        ("12 34", None, "quantity_two_values"),
        ("1000000000000", None, "quantity_range"),
        ("9" * 1999, None, "quantity_range"),
        ("约12", None, "quantity_unreadable"),
    ],
)
def test_a_quantity_with_another_unit_or_form_is_refused(raw, unit, code):
    with pytest.raises(Unclean) as refused:
        quantity(raw, unit=unit)
    assert refused.value.code == code


def test_the_refusal_of_a_unit_names_both_units():
    with pytest.raises(Unclean) as refused:
        quantity("12升", unit="平方米")
    assert "升" in refused.value.message
    assert "平方米" in refused.value.fix


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("100.1", "percent_range"),
        ("-1", "percent_range"),
        ("9" * 1999, "percent_range"),
        ("35‰", "percent_unreadable"),
        ("百分之五", "percent_unreadable"),
        ("3.12345", "percent_many_places"),
    ],
)
def test_a_percent_outside_its_range_or_form_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        percent(raw)
    assert refused.value.code == code


def test_a_percent_above_a_hundred_passes_where_it_is_allowed():
    assert percent("135.5%", allow_over=True) == "135.5"
    assert percent("100.00000000000001") == "100"
    assert percent("0.35") == "0.35"


@pytest.mark.parametrize(
    ("raw", "code"), [("1.5", "integer_fraction"), ("9" * 20, "integer_range"), ("三", "integer_unreadable")]
)
def test_what_is_no_whole_number_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        integer(raw)
    assert refused.value.code == code
