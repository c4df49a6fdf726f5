"""The closed verbs of a rule: a small typed expression tree, read from `{verb: arguments}` mappings.

Meaning of a missing value: a comparison with a missing side is *unknown*; `all` is false as soon as one part is
false, `any` is true as soon as one part is true, whatever else is unknown (Kleene). Unknown in the end means
"insufficient data", never "clear"."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["date", "number", "text", "truth"]

# verb → (kinds of its arguments, kind of its result). `all` and `any` take any number of truths.
VERBS: dict[str, tuple[tuple[Kind, ...], Kind]] = {
    "before": (("date", "date"), "truth"),
    "after": (("date", "date"), "truth"),
    "more_than": (("number", "number"), "truth"),
    "at_least": (("number", "number"), "truth"),
    "less_than": (("number", "number"), "truth"),
    "at_most": (("number", "number"), "truth"),
    "not": (("truth",), "truth"),
    # Calendar months from the first date's month, which counts as 1, to the second date's month.
    "months_counted": (("date", "date"), "number"),
    # Calendar days from the first date to the second; the first day is not counted.
    "days": (("date", "date"), "number"),
}
OPEN_VERBS: frozenset[str] = frozenset({"all", "any"})
STATE_VERBS: frozenset[str] = frozenset({"present", "absent"})


class RuleError(ValueError):
    """A rule that is refused; the message names the rule and the place."""


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
    """The value that the rule's shape measures (for ladders and sentences)."""


@dataclass(frozen=True)
class Number:
    """A fixed number; thresholds are parameters, so this is for counts such as zero."""

    value: Decimal


@dataclass(frozen=True)
class Call:
    """A verb with its arguments."""

    verb: str
    args: "tuple[Expr, ...]"


Expr = Field | Parameter | AsOf | Measured | Number | Call


def parse(tree: object, place: str) -> Expr:
    """Reads a `{verb: arguments}` mapping; anything unknown is refused with its place."""
    if not isinstance(tree, Mapping) or len(tree) != 1:
        raise RuleError(f"{place}: expected one verb with its arguments, such as {{field: planned_start}}")
    ((verb, given),) = tree.items()
    if verb in {"field", "param"}:
        if not isinstance(given, str) or not given.isidentifier():
            raise RuleError(f"{place}.{verb}: expected a name")
        return Field(given) if verb == "field" else Parameter(given)
    if verb == "day" and given == "as_of":
        return AsOf()
    if verb == "measured" and given == "value":
        return Measured()
    if verb == "number" and isinstance(given, int | str) and not isinstance(given, bool):
        return Number(Decimal(given))
    known = verb in VERBS or verb in OPEN_VERBS or verb in STATE_VERBS
    if not known:
        raise RuleError(f"{place}: unknown verb {verb!r}")
    parts = given if isinstance(given, list) else [given]
    wanted = len(VERBS[verb][0]) if verb in VERBS else (1 if verb in STATE_VERBS else None)
    if not parts or (wanted is not None and len(parts) != wanted):
        raise RuleError(f"{place}.{verb}: expected {wanted or 'some'} arguments, got {len(parts)}")
    return Call(verb, tuple(parse(part, f"{place}.{verb}[{n}]") for n, part in enumerate(parts)))


def kind_of(expr: Expr, fields: Mapping[str, Kind], params: Mapping[str, Kind], place: str) -> Kind:
    """The kind of an expression's value; refuses a field, parameter or argument that does not fit."""
    match expr:
        case Field(name):
            if name not in fields:
                raise RuleError(f"{place}: the dataset has no field {name!r}")
            return fields[name]
        case Parameter(name):
            if name not in params:
                raise RuleError(f"{place}: the rule has no parameter {name!r}")
            return params[name]
        case AsOf():
            return "date"
        case Measured() | Number():
            return "number"
        case Call(verb, args):
            kinds = tuple(kind_of(arg, fields, params, f"{place}.{verb}[{n}]") for n, arg in enumerate(args))
            if verb in STATE_VERBS:
                return "truth"
            wanted = VERBS[verb][0] if verb in VERBS else ("truth",) * len(kinds)
            if kinds != wanted:
                raise RuleError(f"{place}.{verb}: needs {', '.join(wanted)}, got {', '.join(kinds)}")
            return VERBS[verb][1] if verb in VERBS else "truth"


def fields_in(expr: Expr) -> frozenset[str]:
    """Every field that the expression reads."""
    match expr:
        case Field(name):
            return frozenset({name})
        case Call(_, args):
            return frozenset[str]().union(*(fields_in(arg) for arg in args))
        case _:
            return frozenset()
