"""The easy spellings: what a whole column may skip must be what cleaning would have given."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.values import KINDS, Unclean, canonical_pattern, clean

PATTERNS = {kind: pattern for kind in sorted(KINDS) if (pattern := canonical_pattern(kind))}


def cheap(kind: str, text: str) -> str | None:
    """The documented conversion; None where the cast fails."""
    if kind in {"date", "datetime"}:
        try:
            date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
        except ValueError:
            return None
        return text.replace(" ", "T")
    if kind == "money":
        value = Decimal(text)
        return f"{value:.2f}" if value else "0.00"
    if kind in {"quantity", "percent"}:
        written = f"{Decimal(text):.4f}".rstrip("0").rstrip(".")
        return "0" if written == "-0" else written
    return str(int(text)) if kind == "integer" else text


@given(st.data())
@settings(deadline=None, max_examples=600)
def test_a_text_that_matches_is_cleaned_to_what_the_cheap_step_gives(data):
    kind = data.draw(st.sampled_from(sorted(PATTERNS)))
    text = data.draw(st.from_regex(re.compile(PATTERNS[kind]), fullmatch=True))
    try:
        cleaned = clean(kind, text)
    except Unclean:
        cleaned = None
    assert cleaned == cheap(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "2024-1-5"),
        ("money", "1,234.50"),
        ("money", "1234.567"),
        ("money", "1.2E+06"),
        ("percent", "100.5"),
        ("division_code", "990101"),
        ("text", "锟斤拷"),
        ("text", "两 字"),
        ("text", "（）"),
        ("text", ""),
    ],
)
def test_other_spellings_are_left_to_cleaning(kind, text):
    assert re.fullmatch(PATTERNS[kind], text) is None


def test_numbers_with_a_check_digit_are_always_cleaned():
    for kind in ("id_number", "credit_code", "id_or_credit_code"):
        assert canonical_pattern(kind) is None
    assert canonical_pattern("colour") is None


def test_the_patterns_use_nothing_that_re2_lacks():
    for pattern in PATTERNS.values():
        assert not re.search(r"\(\?|\\[1-9dDwWsSbB]", pattern)
