"""One door for tables: `open_table(path)` gives sheets with rows of text, whatever the sender's program was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qingqu.reading.delimited import Delimited, encoding_of
from qingqu.reading.errors import Unreadable
from qingqu.reading.html_table import HtmlTable
from qingqu.reading.json_lines import JsonLines
from qingqu.reading.marks import Merge, SheetMarks
from qingqu.reading.old_workbook import OldWorkbook
from qingqu.reading.opendocument import OpenDocument
from qingqu.reading.sniff import kind_of
from qingqu.reading.workbook import Workbook

Rows = Iterator[tuple[int, list[str]]]
Book = Workbook | OldWorkbook | OpenDocument | HtmlTable


@dataclass(frozen=True)
class Sheet:
    """A sheet: `rows()` starts over each time and yields (1-based row of the file, cells without empty ones at the
    end; row 0 are names that stand on no row). `hidden_columns` count from 0, `hidden_rows` from 1."""

    name: str
    hidden: bool
    rows: Callable[[], Rows]
    hidden_columns: tuple[int, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True)
class Table:
    """An opened file of a `sniff.kind_of`; text and JSON lines have one sheet without a name."""

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""


def open_table(path: Path, kind: str | None = None) -> Table:
    """Opens a table judged by its content (`kind`: as `kind_of` has already told). Raises `Unreadable` with one sentence
    for everything else; Parquet files are opened by whoever has an engine for them."""
    kind = kind or kind_of(path)
    if kind == "csv":
        text = Delimited(path)
        return Table(kind, (Sheet("", False, text.rows),), text.encoding)
    if kind == "jsonl":
        lines = JsonLines(path, encoding_of(path))
        return Table(kind, (Sheet("", False, lines.rows),), lines.encoding)
    if kind == "parquet":
        raise Unreadable("这里不读 Parquet 数据文件；请导出为 xlsx 或 CSV。", code="is_parquet")
    book = _book(path, kind)
    return Table(kind, tuple(_sheet(book, name, hidden=hidden) for name, hidden in book.sheets))


def _book(path: Path, kind: str) -> Book:
    if kind == "html":
        return HtmlTable(path)
    if kind == "xls":
        return OldWorkbook(path)
    return OpenDocument(path) if kind == "ods" else Workbook(path)


def _sheet(book: Book, name: str, *, hidden: bool) -> Sheet:
    marks: SheetMarks = book.marks(name)
    return Sheet(
        name, hidden, lambda: book.rows(name), tuple(marks.hidden_columns), tuple(marks.hidden_rows), tuple(marks.merges)
    )  # fmt: skip


__all__ = ["Rows", "Sheet", "Table", "Unreadable", "open_table"]
