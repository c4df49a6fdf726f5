"""The lake: immutable Parquet snapshots in directories of their own, and the only door here to DuckDB.

`QINGQU_HOME/lake/<dataset>/<snapshot>/` holds `changes.parquet` (rows inserted, updated, closed), `confirmed.parquet`
(keys that the file said again unchanged), `state.parquet` (the newest row per department and key after it),
`file_rows.parquet` (the sender's own cells) and `manifest.json`. A directory is written beside its place, synced and
renamed; it counts only when the database has its row. `docs/run/lake.md` says more."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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
FILE_KINDS = "file_kinds.parquet"  # lines of the file that are of another kind than `?` in their part
ALIVE = ".alive"
ORPHAN_AGE = 24 * 3600  # seconds after which a directory that nobody finished is swept
# Beyond this the engine spills: sorting, joining and grouping five million rows go on in files of the scratch folder.
THREADS, MEMORY = 2, "600MB"
# Columns of more different values than this are written plainly: building a dictionary that is then thrown away costs a
# tenth of the writing.
PARQUET = "FORMAT parquet, COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1000"


def column_type(kind: str) -> str:
    """The stored type of a kind of value; text, codes, months and numbers of people are VARCHAR."""
    return COLUMN.get(kind, "VARCHAR")


def root() -> Path:
    """Where the lake lies."""
    return Path(settings.QINGQU_HOME) / "lake"


@dataclass
class _Confined:
    """Set in the reading process: the only folder, and files besides, that an engine may touch there."""

    folder: Path
    files: tuple[Path, ...]
    memory: str


_confined: list[_Confined] = []


def confine(folder: Path, files: tuple[Path, ...], memory: str) -> None:
    """From here on benches of this process see nothing but the folder and the files."""
    _confined[:] = [_Confined(folder, files, memory)]


def scratch_root() -> Path:
    """Where unfinished work lies; readable by us alone, since it holds departments' cells."""
    if _confined:
        return _confined[0].folder
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
    """A DuckDB in memory with a scratch folder; both go when the work is done. `cells`: name in a snapshot → file with the
    sender's own cells."""

    con: Connection
    folder: Path
    cells: dict[str, Path] = field(default_factory=dict)

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
    """A fresh bench; nothing outside the home is reachable from it. Its folder is held by a lock as long as this
    process lives, so that `sweep` knows the dead ones."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=scratch_root()))
    handle = os.open(folder / f"{ALIVE}-", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        (folder / f"{ALIVE}-").rename(folder / ALIVE)  # only now, so that nobody sees it unlocked
        with bench_in(folder) as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


@contextmanager
def bench_in(folder: Path) -> Iterator[Bench]:
    """A bench on a folder that somebody else looks after."""
    confined = _confined[0] if _confined else None
    memory = confined.memory if confined else MEMORY
    con = duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": memory})
    try:
        folders = (
            [f"{confined.folder}/"] if confined else [f"{folder}/", f"{root()}/", f"{preview_folder('')}/"]
        )
        con.execute("SET temp_directory = $spill", {"spill": str(folder / "spill")})
        con.execute("SET preserve_insertion_order = true")
        con.execute("SET autoinstall_known_extensions = false")
        con.execute("SET allowed_directories = $folders", {"folders": folders})
        if confined:
            con.execute("SET allowed_paths = $files", {"files": [str(path) for path in confined.files]})
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield Bench(con, folder)
    finally:
        con.close()


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def among(column: str, words: Iterable[str]) -> str:
    """SQL: whether a cell (SQL of a text) is one of the words. As a pattern: `IN` and `list_contains` become a join that
    every row of the table goes through."""
    return f"regexp_full_match({column}, {literal('|'.join(map(re.escape, words)))})"


def parquet(paths: Sequence[Path]) -> str:
    """`read_parquet` over files of the lake."""
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}])"


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


@dataclass(frozen=True)
class Same:
    """A file of a snapshot with the same content as another one of it, named before it."""

    name: str


Content = str | Path | Same  # SQL, a file of ours, or one of the snapshot's own


def cells_of(parts: Sequence[Path], kinds: Path | None) -> dict[str, Path]:
    """Name in a snapshot → file, of the sender's own cells."""
    found = {
        FILE_ROWS if number == 0 else f"{FILE_ROWS.removesuffix('.parquet')}-{number:05d}.parquet": part
        for number, part in enumerate(parts)
    }
    return found | ({FILE_KINDS: kinds} if kinds else {})


