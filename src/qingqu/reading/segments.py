"""Pieces of text with places, and the rows that they form."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import median


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of one line. `edges`: the x of each character's left edge and the last one's right edge; `scores`: the
    reader's confidence of each character (None: from the file)."""

    text: str
    edges: tuple[float, ...]
    top: float
    bottom: float
    scores: tuple[float, ...] | None = None
    handwritten: bool = False
    blank: bool = False
    underlined: bool = False

    @property
    def left(self) -> float:
        """The left edge."""
        return self.edges[0]

    @property
    def right(self) -> float:
        """The right edge."""
        return self.edges[-1]

    @property
    def height(self) -> float:
        """The height of the letters."""
        return self.bottom - self.top

    def part(self, start: int, end: int) -> "Segment":
        """The characters [start, end) as a piece of their own."""
        scores = self.scores[start:end] if self.scores is not None else None
        return replace(self, text=self.text[start:end], edges=self.edges[start : end + 1], scores=scores)


@dataclass(slots=True)
class Row:
    """One line of the page: pieces from left to right; `tabs`: how many tabs stand before which piece."""

    pieces: list[Segment] = field(default_factory=list)
    tabs: dict[int, int] = field(default_factory=dict)
    table: bool = False
    wraps: bool = False
    column: tuple[float, float] = (0.0, 0.0)  # left and right edge of the block that the line belongs to
    indents: bool = False  # whether paragraphs of its block begin with a gap

    @property
    def left(self) -> float:
        """The left edge of the first piece."""
        return self.pieces[0].left

    @property
    def right(self) -> float:
        """The right edge of the last piece."""
        return self.pieces[-1].right

    @property
    def top(self) -> float:
        """The upper edge."""
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return max(piece.bottom for piece in self.pieces)

    @property
    def text(self) -> str:
        """The bare text."""
        return "".join(piece.text for piece in self.pieces)


def in_rows(segments: Iterable[Segment]) -> list[Row]:
    """Pieces that share a height, as rows from top to bottom, each sorted from left to right."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: (each.top + each.bottom) / 2):
        for row in reversed(rows[-3:]):
            top, bottom = min(each.top for each in row), max(each.bottom for each in row)
            shared = min(bottom, segment.bottom) - max(top, segment.top)
            apart = all(segment.left >= each.right - 0.4 * segment.height or segment.right <= each.left + 0.4 * each.height
                        for each in row)  # fmt: skip
            if apart and shared > 0.5 * min(segment.height, bottom - top):
                row.append(segment)
                break
        else:
            rows.append([segment])
    rows.sort(key=lambda row: median((each.top + each.bottom) / 2 for each in row))
    return [Row(sorted(row, key=lambda each: each.left)) for row in rows]
