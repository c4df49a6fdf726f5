"""A paper that has been read: pages of text, and the place of every character.

Conventions of `Page.text`: `\\n` ends a line (a paragraph, in docx and plain text), `\\t` parts the cells of a table's
row, `＿` stands for each character of an empty fill-in (underscores or underlined spaces). Boxes are (x0, y0, x1, y1)
from the top left of the page: points of a PDF, pixels of a scan or photograph; docx and plain text have none.
Offsets are characters of `Page.text`, ends exclusive; page numbers start at 1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Box = tuple[float, float, float, float]
Source = Literal["docx", "pdf", "text", "scan"]
AsideKind = Literal["header", "footer", "page_number", "watermark", "footnote", "hidden", "stamp"]

BLANK = "＿"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters [start, end) of one line of a page that share their marks.

    `edges`: the x of each character's left edge and of the last one's right edge (end - start + 1 values), where the
    file tells; without it the box is shared out by the characters' widths. `confidence` is the reader's own, 1.0 where
    characters come from the file and are not recognised from a picture.
    """

    start: int
    end: int
    box: Box | None = None
    confidence: float = 1.0
    handwritten: bool = False
    underlined: bool = False
    blank: bool = False
    edges: tuple[float, ...] | None = None

    def part(self, text: str, start: int, end: int) -> Box | None:
        """The box of the characters [start, end) of the page `text`, as far as they lie in this run."""
        start, end = max(start, self.start), min(end, self.end)
        if self.box is None or start >= end:
            return None
        x0, y0, x1, y1 = self.box
        if self.edges is not None:
            left, right = self.edges[start - self.start], self.edges[end - self.start]
            return (min(left, right), y0, max(left, right), y1)
        whole = sum(map(_width, text[self.start : self.end])) or 1.0
        before = sum(map(_width, text[self.start : start]))
        within = sum(map(_width, text[start:end]))
        step = (x1 - x0) / whole
        return (x0 + step * before, y0, x0 + step * (before + within), y1)


