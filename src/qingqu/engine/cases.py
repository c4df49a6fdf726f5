"""A rule's own cases: small tables in, expected findings out, run on the real engine without the home's lake.

A case: `name`, `rows` (dataset → rows), optional `as_of`, `set` (parameters), `missing` (datasets that nobody has sent),
`expect` (one mapping a subject: `key`, `state`, optional `level`, `measured`, `threshold`, `evidence` (dataset:row key),
`says` (a part of the message)). Whatever is not expected must be silent. `docs/rules/writing.md` tells a rule's author."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qingqu.domain.rules import Rule, RuleError
from qingqu.domain.rules.tables import strict
from qingqu.engine.duck import EngineError, write_rows
from qingqu.engine.reads import STORED
from qingqu.engine.runner import run
from qingqu.engine.spec import Finding, Run, Source

TOLD = ("state", "level", "measured", "threshold")
PRINTED = {"triggered", "insufficient", "error"}
PROVENANCE = {
    "_department": "VARCHAR", "_snapshot": "VARCHAR", "_import": "VARCHAR", "_file": "VARCHAR", "_sheet": "VARCHAR",
    "_row": "INTEGER", "_known_at": "TIMESTAMP", "_change": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """What a case must know of a dataset: fields and types, key, and what `Source` says of its dates."""

    schema: Mapping[str, str]
    key: tuple[str, ...]
    event_date: str | None = None
    events: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Failure:
    """A case that came out otherwise."""

    rule: str
    case: str
    why: str


def try_cases(rule: Rule, told: object, datasets: Mapping[str, Dataset], place: str) -> Iterator[Failure]:
    """Runs every case of a rule's case file; gives what is wrong with it and with the set of cases."""
    file = strict(told, {"as_of", "cases", "never_insufficient"}, {"cases"}, place)
    if not isinstance(file["cases"], list):
        raise RuleError(f"{place}.cases: 应为列表")
    states: set[str] = set()
    for number, case in enumerate(file["cases"]):
        here = f"{place}.cases[{number}]"
        spec = strict(case, {"name", "as_of", "rows", "set", "missing", "expect"}, {"name", "expect"}, here)
        expected = _expected(spec["expect"], here)
        states |= {str(one["state"]) for one in expected} or {"clear"}
        as_of = _day(spec.get("as_of", file.get("as_of")), here)
        chosen = rule.with_values({str(name): str(value) for name, value in (spec.get("set") or {}).items()})
        found = findings(
            [chosen], spec.get("rows") or {}, datasets, as_of, here, missing=spec.get("missing") or ()
        )
        for why in _apart(expected, found):
            yield Failure(rule.code, str(spec["name"]), why)
    for state, what in (("triggered", "命中"), ("clear", "差一点而没有命中"), ("insufficient", "数据不足")):
        if state not in states and not (state == "insufficient" and file.get("never_insufficient")):
            yield Failure(rule.code, "", f"缺少一个“{what}”的例子")


def findings(
    rules: Sequence[Rule], rows: object, datasets: Mapping[str, Dataset], as_of: date, place: str, *,
    missing: Sequence[str] = (), all_states: bool = True,
) -> list[Finding]:  # fmt: skip
    """What the rules find in small tables. Datasets that the rules read and nobody gave are there and empty."""
    if not isinstance(rows, Mapping):
        raise RuleError(f"{place}.rows: 应写成“数据集: 行的列表”")
    wanted = {name for rule in rules for name in rule.datasets if name in datasets} | {
        str(name) for name in rows
    }
    schemas = {name: one.schema for name, one in datasets.items()}
    with tempfile.TemporaryDirectory(prefix="qingqu-cases-") as folder:
        sources = {
            name: _source(Path(folder), name, rows.get(name) or [], datasets, f"{place}.rows.{name}")
            for name in sorted(wanted - set(missing))
        }
        return list(run(Run(as_of, "", sources, tuple(rules), schemas), all_states=all_states))


def _source(folder: Path, name: str, rows: Any, datasets: Mapping[str, Dataset], place: str) -> Source:
    if name not in datasets:
        raise RuleError(f"{place}: 没有数据集 {name!r}")
    one = datasets[name]
    if not isinstance(rows, list):
        raise RuleError(f"{place}: 应为行的列表")
    columns = {field: STORED.get(kind, "VARCHAR") for field, kind in one.schema.items()} | PROVENANCE
    made = []
    for number, row in enumerate(rows, 1):
        strict(row, {*one.schema, *PROVENANCE}, set(one.key), f"{place}[{number - 1}]")
        full = {"_department": "cases", "_snapshot": f"{name}-000001", "_import": "", "_file": place, "_sheet": "",
                "_row": number, "_known_at": "2000-01-01 00:00:00", "_change": "insert", **row}  # fmt: skip
        made.append([_cell(full.get(field)) for field in columns])
    path = folder / f"{name}.parquet"
    try:
        write_rows(path, columns, made)
    except EngineError as error:
        raise RuleError(f"{place}: {error}") from None
    departments = tuple(dict.fromkeys(str(row[list(columns).index("_department")]) for row in made)) or (
        "cases",
    )
    return Source(
        dataset=name, schema=one.schema, key=one.key, files=(path,), snapshots=(f"{name}-000001",), digests=("0" * 64,),
        departments=departments, event_date=one.event_date, events=one.events,
    )  # fmt: skip


def _cell(value: object) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _day(given: object, place: str) -> date:
    if type(given) is not date:
        raise RuleError(f"{place}.as_of: 应为日期，如 2026-06-10")
    return given


def _expected(given: object, place: str) -> list[Mapping[str, Any]]:
    if not isinstance(given, list):
        raise RuleError(f"{place}.expect: 应为列表；没有对象就写 []")
    allowed = {"key", "says", "evidence", *TOLD}
    return [strict(one, allowed, {"key", "state"}, f"{place}.expect[{n}]") for n, one in enumerate(given)]


def _apart(expected: Sequence[Mapping[str, Any]], found: Sequence[Finding]) -> Iterator[str]:
    by_key = {finding.subject_key: finding for finding in found}
    if len(by_key) != len(found):
        yield "一个对象不止一行结果"
    for one in expected:
        key = None if one["key"] is None else str(one["key"])
        finding = by_key.pop(key, None)
        if finding is None:
            if one["state"] not in {"clear", "not_applicable"}:
                yield f"{key}: 应为 {one['state']}，却没有结果"
            continue
        for name in TOLD:
            if name in one and _text(one[name]) != getattr(finding, name):
                yield f"{key}.{name}: 应为 {one[name]}，却是 {getattr(finding, name)}（{finding.message}）"
        if one.get("says") and str(one["says"]) not in finding.message:
            yield f"{key}: 消息里没有“{one['says']}”：{finding.message}"
        rows = sorted(f"{row['dataset']}:{row['key']}" for row in finding.evidence)
        if "evidence" in one and sorted(map(str, one["evidence"])) != rows:
            yield f"{key}: 证据应为 {sorted(one['evidence'])}，却是 {rows}"
    for key, finding in by_key.items():
        if finding.state in PRINTED:
            yield f"{key}: 没有料到的 {finding.state}（{finding.message}）"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
