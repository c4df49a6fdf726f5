"""The text layer of a PDF page as pieces of lines, with what cannot be seen and what lies across kept apart."""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as c

from qingqu.reading.characters import LIGATURES, plain, visible
from qingqu.reading.docx_symbols import raised
from qingqu.reading.errors import Unreadable
from qingqu.reading.pdf_view import View
from qingqu.reading.segments import Segment

MAX_CHARACTERS = 30_000  # of one page
TINY = 2.0  # points
SKEWED = 5  # degrees


@dataclass(slots=True)
class Layer:
    """`segments` are in the flow; `hidden` texts cannot be seen; `unseen` counts characters that are drawn invisibly,
    as recognition behind a scan does."""

    segments: list[Segment] = field(default_factory=list)
    watermarks: list[Segment] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    sideways: str = ""
    unseen: int = 0
    letter: float = 10.0
    angle: int = 0  # how most of the text lies in the view, clockwise


@dataclass(slots=True)
class _Look:
    """What characters of one text object share."""

    size: float
    angle: int
    invisible: bool
    white: bool
    faint: bool


@dataclass(slots=True)
class _Sign:
    text: str
    x0: float
    x1: float
    base: float
    size: float


def text_layer(page: pdfium.PdfPage, view: View) -> Layer:
    """The page's text layer; a page whose text runs upright to its edges is turned first."""
    textpage = page.get_textpage()
    try:
        count = c.FPDFText_CountChars(textpage.raw)
        if count > MAX_CHARACTERS:
            raise Unreadable(
                f"PDF 的一页里有 {count:,} 个字，不像一份合同；请另存后再交上来。", code="too_large"
            )
        layer = _read(textpage, count, view)
        if layer.angle:
            turned = view.turned(-layer.angle)
            angle, layer = layer.angle, _read(textpage, count, turned)
            layer.angle = angle
        return layer
    finally:
        textpage.close()


def _read(textpage: pdfium.PdfTextPage, count: int, view: View) -> Layer:
    looks: dict[int, _Look] = {}
    layer = Layer()
    groups: dict[str, list[_Sign]] = {"flow": [], "mark": [], "sideways": []}
    hidden: list[str] = []
    turns: Counter[int] = Counter()
    raw = textpage.raw
    x, y, box = ctypes.c_double(), ctypes.c_double(), c.FS_RECTF()
    for index in range(count):
        code = c.FPDFText_GetUnicode(raw, index)
        if code in {0x0D, 0x0A} or c.FPDFText_IsGenerated(raw, index) == 1:
            continue
        thing = c.FPDFText_GetTextObject(raw, index)
        address = ctypes.addressof(thing.contents) if thing else 0
        look = looks.get(address)
        if look is None:
            look = looks[address] = _look(raw, index, thing, view)
        turns[round(look.angle / 90) % 4 * 90] += 1
        text = _text(code)
        if not text:
            continue
        if look.invisible:
            layer.unseen += 1
            continue
        if look.white or look.size < TINY:
            hidden.append(text)
            continue
        c.FPDFText_GetCharOrigin(raw, index, ctypes.byref(x), ctypes.byref(y))
        c.FPDFText_GetLooseCharBox(raw, index, ctypes.byref(box))
        base = view.point(x.value, y.value)
        shape = view.box(box.left, box.bottom, box.right, box.top)
        sign = _Sign(text, min(shape[0], shape[2]), max(shape[0], shape[2]), base[1], look.size)
        groups[_group(look)].append(sign)
    layer.angle = turns.most_common(1)[0][0] if turns else 0
    layer.sideways = "".join(sign.text for sign in groups["sideways"]).strip()
    layer.hidden = [text for text in ("".join(hidden).strip(),) if text]
    layer.segments = _segments(groups["flow"])
    mark = "".join(sign.text for sign in groups["mark"]).strip()
    if mark:
        first = groups["mark"][0]
        edges = tuple(first.x0 + first.size * at for at in range(len(mark) + 1))
        layer.watermarks = [Segment(mark, edges, first.base - first.size, first.base)]
    if layer.segments:
        layer.letter = median(segment.height for segment in layer.segments)
    return layer


def _group(look: _Look) -> str:
    """Upright text flows; slanted text, and large faint text, is a watermark."""
    slant = look.angle % 90
    if SKEWED < slant < 90 - SKEWED or (look.faint and look.size > 30):
        return "mark"
    return "flow" if round(look.angle / 90) % 4 == 0 else "sideways"


def _look(raw: object, index: int, thing: object, view: View) -> _Look:
    matrix = c.FS_MATRIX()
    c.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix))
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = abs(c.FPDFText_GetFontSize(raw, index)) * scale
    angle = round(-math.degrees(math.atan2(matrix.b, matrix.a))) + view.turn
    mode = c.FPDFTextObj_GetTextRenderMode(thing) if thing else 0
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    known = c.FPDFText_GetFillColor(raw, index, *(ctypes.byref(part) for part in (r, g, b, a)))
    shade = min(r.value, g.value, b.value) if known else 0
    filled = mode in {c.FPDF_TEXTRENDERMODE_FILL, c.FPDF_TEXTRENDERMODE_FILL_CLIP}
    return _Look(
        size,
        angle % 360,
        mode in {c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP},
        bool(known and filled and (shade >= 250 or a.value < 8)),
        bool(known and (shade >= 150 or a.value < 130)),
    )


@lru_cache(maxsize=8192)
def _text(code: int) -> str:
    if code == 2:
        return "-"  # a hyphen at the end of a line, as pdfium marks it
    if code in {0, 0xFFFE, 0xFFFF} or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "\ufffd"
    sign = visible(chr(code))
    return LIGATURES.get(sign, plain(sign))


def _segments(signs: list[_Sign]) -> list[Segment]:
    """Characters that follow each other on one line, as pieces; spaces at their ends are dropped."""
    pieces: list[list[_Sign]] = []
    for sign in signs:
        last = pieces[-1][-1] if pieces else None
        if last is not None and _follows(last, sign):
            if sign.text.isspace() and last.text.isspace() and sign.x1 <= last.x1:
                continue
            pieces[-1].append(_superscript(last, sign))
        elif not sign.text.isspace():
            pieces.append([sign])
    found = []
    for piece in pieces:
        while piece and piece[-1].text.isspace():
            piece.pop()
        if piece:
            found.append(_segment(piece))
    return list(dict.fromkeys(found))


def _follows(last: _Sign, sign: _Sign) -> bool:
    size = max(last.size, sign.size)
    level = abs(last.base - sign.base) < 0.5 * size
    return level and -0.8 * size < sign.x0 - last.x1 < 0.55 * size and min(last.size, sign.size) > 0.4 * size


def _superscript(last: _Sign, sign: _Sign) -> _Sign:
    if sign.size < 0.9 * last.size and sign.base < last.base - 0.15 * last.size and sign.text.isdigit():
        return _Sign(raised(sign.text), sign.x0, sign.x1, last.base, last.size)
    return sign


def _segment(piece: list[_Sign]) -> Segment:
    text, edges = "", [piece[0].x0]
    for sign in piece:
        right = max(sign.x1, edges[-1])
        step = (right - edges[-1]) / len(sign.text)
        edges += [edges[-1] + step * (at + 1) for at in range(len(sign.text))]
        text += sign.text
    size, base = max(sign.size for sign in piece), median(sign.base for sign in piece)
    return Segment(text, tuple(edges), base - 0.86 * size, base + 0.14 * size)
