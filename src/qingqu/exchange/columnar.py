"""Parquet files of departments as tables of text, read by the lake's engine on a bench of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from qingqu.exchange import lake
from qingqu.exchange.lake import Bench, quoted
from qingqu.reading.errors import Unreadable
from qingqu.reading.json_lines import HEADER_ROW
from qingqu.reading.limits import MAX_COLUMNS, MAX_ROWS, checked, too_long, too_wide
from qingqu.reading.sniff import broken
from qingqu.reading.spreadsheet import Rows, Sheet, Table
from qingqu.reading.workbook import EXACT

BATCH = 10_000
SENT = "sent.parquet"
_FLOATS = {"DOUBLE", "FLOAT"}
_NESTED = ("STRUCT", "MAP", "UNION", "[]", "VARIANT")


def open_parquet(path: Path) -> Table:
    """A Parquet file as a table with one sheet: row 0 are the names, then its rows from 1. Raises `Unreadable` for what
    is broken, too large, or holds lists and structures."""
    with _reading(path) as made:
        types = {str(row[0]): str(row[1]) for row in made.run(f"DESCRIBE {_file(made)}").fetchall()}
        rows = made.number(f"SELECT count(*) FROM ({_file(made)})")  # noqa: S608 - our own path
    if len(types) > MAX_COLUMNS:
        raise too_wide()
    if rows > MAX_ROWS:
        raise too_long()
    for name, kind in types.items():
        if any(word in kind for word in _NESTED):
            raise Unreadable(
                f"列“{name[:40]}”里还套着列表或结构，不是一格一个值；请展开成普通的列，再交上来。",
                code="nested",
            )
    return Table("parquet", (Sheet("", False, partial(_rows, path, types)),))


def _rows(path: Path, types: dict[str, str]) -> Rows:
    yield HEADER_ROW, list(types)
    told = ", ".join(_as_text(name, kind) for name, kind in types.items())
    with _reading(path) as made:
        cursor = made.run(f"SELECT {told} FROM ({_file(made)})")  # noqa: S608 - quoted names
        number = 0
        while batch := cursor.fetchmany(BATCH):
            for cells in batch:
                number += 1
                yield number, checked(number, [cell or "" for cell in cells])


def _as_text(name: str, kind: str) -> str:
    """SQL of a column as people write it: whole floats without `.0`, instants in China's time."""
    column = quoted(name)
    if kind in _FLOATS:
        whole = f"isfinite({column}) AND {column} = trunc({column}) AND abs({column}) < {EXACT}"
        return f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    if kind == "BOOLEAN":
        return f"CASE {column} WHEN true THEN 'TRUE' WHEN false THEN 'FALSE' END"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(make_timestamp(epoch_us({column}) + {8 * 3600 * 1_000_000}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _file(made: Bench) -> str:
    return f"FROM read_parquet('{made.folder / SENT}', binary_as_string = true)"


@contextmanager
def _reading(path: Path) -> Iterator[Bench]:
    try:
        with lake.bench() as made:
            _bring(path, made.folder / SENT)
            yield made
    except lake.Failure as error:
        raise broken() from error


def _bring(path: Path, place: Path) -> None:
    """The engine opens nothing outside its bench and follows no link out of it: the file itself is brought there."""
    try:
        os.link(path.resolve(), place)
    except OSError:  # another disk, or one that knows no hard links
        shutil.copyfile(path, place)
