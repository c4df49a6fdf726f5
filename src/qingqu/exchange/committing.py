"""From tables on the bench to snapshots of the lake and their rows in the database, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qingqu.base import packs
from qingqu.base.clock import iso
from qingqu.exchange import failpoints, lake
from qingqu.exchange.comparing import Delivery, restate
from qingqu.exchange.contracts import Contract
from qingqu.exchange.history import History, history
from qingqu.exchange.lake import Bench, columns, literal
from qingqu.exchange.models import DatasetHead, Import, Snapshot

SORTED_UP_TO = 1_000_000  # rows


@dataclass(frozen=True)
class _New:
    """A snapshot to be written: its rows lie in `table`, those that it brings itself without their import's name."""

    table: str
    kind: str
    known_at: datetime
    rows: Mapping[str, int]
    period: str = ""
    full: bool = False


def lock(dataset: str) -> DatasetHead:
    """Whoever holds this row is the only one who commits to the dataset until the transaction ends."""
    DatasetHead.objects.get_or_create(dataset=dataset)
    return DatasetHead.objects.select_for_update().get(dataset=dataset)


def commit(
    made: Bench, contract: Contract, delivery: Delivery, *, head: DatasetHead, row: Import, counts: Mapping[str, int],
    now: datetime,
) -> Snapshot:  # fmt: skip
    """Writes the delivery's snapshot and, after a back-dated one, what later files had already said. Call inside the
    transaction, with the head locked, after `comparing.compare`."""
    every = list(Snapshot.objects.filter(dataset=contract.dataset))
    news = [_New("changes", "import", delivery.known_at, counts, delivery.period, delivery.full)]
    news += [
        _New(one.table, "restatement", one.like.known_at, {"restated": one.rows})
        for one in restate(made, contract, delivery, every)
    ]
    return _write_all(made, contract, news, head=head, row=row, now=now)[0]


def withdraw(made: Bench, contract: Contract, *, head: DatasetHead, row: Import, now: datetime) -> Snapshot:
    """Writes a snapshot that puts back what stood before the import: rows that it brought are closed, rows that it
    changed or closed come back with the source that they had."""
    every = history(contract.dataset)
    own = {one.pk for one in every.snapshots if one.import_of_id == row.pk}
    rest = [lake.root() / one.path / lake.CHANGES for one in every.snapshots if one.pk not in own]
    mine = [lake.root() / one.path / lake.CHANGES for one in every.snapshots if one.pk in own]
    key = columns(["_department", *contract.key])
    before = lake.state_of(contract, f"FROM {lake.parquet(rest)}") if rest else lake.nothing(contract)
    names = columns(list(contract.by_name))
    made.run(f"CREATE TABLE touched AS SELECT DISTINCT {key} FROM {lake.parquet(mine)}")  # noqa: S608 - checked names
    made.run(f"CREATE TABLE was AS SELECT * FROM ({before}) SEMI JOIN touched USING ({key})")  # noqa: S608 - checked names
    now_rows = every.relation(contract)
    made.run(f"CREATE TABLE is_now AS SELECT * FROM ({now_rows}) SEMI JOIN touched USING ({key})")  # noqa: S608 - checked names
    made.run(
        f"CREATE OR REPLACE TABLE changes AS SELECT {names}, _department, '' AS _snapshot, _import, _file, _sheet, _row,"  # noqa: S608 - checked names
        " CAST($known AS TIMESTAMP) AS _known_at, 'update' AS _change FROM was"
        f" UNION ALL SELECT {names}, _department, '', $import, $file, NULL, NULL, CAST($known AS TIMESTAMP), 'close'"
        f" FROM is_now ANTI JOIN was USING ({key})",
        {"known": lake.wall(now), "import": row.ref, "file": row.file_name},
    )
    changed = made.number("SELECT count(*) FROM changes")
    new = _New("changes", "withdrawal", now, {"restored": changed})
    return _write_all(made, contract, [new], head=head, row=row, now=now)[0]


