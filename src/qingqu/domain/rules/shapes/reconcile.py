"""Shape "reconcile two totals": what one side says is owed, billed or reported against what the other side says.
Arguments: `by`, `left` and `right` (each `rows`, `sum`), `test` (exceeds: left above right; differs: apart), optional
`tolerance` (an amount, default 0), `missing` (zero, or unknown: a side without any row). See docs/rules/reconcile.md."""

from decimal import Decimal
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr, Field, Number, parse
from qingqu.domain.rules.plan import Group, Judgement, Union
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, names, strict

ZERO, ONE = Number(Decimal(0)), Number(Decimal(1))


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Both sides' amounts per subject in one table, so that a side without rows is seen too."""
    told = checked(
        logic, {"by", "left", "right", "test", "tolerance", "missing"}, ("by", "left", "right", "test"), place
    )
    by = names(told["by"], f"{place}.by")
    parts = []
    for side in ("left", "right"):
        spec = strict(told[side], {"rows", "sum"}, {"rows", "sum"}, f"{place}.{side}")
        amount = parse(spec["sum"], f"{place}.{side}.sum")
        mine, other = (amount, ZERO) if side == "left" else (ZERO, amount)
        flags = {"from_left": ONE if side == "left" else ZERO, "from_right": ONE if side == "right" else ZERO}
        parts.append((tables.find(spec["rows"], f"{place}.{side}.rows"),
                      {**itself(*by), "left_part": mine, "right_part": other, **flags}))  # fmt: skip
    united = tables.add(Union(tables.fresh("union"), tuple(parts)))
    take: dict[str, Expr] = {
        "left": Call("sum", (Field("left_part"),)), "right": Call("sum", (Field("right_part"),)),
        "left_rows": Call("sum", (Field("from_left"),)), "right_rows": Call("sum", (Field("from_right"),)),
    }  # fmt: skip
    source = tables.add(Group(tables.fresh("group"), united, itself(*by), take))
    gap = Call("minus", (Field("left"), Field("right")))
    return Outline((Judgement(source, _hit(told, gap, place), values={"gap": gap}),), Field("gap"),
                   itself("gap", "left", "right"), everyone=source)  # fmt: skip


def _hit(told: Any, gap: Expr, place: str) -> Expr:
    tolerance = parse(told["tolerance"], f"{place}.tolerance") if "tolerance" in told else ZERO
    over = Call("more_than", (gap, tolerance))
    if told["test"] == "exceeds":
        hit: Expr = over
    elif told["test"] == "differs":
        hit = Call("any", (over, Call("more_than", (Call("minus", (ZERO, gap)), tolerance))))
    else:
        raise RuleError(f"{place}.test: 只能是 exceeds、differs")
    if told.get("missing", "zero") == "zero":
        return hit
    if told["missing"] != "unknown":
        raise RuleError(f"{place}.missing: 只能是 zero、unknown")
    # A side without rows has count 0, and 1 divided by 0 is unknown.
    known = [
        Call("more_than", (Call("divided_by", (ONE, Field(name))), ZERO))
        for name in ("left_rows", "right_rows")
    ]
    return Call("all", (Call("same", (known[0], known[1])), hit))
