"""What the engine passes at once is exactly what cleaning would have made of it, for every kind, code list and factor."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from qingqu.domain.values import KINDS
from qingqu.exchange import lake
from qingqu.exchange.cell import clean_cell
from qingqu.exchange.contracts import CodeList, Field
from qingqu.exchange.easy import easy
from qingqu.exchange.lake import column_type

CODES = CodeList(open=False, values={"预付款": ("备料款",), "C++": (), "Ａ类": ()})
FIELDS = [Field(f"some_{kind}", "某列", kind) for kind in KINDS if kind != "code"] + [
    Field("contract_id", "编号", "text"), Field("kind", "性质", "code", codes=CODES),
    Field("open_kind", "性质", "code", codes=CodeList(open=True, values=CODES.values)),
]  # fmt: skip
FACTORS = [1, 1_000, 10_000, 1_000_000, 100_000_000]


def with_check(first: str) -> str:
    """An ID number or credit code with its right last sign."""
    if first.isdigit():
        return first + ric.calc_check_digit(first + "0")
    return first + uscc.calc_check_digit(first)


DAYS = st.dates(min_value=date(1840, 1, 1), max_value=date(2210, 12, 31)).map(
    lambda day: day.strftime("%Y%m%d")
)
NUMBERS = st.one_of(
    st.builds(lambda place, day, serial: with_check(f"{place}{day}{serial:03d}"), st.sampled_from(["110101", "990101", "010101"]), DAYS, st.integers(0, 999)),
    st.builds(lambda tail: with_check(f"91990101MA{tail:07d}"), st.integers(0, 9_999_999)),
    st.builds(lambda tail: with_check(f"93990101{tail:09d}"[:17]), st.integers(0, 999_999_999)),
    st.from_regex(r"[1-9][0-9]{16}[0-9Xx]", fullmatch=True), st.from_regex(r"9[1-3][0-9A-Y]{16}", fullmatch=True),
)  # fmt: skip
CELLS = st.one_of(
    NUMBERS, DAYS,
    st.text(max_size=12), st.text(alphabet="0123456789.-,+Ee/年月日 万元无是否（）()#Ａ１X", max_size=14),
    st.sampled_from(["无", "-", "/", "NULL", "#N/A", "#1", "1.1E+17", "C++", "预付款", "备料款", "Ａ类", "2024-02-30", "2024-02-29",
                     "2024-01-05T10:00:00", "2024-01-05 10:00:00", "-0", "-0.00", "007", "100", "100.0", "999999999999999.99"]),
    st.dates(min_value=date(1880, 1, 1), max_value=date(2205, 1, 1)).map(str), st.datetimes().map(lambda t: f"{t:%Y-%m-%d %H:%M:%S}"),
    st.decimals(min_value=-(10**16), max_value=10**16, places=2).map(lambda value: f"{value:f}"),
    st.decimals(min_value=0, max_value=10**6, places=6).map(lambda value: f"{value:f}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A bare engine."""
    with lake.bench_in(tmp_path_factory.mktemp("bench")) as made:
        yield made.con


def stored(one: Field, text: str | None) -> object:
    """A canonical text as the lake's type holds it."""
    kind = column_type(one.type)
    if text is None or kind == "VARCHAR":
        return text
    if kind == "DATE":
        return date.fromisoformat(text)
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(text)
    return int(text) if kind == "BIGINT" else Decimal(text)


@settings(deadline=None, max_examples=150)
@given(cells=st.lists(CELLS, min_size=1, max_size=30), factor=st.sampled_from(FACTORS))
@pytest.mark.parametrize("one", FIELDS, ids=lambda one: f"{one.name}:{one.type}")
def test_an_easy_cell_is_stored_as_cleaning_would_have_it(engine, one, cells, factor):
    plain = easy(one, "v", factor if one.type == "money" else 1)
    if plain is None:
        return
    told = engine.execute(
        f"SELECT v, {plain.condition}, {plain.value} FROM (SELECT unnest($cells::VARCHAR[]) AS v) WHERE v <> ''",
        {"cells": [cell for cell in cells if "\x00" not in cell and cell.isprintable()]},
    ).fetchall()
    for cell, passes, value in told:
        assert passes is not None, cell
        if passes:
            fix = clean_cell(one, cell, factor if one.type == "money" else 1)
            assert (fix.code, fix.state) == (None, ""), cell
            assert stored(one, fix.canonical) == value, cell
            assert not plain.same or fix.canonical == cell


@pytest.mark.parametrize(
    ("name", "kind", "cell"),
    [
        ("id", "id_number", "11010119900307561X"), ("code", "credit_code", with_check("91990101MA0000001")),
        ("either", "id_or_credit_code", "11010119900307561X"), ("either", "id_or_credit_code", with_check("91990101MA0000001")),
        ("paid", "date", "2024-02-29"), ("amount", "money", "1234.5"), ("contract_id", "text", "HT-2024/01"), ("word", "text", "通村路"),
    ],
)  # fmt: skip
def test_the_usual_spellings_are_easy(engine, name, kind, cell):
    plain = easy(Field(name, "某列", kind), "v")
    (passes,) = engine.execute(
        f"SELECT {plain.condition} FROM (SELECT $cell AS v)", {"cell": cell}
    ).fetchone()
    assert passes is (clean_cell(Field(name, "某列", kind), cell).code is None)
