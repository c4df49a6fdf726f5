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
from qingqu.exchange.history import history
from qingqu.exchange.lake import Bench, columns, quoted
from qingqu.exchange.models import DatasetHead, Import, Snapshot


@dataclass(frozen=True)
class _New:
    """A snapshot to be written: its rows lie in `table`."""

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
        f"CREATE TABLE changes AS SELECT {names}, _department, '' AS _snapshot, _import, _file, _sheet, _row,"  # noqa: S608 - checked names
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
        made.run(f"UPDATE {new.table} SET _snapshot = $ref", {"ref": ref})  # noqa: S608 - our own name
        changed = made.number(f"SELECT count(*) FROM {new.table}")  # noqa: S608 - our own name
        written = _write(made, contract, new, ref, row=row, now=now)
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
    made: Bench, contract: Contract, new: _New, ref: str, *, row: Import, now: datetime
) -> lake.Written:
    before = history(contract.dataset)
    newest = max(before.snapshots, key=lambda one: one.sequence, default=None)
    order = columns(["_department", *contract.key])
    tables = {
        lake.CHANGES: f"SELECT {columns(list(lake.typed(contract)))} FROM {new.table} ORDER BY {order}",  # noqa: S608 - checked names
        lake.CONFIRMED: _confirmed(contract, new),
        lake.STATE: f"SELECT * FROM ({_state_after(contract, new)}) ORDER BY {order}",  # noqa: S608 - checked names
    }
    if new.kind == "import":
        tables[lake.FILE_ROWS] = _file_rows(made)
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


def _state_after(contract: Contract, new: _New) -> str:
    """The newest rows with this snapshot: the state before it brought forward when nothing known later stands in the
    lake, else from all changes."""
    before = history(contract.dataset)
    last = before.newest
    names = columns(list(lake.typed(contract)))
    if last is None or (before.state is not None and last.known_at <= new.known_at):
        key = columns(["_department", *contract.key])
        return (
            f"SELECT {names} FROM ({before.relation(contract)}) ANTI JOIN {new.table} USING ({key})"  # noqa: S608 - checked names
            f" UNION ALL SELECT {names} FROM {new.table} WHERE _change <> 'close'"
        )
    everything = (
        f"SELECT {names} FROM {lake.parquet(before.changes)} UNION ALL SELECT {names} FROM {new.table}"  # noqa: S608 - checked names
    )
    return lake.state_of(contract, everything)


def _file_rows(made: Bench) -> str:
    """The sender's own cells, header and all, as lists without the empty ones at the end."""
    width = made.number("SELECT count(*) FROM (DESCRIBE raw) WHERE column_name LIKE 'c%'")
    cells = ", ".join(f"coalesce({quoted(f'c{index}')}, '')" for index in range(width))
    return (
        "SELECT s.name AS _sheet, _row, _kind, cells FROM (SELECT _sheet AS number, _row, _kind,"  # noqa: S608 - our own names
        f" [{cells}] AS cells FROM raw) r JOIN sheets s USING (number) ORDER BY number, _row"
    )


def sweep() -> list[str]:
    """Removes what crashes left in the lake more than a day ago; for `tick`. Returns the names."""
    return lake.sweep(set(Snapshot.objects.values_list("path", flat=True)))
