"""Two columns of prose on a page, anywhere between full lines, read one after the other.

A gutter is a gap that stays free down several rows, with lines of prose on both sides; the cells of a table without
rules or of a signature block are short and make none.
"""

from collections.abc import Iterator, Sequence

from qingqu.reading.joining import INDENT, MARKER
from qingqu.reading.segments import Row, Segment, in_rows

MIDDLE = (0.25, 0.75)  # where a gutter may lie, as a share of the text's width
FEWEST = 4  # lines of a column
GUTTER = 0.55  # of a letter: what stays free at least
Span = tuple[float, float]


def columns(rows: Sequence[Row], letter: float) -> Iterator[list[Segment]]:
    """The blocks of a page in reading order: full lines, left column, right column, full lines …"""
    if not rows:
        return
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    width = right - left
    whole: Span = (left + MIDDLE[0] * width, left + MIDDLE[1] * width)
    waiting: list[Row] = []
    start = 0
    while start < len(rows):
        end, gutter = _run(rows, start, whole, letter)
        sides = _sides(rows[start:end], gutter) if gutter and end - start >= FEWEST else None
        if sides and all(_prose(side, letter) for side in sides):
            end = _without_tail(rows, start, end, gutter or whole, letter)
            sides = _sides(rows[start:end], gutter or whole)
            if waiting:
                yield [piece for row in waiting for piece in row.pieces]
            waiting = []
            yield from sides
            start = end
        else:
            waiting.append(rows[start])
            start += 1
    if waiting:
        yield [piece for row in waiting for piece in row.pieces]


def _run(rows: Sequence[Row], start: int, whole: Span, letter: float) -> tuple[int, Span | None]:
    """How far the rows from `start` on share a gutter, and which."""
    free = [whole]
    end = start
    for row in rows[start:]:
        left = [span for span in _common(free, _gaps(row, whole)) if span[1] - span[0] >= GUTTER * letter]
        if not left:
            break
        free = left
        end += 1
    both = [span for span in free if all(_both(rows[index], span) for index in (start,))]
    return end, max(both, key=lambda span: span[1] - span[0]) if both else None


def _gaps(row: Row, whole: Span) -> list[Span]:
    """What a row leaves free within the middle of the page."""
    spans, at = [], whole[0]
    for piece in row.pieces:
        if piece.left > at:
            spans.append((at, min(piece.left, whole[1])))
        at = max(at, piece.right)
    if at < whole[1]:
        spans.append((at, whole[1]))
    return spans


def _common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    return [(max(a, c), min(b, d)) for a, b in first for c, d in second if min(b, d) > max(a, c)]


def _both(row: Row, gutter: Span) -> bool:
    return row.left < gutter[0] and row.right > gutter[1]


def _sides(rows: Sequence[Row], gutter: Span) -> list[list[Segment]]:
    middle = (gutter[0] + gutter[1]) / 2
    pieces = [piece for row in rows for piece in row.pieces]
    return [
        [piece for piece in pieces if piece.right <= middle + 1],
        [piece for piece in pieces if piece.left >= middle - 1],
    ]


def _without_tail(rows: Sequence[Row], start: int, end: int, gutter: Span, letter: float) -> int:
    """The end of the columns, without the lines below that stand on the left only and begin something new."""
    last = max(index for index in range(start, end) if rows[index].right > gutter[1])
    left = min(row.left for row in rows[start:end])
    for index in range(last + 1, end):
        if MARKER.match(rows[index].text) or rows[index].left - left > INDENT * letter:
            return index
    return end


def _prose(segments: Sequence[Segment], letter: float) -> bool:
    """Whether these are lines of running text: enough of them, most as wide as their column."""
    rows = in_rows(segments)
    if len(rows) < FEWEST:
        return False
    width = max(row.right for row in rows) - min(row.left for row in rows)
    full = sum(1 for row in rows if row.right - row.left > 0.8 * width and len(row.pieces) <= 2)
    return width > 9 * letter and full >= 0.5 * len(rows) and full >= 3
