"""The lake: QINGQU_HOME/lake/<dataset>/<snapshot>/ with changes, state and file rows as Parquet, and a manifest.

A snapshot is written into a folder beside its place, synced and renamed; it counts once its database row exists.
Stored rows are kept per department and key; what was known at a moment is the newest change up to it."""

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from qingqu.base.clock import SHANGHAI
from qingqu.exchange.contracts import Contract

PROVENANCE = {
    "_department": "VARCHAR", "_snapshot": "VARCHAR", "_import": "VARCHAR", "_file": "VARCHAR", "_sheet": "VARCHAR",
    "_row": "INTEGER", "_known_at": "TIMESTAMP", "_change": "VARCHAR",
}  # fmt: skip
MISSING = "\x01"  # stands for NULL on the way in; no cleaned text can carry it
NEWEST_FIRST = "_known_at DESC, _snapshot DESC"


@dataclass(frozen=True)
class Origin:
    """Where the incoming rows come from; goes with every row."""

    department: str
    import_ref: str
    file: str
    known_at: datetime


@dataclass(frozen=True)
class History:
    """A dataset's committed snapshots up to a moment, oldest first by (known_at, sequence)."""

    folders: tuple[Path, ...]

    @property
    def changes(self) -> list[str]:
        """The change files."""
        return [str(folder / "changes.parquet") for folder in self.folders]


@dataclass(frozen=True)
class Comparison:
    """How incoming rows stand to what is stored."""

    inserted: int
    updated: int
    unchanged: int
    removed: int

    @property
    def changed(self) -> bool:
        """Whether a commit would write anything."""
        return bool(self.inserted or self.updated or self.removed)


def folder_of(dataset: str, snapshot: str) -> Path:
    """A snapshot's folder."""
    return Path(settings.QINGQU_HOME) / "lake" / dataset / snapshot


