"""Reads an official list of divisions: csv with a code and a name a line (class, parent and first day if given),
UTF-8 or GB18030, columns in any order, a county's slice or the whole country. Nothing is guessed and nothing is cut:
the first thing that is wrong is refused with its row and what to do."""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qingqu.base.errors import Refusal
from qingqu.domain.values import Unclean, clean

MAX_BYTES = 256 * 1024 * 1024  # the whole country, 700,000 rows, is about 40 MB
HEADER_ROWS = 10  # a title and notes may stand above the header
COLUMNS = {
    "code": {"code", "统计用区划代码", "行政区划代码", "区划代码", "代码"},
    "name": {"name", "名称", "区划名称", "行政区划名称", "单位名称"},
    "rural_class": {"class", "城乡分类代码", "城乡分类"},
    "parent": {"parent", "上级代码", "上级区划代码"},
    "valid_from": {"valid_from", "启用日期", "生效日期"},
}


class BadList(Refusal):
    """A list of divisions that cannot be taken; names the row and the remedy."""


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One line of an official list. `code` and `parent`: 12 digits (no parent: by the digits); `line`: where it
    stands in the file, 0 if it comes from no file."""

    code: str
    name: str
    rural_class: str = ""
    parent: str = ""
    valid_from: date | None = None
    line: int = 0


def read_list(path: Path) -> tuple[list[DivisionRow], str]:
    """The rows of a file and its SHA-256 (hex)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadList(
                f"{path.name}：文件超过 {MAX_BYTES >> 20} MB，不像区划名单，请核对。", code="too_large"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise BadList(f"{path.name}：打不开这个文件，请检查路径和权限。", code="unreadable") from error
    return parse_list(raw, path.name), hashlib.sha256(raw).hexdigest()


def parse_list(raw: bytes, name: str) -> list[DivisionRow]:
    """The rows of a list given as bytes; `name` is how a refusal calls the file."""
    text = _text(raw, name)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    places: dict[str, int] = {}
    found = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if places:
                found.append(_row(cells, places, f"{name} 第 {lines.line_num} 行", lines.line_num))
            elif {"code", "name"} <= (header := _places(cells)).keys():
                places = header
            elif lines.line_num >= HEADER_ROWS:
                break
    except csv.Error as error:
        raise BadList(
            f"{name} 第 {lines.line_num} 行：引号或分隔符不完整，请用表格软件重新另存为 csv。", code="csv"
        ) from error
    if not places:
        raise BadList(f"{name} 第 1 行：找不到表头，前几行里要有“代码”和“名称”两列，请补上。", code="header")
    if not found:
        raise BadList(f"{name}：只有表头，没有区划，请换用有内容的名单。", code="empty")
    return found


def numbered(rows: Sequence[DivisionRow]) -> Iterator[tuple[str, DivisionRow]]:
    """Each row with how a refusal calls its place."""
    for number, row in enumerate(rows, 1):
        yield f"名单第 {row.line or number} 行", row


def _text(raw: bytes, name: str) -> str:
    if not raw.strip():
        raise BadList(f"{name}：文件是空的，请换用有内容的名单。", code="empty")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadList(f"{name}：不是 csv 文本，请在表格软件里另存为 csv（UTF-8）后重试。", code="unreadable")


def _delimiter(text: str) -> str:
    """Comma, unless the first lines hold tabs and no comma."""
    head = text[:4000]
    return "\t" if "\t" in head and "," not in head else ","


def _places(cells: Sequence[str]) -> dict[str, int]:
    """Column → its place, for those that the line names; the first of two equal ones counts."""
    header = [unicodedata.normalize("NFKC", cell).strip().lower() for cell in cells]
    return {
        what: next(place for place, cell in enumerate(header) if cell in names)
        for what, names in COLUMNS.items()
        if names & set(header)
    }


def _row(cells: Sequence[str], places: dict[str, int], where: str, line: int) -> DivisionRow:
    given = {what: cells[place].strip() if place < len(cells) else "" for what, place in places.items()}
    code = _code(given["code"], f"{where}“代码”")
    parent = _code(given["parent"], f"{where}“上级代码”") if given.get("parent") else ""
    name = given["name"]
    if not name:
        raise BadList(f"{where}：缺少名称，请补上。", code="division_name")
    if len(name) > 60 or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
        raise BadList(f"{where}“名称”：最长 60 个字，不能含换行等控制符，请改正。", code="division_name")
    rural_class = given.get("rural_class", "")
    if rural_class and not re.fullmatch(r"[12][0-9]{2}", rural_class, re.ASCII):
        raise BadList(f"{where}“城乡分类代码”：应为三位数字，如 220，请改正。", code="division_class")
    return DivisionRow(code, name, rural_class, parent, _day(given.get("valid_from", ""), where), line)


def _code(text: str, where: str) -> str:
    """A code as 12 digits. What a spreadsheet made a number of may have lost digits and is not repaired."""
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", text, re.ASCII | re.IGNORECASE):
        raise BadList(
            f"{where}：表格软件把代码变成了科学计数法，请把这一列设为文本后重新导出。", code="division_code"
        )
    if not re.fullmatch(r"(?!00)(?:[0-9]{6}|[0-9]{9}|[0-9]{12})", text, re.ASCII):
        raise BadList(f"{where}“{text[:20]}”：应为 6、9 或 12 位半角数字，请改正。", code="division_code")
    return text.ljust(12, "0")


def _day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(clean("date", text))
    except Unclean as error:
        raise BadList(f"{where}“启用日期”：请写成 2026-03-01 这样的日期。", code="division_date") from error
