"""Rows of a dataset as of the day: one row a key by precedence, nothing that happened later."""

from collections.abc import Mapping

from sqlglot import exp

from qingqu.engine.spec import Source
from qingqu.engine.terms import bound, chosen, column

# The stored type of a kind of value, for datasets that are not there.
STORED = {
    "date": "DATE", "datetime": "TIMESTAMP", "money": "DECIMAL(18,2)", "quantity": "DECIMAL(18,4)",
    "percent": "DECIMAL(18,4)", "integer": "BIGINT",
}  # fmt: skip
AS_OF = exp.cast(bound("as_of"), "DATE", copy=False)


def key_text(source: Source) -> exp.Expr:
    """A row's key as one text, parts joined with +."""
    parts = [exp.cast(column(name), "TEXT", copy=False) for name in source.key]
    made: exp.Expr = parts[0]
    for part in parts[1:]:
        made = exp.DPipe(this=exp.DPipe(this=made, expression=exp.Literal.string("+")), expression=part)
    return made


def read(
    source: Source, wanted: frozenset[str], *, keys_as: str | None = None, only: str | None = None
) -> exp.Select:
    """The wanted fields of a source. The window function is spared where one department alone speaks.

    `keys_as`: adds the row's key as a list of one. `only`: keeps the rows whose field is among the bound `keys`."""
    columns: list[exp.Expr] = [
        exp.alias_(_seen(source, name), name, quoted=True, copy=False)
        for name in source.schema
        if name in wanted
    ]
    if keys_as is not None:
        columns.append(
            exp.alias_(exp.Array(expressions=[key_text(source)]), keys_as, quoted=True, copy=False)
        )
    if not columns:
        columns.append(exp.alias_(exp.Literal.number(1), "_row_there", copy=False))
    rows = chosen(*columns).from_(_newest(source), copy=False)
    if source.event_date:
        rows = rows.where(exp.or_(
            exp.LTE(this=_day(source, source.event_date), expression=AS_OF),
            exp.Is(this=column(source.event_date), expression=exp.Null()), copy=False), copy=False)  # fmt: skip
    if only is not None:
        rows = rows.where(
            exp.In(
                this=column(only),
                query=chosen(exp.func("unnest", bound("keys"), copy=False)).subquery(copy=False),
            ),
            copy=False,
        )
    if len(source.departments) > 1:
        rank = exp.func("list_position", bound(f"d_{source.dataset}"), column("_department"), copy=False)
        rows = rows.qualify(
            exp.EQ(this=_row_number(list(source.key), [rank]), expression=exp.Literal.number(1)), copy=False
        )
    return rows


def nothing(schema: Mapping[str, str], wanted: frozenset[str], *, keys_as: str | None = None) -> exp.Select:
    """No rows, with the fields' types: a dataset that the rule can do without and that is not there."""
    columns = [
        exp.alias_(exp.cast(exp.Null(), STORED.get(kind, "TEXT"), copy=False), name, quoted=True, copy=False)
        for name, kind in schema.items() if name in wanted
    ]  # fmt: skip
    if keys_as is not None:
        columns.append(
            exp.alias_(exp.cast(exp.Null(), "TEXT[]", copy=False), keys_as, quoted=True, copy=False)
        )
    if not columns:
        columns.append(exp.alias_(exp.Literal.number(1), "_row_there", copy=False))
    return chosen(*columns).where(exp.false(), copy=False)


def _seen(source: Source, name: str) -> exp.Expr:
    if name not in source.events:
        return column(name)
    happened = exp.LTE(this=_day(source, name), expression=AS_OF)
    if name == source.event_date:  # later rows are left out anyway
        return column(name)
    return exp.Case(ifs=[exp.If(this=happened, true=column(name))])


def _day(source: Source, name: str) -> exp.Expr:
    return column(name) if source.schema[name] == "date" else exp.cast(column(name), "DATE", copy=False)


def _row_number(key: list[str], order: list[exp.Expr]) -> exp.Expr:
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(name) for name in key],
        order=exp.Order(expressions=[exp.Ordered(this=by) for by in order]),
    )


def _newest(source: Source) -> exp.Expr:
    """The Parquet files of a source; out of the whole history, the newest row per department and key that is open."""
    files = exp.func("read_parquet", bound(f"f_{source.dataset}"), copy=False)
    if not source.history:
        return exp.alias_(
            chosen("*").from_(files, copy=False).subquery(copy=False),
            f"t_{source.dataset}",
            table=True,
            copy=False,
        )
    ranked = (
        chosen("*", exp.alias_(_row_number(
            ["_department", *source.key],
            [exp.Ordered(this=column("_known_at"), desc=True), exp.Ordered(this=column("_snapshot"), desc=True)],
        ), "_rank", copy=False))
        .from_(files, copy=False)
        .subquery("ranked", copy=False)
    )  # fmt: skip
    open_rows = chosen("*").from_(ranked, copy=False).where("_rank = 1 AND _change <> 'close'", copy=False)
    return exp.alias_(open_rows.subquery(copy=False), f"t_{source.dataset}", table=True, copy=False)
