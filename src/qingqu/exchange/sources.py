"""What the engine and the pages read: datasets as known at a moment."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from qingqu.base.clock import SHANGHAI
from qingqu.engine.runner import plain
from qingqu.engine.spec import Source
from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.models import Snapshot


def history(dataset: str, known_at: datetime | None = None) -> lake.History:
    """The snapshots known at the moment (all of them without one)."""
    found = Snapshot.objects.filter(dataset=dataset).order_by("known_at", "sequence")
    if known_at is not None:
        found = found.filter(known_at__lte=known_at)
    folders = tuple(lake.folder_of(dataset, snapshot.ref) for snapshot in found)
    return lake.History(folders)


def schemas() -> dict[str, dict[str, str]]:
    """Every dataset's fields and types."""
    return {name: load(name).schema for name in names()}


def sources(datasets: set[str], *, known_at: datetime, as_of: date) -> dict[str, Source]:
    """The named datasets for the engine; those that nobody has sent yet are left out."""
    found = {}
    for dataset in sorted(datasets):
        if (source := _source(load(dataset), known_at, as_of)) is not None:
            found[dataset] = source
    return found


def _source(contract: Contract, known_at: datetime, as_of: date) -> Source | None:
    every = list(Snapshot.objects.filter(dataset=contract.dataset).order_by("known_at", "sequence"))
    known = [snapshot for snapshot in every if snapshot.known_at <= known_at]
    if not known:
        return None
    newest = max(known, key=lambda snapshot: snapshot.sequence)
    # The newest state file counts every change committed before it; that is what was known only if nothing was
    # known later.
    current = len(known) == len(every)
    folder = lake.folder_of(contract.dataset, newest.ref)
    files = (
        (folder / "state.parquet",)
        if current
        else tuple(lake.folder_of(contract.dataset, snapshot.ref) / "changes.parquet" for snapshot in known)
    )
    departments = sorted(
        {snapshot.department for snapshot in known},
        key=lambda code: (contract.owners.index(code) if code in contract.owners else 99, code),
    )
    return Source(
        dataset=contract.dataset, schema=contract.schema, key=contract.key, files=files, history=not current,
        snapshots=tuple(snapshot.ref for snapshot in known),
        digests=tuple(snapshot.manifest_sha256 for snapshot in known), departments=tuple(departments),
        event_date=contract.event_date, events=contract.events, cut_off=_cut_off(contract, known, as_of),
        max_age_days=contract.max_age_days,
    )  # fmt: skip


def _cut_off(contract: Contract, known: list[Snapshot], as_of: date) -> date | None:
    days = [day for snapshot in known if (day := _period_end(snapshot.period)) is not None]
    folders = tuple(lake.folder_of(contract.dataset, snapshot.ref) for snapshot in known)
    event = lake.newest_event(contract, lake.History(folders), as_of)
    days += [event] if event else []
    return max(days) if days else known[-1].known_at.astimezone(SHANGHAI).date()


def _period_end(period: str) -> date | None:
    if not period:
        return None
    year, month = int(period[:4]), int(period[5:])
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def rows(dataset: str, **where: str) -> list[dict[str, Any]]:
    """The stored rows that match, all departments', newest state."""
    return lake.stored_rows(load(dataset), history(dataset), where)


def export_rows(dataset: str, known_at: datetime | None) -> Iterator[dict[str, str | None]]:
    """One row a key by the contract's precedence, as JSON-ready text, in the order of the key."""
    contract = load(dataset)
    chosen: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in lake.stored_rows(contract, history(dataset, known_at), {}):
        chosen.setdefault(tuple(str(row[name]) for name in contract.key), row)
    for key in sorted(chosen):
        yield {name: plain(chosen[key][name], kind) for name, kind in contract.schema.items()}
