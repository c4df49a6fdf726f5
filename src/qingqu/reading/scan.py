"""A picture of a page → its lines with places: recognised, set upright, straightened, with rules and handwriting.

Confidences are the recogniser's own for every character; what was written by hand is capped at `HAND`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import numpy.typing as npt

from qingqu.domain.papers.pages import Box, Document, Note
from qingqu.reading import ocr
from qingqu.reading.arrange import arrange
from qingqu.reading.errors import Unreadable
from qingqu.reading.layout import Sheet, pages_of
from qingqu.reading.likeness import settled
from qingqu.reading.ocr import Picture, Quad, Read
from qingqu.reading.picture import SMALL, Prepared, prepare
from qingqu.reading.scan_marks import by_hand, ruled
from qingqu.reading.segments import Segment

MAX_PAGES = 60
HAND = 0.5  # the most confidence that handwriting gets
DOUBTFUL = 0.8
POOR = 0.02  # share of signs in doubt
NUMERALS = set("0123456789.,%一二三四五六七八九十百千万亿零〇两廿卅壹贰叁肆伍陆柒捌玖拾佰仟元角分整")
Matrix = npt.NDArray[np.float64]


def read_scan(pictures: Sequence[Picture]) -> Document:
    """Pictures of pages, in their order, as a document."""
    if len(pictures) > MAX_PAGES:
        raise Unreadable(
            f"图片有 {len(pictures)} 页，超过 {MAX_PAGES} 页；请只交合同本身，附件分开交。",
            code="too_many_pages",
        )
    sheets, notes = [], []
    for number, picture in enumerate(pictures, start=1):
        sheet, said = recognise(picture)
        sheets.append(sheet)
        notes += [replace(note, page=number) for note in said]
    pages, more = pages_of(sheets)
    return Document("scan", tuple(pages), (*notes, *more))


def recognise(picture: Picture, shown: tuple[float, float] | None = None) -> tuple[Sheet, list[Note]]:
    """One page. `shown`: the (width, height) in whose units places are told, if not pixels."""
    height, width = picture.shape[:2]
    ready, lines = _upright(prepare(picture, shown=shown))
    if not lines:
        note = Note(
            "unread_page", "这一页没有认出文字：是空白页，或照得太模糊；请确认或重新拍照。", needs_person=True
        )
        return Sheet(*(shown or (width, height))), [note]
    slope = _slope([line for line, _ in lines])
    letter = median(_tall(quad) for quad, _ in lines) * 0.76
    segments = [part for quad, read in lines for part in _segments(quad, read, slope, letter)]
    marked = [part for segment in segments for part in by_hand(ready.colour, segment, slope)]
    poor = min(height, width) < SMALL or _poor(marked)
    if poor:
        marked = [_doubted(segment) for segment in marked]
    across, down = ruled(ready.ink, slope, letter)
    rows = arrange(marked, across, down)
    place = _placing(ready, slope)
    sheet = Sheet(
        ready.width,
        ready.height,
        rows,
        letter,
        ready.turned,
        [],
        place,
        ready.ink.shape[1],
        ready.ink.shape[0],
    )
    return sheet, _notes(ready, marked, poor=poor)


def _poor(segments: Sequence[Segment]) -> bool:
    """Whether print is in doubt too often for the rest to be trusted. Of pages that are read without a mistake under
    0.5 % of the letters and digits are in doubt, of bad copies from 2 % on."""
    scores = [
        score
        for segment in segments
        if not segment.handwritten
        for sign, score in zip(segment.text, segment.scores or (), strict=False)
        if sign.isalnum()
    ]
    doubted = sum(score < DOUBTFUL for score in scores)
    return doubted >= 6 and doubted > POOR * len(scores)


def _doubted(segment: Segment) -> Segment:
    """The piece with doubt on all its numerals: on a poor page even a wrong digit looks certain."""
    scores = tuple(
        min(score, DOUBTFUL) if sign in NUMERALS else score
        for sign, score in zip(segment.text, segment.scores or (), strict=False)
    )
    return replace(segment, scores=scores)


def _notes(ready: Prepared, segments: Sequence[Segment], *, poor: bool) -> list[Note]:
    notes = []
    hand = [segment.text for segment in segments if segment.handwritten and segment.text.strip()]
    if hand:
        sentence = "这一页有手写内容，识别只供参考，请逐处对照原件确认。"
        notes.append(Note("handwriting", sentence, needs_person=True, quoted="；".join(hand)[:200]))
    if ready.sealed:
        notes.append(Note("seal", "这一页盖有红色印章，已滤去红色后识别。"))
    if poor:
        sentence = "这一页照得或印得不清楚，许多字认不准，数字请逐个核对；最好重新拍照或扫描（平放、光线均匀、300 dpi）。"
        notes.append(Note("poor_picture", sentence, needs_person=True))
    return notes


@dataclass(frozen=True, slots=True)
class Slope:
    """How much lines fall to the right: `at` plus `by` × height, around the middle `x`."""

    at: float
    by: float
    x: float

    def straight(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture where it would stand if all lines were level."""
        return x, y - (self.at + self.by * y) * (x - self.x)

    def tilted(self, x: float, y: float) -> tuple[float, float]:
        """The way back."""
        away = x - self.x
        return x, (y + self.at * away) / (1 - self.by * away or 1.0)


