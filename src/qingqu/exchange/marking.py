"""The sender's own workbook with the wrong cells coloured and commented, and a first sheet that lists them.

Pure: a job (what is wrong, where) and a file in, a workbook out; no database, no settings. It runs as a process of its
own with bounded memory and time (`python -m qingqu.exchange.marking JOB`), since it opens what others wrote; `marked`
starts it. An xlsx keeps its sheets, widths, formats and formulas; every other kind comes back as an xlsx with the same
cells as text, so that no long number is rounded. Nothing that we write is ever a formula."""

import json
import resource
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from qingqu.reading.limits import letter
from qingqu.reading.spreadsheet import Sheet, open_table

LIST = "错误清单"  # `layout.WRONG`; this module knows no database
AUTHOR = "清渠核对"
COLOUR = "FFFFC8CD"  # beside what Excel itself uses for "bad"
HEAD = ("序号", "位置", "列名", "现在的内容", "问题", "怎么改")
WIDTHS = (7, 24, 20, 26, 44, 52)
DATA = "数据"  # the sheet of a file without sheets
NUMBER = "原行号"
COMMENTED = 5_000  # cells that get a comment and a line in the list; further ones are coloured only
SHEET_ROWS = 1_048_576  # what a sheet holds
MEMORY, SECONDS = 3 * 1024**3, 240
OPENED_CELLS = 2_500_000  # more than this is not loaded as a whole: the wrong rows alone come back


@dataclass(frozen=True)
class Mark:
    """A wrong cell: sheet ("" without one), row from 1, column from 0 (None: the row as a whole), words."""

    sheet: str
    row: int
    column: int | None
    header: str
    value: str
    message: str
    fix: str

    @property
    def words(self) -> str:
        """What the comment says."""
        return f"{self.message}。\n{self.fix}" if self.fix else f"{self.message}。"

    @property
    def place(self) -> str:
        """`Sheet1 第 17 行 C 列`."""
        column = "" if self.column is None else f" {letter(self.column)} 列"
        return f"{self.sheet} 第 {self.row} 行{column}".strip()


@dataclass(frozen=True)
class Job:
    """What to mark. `wrong`: all wrong cells, of which there may be more than `marks`; `heads`: sheet → (first, last)
    row of its header; `cells`: how many cells the file has, about."""

    source: str
    target: str
    marks: tuple[Mark, ...]
    wrong: int
    heads: Mapping[str, tuple[int, int]]
    cells: int

    def dump(self) -> str:
        """As JSON, for the process that does the work."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "Job":
        """Back from JSON."""
        told: dict[str, Any] = json.loads(text)
        heads = {name: (rows[0], rows[1]) for name, rows in told["heads"].items()}
        return cls(**{**told, "marks": tuple(Mark(**one) for one in told["marks"]), "heads": heads})


def mark(job: Job) -> None:
    """Writes the marked workbook to the job's target. Raises whatever the libraries raise; the target is then not to
    be used."""
    table = open_table(Path(job.source))
    if table.kind == "xlsx" and job.cells <= OPENED_CELLS:
        try:
            return _own(job)
        except Exception:
            return _rebuilt(job, table.sheets, whole=True)
    return _rebuilt(job, table.sheets, whole=job.cells <= OPENED_CELLS)


def _own(job: Job) -> None:
    """Their workbook, coloured and commented."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what openpyxl does not keep, such as a picture's extension, it says there
        book = load_workbook(job.source, keep_links=True)
    _unmarked(book)
    fill = PatternFill("solid", fgColor=COLOUR)
    for number, (at, marks) in enumerate(_by_cell(job.marks).items()):
        sheet = book[at[0]]
        cell = _cell(sheet, at[1], at[2])
        cell.fill = fill
        if number < COMMENTED:
            _comment(cell, "\n\n".join(one.words for one in marks))
    _list(book, job)
    book.save(job.target)


