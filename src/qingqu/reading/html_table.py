"""Web pages that a system has saved under the name of a spreadsheet: their tables as Excel would show them.

Everything stands on one sheet, in the order of the page: words outside of tables take a row of their own, a table inside
a table begins on a row of its own. Scripts, styles, pictures and comments are passed over; nothing is fetched."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from qingqu.reading.delimited import encoding_of
from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import MAX_CELL, MAX_COLUMNS, checked, too_long, too_wide
from qingqu.reading.marks import Merge, SheetMarks
from qingqu.reading.sniff import SAVE_AS

LARGEST = 100 * 1024 * 1024  # bytes; a page of 65,536 rows × 20 cells has about 60 MiB
DEEPEST = 20  # tables within tables
LONGEST = 1_048_576  # rows, as of a workbook
MOST = 10_000_000  # cells, those that a merge covers included
_PASSED_OVER = frozenset(
    {"script", "style", "head", "title", "xml", "object", "template", "noscript", "select"}
)
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "caption"})
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}


class HtmlTable:
    """A page read whole; one sheet without a name."""

    def __init__(self, path: Path) -> None:
        self.sheets = [("", False)]
        page = _Page()
        try:
            page.feed(_text(path))
            page.close()
        except (AssertionError, RecursionError) as error:
            raise Unreadable(f"这份网页格式的表格不完整，读不下去；{SAVE_AS}", code="is_html") from error
        page.end()
        if not page.tables:
            raise Unreadable(f"这是网页（HTML），里面没有表格；{SAVE_AS}", code="is_html")
        self._rows, self._marks = page.rows, page.marks

    def marks(self, _name: str) -> SheetMarks:
        """Merged cells and hidden rows."""
        return self._marks

    def rows(self, _name: str) -> Iterator[tuple[int, list[str]]]:
        """(row, cells as text)."""
        for number, cells in enumerate(self._rows, start=1):
            yield number, checked(number, list(cells))


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"这是网页格式的表格，超过 {LARGEST >> 20} MB；{SAVE_AS}", code="too_large")
    data = path.read_bytes()
    found = _CHARSET.search(data[:4096])
    named = found[1].decode().lower() if found else ""
    for encoding in (_CHINESE.get(named, named), encoding_of(path)):
        try:
            if encoding and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
                return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode(encoding_of(path))


class _Page(HTMLParser):
    """What Excel would lay out, row by row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.marks = SheetMarks()
        self.tables = 0
        self._depth = self._skipped = self._cells = 0
        self._passing = ""  # the element whose contents are passed over
        self._row: list[str] | None = None
        self._hidden = False
        self._words: list[str] = []
        self._size = 0
        self._span: tuple[int, int] | None = None  # of the open cell: rows, columns
        self._covered: dict[int, int] = {}  # column → the last row (from 1) that a cell above covers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a table, a row, a cell; a tag whose end is missing is ended by the next of its kind."""
        if self._passing:
            self._skipped += tag == self._passing
        elif tag in _PASSED_OVER:
            self._passing, self._skipped = tag, 1
        elif tag == "table":
            self.end()
            self._depth += 1
            self.tables += 1
            if self._depth > DEEPEST:
                raise Unreadable(f"网页里的表格套了 {DEEPEST} 层以上；{SAVE_AS}", code="nested")
        elif tag == "tr" and self._depth:
            self._end_row()
            self._row = []
            self._hidden = _HIDDEN.search(dict(attrs).get("style") or "") is not None
        elif tag in {"td", "th"} and self._depth:
            self._end_cell()
            self._row = [] if self._row is None else self._row
            told = dict(attrs)
            self._span = (_number(told.get("rowspan")), _number(told.get("colspan")))
        elif tag in _BREAKS:
            self._break()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that ends where it begins has no contents to pass over."""
        if tag not in _PASSED_OVER:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Ends what the tag ends; one that ends nothing is passed over, as browsers do."""
        if self._passing:
            self._skipped -= tag == self._passing
            self._passing = self._passing if self._skipped else ""
        elif tag == "table" and self._depth:
            self.end()
            self._depth -= 1
        elif tag == "tr":
            self._end_row()
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        """Words of a cell, or of the page outside of tables."""
        if self._passing or (self._depth and self._span is None):
            return
        self._size += len(data)
        if self._size > 4 * MAX_CELL:
            raise Unreadable(
                f"第 {len(self.rows) + 1} 行的文字太多；请检查这一行，再交上来。", code="row_too_long"
            )
        self._words.append(_BLANKS.sub(" ", data))

    def end(self) -> None:
        """Ends whatever is open: at the edges of tables and of the page."""
        self._end_row()
        self._break()
        self._covered.clear()

    def _break(self) -> None:
        if self._span is not None:
            self._words.append("\n")
        elif not self._depth and (text := self._taken()):
            self._add([text])

    def _taken(self) -> str:
        lines = [line.strip(" \xa0") for line in "".join(self._words).split("\n")]
        self._words, self._size = [], 0
        return "\n".join(line for line in lines if line)

    def _end_cell(self) -> None:
        if self._span is None or self._row is None:
            return
        (down, right), self._span, number = self._span, None, len(self.rows) + 1
        text = self._taken()
        while self._covered.get(len(self._row), 0) >= number:
            self._row.append("")
        left = len(self._row)
        if left + right > MAX_COLUMNS:
            raise too_wide()
        self._row += [text, *[""] * (right - 1)]
        if down > 1:
            self._covered |= dict.fromkeys(range(left, left + right), number + down - 1)
        if down > 1 or right > 1:
            merge: Merge = (number, left, number + down - 1, left + right - 1)
            self.marks.merges.append(merge)

    def _end_row(self) -> None:
        self._end_cell()
        row, self._row = self._row, None
        if row is not None:
            self._add(row)

    def _add(self, row: list[str]) -> None:
        self._cells += len(row)
        if len(self.rows) >= LONGEST or self._cells > MOST:
            raise too_long()
        self.rows.append(row)
        if self._hidden:
            self.marks.hidden_rows.append(len(self.rows))
            self._hidden = False


def _number(told: str | None) -> int:
    """A span as browsers take it: from 1; nonsense is 1."""
    text = (told or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:8]), 65_534))
