"""xlsx workbooks: sheets and their cells as text, in spellings that lose nothing and add nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import checked
from qingqu.reading.marks import SheetMarks
from qingqu.reading.sniff import broken
from qingqu.reading.workbook_xml import survey

# Excel keeps 15 digits of a number; a longer one has lost its end and is shown in exponents, so that nobody takes it
# for the number that was typed. A whole number up to 2^53 that does not end in 0 has lost nothing: Excel would have
# made its 16th digit 0, so another program has written it.
EXACT = 10**15
EXACT_WRITTEN = 2**53


class Workbook:
    """An opened workbook; sheets in the order of the file."""

    def __init__(self, path: Path) -> None:
        self._marks = survey(path)
        self._last: tuple[str, CalamineSheet] | None = None
        try:
            self._book = CalamineWorkbook.from_path(str(path))
            meta = [entry for entry in self._book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
        except (CalamineError, OSError, ValueError) as error:
            raise broken() from error
        self.sheets = [(entry.name, entry.visible != SheetVisibleEnum.Visible) for entry in meta]
        if not self.sheets:
            raise Unreadable("工作簿里没有工作表；请确认选对了文件，再交上来。", code="no_sheets")

    def marks(self, name: str) -> SheetMarks:
        """What the sheet's XML tells beside its values."""
        return self._marks.get(name) or SheetMarks()

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """(row, cells as text) from the first row of the sheet on; blank rows come empty."""
        marks = self.marks(name)
        sheet = self._sheet(name)
        if sheet.start is None:
            yield from self._only_marked(marks)
            return
        indent = [""] * sheet.start[1]
        last = 0
        for last, values in enumerate(sheet.iter_rows(), start=1):
            cells = indent + [value if type(value) is str else as_text(value) for value in values]
            for column in marks.percents.get(last, ()):
                if column < len(cells) and cells[column]:
                    cells[column] = as_percent(cells[column])
            if last in marks.errors:
                cells = with_errors(cells, marks.errors[last])
            yield last, checked(last, cells)
        yield from self._only_marked(marks, after=last)

    def _sheet(self, name: str) -> CalamineSheet:
        """The parsed sheet; the last one is kept, since a header is looked for before the rows are read."""
        if self._last is None or self._last[0] != name:
            self._last = None
            try:
                self._last = (name, self._book.get_sheet_by_name(name))
            except (CalamineError, ValueError) as error:
                raise broken() from error
        return self._last[1]

    @staticmethod
    def _only_marked(marks: SheetMarks, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Rows below the parser's last one that hold nothing but errors."""
        for row in sorted(row for row in marks.errors if row > after):
            yield row, checked(row, with_errors([], marks.errors[row]))


def with_errors(cells: list[str], errors: Mapping[int, str]) -> list[str]:
    """The row with the texts of its error cells, which the parser gives as empty."""
    full = cells + [""] * (max(errors) + 1 - len(cells))
    for column, text in errors.items():
        full[column] = text
    return full


def as_text(value: object) -> str:
    """A parsed cell as text: whole numbers without `.0`, dates in ISO form, booleans as Excel shows them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value)) if _is_exact(value) else f"{value:.14E}"
        return repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _is_exact(value: float) -> bool:
    return abs(value) < EXACT or (abs(value) <= EXACT_WRITTEN and int(value) % 10 != 0)


def as_percent(text: str) -> str:
    """What a percent-formatted cell shows: 0.35 is stored, 35% is meant."""
    try:
        number = Decimal(text) * 100
    except ArithmeticError:
        return text
    shown = f"{number:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + "%"
