"""Rule tree to SQL: named CTEs built as sqlglot expression trees, values as bound parameters.

This emitter speaks DuckDB's dialect; it knows the verbs and steps of `domain.rules` and no shape. Month and day
arithmetic are spelled out, because engines disagree about `date_diff`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from qingqu.domain.rules.expr import AsOf, Call, Expr, Field, Measured, Number, Parameter
from qingqu.domain.rules.plan import Derive, Read
from qingqu.domain.rules.rule import Rule, fields_read
from qingqu.engine.spec import Source

COMPARE = {
    "before": exp.LT, "after": exp.GT, "more_than": exp.GT, "at_least": exp.GTE, "less_than": exp.LT,
    "at_most": exp.LTE,
}  # fmt: skip


@dataclass(frozen=True)
class Compiled:
    """One question for the engine: SQL text and the values it binds."""

    sql: str
    values: Mapping[str, Any]
    columns: tuple[str, ...]


def column(name: str) -> exp.Expr:
    """A quoted column, so that no field name can be read as anything else."""
    return exp.column(name, quoted=True)


def bound(name: str) -> exp.Expr:
    """A named bound parameter."""
    return exp.Parameter(this=exp.var(name))


def term(expr: Expr) -> exp.Expr:
    """The SQL of one expression over the columns of the step it stands on."""
    match expr:
        case Field(name):
            return column(name)
        case Parameter(name):
            return exp.cast(bound(f"p_{name}"), "DECIMAL(24,4)")
        case AsOf():
            return exp.cast(bound("as_of"), "DATE")
        case Measured():
            return column("measured_value")
        case Number(value):
            return exp.Literal.number(str(value))
        case Call(verb, args):
            return call(verb, [term(arg) for arg in args])


def call(verb: str, args: list[exp.Expr]) -> exp.Expr:
    """The SQL of a verb. Comparison with NULL is NULL, AND and OR are Kleene's: just our meaning of missing."""
    if verb in COMPARE:
        return exp.paren(COMPARE[verb](this=args[0], expression=args[1]))
    if verb == "present":
        return exp.paren(exp.Not(this=exp.Is(this=args[0], expression=exp.Null())))
    if verb == "absent":
        return exp.paren(exp.Is(this=args[0], expression=exp.Null()))
    if verb == "all":
        return exp.paren(exp.and_(*args))
    if verb == "any":
        return exp.paren(exp.or_(*args))
    if verb == "not":
        return exp.Not(this=args[0])
    if verb == "months_counted":
        first, last = (_month_number(arg) for arg in args)
        return exp.paren(exp.Add(this=exp.Sub(this=last, expression=first), expression=exp.Literal.number(1)))
    if verb == "days":
        return exp.paren(exp.Sub(this=exp.cast(args[1], "DATE"), expression=exp.cast(args[0], "DATE")))
    raise KeyError(verb)


def _month_number(day: exp.Expr) -> exp.Expr:
    years = exp.Mul(this=exp.Year(this=day.copy()), expression=exp.Literal.number(12))
    return exp.paren(exp.Add(this=years, expression=exp.Month(this=day.copy())))


def read(step: Read, source: Source, fields: frozenset[str]) -> exp.Select:
    """Rows as of the day, one a key. The window functions are spared where one department alone speaks."""
    wanted = sorted((fields | set(source.key)) & set(source.schema))
    columns: list[exp.Expr] = []
    for name in wanted:
        seen: exp.Expr = column(name)
        if name in source.events:
            happened = exp.LTE(this=exp.cast(column(name), "DATE"), expression=term(AsOf()))
            seen = exp.Case(ifs=[exp.If(this=happened, true=column(name))])
        columns.append(exp.alias_(seen, name, quoted=True))
    rows = exp.select(*columns).from_(newest(source))
    if source.event_date:
        later = exp.GT(this=exp.cast(column(source.event_date), "DATE"), expression=term(AsOf()))
        rows = rows.where(exp.Not(this=exp.func("coalesce", later, exp.false())))
    if len(source.departments) > 1:
        rank = exp.func("list_position", bound(f"d_{source.dataset}"), column("_department"))
        rows = rows.qualify(
            exp.EQ(this=_row_number(list(source.key), [rank]), expression=exp.Literal.number(1))
        )
    return rows


