"""Shape "due date against actual": what was due by a day, has not happened, and nobody excused it.

Arguments: `rows` (dataset), `due` and `actual` (date expressions), optional `excused_by` (an expression whose
presence silences), `measure` (how late, a number), optional `applies`. See docs/rules/due_against_actual.md."""

from collections.abc import Mapping
from typing import Any

from qingqu.domain.rules.expr import AsOf, Call, Expr, RuleError, parse
from qingqu.domain.rules.plan import Derive, Plan, Read

KEYS = {"rows", "due", "actual", "excused_by", "measure", "applies"}


def expand(logic: Mapping[str, Any], place: str) -> Plan:
    """The plan of one rule of this shape; unknown or missing arguments are refused with their place."""
    if unknown := set(logic) - KEYS:
        raise RuleError(f"{place}: unknown argument {sorted(unknown)[0]!r}")
    if missing := {"rows", "due", "actual", "measure"} - set(logic):
        raise RuleError(f"{place}: argument {sorted(missing)[0]!r} is missing")
    due = parse(logic["due"], f"{place}.due")
    actual = parse(logic["actual"], f"{place}.actual")
    conditions: list[Expr] = [Call("before", (due, AsOf())), Call("absent", (actual,))]
    shown: dict[str, Expr] = {"due": due, "days_late": Call("days", (due, AsOf()))}
    if "excused_by" in logic:
        excuse = parse(logic["excused_by"], f"{place}.excused_by")
        conditions.append(Call("absent", (excuse,)))
    dataset = str(logic["rows"])
    measure = parse(logic["measure"], f"{place}.measure")
    return Plan(
        steps=(Read("source", dataset), Derive("measured", "source", {"measured_value": measure})),
        hit=Call("all", tuple(conditions)),
        measured=measure,
        shown=shown,
        evidence=(dataset,),
        applies=parse(logic["applies"], f"{place}.applies") if "applies" in logic else None,
    )
