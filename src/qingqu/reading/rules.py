"""Ruled lines of a page and the tables that they make."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Across(NamedTuple):
    """A horizontal rule."""

    left: float
    right: float
    y: float


class Down(NamedTuple):
    """A vertical rule."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: the heights of its horizontal rules, the places of its vertical ones, and the rules themselves."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Across, ...]
    down: tuple[Down, ...]

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.ys[0]

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point lies inside."""
        return self.xs[0] < point[0] < self.xs[-1] and self.ys[0] < point[1] < self.ys[-1]

    def owns(self, line: Across) -> bool:
        """Whether a horizontal rule is one of the table's."""
        return line in self.across

    def walls(self, y: float) -> list[float]:
        """Where vertical rules stand at a height."""
        return sorted({line.x for line in self.down if line.top - 1 <= y <= line.bottom + 1})

    def cell(self, point: tuple[float, float]) -> tuple[int, int]:
        """(row, column) of the cell that holds a point; of a merged cell its first row and column."""
        x, y = point
        above = [line.y for line in self.across if line.y <= y and line.left - 1 <= x <= line.right + 1]
        left = [line.x for line in self.down if line.x <= x and line.top - 1 <= y <= line.bottom + 1]
        row = bisect_right(self.ys, max(above, default=self.ys[0]) + 0.01) - 1
        column = bisect_right(self.xs, max(left, default=self.xs[0]) + 0.01) - 1
        return min(max(row, 0), len(self.ys) - 2), min(max(column, 0), len(self.xs) - 2)


def grids(across: Sequence[Across], down: Sequence[Down], letter: float) -> list[Grid]:
    """The tables that rules form: connected rules with at least two horizontal and two vertical ones, or a frame."""
    reach = 0.35 * letter
    across, down = _across(across, reach), _down(down, reach)
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, line in enumerate(across):
        for second, wall in enumerate(down, start=len(across)):
            if (line.left - reach <= wall.x <= line.right + reach
                    and wall.top - reach <= line.y <= wall.bottom + reach):  # fmt: skip
                parent[root(first)] = root(second)
    groups: dict[int, tuple[list[Across], list[Down]]] = {}
    for index, line in enumerate(across):
        groups.setdefault(root(index), ([], []))[0].append(line)
    for index, wall in enumerate(down, start=len(across)):
        groups.setdefault(root(index), ([], []))[1].append(wall)
    found = [grid for lines, walls in groups.values() if (grid := _grid(lines, walls, reach))]
    return sorted(_outermost(found), key=lambda grid: grid.top)


def _grid(lines: list[Across], walls: list[Down], reach: float) -> Grid | None:
    xs, ys = _distinct((wall.x for wall in walls), reach), _distinct((line.y for line in lines), reach)
    if len(xs) < 2 or len(ys) < 2 or (len(xs) == 2 and len(ys) == 2):
        return None  # a frame around a page or a box holds prose
    return Grid(tuple(xs), tuple(ys), tuple(lines), tuple(walls))


def _outermost(found: list[Grid]) -> Iterator[Grid]:
    for grid in found:
        middle = ((grid.xs[0] + grid.xs[-1]) / 2, (grid.ys[0] + grid.ys[-1]) / 2)
        if not any(other is not grid and other.holds(middle) and other.ys[0] < grid.ys[0] for other in found):
            yield grid


def _distinct(values: Iterator[float], reach: float) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > reach:
            kept.append(value)
    return kept


def _across(lines: Sequence[Across], reach: float) -> list[Across]:
    """Rules drawn in pieces (a border for each cell) as one."""
    merged: list[Across] = []
    for line in sorted(lines, key=lambda each: (round(each.y / max(reach, 0.1)), each.left)):
        last = merged[-1] if merged else None
        if last and abs(last.y - line.y) <= reach and line.left <= last.right + reach:
            merged[-1] = last._replace(right=max(last.right, line.right))
        else:
            merged.append(line)
    return merged


def _down(lines: Sequence[Down], reach: float) -> list[Down]:
    merged: list[Down] = []
    for line in sorted(lines, key=lambda each: (round(each.x / max(reach, 0.1)), each.top)):
        last = merged[-1] if merged else None
        if last and abs(last.x - line.x) <= reach and line.top <= last.bottom + reach:
            merged[-1] = last._replace(bottom=max(last.bottom, line.bottom))
        else:
            merged.append(line)
    return merged
