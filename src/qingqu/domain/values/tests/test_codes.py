"""ID numbers, credit codes, division codes: form and check digit, and what Excel does to them."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from qingqu.domain.values import Unclean, clean, looks_rounded

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BIRTHDAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def id_from(born: date, order: int) -> str:
    body = f"990101{born:%Y%m%d}{order:03d}"
    check: str = ric.calc_check_digit(f"{body}0")
    return body + check


def credit_from(head: str, place: int, body: str) -> str:
    text = f"{head}{place:06d}{body}"
    check: str = uscc.calc_check_digit(text)
    return text + check


IDS = st.builds(id_from, BIRTHDAYS, st.integers(1, 999))
CREDITS = st.builds(
    credit_from,
    st.sampled_from(["91", "92", "93", "11", "12", "51", "52", "N1", "N2", "N3", "A1", "Y1"]),
    st.integers(0, 999_999),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@given(IDS)
@settings(deadline=None)
def test_a_right_id_number_passes_however_it_is_spaced(number):
    grouped = f"{number[:6]} {number[6:14]}\u00a0{number[14:]}"
    full = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    for spelling in (number, number.lower(), f"'{number}", grouped, full, f'="{number}"', f"\t{number}\n"):
        assert clean("id_number", spelling) == number


@given(IDS, st.integers(0, 17), st.sampled_from("0123456789X"))
@settings(deadline=None, max_examples=300)
def test_every_single_wrong_character_of_an_id_number_is_caught(number, place, wrong):
    assume(number[place] != wrong)
    with pytest.raises(Unclean):
        clean("id_number", number[:place] + wrong + number[place + 1 :])


@given(IDS, st.integers(0, 17), st.sampled_from("0123456789"))
@settings(deadline=None, max_examples=300)
def test_a_mistyped_id_number_never_passes_as_a_companys_code(number, place, wrong):
    assume(number[place] != wrong)
    typed = number[:place] + wrong + number[place + 1 :]
    assume(not 6 <= place < 14)
    with pytest.raises(Unclean):
        clean("id_or_credit_code", typed)


@given(CREDITS, st.integers(0, 17), st.sampled_from(ALPHABET))
@settings(deadline=None, max_examples=300)
def test_every_single_wrong_character_of_a_credit_code_is_caught(code, place, wrong):
    assert clean("credit_code", f" {code.lower()} ") == code
    assume(code[place] != wrong)
    with pytest.raises(Unclean):
        clean("credit_code", code[:place] + wrong + code[place + 1 :])


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(1, 995))
@settings(deadline=None)
def test_an_old_number_of_fifteen_digits_is_completed(born, order):
    assert clean("id_number", f"990101{born:%y%m%d}{order:03d}") == id_from(born, order)


def test_an_old_number_of_a_centenarian_is_not_made_a_century_younger():
    with pytest.raises(Unclean) as refused:
        clean("id_number", "990101120305997")
    assert refused.value.code == "id_15_century"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("9.90101E+17", "id_ruined_by_excel"),
        ("9.90101199001E+17", "id_ruined_by_excel"),
        ("99010119900307001", "id_form"),
        ("9901011990030700123", "id_form"),
        ("99010119900307A012", "id_form"),
        ("099010119900307001", "id_form"),
        ("无", "id_form"),
        ("990101901345001", "id_birth_date"),
        ("", "empty"),
    ],
)
def test_a_broken_id_number_is_refused_with_its_reason(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("id_number", raw)
    assert refused.value.code == code


def test_an_id_number_with_an_impossible_birth_date_is_refused_though_its_check_holds():
    body = "99010119900230001"
    with pytest.raises(Unclean) as refused:
        clean("id_number", body + ric.calc_check_digit(f"{body}0"))
    assert refused.value.code == "id_birth_date"


@given(BIRTHDAYS, st.integers(0, 9))
@settings(deadline=None)
def test_a_rounded_id_number_is_told_from_a_real_one_that_ends_in_noughts(born, hundreds):
    number = f"990101{born:%Y%m%d}{hundreds}000"
    assert looks_rounded(number)
    if ric.calc_check_digit(number) == "0":
        assert clean("id_number", number) == number
        return
    with pytest.raises(Unclean) as refused:
        clean("id_number", number)
    assert refused.value.code == "id_ruined_by_excel"
    assert "Excel" in refused.value.message


@given(st.one_of(IDS, CREDITS), st.integers(0, 17))
@settings(deadline=None)
def test_no_refusal_repeats_the_number(number, place):
    broken = number[:place] + ("1" if number[place] != "1" else "2") + number[place + 1 :]
    for kind in (
        "id_number",
        "credit_code",
        "id_or_credit_code",
        "division_code",
        "money",
        "date",
        "quantity",
        "yes_no",
    ):
        for raw in (broken, number[:17]):
            try:
                clean(kind, raw)
            except Unclean as refused:
                told = refused.message + refused.fix + str(refused) + repr(refused)
                assert not any(raw[n : n + 6] in told for n in range(len(raw) - 5))


@given(st.one_of(IDS, CREDITS))
@settings(deadline=None)
def test_either_number_passes_where_both_are_allowed(number):
    assert clean("id_or_credit_code", number.lower()) == number


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("350000000000123", "id_or_credit_code_15"),
        ("9.13502E+17", "id_or_credit_code_ruined_by_excel"),
        ("12345", "id_or_credit_code_form"),
        ("991122998877665000", "id_or_credit_code_ruined_by_excel"),
    ],
)
def test_neither_number_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("id_or_credit_code", raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("9135020OMA2XXXXX1Y", "credit_code_letters"),
        ("350200100012345", "credit_code_form"),
        ("91350200MA2XXXXX1", "credit_code_form"),
        ("9135A200MA2XXXXX1Y", "credit_code_form"),
        ("9.1E+17", "credit_code_ruined_by_excel"),
    ],
)
def test_a_broken_credit_code_is_refused_with_its_reason(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("credit_code", raw)
    assert refused.value.code == code


@given(st.integers(100_000, 999_999), st.integers(0, 999), st.integers(0, 999))
@settings(deadline=None)
def test_a_division_code_is_completed_to_twelve_digits(county, town, village):
    assert clean("division_code", str(county)) == f"{county}000000"
    assert clean("division_code", f"{county}{town:03d}") == f"{county}{town:03d}000"
    assert clean("division_code", f"{county}{town:03d}{village:03d}.0") == f"{county}{town:03d}{village:03d}"


@pytest.mark.parametrize(
    "raw", ["99010", "9901011", "990101 990102", "090101", "99010A", "9.90101E+11", "山下村"]
)
def test_what_is_no_division_code_is_refused(raw):
    with pytest.raises(Unclean):
        clean("division_code", raw)
