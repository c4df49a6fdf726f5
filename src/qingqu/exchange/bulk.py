"""Delimited text into Parquet by the engine's own reader, wherever it reads as `csv` does; the rest row by row.

A stretch of the file (at first all of it) is looked over as bytes: one kind of line end, no blank line, each quote at
the edge of its cell. Then the engine reads it strictly. Whatever it refuses, or counts otherwise than the bytes say,
is tried again in smaller stretches, and the smallest go through Python, which has the last word and the sentences."""

import codecs
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from qingqu.exchange import lake
from qingqu.exchange.cells import Cells, judged
from qingqu.exchange.layout import SheetPlan
from qingqu.reading.delimited import Delimited, parse
from qingqu.reading.errors import Unreadable
from qingqu.reading.header import plain
from qingqu.reading.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, too_long
from qingqu.reading.lines import SHORT

BLOCK = 8 << 20
STRETCHES = (1 << 62, 64 << 20, 8 << 20, 1 << 20)  # bytes tried at once, the next smaller after a refusal
BLANK_LINE = re.compile(rb"\n\r?\n")
LONGEST_LINE = 4 << 20
SAMPLE = 50
# A filled key of this form is data: words of totals and signatures, and our headers, are of another.
REFERENCE = "([0-9]|[A-Za-z][!-9;-~]*[0-9])[!-9;-~]*"
# Keys of nothing but short figures may be the sums of a total row: its word stands in another cell.
FIGURES = f"[0-9.,/-]{{1,{SHORT}}}"
TOTALS = "计|页|(?i)total|(?i)sum"


def text_of(sheet: SheetPlan) -> Delimited | None:
    """The delimited text that a sheet's rows come from, or None."""
    owner = getattr(sheet.sheet.rows, "__self__", None)
    return owner if isinstance(owner, Delimited) else None


@dataclass(frozen=True)
class Seen:
    """What the bytes of a regular stretch say: lines (the last one's end may be missing), and whether there are
    quotes."""

    lines: int
    quotes: bool


