"""Shape "duplicate within a key": more rows, or more different values, than one key may have. Arguments: `rows`, `key`,
optional `of` (count the different values of this field), `more_than` (default 1), `take` (aggregates to keep).
See docs/rules/duplicate.md."""

from decimal import Decimal
from typing import Any

from qingqu.domain.rules.expr import Call, Expr, Field, Number, Rows, parse
from qingqu.domain.rules.plan import Group, Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, columns, exprs, names


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Groups by the key and counts; with `of`, keys none of whose rows has a value are unknown."""
    told = checked(logic, {"rows", "key", "of", "more_than", "take"}, ("rows", "key"), place)
    rows = tables.find(told["rows"], f"{place}.rows")
    counted: Expr = Rows()
    take = exprs(told["take"], f"{place}.take") if "take" in told else {}
    conditions: list[Expr] = []
    if "of" in told:
        (of,) = names(told["of"], f"{place}.of")
        counted = Field(of)
        take |= {"any_known": Call("max", (counted,))}
        conditions.append(Call("same", (Field("any_known"), Field("any_known"))))
    take |= {"times": Call("count_distinct" if "of" in told else "count", (counted,))}
    key = columns(told["key"], f"{place}.key")
    source = tables.add(Group(tables.fresh("group"), rows, key, take))
    limit = parse(told["more_than"], f"{place}.more_than") if "more_than" in told else Number(Decimal(1))
    over: Expr = Call("more_than", (Field("times"), limit))
    hit = (
        Call("all", (Call("any", (over, Call("absent", (Field("any_known"),)))), *conditions))
        if conditions
        else over
    )
    return Outline((Judgement(source, hit),), Field("times"), itself("times"), everyone=source)
