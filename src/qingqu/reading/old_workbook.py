"""xls workbooks (Excel 97–2003 and older): cells as text, hidden rows and columns, merged cells, percent formats.

Read with `xlrd`, which unlike the fast parser tells number formats, merges and what is hidden in this format, and knows
the code pages of the oldest files."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import checked
from qingqu.reading.marks import SheetMarks
from qingqu.reading.sniff import broken, encrypted
from qingqu.reading.workbook import as_percent, as_text

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_LITERAL = re.compile(r'"[^"]*"|\\.')
SECOND = 86_400


class OldWorkbook:
    """An opened xls; sheets in the order of the file. Everything is parsed at once: the format ends at 65,536 rows."""

    def __init__(self, path: Path) -> None:
        try:
            self._book = xlrd.open_workbook(
                str(path), formatting_info=True, ragged_rows=True, logfile=io.StringIO()
            )
            self._parsed = {sheet.name: sheet for sheet in self._book.sheets()}
        except xlrd.XLRDError as error:
            raise (encrypted() if "encrypted" in str(error) else broken()) from error
        except Exception as error:  # a damaged stream breaks the parser anywhere
            raise broken() from error
        self._percent = {
            number for number, told in self._book.format_map.items()
            if "%" in _LITERAL.sub("", str(told.format_str))
        }  # fmt: skip
        self.sheets = [(name, sheet.visibility != 0) for name, sheet in self._parsed.items()]
        if not self.sheets:
            raise Unreadable("工作簿里没有工作表；请确认选对了文件，再交上来。", code="no_sheets")

    def marks(self, name: str) -> SheetMarks:
        """Hidden rows and columns and merged cells of a sheet."""
        sheet = self._parsed[name]
        return SheetMarks(
            hidden_columns=sorted(index for index, told in sheet.colinfo_map.items() if told.hidden),
            hidden_rows=sorted(index + 1 for index, told in sheet.rowinfo_map.items() if told.hidden),
            merges=[
                (top + 1, left, bottom, right - 1) for top, bottom, left, right in sorted(sheet.merged_cells)
            ],
        )

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """(row, cells as text) from the first row of the sheet on; blank rows come empty."""
        sheet = self._parsed[name]
        for index in range(sheet.nrows):
            try:
                cells = [
                    value if kind == _TEXT else self._text(sheet, index, column, kind, value)
                    for column, (kind, value) in enumerate(
                        zip(sheet.row_types(index), sheet.row_values(index), strict=True)
                    )
                ]
            except (LookupError, ValueError, ArithmeticError) as error:
                raise broken() from error
            yield index + 1, checked(index + 1, cells)

    def _text(self, sheet: Any, row: int, column: int, kind: int, value: Any) -> str:
        if kind == _NUMBER:
            text = as_text(value)
            style = self._book.xf_list[sheet.cell_xf_index(row, column)]
            return as_percent(text) if style.format_key in self._percent else text
        if kind == _DATE:
            return self._moment(value)
        if kind == _BOOLEAN:
            return as_text(bool(value))
        return str(xlrd.error_text_from_code.get(value, "#VALUE!")) if kind == _ERROR else ""

    def _moment(self, value: float) -> str:
        """A date cell to the second; a time of day without a date, and a day that Excel invents, stay numbers."""
        try:
            return as_text(
                xlrd.xldate_as_datetime(round(value * SECOND) / SECOND, self._book.datemode).replace(
                    microsecond=0
                )
                if value >= 1
                else value
            )
        except (xlrd.xldate.XLDateError, OverflowError, ValueError):
            return as_text(value)
