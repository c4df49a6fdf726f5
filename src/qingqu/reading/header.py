"""Finds the header among title rows: the row that names most of the wanted columns."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEARCHED_ROWS = 40
UNIT = re.compile(r"[(（\[【](.*?)[)）\]】]")
UNIT_LINE = re.compile(r"单位[:：]\s*(万元|元|亿元)")
FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


@dataclass(frozen=True)
class Header:
    """Where the header stands and which column (0-based) carries which field. `factors`: field → what its money is
    multiplied by because the header or a unit line says so."""

    row: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    factors: Mapping[str, int]
    unknown: tuple[str, ...]


def plain(title: str) -> str:
    """A header's words without blanks, marks and the unit in brackets."""
    text = unicodedata.normalize("NFKC", title)
    return re.sub(r"[\s*:_\-]", "", UNIT.sub("", text)).lower()


def find(rows: Sequence[tuple[int, list[str]]], names: Mapping[str, Sequence[str]]) -> Header | None:
    """The header for these fields (field → every name that it may carry), or None if no row names two of them."""
    wanted = {plain(name): field for field, all_names in names.items() for name in all_names}
    best: tuple[int, int] = (1, -1)
    for place, (_, cells) in enumerate(rows[:SEARCHED_ROWS]):
        known = len({wanted[plain(cell)] for cell in cells if plain(cell) in wanted})
        if known > best[0]:
            best = (known, place)
    if best[1] < 0:
        return None
    number, cells = rows[best[1]]
    columns: dict[str, int] = {}
    unknown = []
    for column, cell in enumerate(cells):
        field = wanted.get(plain(cell))
        if field is None or field in columns:
            if cell.strip():
                unknown.append(cell.strip())
        else:
            columns[field] = column
    titles = {field: cells[column].strip() for field, column in columns.items()}
    above = " ".join(cell for _, line in rows[: best[1]] for cell in line)
    line = UNIT_LINE.search(above)
    return Header(number, columns, titles, _factors(titles, line[1] if line else "元"), tuple(unknown))


def _factors(titles: Mapping[str, str], default: str) -> dict[str, int]:
    factors = {}
    for field, title in titles.items():
        inside = UNIT.search(unicodedata.normalize("NFKC", title))
        factors[field] = FACTORS.get(inside[1].strip(), FACTORS[default]) if inside else FACTORS[default]
    return factors
