"""Checks a plan against the datasets' fields: every field, parameter and argument exists and fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qingqu.domain.rules.errors import RuleError
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
    aggregates,
)
from qingqu.domain.rules.plan import (
    Derive,
    Filter,
    Group,
    Join,
    Latest,
    Months,
    Read,
    Series,
    Step,
    Union,
    Within,
)
from qingqu.domain.rules.verbs import KIND_WORDS, VERBS, Kind

KIND_OF_TYPE: dict[str, Kind] = {
    "date": "date", "datetime": "moment", "month": "month", "money": "number", "quantity": "number",
    "percent": "number", "integer": "number",
}  # fmt: skip
LEAVES: dict[type, Kind] = {AsOf: "date", Number: "number", Rows: "number", Text: "text", Unknown: "truth"}
Columns = dict[str, Kind]


@dataclass
class Kinds:
    """What a rule's expressions may speak of: parameters, word lists, datasets (name → field → type name)."""

    params: frozenset[str]
    words: frozenset[str]
    schemas: Mapping[str, Mapping[str, str]]
    steps: dict[str, Columns] = field(default_factory=dict)
    measured: Kind | None = None
    values: Columns = field(default_factory=dict)

    def of(self, expr: Expr, columns: Mapping[str, Kind], place: str) -> Kind:
        """The kind of an expression's value over rows with these columns."""
        match expr:
            case Field(name):
                return _named(columns, name, "字段", place)
            case Parameter(name):
                return _named(dict.fromkeys(self.params, "number"), name, "参数", place)
            case Words(name):
                return _named(dict.fromkeys(self.words, "words"), name, "词表", place)
            case Value(name):
                return _named(self.values, name, "显示值", place)
            case Measured():
                return _named({"value": self.measured} if self.measured else {}, "value", "测得值", place)
            case Call(verb, args):
                if VERBS[verb].aggregate and any(aggregates(arg) for arg in args):
                    raise RuleError(f"{place}.{verb}: 汇总里不能再有汇总")
                kinds = tuple(self.of(arg, columns, f"{place}.{verb}[{n}]") for n, arg in enumerate(args))
                return _result(verb, kinds, place)
            case _:
                return LEAVES[type(expr)]

    def row(self, expr: Expr, columns: Mapping[str, Kind], wanted: Kind | None, place: str) -> Kind:
        """The same for an expression over one row, which must not aggregate."""
        if aggregates(expr):
            raise RuleError(f"{place}: 这里说的是一行，不能汇总")
        return self.needs(expr, columns, wanted, place)

    def needs(self, expr: Expr, columns: Mapping[str, Kind], wanted: Kind | None, place: str) -> Kind:
        """The kind, which must be the wanted one if one is wanted."""
        found = self.of(expr, columns, place)
        if wanted is not None and found != wanted:
            raise RuleError(f"{place}: 应为{KIND_WORDS[wanted]}，却是{KIND_WORDS[found]}")
        return found

    def take(self, step: Step, place: str) -> None:
        """Notes the columns of a step, after checking it."""
        self.steps[step.name] = self._columns(step, f"{place}.{step.name}")

    def _columns(self, step: Step, place: str) -> Columns:
        match step:
            case Read(_, dataset):
                if dataset not in self.schemas:
                    raise RuleError(f"{place}: 没有数据集 {dataset!r}")
                return {name: KIND_OF_TYPE.get(kind, "text") for name, kind in self.schemas[dataset].items()}
            case Filter(_, source, where):
                self.row(where, self.steps[source], "truth", place)
                return self.steps[source]
            case Derive(_, source, columns):
                own = self.steps[source]
                return own | {
                    name: self.row(expr, own, None, f"{place}.{name}") for name, expr in columns.items()
                }
            case Join():
                return self._joined(step, place)
            case Union(_, parts):
                return self._united(parts, place)
            case _:
                return self._ended(step, self.steps[step.source], place)

    def _ended(self, step: Group | Latest | Within | Series | Months, own: Columns, place: str) -> Columns:
        def known(*names: str) -> Columns:
            return {name: self.of(Field(name), own, place) for name in names}

        match step:
            case Group(_, _, by, take):
                kept = {name: self.row(expr, own, None, f"{place}.{name}") for name, expr in by.items()}
                return kept | {name: self.of(expr, own, f"{place}.{name}") for name, expr in take.items()}
            case Latest(_, _, by, order):
                known(*by, order)
                return own
            case Within():
                self.needs(Field(step.at), own, "date" if step.unit == "days" else "moment", place)
                self.row(step.span, {}, "number", place)
                taken = {name: self.of(expr, own, f"{place}.{name}") for name, expr in step.take.items()}
                return known(*step.by) | taken
            case Series():
                self.needs(Field(step.value), own, "number", place)
                self.row(step.at_least, {}, "number", place)
                return known(*step.by) | {"length": "number", "first": "number", "last": "number"}
            case Months():
                for expr in (step.first, step.last):
                    self.row(expr, own, "month", place)
                return own | {step.column: "month"}

    def _joined(self, step: Join, place: str) -> Columns:
        here, there = self.steps[step.source], self.steps[step.other]
        for left, right in step.on.items():
            kind = self.of(Field(left), here, place)
            self.needs(Field(right), there, kind, f"{place}.{left}")
        if step.how in {"in", "not_in"}:
            return here
        taken = {name: self.of(Field(old), there, place) for name, old in step.take.items()}
        if both := sorted(set(taken) & set(here)):
            raise RuleError(f"{place}: 字段 {both[0]!r} 两边都有，请在 take 里另起名称")
        return here | taken

    def _united(self, parts: tuple[tuple[str, Mapping[str, Expr]], ...], place: str) -> Columns:
        found: Columns = {}
        for source, columns in parts:
            for name, expr in columns.items():
                kind = self.row(expr, self.steps[source], None, f"{place}.{name}")
                if found.setdefault(name, kind) != kind:
                    raise RuleError(
                        f"{place}.{name}: 各部分的类型不同（{KIND_WORDS[found[name]]}、{KIND_WORDS[kind]}）"
                    )
        return found


def _named(known: Mapping[str, Kind], name: str, what: str, place: str) -> Kind:
    if name not in known:
        raise RuleError(f"{place}: 没有{what} {name!r}；这里有 {'、'.join(sorted(known)[:40]) or '（无）'}")
    return known[name]


def _result(verb: str, kinds: tuple[Kind, ...], place: str) -> Kind:
    found = VERBS[verb].result(kinds)
    if found is None:
        forms = " 或 ".join(
            "、".join(KIND_WORDS[kind] for kind in wanted) for wanted, _ in VERBS[verb].forms[:4]
        )
        got = "、".join(KIND_WORDS[kind] for kind in kinds)
        raise RuleError(f"{place}.{verb}: 应为 {forms}，却是 {got}")
    return found
