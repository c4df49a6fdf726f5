"""Shape "ratio of sums against a limit": what adds up per subject is more (or less) than a share of a whole, or than a
fixed amount. Arguments: `rows`, `by`, `part` (number of a row), either `whole` (`to`, `match`, `value`, optional `take`) with
`percent`, or `limit`; optional `side` (over, under), `take` (aggregates to keep). See docs/rules/ratio_of_sums.md."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr, Field, Number, parse
from qingqu.domain.rules.plan import Group, Join, Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, columns, exprs, names, pairs, strict

HUNDRED, ZERO = Number(Decimal(100)), Number(Decimal(0))
KEYS = {"rows", "by", "part", "whole", "percent", "limit", "side", "take"}


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """A sum with unknown parts decides only where the known parts alone exceed the limit; else it is unknown."""
    told = checked(logic, KEYS, ("rows", "by", "part"), place)
    if ("whole" in told) != ("percent" in told) or ("whole" in told) == ("limit" in told):
        raise RuleError(f"{place}: 写 whole 和 percent，或者只写 limit")
    rows = tables.find(told["rows"], f"{place}.rows")
    part = parse(told["part"], f"{place}.part")
    by = columns(told["by"], f"{place}.by")
    take: dict[str, Expr] = {
        "part_known": Call("first_known", (Call("sum_known", (part,)), ZERO)), "part_exact": Call("sum", (part,)),
        **(exprs(told["take"], f"{place}.take") if "take" in told else {}),
    }  # fmt: skip
    source = tables.add(Group(tables.fresh("group"), rows, by, take))
    everyone = source
    values: dict[str, Expr] = {"part": Field("part_known")}
    if "whole" in told:
        source = _with_whole(tables, source, told["whole"], f"{place}.whole")
        limit = parse(told["percent"], f"{place}.percent")
        values |= {
            "whole": Field("whole_value"),
            "percent": Call("percent", (Field("part_known"), Field("whole_value"))),
        }
        bar: Expr = Call("times", (Field("whole_value"), limit))
        left = [Call("times", (Field(name), HUNDRED)) for name in ("part_known", "part_exact")]
    else:
        bar = parse(told["limit"], f"{place}.limit")
        left = [Field("part_known"), Field("part_exact")]  # type: ignore[list-item]
        values |= {"limit_value": bar}
    hit = _hit(told.get("side", "over"), left, bar, place)
    judgement = Judgement(source, hit, values=values)
    measured = Field("percent" if "whole" in told else "part")
    return Outline((judgement,), measured, itself(*values), everyone=everyone)


def _hit(side: object, left: list[Any], bar: Expr, place: str) -> Expr:
    if side == "over":
        return Call("any", tuple(Call("more_than", (one, bar)) for one in left))
    if side == "under":
        return Call("less_than", (left[1], bar))
    raise RuleError(f"{place}.side: 只能是 over、under")


def _with_whole(tables: Tables, source: str, given: object, place: str) -> str:
    told: Mapping[str, Any] = strict(given, {"to", "match", "value", "take"}, {"to", "match", "value"}, place)
    other = tables.find(told["to"], f"{place}.to")
    (value,) = names(told["value"], f"{place}.value")
    take = pairs(told["take"], f"{place}.take") if "take" in told else {}
    on = pairs(told["match"], f"{place}.match")
    return tables.add(Join(tables.fresh("join"), source, other, on, {"whole_value": value, **take}, "may"))