@dataclass(frozen=True, slots=True)
class Aside:
    """Characters [start, end) of a page that stand outside the flow of its text: headers, page numbers, watermarks.

    A whole line takes one line end with it: its own, or the one before it at the bottom of the page."""

    start: int
    end: int
    kind: AsideKind


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `wraps` are the offsets of those `\\n` that only break a long line; `runs_on` says that the last
    sentence goes on, without a new paragraph, on the next page. `rotation`: how far the page had to be turned
    clockwise to be read; width, height and boxes are those of the page as it was read."""

    number: int
    text: str
    runs: tuple[Run, ...] = ()
    width: float | None = None
    height: float | None = None
    wraps: tuple[int, ...] = ()
    runs_on: bool = False
    asides: tuple[Aside, ...] = ()
    rotation: int = 0

    def runs_in(self, start: int, end: int) -> Iterator[Run]:
        """The runs that touch [start, end)."""
        return (run for run in self.runs if run.start < end and run.end > start)

    def box_of(self, start: int, end: int) -> Box | None:
        """The box around the characters [start, end); None where the format has no places."""
        return union(run.part(self.text, start, end) for run in self.runs_in(start, end))

    def confidence_of(self, start: int, end: int) -> float:
        """The lowest confidence among the characters [start, end); 1.0 where nothing was recognised from a picture."""
        return min((run.confidence for run in self.runs_in(start, end)), default=1.0)


@dataclass(frozen=True, slots=True)
class Note:
    """What a person must know about the reading: `sentence` is Chinese and says which reading was taken.

    `needs_person`: what was read does not suffice to decide. `page` and [start, end) name the place, where there is
    one; `quoted` is text that is not in the flow (deleted, hidden, in a comment).
    """

    code: str
    sentence: str
    needs_person: bool = False
    page: int | None = None
    start: int | None = None
    end: int | None = None
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Characters [start, end) of page `page`, with their box."""

    page: int
    start: int
    end: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as read; `pages` in order."""

    source: Source
    pages: tuple[Page, ...]
    notes: tuple[Note, ...] = ()

    def flow(self) -> "Flow":
        """The text of all pages as one, see `Flow`."""
        return Flow.of(self.pages)

    @property
    def needs_person(self) -> bool:
        """Whether any note says that the reading does not suffice."""
        return any(note.needs_person for note in self.notes)


@dataclass(frozen=True, slots=True)
class _Piece:
    at: int
    page: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of a document without what cuts it: asides left out, wrapped lines and cut pages joined.

    `\\n` ends a paragraph or a table's row. Each character knows its page and offset, apart from the few that join
    (a space between two wrapped English words, the `\\n` between pages).
    """

    text: str
    pages: tuple[Page, ...]
    _pieces: tuple[_Piece, ...] = field(repr=False)

    @classmethod
    def of(cls, pages: Iterable[Page]) -> "Flow":
        """The flow of these pages, in their order."""
        pages = tuple(pages)
        parts: list[str] = []
        pieces: list[_Piece] = []
        at = 0

        def add(text: str, page: int = -1, start: int = 0) -> None:
            nonlocal at
            if page >= 0:
                pieces.append(_Piece(at, page, start, len(text)))
            parts.append(text)
            at += len(text)

        runs_on = True
        for index, page in enumerate(pages):
            stretches = list(_stretches(page))
            if stretches and not runs_on and not parts[-1].endswith("\n"):
                add("\n")
            for start, end, joined in stretches:
                overleaf = runs_on and start == stretches[0][0]
                if (joined or overleaf) and parts and parts[-1][-1:].isascii() and page.text[start].isascii():
                    add(" " if parts[-1][-1:].isalpha() and page.text[start].isalpha() else "")
                add(page.text[start:end], index, start)
            if stretches:
                runs_on = page.runs_on
        return cls("".join(parts), pages, tuple(pieces))

    def places(self, start: int, end: int) -> tuple[Place, ...]:
        """Where the characters [start, end) of the flow stand: one place for each page that they touch."""
        found: dict[int, tuple[int, int]] = {}
        for index, first, last in self._on_pages(start, end):
            low, high = found.get(index, (first, last))
            found[index] = (min(low, first), max(high, last))
        return tuple(
            Place(self.pages[index].number, low, high, self._box(index, start, end))
            for index, (low, high) in found.items()
        )

    def confidence(self, start: int, end: int) -> float:
        """The lowest confidence among the characters [start, end) of the flow."""
        return min((run.confidence for run in self.runs(start, end)), default=1.0)

    def handwritten(self, start: int, end: int) -> bool:
        """Whether any of the characters [start, end) of the flow was written by hand."""
        return any(run.handwritten for run in self.runs(start, end))

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """The runs that touch the characters [start, end) of the flow; their offsets are those of their pages."""
        for index, first, last in self._on_pages(start, end):
            yield from self.pages[index].runs_in(first, last)

    def offset(self, page: int, start: int) -> int | None:
        """Where the character `start` of page number `page` stands in the flow; None if it is outside the flow."""
        for piece in self._pieces:
            if self.pages[piece.page].number == page and piece.start <= start < piece.start + piece.length:
                return piece.at + start - piece.start
        return None

    def _on_pages(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(index of the page, first, end) of each stretch of page text behind [start, end)."""
        low, high = 0, len(self._pieces)
        while low < high:
            middle = (low + high) // 2
            if self._pieces[middle].at + self._pieces[middle].length <= start:
                low = middle + 1
            else:
                high = middle
        for piece in self._pieces[low:]:
            if piece.at >= end:
                return
            first = max(start, piece.at) - piece.at + piece.start
            last = min(end, piece.at + piece.length) - piece.at + piece.start
            if first < last:
                yield piece.page, first, last

    def _box(self, page: int, start: int, end: int) -> Box | None:
        return union(
            self.pages[index].box_of(first, last)
            for index, first, last in self._on_pages(start, end)
            if index == page
        )


def union(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box around all that are given; None for none."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    return (
        min(box[0] for box in known), min(box[1] for box in known),
        max(box[2] for box in known), max(box[3] for box in known),
    )  # fmt: skip


def _stretches(page: Page) -> Iterator[tuple[int, int, bool]]:
    """(start, end, goes on the line before) of the page's text that is in the flow, without the wraps between."""
    hidden = {offset for aside in page.asides for offset in range(aside.start, aside.end)}
    wraps = set(page.wraps)
    start, joined = None, False
    for offset in range(len(page.text) + 1):
        out = offset == len(page.text) or offset in hidden or offset in wraps
        if not out and start is None:
            start = offset
        elif out and start is not None:
            yield start, offset, joined
            start, joined = None, False
        joined = joined or offset in wraps


def _width(character: str) -> float:
    """The width that a character takes, as a share of a Chinese one."""
    return 1.0 if ord(character) > 0x2E7F else 0.3 if character in " .,;:'|!il" else 0.55