def _by_cell(marks: Iterable[Mark]) -> dict[tuple[str, int, int], list[Mark]]:
    """A cell may be wrong in more than one way."""
    found: dict[tuple[str, int, int], list[Mark]] = {}
    for one in marks:
        found.setdefault((one.sheet, one.row, one.column or 0), []).append(one)
    return found


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell or, inside a merged area, the one that shows."""
    cell = sheet.cell(row, column + 1)
    if isinstance(cell, MergedCell):
        area = next(one for one in sheet.merged_cells.ranges if cell.coordinate in one)
        cell = sheet.cell(area.min_row, area.min_col)
    return cell


def _comment(cell: Cell, words: str) -> None:
    if cell.comment is not None:  # the sender's own words stay, below ours
        words = f"{words}\n\n{cell.comment.author}：{cell.comment.text}"
    made = Comment(words[:2000], AUTHOR)
    made.width, made.height = 320, 40 + 20 * (words.count("\n") + 1 + len(words) // 22)
    cell.comment = made


def _unmarked(book: Workbook) -> None:
    """Takes away what an earlier round of ours left in the file. Our colour is nobody else's, to the last digit."""
    for sheet in list(book.worksheets):
        if sheet.title.startswith(LIST) and [cell.value for cell in sheet[2]][: len(HEAD)] == list(HEAD):
            book.remove(sheet)
    ours = {
        at for at, fill in enumerate(book._fills) if fill.fill_type == "solid" and fill.fgColor.rgb == COLOUR
    }
    for sheet in book.worksheets if ours else ():
        for cell in sheet._cells.values():  # the cells that exist, and no others
            if cell._style.fillId in ours:
                cell.fill = PatternFill()
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None


def _list(book: Workbook, job: Job) -> None:
    sheet = book.create_sheet(LIST if LIST not in book.sheetnames else f"{LIST}（清渠）", 0)
    sheet["A1"] = _headline(job)
    sheet["A1"].font = Font(bold=True, size=12)
    for column, (name, width) in enumerate(zip(HEAD, WIDTHS, strict=True), start=1):
        head = sheet.cell(2, column, name)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="FFEEF1F5")
        sheet.column_dimensions[letter(column - 1)].width = width
    for number, one in enumerate(job.marks[:COMMENTED], start=1):
        row = number + 2
        for column, text in enumerate(_line(number, one), start=1):
            cell = sheet.cell(row, column)
            cell.value = text
            if isinstance(text, str):
                cell.data_type, cell.quotePrefix = "s", text[:1] in tuple("=+-@")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        at = sheet.cell(row, 2)
        target = f"{letter(one.column or 0)}{one.row}"
        at.hyperlink = Hyperlink(ref=at.coordinate, location=f"{_quoted(one.sheet)}!{target}")
        at.font = Font(color="FF1F4E9E", underline="single")
    sheet.freeze_panes = "A3"
    for other in book.worksheets:  # two selected sheets would be edited together
        other.sheet_view.tabSelected = other is sheet
    book.active = book.index(sheet)


def _line(number: int, one: Mark) -> tuple[int | str, ...]:
    return number, one.place, one.header, one.value, one.message, one.fix


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _headline(job: Job, *, kept: bool = True) -> str:
    rows = len({(one.sheet, one.row) for one in job.marks})
    told = f"共 {job.wrong:,} 处有误" + (f"，在 {rows:,} 行" if job.wrong == len(job.marks) else "")
    if job.wrong > COMMENTED:
        told += f"；这里列出前 {COMMENTED:,} 处"
    told += "。红色的格子有批注；改好后把这个文件直接上传即可，本表不会被读取。"
    return told if kept else told + f"文件很大，只带回有误的行（“{NUMBER}”是原文件的行）。"


def _rebuilt(job: Job, sheets: Sequence[Sheet], *, whole: bool) -> None:
    """The same cells in a new workbook, row for row; or, of a very large file, the header and the wrong rows alone."""
    marks: dict[tuple[str, int], dict[int, list[Mark]]] = {}
    for (name, row, column), told in _by_cell(job.marks).items():
        marks.setdefault((name, row), {})[column] = told
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(job.target, options) as book:
        listed = book.add_worksheet(LIST)
        rest = _Rest(book, marks, job.heads, whole=whole)
        for sheet in sheets:
            if whole or any(name == sheet.name for name, _ in marks):
                rest.sheet(sheet)
        _listed(book, listed, job, rest.places, whole=whole)


