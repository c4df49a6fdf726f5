"""Shape "shared attribute among different parties": parties that ought to be strangers have something in common.
Arguments: `rows` (one a party and attribute; a party without any has one row whose attribute is missing), `among` (the
fields of one contest; without them all rows are one), `party`, `attribute`, optional `more_than` (default 1),
`unknown_if` (any: one party without attribute leaves the contest undecided; all: only if none has one; never), `take` (true: the rows of
the parties that share are kept, so that `show` can speak of their fields).
With `step` (difference, ratio) the attribute is a number, and what is shared is the step from one to the next: at least
`at_least` different numbers that rise by the same difference or the same factor.
See docs/rules/shared_attribute.md."""

from decimal import Decimal
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import TRUE, Call, Expr, Field, Number, Unknown, parse
from qingqu.domain.rules.plan import Filter, Group, Judgement, Series
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, names

KEYS = {"rows", "among", "party", "attribute", "more_than", "unknown_if", "take", "step", "at_least"}


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Counts the different parties of each attribute within a contest."""
    told = checked(logic, KEYS, ("rows", "party", "attribute"), place)
    rows = tables.find(told["rows"], f"{place}.rows")
    among = names(told["among"], f"{place}.among") if "among" in told else ()
    (party,), (attribute,) = (names(told[key], f"{place}.{key}") for key in ("party", "attribute"))
    if "step" in told:
        return _stepped(tables, told, rows, among, attribute, place)
    limit = parse(told["more_than"], f"{place}.more_than") if "more_than" in told else Number(Decimal(1))
    unknown_if = told.get("unknown_if", "any" if among else "never")
    if unknown_if not in {"any", "all", "never"} or (unknown_if != "never" and not among):
        raise RuleError(f"{place}.unknown_if: 只能是 any、all、never；没有 among 时只能是 never")
    parties = {"parties": Call("count_distinct", (Field(party),))}
    having = tables.add(Filter(tables.fresh("filter"), rows, Call("present", (Field(attribute),))))
    source = tables.add(Group(tables.fresh("group"), having, itself(*among, attribute), parties))
    hit: Expr = Call("more_than", (Field("parties"), limit))
    if "take" in told:
        # What is told of the parties is read from the rows of the few attributes that are shared.
        few = tables.add(Filter(tables.fresh("filter"), source, hit))
        both = {name: name for name in (*among, attribute)}
        source = tables.join(having, few, both, {"parties": "parties"}, "must", silent=True)
    judgements = [Judgement(source, hit, values={"shared": Field(attribute)})]
    if unknown_if != "never":
        judgements.append(_doubt(tables, rows, among, party, attribute, limit, unknown_if))
    return Outline(tuple(judgements), Field("parties"), itself("shared"), everyone=rows)


def _stepped(
    tables: Tables, told: Any, rows: str, among: tuple[str, ...], attribute: str, place: str
) -> Outline:
    if told["step"] not in {"difference", "ratio"} or "at_least" not in told or not among:
        raise RuleError(f"{place}: step 只能是 difference、ratio，并写 at_least 和 among")
    least = parse(told["at_least"], f"{place}.at_least")
    source = tables.add(Series(tables.fresh("series"), rows, among, attribute, told["step"], least))
    return Outline((Judgement(source, TRUE),), Field("length"), itself("first", "last"), everyone=rows)


def _doubt(
    tables: Tables,
    rows: str,
    among: tuple[str, ...],
    party: str,
    attribute: str,
    limit: Expr,
    unknown_if: str,
) -> Judgement:
    """Contests that are open because parties have no attribute: any of several, or all of them."""
    take = {
        "all_parties": Call("count_distinct", (Field(party),)),
        "known": Call("count", (Call("present", (Field(attribute),)),)),
        "without": Call("unknowns", (Field(attribute),)),
    }
    totals = tables.add(Group(tables.fresh("group"), rows, itself(*among), take))
    open_ = ("more_than", Field("without")) if unknown_if == "any" else ("same", Field("known"))
    conditions = (
        Call(open_[0], (open_[1], Number(Decimal(0)))), Call("more_than", (Field("all_parties"), limit)), Unknown(),
    )  # fmt: skip
    return Judgement(totals, Call("all", conditions))
