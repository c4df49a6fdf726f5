"""Plain text: UTF-8 with and without BOM, UTF-16, GB18030, Big5 only where it must be; form feeds end pages."""

import codecs
import re
import unicodedata
from collections import Counter
from pathlib import Path

from qingqu.domain.papers.pages import Document, Note, Page, Run
from qingqu.reading.blanks import gaps, shown
from qingqu.reading.characters import plain, visible
from qingqu.reading.errors import Unreadable

MAX_BYTES = 2 * 1024 * 1024
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
ENDS = "。；：！？.;:!?、）)》」』"


def read_text(path: Path) -> Document:
    """The text as pages of lines; raises Unreadable for what is no text."""
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable("文本超过 2 MB，不像一份合同；请只交合同本身。", code="too_large")
    text, notes = _decoded(path.read_bytes())
    text = (
        plain(visible(text))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\v", "\n")
        .replace("\u2028", "\n")
    )
    pages = [part.strip("\n") for part in text.split("\f")]
    pages = [part for part in pages if part.strip()] or pages[:1]
    return Document(
        "text", tuple(_page(number, part) for number, part in enumerate(pages, start=1)), tuple(notes)
    )


def _page(number: int, text: str) -> Page:
    runs: list[Run] = []
    parts: list[str] = []
    at = 0
    for start, end in gaps(text):
        runs += [Run(at, start)] if start > at else []
        runs.append(Run(start, end, blank=True))
        parts += [text[at:start], shown(text[start:end])]
        at = end
    if at < len(text):
        runs.append(Run(at, len(text)))
    parts.append(text[at:])
    text = "".join(parts)
    return Page(number, text, tuple(runs), wraps=hard_wraps(text))


def hard_wraps(text: str) -> tuple[int, ...]:
    """The line ends of a text that was broken to a fixed width: lines as wide as most, going on without a new
    paragraph. A text whose lines end where its sentences do has none."""
    lines = text.split("\n")
    widths = [_columns(line) for line in lines]
    long = [width for width in widths if width >= 40]
    if len(long) < 4:
        return ()
    limit = Counter(width // 2 for width in long).most_common(1)[0][0] * 2
    full = [width for width in long if limit - 2 <= width <= limit + 3]
    if len(full) < max(3, 0.6 * len(long)) or max(long) > limit + 3:
        return ()
    wraps, at = [], 0
    for index, line in enumerate(lines[:-1]):
        at += len(line)
        following = lines[index + 1]
        if (
            widths[index] >= limit - 2
            and following.strip()
            and not following[0].isspace()
            and "\t" not in line
        ):
            wraps.append(at)
        at += 1
    return tuple(wraps)


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _decoded(data: bytes) -> tuple[str, list[Note]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        _refuse_rubbish(text)
        return text, []
    cut = data.decode("utf-8-sig", errors="replace")
    if cut.count("\ufffd") * 200 <= len(cut):
        _refuse_rubbish(cut)
        sentence = "文本里有个别字节读不出来，已用“\ufffd”标出，请对照原件核对。"
        return cut, [Note("bad_bytes", sentence, needs_person=True)]
    raise Unreadable(
        "文字编码认不出来（不是 UTF-8，也不是 GB18030）；请另存为 docx 或 UTF-8 文本，再交上来。",
        code="encoding",
    )


def _refuse_rubbish(text: str) -> None:
    if not text.strip():
        raise Unreadable("文件里只有空白；请确认选对了文件，再交上来。", code="empty_file")
    if "\x00" in text or len(CONTROL.findall(text)) * 100 > len(text):
        raise Unreadable("这不是文字（里面是程序或别的数据）；请确认选对了文件，再交上来。", code="not_text")
