"""Shape "peer outlier": one stands out from its peers, by its share of the whole or by distance from the quartiles.
Arguments: `rows`, `peers` (fields of one peer group), `party`, optional `value` (number of a row; without it rows are
counted), either `percent` (share above which one stands out) or `spread` (how many interquartile ranges) with `side`
(above, below); `at_least` (rows, with `spread` parties, in the peer group), `take`. See docs/rules/peer_outlier.md."""

from decimal import Decimal
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr, Field, Number, Rows, parse
from qingqu.domain.rules.plan import Group, Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, exprs, names

KEYS = {"rows", "peers", "party", "value", "percent", "spread", "side", "at_least", "take"}


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Sums (or counts) per party, then compares with all of the peer group."""
    told = checked(logic, KEYS, ("rows", "peers", "party", "at_least"), place)
    if ("percent" in told) == ("spread" in told):
        raise RuleError(f"{place}: percent 和 spread 写且只写一个")
    rows = tables.find(told["rows"], f"{place}.rows")
    peers = names(told["peers"], f"{place}.peers")
    (party,) = names(told["party"], f"{place}.party")
    mine: Expr = (
        Call("sum", (parse(told["value"], f"{place}.value"),))
        if "value" in told
        else Call("count", (Rows(),))
    )
    take = {"mine": mine, "mine_rows": Call("count", (Rows(),)),
            **(exprs(told["take"], f"{place}.take") if "take" in told else {})}  # fmt: skip
    each = tables.add(Group(tables.fresh("group"), rows, itself(*peers, party), take))
    everybody: dict[str, Expr] = (
        {"theirs": Call("sum", (Field("mine"),)), "size": Call("sum", (Field("mine_rows"),))}
        if "percent" in told
        else {"q1": Call("quartile_1", (Field("mine"),)), "q3": Call("quartile_3", (Field("mine"),)),
              "size": Call("count", (Rows(),))}
    )  # fmt: skip
    group = tables.add(Group(tables.fresh("group"), each, itself(*peers), everybody))
    source = tables.join(
        each, group, {name: name for name in peers}, {name: name for name in everybody}, "must", silent=True
    )
    out, values = _share(told, place) if "percent" in told else _distance(told, place)
    hit = Call("all", (Call("at_least", (Field("size"), parse(told["at_least"], f"{place}.at_least"))), out))
    measured = Field("share" if "percent" in told else "mine")
    return Outline((Judgement(source, hit, values=values),), measured, itself(*values), everyone=each)


def _share(told: Any, place: str) -> tuple[Expr, dict[str, Expr]]:
    percent = parse(told["percent"], f"{place}.percent")
    mine = Call("times", (Field("mine"), Number(Decimal(100))))
    over = Call("more_than", (mine, Call("times", (Field("theirs"), percent))))
    return over, {"share": Call("percent", (Field("mine"), Field("theirs")))}


def _distance(told: Any, place: str) -> tuple[Expr, dict[str, Expr]]:
    side = told.get("side", "above")
    if side not in {"above", "below"}:
        raise RuleError(f"{place}.side: 只能是 above、below")
    reach = Call(
        "times", (Call("minus", (Field("q3"), Field("q1"))), parse(told["spread"], f"{place}.spread"))
    )
    bar = Call("plus", (Field("q3"), reach)) if side == "above" else Call("minus", (Field("q1"), reach))
    verb = "at_least" if side == "above" else "at_most"
    return Call(verb, (Field("mine"), bar)), {"bar": bar}
