"""Shape "due date against actual": what was due by a day, has not happened, and nobody excused it.

Arguments: `rows`, `due` and `actual` (dates), optional `excused_by` (whose presence silences), `measure` (how late, a
number; days without it). See docs/rules/due_against_actual.md."""

from typing import Any

from qingqu.domain.rules.expr import AsOf, Call, Expr, parse
from qingqu.domain.rules.plan import Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Due before the day, not done, not excused."""
    told = checked(logic, {"rows", "due", "actual", "excused_by"}, ("rows", "due", "actual"), place)
    rows = tables.find(told["rows"], f"{place}.rows")
    due = parse(told["due"], f"{place}.due")
    conditions: list[Expr] = [
        Call("before", (due, AsOf())), Call("absent", (parse(told["actual"], f"{place}.actual"),))
    ]  # fmt: skip
    if "excused_by" in told:
        conditions.append(Call("absent", (parse(told["excused_by"], f"{place}.excused_by"),)))
    values: dict[str, Expr] = {"due": due, "days_late": Call("days", (due, AsOf()))}
    judgement = Judgement(rows, Call("all", tuple(conditions)), values=values)
    return Outline((judgement,), itself("days_late")["days_late"], itself("due", "days_late"), everyone=rows)
