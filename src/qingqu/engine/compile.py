"""Rule to SQL: one SELECT of named CTEs, values as bound parameters. This emitter speaks DuckDB's dialect; it knows the
verbs and steps of `domain.rules` and no shape.

The last CTEs are the same for every rule: `judged_N` (each row's rank: 3 hit, 2 unknown, 1 clear, 0 out of the
question), `deciding` (of each subject the rows of its highest rank), `told` (one row a subject), `found` (names looked
up, level, threshold)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlglot import exp

from qingqu.domain.rules.expr import Expr, fields_in
from qingqu.domain.rules.kinds import Columns
from qingqu.domain.rules.params import Param, Scope
from qingqu.domain.rules.plan import Judgement, Read
from qingqu.domain.rules.rule import Rule, check, fields_read
from qingqu.domain.rules.subject import ROLES, Lookup
from qingqu.engine.reads import nothing, read
from qingqu.engine.restrict import restricted
from qingqu.engine.spec import Source
from qingqu.engine.steps import NO_KEYS, StepWriter, kept, lineages
from qingqu.engine.terms import Terms, bound, chosen, column

STATES = ("not_applicable", "clear", "insufficient", "triggered")
BASE = Scope()


@dataclass(frozen=True)
class Compiled:
    """One question for the engine: SQL text, the values it binds, the names of its columns, its CTEs in order."""

    sql: str
    values: Mapping[str, Any]
    columns: tuple[str, ...]
    ctes: tuple[str, ...] = ()


def compile_rule(
    rule: Rule, sources: Mapping[str, Source], *, all_states: bool = False, scope: Scope = BASE,
    schemas: Mapping[str, Mapping[str, str]] | None = None,
) -> Compiled:  # fmt: skip
    """The findings of a rule: one row a subject, ordered by key. `scope`: of a rule with overrides, the subjects of
    that scope alone, judged by its values. `all_states`: also clear and not applicable."""
    return Compiler(rule, sources, schemas, all_states=all_states, scope=scope).findings()


def compile_evidence(
    rule: Rule, sources: Mapping[str, Source], *, scope: Scope = BASE,
    schemas: Mapping[str, Mapping[str, str]] | None = None,
) -> Compiled:  # fmt: skip
    """Subject key and, for each dataset, the keys of the rows that decide; for the subjects bound as `keys`."""
    return Compiler(rule, sources, schemas, scope=scope, evidence=True).keys()


class Compiler:
    """Writes one question of one rule."""

    def __init__(
        self, rule: Rule, sources: Mapping[str, Source], schemas: Mapping[str, Mapping[str, str]] | None = None, *,
        all_states: bool = False, scope: Scope = BASE, evidence: bool = False, restrict: bool = False,
    ) -> None:  # fmt: skip
        self.rule, self.sources, self.scope, self.all_states = rule, sources, scope, all_states
        self.schemas = schemas or {name: source.schema for name, source in sources.items()}
        self.kinds = check(rule, self.schemas)
        self.terms = Terms(self.kinds, rule.words)
        self.wanted = fields_read(rule)
        self.lineage = lineages(rule.plan.steps) if evidence else None
        self.only = restricted(rule) if evidence or restrict else {}
        self.restrict = evidence or restrict
        self.steps = StepWriter(self.terms, self.lineage)
        self.ctes: list[tuple[str, exp.Query]] = []

    def findings(self) -> Compiled:
        """The question after findings."""
        self._judged()
        shown = [f"s_{name}" for name in self.rule.plan.shown]
        columns = (
            "subject_key",
            *(f"subject_{role}" for role in ROLES),
            "state",
            "level",
            "measured",
            "threshold",
            *shown,
        )
        query = chosen(*(column(name) for name in columns)).from_("found", copy=False)
        return self._done(query.order_by(column("subject_key"), copy=False), columns)

    def counts(self) -> Compiled:
        """How many subjects of each state, level and place."""
        self._judged()
        by = ("state", "level", "subject_place")
        query = chosen(
            *(column(name) for name in by), exp.alias_(exp.Count(this=exp.Star()), "subjects", copy=False)
        ).from_("found", copy=False)
        ordered = query.group_by(*(column(name) for name in by), copy=False).order_by(
            *(column(name) for name in by), copy=False
        )
        return self._done(ordered, (*by, "subjects"))

    def table(self, name: str, limit: int) -> Compiled:
        """The first rows of one CTE, for people who want to see how a result came about."""
        self._judged()
        query = chosen("*").from_(exp.to_identifier(name, quoted=True), copy=False).limit(limit, copy=False)
        return self._done(query, ())

    def keys(self) -> Compiled:
        """The question after evidence."""
        assert self.lineage is not None  # noqa: S101 - asked for in `compile_evidence`
        datasets = self.rule.evidence or self.rule.plan.every_dataset
        self._steps()
        self._deciding(datasets)
        columns = ("subject_key", *datasets)
        query = chosen(*(column(kept(name) if name in datasets else name) for name in columns)).from_(
            "deciding", copy=False
        )
        asked = exp.In(
            this=column("subject_key"),
            query=chosen(exp.func("unnest", bound("keys"), copy=False)).subquery(copy=False),
        )
        return self._done(query.where(asked, copy=False).order_by(column("subject_key"), copy=False), columns)

    def _done(self, query: exp.Select, columns: tuple[str, ...]) -> Compiled:
        for name, body in self.ctes:
            # DuckDB turns the window over `judged` into a join with itself: told to keep it, it computes it once.
            keep = True if name.startswith("judged") else None
            query = query.with_(exp.to_identifier(name, quoted=True), as_=body, materialized=keep, copy=False)
        sql = query.sql(dialect="duckdb", copy=False)  # ours alone: nobody reads the tree again
        return Compiled(sql, self._bindings(), columns, tuple(name for name, _ in self.ctes))

    def _judged(self) -> None:
        self._steps()
        self._deciding(())
        self._told()
        self._found()

    def _steps(self) -> None:
        for step in self.rule.plan.steps:
            if isinstance(step, Read):
                keys_as = kept(step.dataset) if self.lineage is not None else None
                self.ctes.append((step.name, self._read(step.dataset, keys_as, self.only.get(step.name))))
            else:
                self.ctes.append((step.name, self.steps.write(step)))

    def _read(self, dataset: str, keys_as: str | None = None, only: str | None = None) -> exp.Select:
        source = self.sources.get(dataset)
        if source is None or not source.files:
            return nothing(self.schemas[dataset], self.wanted, keys_as=keys_as)
        return read(source, self.wanted, keys_as=keys_as, only=only)

    def _deciding(self, datasets: tuple[str, ...]) -> None:
        fields = sorted(fields_in(self.rule.plan.measured, *self.rule.plan.shown.values()))
        bodies = [self._judge(one, fields, datasets) for one in self.rule.plan.judgements]
        names = [f"judged_{n}" for n in range(1, len(bodies) + 1)]
        self.ctes += zip(names, bodies, strict=True)
        judged = "judged_1"
        if len(names) > 1:
            judged = "judged"
            self.ctes.append(
                (
                    judged,
                    exp.union(
                        *(chosen("*").from_(name, copy=False) for name in names), distinct=False, copy=False
                    ),
                )
            )
        top = exp.Window(this=exp.Max(this=column("_rank")), partition_by=[column("subject_key")])
        highest = exp.EQ(this=column("_rank"), expression=top)
        self.ctes.append(("deciding", chosen("*").from_(judged, copy=False).qualify(highest, copy=False)))

    def _judge(self, one: Judgement, fields: list[str], datasets: tuple[str, ...]) -> exp.Select:
        own = self.kinds.steps[one.source]
        hit = self.terms.term(one.hit, own)
        unknown_or_hit = self.terms.not_false(one.hit, own)
        ifs = []
        if one.applies is not None:
            applies = self.terms.term(one.applies, own)
            ifs.append(exp.If(this=exp.Not(this=applies), true=exp.Literal.number(0)))
            hit = exp.paren(exp.and_(applies.copy(), hit, copy=False), copy=False)
            unknown_or_hit = exp.and_(unknown_or_hit, self.terms.not_false(one.applies, own), copy=False)
        ifs += [
            exp.If(this=hit, true=exp.Literal.number(3)),
            exp.If(this=exp.Not(this=hit.copy()), true=exp.Literal.number(1)),
        ]
        key = self.terms.term(self.rule.subject.key, own)
        columns = [
            exp.alias_(key, "subject_key", copy=False),
            exp.alias_(exp.Case(ifs=ifs, default=exp.Literal.number(2)), "_rank", copy=False),
        ]
        columns += [exp.alias_(self._role(role, number, own), f"r_{role}_{number}", copy=False)
                    for role, number, way in self._ways() if not isinstance(way, Lookup)]  # fmt: skip
        columns += [exp.alias_(self._value(one, name, own), name, quoted=True, copy=False) for name in fields]
        for name in datasets:
            carried = self.lineage is not None and name in self.lineage[one.source]
            columns.append(
                exp.alias_(
                    column(kept(name)) if carried else NO_KEYS.copy(), kept(name), quoted=True, copy=False
                )
            )
        known = exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null()))
        query = (
            chosen(*columns)
            .from_(exp.to_identifier(one.source, quoted=True), copy=False)
            .where(known, copy=False)
        )
        return query if self.all_states else query.where(unknown_or_hit, copy=False)

    def _ways(self) -> list[tuple[str, int, Expr | Lookup]]:
        return [
            (role, number, way)
            for role, ways in self.rule.subject.roles.items()
            for number, way in enumerate(ways)
        ]

    def _role(self, role: str, number: int, own: Mapping[str, Any]) -> exp.Expr:
        way = self.rule.subject.roles[role][number]
        if isinstance(way, Lookup) or not fields_in(way) <= set(own):
            return exp.cast(exp.Null(), "TEXT", copy=False)
        return self.terms.term(way, dict(own))

    def _value(self, one: Judgement, name: str, own: Mapping[str, Any]) -> exp.Expr:
        if name in one.values:
            return self.terms.term(one.values[name], dict(own))
        return column(name) if name in own else exp.Null()

    def _told(self) -> None:
        """One row a subject: aggregates over its deciding rows."""
        everything = self._everything()
        columns = [exp.alias_(exp.Max(this=column("_rank")), "_rank", copy=False)]
        columns += [exp.alias_(exp.Min(this=column(f"r_{role}_{number}")), f"r_{role}_{number}", copy=False)
                    for role, number, way in self._ways() if not isinstance(way, Lookup)]  # fmt: skip
        columns.append(
            exp.alias_(self.terms.term(self.rule.plan.measured, everything), "measured", copy=False)
        )
        columns += [exp.alias_(self.terms.term(expr, everything), f"s_{name}", quoted=True, copy=False)
                    for name, expr in self.rule.plan.shown.items()]  # fmt: skip
        key = column("subject_key")
        told = chosen(key, *columns).from_("deciding", copy=False).group_by(key.copy(), copy=False)
        if self.all_states and self._rest() is not None:
            self.ctes += [("told_of", told), ("told", self._with_rest(columns))]
        else:
            self.ctes.append(("told", told))

    def _everything(self) -> dict[str, Any]:
        """The kinds of all columns that judgements offer."""
        found: dict[str, Any] = {}
        for one in self.rule.plan.judgements:
            own = self.kinds.steps[one.source]
            found |= own | {name: self.kinds.of(expr, own, name) for name, expr in one.values.items()}
        return found

    def _rest(self) -> str | None:
        """The step with everybody looked at, if the subject's key can be told there."""
        step = self.rule.plan.everyone
        return step if step and fields_in(self.rule.subject.key) <= set(self.kinds.steps[step]) else None

    def _with_rest(self, columns: list[exp.Expr]) -> exp.Query:
        """Those that no row speaks of are clear: looked at, and nothing found."""
        step = self._rest()
        assert step is not None  # noqa: S101 - the caller asked
        own = self.kinds.steps[step]
        key = self.terms.term(self.rule.subject.key, own)
        roles = [
            exp.alias_(exp.Min(this=self._role(role, number, own)), f"r_{role}_{number}", copy=False)
            for role, number, way in self._ways() if not isinstance(way, Lookup)
        ]  # fmt: skip
        nothing_told = [
            exp.alias_(exp.Null(), one.alias, quoted=True, copy=False) for one in columns[len(roles) + 1 :]
        ]
        seen = exp.In(
            this=key.copy(), query=chosen("subject_key").from_("told_of", copy=False).subquery(copy=False)
        )
        rest = (
            chosen(exp.alias_(key, "subject_key", copy=False), exp.alias_(exp.Literal.number(1), "_rank", copy=False), *roles, *nothing_told)
            .from_(exp.to_identifier(step, quoted=True), copy=False).where(exp.Not(this=seen), copy=False)
            .where(exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null())), copy=False).group_by(key.copy(), copy=False)
        )  # fmt: skip
        return exp.union(chosen("*").from_("told_of", copy=False), rest, distinct=False, copy=False)

    def _found(self) -> None:
        places = self._places_to_look()
        self.ctes += [(f"looked_{n}", self._looked_up(place)) for n, place in enumerate(places)]
        columns: list[exp.Expr] = [column("subject_key")]
        for role in ROLES:
            ways = self.rule.subject.roles.get(role, ())
            parts = [self._told_role(role, n, way) for n, way in enumerate(ways)]
            columns.append(
                exp.alias_(
                    exp.func("coalesce", *parts, exp.Literal.string(""), copy=False),
                    f"subject_{role}",
                    copy=False,
                )
            )
        state = exp.Case(
            this=column("_rank"),
            ifs=[
                exp.If(this=exp.Literal.number(n), true=exp.Literal.string(word))
                for n, word in enumerate(STATES)
            ],
        )
        bar = exp.Null() if self.rule.threshold is None else self.terms.term(self.rule.threshold, {})
        columns += [exp.alias_(state, "state", copy=False), exp.alias_(self._level(), "level", copy=False), column("measured"),
                    exp.alias_(bar, "threshold", copy=False), *(column(f"s_{name}") for name in self.rule.plan.shown)]  # fmt: skip
        query = chosen(*columns).from_("told", copy=False)
        for number in range(len(places)):
            name = f"looked_{number}"
            query = query.join(
                exp.to_table(name), on=f"told.subject_key = {name}._key", join_type="left", copy=False
            )
        if self.rule.overrides:
            inner = query
            query = (
                chosen("*")
                .from_(inner.subquery("f", copy=False), copy=False)
                .where(self._within_scope(), copy=False)
            )
        self.ctes.append(("found", query))

    def _places_to_look(self) -> list[Lookup]:
        """One lookup a dataset, key and condition: several fields of the same row are read in one go."""
        return list({(way.dataset, way.on, way.where): way for way in self.rule.subject.lookups}.values())

    def _told_role(self, role: str, number: int, way: Expr | Lookup) -> exp.Expr:
        if not isinstance(way, Lookup):
            return column(f"r_{role}_{number}")
        places = [(one.dataset, one.on, one.where) for one in self._places_to_look()]
        return exp.column(way.field, f"looked_{places.index((way.dataset, way.on, way.where))}", quoted=True)

    def _looked_up(self, place: Lookup) -> exp.Select:
        fields = {
            way.field
            for way in self.rule.subject.lookups
            if (way.dataset, way.on, way.where) == (place.dataset, place.on, place.where)
        }
        told = chosen("subject_key").from_("told", copy=False).subquery(copy=False)
        rows = chosen(
            exp.alias_(column(place.on), "_key", copy=False),
            *(
                exp.alias_(exp.Min(this=column(name)), name, quoted=True, copy=False)
                for name in sorted(fields)
            ),
        )
        rows = rows.from_(self._read(place.dataset).subquery("r", copy=False), copy=False)
        rows = rows.where(exp.In(this=column(place.on), query=told), copy=False)
        if place.where is not None:
            kinds = dict.fromkeys(self.schemas[place.dataset], "text")
            rows = rows.where(self.terms.term(place.where, cast(Columns, kinds)), copy=False)
        return rows.group_by(column(place.on), copy=False)

    def _level(self) -> exp.Expr:
        rungs = [
            exp.If(
                this=self.terms.term(level.when, {}) if level.when else exp.true(),
                true=exp.Literal.string(level.level),
            )
            for level in reversed(self.rule.levels)
        ]
        hit = exp.EQ(this=column("_rank"), expression=exp.Literal.number(3))
        return exp.Case(ifs=[exp.If(this=hit, true=exp.Case(ifs=rungs))])

    def _within_scope(self) -> exp.Expr:
        """Which subjects this scope's values hold for: those for which no narrower scope fits."""
        order = self._scopes()
        cases = []
        for number, scope in enumerate(order):
            parts: list[exp.Expr] = []
            if scope.place:
                parts.append(
                    exp.func("starts_with", column("subject_place"), bound(f"place_{number}"), copy=False)
                )
            if scope.kind:
                parts.append(exp.EQ(this=column("subject_type"), expression=bound(f"kind_{number}")))
            cases.append(exp.If(this=exp.and_(*parts, copy=False), true=exp.Literal.number(number)))
        which = exp.Case(ifs=cases, default=exp.Literal.number(len(order)))
        mine = order.index(self.scope) if self.scope in self.rule.overrides else len(order)
        return exp.EQ(this=which, expression=exp.Literal.number(mine))

    def _scopes(self) -> list[Scope]:
        """The narrowest first."""
        return sorted(self.rule.overrides, key=lambda one: (-len(one.place), not one.kind, one))

    def _bindings(self) -> dict[str, Any]:
        """Every bound value but the day and the keys: parameters as exact text, words, file lists, precedence."""
        params: dict[str, Param] = {**self.rule.params, **self.rule.overrides.get(self.scope, {})}
        values: dict[str, Any] = {f"p_{name}": format(param.value, "f") for name, param in params.items()}
        for name, terms in self.rule.words.items():
            values |= {f"w_{name}_{n}": term for n, term in enumerate(terms)}
        for number, scope in enumerate(self._scopes()):
            values |= {f"place_{number}": scope.place, f"kind_{number}": scope.kind}
        for dataset in self.rule.datasets:
            source = self.sources.get(dataset)
            if source is not None and source.files:
                values[f"f_{dataset}"] = [str(path) for path in source.files]
                values[f"d_{dataset}"] = list(source.departments)
        return values