class Bulk:
    """One delimited text on its way into parts."""

    def __init__(self, cells: Cells, number: int, sheet: SheetPlan, text: Delimited) -> None:
        self.cells, self.number, self.sheet = cells, number, sheet
        self.delimiter, self.made = text.delimiter, cells.made
        self.path, self.at = _as_utf8(text, cells.made.folder)
        self.end = self.path.stat().st_size
        self.width = len(sheet.header.columns)
        self.row = 0  # rows before `at`
        self.keys = [sheet.header.fields[name].index for name in sheet.keys if name in sheet.header.fields]

    def write(self) -> None:
        """All of it."""
        self._by_row(rows=self.sheet.header.last_row)
        head = self._lines_before(self.at)
        self.width = min(max(self.width, self._width_below()), MAX_COLUMNS)
        size = 0 if self._keys_told_by_form() else len(STRETCHES)
        while self.at < self.end:
            if size == len(STRETCHES):
                self._by_row(size=STRETCHES[-1] if self._keys_told_by_form() else self.end)
                size -= 1 if self._keys_told_by_form() else 0
            elif self._by_engine(self._cut(STRETCHES[size]), skip=head if size == 0 else None):
                size = max(1, size - 1)
            else:
                size += 1
        if self.path.parent == self.made.folder:
            self.path.unlink()

    def _keys_told_by_form(self) -> bool:
        heads = [plain(self.sheet.header.columns[index].header) for index in self.keys]
        return bool(heads) and not any(sign.isascii() and sign.isdigit() for head in heads for sign in head)

    def _width_below(self) -> int:
        """Cells of the widest of the next lines, empty ones at the end counted."""
        with self.path.open("rb") as file:
            file.seek(self.at)
            mark = self.delimiter.encode()
            lines = islice(_lines(file), SAMPLE)
            return max((line.count(mark) + 1 for line in lines if b'"' not in line), default=0)

    def _lines_before(self, stop: int) -> int | None:
        """Lines that the engine has to skip to begin at `stop`; None when quotes or odd ends make that uncertain."""
        with self.path.open("rb") as file:
            seen = file.read(stop)
        plain_ends = b'"' not in seen and seen.count(b"\r") == seen.count(b"\r\n") and seen.endswith(b"\n")
        return seen.count(b"\n") if plain_ends else None

    def _by_row(self, *, rows: int | None = None, size: int | None = None) -> None:
        """Rows through Python: so many from here on, or so many bytes and the row in which they end."""
        begun = self.at

        def some() -> Iterator[tuple[int, list[str]]]:
            with self.path.open("rb") as file:
                file.seek(self.at)
                for number, cells in parse(self._counted(file), self.delimiter, self.row):
                    self.row = number
                    yield number, cells
                    if (rows is not None and number >= rows) or (
                        size is not None and self.at - begun >= size
                    ):
                        return

        self.cells.write(self.number, "", judged(self.sheet, some), self.width)

    def _counted(self, file: BinaryIO) -> Iterator[str]:
        for line in _lines(file):
            self.at += len(line)
            yield line.decode("utf-8-sig" if self.row == 0 else "utf-8", errors="replace")

    def _cut(self, size: int) -> int:
        """Where a stretch of about this size ends: behind a line end."""
        stop = self.at + size
        if stop >= self.end:
            return self.end
        with self.path.open("rb") as file:
            file.seek(max(self.at, stop - MAX_CELL * 4))
            found = file.read(stop - file.tell())
        behind = found.rfind(b"\n") + 1
        return stop - len(found) + behind if behind else self.at

    def _by_engine(self, stop: int, skip: int | None) -> bool:
        """Whether the engine has read the stretch up to `stop`; nothing is left of it otherwise. `skip`: the stretch is
        the rest of the file behind so many lines."""
        if stop <= self.at or (skip is None and stop - self.at > STRETCHES[1]):
            return False
        seen = look(self.path, self.at, stop, self.delimiter)
        if seen is None:
            return False
        source = self.path if skip is not None else self._stretch(stop)
        part = self.cells.part()
        try:
            read = self._copy(source, skip or 0, part)
        except lake.Failure:
            part.unlink(missing_ok=True)
            return False
        if not self._all_there(part, read, seen):
            part.unlink()
            return False
        if self.row + read > MAX_ROWS:
            raise too_long()
        self._judge(part, read)
        self.row, self.at = self.row + read, stop
        return True

    def _stretch(self, stop: int) -> Path:
        path = self.made.folder / "stretch.csv"
        with self.path.open("rb") as file, path.open("wb") as out:
            file.seek(self.at)
            left = stop - self.at
            while left and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                out.write(block)
        return path

    # The end of lines is left for the engine to see (`look` has found one kind): told `\r\n` in so many words, its strict
    # reading takes a cell of nothing but quotes before a line's end for the beginning of a longer one.
    def _copy(self, source: Path, skip: int, part: Path) -> int:
        told = {f"c{index}": "VARCHAR" for index in range(self.width)}
        sure = " AND ".join(f"coalesce(regexp_full_match(c{key}, '{REFERENCE}'), false)" for key in self.keys)
        empty = f"coalesce({', '.join(told)}) IS NULL"
        figures = " AND ".join(f"regexp_full_match(c{key}, '{FIGURES}')" for key in self.keys)
        sure += f" AND NOT (CASE WHEN {figures} THEN regexp_matches(concat_ws('|', {', '.join(told)}), '{TOTALS}') ELSE false END)"
        done = self.made.run(
            f"COPY (SELECT {self.number}::INTEGER AS _sheet, '' AS _name,"  # noqa: S608 - our own paths
            f" NULL::INTEGER AS _row, {self.row + 1}::INTEGER AS _from,"
            f" CASE WHEN {sure} THEN 'd' WHEN {empty} THEN 'b' ELSE '?' END AS _kind, *"
            f" FROM read_csv($source, columns = $names, auto_detect = false, header = false, skip = {skip},"
            " delim = $delimiter, quote = '\"', escape = '\"', nullstr = '', strict_mode = true, null_padding = true,"
            f" max_line_size = {MAX_CELL})) TO '{part}' ({lake.PARQUET})",
            {"source": str(source), "names": told, "delimiter": self.delimiter},
        ).fetchone()
        return int(done[0]) if done else 0

    def _all_there(self, part: Path, read: int, seen: Seen) -> bool:
        """Whether as many rows came out as lines went in; line ends inside quoted cells make the difference."""
        if read == seen.lines:
            return True
        if not seen.quotes:
            return False
        inside = " + ".join(
            f"coalesce(length(c{index}) - length(replace(c{index}, chr(10), '')), 0)"
            for index in range(self.width)
        )
        return seen.lines - read == self.made.number(f"SELECT sum({inside}) FROM read_parquet('{part}')")  # noqa: S608 - our own path

    def _judge(self, part: Path, read: int) -> None:
        """Counts the part's lines by kind; those that the form of their key does not tell are judged one by one."""
        counts = dict(
            self.made.run(f"SELECT _kind, count(*) FROM read_parquet('{part}') GROUP BY 1").fetchall()  # noqa: S608 - our own path
        )
        for kind in ("d", "b"):
            if counts.get(kind):
                self.cells.count(kind, counts[kind])
        if counts.get("?"):
            self._judge_odd(part)
        self.cells.add(part, read)

    def _judge_odd(self, part: Path) -> None:
        cursor = self.made.con.cursor()
        told = ", ".join(f"coalesce(c{index}, '')" for index in range(self.width))
        cursor.execute(
            f"SELECT _from + file_row_number, {told} FROM read_parquet('{part}', file_row_number = true)"  # noqa: S608 - our own path
            " WHERE _kind = '?'"
        )

        def odd() -> Iterator[tuple[int, list[str]]]:
            while batch := cursor.fetchmany(10_000):
                for row, *cells in batch:
                    while cells and not cells[-1]:
                        cells.pop()
                    yield row, cells

        for kind, row, told_cells in judged(self.sheet, odd):
            self.cells.count(kind)
            self.cells.note(self.number, kind, told_cells)
            if kind != "d":
                self.cells.other_kinds.append((self.number, row, kind))


