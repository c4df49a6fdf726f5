"""Whether a line goes on in the next one, or ends its paragraph: by its end, the next one's indent and its marker."""

import re
from collections.abc import Sequence

from qingqu.reading.segments import Row

MARKER = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零〇0-9]+[条章节款项]|[一二三四五六七八九十]{1,3}[、．.]"
    r"|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[、．)）]|[0-9]{1,2}\.(?![0-9])|[①-⑳]|[甲乙丙丁]方[：:（(]|附件|附：)"
)
SENTENCE = "。；：！？"
INDENT = 0.8  # of a letter


def indented(rows: Sequence[Row], left: float, letter: float) -> bool:
    """Whether the paragraphs of this block begin with a gap, so that a line without one goes on from the line before."""
    gaps = [row.left - left for row in rows]
    deep = sum(1 for gap in gaps if INDENT * letter * 1.5 < gap < 3.5 * letter)
    flush = sum(1 for gap in gaps if gap <= INDENT * letter)
    return deep >= 1 and flush >= 1 and deep + flush >= 0.5 * len(rows)


def goes_on(row: Row, following: Row, letter: float) -> bool:
    """Whether `row` ends only because the paper does. Both may stand on different pages or in different columns."""
    if row.table or following.table or row.tabs or following.tabs or not following.pieces:
        return False
    text = row.text.rstrip()
    if not text or MARKER.match(following.text):
        return False
    left, right = row.column
    if following.left - following.column[0] > INDENT * letter:
        return False
    room = right - row.right
    if room > 2.6 * letter or (room > 1.3 * letter and room > _first_word(following, letter)):
        return False
    if row.left - left > 5 * letter:
        return False  # a heading or signature that happens to end at the margin
    return row.indents or text[-1] not in SENTENCE


def _first_word(row: Row, letter: float) -> float:
    """The width that the next line's first word would have needed here."""
    text = row.text
    size = 1
    if text[:1].isascii():
        size = next((at for at, sign in enumerate(text) if not sign.isascii() or sign == " "), len(text))
    elif len(text) > 1 and text[1] in "，。、；：）》”":
        size = 2
    return letter * (0.55 if text[:1].isascii() else 1.0) * size + 0.4 * letter
