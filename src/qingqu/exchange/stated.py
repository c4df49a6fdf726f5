"""The year and the month that a table states for all its rows: in its title, in the name of its sheet, or by the month
that the sender has chosen. Only what is said once and the same everywhere counts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from qingqu.reading.header import Header
from qingqu.reading.spreadsheet import Sheet

LOOKED = 200  # rows below the header
_BARE = re.compile(r"(?:0?[1-9]|1[0-2]|[元一二三四五六七八九]|十[一二]?)(?:月份?)?")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年度?|(?=[-./—–~至到、和]))")
_MONTH = re.compile(r"(?<![0-9])(?:((?:19|20)[0-9]{2})年)?(1[0-2]|0?[1-9])月(?!\s*[0-9]{1,2}[日号])")
# A line that says when or by whom something was written says nothing of the rows.
_ABOUT_PAPER = re.compile(r"日期|时间|填报|填表|制表|制单|打印|截至|截止|报送|导出|生成")


def year(head: Header, sheet: Sheet, period: str) -> int | None:
    """The one year that period, title and sheet name agree on; None without one or with several."""
    found = {int(one) for text in _texts(head, sheet) for one in _YEAR.findall(text)}
    if period:
        found.add(int(period[:4]))
    return found.pop() if len(found) == 1 else None


def month(head: Header, sheet: Sheet, period: str) -> str | None:
    """The one month (YYYY-MM) that they agree on; None without one or with several."""
    named = [pair for text in _texts(head, sheet) for pair in _MONTH.findall(text)]
    only = year(head, sheet, period)
    found = {
        f"{int(stated or only or 0):04d}-{int(number):02d}" for stated, number in named if stated or only
    }
    if period:
        found.add(period)
    return found.pop() if len(found) == 1 else None


def leaves_year_out(sheet: Sheet, head: Header, index: int) -> bool:
    """Whether a month column has cells such as 3月 or 3."""
    return any(_BARE.fullmatch(_plain(cell)) for cell in _column(sheet.rows(), head.last_row, index))


def _column(rows: Iterable[tuple[int, Sequence[str]]], header_row: int, index: int) -> Iterator[str]:
    for number, cells in rows:
        if number > header_row + LOOKED:
            return
        if number > header_row and index < len(cells):
            yield cells[index]


def _texts(head: Header, sheet: Sheet) -> Iterator[str]:
    for text in (sheet.name, *head.above):
        plain = _plain(text)
        if not _ABOUT_PAPER.search(plain):
            yield plain


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
