"""How a department's file is written: csv in its encoding, or a workbook with titles, sheets and totals. The same rows
give the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qingqu.base.clock import start_of_day


class Sheet(NamedTuple):
    """One sheet: lines above the table, its header, its rows, lines below. Days become real dates, numbers numbers.
    `groups`: (title, first column, last column) over a header of two lines; other columns' cells span both."""

    name: str
    above: Sequence[str]
    headers: Sequence[str]
    rows: Iterable[Sequence[object]]
    below: Sequence[Sequence[object]] = ()
    groups: Sequence[tuple[str, int, int]] = ()


def write_csv(
    path: Path, encoding: str, headers: Sequence[str], rows: Iterable[Sequence[object]],
    *, above: Sequence[str] = (), below: Sequence[Sequence[object]] = (),
) -> None:  # fmt: skip
    """A csv file; `above`: title lines in their first cell, `below`: whole lines."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerows((line, *[""] * (len(headers) - 1)) for line in above)
        writer.writerow(headers)
        writer.writerows(rows)
        writer.writerows(below)


def write_book(path: Path, sent: date, sheets: Iterable[Sheet], *, day_format: str = "yyyy-mm-dd") -> None:
    """A workbook whose properties hold the day of sending instead of this moment."""
    told = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, told) as book:
        book.set_properties({"created": start_of_day(sent)})
        bold = book.add_format({"bold": True, "align": "center"})
        day = book.add_format({"num_format": day_format})
        for sheet in sheets:
            _sheet(book.add_worksheet(sheet.name), sheet, bold, day)


def _sheet(out: Worksheet, sheet: Sheet, bold: Format, day: Format) -> None:
    last = len(sheet.headers) - 1
    for number, title in enumerate(sheet.above):
        out.merge_range(number, 0, number, last, title, bold)
    at = len(sheet.above)
    if sheet.groups:
        _two_lines(out, sheet, at, bold)
        at += 1
    else:
        out.write_row(at, 0, sheet.headers, bold)
    for row in (*sheet.rows, *sheet.below):
        at += 1
        for column, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                out.write_datetime(at, column, cell, day)
            elif cell not in ("", None):
                out.write(at, column, cell)


def _two_lines(out: Worksheet, sheet: Sheet, at: int, bold: Format) -> None:
    covered = {column for _, first, last in sheet.groups for column in range(first, last + 1)}
    for title, first, last in sheet.groups:
        out.merge_range(at, first, at, last, title, bold)
    for column, header in enumerate(sheet.headers):
        if column in covered:
            out.write_string(at + 1, column, header, bold)
        else:
            out.merge_range(at, column, at + 1, column, header, bold)


def dotted(when: date | None) -> str:
    """2026.3.1"""
    return f"{when.year}.{when.month}.{when.day}" if when else ""


def slashed(when: date | None) -> str:
    """2026/3/1"""
    return f"{when.year}/{when.month}/{when.day}" if when else ""


def packed(when: date | None) -> str:
    """20260301"""
    return f"{when.year}{when.month:02d}{when.day:02d}" if when else ""


def chinese(when: date | None) -> str:
    """2026年3月1日"""
    return f"{when.year}年{when.month}月{when.day}日" if when else ""


def yuan(fen: int) -> str:
    """1234.50"""
    return f"{fen // 100}.{fen % 100:02d}"


def hundredths(value: int) -> str:
    """Hundredths as a plain decimal."""
    return f"{value // 100}.{value % 100:02d}"
