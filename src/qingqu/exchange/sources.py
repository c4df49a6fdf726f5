"""What the engine and the pages read: datasets as known at a moment."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qingqu.base.clock import SHANGHAI
from qingqu.engine.runner import plain
from qingqu.engine.spec import Source
from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.history import History, history, of
from qingqu.exchange.lake import columns, quoted
from qingqu.exchange.models import Import, Snapshot

LIMIT = 1000
FETCH = 10_000


def schemas() -> dict[str, dict[str, str]]:
    """Every dataset's fields and types."""
    return {name: load(name).schema for name in names()}


def sources(datasets: Iterable[str], *, known_at: datetime, as_of: date) -> dict[str, Source]:
    """The named datasets for the engine as known at the moment; those that nobody has sent yet are left out."""
    wanted = sorted(set(datasets))
    every: dict[str, list[Snapshot]] = {name: [] for name in wanted}
    for snapshot in Snapshot.objects.filter(dataset__in=wanted):
        every[snapshot.dataset].append(snapshot)
    found = {}
    for name in wanted:
        known = of(every[name], known_at)
        if known.snapshots:
            found[name] = _source(load(name), known, as_of)
    return found


def _source(contract: Contract, known: History, as_of: date) -> Source:
    return Source(
        dataset=contract.dataset, schema=contract.schema, key=contract.key, files=known.files,
        history=known.state is None, snapshots=tuple(one.ref for one in known.snapshots),
        digests=tuple(one.manifest_sha256 for one in known.snapshots), departments=_precedence(contract, known),
        event_date=contract.event_date, events=contract.events, cut_off=_cut_off(contract, known, as_of),
        max_age_days=contract.max_age_days,
    )  # fmt: skip


def _precedence(contract: Contract, known: History) -> tuple[str, ...]:
    """Departments in the order in which they are believed: the contract's, then the others by code."""
    told = {one.department for one in known.snapshots}
    return tuple(
        sorted(told, key=lambda code: (contract.owners.index(code) if code in contract.owners else 99, code))
    )


def _cut_off(contract: Contract, known: History, as_of: date) -> date | None:
    """The newest event date or period end up to the day; without either, the day of the newest delivery. Never later
    than the day itself."""
    days = [min(end, as_of) for one in known.snapshots if (end := _period_end(one.period)) is not None]
    event = None if contract.aged_by_delivery else newest_event_date(contract, known, as_of)
    if event:
        days.append(event)
    if days:
        return max(days)
    return min(known.snapshots[-1].known_at.astimezone(SHANGHAI).date(), as_of)


def newest_event_date(contract: Contract, known: History, up_to: date) -> date | None:
    """The newest event date of the rows known, not later than the day; None when no row has one."""
    if not contract.event_date or not known.snapshots:
        return None
    column = quoted(contract.event_date)
    with lake.bench() as made:
        sql = (
            f"SELECT max(CAST({column} AS DATE)) FROM ({known.relation(contract)}) WHERE {column} < $day + 1"  # noqa: S608 - checked name
        )
        found = made.one(sql, {"day": up_to})[0]
    return found if isinstance(found, date) else None


def _period_end(period: str) -> date | None:
    if not period:
        return None
    year, month = int(period[:4]), int(period[5:])
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)


def rows(
    dataset: str,
    *,
    known_at: datetime | None = None,
    department: str | None = None,
    limit: int = LIMIT,
    **where: str,
) -> list[dict[str, Any]]:
    """Stored rows as known at the moment (now without one) whose fields equal the given texts, with provenance columns
    (`_department`, `_import`, `_file`, `_sheet`, `_row`, …), in the order of precedence, then by key."""
    contract = load(dataset)
    known = history(dataset, known_at)
    unknown = [name for name in where if name not in contract.by_name]
    if unknown:
        raise KeyError(unknown[0])
    conditions = [f"CAST({quoted(name)} AS VARCHAR) = $w_{name}" for name in where]
    values: dict[str, Any] = {f"w_{name}": value for name, value in where.items()}
    if department is not None:
        conditions.append("_department = $department")
        values["department"] = department
    if not known.snapshots:
        return []
    values["owners"] = list(_precedence(contract, known))
    sql = (
        f"SELECT * FROM ({known.relation(contract)}) WHERE {' AND '.join(conditions) or 'true'}"  # noqa: S608 - checked names
        f" ORDER BY list_position($owners, _department), {columns(contract.key)} LIMIT {int(limit)}"
    )
    with lake.bench() as made:
        cursor = made.run(sql, values)
        told = [item[0] for item in cursor.description]
        return [dict(zip(told, row, strict=True)) for row in cursor.fetchall()]


