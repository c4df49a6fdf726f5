"""What the sheet XML knows and the fast parser does not tell: percent cells, error cells, formulas that were never
calculated, hidden rows and columns, merged cells, and how far the used cells reach. One streaming pass, which also proves that every part of
the package unpacks whole, within the limits and with the right checksum."""

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from qingqu.reading.errors import Unreadable
from qingqu.reading.limits import MAX_AREA, MAX_COLUMNS, MAX_ROWS, too_long, too_wide
from qingqu.reading.marks import SheetMarks
from qingqu.reading.package import CHUNK, doctype, drained, within_limits
from qingqu.reading.sniff import broken

UNCALCULATED = "#公式未计算"
MARKS_CAP = 200_000  # rows with error cells that are remembered a sheet
# Literal beginnings keep these two fast: they run over every byte of a sheet.
_ROW = (re.compile(rb' r="(\d+)"'), re.compile(rb" r='(\d+)'"))
_WIDE = (re.compile(rb' r="([A-Z]{2,3})\d'), re.compile(rb" r='([A-Z]{2,3})\d"))
_REF = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_STYLE = re.compile(rb"\bs=[\"'](\d+)[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_HIDDEN = re.compile(rb"<(?:\w+:)?col\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d{1,7})[\"']")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_BOUNDS = {name: re.compile(rb"\b" + name + rb"=[\"'](\d+)[\"']") for name in (b"min", b"max")}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BUILT_IN_PERCENT = {9, 10}  # ECMA-376 part 1, 18.8.30: 0% and 0.00%


def survey(path: Path) -> dict[str, SheetMarks]:
    """Sheet name → marks; raises `Unreadable` for a package that is broken, hostile or too large."""
    try:
        with zipfile.ZipFile(path) as package:
            within_limits(package)
            sheets = _sheet_parts(package)
            percent = _percent_styles(package)
            found = {name: _walk(package, part, percent) for name, part in sheets.items()}
            read = set(sheets.values())
            for entry in package.infolist():
                if entry.filename not in read:
                    drained(package, entry)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        KeyError,
        NotImplementedError,
        ElementTree.ParseError,
    ) as error:
        raise broken() from error
    except (RuntimeError, ValueError, zlib.error) as error:  # encrypted entries, odd numbers, damaged streams
        raise broken() from error
    return found


def _xml(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    raw = package.read(part)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise doctype()
    return ElementTree.fromstring(raw)  # noqa: S314 - without a DOCTYPE there are no entities to expand


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → part, as the workbook and its relationships say."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in package.namelist():
        for relation in _xml(package, "xl/_rels/workbook.xml.rels"):
            target = relation.get("Target", "")
            targets[relation.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    found = {}
    for sheet in _xml(package, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        part = targets.get(sheet.get(_REL, ""), "")
        if part in package.namelist():
            found[sheet.get("name", "")] = part
    return found


def _percent_styles(package: zipfile.ZipFile) -> set[int]:
    if "xl/styles.xml" not in package.namelist():
        return set()
    styles = _xml(package, "xl/styles.xml")
    formats = set(BUILT_IN_PERCENT)
    for number in styles.iter(f"{_MAIN}numFmt"):
        shown = re.sub(r'"[^"]*"|\\.', "", number.get("formatCode", ""))
        if "%" in shown:
            formats.add(int(number.get("numFmtId", "0")))
    cells = styles.find(f"{_MAIN}cellXfs")
    return {
        i
        for i, xf in enumerate(cells if cells is not None else [])
        if int(xf.get("numFmtId", "0")) in formats
    }


def _walk(package: zipfile.ZipFile, part: str, percent: set[int]) -> SheetMarks:
    marks, reach, carry = SheetMarks(), _Reach(), b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            text = carry + chunk
            cut = max(text.rfind(b"<row"), text.rfind(b"<c "))
            cut = cut if cut > 0 else text.rfind(b"<")
            piece, carry = (text[:cut], text[cut:]) if cut > 0 else (b"", text)
            _note(piece, marks, reach, percent)
    _note(carry, marks, reach, percent)
    return marks


class _Reach:
    """How far used cells reach; cells and rows that do not say where they stand are counted as if in one line."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.loose_cells = 0

    def add(self, piece: bytes) -> None:
        single = b"='" in piece
        self.row = max(
            [self.row, *(int(row) for pattern in _ROW[: 1 + single] for row in pattern.findall(piece))]
        )
        self.rows += piece.count(b"row ") + piece.count(b"row>")
        names = {name for pattern in _WIDE[: 1 + single] for name in pattern.findall(piece)}
        wide = max(map(_column, names), default=0)
        self.column = max(self.column, wide)
        if b"<c>" in piece or b"<c/>" in piece or b"<c t" in piece or b"<c s" in piece:
            self.loose_cells += sum(1 for told in _CELL.findall(piece) if b"r=" not in told)
        if self.column >= MAX_COLUMNS:
            raise too_wide()
        if self.row > MAX_ROWS or self.rows > 2 * MAX_ROWS:
            raise too_long()
        rows, columns = max(self.row, 1), max(self.column + 1, 26)
        if rows * columns > MAX_AREA or (self.loose_cells and rows * self.loose_cells > MAX_AREA * 20):
            raise Unreadable(
                "表格的已用区域大得不正常（很远的格子里有内容）；请把数据复制到新的工作表，再交上来。",
                code="too_sparse",
            )


def _note(piece: bytes, marks: SheetMarks, reach: _Reach, percent: set[int]) -> None:
    reach.add(piece)
    if b't="e"' in piece or b"t='e'" in piece:
        for told, shown in _ERROR.findall(piece):
            _mark(marks, told, shown.decode("utf-8", "replace") or "#VALUE!")
    if b"<f" in piece or b":f" in piece:
        for told in _FORMULA.findall(piece):
            _mark(marks, told, UNCALCULATED)
    if percent:
        _note_percents(piece, marks, percent)
    if b"mergeCell " in piece:
        for left, top, right, bottom in _MERGED.findall(piece)[:MARKS_CAP]:
            marks.merges.append((int(top), _column(left), int(bottom), _column(right)))
    if b" hidden=" in piece:
        _note_hidden(piece, marks)


def _note_percents(piece: bytes, marks: SheetMarks, percent: set[int]) -> None:
    for told in _CELL.findall(piece):
        style = _STYLE.search(told)
        if style and int(style[1]) in percent and (place := _place(told)):
            marks.percents.setdefault(place[0], set()).add(place[1])


def _note_hidden(piece: bytes, marks: SheetMarks) -> None:
    for told in _HIDDEN_ROW.findall(piece):
        if number := _ROW_NUMBER.search(told):
            marks.hidden_rows.append(int(number[1]))
    for told in _HIDDEN.findall(piece):
        first, last = (_BOUNDS[name].search(told) for name in (b"min", b"max"))
        if first and last:
            marks.hidden_columns += range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS))


def _mark(marks: SheetMarks, told: bytes, text: str) -> None:
    place = _place(told)
    if place and len(marks.errors) < MARKS_CAP:
        marks.errors.setdefault(place[0], {})[place[1]] = text


def _place(told: bytes) -> tuple[int, int] | None:
    ref = _REF.search(told)
    return (int(ref[2]), _column(ref[1])) if ref else None


def _column(name: bytes) -> int:
    value = 0
    for byte in name:
        value = value * 26 + byte - 64
    return value - 1
