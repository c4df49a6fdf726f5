"""What a sheet knows beside its values, whatever its format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Merge = tuple[
    int, int, int, int
]  # first row (from 1), first column (from 0), last row, last column; both ends in


@dataclass
class SheetMarks:
    """Per sheet: row (from 1) → column (from 0) → what stands there; hidden columns from 0, hidden rows from 1."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    percents: dict[int, set[int]] = field(default_factory=dict)
    hidden_columns: list[int] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


class FillDown:
    """Cells merged over several rows of one column say their value on each of those rows. Only the merge itself says
    so: a blank cell below a value is blank."""

    def __init__(self, merges: Iterable[Merge], columns: Iterable[int]) -> None:
        wanted = set(columns)
        self._begins: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in merges:
            if left == right and bottom > top and left in wanted:
                self._begins.setdefault(top, []).append((left, bottom))
        self._open: dict[int, tuple[int, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._begins)

    def fill(self, row: int, cells: Sequence[str]) -> list[str]:
        """The row with the values of merged cells that began above it. Call for every row in turn."""
        full = list(cells)
        for column, (last, text) in list(self._open.items()):
            if row > last:
                del self._open[column]
            elif column >= len(full) or not full[column].strip():
                full += [""] * (column + 1 - len(full))
                full[column] = text
        for column, last in self._begins.get(row, ()):
            if column < len(full) and full[column].strip():
                self._open[column] = (last, full[column])
        return full