def _row_number(key: list[str], order: list[exp.Expr]) -> exp.Expr:
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(name) for name in key],
        order=exp.Order(expressions=[exp.Ordered(this=by) for by in order]),
    )


def newest(source: Source) -> exp.Expr:
    """The Parquet files of a source; out of the whole history, the newest row per department and key that is open."""
    files = exp.func("read_parquet", bound(f"f_{source.dataset}"))
    if not source.history:
        return exp.alias_(exp.select("*").from_(files).subquery(), f"t_{source.dataset}", table=True)
    ranked = (
        exp.select("*", exp.alias_(_row_number(
            ["_department", *source.key],
            [exp.Ordered(this=column("_known_at"), desc=True), exp.Ordered(this=column("_snapshot"), desc=True)],
        ), "_rank"))
        .from_(files)
        .subquery("ranked")
    )  # fmt: skip
    open_rows = exp.select("*").from_(ranked).where("_rank = 1 AND _change <> 'close'")
    return exp.alias_(open_rows.subquery(), f"t_{source.dataset}", table=True)


def compile_rule(rule: Rule, sources: Mapping[str, Source], *, all_states: bool) -> Compiled:
    """One SELECT of named CTEs: subject, name, place, owner, state, level, measured, and what the sentence shows."""
    fields = fields_read(rule)
    query = exp.select("*").from_("judged")
    for step in rule.plan.steps:
        match step:
            case Read(name, dataset):
                body = read(step, sources[dataset], fields)
            case Derive(name, source, derived):
                extra = [exp.alias_(term(value), alias, quoted=True) for alias, value in derived.items()]
                body = exp.select("*", *extra).from_(source)
        query = query.with_(name, as_=body)
        last = name
    shown = {f"s_{name}": term(value) for name, value in rule.plan.shown.items()}
    query = query.with_("judged", as_=_judge(rule, last, shown))
    if not all_states:
        query = query.where(exp.column("state").isin("triggered", "insufficient", "error"))
    query = query.order_by(exp.column("subject_key"))
    columns = ("subject_key", "subject_name", "place", "owner", "state", "level", "measured", *shown)
    return Compiled(query.sql(dialect="duckdb", pretty=True), bindings(rule, sources), columns)


def _judge(rule: Rule, source: str, shown: Mapping[str, exp.Expr]) -> exp.Select:
    hit = term(rule.plan.hit)
    ifs = [
        exp.If(this=hit, true=exp.Literal.string("triggered")),
        exp.If(this=exp.Not(this=hit.copy()), true=exp.Literal.string("clear")),
    ]
    if rule.plan.applies is not None:
        outside = exp.Not(this=term(rule.plan.applies))
        ifs.insert(0, exp.If(this=outside, true=exp.Literal.string("not_applicable")))
    state = exp.Case(ifs=ifs, default=exp.Literal.string("insufficient"))
    rungs = [
        exp.If(this=term(level.when) if level.when else exp.true(), true=exp.Literal.string(level.level))
        for level in reversed(rule.levels)
    ]
    level = exp.Case(ifs=rungs)

    def role(name: str) -> exp.Expr:
        return column(rule.subject[name]) if name in rule.subject else exp.Literal.string("")

    return exp.select(
        exp.alias_(role("key"), "subject_key"),
        exp.alias_(role("name"), "subject_name"),
        exp.alias_(role("place"), "place"),
        exp.alias_(role("owner"), "owner"),
        exp.alias_(state, "state"),
        exp.alias_(level, "level"),
        exp.alias_(term(rule.plan.measured), "measured"),
        *(exp.alias_(value, name) for name, value in shown.items()),
    ).from_(source)


def bindings(rule: Rule, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Every bound value but the day: parameters as exact text, file lists, department precedence."""
    values: dict[str, Any] = {f"p_{name}": str(param.value) for name, param in rule.params.items()}
    for dataset in rule.plan.datasets:
        source = sources[dataset]
        values[f"f_{dataset}"] = [str(path) for path in source.files]
        if len(source.departments) > 1:
            values[f"d_{dataset}"] = list(source.departments)
    return values
