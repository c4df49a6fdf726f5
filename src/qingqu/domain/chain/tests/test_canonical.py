"""Canonical bytes: one spelling a value, and refusals that name the path and never the value."""

import json
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.chain.canonical import DEPTH_MAX, SAFE_INTEGER, canonical, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE_INTEGER, SAFE_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class Level(StrEnum):
    """A choice whose value is text."""

    RED = "red"


class Rank(IntEnum):
    """A choice whose value is a number."""

    FIRST = 1


@given(PLAIN)
def test_it_reads_back_as_the_same_value(value):
    assert json.loads(canonical(value)) == value
    assert parse(canonical(value)) == value
    assert canonical(parse(canonical(value))) == canonical(value)


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2))
def test_the_order_in_which_keys_were_put_in_does_not_matter(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_it_is_spelled_as_rfc_8785_spells_it():
    # Section 3.2.3 of the RFC sorts by UTF-16 code units: the emoji (a surrogate pair) comes before U+FB33.
    keys = {
        "\u20ac": "Euro",
        "\r": "CR",
        "\ufb33": "Dalet",
        "1": "One",
        "\U0001f600": "Smile",
        "\x80": "C",
        "\xf6": "O",
    }
    assert list(json.loads(canonical(keys))) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical({"b": [1, True, None, '条\n"\\/\x1f\x7f'], "a": {}}) == (
        '{"a":{},"b":[1,true,null,"条\\n\\"\\\\/\\u001f\x7f"]}'.encode()
    )


def test_text_is_kept_as_it_came_and_not_normalised():
    assert canonical("e\u0301") != canonical("\xe9")


def test_choices_and_read_only_mappings_are_written_as_their_values():
    assert (
        canonical(MappingProxyType({Level.RED: Level.RED, "rank": Rank.FIRST})) == b'{"rank":1,"red":"red"}'
    )
    assert canonical((1, 2)) == b"[1,2]"


@pytest.mark.parametrize("value", [1.0, float("nan"), Decimal("1.00"), date(2026, 1, 1), b"x", {1}, object()])
def test_what_has_no_single_spelling_is_refused_by_its_path(value):
    with pytest.raises(TypeError, match=r"^\$\.amounts\[1\]: "):
        canonical({"amounts": ["1.00", value]})


@pytest.mark.parametrize("value", [SAFE_INTEGER + 1, -SAFE_INTEGER - 1, 10**40, "half \ud800", {"\udfff": 1}])
def test_values_that_another_reader_would_change_are_refused(value):
    with pytest.raises(ValueError, match=r"^\$\.x"):
        canonical({"x": value})


def test_a_key_that_is_not_text_is_refused():
    with pytest.raises(TypeError, match=r"a key is int"):
        canonical({"x": {1: "one", "1": "one"}})


def test_nesting_without_end_is_refused():
    value: list[object] = []
    value.append(value)
    with pytest.raises(ValueError, match="nested deeper"):
        canonical(value)
    deep: object = 1
    for _ in range(DEPTH_MAX):
        deep = [deep]
    assert parse(canonical(deep)) == deep


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a": 1}',
        '{"b":1,"a":1}',
        '{"a":1,"a":1}',
        "1.0",
        "NaN",
        '"\\u0041"',
        "[" * 100_000,
        '{"a":1}\n',
    ],
)
def test_other_spellings_do_not_parse(text):
    with pytest.raises(ValueError):
        parse(text)
