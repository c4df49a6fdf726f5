"""Pieces of text with places → lines in reading order: rows, ruled tables, columns, underlines, wrapped lines.

Serves PDF and scans alike. Coordinates run from the top left of the page as it is read, in any unit: every threshold
is a share of the letters' height.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from qingqu.reading.blanks import shown
from qingqu.reading.columns import columns
from qingqu.reading.joining import goes_on, indented
from qingqu.reading.rules import Across, Down, Grid, grids
from qingqu.reading.segments import Row, Segment, in_rows

GAP_SPACE = 0.6  # of a letter: from here on two pieces of a row have a space between them
GAP_CELL = 1.8  # from here on they stand in two cells


def arrange(
    segments: Sequence[Segment], across: Sequence[Across] = (), down: Sequence[Down] = ()
) -> list[Row]:
    """The page's lines in reading order; ruled tables where their upper edge stands."""
    segments = [segment for segment in segments if segment.text.strip()]
    if not segments:
        return []
    if (middle := _spread(segments)) is not None:
        halves = (
            [each for each in segments if each.right <= middle],
            [each for each in segments if each.left >= middle],
        )
        lines = (
            [each for each in across if each.right <= middle + 2],
            [each for each in across if each.left >= middle - 2],
        )
        walls = ([each for each in down if each.x <= middle], [each for each in down if each.x >= middle])
        return [row for half in zip(halves, lines, walls, strict=True) for row in arrange(*half)]
    letter = median(segment.height for segment in segments)
    tables = grids(across, down, letter)
    blocks: list[tuple[float, list[Row]]] = []
    for grid in tables:
        inside = [segment for segment in segments if grid.holds(_middle(segment))]
        if inside:
            segments = [segment for segment in segments if not grid.holds(_middle(segment))]
            blocks.append((grid.top, _table(grid, inside, letter)))
    free = [line for line in across if not any(grid.owns(line) for grid in tables)]
    blocks.sort(key=lambda block: block[0])
    rows: list[Row] = []
    for top, table in [*blocks, (float("inf"), [])]:
        above = [segment for segment in segments if _middle(segment)[1] < top]
        segments = [segment for segment in segments if _middle(segment)[1] >= top]
        rows += _flowing(above, free, letter)
        rows += table
    return rows


def _spread(segments: Sequence[Segment]) -> float | None:
    """Where two pages that lie side by side part: a broad picture with a gap from top to bottom near its middle."""
    left, right = min(each.left for each in segments), max(each.right for each in segments)
    top, bottom = min(each.top for each in segments), max(each.bottom for each in segments)
    if right - left < 1.15 * (bottom - top) or len(segments) < 20:
        return None
    letter = median(segment.height for segment in segments)
    low, high = left + 0.38 * (right - left), left + 0.62 * (right - left)
    edges = sorted(
        (max(each.left, low), min(each.right, high))
        for each in segments
        if each.right > low and each.left < high
    )
    at, best = low, (0.0, 0.0)
    for start, end in [*edges, (high, high)]:
        best = max(best, (start - at, (start + at) / 2))
        at = max(at, end)
    sides = (sum(each.right <= best[1] for each in segments), sum(each.left >= best[1] for each in segments))
    return best[1] if best[0] > 2.5 * letter and min(sides) >= 8 else None


def _middle(segment: Segment) -> tuple[float, float]:
    return (segment.left + segment.right) / 2, (segment.top + segment.bottom) / 2


def _flowing(segments: list[Segment], across: Sequence[Across], letter: float) -> list[Row]:
    """Running text: columns first, each read to its end."""
    rows: list[Row] = []
    for block in columns(in_rows(segments), letter):
        lines = [_gapped(row, across, letter) for row in in_rows(block)]
        _wrap(lines, letter)
        rows += lines
    return rows