def raw(parts: Sequence[Path], kinds: Path | None) -> str:
    """SQL of the sender's own cells: `_sheet` (number), `_name` (of the sheet), `_row`, `_kind`, `c0`, `c1`, …"""
    kind, join = "replace(_kind, '?', 'd')", ""
    if kinds:
        kind = "CASE WHEN _kind = '?' THEN coalesce(kind, 'd') ELSE _kind END"
        join = f" LEFT JOIN {parquet([kinds])} k USING (_sheet, _row)"
    listed = ", ".join(literal(str(path)) for path in parts)
    cells = (
        "SELECT * REPLACE (coalesce(_row, _from + file_row_number)::INTEGER AS _row)"
        f" FROM read_parquet([{listed}], union_by_name = true, file_row_number = true)"
    )
    told = f"SELECT _sheet, _name, _row, {kind} AS _kind, COLUMNS('c\\d+') FROM ({cells}) p{join}"
    return f"SELECT * FROM ({told}) WHERE _kind <> 'b'"


def write(
    made: Bench, ref: str, dataset: str, tables: Mapping[str, Content], manifest: Mapping[str, Any]
) -> Written:
    """Writes one snapshot: file name → content, then the manifest, synced, then renamed into place.

    Call with the dataset's head locked. A directory of the same name without a database row is what a crash left; it
    is put aside."""
    home = root() / dataset
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(prefix=f".{ref}-", dir=home))
    files: dict[str, dict[str, Any]] = {}
    for name, content in tables.items():
        path = fresh / name
        if isinstance(content, Same):
            os.link(fresh / content.name, path)
            files[name] = {**files[content.name], "path": name}
            continue
        if isinstance(content, Path):
            bring(content, path)
        else:
            made.run(f"COPY ({content}) TO '{path}' ({PARQUET})")
        rows = made.number(f"SELECT count(*) FROM {parquet([path])}")
        _sync(path)
        files[name] = {"path": name, "sha256": sha256(path), "rows": rows, "bytes": path.stat().st_size}
    failpoints.reached("lake-files-written")
    told = {**manifest, "files": list(files.values())}
    place = _settle(
        fresh, home / ref, json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
    )
    rows = int(files[STATE]["rows"]) if STATE in files else 0
    return Written(f"{dataset}/{ref}", sha256(place / MANIFEST), rows)


def _settle(fresh: Path, place: Path, manifest: bytes) -> Path:
    """Manifest in, everything synced, then the name that counts."""
    (fresh / MANIFEST).write_bytes(manifest)
    _sync(fresh / MANIFEST)
    _sync(fresh)
    if place.exists():
        place.rename(Path(tempfile.mkdtemp(prefix=".orphan-", dir=place.parent)) / place.name)
    failpoints.reached("lake-before-rename")
    fresh.rename(place)
    _sync(place.parent)
    failpoints.reached("lake-after-rename")
    return place


def bring(path: Path, place: Path) -> None:
    """A finished file of ours under a second name, without copying where the disk can."""
    try:
        os.link(path, place)
    except OSError:  # another disk, or one that knows no hard links
        shutil.copyfile(path, place)


def preview_folder(ref: str) -> Path:
    """Where the rows of an upload that waits for its decision lie, so that the page can show them."""
    return Path(settings.QINGQU_HOME) / "previews" / ref


def sweep(known: set[str], waiting: set[str], now: float | None = None) -> list[str]:
    """Removes what nobody will finish; returns the names. Of the lake: directories that no database row (`known`) has,
    older than a day. Of the previews: those of no `waiting` upload, older than a day. Of the scratch folders: at once
    those whose process is dead, after a day those that no lock tells of."""
    limit = (time.time() if now is None else now) - ORPHAN_AGE
    gone = []
    # A star matches names that begin with a dot too: unfinished and orphaned directories are among them.
    previews = {path for path in preview_folder("").glob("*") if path.name not in waiting}
    for path in sorted({*root().glob("*/*"), *scratch_root().glob("bench-*"), *previews}):
        if f"{path.parent.name}/{path.name}" not in known and (path.stat().st_mtime < limit or _dead(path)):
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path.name)
    return sorted(gone)


def _dead(folder: Path) -> bool:
    """Whether the process that worked in a scratch folder has died: the lock that it held is free."""
    try:
        handle = os.open(folder / ALIVE, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def sha256(path: Path) -> str:
    """The digest of a file, read in pieces."""
    digest = hashlib.sha256()
    for chunk in file_chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def file_chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes in pieces of one MiB."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
