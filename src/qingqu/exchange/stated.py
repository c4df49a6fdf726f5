"""The year and the month that a table states for all its rows: in its title, in the name of its sheet, or by the month
that the sender has chosen. Only what is said once and the same everywhere counts.

What is stated of a paper (填报日期, 制表) is not stated of its rows."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from qingqu.reading.header import Header
from qingqu.reading.spreadsheet import Sheet

LOOKED = 200  # rows below the header
_BARE = re.compile(r"(?:0?[1-9]|1[0-2]|[元一二三四五六七八九]|十[一二]?)(?:月份?)?")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年度?|(?=[-./—–~至到、和]))")
_MONTH = re.compile(r"(?<![0-9])(?:((?:19|20)[0-9]{2})年)?(1[0-2]|0?[1-9])月(?!\s*[0-9]{1,2}[日号])")
# 2026-03, 2026.3, 202603; not the beginning of a day.
_DIGITS = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})(?:[-./_](1[0-2]|0?[1-9])(?![0-9]|[-./_][0-9])|(1[0-2]|0[1-9])(?![0-9]))"
)
# 1-3月, 1月至3月: more than one month; its first is named so that the two disagree.
_RANGE = re.compile(r"(?<![0-9])(1[0-2]|0?[1-9])月?(?:份)?[-–—~至到、和及](?=(?:1[0-2]|0?[1-9])月)")
_WORDS = {word: str(number) for number, word in enumerate("一二三四五六七八九十", start=1)} | {
    "元": "1", "十一": "11", "十二": "12", "正": "1",
}  # fmt: skip
_MONTH_WORD = re.compile(
    r"(?<![一二三四五六七八九十])(十[一二]|[元正一二三四五六七八九十])(?=月(?!十|[一二三]))"
)
_YEAR_WORD = re.compile(r"[一二][〇○零一二三四五六七八九]{3}(?=年)")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
# A line that says when or by whom something was written says nothing of the rows.
_ABOUT_PAPER = re.compile(r"日期|时间|填报|填表|制表|制单|打印|截至|截止|报送|导出|生成")


def year(head: Header, sheet: Sheet, period: str) -> int | None:
    """The one year that period, title and sheet name agree on; None without one or with several."""
    found = {int(one) for text in texts(head, sheet) for one in _YEAR.findall(text)}
    if period:
        found.add(int(period[:4]))
    return found.pop() if len(found) == 1 else None


def months(head: Header, sheet: Sheet, period: str, called: str = "") -> set[str]:
    """Every month (YYYY-MM) that they state; `called`: the file's name, which may state one too. Several months of one
    line (1–3月) are several."""
    told = [_in_digits(text) for text in (*texts(head, sheet), _plain(called))]
    years = {one for text in told for one in _YEAR.findall(text)} | ({period[:4]} if period else set())
    only = years.pop() if len(years) == 1 else ""
    found = {period} if period else set()
    for text in told:
        named = [(year or only, number) for year, number in _MONTH.findall(text)]
        named += [(year, one or other) for year, one, other in _DIGITS.findall(text)]
        named += [(only, number) for number in _RANGE.findall(text)]
        found |= {f"{year}-{int(number):02d}" for year, number in named if year}
    return found


def _in_digits(text: str) -> str:
    """二〇二六年三月 → 2026年3月."""
    text = _YEAR_WORD.sub(lambda found: found[0].translate(_YEAR_DIGITS), text)
    return _MONTH_WORD.sub(lambda found: _WORDS[found[0]], text)


def leaves_year_out(sheet: Sheet, head: Header, index: int) -> bool:
    """Whether a month column has cells such as 3月 or 3."""
    return any(_BARE.fullmatch(_plain(cell)) for cell in _column(sheet.rows(), head.last_row, index))


def _column(rows: Iterable[tuple[int, Sequence[str]]], header_row: int, index: int) -> Iterator[str]:
    for number, cells in rows:
        if number > header_row + LOOKED:
            return
        if number > header_row and index < len(cells):
            yield cells[index]


def texts(head: Header, sheet: Sheet) -> Iterator[str]:
    """The sheet's name and the words above the header, without what is said of the paper."""
    about = False
    for text in (sheet.name, *head.above):
        plain = _plain(text)
        before, about = about, bool(_ABOUT_PAPER.search(plain))
        if not about and not before:
            yield plain
        about = about and not re.search(r"[0-9]", plain)  # 填报日期： | 2026年4月 stand in two cells


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
