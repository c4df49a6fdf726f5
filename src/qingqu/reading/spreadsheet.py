"""One door for tables: `open_table(path)` gives sheets with rows of text, whatever the sender's program was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qingqu.reading.delimited import Delimited
from qingqu.reading.errors import Unreadable
from qingqu.reading.sniff import kind_of
from qingqu.reading.workbook import Workbook

Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Sheet:
    """A sheet: `rows()` starts over each time and yields (1-based row of the file, cells without empty ones at the
    end). `hidden_columns` are indices from 0."""

    name: str
    hidden: bool
    rows: Callable[[], Rows]
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """An opened file. `kind` is `csv` or `xlsx`; a csv has one sheet without a name."""

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""


def open_table(path: Path) -> Table:
    """Opens a table judged by its content. Raises `Unreadable` with one sentence for everything else."""
    if kind_of(path) == "csv":
        text = Delimited(path)
        return Table("csv", (Sheet("", False, text.rows),), text.encoding)
    book = Workbook(path)
    sheets = tuple(
        Sheet(
            name,
            hidden,
            _reader(book, name),
            tuple(book.marks[name].hidden_columns if name in book.marks else ()),
        )
        for name, hidden in book.sheets
    )
    return Table("xlsx", sheets)


def _reader(book: Workbook, name: str) -> Callable[[], Rows]:
    return lambda: book.rows(name)


__all__ = ["Rows", "Sheet", "Table", "Unreadable", "open_table"]
