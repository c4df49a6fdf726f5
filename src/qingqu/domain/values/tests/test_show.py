"""Values as people read them."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.values import show


def test_money_has_commas_and_two_places():
    assert show.money("1234567.5") == "1,234,567.50"
    assert show.money(Decimal("-0.5")) == "-0.50"
    assert show.money(12) == "12.00"


def test_a_quantity_has_commas_and_no_trailing_noughts():
    assert show.number("1200.5000") == "1,200.5"
    assert show.number(Decimal("1000")) == "1,000"


def test_dates_are_written_as_people_say_them():
    assert show.full_date(date(2026, 3, 1)) == "2026年3月1日"
    assert show.short_date(date(2026, 3, 1)) == "3月1日"
    assert show.month("2026-03") == "2026年3月"


def test_days_between_leaves_out_the_first():
    assert show.days_between(date(2026, 2, 27), date(2026, 3, 1)) == 2
    assert show.days_between(date(2026, 3, 1), date(2026, 2, 27)) == -2


def test_a_masked_id_number_keeps_two_characters_at_each_end():
    assert show.masked_id("99010119900307001X") == "99**************1X"
    assert show.masked_id("12345") == "*" * 18
    assert show.masked_id("") == "*" * 18


def test_a_masked_account_keeps_four_digits_and_not_its_length():
    assert show.masked_account("6217 0000 1111 2222") == "****2222"
    assert show.masked_account("621700001111222233") == "****2233"
    assert show.masked_account("12345678") == "****"


@given(st.text())
def test_masking_never_shows_more_than_four_characters(text):
    assert len(show.masked_id(text).replace("*", "")) <= 4
    assert len(show.masked_account(text).replace("*", "")) <= 4