def _gapped(row: Row, across: Sequence[Across], letter: float) -> Row:
    """The row with what stands between its pieces: unfilled underlines, spaces, tabs; and underlines below its text."""
    top, bottom = row.top, row.bottom
    lines = [line for line in across if top + 0.5 * (bottom - top) < line.y < bottom + 0.45 * letter]
    whole = Row(table=row.table)
    position: float | None = None
    for piece in row.pieces:
        gap = [line for line in lines if position is not None or line.left < piece.left - 0.8 * letter]
        start = position if position is not None else min((line.left for line in gap), default=piece.left)
        blank = _empty(gap, start, piece.left, top, bottom, letter)
        if blank:
            whole.pieces.append(blank)
        elif position is not None and piece.left - position > GAP_CELL * letter:
            whole.tabs[len(whole.pieces)] = 1
        elif position is not None and piece.left - position > GAP_SPACE * letter:
            whole.pieces.append(
                Segment(
                    " ", (position, piece.left), piece.top, piece.bottom, (1.0,) if piece.scores else None
                )
            )
        whole.pieces += _underlined(piece, lines)
        position = piece.right
    if position is not None and (
        blank := _empty(lines, position, max((line.right for line in lines), default=0), top, bottom, letter)
    ):
        whole.pieces.append(blank)
    return whole


def _empty(
    lines: list[Across], left: float, right: float, top: float, bottom: float, letter: float
) -> Segment | None:
    """An unfilled place where an underline runs below a gap."""
    for line in lines:
        low, high = max(line.left, left), min(line.right, right)
        if high - low > 0.45 * letter and high - low > 0.5 * (right - left):
            count = max(1, min(60, round((high - low) / letter * 2)))
            edges = tuple(low + (high - low) * index / count for index in range(count + 1))
            return Segment("＿" * count, edges, top, bottom, blank=True, underlined=True)
    return None


def _underlined(piece: Segment, lines: list[Across]) -> list[Segment]:
    """The piece, parted where an underline begins or ends."""

    def below(index: int) -> bool:
        middle = (piece.edges[index] + piece.edges[index + 1]) / 2
        return any(line.left <= middle <= line.right for line in lines)

    marks = [below(index) for index in range(len(piece.text))] if lines else [False] * len(piece.text)
    if len(set(marks)) < 2:
        return [replace(piece, underlined=bool(marks) and marks[0])]
    parts, start = [], 0
    for index in range(1, len(marks) + 1):
        if index == len(marks) or marks[index] != marks[start]:
            part = replace(piece.part(start, index), underlined=marks[start])
            empty = marks[start] and len(part.text) > 1 and not part.text.strip()
            parts.append(replace(part, text=shown(part.text), blank=True) if empty else part)
            start = index
    return parts


def _table(grid: Grid, segments: list[Segment], letter: float) -> list[Row]:
    """A ruled table's rows; a cell's lines are joined, a cell that is as wide as the table reads as prose."""
    cells: dict[tuple[int, int], list[Segment]] = {}
    for segment in segments:
        for part in _cut(segment, grid):
            cells.setdefault(grid.cell(_middle(part)), []).append(part)
    rows: list[Row] = []
    for index in range(len(grid.ys) - 1):
        filled = sorted((column, cells[row, column]) for row, column in cells if row == index)
        if not filled:
            continue
        if len(filled) == 1 and len(lines := in_rows(filled[0][1])) > 1:
            inner = [_gapped(line, (), letter) for line in lines]
            _wrap(inner, letter)
            rows += inner
            continue
        line, last = Row(table=True), 0
        for column, parts in filled:
            line.tabs[len(line.pieces)] = column - last
            line.pieces += [piece for inner in in_rows(parts) for piece in inner.pieces]
            last = column
        rows.append(line)
    return rows


def _cut(segment: Segment, grid: Grid) -> list[Segment]:
    """A piece that was read across a vertical rule, parted there."""
    cuts = [x for x in grid.walls(_middle(segment)[1]) if segment.left + 2 < x < segment.right - 2]
    if not cuts:
        return [segment]
    parts, start = [], 0
    for x in [*cuts, float("inf")]:
        end = start
        while end < len(segment.text) and (segment.edges[end] + segment.edges[end + 1]) / 2 < x:
            end += 1
        if end > start:
            parts.append(segment.part(start, end))
        start = end
    return [part for part in parts if part.text.strip()]


def _wrap(rows: list[Row], letter: float) -> None:
    """Marks the lines that only end because the paper does."""
    if not rows:
        return
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    indents = indented(rows, left, letter)
    for row in rows:
        row.column, row.indents = (left, right), indents
    steps = [following.bottom - row.bottom for row, following in itertools.pairwise(rows)]
    usual = median(steps) if steps else 0.0
    for (row, following), step in zip(itertools.pairwise(rows), steps, strict=True):
        near = step < max(1.35 * usual, 1.6 * letter) and step < 3.5 * letter
        row.wraps = near and goes_on(row, following, letter)
