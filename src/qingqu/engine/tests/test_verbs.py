"""Each verb means what the table says, on the engine that runs the rules; month arithmetic against Python's own."""

from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.rules.expr import Call, Expr, Field, Words
from qingqu.domain.rules.kinds import Kinds
from qingqu.domain.rules.verbs import VERBS
from qingqu.engine.compile import Compiled
from qingqu.engine.duck import Duck
from qingqu.engine.runner import number
from qingqu.engine.terms import Terms

TABLE = yaml.safe_load((Path(__file__).parent / "verbs.yml").read_text("utf-8"))
SQL_TYPE = {"date": "DATE", "month": "VARCHAR", "moment": "TIMESTAMP", "number": "DECIMAL(18,5)", "text": "VARCHAR",
            "truth": "BOOLEAN"}  # fmt: skip
WORDS = {"words": ("低保", "特困供养")}


def literal(told: str) -> tuple[str, str]:
    kind, _, value = told.partition(" ")
    shown = "NULL" if value == "-" else f"'{value}'"
    return kind, f"CAST({shown} AS {SQL_TYPE[kind]})"


def asked(verb: str, rows: list[list[str]], args: list[Expr]) -> object:
    cells = [[literal(cell) for cell in row] for row in rows]
    columns = {f"c{n}": kind for n, (kind, _) in enumerate(cells[0])}
    terms = Terms(Kinds(frozenset(), frozenset(WORDS), {}), WORDS)
    sql = terms.term(Call(verb, tuple(args)), columns).sql("duckdb")  # type: ignore[arg-type]
    values = ", ".join("(" + ", ".join(value for _, value in row) + ")" for row in cells)
    told = f"SELECT {sql} FROM (VALUES {values}) AS t({', '.join(columns)})"
    bound = {f"w_words_{n}": word for n, word in enumerate(WORDS["words"])}
    with Duck([]) as duck:
        ((value,),) = duck.rows(Compiled(told, bound, ("value",)), "2026-06-10")
    return value


def text(value: object) -> str:
    if value is None:
        return "?"
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value) if isinstance(value, date) else str(number(value))


@pytest.mark.parametrize(("verb", "args", "result"), TABLE["plain"], ids=str)
def test_a_verb_means_what_the_table_says(verb, args, result):
    cells = [arg for arg in args if arg != "words"]
    exprs: list[Expr] = [Field(f"c{n}") for n in range(len(cells))]
    assert text(asked(verb, [cells], exprs + [Words("words")] * (len(args) - len(cells)))) == result


@pytest.mark.parametrize(("verb", "column", "result"), TABLE["groups"], ids=str)
def test_an_aggregate_means_what_the_table_says(verb, column, result):
    assert text(asked(verb, [[cell] for cell in column], [Field("c0")])) == result


def test_the_table_holds_every_verb():
    assert {line[0] for line in TABLE["plain"] + TABLE["groups"]} == set(VERBS)


def later(day: date, months: int) -> date:
    """The stated meaning: the same day of the month, clamped to the month's end."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@settings(max_examples=40, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(-600, 600))
def test_adding_months_clamps_to_the_end_of_the_month(day, months):
    assert asked("add_months", [[f"date {day}", f"number {months}"]], [Field("c0"), Field("c1")]) == later(
        day, months
    )


@settings(max_examples=40, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_full_months_are_the_most_that_fit(first, last):
    count = int(str(asked("months_full", [[f"date {first}", f"date {last}"]], [Field("c0"), Field("c1")])))
    assert later(first, count) <= last < later(first, count + 1)


@settings(max_examples=40, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 20000))
def test_begun_months_are_the_fewest_that_cover_the_term(first, days):
    last = date.fromordinal(first.toordinal() + days)
    count = int(str(asked("months_begun", [[f"date {first}", f"date {last}"]], [Field("c0"), Field("c1")])))
    assert later(first, count - 1) <= last < later(first, count)
