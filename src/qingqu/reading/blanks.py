"""Fill-ins that nobody filled, made visible as `＿` (one for each character that stood there).

Three spellings: underscores, spaces that are underlined, and plain gaps that people leave before 年, 月, 日, 元 …
Runs of dots (`……元`) count too. A gap between a number and its unit (`2024  年`) is layout and no blank, apart from
the century alone (`20  年`).
"""

import re
from collections.abc import Iterator

from qingqu.domain.papers.pages import BLANK

SPACE = " \u00a0\u2000-\u200a\u202f\u3000"
_FILLED = "0-9０-９一二三四五六七八九十百千万零〇壹贰叁肆伍陆柒捌玖拾佰仟两廿卅半a-zA-ZＸx"
_UNITS = "年|月|日|元|亩|平方米|㎡|公顷|米|间|万元|天|%|％"
_UNDERSCORES = re.compile(r"[_＿﹍﹎̲]+")
_DOTS = re.compile(rf"(?:\.{{4,}}|…{{2,}}|·{{4,}})(?=\s*(?:{_UNITS}))")
_GAP = re.compile(rf"(?<![{_FILLED}{SPACE}])(?:[{SPACE}]{{2,}}|\u3000)(?=(?:{_UNITS}))")
_CENTURY = re.compile(rf"(?<![0-9０-９])20([{SPACE}]+)(?=年)")


def gaps(text: str) -> Iterator[tuple[int, int]]:
    """[start, end) of each unfilled place in a line of text, in order and without overlap."""
    found = [match.span() for pattern in (_UNDERSCORES, _DOTS, _GAP) for match in pattern.finditer(text)]
    found += [match.span(1) for match in _CENTURY.finditer(text)]
    last = -1
    for start, end in sorted(found):
        if start >= last and "\n" not in text[start:end]:
            yield start, end
            last = end


def underlined_gaps(text: str) -> Iterator[tuple[int, int]]:
    """[start, end) of the unfilled places in a stretch that is underlined from end to end.

    Nothing but spaces: all of it. With words: only the gaps before a unit, the other spaces are the line's ends."""
    if not text.strip():
        yield 0, len(text)
    else:
        yield from gaps(text)


def shown(text: str) -> str:
    """The sign for an unfilled place, as long as the place."""
    return BLANK * len(text)