class _Rest:
    """Writes the sender's sheets again. `places`: (sheet, row of the file) → (sheet, row) as written."""

    def __init__(
        self, book: Any, marks: Mapping[tuple[str, int], Mapping[int, list[Mark]]],
        heads: Mapping[str, tuple[int, int]], *, whole: bool,
    ) -> None:  # fmt: skip
        self.book, self.marks, self.heads, self.whole = book, marks, heads, whole
        self.places: dict[tuple[str, int], tuple[str, int]] = {}
        self.text = book.add_format({"num_format": "@"})
        self.bad = book.add_format({"num_format": "@", "bg_color": f"#{COLOUR[2:]}", "text_wrap": True})
        self.commented = 0

    def sheet(self, sheet: Sheet) -> None:
        """One sheet."""
        page = self.book.add_worksheet(self._free(sheet.name or DATA))
        page.set_column(0, 60, 16)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        if sheet.hidden:
            page.hide()
        above = 1
        for at, (number, cells) in enumerate(self._rows(sheet)):
            if number == 0:  # names that stand on no row of the file get one here
                above = 0
            line = number - above if self.whole else at
            told = self.marks.get((sheet.name, number), {})
            if told:
                self.places[sheet.name, number] = (page.get_name(), line + 1)
            shift = 0
            if not self.whole:
                page.write_string(line, 0, NUMBER if at == 0 else str(number), self.text)
                shift = 1
            for column in range(max(len(cells), *(column + 1 for column in told), 0)):
                value = cells[column] if column < len(cells) else ""
                page.write_string(line, column + shift, value, self.bad if column in told else self.text)
                if column in told and self.commented < COMMENTED:
                    self.commented += 1
                    words = "\n\n".join(one.words for one in told[column])[:2000]
                    page.write_comment(
                        line, column + shift, words, {"author": AUTHOR, "x_scale": 2.5, "y_scale": 1.5}
                    )

    def _rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        first, last = self.heads.get(sheet.name, (0, 0))
        for number, cells in sheet.rows():
            if cells and (self.whole or first <= number <= last or (sheet.name, number) in self.marks):
                yield number, cells

    def _free(self, name: str) -> str:
        """A name that Excel takes and no other sheet has."""
        plain = "".join("_" if sign in "[]:*?/\\" else sign for sign in name).strip("'")[:28] or DATA
        taken = {page.get_name().lower() for page in self.book.worksheets()}
        return next(
            one for one in (plain, *(f"{plain}_{n}" for n in range(2, 100))) if one.lower() not in taken
        )


def _listed(
    book: Any, page: Any, job: Job, places: Mapping[tuple[str, int], tuple[str, int]], *, whole: bool
) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F5"})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    link = book.add_format({"font_color": "#1F4E9E", "underline": 1, "valign": "top"})
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.freeze_panes(2, 0)
    page.write_string(0, 0, _headline(job, kept=whole), book.add_format({"bold": True, "font_size": 12}))
    for column, name in enumerate(HEAD):
        page.write_string(1, column, name, bold)
    for number, one in enumerate(job.marks[:COMMENTED], start=1):
        row = number + 1
        page.write_number(row, 0, number, cell)
        told = places.get((one.sheet, one.row))
        if told:
            column = (one.column or 0) + (0 if whole else 1)
            page.write_url(row, 1, f"internal:{_quoted(told[0])}!{letter(column)}{told[1]}", link, one.place)
        else:
            page.write_string(row, 1, one.place, cell)
        for column, words in enumerate(_line(number, one)[2:], start=2):
            page.write_string(row, column, str(words), text if str(words)[:1] in tuple("=+-@") else cell)
    page.activate()


def main() -> None:
    """The process: reads the job, limits itself, writes the workbook; ends with 1 when it could not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    job = Job.load(Path(sys.argv[1]).read_text("utf-8"))
    try:
        mark(job)
    except Exception as error:
        sys.exit(type(error).__name__)


if __name__ == "__main__":
    main()
