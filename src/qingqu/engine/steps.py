"""Steps of a plan as SQL: one named CTE each. With `lineage`, every step also carries which rows of which dataset it
rests on (`_e_<dataset>`, a list of keys), so that the evidence of a hit is what the hit was made of."""

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from qingqu.domain.rules.expr import Expr
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
    sources_of,
)
from qingqu.engine.terms import Terms, chosen, column

NO_KEYS = exp.cast(exp.Array(expressions=[]), "TEXT[]", copy=False)
Body = exp.Select | exp.SetOperation


def kept(dataset: str) -> str:
    """The hidden column with the keys of a dataset's rows."""
    return f"_e_{dataset}"


def lineages(steps: tuple[Step, ...]) -> dict[str, tuple[str, ...]]:
    """Step → the datasets whose rows it carries."""
    found: dict[str, tuple[str, ...]] = {}
    for step in steps:
        if isinstance(step, Read):
            found[step.name] = (step.dataset,)
            continue
        carried = sources_of(step)[:1] if isinstance(step, Join) and step.silent else sources_of(step)
        found[step.name] = tuple(dict.fromkeys(name for source in carried for name in found[source]))
    return found


class StepWriter:
    """Writes every step but reads."""

    def __init__(self, terms: Terms, lineage: Mapping[str, tuple[str, ...]] | None) -> None:
        self.terms = terms
        self.lineage = lineage

    def _of(self, step: str) -> tuple[str, ...]:
        return self.lineage[step] if self.lineage is not None else ()

    def _named(self, columns: Mapping[str, Expr], source: str) -> list[exp.Expr]:
        own = self.terms.kinds.steps[source]
        return [
            exp.alias_(self.terms.term(expr, own), name, quoted=True, copy=False)
            for name, expr in columns.items()
        ]

    def write(self, step: Step) -> Body:
        """The body of the step's CTE."""
        match step:
            case Filter(_, source, where):
                own = self.terms.kinds.steps[source]
                return (
                    chosen("*")
                    .from_(_table(source), copy=False)
                    .where(self.terms.term(where, own), copy=False)
                )
            case Derive(_, source, columns):
                return chosen(_star(set(columns) & set(self.terms.kinds.steps[source])),
                                  *self._named(columns, source)).from_(_table(source), copy=False)  # fmt: skip
            case Join():
                return self._join(step)
            case Group():
                return self._group(step)
            case Latest():
                return self._latest(step)
            case Within():
                return self._within(step)
            case Series():
                return self._series(step)
            case Months():
                return self._months(step)
            case Union():
                return self._union(step)
            case Read():
                raise TypeError(step)

    def _join(self, step: Join) -> exp.Select:
        on = exp.and_(*(
            exp.EQ(this=exp.column(left, "h", quoted=True), expression=exp.column(right, "t", quoted=True))
            for left, right in step.on.items()
        ), copy=False)  # fmt: skip
        here, there = _table(step.source, "h"), _table(step.other, "t")
        if step.how in {"in", "not_in"}:
            found: exp.Expr = exp.Exists(this=chosen("1").from_(there, copy=False).where(on, copy=False))
            condition = found if step.how == "in" else exp.Not(this=found)
            return chosen("*").from_(here, copy=False).where(condition, copy=False)
        taken = [
            exp.alias_(exp.column(old, "t", quoted=True), new, quoted=True, copy=False)
            for new, old in step.take.items()
        ]
        mine, theirs = self._of(step.source), () if step.silent else self._of(step.other)
        both = {name for name in mine if name in theirs}
        for name in theirs:
            other: exp.Expr = exp.func(
                "coalesce", exp.column(kept(name), "t", quoted=True), NO_KEYS.copy(), copy=False
            )
            if name in both:
                other = exp.func("list_concat", exp.column(kept(name), "h", quoted=True), other, copy=False)
            taken.append(exp.alias_(other, kept(name), quoted=True, copy=False))
        query = chosen(_star({kept(name) for name in both}, "h"), *taken).from_(here, copy=False)
        return query.join(there, on=on, join_type="inner" if step.how == "must" else "left", copy=False)

    def _merged(self, source: str) -> list[exp.Expr]:
        return [exp.alias_(_flat(name), kept(name), quoted=True, copy=False) for name in self._of(source)]

    def _group(self, step: Group) -> exp.Select:
        by = self._named(step.by, step.source)
        columns = [*by, *self._named(step.take, step.source), *self._merged(step.source)]
        query = chosen(*columns).from_(_table(step.source), copy=False)
        return query.group_by(*(one.this.copy() for one in by), copy=False) if by else query

    def _latest(self, step: Latest) -> exp.Select:
        number = exp.Window(
            this=exp.RowNumber(), partition_by=[column(name) for name in step.by],
            order=exp.Order(expressions=[exp.Ordered(this=column(step.order), desc=True, nulls_first=False)]),
        )  # fmt: skip
        return (
            chosen("*")
            .from_(_table(step.source), copy=False)
            .qualify(exp.EQ(this=number, expression=exp.Literal.number(1)), copy=False)
        )

    def _within(self, step: Within) -> exp.Select:
        own = self.terms.kinds.steps[step.source]
        at = column(step.at)
        span: exp.Expr = exp.cast(self.terms.term(step.span, {}), "BIGINT", copy=False)
        if step.unit == "days":
            place: exp.Expr = exp.cast(
                exp.Sub(this=at, expression=exp.cast(exp.Literal.string("1970-01-01"), "DATE", copy=False)),
                "BIGINT",
                copy=False,
            )
        else:
            place = exp.func("epoch_ms", at, copy=False)
            span = exp.Mul(this=span, expression=exp.Literal.number(3_600_000))
        rows = chosen("*", exp.alias_(place, "_place", copy=False)).from_(_table(step.source), copy=False).where(
            exp.Not(this=exp.Is(this=at.copy(), expression=exp.Null())), copy=False)  # fmt: skip
        window = (
            "PARTITION BY " + ", ".join(column(name).sql("duckdb") for name in step.by) if step.by else ""
        ) + f" ORDER BY _place RANGE BETWEEN CURRENT ROW AND {span.sql('duckdb')} FOLLOWING"
        taken = {name: self.terms.term(expr, own) for name, expr in step.take.items()}
        taken |= {kept(name): _flat(name) for name in self._of(step.source)}
        taken |= {"_reach": exp.Max(this=column("_place"))}
        over = [
            exp.alias_(value.transform(_over, window), name, quoted=True, copy=False)
            for name, value in taken.items()
        ]
        opened = chosen(*(column(name) for name in step.by), "_place", *over).from_(
            rows.subquery("r", copy=False), copy=False
        )
        by = ", ".join(column(name).sql("duckdb") for name in step.by)
        begins = f"coalesce(lag(_reach) OVER ({'PARTITION BY ' + by if by else ''} ORDER BY _place), -1e18) < _reach"
        names = [*step.by, *(name for name in taken if name != "_reach")]
        return (
            chosen(*(column(name) for name in names)).from_(opened.subquery("o", copy=False), copy=False)
            .qualify(sqlglot.parse_one(begins, read="duckdb"), copy=False)
        )  # fmt: skip

    def _series(self, step: Series) -> exp.Select:
        by = [column(name).sql("duckdb") for name in step.by]
        keys = [f'"{kept(name)}"' for name in self._of(step.source)]
        value, source = (
            column(step.value).sql("duckdb"),
            exp.to_identifier(step.source, quoted=True).sql("duckdb"),
        )
        flat = "".join(f", flatten(list({key})) AS {key}" for key in keys)
        mine = "".join(f"c.{name}, " for name in by)
        both = "".join(f", list_concat(c.{key}, n.{key}) AS {key}" for key in keys)
        match = " AND ".join([*(f"c.{name} = n.{name}" for name in by), "n.v > c.last"])
        link = (
            "n.v - c.last = c.last - c.prev" if step.step == "difference" else
            "(n.v + 0.005) * (c.prev + 0.005) >= (c.last - 0.005) * (c.last - 0.005)"
            " AND (n.v - 0.005) * (c.prev - 0.005) <= (c.last + 0.005) * (c.last + 0.005)"
        )  # fmt: skip
        least = self.terms.term(step.at_least, {}).sql("duckdb")
        listed = "".join(f"{name}, " for name in [*by, *keys])
        grouped = "".join(f"{name}, " for name in by)
        text = (  # names are ours and quoted, values are bound
            f"WITH RECURSIVE vals AS (SELECT {grouped}{value} AS v{flat} FROM {source} WHERE {value} > 0"
            f" GROUP BY {grouped}{value}), chain AS (SELECT {mine}c.v AS first, c.v AS prev, n.v AS last, 2 AS length{both}"
            f" FROM vals c JOIN vals n ON {match.replace('c.last', 'c.v')}"
            f" UNION ALL SELECT {mine}c.first, c.last, n.v, c.length + 1{both} FROM chain c JOIN vals n ON {match} AND {link})"
            f" SELECT {listed}length, first, last FROM chain WHERE length >= {least}"
        )
        parsed = sqlglot.parse_one(text, read="duckdb")
        assert isinstance(parsed, exp.Select)  # noqa: S101 - we wrote it
        return parsed

    def _months(self, step: Months) -> exp.Select:
        own = self.terms.kinds.steps[step.source]
        first, last = (self.terms.term(expr, own).sql("duckdb") for expr in (step.first, step.last))
        text = (
            f"strftime(unnest(generate_series(CAST({first} || '-01' AS DATE), CAST({last} || '-01' AS DATE),"
            " INTERVAL 1 MONTH)), '%Y-%m')"
        )
        month = sqlglot.parse_one(text, read="duckdb")
        return chosen("*", exp.alias_(month, step.column, quoted=True, copy=False)).from_(
            _table(step.source), copy=False
        )

    def _union(self, step: Union) -> Body:
        order = list(step.parts[0][1])
        every = self._of(step.name)
        bodies = []
        for source, columns in step.parts:
            named = self._named({name: columns[name] for name in order}, source)
            mine = self._of(source)
            named += [
                exp.alias_(
                    column(kept(name)) if name in mine else NO_KEYS.copy(),
                    kept(name),
                    quoted=True,
                    copy=False,
                )
                for name in every
            ]
            bodies.append(chosen(*named).from_(_table(source), copy=False))
        return bodies[0] if len(bodies) == 1 else exp.union(*bodies, distinct=False, copy=False)


def _table(name: str, alias: str | None = None) -> exp.Table:
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        alias=exp.TableAlias(this=exp.to_identifier(alias)) if alias else None,
    )


def _star(without: set[str], table: str | None = None) -> exp.Expr:
    star = exp.Star(except_=[exp.to_identifier(name, quoted=True) for name in sorted(without)] or None)
    return exp.Column(this=star, table=exp.to_identifier(table)) if table else star


def _flat(dataset: str) -> exp.Expr:
    return exp.func("flatten", exp.ArrayAgg(this=column(kept(dataset))), copy=False)


def _over(node: exp.Expr, window: str) -> exp.Expr:
    """Puts the window behind each aggregate."""
    if isinstance(node, exp.AggFunc) and not isinstance(node.parent, exp.Filter):
        return sqlglot.parse_one(f"{node.sql('duckdb')} OVER ({window})", read="duckdb")
    return node
