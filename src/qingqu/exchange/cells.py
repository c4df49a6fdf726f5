"""A file's cells brought into Parquet as they stand. Runs in the reading process (`parser`), never in ours.

Each part holds `_sheet` (number in the plan), `_name` (of the sheet), `_row` (1-based, as the sender counts; NULL in
parts that the engine has read: there `_from` is that of the part's first row, for numbering rows would keep it from
reading on two threads), `_kind` (of the line, as `SheetPlan.lines` tells; `?`: data unless `kinds.parquet` says
otherwise) and `c0`, `c1`, … as text, NULL for empty. Delimited text goes through the engine's own reader wherever that
reads it as we do (`bulk`); all else goes row by row."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from qingqu.exchange.lake import PARQUET, Bench
from qingqu.exchange.layout import Plan, SheetPlan
from qingqu.reading.limits import MAX_COLUMNS

BATCH = 100_000
NOTES = 20_000  # cells
OWN = {"_sheet": "INTEGER", "_name": "VARCHAR", "_row": "INTEGER", "_from": "INTEGER", "_kind": "VARCHAR"}
PARTS, KINDS = "cells-{:05d}.parquet", "kinds.parquet"
Lines = Iterable[tuple[str, int, list[str]]]


@dataclass
class Cells:
    """The parts written so far. `counts`: kind of line → how many. `progress` is told the rows read."""

    made: Bench
    progress: Callable[[int], None]
    parts: list[Path] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    other_kinds: list[tuple[int, int, str]] = field(default_factory=list)
    read: int = 0
    below: list[tuple[int, str]] = field(default_factory=list)  # sheet, text of notes and signatures

    def part(self) -> Path:
        """The path of the next part."""
        return self.made.folder / PARTS.format(len(self.parts))

    def add(self, path: Path, rows: int) -> None:
        """A part that is whole."""
        self.parts.append(path)
        self.read += rows
        self.progress(self.read)

    def count(self, kind: str, rows: int = 1) -> None:
        """Lines of a kind."""
        self.counts[kind] = self.counts.get(kind, 0) + rows

    def note(self, number: int, kind: str, cells: list[str]) -> None:
        """Keeps the words of a line that is no data; a table has few."""
        if kind == "f" and len(self.below) < NOTES:
            self.below += [(number, cell) for cell in cells if cell.strip()]

    def write(self, number: int, name: str, lines: Lines, width: int) -> None:
        """Lines one by one, in parts of `BATCH` rows; a line wider than the part so far begins a new one."""
        held: list[tuple[object, ...]] = []
        for kind, row, cells in lines:
            self.count(kind)
            if kind == "f":
                self.note(number, kind, cells)
            if kind == "b":
                continue
            if len(held) >= BATCH or len(cells) > width:
                self._flush(held, width)
                held, width = (
                    [],
                    width if len(cells) <= width else max(len(cells), min(2 * width, MAX_COLUMNS)),
                )
            held.append((number, name, row, None, kind, *cells))
        self._flush(held, width)

    def _flush(self, held: list[tuple[object, ...]], width: int) -> None:
        if not held:
            return
        text = self.made.folder / "rows.csv"
        with text.open("w", encoding="utf-8", newline="", errors="replace") as file:
            writer = csv.writer(file)
            pad = ("",) * width
            writer.writerows(row + pad[: width + len(OWN) - len(row)] for row in held)
        path = self.part()
        self.made.run(
            "COPY (SELECT * FROM read_csv($text, columns = $names, header = false, auto_detect = false, delim = ',',"  # noqa: S608 - our own path
            f" quote = '\"', escape = '\"', nullstr = '', new_line = '\\r\\n', max_line_size = 16777216)) TO '{path}'"
            f" ({PARQUET})",
            {"text": str(text), "names": names(width)},
        )
        text.unlink()
        self.add(path, len(held))


def names(width: int) -> dict[str, str]:
    """The columns of a part with their types."""
    return OWN | {f"c{index}": "VARCHAR" for index in range(width)}


def stage(made: Bench, plan: Plan, progress: Callable[[int], None]) -> Cells:
    """Writes every line of the plan's sheets that is not blank."""
    from qingqu.exchange import bulk

    cells = Cells(made, progress)
    for number, sheet in enumerate(plan.sheets):
        width = len(sheet.header.columns)
        text = bulk.text_of(sheet)
        if text is not None:
            bulk.Bulk(cells, number, sheet, text).write()
        else:
            cells.write(number, sheet.sheet.name, sheet.lines(), width)
    if cells.other_kinds:
        told = [list(one) for one in zip(*cells.other_kinds, strict=True)]
        made.run(
            "CREATE TABLE kinds AS SELECT unnest($s)::INTEGER AS _sheet, unnest($r)::INTEGER AS _row, unnest($k) AS kind",
            {"s": told[0], "r": told[1], "k": told[2]},
        )
        made.run(f"COPY kinds TO '{made.folder / KINDS}' (FORMAT parquet)")
    return cells


def judged(sheet: SheetPlan, rows: Callable[[], Iterator[tuple[int, list[str]]]]) -> Lines:
    """Rows from elsewhere (a stretch of the file, a few odd ones) told apart as the plan tells its own."""
    return replace(sheet, sheet=replace(sheet.sheet, rows=rows)).lines()
