"""Lines of a table that are no data: totals, signatures, group headings, headers and titles repeated on printed pages."""

import re
from collections.abc import Sequence

from qingqu.reading.header import Header
from qingqu.reading.marks import Merge
from qingqu.reading.names import plain

# A cell that is nothing but one of these, with or without what is summed (青石镇小计, 合计（元）, 总计：).
_TOTAL = re.compile(
    r"(?:.{0,12}?)(?:合计|总计|小计|共计|累计|总和|总数|汇总)(?:\([^()]*\))?|合计.{0,6}|共[0-9]+[户人笔项个条家].{0,4}|total|sum"
)
_SIGNATURE = re.compile(
    r"^(制表|填表|填报|审核|复核|审批|经办|负责|联系|单位负责|分管领导|主要领导|领导|签字|签名|盖章|打印|制单|报送|报表|统计"
    r"|注|备注|说明|填表说明|数据来源|会计|出纳|村民监督|校对|录入)[^:：]{0,8}[:：]"
)
_NOTE = re.compile(
    r"^(?:注|说明|备注|填表说明|填报说明)\d?[:：.、]|^(?:\(?盖章\)?|\(?公章\)?)$|^第\d+页|^共\d+页|^-\d+-$"
)
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[章节部类批])"
)
_CERTAIN = {
    "合计", "总计", "小计", "共计", "累计", "本页小计", "本页合计", "本页累计", "本月合计", "本月小计", "本月累计",
    "本年合计", "本年累计", "承前页", "过次页", "total", "sum",
}  # fmt: skip
_SUM = re.compile(r".{0,12}(?:合计|总计|小计)(?:\([^()]*\))?")
_COUNTED = "份个户人笔项宗条家处名辆"
# What stands in a key column of a total row and is no key: a count (254份), a sum, a month (a dash is plainly nothing).
_NO_KEY = re.compile(
    rf"共?[0-9][0-9,]*[{_COUNTED}](?:次|头)?|-?[0-9][0-9,]*(?:\.[0-9]+)?元?|[0-9]{{4}}[-./年][0-9]{{1,2}}(?:[-./月][0-9]{{1,2}})?[月日]?"
)
SHORT = 14  # characters; a longer number is somebody's, no sum
_FIGURES = frozenset("0123456789.,-/")
SERIAL = frozenset({"序号", "序", "行号", "行次", "no", "no.", "#"})
_UNIT_NOTE = re.compile(r"^(?:(?:金额|计量|面积|货币)?单位)[:：]?[^:：]{1,12}$")
FIRST_CELLS = 4
WIDE = 3  # columns that a heading's merge covers at least
LONGEST_TOTAL = 24


class Kinds:
    """Tells the kind of each line below a header: `r` repeated header or title, `f` total, signature or note, `s` group
    heading, `n` a row of a form that has its number and nothing else, `d` data. A line whose key columns are all filled
    with something else than such words is data."""

    def __init__(self, header: Header, keys: Sequence[int], merges: Sequence[Merge] = ()) -> None:
        self._keys = tuple(keys)
        self._wide = {
            top for top, left, bottom, right in merges if top == bottom and right - left + 1 >= WIDE
        }
        self._lines = [
            {index: text for index, text in enumerate(line) if text} for line in header.lines if any(line)
        ]
        self._serials = {
            column.index for column in header.columns if not column.field and plain(column.header) in SERIAL
        }
        self._above = {plain(text) for text in header.above}
        # The first sign of a repeated line's cell in a key column: a look at it spares nearly every line the rest.
        self._begins = {line[key][0] for line in self._lines for key in self._keys if key in line}

    def of(self, row: int, cells: Sequence[str]) -> str:
        """The kind of a line with at least one cell."""
        filled = [cells[key].strip() if key < len(cells) else "" for key in self._keys]
        if all(filled) and not self._telling(filled) and not _summed(filled, cells):
            return "d"
        told = [(index, plain(cell)) for index, cell in enumerate(cells) if cell.strip()]
        if not told:
            return "b"
        if any(all(line.get(index) == text for index, text in told) for line in self._lines):
            return "r"
        return self._kind(row, told)

    def _telling(self, filled: Sequence[str]) -> bool:
        """Whether a filled key could be a word of a total or signature, or the header's own."""
        return any(
            text[0] in self._begins
            or (len(text) <= LONGEST_TOTAL and ("计" in text or "总" in text or text.lower() in {"total", "sum"}))
            or ":" in text or "：" in text
            or (text[-1] in _COUNTED and len(text) <= LONGEST_TOTAL)
            for text in filled
        )  # fmt: skip

    def _kind(self, row: int, told: Sequence[tuple[int, str]]) -> str:
        keyed = [text for index, text in told if index in self._keys]
        first = told[0][1]
        if not _CERTAIN.isdisjoint(keyed) or _totals(told, keyed):
            return "f"
        signed = sum(1 for _, text in told if _SIGNATURE.match(text))
        if _SIGNATURE.match(first) and (signed > 1 or len(told) <= 2):
            return "f"
        if any(text != first for text in keyed):
            return "d"
        if all(text in self._above for _, text in told):
            return "r"
        words = [text for _, text in told[:FIRST_CELLS] if not keyed or text == first]
        if any(len(text) <= LONGEST_TOTAL and _TOTAL.fullmatch(text) for text in words):
            return "f"
        if _SIGNATURE.match(first) or (len(told) <= 2 and (_NOTE.match(first) or _UNIT_NOTE.match(first))):
            return "f"
        if len(told) == 1 and told[0][0] in self._serials and first.isdigit():
            return "n"
        heading = len(told) == 1 and (row in self._wide or _HEADING.match(first))
        return "s" if heading else "d"


def _summed(filled: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether keys of nothing but short figures stand in a line that has a word of a total."""
    if not all(len(text) <= SHORT and _FIGURES.issuperset(text) for text in filled):
        return False
    return any("计" in cell or "页" in cell or cell.strip().lower() in {"total", "sum"} for cell in cells)


def _totals(told: Sequence[tuple[int, str]], keyed: Sequence[str]) -> bool:
    """Whether one of the first cells says total and no key says whose the line would be. A longer word (青石镇小计) above
    figures that might be a key must begin the line: an entry's words may end so (九月工资合计)."""
    if not keyed or not all(len(text) <= SHORT and (not text or _NO_KEY.fullmatch(text)) for text in keyed):
        return False
    first = told[0][1]
    if any(text in _CERTAIN or text.partition("(")[0] in _CERTAIN for _, text in told[:FIRST_CELLS]):
        return True
    return len(first) <= LONGEST_TOTAL and _SUM.fullmatch(first) is not None
