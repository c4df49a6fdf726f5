"""What crosses from the reading process: plain data, whole, or refused."""

import json
from dataclasses import dataclass
from fractions import Fraction

import pytest

from qingqu.exchange import layout, wire
from qingqu.exchange.contracts import load
from qingqu.exchange.layout import Plan
from qingqu.exchange.parser import Told


@dataclass(frozen=True)
class Inner:
    """A part."""

    factor: int | Fraction
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outer:
    """A whole."""

    parts: dict[str, Inner]
    place: tuple[int, str]
    note: str | None = None


def test_a_value_comes_back_equal():
    value = Outer({"甲": Inner(Fraction(2000, 3), ("a", "b")), "乙": Inner(10_000)}, (1, "x"))
    assert wire.loads(Outer, wire.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", '{"parts": [], "place": [1, 2], "note": null}', '{"parts": [["a", 1]], "place": [1, "x"], "note": null}',
     '{"parts": [], "place": [1, "x", 3], "note": null}', '{"parts": [["a", {"factor": {"exact": "fraction", "value": "1/0"}, "names": []}]], "place": [1, "x"], "note": 1}',
     "[" * 100_000],
    ids=range(8),
)  # fmt: skip
def test_anything_else_is_garbled(text):
    with pytest.raises(wire.GarbledError):
        wire.loads(Outer, text)


def test_a_plan_crosses_without_its_rows(projects):
    path = projects("A-1,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,")
    plan = layout.plan(path, load("projects"))
    again = wire.loads(Plan, wire.dumps(plan))
    assert again.notes == plan.notes
    assert [one.header for one in again.sheets] == [one.header for one in plan.sheets]
    with pytest.raises(LookupError):
        next(again.sheets[0].lines())
    assert json.loads(wire.dumps(Told(died="MemoryError")))["plan"] is None