def wall(moment: datetime) -> str:
    """An instant as the lake stores it: wall time in China."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(" ", "seconds")


def _names(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{name}"' for name in names)


def _newest(contract: Contract, rows: str) -> str:
    """The newest row per department and key out of a query, without what was closed. Names come from contracts."""
    return (
        f"SELECT * FROM ({rows}) QUALIFY row_number() OVER (PARTITION BY _department, {_names(contract.key)}"
        f" ORDER BY {NEWEST_FIRST}) = 1 AND _change <> 'close'"
    )


class Staging:
    """Incoming rows beside the stored ones, in memory, for one check or commit. Use as a context manager."""

    def __init__(self, contract: Contract, origin: Origin, history: History) -> None:
        self.contract, self.origin, self.history = contract, origin, history
        self.fields = [item.name for item in contract.fields]
        self.columns = _names([*self.fields, *PROVENANCE])
        self.same_key = " AND ".join(f'i."{name}" = s."{name}"' for name in contract.key)
        self.db = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "4GB"})

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def load(self, rows: Sequence[Mapping[str, str | None]], places: Sequence[tuple[str, int]]) -> None:
        """Brings the canonical rows in, typed, and the stored rows as known at the import's moment."""
        columns = {item.name: item.sql_type for item in self.contract.fields} | {
            "_sheet": "VARCHAR",
            "_row": "INTEGER",
        }
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            for row, (sheet, number) in zip(rows, places, strict=True):
                cells = [row[name] for name in self.fields]
                writer.writerow([*(MISSING if cell is None else cell for cell in cells), sheet, number])
            file.flush()
            self.db.execute(
                f"CREATE TABLE incoming AS SELECT * FROM read_csv('{file.name}', header=false, auto_detect=false,"
                f" delim=',', quote='\"', escape='\"', nullstr='{MISSING}', allow_quoted_nulls=true,"
                f" columns={{{types}}})"
            )
        if self.history.folders:
            changes = f"SELECT {self.columns} FROM read_parquet($changes, union_by_name=true)"
            self.db.execute(
                f"CREATE TABLE stored AS {_newest(self.contract, changes)}", {"changes": self.history.changes}
            )
        else:
            kinds = {item.name: item.sql_type for item in self.contract.fields} | PROVENANCE
            self.db.execute("CREATE TABLE stored (" + ", ".join(f'"{n}" {k}' for n, k in kinds.items()) + ")")

    def compare(self, *, full: bool, period: str) -> Comparison:
        """Counts, and the table `changes` that a commit would write. `full`: this department's rows that are not in
        the file (with `period` YYYY-MM: of that month by event date) are closed."""
        differs = " OR ".join(f'i."{name}" IS DISTINCT FROM s."{name}"' for name in self.fields)
        self.db.execute(
            f"CREATE TABLE judged AS SELECT i.*, CASE WHEN s._department IS NULL THEN 'insert'"
            f" WHEN {differs} THEN 'update' ELSE 'unchanged' END AS _change FROM incoming i LEFT JOIN"
            f" (SELECT * FROM stored WHERE _department = $department) s ON {self.same_key}",
            {"department": self.origin.department},
        )
        counts = dict(self.db.execute("SELECT _change, count(*) FROM judged GROUP BY 1").fetchall())
        wanted = _names([*self.fields, "_sheet", "_row", "_change"])
        self.db.execute(f"CREATE TABLE changes AS SELECT {wanted} FROM judged WHERE _change <> 'unchanged'")
        removed = self._close(period) if full else 0
        return Comparison(
            counts.get("insert", 0), counts.get("update", 0), counts.get("unchanged", 0), removed
        )

    def _close(self, period: str) -> int:
        values = {"department": self.origin.department}
        within = ""
        if period and self.contract.event_date:
            within = f" AND strftime(s.\"{self.contract.event_date}\", '%Y-%m') = $period"
            values["period"] = period
        self.db.execute(
            f"INSERT INTO changes SELECT {_names(self.fields, 's.')}, '', 0, 'close' FROM stored s"
            " WHERE s._department = $department AND NOT EXISTS"
            f" (SELECT 1 FROM incoming i WHERE {self.same_key}){within}",
            values,
        )
        ((closed,),) = self.db.execute("SELECT count(*) FROM changes WHERE _change = 'close'").fetchall()
        return int(closed)

    def distinct(self, column: str) -> list[str]:
        """The distinct values of a text column among the incoming rows."""
        rows = self.db.execute(
            f'SELECT DISTINCT "{column}" FROM incoming WHERE "{column}" IS NOT NULL'
        ).fetchall()
        return [str(value) for (value,) in rows]

    def write(
        self,
        snapshot: str,
        raw: Sequence[tuple[str, int, list[str]]],
        told: Mapping[str, Any],
        every: History,
    ) -> dict[str, Any]:
        """Writes the snapshot's folder and returns its manifest. `every`: all snapshots of the dataset, those known
        later than this one included, for the newest state."""
        target = folder_of(self.contract.dataset, snapshot)
        fresh = target.with_name(f".{snapshot}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        self.db.execute(
            f"CREATE TABLE written AS SELECT {_names(self.fields)}, $department AS _department, $snapshot AS _snapshot,"
            " $import AS _import, $file AS _file, _sheet, _row, CAST($known_at AS TIMESTAMP) AS _known_at, _change"
            f" FROM changes ORDER BY {_names(self.contract.key)}",
            {"department": self.origin.department, "snapshot": snapshot, "import": self.origin.import_ref,
             "file": self.origin.file, "known_at": wall(self.origin.known_at)},
        )  # fmt: skip
        self._copy("SELECT * FROM written", fresh / "changes.parquet")
        self._state(fresh / "state.parquet", every)
        self._file_rows(raw, fresh / "file_rows.parquet")
        files = [_described(path) for path in sorted(fresh.glob("*.parquet"))]
        manifest = {**told, "snapshot": snapshot, "files": files}
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
        (fresh / "manifest.json").write_text(text, "utf-8")
        for path in fresh.iterdir():
            _sync(path)
        shutil.rmtree(target, ignore_errors=True)  # a folder without a row does not exist
        fresh.rename(target)
        _sync(target.parent)
        return manifest

    def _state(self, path: Path, every: History) -> None:
        rows = f"SELECT {self.columns} FROM written"
        values: dict[str, Any] = {}
        if every.folders:
            rows += (
                f" UNION ALL BY NAME SELECT {self.columns} FROM read_parquet($changes, union_by_name=true)"
            )
            values = {"changes": every.changes}
        self.db.execute(f"CREATE TABLE state AS {_newest(self.contract, rows)}", values)
        self._copy(f"SELECT * FROM state ORDER BY {_names(self.contract.key)}, _department", path)

    def _file_rows(self, raw: Sequence[tuple[str, int, list[str]]], path: Path) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            for sheet, number, cells in raw:
                writer.writerow([sheet, number, json.dumps(cells, ensure_ascii=False)])
            file.flush()
            self._copy(
                f"SELECT * FROM read_csv('{file.name}', header=false, auto_detect=false, delim=',', quote='\"',"
                " escape='\"', max_line_size=8000000,"
                " columns={'_sheet': 'VARCHAR', '_row': 'INTEGER', 'cells': 'VARCHAR'})",
                path,
            )

    def _copy(self, query: str, path: Path) -> None:
        self.db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def _described(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"path": path.name, "sha256": digest, "bytes": path.stat().st_size}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _question(sql: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    with duckdb.connect(":memory:", config={"threads": 2}) as db:
        cursor = db.execute(sql, dict(values))
        names = [item[0] for item in cursor.description]
        while batch := cursor.fetchmany(5000):
            for row in batch:
                yield dict(zip(names, row, strict=True))


def stored_rows(contract: Contract, history: History, where: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every department's newest row that matches, fields and provenance, in the contract's precedence."""
    if not history.folders:
        return []
    tests = "".join(f' AND "{name}" = $w_{name}' for name in where if name in contract.schema)
    newest = _newest(contract, "SELECT * FROM read_parquet($changes, union_by_name=true)")
    sql = (
        f"SELECT * FROM ({newest}) WHERE true{tests}"
        f" ORDER BY coalesce(list_position($owners, _department), 99), {_names(contract.key)}"
    )
    values = {
        "changes": history.changes,
        "owners": list(contract.owners),
        **{f"w_{n}": v for n, v in where.items()},
    }
    return list(_question(sql, values))


def newest_event(contract: Contract, history: History, up_to: date) -> date | None:
    """The newest date of something that happened, not later than `up_to`."""
    events = sorted(contract.events)
    if not history.folders or not events:
        return None
    parts = " UNION ALL ".join(
        f'SELECT max(CAST("{name}" AS DATE)) AS day FROM read_parquet($changes)'
        f' WHERE CAST("{name}" AS DATE) <= $up_to'
        for name in events
    )
    rows = list(
        _question(f"SELECT max(day) AS day FROM ({parts})", {"changes": history.changes, "up_to": up_to})
    )
    found: date | None = rows[0]["day"]
    return found


def file_rows(folder: Path, sheet: str, number: int) -> dict[int, list[str]]:
    """The file's own cells of a row with two rows above and below: row number → cells."""
    sql = (
        "SELECT _row, cells FROM read_parquet($file) WHERE coalesce(_sheet, '') = $sheet"
        " AND _row BETWEEN $low AND $high ORDER BY _row"
    )
    values = {
        "file": str(folder / "file_rows.parquet"),
        "sheet": sheet,
        "low": number - 2,
        "high": number + 2,
    }
    return {row["_row"]: json.loads(row["cells"]) for row in _question(sql, values)}
