"""Expressions of a rule as SQL expressions; thresholds and words become bound values."""

from collections.abc import Mapping

from sqlglot import exp

from qingqu.domain.rules.expr import (
    AsOf,
    Call,
    Expr,
    Field,
    Measured,
    Number,
    Parameter,
    Rows,
    Text,
    Unknown,
    Value,
    Words,
)
from qingqu.domain.rules.kinds import Columns, Kinds
from qingqu.engine.duck_verbs import filled

PRESENCE = {"present", "absent"}


def column(name: str) -> exp.Expr:
    """A quoted column, so that no field name can be read as anything else."""
    return exp.column(name, quoted=True)


def bound(name: str) -> exp.Expr:
    """A named bound value."""
    return exp.Parameter(this=exp.var(name))


def chosen(*columns: exp.Expr | str) -> exp.Select:
    """A SELECT of these columns, built without copies; a text is one plain name, a star or a number."""
    return exp.Select(expressions=[_plain(one) if isinstance(one, str) else one for one in columns])


def _plain(name: str) -> exp.Expr:
    if name == "*":
        return exp.Star()
    return exp.Literal.number(name) if name.isdigit() else column(name)


class Terms:
    """Writes expressions over rows whose columns' kinds are known."""

    def __init__(self, kinds: Kinds, words: Mapping[str, tuple[str, ...]]) -> None:
        self.kinds = kinds
        self.words = words

    def term(self, expr: Expr, columns: Columns) -> exp.Expr:
        """The SQL of an expression over the columns of the step it stands on."""
        match expr:
            case Field(name):
                return column(name)
            case Parameter(name):
                return exp.cast(bound(f"p_{name}"), "DECIMAL(24,4)", copy=False)
            case AsOf():
                return exp.cast(bound("as_of"), "DATE", copy=False)
            case Measured():
                return column("measured")
            case Value(name):
                return column(f"s_{name}")
            case Number(value):
                return exp.Literal.number(format(value, "f"))
            case Text(value):
                return exp.Literal.string(value)
            case Unknown():
                return exp.cast(exp.Null(), "BOOLEAN", copy=False)
            case Rows():
                return exp.Star()
            case Words(name):
                raise KeyError(name)
            case Call(verb, args):
                return self._call(verb, args, columns)

    def _call(self, verb: str, args: tuple[Expr, ...], columns: Columns) -> exp.Expr:
        if verb in {"in", "contains_one_of"}:
            return self._words(verb, args, columns)
        told = [self.term(arg, columns) for arg in args]
        match verb:
            case "all":
                return exp.paren(exp.and_(*told, copy=False), copy=False)
            case "any":
                return exp.paren(exp.or_(*told, copy=False), copy=False)
            case "first_known":
                return exp.func("coalesce", *told, copy=False)
            case "joined":
                made = told[0]
                for more in told[1:]:
                    made = exp.DPipe(
                        this=exp.DPipe(this=made, expression=exp.Literal.string("+")), expression=more
                    )
                return exp.paren(made, copy=False)
        kind = self.kinds.of(args[0], columns, verb) if args else ""
        return filled(verb, kind, told)

    def _words(self, verb: str, args: tuple[Expr, ...], columns: Columns) -> exp.Expr:
        text, words = args
        assert isinstance(words, Words)  # noqa: S101 - the kinds were checked
        told = self.term(text, columns)
        terms = [bound(f"w_{words.name}_{n}") for n in range(len(self.words[words.name]))]
        if verb == "in":
            return exp.paren(exp.In(this=told, expressions=terms), copy=False)
        return exp.paren(
            exp.or_(*(exp.func("contains", told.copy(), term, copy=False) for term in terms), copy=False),
            copy=False,
        )

    def not_false(self, expr: Expr, columns: Columns) -> exp.Expr:
        """A two-valued condition: the expression is true or unknown. Taken apart, so that a scan can use the parts."""
        if isinstance(expr, Call) and expr.verb in {"all", "any"}:
            parts = [self.not_false(arg, columns) for arg in expr.args]
            return exp.paren(
                exp.and_(*parts, copy=False) if expr.verb == "all" else exp.or_(*parts, copy=False),
                copy=False,
            )
        told = self.term(expr, columns)
        if isinstance(expr, Call) and expr.verb in PRESENCE:
            return told
        return exp.func("coalesce", told, exp.true(), copy=False)
