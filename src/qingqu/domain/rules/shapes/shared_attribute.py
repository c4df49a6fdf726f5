"""Shape "shared attribute among different parties": parties that ought to be strangers have something in common.
Arguments: `rows` (one a party and attribute; a party without any has one row whose attribute is missing), `among` (the
fields of one contest; without them all rows are one), `party`, `attribute`, optional `more_than` (default 1),
`unknown_if` (any: one party without attribute leaves the contest undecided; all: only if none has one; never), `take`.
With `step` (difference, ratio) the attribute is a number, and what is shared is the step from one to the next: at least
`at_least` different numbers that rise by the same difference or the same factor.
See docs/rules/shared_attribute.md."""

from decimal import Decimal
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import TRUE, Call, Expr, Field, Number, Unknown, parse
from qingqu.domain.rules.plan import Filter, Group, Judgement, Series
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, exprs, names

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
    take = exprs(told["take"], f"{place}.take") if "take" in told else {}
    take["parties"] = Call("count_distinct", (Field(party),))
    here = rows
    if unknown_if == "never":
        here = tables.add(Filter(tables.fresh("filter"), rows, Call("present", (Field(attribute),))))
    source = tables.add(Group(tables.fresh("group"), here, itself(*among, attribute), take))
    hit: Expr = Call("more_than", (Field("parties"), limit))
    if unknown_if != "never":
        source = _with_totals(tables, source, rows, among, party, attribute)
        hit = Call(
            "any",
            (Call("all", (Call("present", (Field(attribute),)), hit)), _doubt(attribute, limit, unknown_if)),
        )
    values = {"shared": Field(attribute)}
    return Outline(
        (Judgement(source, hit, values=values),), Field("parties"), itself("shared"), everyone=rows
    )


def _stepped(
    tables: Tables, told: Any, rows: str, among: tuple[str, ...], attribute: str, place: str
) -> Outline:
    if told["step"] not in {"difference", "ratio"} or "at_least" not in told or not among:
        raise RuleError(f"{place}: step 只能是 difference、ratio，并写 at_least 和 among")
    least = parse(told["at_least"], f"{place}.at_least")
    source = tables.add(Series(tables.fresh("series"), rows, among, attribute, told["step"], least))
    return Outline((Judgement(source, TRUE),), Field("length"), itself("first", "last"), everyone=rows)


def _with_totals(
    tables: Tables, source: str, rows: str, among: tuple[str, ...], party: str, attribute: str
) -> str:
    take = {
        "all_parties": Call("count_distinct", (Field(party),)),
        "known": Call("count", (Call("present", (Field(attribute),)),)),
    }
    totals = tables.add(Group(tables.fresh("group"), rows, itself(*among), take))
    return tables.join(
        source,
        totals,
        dict(zip(among, among, strict=True)),
        {name: name for name in take},
        "must",
        silent=True,
    )


def _doubt(attribute: str, limit: Expr, unknown_if: str) -> Expr:
    conditions: list[Expr] = [
        Call("absent", (Field(attribute),)), Call("more_than", (Field("all_parties"), limit)), Unknown(),
    ]  # fmt: skip
    if unknown_if == "all":
        conditions.append(Call("same", (Field("known"), Number(Decimal(0)))))
    return Call("all", tuple(conditions))
