"""Reads an official list of divisions: csv with code and name (and class), UTF-8 or GB18030, in any column order."""

import csv
import hashlib
import io
from pathlib import Path

from qingqu.base.errors import Refusal
from qingqu.orgs.actions import DivisionRow

CODE = {"code", "统计用区划代码", "行政区划代码", "区划代码", "代码"}
NAME = {"name", "名称", "区划名称"}
CLASS = {"class", "城乡分类代码", "城乡分类"}


def read_list(path: Path) -> tuple[list[DivisionRow], str]:
    """The rows and the file's SHA-256; the first thing that is wrong is refused with row and remedy."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path.name}：打不开文件，请检查路径。", code="unreadable") from error
    rows = list(csv.reader(io.StringIO(_text(raw, path.name))))
    if not rows:
        raise Refusal(f"{path.name}：文件是空的，请换用有内容的名单。", code="empty")
    header = [cell.strip().lower() for cell in rows[0]]
    places = {what: next((n for n, cell in enumerate(header) if cell in names), None)
              for what, names in (("code", CODE), ("name", NAME), ("class", CLASS))}  # fmt: skip
    if places["code"] is None or places["name"] is None:
        raise Refusal(f"{path.name} 第 1 行：要有“代码”和“名称”两列，请补上表头。", code="header")
    found = [_row(cells, places, path.name, number) for number, cells in enumerate(rows[1:], 2) if any(cells)]
    if not found:
        raise Refusal(f"{path.name}：只有表头，没有区划。", code="empty")
    return found, hashlib.sha256(raw).hexdigest()


def _text(raw: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refusal(f"{name}：不是文本文件，请另存为 csv 后重试。", code="unreadable")


def _row(cells: list[str], places: dict[str, int | None], name: str, number: int) -> DivisionRow:
    def cell(what: str) -> str:
        place = places[what]
        return cells[place].strip() if place is not None and place < len(cells) else ""

    code = cell("code")
    if not code.isascii() or not code.isdigit() or len(code) not in {6, 9, 12}:
        raise Refusal(
            f"{name} 第 {number} 行：代码“{code[:20]}”应为 6、9 或 12 位数字，请改正。", code="division_code"
        )
    if not cell("name"):
        raise Refusal(f"{name} 第 {number} 行：缺少名称，请补上。", code="division_name")
    return DivisionRow(code.ljust(12, "0"), cell("name")[:60], cell("class")[:3])
