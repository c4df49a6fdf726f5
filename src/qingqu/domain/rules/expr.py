"""Expressions of a rule: a small typed tree, read from `{verb: arguments}` mappings. The verbs are in `verbs`.

Short forms: a bare name is a field, a whole number or a decimal in quotes is a number. `docs/rules/writing.md` lists
all forms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.verbs import VERBS


@dataclass(frozen=True)
class Field:
    """A field of the row under judgement."""

    name: str


@dataclass(frozen=True)
class Parameter:
    """A threshold that a county may set."""

    name: str


@dataclass(frozen=True)
class AsOf:
    """The day as of which the rule looks."""


@dataclass(frozen=True)
class Measured:
    """The value that the rule measures (for ladders)."""


@dataclass(frozen=True)
class Value:
    """A shown value of the subject (for ladders and thresholds)."""

    name: str


@dataclass(frozen=True)
class Number:
    """A fixed number; thresholds are parameters, so this is for counts such as zero."""

    value: Decimal


@dataclass(frozen=True)
class Text:
    """A fixed text, such as a term of a code list."""

    value: str


@dataclass(frozen=True)
class Words:
    """One of the rule's word lists, by name."""

    name: str


@dataclass(frozen=True)
class Unknown:
    """A truth that nobody knows: where a link is missing, so that nothing can be said."""


@dataclass(frozen=True)
class Rows:
    """The rows of the group, for counting."""


@dataclass(frozen=True)
class Call:
    """A verb with its arguments."""

    verb: str
    args: "tuple[Expr, ...]"


Expr = Field | Parameter | AsOf | Measured | Value | Number | Text | Words | Unknown | Rows | Call
DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,8})?")
TRUE = Call("present", (Number(Decimal(1)),))
NAMED: dict[str, type[Field] | type[Parameter] | type[Words] | type[Value]] = {
    "field": Field, "param": Parameter, "list": Words, "value": Value,
}  # fmt: skip


def parse(tree: object, place: str) -> Expr:
    """Reads an expression; anything unknown is refused with its place."""
    if isinstance(tree, str):
        if DECIMAL.fullmatch(tree):
            return Number(Decimal(tree))
        if not name_like(tree):
            raise RuleError(f"{place}: {tree!r} 不是字段名；文字请写成 {{text: {tree}}}")
        return Field(tree)
    if isinstance(tree, int | Decimal) and not isinstance(tree, bool):
        return Number(Decimal(tree))
    if not isinstance(tree, Mapping) or len(tree) != 1:
        raise RuleError(f"{place}: 应写一个动词和它的参数，如 {{before: [planned_start, {{day: as_of}}]}}")
    ((verb, given),) = tree.items()
    return _leaf(verb, given, place) or _call(verb, given, place)


def _leaf(verb: object, given: object, place: str) -> Expr | None:
    if verb in NAMED:
        if verb == "value" and not isinstance(given, str):
            raise RuleError(f"{place}.value: 应为名称")
        if not isinstance(given, str) or not name_like(given):
            raise RuleError(f"{place}.{verb}: 应为名称")
        return NAMED[str(verb)](given)
    if verb == "day" and given == "as_of":
        return AsOf()
    if verb == "unknown" and given == "truth":
        return Unknown()
    if verb == "measured" and given == "value":
        return Measured()
    if verb == "text" and isinstance(given, str):
        return Text(given)
    if verb == "number" and isinstance(given, int | str) and not isinstance(given, bool):
        try:
            return Number(Decimal(given))
        except InvalidOperation:
            raise RuleError(f"{place}.number: {given!r} 不是数字") from None
    if verb == "count" and given == "rows":
        return Call("count", (Rows(),))
    return None


def _call(verb: object, given: object, place: str) -> Expr:
    if not isinstance(verb, str) or verb not in VERBS:
        raise RuleError(f"{place}: 没有动词 {verb!r}")
    parts = given if isinstance(given, list) else [given]
    low, high = VERBS[verb].arity
    if not low <= len(parts) <= high:
        wanted = str(low) if low == high else f"至少 {low}"
        raise RuleError(f"{place}.{verb}: 应有 {wanted} 个参数，现有 {len(parts)} 个")
    return Call(verb, tuple(parse(part, f"{place}.{verb}[{n}]") for n, part in enumerate(parts)))


def name_like(text: str) -> bool:
    """Whether a text can be a name of ours: ASCII letters, digits, underscores."""
    return text.isascii() and text.isidentifier()


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts."""
    yield expr
    if isinstance(expr, Call):
        for arg in expr.args:
            yield from walk(arg)


def fields_in(*exprs: Expr | None) -> frozenset[str]:
    """Every field that the expressions read."""
    return frozenset(
        part.name for expr in exprs if expr is not None for part in walk(expr) if isinstance(part, Field)
    )


def aggregates(expr: Expr) -> bool:
    """Whether the expression speaks of a group of rows, not of one row."""
    return any(isinstance(part, Call) and VERBS[part.verb].aggregate for part in walk(expr))


def whole(expr: Expr) -> Expr:
    """The expression over a group of rows: as it is if it aggregates, else its greatest value."""
    return expr if aggregates(expr) else Call("max", (expr,))


def all_of(parts: Sequence[Expr]) -> Expr:
    """The parts joined by `all`; a single one as it is."""
    return parts[0] if len(parts) == 1 else Call("all", tuple(parts))
