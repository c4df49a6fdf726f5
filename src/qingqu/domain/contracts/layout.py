"""Lines and boxes of a text as laid out: which line ends only break a line at the margin, which ticked options count."""

import re
from itertools import pairwise

from qingqu.domain.values.numerals import NUM

TICKED, UNTICKED = "☑☒✓✔√■●◉🗹", "□☐◻▢"
HEAD_OF_LINE = re.compile(
    r"[ \u3000]*(?:第[0-9一二三四五六七八九十百零〇]{1,4}[条章节款]|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、.．](?![0-9])|[甲乙丙丁]方|附件|附表|附：|出租|承租|发包|承包|身份证|统一社会|地址|住址|电话|联系|法定|负责人|签|日期|见证|鉴证)"
)
_CLOSED = "。；：！;:!"
_OPTION = re.compile(f"[{TICKED}{UNTICKED}]([^{TICKED}{UNTICKED}\n]*)")
_FILL = re.compile(rf"(?:{NUM})?(?:年|月|日|元|亩|平方米|㎡|个月|%|号|条|份|间|米|人|户|组|[)）。，、\s]|$)")


def _width(line: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in line.rstrip())


def wraps(raw: str) -> set[int]:
    """Offsets of line ends that only break a sentence: lines as wide as the widest that many share, going on below."""
    lines = raw.split("\n")
    widths = [_width(line) for line in lines]
    long = sorted(width for width in widths if width >= 30)
    limit = 0
    for width in set(long):
        if sum(1 for other in long if width - 3 <= other <= width) >= max(3, len(long) // 4):
            limit = max(limit, width)
    if not limit:
        return set()
    indented = sum(1 for line in lines if line[:1] in " \u3000" and line.strip()) >= 3
    found, at = set(), 0
    for n, (this, following) in enumerate(pairwise(lines)):
        at += len(this) + 1
        full = limit - 3 <= widths[n] <= limit + 3 and this.rstrip()[-1:] not in _CLOSED
        fresh = HEAD_OF_LINE.match(following) and not (indented and following[:1] not in " \u3000")
        if full and following.strip() and not fresh and "\t" not in this + following:
            found.add(at - 1)
    return found


def options(text: str) -> tuple[set[int], set[int], set[int]]:
    """(characters to drop, boxes that are fill-ins, first boxes of lists in which nothing is ticked).

    A list is the options of one line, or of lines that follow each other and begin with a box."""
    drop: set[int] = set()
    fills: set[int] = set()
    undecided: set[int] = set()
    for block in _blocks(text):
        found = [(option, option[0][0] in TICKED) for option in _OPTION.finditer(text, block[0], block[1])]
        boxes = [option for option, ticked in found if not ticked and not _FILL.match(option[1])]
        chosen = [option for option, ticked in found if ticked]
        fills |= {option.start() for option, ticked in found if not ticked and _FILL.match(option[1])}
        drop |= {option.start() for option in chosen}
        if boxes and not chosen:
            undecided.add(boxes[0].start())
            continue
        for option in boxes:
            stop = re.search("[。；]", option[1])
            end = option.start() + 2 + stop.start() if stop else option.end()
            drop |= set(range(option.start(), end))
    return drop, fills, undecided


def _blocks(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    joined = False
    for line in re.finditer(r"[^\n]+", text):
        boxed = re.search(f"[{TICKED}{UNTICKED}]", line[0]) is not None
        leads = line[0].lstrip()[:1] in TICKED + UNTICKED
        if boxed and leads and joined and found:
            found[-1] = (found[-1][0], line.end())
        elif boxed:
            found.append(line.span())
        joined = boxed and leads
    return found