def look(path: Path, start: int, stop: int, delimiter: str) -> Seen | None:
    """What the bytes from `start` to `stop` say, or None when the engine might read them otherwise than Python."""
    mark, lines, quotes, returns, last = delimiter.encode(), 0, 0, 0, b""
    for block in _blocks(path, start, stop):
        if block[-1:] != b"\n" and last not in {b"", b"\n"}:
            return None
        if block[:1] == b"\n" or block[:2] == b"\r\n" or BLANK_LINE.search(block):
            return None
        if b"\r" in block:  # a search for what is not there costs nearly nothing, a count of pairs a lot
            here = block.count(b"\r")
            if here != block.count(b"\r\n"):
                return None
            returns += here
        if b'"' in block:
            here = block.count(b'"')
            if not _at_edges(block, mark, here):
                return None
            quotes += here
        lines, last = lines + block.count(b"\n"), block[-1:]
    if returns not in {0, lines}:
        return None
    return Seen(lines + (last != b"\n"), quotes > 0)


def _blocks(path: Path, start: int, stop: int) -> Iterator[bytes]:
    """The stretch in pieces that end with a line end (the last one as it ends)."""
    with path.open("rb") as file:
        file.seek(start)
        carry, left = b"", stop - start
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            block = carry + block
            cut = block.rfind(b"\n") + 1 if left else len(block)
            carry = block[cut:]
            yield block[:cut]


def _at_edges(block: bytes, mark: bytes, quotes: int) -> bool:
    """Whether every quote opens or closes its cell. A quote that might do both or neither makes this false."""
    opening = block.count(mark + b'"') + block.count(b'\n"') + block.startswith(b'"')
    closing = block.count(b'"' + mark) + block.count(b'"\n') + block.count(b'"\r\n') + block.endswith(b'"')
    return opening == closing and opening + closing == quotes


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends, as universal newlines part them."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Unreadable("有一行的文字太多；请检查这份文件的换行，再交上来。", code="row_too_long")
        yield from line.splitlines(keepends=True) if b"\r" in line else (line,)


def _as_utf8(text: Delimited, folder: Path) -> tuple[Path, int]:
    """(the text in UTF-8, where it begins): the file itself, or a converted copy."""
    if text.encoding == "utf-8-sig":
        with text.path.open("rb") as file:
            return text.path, len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    path = folder / "utf8.csv"
    with (
        text.path.open(encoding=text.encoding, newline="") as file,
        path.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(file, out, BLOCK)
    return path, 0
