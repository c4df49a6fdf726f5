"""Tables out of files: csv and xlsx, told apart by their bytes and not by their name. Cells come as text."""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

MAX_COLUMNS = 2_000
MAX_CELL = 32_767  # Excel's own limit
MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 300  # an honest xlsx of repeated rows reaches about 100
MAX_ENTRIES = 2_000
OTHERS = {
    b"%PDF": "PDF 文件",
    b"\xd0\xcf\x11\xe0": "旧版 Excel（xls）或加密的文件",
    b"PAR1": "Parquet 文件",
    b"\xff\xd8\xff": "图片",
    b"\x89PNG": "图片",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
}


class Unreadable(ValueError):  # noqa: N818 - an answer, not a defect
    """A file that is no table; one sentence with what it is and what to do."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (empty for csv) and its rows as (1-based row of the file, cells as text)."""

    name: str
    rows: list[tuple[int, list[str]]]


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Every sheet of the file with its rows; `name` is what the sentences call the file."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        raise Unreadable(f"{name}：打不开文件，请检查路径。") from None
    if not head:
        raise Unreadable(f"{name}：文件是空的，请重新导出后再传。")
    if head.startswith(b"PK"):
        return _xlsx(path, name)
    for magic, what in OTHERS.items():
        if head.startswith(magic):
            raise Unreadable(f"{name}：这是{what}，请在 Excel 或 WPS 里打开，另存为 xlsx 或 csv 后再传。")
    return [Sheet("", list(_csv(path, name)))]


def _xlsx(path: Path, name: str) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            size = sum(entry.file_size for entry in entries)
    except (zipfile.BadZipFile, OSError):
        raise Unreadable(f"{name}：文件不完整，打不开，请重新导出后再传。") from None
    if "xl/workbook.xml" not in names:
        raise Unreadable(f"{name}：这是压缩包而不是 Excel 表格，请解压后上传里面的 xlsx 或 csv。")
    if (
        len(entries) > MAX_ENTRIES
        or size > MAX_UNPACKED
        or size > MAX_RATIO * max(path.stat().st_size, 65_536)
    ):
        raise Unreadable(f"{name}：文件解开后大得不正常，已拒绝，请重新导出后再传。")
    try:
        book = CalamineWorkbook.from_path(str(path))
        return [Sheet(sheet, list(_cells(book, sheet, name))) for sheet in book.sheet_names]
    except (CalamineError, OSError):
        raise Unreadable(f"{name}：表格已损坏，打不开，请在 Excel 或 WPS 里另存一份再传。") from None


def _cells(book: CalamineWorkbook, sheet: str, name: str) -> Iterator[tuple[int, list[str]]]:
    found = book.get_sheet_by_name(sheet)
    if found.width > MAX_COLUMNS:
        raise Unreadable(
            f"{name} 工作表“{sheet}”：有 {found.width} 列，超过 {MAX_COLUMNS} 列，请删去空列后再传。"
        )
    for number, row in enumerate(found.to_python(skip_empty_area=False), 1):
        if any(cell not in {"", None} for cell in row):
            yield number, [_text(cell) for cell in row]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)[:MAX_CELL]


def _csv(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path.read_bytes(), name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    if first.lstrip().lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise Unreadable(f"{name}：这是网页而不是表格，请在 Excel 或 WPS 里打开，另存为 xlsx 后再传。")
    csv.field_size_limit(MAX_CELL * 4)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise Unreadable(f"{name} 第 {reader.line_num} 行：超过 {MAX_COLUMNS} 列，请检查分隔符。")
            if any(cell.strip() for cell in row):
                yield reader.line_num, [cell[:MAX_CELL] for cell in row]
    except csv.Error:
        raise Unreadable(
            f"{name} 第 {reader.line_num} 行：引号不成对，读不下去，请重新导出后再传。"
        ) from None


def _decoded(raw: bytes, name: str) -> str:
    if b"\x00" in raw:
        raise Unreadable(f"{name}：不是文字表格（含有空字节），请在 Excel 或 WPS 里另存为 xlsx 后再传。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{name}：文字编码认不出，请另存为 UTF-8 的 csv 或 xlsx 后再传。")
