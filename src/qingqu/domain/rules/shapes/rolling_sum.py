"""Shape "rolling-window sum": rows of one group that lie close together add up to a limit that each one alone stays
below. Arguments: `rows`, `by`, `at`, `days` or `hours` (the window's length), `part`, `limit`, optional `reaches` (true:
at the limit already; false: above it), `members` (a field whose different values, sorted and joined with +, name the
group), `at_least` (rows in a window, default 2), `take`. See docs/rules/rolling_sum.md."""

from decimal import Decimal
from typing import Any, Literal

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr, Field, Number, Rows, parse
from qingqu.domain.rules.plan import Judgement, Within
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, exprs, names

KEYS = {"rows", "by", "at", "days", "hours", "part", "limit", "reaches", "members", "at_least", "take"}


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Windows from each row forward; a sum with unknown parts decides only where the known ones reach the limit."""
    told = checked(logic, KEYS, ("rows", "by", "at", "part", "limit"), place)
    if ("days" in told) == ("hours" in told):
        raise RuleError(f"{place}: days 和 hours 写且只写一个")
    unit: Literal["days", "hours"] = "days" if "days" in told else "hours"
    part = parse(told["part"], f"{place}.part")
    take: dict[str, Expr] = {
        "window_known": Call("first_known", (Call("sum_known", (part,)), Number(Decimal(0)))),
        "window_exact": Call("sum", (part,)),
        "window_rows": Call("count", (Rows(),)),
        "window_first": Call("min", (Field(str(told["at"])),)),
        "window_last": Call("max", (Field(str(told["at"])),)),
        **(exprs(told["take"], f"{place}.take") if "take" in told else {}),
    }
    if "members" in told:
        (member,) = names(told["members"], f"{place}.members")
        take["members"] = Call("all_joined", (Field(member),))
    rows = tables.find(told["rows"], f"{place}.rows")
    span = parse(told[unit], f"{place}.{unit}")
    by, (at,) = names(told["by"], f"{place}.by"), names(told["at"], f"{place}.at")
    source = tables.add(Within(tables.fresh("window"), rows, by, at, span, unit, take))
    verb = "at_least" if told.get("reaches", True) else "more_than"
    limit = parse(told["limit"], f"{place}.limit")
    least = parse(told.get("at_least", 2), f"{place}.at_least")
    hit = Call("all", (
        Call("at_least", (Field("window_rows"), least)),
        Call("any", tuple(Call(verb, (Field(name), limit)) for name in ("window_known", "window_exact"))),
    ))  # fmt: skip
    values = {"total": Field("window_known"), "count": Field("window_rows"), "first": Field("window_first"),
              "last": Field("window_last")}  # fmt: skip
    return Outline((Judgement(source, hit, values=values),), Field("total"), itself(*values))
