"""The lake: immutable Parquet snapshots in directories of their own, and the only door here to DuckDB.

`QINGQU_HOME/lake/<dataset>/<snapshot>/` holds `changes.parquet` (rows inserted, updated, closed), `confirmed.parquet`
(keys that the file said again unchanged), `state.parquet` (the newest row per department and key after it),
`file_rows.parquet` (the sender's own cells) and `manifest.json`. A directory is written beside its place, synced and
renamed; it counts only when the database has its row. `docs/run/lake.md` says more."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from qingqu.base.clock import SHANGHAI
from qingqu.exchange import failpoints
from qingqu.exchange.contracts import Contract

Connection = duckdb.DuckDBPyConnection
Failure = duckdb.Error
COLUMN = {
    "date": "DATE", "datetime": "TIMESTAMP", "money": "DECIMAL(18,2)", "quantity": "DECIMAL(18,4)",
    "percent": "DECIMAL(18,4)", "integer": "BIGINT",
}  # fmt: skip
PROVENANCE = {
    "_department": "VARCHAR", "_snapshot": "VARCHAR", "_import": "VARCHAR", "_file": "VARCHAR", "_sheet": "VARCHAR",
    "_row": "INTEGER", "_known_at": "TIMESTAMP", "_change": "VARCHAR",
}  # fmt: skip
STATE, CHANGES, CONFIRMED, FILE_ROWS, MANIFEST = (
    "state.parquet", "changes.parquet", "confirmed.parquet", "file_rows.parquet", "manifest.json",
)  # fmt: skip
ORPHAN_AGE = 24 * 3600  # seconds after which a directory that nobody finished is swept
THREADS, MEMORY = 2, "2GB"


def column_type(kind: str) -> str:
    """The stored type of a kind of value; text, codes, months and numbers of people are VARCHAR."""
    return COLUMN.get(kind, "VARCHAR")


def root() -> Path:
    """Where the lake lies."""
    return Path(settings.QINGQU_HOME) / "lake"


def scratch_root() -> Path:
    """Where unfinished work lies; readable by us alone, since it holds departments' cells."""
    folder = Path(settings.QINGQU_HOME) / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def wall(moment: datetime) -> datetime:
    """An instant as the lake writes it: Shanghai wall time without a zone, to the second."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def quoted(name: str) -> str:
    """A column name that cannot be read as anything else."""
    return '"' + name.replace('"', '""') + '"'


def columns(names: Sequence[str], alias: str = "") -> str:
    """`a.x, a.y` of quoted names."""
    prefix = f"{alias}." if alias else ""
    return ", ".join(prefix + quoted(name) for name in names)


@dataclass(frozen=True)
class Bench:
    """A DuckDB in memory with a scratch folder; both go when the work is done."""

    con: Connection
    folder: Path

    def run(self, sql: str, values: Mapping[str, Any] | None = None) -> Connection:
        """One statement with named values ($name)."""
        return self.con.execute(sql, dict(values)) if values else self.con.execute(sql)

    def one(self, sql: str, values: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
        """The only row of a question."""
        row = self.run(sql, values).fetchone()
        if row is None:
            raise LookupError(sql)
        return tuple(row)

    def number(self, sql: str, values: Mapping[str, Any] | None = None) -> int:
        """The only number of a question."""
        return int(self.one(sql, values)[0] or 0)


@contextmanager
def bench() -> Iterator[Bench]:
    """A fresh bench; nothing outside the home is reachable from it."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=scratch_root()))
    con = duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY})
    try:
        con.execute("SET temp_directory = $spill", {"spill": str(folder / "spill")})
        con.execute("SET preserve_insertion_order = true")
        con.execute("SET autoinstall_known_extensions = false")
        con.execute(
            "SET allowed_directories = $folders",
            {"folders": [f"{folder}/", f"{root()}/", f"{preview_folder('')}/"]},
        )
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield Bench(con, folder)
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)


