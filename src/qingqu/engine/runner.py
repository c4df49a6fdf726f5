"""Runs every rule of a run and tells what it found, in a fixed order: the same run gives the same bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qingqu.domain.rules import Rule, RuleError, Scope
from qingqu.engine.compile import Compiler, compile_evidence, compile_rule
from qingqu.engine.duck import Duck, EngineError
from qingqu.engine.spec import Finding, Run, Source

EVIDENCE_STATES = {"triggered", "insufficient"}
BASE = Scope()


def run(spec: Run, *, all_states: bool = False) -> Iterator[Finding]:
    """Findings of every rule in turn, ordered by subject. `all_states`: also clear and not applicable. A rule that does
    not fit the data or fails gives one line in state error; the others go on."""
    files = [path for source in spec.sources.values() for path in source.files]
    with Duck(files) as duck:
        for rule in spec.rules:
            held = held_up(rule, spec)
            if held:
                yield held
                continue
            try:
                findings = _judge(rule, spec, duck, all_states=all_states)
            except (RuleError, EngineError) as error:
                yield _about(rule, "error", f"规则没有算完：{error}")
                continue
            yield from findings


def held_up(rule: Rule, spec: Run) -> Finding | None:
    """The one result of a rule that cannot be judged at all: data missing or too old, a parameter not valid on the day.
    None when it can."""
    invalid = rule.not_valid_on(spec.as_of)
    if invalid:
        return _about(rule, "error", invalid)
    for dataset in rule.plan.datasets:
        if spec.schemas and dataset not in spec.schemas:
            return _about(rule, "error", f"没有数据集 {dataset}")
        source = spec.sources.get(dataset)
        why = _why_not(source, spec.as_of)
        if why:
            cut_off = source.cut_off.isoformat() if source and source.cut_off else None
            return _about(
                rule, "insufficient", f"{dataset}: {why}", cut_off, {"dataset": dataset, "why": why}
            )
    return None


def _about(
    rule: Rule,
    state: str,
    message: str,
    data_as_of: str | None = None,
    reason: Mapping[str, str] | None = None,
) -> Finding:
    return Finding(
        rule=rule.code, version=rule.version, title=rule.title, state=state, subject_kind=rule.subject.kind,
        message=message, unit=rule.unit, data_as_of=data_as_of, reason=reason,
    )  # fmt: skip


def _why_not(source: Source | None, as_of: date) -> str | None:
    if source is None or not source.files:
        return "没有数据"
    if source.cut_off and source.max_age_days is not None:
        age = (as_of - source.cut_off).days
        if age > source.max_age_days:
            return f"数据截至 {source.cut_off}，已 {age} 天，超过 {source.max_age_days} 天"
    return None


def _judge(rule: Rule, spec: Run, duck: Duck, *, all_states: bool) -> list[Finding]:
    sources = {name: spec.sources[name] for name in rule.datasets if name in spec.sources}
    cut_offs = [one.cut_off for name in rule.plan.datasets if (one := sources[name]).cut_off]
    data_as_of = min(cut_offs).isoformat() if cut_offs else None
    found = []
    for scope in (BASE, *sorted(rule.overrides)):
        compiled = compile_rule(rule, sources, all_states=all_states, scope=scope, schemas=spec.schemas)
        rows = [
            dict(zip(compiled.columns, row, strict=True))
            for row in duck.rows(compiled, spec.as_of.isoformat())
        ]
        keys = [row["subject_key"] for row in rows if row["state"] in EVIDENCE_STATES]
        evidence = _evidence(rule, spec, sources, duck, keys, scope)
        found += [_finding(rule, row, spec.as_of, evidence, data_as_of, scope) for row in rows]
    return found if not rule.overrides else sorted(found, key=lambda one: one.subject_key or "")


def _finding(
    rule: Rule, row: Mapping[str, Any], as_of: date, evidence: Mapping[str, list[Mapping[str, object]]],
    data_as_of: str | None, scope: Scope,
) -> Finding:  # fmt: skip
    key, state = row["subject_key"], row["state"]
    return Finding(
        rule=rule.code, version=rule.version, title=rule.title, state=state, subject_kind=rule.subject.kind,
        subject_key=key, subject_name=row["subject_name"], place=row["subject_place"], owner=row["subject_owner"],
        level=row["level"], measured=number(row["measured"]), threshold=number(row["threshold"]), unit=rule.unit,
        message=_message(rule, row, as_of, scope) if state == "triggered" else "",
        evidence=tuple(evidence.get(key, ())) if state in EVIDENCE_STATES else (), data_as_of=data_as_of,
    )  # fmt: skip


def _evidence(
    rule: Rule, spec: Run, sources: Mapping[str, Source], duck: Duck, keys: list[str], scope: Scope
) -> dict[str, list[Mapping[str, object]]]:
    """Subject → the rows it was judged by, dataset by dataset, each row once."""
    if not keys:
        return {}
    compiled = compile_evidence(rule, sources, scope=scope, schemas=spec.schemas)
    datasets = compiled.columns[1:]
    resting: dict[str, dict[str, set[str]]] = {}
    wanted: dict[str, set[str]] = {name: set() for name in datasets}
    for key, *lists in duck.rows(compiled, spec.as_of.isoformat(), keys):
        mine = resting.setdefault(key, {name: set() for name in datasets})
        for name, rows in zip(datasets, lists, strict=True):
            mine[name].update(rows or ())
            wanted[name].update(rows or ())
    told = {
        name: _told_rows(sources[name], duck, sorted(wanted[name])) if wanted[name] else {}
        for name in datasets
    }
    return {
        key: [row for name in datasets for one in sorted(mine[name]) for row in told[name].get(one, ())]
        for key, mine in resting.items()
    }


def _told_rows(source: Source, duck: Duck, keys: list[str]) -> dict[str, list[Mapping[str, object]]]:
    found: dict[str, list[Mapping[str, object]]] = {}
    fields = tuple(source.schema)
    for key, department, snapshot, given, file, sheet, row, known_at, *values in duck.evidence(source, keys):
        found.setdefault(key, []).append({
            "dataset": source.dataset, "snapshot": snapshot, "key": key, "row": dict(zip(fields, values, strict=True)),
            "department": department, "import": given, "file": file, "sheet": sheet, "file_row": row,
            "known_at": known_at,
        })  # fmt: skip
    return found


@dataclass(frozen=True)
class Estimate:
    """How many subjects would come out so, in one place."""

    state: str
    level: str | None
    place: str
    subjects: int


def estimate(rule: Rule, spec: Run) -> list[Estimate]:
    """How many subjects a rule would hit, by level and place, without raising anything. Refuses a rule that does not fit
    (`RuleError`); data missing or too old give nothing: ask `held_up` first."""
    sources = {name: spec.sources[name] for name in rule.datasets if name in spec.sources}
    if any(name not in sources for name in rule.plan.datasets):
        return []
    with Duck([path for source in sources.values() for path in source.files]) as duck:
        return [
            Estimate(*row)
            for scope in (BASE, *sorted(rule.overrides))
            for row in duck.rows(
                Compiler(rule, sources, spec.schemas, scope=scope).counts(), spec.as_of.isoformat()
            )
        ]


def explain(
    rule: Rule, spec: Run, keys: list[str] | None = None, limit: int = 20
) -> Iterator[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]]:
    """Every step of a rule as a table: its name, columns and first rows; with `keys`, of those subjects as far as the
    steps can be narrowed to them."""
    sources = {name: spec.sources[name] for name in rule.datasets if name in spec.sources}

    def asked() -> Compiler:
        return Compiler(rule, sources, spec.schemas, all_states=True, restrict=keys is not None)

    with Duck([path for source in sources.values() for path in source.files]) as duck:
        for name in asked().findings().ctes:
            columns, rows = duck.table(asked().table(name, limit), spec.as_of.isoformat(), keys)
            yield name, columns, rows


def plain(value: Any, kind: str) -> str | None:
    """A stored value as JSON text: dates ISO, money two places, other numbers without trailing zeros."""
    if value is None:
        return None
    if kind == "money":
        return f"{value:.2f}"
    if isinstance(value, Decimal | int | float):
        return number(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def number(value: Any) -> str | None:
    """A decimal as text, up to four places, no trailing zeros, never in exponents."""
    if value is None:
        return None
    text = f"{Decimal(str(value)):.4f}"
    return text.rstrip("0").rstrip(".")


class _Told:
    """A value in a sentence: `{amount:money}` writes two places with thousands apart; what is unknown says so."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, spec: str) -> str:
        if self.value is None:
            return "不详"
        if spec == "money":
            return f"{self.value:,.2f}"
        return str(number(self.value)) if isinstance(self.value, Decimal | int) else str(self.value)


def _message(rule: Rule, row: Mapping[str, Any], as_of: date, scope: Scope) -> str:
    params = {**rule.params, **rule.overrides.get(scope, {})}
    values = {name: _Told(row[f"s_{name}"]) for name in rule.plan.shown}
    values |= {name: _Told(param.value) for name, param in params.items() if name not in values}
    values |= {
        "as_of": _Told(as_of), "measured": _Told(row["measured"]), "threshold": _Told(row["threshold"]),
        "name": _Told(row["subject_name"]), "key": _Told(row["subject_key"]),
    }  # fmt: skip
    return rule.message.format(**values)