def _write_all(
    made: Bench, contract: Contract, news: Sequence[_New], *, head: DatasetHead, row: Import, now: datetime
) -> list[Snapshot]:
    snapshots = []
    for new in news:
        head.sequence += 1
        ref = f"{contract.dataset}-{head.sequence:06d}"
        changed = made.number(f"SELECT count(*) FROM {new.table}")  # noqa: S608 - our own name
        written = _write(made, contract, new, ref, changed, row=row, now=now)
        snapshot = Snapshot(
            ref=ref, dataset=contract.dataset, sequence=head.sequence, kind=new.kind, department=row.department,
            import_of=row, known_at=new.known_at, recorded_at=now, period=new.period, full=new.full,
            manifest_sha256=written.manifest_sha256, rows=written.rows, changed=changed, path=written.path,
        )  # fmt: skip
        snapshot.save()
        snapshots.append(snapshot)
    head.save(update_fields=["sequence"])
    failpoints.reached("snapshot-rows-written")
    return snapshots


def _write(
    made: Bench, contract: Contract, new: _New, ref: str, changed: int, *, row: Import, now: datetime
) -> lake.Written:
    before = history(contract.dataset)
    newest = max(before.snapshots, key=lambda one: one.sequence, default=None)
    # Rows that the import brings do not know its name before it has one.
    brought = f", coalesce(nullif(_import, ''), {literal(row.ref)}) AS _import"
    changes = f"(SELECT * REPLACE ({literal(ref)} AS _snapshot{brought}) FROM {new.table})"  # noqa: S608 - our own names
    order = _order(contract, changed)
    tables: dict[str, lake.Content] = {
        lake.CHANGES: f"SELECT {columns(list(lake.typed(contract)))} FROM {changes}{order}",  # noqa: S608 - checked names
        lake.CONFIRMED: _confirmed(contract, new),
        lake.STATE: _state_after(contract, new, changes, before, changed),
    }
    if new.kind == "import":
        tables |= made.cells
    told: dict[str, Any] = {
        "dataset": contract.dataset, "snapshot": ref, "kind": new.kind, "department": row.department, "import": row.ref,
        "file": {"name": row.file_name, "sha256": row.file.sha256, "size": row.file.size},
        "contract_sha256": lake.sha256(packs.find(f"datasets/{contract.dataset}.yml")), "rows": dict(new.rows),
        "known_at": iso(new.known_at), "recorded_at": iso(now), "period": new.period or None, "full": new.full,
        "parent": newest.ref if newest else None,
    }  # fmt: skip
    return lake.write(made, ref, contract.dataset, tables, told)


def _confirmed(contract: Contract, new: _New) -> str:
    keys = columns(contract.key)
    if new.kind == "import":
        return f"SELECT {keys} FROM confirmed ORDER BY {keys}"  # noqa: S608 - checked names
    return f"SELECT {keys} FROM {new.table} WHERE false"  # noqa: S608 - checked names


def _order(contract: Contract, rows: int) -> str:
    """Rows lie by key, which makes them small and quick to find; very many stay as they came, for sorting them would
    cost more than all the rest."""
    return f" ORDER BY {columns(['_department', *contract.key])}" if rows <= SORTED_UP_TO else ""


def _state_after(contract: Contract, new: _New, changes: str, before: History, changed: int) -> lake.Content:
    """The newest rows with this snapshot: the changes themselves when they are the first; the state before it brought
    forward when nothing known later stands in the lake; else from all changes."""
    last = before.newest
    if last is None and new.kind == "import":
        return lake.Same(lake.CHANGES)
    names = columns(list(lake.typed(contract)))
    order = _order(contract, (last.rows if last else 0) + changed)
    if last is None or (before.state is not None and last.known_at <= new.known_at):
        key = columns(["_department", *contract.key])
        return (
            f"SELECT {names} FROM ({before.relation(contract)}) ANTI JOIN {changes} USING ({key})"  # noqa: S608 - checked names
            f" UNION ALL SELECT {names} FROM {changes} WHERE _change <> 'close'{order}"
        )
    everything = f"SELECT {names} FROM {lake.parquet(before.changes)} UNION ALL SELECT {names} FROM {changes}"  # noqa: S608 - checked names
    return f"SELECT * FROM ({lake.state_of(contract, everything)}){order}"  # noqa: S608 - checked names


def sweep() -> list[str]:
    """Removes what crashes left in the lake and its scratch folders, and previews of decided uploads; for `tick`."""
    waiting = Import.objects.filter(state__in=(Import.RECEIVED, Import.PREVIEWED, Import.REJECTED))
    return lake.sweep(
        set(Snapshot.objects.values_list("path", flat=True)), set(waiting.values_list("ref", flat=True))
    )