def load_text(made: Bench, table: str, path: Path, names: Mapping[str, str]) -> None:
    """Appends a csv that we wrote ourselves to a table; empty cells become NULL."""
    made.run(
        f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM read_csv($path, columns = $names, header = false,"
        " auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', max_line_size = 16777216)",
        {"path": str(path), "names": dict(names)},
    )


def parquet(paths: Sequence[Path]) -> str:
    """`read_parquet` over files of the lake; the paths are ours and hold no quotes."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}])"


def state_of(contract: Contract, changes: str, also: Sequence[str] = ()) -> str:
    """SQL of the newest row per department and key among changes (SQL of a relation); closed ones left out."""
    names = columns([*contract.by_name, *PROVENANCE, *also])
    newest = f"PARTITION BY _department, {columns(contract.key)} ORDER BY _known_at DESC, _snapshot DESC"
    return (
        f"SELECT {names} FROM (SELECT *, row_number() OVER ({newest}) AS _newest FROM ({changes}))"
        " WHERE _newest = 1 AND _change <> 'close'"
    )


def nothing(contract: Contract) -> str:
    """SQL of an empty relation with all stored columns."""
    empty = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in typed(contract).items())
    return f"SELECT {empty} WHERE false"


def typed(contract: Contract) -> dict[str, str]:
    """All stored columns with their types."""
    return {**{name: column_type(kind) for name, kind in contract.schema.items()}, **PROVENANCE}


@dataclass(frozen=True)
class Written:
    """A snapshot directory that stands in its place."""

    path: str
    manifest_sha256: str
    rows: int


def write(
    made: Bench, ref: str, dataset: str, tables: Mapping[str, str], manifest: Mapping[str, Any]
) -> Written:
    """Writes one snapshot: file name → SQL, then the manifest, synced, then renamed into place.

    Call with the dataset's head locked. A directory of the same name without a database row is what a crash left; it
    is put aside."""
    home = root() / dataset
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(prefix=f".{ref}-", dir=home))
    files = []
    for name, sql in tables.items():
        path = fresh / name
        made.run(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        rows = made.number(f"SELECT count(*) FROM {parquet([path])}")
        _sync(path)
        files.append({"path": name, "sha256": sha256(path), "rows": rows, "bytes": path.stat().st_size})
    failpoints.reached("lake-files-written")
    told = json.dumps({**manifest, "files": files}, ensure_ascii=False, sort_keys=True, indent=1).encode()
    (fresh / MANIFEST).write_bytes(told)
    _sync(fresh / MANIFEST)
    _sync(fresh)
    place = home / ref
    if place.exists():
        place.rename(Path(tempfile.mkdtemp(prefix=".orphan-", dir=home)) / ref)
    failpoints.reached("lake-before-rename")
    fresh.rename(place)
    _sync(home)
    failpoints.reached("lake-after-rename")
    rows = next((int(str(file["rows"])) for file in files if file["path"] == STATE), 0)
    return Written(f"{dataset}/{ref}", hashlib.sha256(told).hexdigest(), rows)


def preview_folder(ref: str) -> Path:
    """Where the rows of an upload that waits for its decision lie, so that the page can show them."""
    return Path(settings.QINGQU_HOME) / "previews" / ref


def keep_preview(made: Bench, ref: str) -> None:
    """Keeps `changes` and `prev` of an upload until it is decided. The last one written counts."""
    place = preview_folder(ref)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(prefix=f".{ref}-", dir=place.parent))
    for table in ("changes", "prev"):
        made.run(f"COPY (SELECT * FROM {table}) TO '{made.folder / table}.parquet' (FORMAT parquet)")
        shutil.move(made.folder / f"{table}.parquet", fresh / f"{table}.parquet")
    drop_preview(ref)
    fresh.rename(place)


def drop_preview(ref: str) -> None:
    """Forgets what was kept for the page of an upload."""
    shutil.rmtree(preview_folder(ref), ignore_errors=True)


def sweep(known: set[str], now: float | None = None) -> list[str]:
    """Removes directories that no database row knows and that are older than a day; returns their names."""
    limit = (time.time() if now is None else now) - ORPHAN_AGE
    gone = []
    # A star matches names that begin with a dot too: unfinished and orphaned directories are among them.
    left = {*root().glob("*/*"), *scratch_root().glob("bench-*"), *preview_folder("").glob(".*")}
    for path in sorted(left):
        if f"{path.parent.name}/{path.name}" not in known and path.stat().st_mtime < limit:
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path.name)
    return sorted(gone)


def sha256(path: Path) -> str:
    """The digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
