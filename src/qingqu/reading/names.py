"""A header cell taken apart: the names to look up and the unit that it states; and several lines of a header joined."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MONEY_UNITS = {
    "元": 1, "圆": 1, "千元": 1_000, "万元": 10_000, "万": 10_000, "百万元": 1_000_000, "亿元": 100_000_000,
    "亿": 100_000_000,
}  # fmt: skip
# What a header may count in beside yuan. Currencies are here so that they are refused, never taken for yuan.
OTHER_UNITS = {
    "%": "percent", "百分比": "percent", "‰": "permille", "平方米": "m2", "㎡": "m2", "m2": "m2", "m²": "m2", "平米": "m2",
    "亩": "mu", "市亩": "mu", "公顷": "ha", "hm2": "ha", "升": "l", "l": "l", "月": "month", "个月": "month", "年": "year",
    "天": "day", "日": "day", "人": "person", "户": "household", "米": "m", "公里": "km", "吨": "t", "立方米": "m3",
    "美元": "usd", "万美元": "usd", "港元": "hkd", "欧元": "eur",
}  # fmt: skip
# Words that make another thing of what stands beside them: 计划|开工时间 is not 开工时间, 配偶|身份证号 not the person's.
_QUALIFIERS = re.compile(
    r"计划|拟|预计|预算|目标|应[收付缴发完竣开]|上年|上月|上期|去年|同期|往年|变更|调整|原|旧|曾|前任|其中|配偶|父|母|子女|家属|亲属"
    r"|户主|代领|代办|监护|担保|联系|经办|申报|送审|累计|本年|本月|截至|下达|未|不含"
)
_BRACKETS = re.compile(r"[(\[{【〔〈<《]([^()\[\]{}【】〔〕〈〉<>《》]*)[)\]}】〕〉>》]")
_TAIL = re.compile(r"^(.+?)[/／,，:：-]?(百万元|千元|万元|亿元)$")
_MARKS = re.compile(r"[*＊★※#●▲]|必填|选填|必录")
_NUMBERED = re.compile(
    r"^(?:\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[.、)])"
)
_CIRCLED = re.compile(r"^\s*[①-⑳]")
_UNIT_WORDS = re.compile(r"^(?:计量|金额|面积)?单位:?|^人民币:?|^(?:以|按)|(?:计|为单位)$")
_RATE = re.compile(r"^(百万元|千元|万元|亿元|元)[/每](.{1,6})$")
_EDGES = " :：,，.。;；、_-—/"
# What a group of columns is called and its columns are not: 计划时间|开工 is 计划开工(时间).
_GROUP_TAIL = re.compile(r"^(.+?)(时间|日期|金额|情况|信息|数量|资料|数据)$")


@dataclass(frozen=True)
class Name:
    """A header cell taken apart: names to try in turn, the bare one, what stood in brackets, the unit that it states
    (`万元`, `元/月`, `%`, …)."""

    tries: tuple[str, ...]
    unit: str = ""
    bare: str = ""
    remark: bool = False


def plain(text: str) -> str:
    """A header name as it is compared: full-width folded, no blanks, no marks of duty, lower case."""
    folded = unicodedata.normalize("NFKC", text)
    return _MARKS.sub("", re.sub(r"[\s\u200b\ufeff]", "", folded)).strip(_EDGES).lower()


def unit_of(text: str) -> str:
    """The unit that a piece of a header is, and nothing else (`单位：万元`, `元/月`, `%`); empty for other words."""
    word = _UNIT_WORDS.sub("", _UNIT_WORDS.sub("", plain(text) or text.strip()))
    return word if word in MONEY_UNITS or word in OTHER_UNITS or _RATE.match(word) else ""


@lru_cache(maxsize=20_000)
def name_of(text: str) -> Name:
    """Takes a header cell apart: `2.概算批复（万元）` → 概算批复 with unit 万元. Words in brackets that make another thing
    of the name (开工时间（计划）) are never dropped."""
    whole = plain(_CIRCLED.sub("", text))
    if not whole:
        return Name(())
    numbered = _NUMBERED.sub("", whole).strip(_EDGES) or whole
    inside = [part.strip(_EDGES) for part in _BRACKETS.findall(numbered)]
    bare = _BRACKETS.sub("", numbered).strip(_EDGES)
    unit = next((unit for part in inside if (unit := unit_of(part))), "")
    tries = [whole, numbered]
    words = [part for part in inside if part and not unit_of(part)]
    if bare:
        tries += [join for part in words for join in (part + bare, bare + part)]
        if not any(_QUALIFIERS.search(part) for part in words):
            tries.append(bare)
    tail = _TAIL.match(bare)
    if tail and not unit:
        tries.append(tail[1].strip(_EDGES))
        unit = tail[2]
    return Name(tuple(dict.fromkeys(tries)), unit, tries[-1] if bare else "", not bare)


def rank_of(parts: Sequence[str], known: Mapping[str, tuple[str, int]]) -> tuple[str, int] | None:
    """(field, rank) of a column whose header lines are `parts`, top down; None when no reading names a field. Joined
    lines come first; the lowest line alone counts less (rank from 10), and not where a line above makes another thing
    of it."""
    for rank, name in _readings(parts):
        if name in known:
            field, own = known[name]
            return field, own + rank
    return None


def _readings(parts: Sequence[str]) -> Iterator[tuple[int, str]]:
    names = [name for part in parts if (name := name_of(part)).tries and not unit_of(part)]
    while len(names) > 1 and names[-1].remark:  # a line of remarks in brackets below the name
        del names[-1]
    if not names:
        return
    child = names[-1]
    for parent in reversed(names[:-1]):
        yield from ((0, name) for name in _joined(parent.bare, child.bare))
    if len(names) > 2:
        yield 0, "".join(name.bare for name in names)
        yield from ((0, name) for name in _joined(names[0].bare + names[1].bare, child.bare))
    if len(names) == 1 or not any(_QUALIFIERS.search(name.bare) for name in names[:-1]):
        yield from ((0 if len(names) == 1 else 10, name) for name in child.tries)


def _joined(parent: str, child: str) -> Iterator[str]:
    if not parent or not child:
        return
    yield parent + child
    if group := _GROUP_TAIL.match(parent):
        yield group[1] + child + group[2]
        yield group[1] + child
    yield child + parent


def units_of(parts: Sequence[str]) -> str:
    """The unit that the lines of a header state for the column: the lowest line's that states one."""
    for part in reversed(parts):
        if unit := unit_of(part) or name_of(part).unit:
            return unit
    return ""


def rate(unit: str) -> tuple[str, str]:
    """(money unit, per what) of a unit: `万元/年` → (万元, 年); a unit that is no rate is per nothing."""
    found = _RATE.match(unit)
    return (found[1], found[2]) if found else (unit, "")
