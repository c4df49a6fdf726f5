"""Runs every rule of a run and tells what it found, in a fixed order: the same run gives the same bytes."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qingqu.domain.rules import Rule
from qingqu.engine.compile import compile_rule
from qingqu.engine.duck import Duck
from qingqu.engine.spec import Finding, Run, Source

EVIDENCE_STATES = {"triggered", "insufficient"}


def run(spec: Run, *, all_states: bool = False) -> Iterator[Finding]:
    """Findings of every rule in turn, ordered by subject. `all_states`: also clear and not applicable."""
    files = [path for source in spec.sources.values() for path in source.files]
    with Duck(files) as duck:
        for rule in spec.rules:
            held = held_up(rule, spec)
            if held:
                yield held
                continue
            yield from _judge(rule, spec, duck, all_states=all_states)


def held_up(rule: Rule, spec: Run) -> Finding | None:
    """The one result of a rule whose data are missing or too old; None when it can be judged."""
    for dataset in rule.plan.datasets:
        source = spec.sources.get(dataset)
        why = _why_not(source, spec.as_of)
        if why:
            return Finding(
                rule=rule.code, version=rule.version, title=rule.title, state="insufficient",
                subject_kind=rule.subject["kind"], message=f"{dataset}: {why}", unit=rule.unit,
                data_as_of=source.cut_off.isoformat() if source and source.cut_off else None,
                reason={"dataset": dataset, "why": why},
            )  # fmt: skip
    return None


def _why_not(source: Source | None, as_of: date) -> str | None:
    if source is None or not source.files:
        return "没有数据"
    if source.cut_off and source.max_age_days is not None:
        age = (as_of - source.cut_off).days
        if age > source.max_age_days:
            return f"数据截至 {source.cut_off}，已 {age} 天，超过 {source.max_age_days} 天"
    return None


def _judge(rule: Rule, spec: Run, duck: Duck, *, all_states: bool) -> Iterator[Finding]:
    sources = {name: spec.sources[name] for name in rule.plan.datasets}
    compiled = compile_rule(rule, sources, all_states=all_states)
    rows = list(duck.rows(compiled, spec.as_of.isoformat()))
    keys = [str(row["subject_key"]) for row in rows if row["state"] in EVIDENCE_STATES]
    evidence = _evidence(rule, sources, duck, keys)
    cut_offs = [source.cut_off for source in sources.values() if source.cut_off]
    data_as_of = min(cut_offs).isoformat() if cut_offs else None
    for row in rows:
        key = str(row["subject_key"])
        triggered = row["state"] == "triggered"
        yield Finding(
            rule=rule.code, version=rule.version, title=rule.title, state=row["state"],
            subject_kind=rule.subject["kind"], subject_key=key, subject_name=row["subject_name"] or "",
            place=row["place"] or "", owner=row["owner"] or "", level=row["level"] if triggered else None,
            measured=number(row["measured"]), threshold=_threshold(rule), unit=rule.unit,
            message=_message(rule, row, spec.as_of) if triggered else "",
            evidence=tuple(evidence.get(key, ())) if row["state"] in EVIDENCE_STATES else (), data_as_of=data_as_of,
        )  # fmt: skip


def _evidence(
    rule: Rule, sources: Mapping[str, Source], duck: Duck, keys: list[str]
) -> dict[str, list[Mapping[str, object]]]:
    found: dict[str, list[Mapping[str, object]]] = {}
    for dataset in rule.plan.evidence if keys else ():
        source = sources[dataset]
        for key, row in duck.evidence(source, keys):
            kept: dict[str, object] = {name: plain(row[name], kind) for name, kind in source.schema.items()}
            found.setdefault(key, []).append({
                "dataset": dataset, "snapshot": row["_snapshot"], "key": key, "row": kept,
                "department": row["_department"], "import": row["_import"], "file": row["_file"],
                "sheet": row["_sheet"], "file_row": row["_row"], "known_at": row["_known_at"].isoformat() + "+08:00",
            })  # fmt: skip
    return found


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


def _threshold(rule: Rule) -> str | None:
    return number(rule.params[rule.threshold].value) if rule.threshold else None


def _message(rule: Rule, row: Mapping[str, Any], as_of: date) -> str:
    values = {name.removeprefix("s_"): row[name] for name in row if name.startswith("s_")}
    values |= {name: number(param.value) for name, param in rule.params.items()}
    return rule.message.format(
        **values,
        as_of=as_of,
        measured=number(row["measured"]),
        threshold=_threshold(rule),
        name=row["subject_name"],
    )