def export_rows(dataset: str, known_at: datetime | None = None) -> Iterator[dict[str, str | None]]:
    """One row a key by the contract's precedence, as JSON-ready text, in the order of the key; memory flat."""
    contract = load(dataset)
    known = history(dataset, known_at)
    if not known.snapshots:
        return
    key = columns(contract.key)
    sql = (
        f"SELECT {columns(list(contract.by_name))} FROM (SELECT *, row_number() OVER (PARTITION BY {key}"  # noqa: S608 - checked names
        f" ORDER BY list_position($owners, _department)) AS _first FROM ({known.relation(contract)}))"
        f" WHERE _first = 1 ORDER BY {key}"
    )
    with lake.bench() as made:
        cursor = made.run(sql, {"owners": list(_precedence(contract, known))})
        kinds = list(contract.schema.items())
        while batch := cursor.fetchmany(FETCH):
            for row in batch:
                yield {name: plain(value, kind) for (name, kind), value in zip(kinds, row, strict=True)}


def changed_rows(row: Import, kind: str, limit: int) -> list[dict[str, Any]]:
    """The first rows that an import inserts, updates or closes (`kind`: insert, update, close), each with what stood
    there before as `old_<field>`; from its snapshot or, while it waits, from its preview."""
    contract = load(row.dataset)
    own = row.written.filter(kind="import").first()
    if own is not None:
        every = [one for one in Snapshot.objects.filter(dataset=row.dataset) if one.sequence < own.sequence]
        new = f"FROM {lake.parquet([lake.root() / own.path / lake.CHANGES])}"
        old = of(every, own.known_at).relation(contract)
    else:
        folder = lake.preview_folder(row.ref)
        if not folder.is_dir():
            return []
        new = f"FROM {lake.parquet([folder / 'changes.parquet'])}"
        old = f"FROM {lake.parquet([folder / 'prev.parquet'])}"
    before = ", ".join(f"p.{quoted(name)} AS {quoted('old_' + name)}" for name in contract.by_name)
    key = columns(["_department", *contract.key])
    sql = (
        f"SELECT c.*, {before} FROM ({new}) c LEFT JOIN ({old}) p USING ({key}) WHERE c._change = $kind"  # noqa: S608 - checked names
        f" ORDER BY c._sheet, c._row, {columns(contract.key)} LIMIT {int(limit)}"
    )
    with lake.bench() as made:
        cursor = made.run(sql, {"kind": kind})
        told = [item[0] for item in cursor.description]
        return [dict(zip(told, values, strict=True)) for values in cursor.fetchall()]


def stored_row(snapshot: Snapshot, sheet: str, number: int) -> dict[str, Any] | None:
    """What was stored of a row of the file with this snapshot, or None (wrong, unchanged, or no data row)."""
    path = lake.root() / snapshot.path / lake.CHANGES
    with lake.bench() as made:
        cursor = made.run(
            f"SELECT * FROM {lake.parquet([path])} WHERE coalesce(_sheet, '') = $sheet AND _row = $row",  # noqa: S608 - our own path
            {"sheet": sheet, "row": number},
        )
        told = [item[0] for item in cursor.description]
        found = cursor.fetchone()
    return dict(zip(told, found, strict=True)) if found else None


def file_rows(snapshot: Snapshot, sheet: str, first: int, last: int) -> dict[int, tuple[str, list[str]]]:
    """The sender's own rows of a sheet from `first` to `last`: row → (kind of line, cells). `h` is the header."""
    folder = lake.root() / snapshot.path
    parts, kinds = sorted(folder.glob(f"{Path(lake.FILE_ROWS).stem}*.parquet")), folder / lake.FILE_KINDS
    if not parts:
        return {}
    with lake.bench() as made:
        cursor = made.run(
            f"SELECT * EXCLUDE (_sheet, _name) FROM ({lake.raw(parts, kinds if kinds.is_file() else None)})"  # noqa: S608 - our own path
            " WHERE coalesce(_name, '') = $sheet AND (_kind = 'h' OR _row BETWEEN $first AND $last) ORDER BY _row",
            {"sheet": sheet, "first": first, "last": last},
        )
        return {
            int(row): (str(kind), [cell or "" for cell in cells]) for row, kind, *cells in cursor.fetchall()
        }
