"""Shape "sequence out of order": a later step is dated before an earlier one, or was taken without it. Arguments:
`rows`, `steps` (dates in their right order, name: expression), optional `skipped` (what a missing earlier step beside a
later one means: unknown, hit, ignore). See docs/rules/out_of_order.md."""

from itertools import combinations
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr
from qingqu.domain.rules.plan import Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, columns


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Every pair of steps: the later one present and dated before the earlier one."""
    told = checked(logic, {"rows", "steps", "skipped"}, ("rows", "steps"), place)
    rows = tables.find(told["rows"], f"{place}.rows")
    steps = columns(told["steps"], f"{place}.steps")
    if len(steps) < 2:
        raise RuleError(f"{place}.steps: 至少两步")
    skipped = told.get("skipped", "unknown")
    if skipped not in {"unknown", "hit", "ignore"}:
        raise RuleError(f"{place}.skipped: 只能是 unknown、hit、ignore")
    pairs = [_wrong(first, then, skipped) for first, then in combinations(steps.values(), 2)]
    hit = pairs[0] if len(pairs) == 1 else Call("any", tuple(pairs))
    # The days from the first step to the second: negative where they stand the wrong way round.
    first, then = list(steps.values())[:2]
    values = {
        "days_between": Call("days", (first, then)),
        **{f"step_{name}": expr for name, expr in steps.items()},
    }
    return Outline((Judgement(rows, hit, values=values),), itself("days_between")["days_between"],
                   itself(*values), everyone=rows)  # fmt: skip


def _wrong(first: Expr, then: Expr, skipped: str) -> Expr:
    reversed_ = Call("before", (then, first))
    if skipped == "hit":
        return Call("all", (Call("present", (then,)), Call("any", (Call("absent", (first,)), reversed_))))
    if skipped == "ignore":
        return Call("all", (Call("present", (then,)), Call("present", (first,)), reversed_))
    return Call("all", (Call("present", (then,)), reversed_))