def _upright(ready: Prepared) -> tuple[Prepared, list[tuple[Quad, Read]]]:
    """The picture turned so that its lines read from left to right, and the lines."""
    quads = ocr.find_lines(ready.ink)
    long = [quad for quad in quads if max(_wide(quad), _tall(quad)) > 2.5 * min(_wide(quad), _tall(quad))]
    if len(long) >= 2 and sum(_tall(quad) > _wide(quad) for quad in long) > 0.6 * len(long):
        ready = ready.turn(1)
        quads = ocr.find_lines(ready.ink)
    cuts = [ocr.cut(ready.ink, quad) for quad in quads]
    if _on_its_head(quads, cuts):
        ready = ready.turn(2)
        height, width = ready.ink.shape[:2]
        quads = [np.array([[width - 1, height - 1]], np.float32) - quad[[2, 3, 0, 1]] for quad in quads]
        cuts = [ocr.cut(ready.ink, quad) for quad in quads]
    reads = ocr.read_lines(cuts)
    kept = [(quad, settled(read)) for quad, read in zip(quads, reads, strict=True) if _worth(read)]
    return ready, kept


def _on_its_head(quads: Sequence[Quad], cuts: Sequence[Picture]) -> bool:
    """Whether the page stands on its head: asked of its longest lines, then settled by what reads better."""
    order = sorted(range(len(quads)), key=lambda index: -_wide(quads[index]))[:8]
    asked = [cuts[index] for index in order if _wide(quads[index]) > 2 * _tall(quads[index])]
    answers = ocr.upside_down(asked)
    if not answers or sum(answer > 0.5 for answer in answers) * 3 < len(answers):
        return False
    sample = asked[:3]
    turned = ocr.read_lines([np.ascontiguousarray(cut[::-1, ::-1]) for cut in sample])
    return _score(turned) > _score(ocr.read_lines(sample))


def _score(reads: Sequence[Read]) -> float:
    return sum(sum(read.scores) for read in reads) / max(1, sum(len(read.scores) for read in reads))


def _worth(read: Read) -> bool:
    """Whether anything was read: dirt and lines give few signs with little probability."""
    if not read.signs:
        return False
    mean = sum(read.scores) / len(read.scores)
    return mean > 0.5 or (mean > 0.3 and len(read.signs) > 3)


def _wide(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _tall(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def _slope(quads: Sequence[Quad]) -> Slope:
    """The fall of the lines as it changes down the page (a sheet seen from the side), from the long lines."""
    long = sorted(quads, key=_wide)[-12:]
    points = []
    for quad in long:
        if _wide(quad) > 4 * _tall(quad):
            left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
            points.append((float(left[1] + right[1]) / 2, float((right[1] - left[1]) / (right[0] - left[0])), float(left[0] + right[0]) / 2))  # fmt: skip
    if not points:
        return Slope(0.0, 0.0, 0.0)
    heights, falls, middles = (np.array(each) for each in zip(*points, strict=True))
    centre = float(np.median(middles))
    middle = float(np.median(falls))
    near = np.abs(falls - middle) < 0.05
    if near.sum() < 5 or float(np.ptp(heights[near])) < 300:
        return Slope(middle, 0.0, centre)
    by, at = np.polyfit(heights[near], falls[near], 1)
    return Slope(float(at), float(np.clip(by, -1e-4, 1e-4)), centre)


def _placing(ready: Prepared, slope: Slope) -> Callable[[Box], Box]:
    def place(box: Box) -> Box:
        corners = [slope.tilted(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        return ready.original(np.array(corners, np.float64))

    return place


def _segments(quad: Quad, read: Read, slope: Slope, letter: float) -> list[Segment]:
    """The line as pieces, parted where its characters stand wide apart."""
    left, y0 = slope.straight(*(float(each) for each in (quad[0] + quad[3]) / 2))
    right, y1 = slope.straight(*(float(each) for each in (quad[1] + quad[2]) / 2))
    middle, half = (y0 + y1) / 2, _tall(quad) * 0.38
    width = right - left
    at = [left + share * width for share in read.middles]
    pitch = _pitch(read, at, 2 * half)
    halves = [pitch * (0.5 if _full(sign) else 0.27) for sign in read.signs]
    pieces: list[Segment] = []
    start = 0
    for index in range(1, len(at) + 1):
        if (
            index < len(at)
            and (at[index] - halves[index]) - (at[index - 1] + halves[index - 1]) <= 0.9 * pitch
        ):
            continue
        edges = [max(left, at[start] - halves[start])]
        edges += [(at[k] + halves[k] + at[k + 1] - halves[k + 1]) / 2 for k in range(start, index - 1)]
        edges.append(min(right, at[index - 1] + halves[index - 1]))
        text = "".join(read.signs[start:index])
        if text.strip():
            pieces.append(_trimmed(Segment(text, tuple(np.maximum.accumulate(edges)), middle - half, middle + half, read.scores[start:index])))  # fmt: skip
        start = index
    return pieces


def _trimmed(piece: Segment) -> Segment:
    text = piece.text
    return piece.part(len(text) - len(text.lstrip()), len(text.rstrip()))


def _full(sign: str) -> bool:
    return ord(sign[0]) > 0x2E7F or sign in "—…“”‘’①②③④⑤⑥⑦⑧⑨⑩"


def _pitch(read: Read, at: Sequence[float], height: float) -> float:
    """The width of a full character of this line."""
    steps = [
        at[index + 1] - at[index]
        for index in range(len(at) - 1)
        if _full(read.signs[index]) and _full(read.signs[index + 1])
    ]
    usual = median(steps) if len(steps) >= 3 else height * 1.05
    return min(max(usual, 0.7 * height), 1.6 * height)
