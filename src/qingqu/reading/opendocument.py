"""ods workbooks (OpenDocument): cells as text, hidden rows and columns, merged cells. One streaming pass over
`content.xml` (OpenDocument 1.3, part 3, chapter 9), which holds only cells with content: what is repeated a million
times (`number-rows-repeated`) is counted, not copied."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import MAX_AREA, MAX_COLUMNS, MAX_ROWS, checked, too_long, too_wide
from qingqu.reading.marks import SheetMarks
from qingqu.reading.package import doctype, drained, within_limits
from qingqu.reading.sniff import broken, encrypted
from qingqu.reading.workbook import as_percent, as_text

CHUNK = 1024 * 1024
MAX_GAP = 100_000  # blank rows in one place between rows with content
# Text inside these belongs to no cell: comments, drawings, and rows that change tracking keeps of what was deleted.
_ASIDE = {
    "office:annotation",
    "table:tracked-changes",
    "table:shapes",
    "draw:frame",
    "draw:custom-shape",
    "draw:g",
}
_COVERED = "table:covered-table-cell"
Line = tuple[int, int, list[str]]  # first row, how many alike, cells


class OpenDocument:
    """An opened ods; sheets in the order of the file."""

    def __init__(self, path: Path) -> None:
        reader = _Reader()
        try:
            with zipfile.ZipFile(path) as package:
                within_limits(package)
                if b"encryption-data" in package.read("META-INF/manifest.xml")[: 4 * CHUNK]:
                    raise encrypted()
                with package.open("content.xml") as part:
                    reader.read(part)
                for entry in package.infolist():
                    if entry.filename != "content.xml":
                        drained(package, entry)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            KeyError,
            NotImplementedError,
            expat.ExpatError,
        ) as error:
            raise broken() from error
        except (
            RuntimeError,
            ValueError,
            zlib.error,
        ) as error:  # encrypted entries, odd numbers, damaged streams
            raise broken() from error
        if not reader.tables:
            raise Unreadable("工作簿里没有工作表；请确认选对了文件，再交上来。", code="no_sheets")
        self._tables = reader.tables
        self.sheets = [(name, table.hidden) for name, table in reader.tables.items()]

    def marks(self, name: str) -> SheetMarks:
        """Hidden rows and columns and merged cells of a sheet."""
        return self._tables[name].marks

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """(row, cells as text) from the first row of the sheet on; blank rows come empty."""
        last = 0
        for first, times, cells in self._tables[name].lines:
            for number in range(last + 1, first):
                yield number, []
            for number in range(first, first + times):
                yield number, list(cells)
            last = first + times - 1


class _Table:
    def __init__(self, *, hidden: bool) -> None:
        self.hidden, self.marks, self.lines = hidden, SheetMarks(), list[Line]()
        self.row = self.column = 0  # the next row (from 1 when reached) and the next column declaration


class _Reader:
    """Handlers of the parser; `tables` grows as sheets end."""

    def __init__(self) -> None:
        self.tables: dict[str, _Table] = {}
        self.hidden_styles: set[str] = set()
        self.style = self.name = ""
        self.table: _Table | None = None
        self.aside = self.area = self.depth = 0
        self.cells: list[str] = []
        self.blanks = self.repeat = 0
        self.cell: dict[str, str] | None = None
        self.paragraphs: list[str] = []
        self.text: list[str] | None = None

    def read(self, part: object) -> None:
        """Parses the stream to its end."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.data
        while chunk := part.read(CHUNK):  # type: ignore[attr-defined]
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def start(self, tag: str, told: dict[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        if self.depth > 200:
            raise broken()
        if self.aside or tag in _ASIDE:
            self.aside += 1
        elif tag == "style:style":
            self.style = told.get("style:name", "")
        elif tag == "style:table-properties" and told.get("table:display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table:table" and self.table is None:
            self.name = told.get("table:name", f"{len(self.tables) + 1}")
            self.table = _Table(hidden=told.get("table:style-name", "") in self.hidden_styles)
        elif self.table is not None:
            self._inside(self.table, tag, told)

    def _inside(self, table: _Table, tag: str, told: dict[str, str]) -> None:
        hidden = told.get("table:visibility", "visible") != "visible"
        if tag == "table:table-column":
            times = _times(told, "table:number-columns-repeated")
            if hidden and table.column < MAX_COLUMNS:
                table.marks.hidden_columns += range(table.column, min(table.column + times, MAX_COLUMNS))
            table.column += times
        elif tag == "table:table-row":
            self.repeat, self.cells, self.blanks = _times(told, "table:number-rows-repeated"), [], 0
            if hidden and self.repeat < MAX_GAP:
                table.marks.hidden_rows += range(table.row + 1, table.row + 1 + self.repeat)
        elif tag in {"table:table-cell", _COVERED}:
            self.cell, self.paragraphs = told, []
        elif tag == "text:p" and self.cell is not None:
            self.text = []
        elif self.text is not None and tag in {"text:s", "text:tab", "text:line-break"}:
            self.text.append("\n" if tag == "text:line-break" else " " * min(_times(told, "text:c"), 100))

    def data(self, text: str) -> None:
        """Characters, of a cell's paragraph or of nothing that counts."""
        if self.text is not None and not self.aside:
            self.text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth -= 1
        if self.aside:
            self.aside -= 1
        elif self.table is None:
            return
        elif tag == "text:p" and self.text is not None:
            self.paragraphs.append("".join(self.text))
            self.text = None
        elif tag in {"table:table-cell", _COVERED} and self.cell is not None:
            self._cell(self.table, self.cell, "" if tag == _COVERED else _shown(self.cell, self.paragraphs))
            self.cell = None
        elif tag == "table:table-row":
            self._row(self.table)
        elif tag == "table:table":
            self.tables[self.name], self.table = self.table, None

    def _cell(self, table: _Table, told: dict[str, str], text: str) -> None:
        times = _times(told, "table:number-columns-repeated")
        column = len(self.cells) + self.blanks
        wide, high = _times(told, "table:number-columns-spanned"), _times(told, "table:number-rows-spanned")
        if (wide > 1 or high > 1) and column < MAX_COLUMNS:
            row = table.row + 1
            table.marks.merges.append((row, column, row + high - 1, column + wide - 1))
        if not text:
            self.blanks += times
            return
        if column + times > MAX_COLUMNS:
            raise too_wide()
        self.cells += [""] * self.blanks + [text] * times
        self.blanks = 0

    def _row(self, table: _Table) -> None:
        first, table.row = table.row + 1, table.row + self.repeat
        if not self.cells:
            return
        self.area += self.repeat * len(self.cells)
        before = table.lines[-1][0] + table.lines[-1][1] if table.lines else 1
        if table.row > MAX_ROWS:
            raise too_long()
        if self.area > MAX_AREA or first - before > MAX_GAP:
            raise Unreadable(
                "表格的已用区域大得不正常（很远的格子里有内容）；请把数据复制到新的工作表，再交上来。",
                code="too_sparse",
            )
        table.lines.append((first, self.repeat, checked(first, self.cells)))


def _refuse_doctype(*_: object) -> None:
    raise doctype()


def _times(told: dict[str, str], name: str) -> int:
    """A count; what is no number is a broken file."""
    text = told.get(name, "1")
    if not text.isascii() or not text.isdigit():
        raise broken()
    return max(int(text[:12]), 1)


def _shown(told: dict[str, str], paragraphs: list[str]) -> str:
    """The cell as text: the stored value where there is one, else what is written in it."""
    kind, written = told.get("office:value-type", ""), "\n".join(paragraphs)
    if told.get("calcext:value-type") == "error":
        return written.strip() or "#VALUE!"
    if kind in {"float", "currency", "percentage"} and "office:value" in told:
        text = as_text(float(told["office:value"]))
        return as_percent(text) if kind == "percentage" else text
    if kind == "date" and "office:date-value" in told:
        day, _, time = told["office:date-value"].partition("T")
        time = time.partition(".")[0]
        return day if time in {"", "00:00:00"} else f"{day}T{time}"
    if kind == "boolean" and "office:boolean-value" in told:
        return as_text(told["office:boolean-value"] == "true")
    return told.get("office:string-value", written)
