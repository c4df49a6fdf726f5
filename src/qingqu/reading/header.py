"""Which rows are the header, and which column is which field: by name, never by position, and never by guessing."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qingqu.reading.marks import Merge
from qingqu.reading.names import MONEY_UNITS, OTHER_UNITS, name_of, plain, rank_of, unit_of, units_of

__all__ = ["LOOK_AT", "MONEY_UNITS", "OTHER_UNITS", "Column", "Header", "find", "given", "plain", "synonyms"]

LOOK_AT = 40
LINES = 3  # of one header at the most
WIDE = 300  # columns from which a header is looked for in single rows only: joined ones cost too much
JOINT = "｜"
_UNIT_LINE = re.compile(r"单位[:：]?(?:人民币)?[:：]?(百万元|千元|万元|亿元|元)(?![一-鿿])")
_UNIT_TITLE = re.compile(r"[(（](?:单位[:：]?)?(百万元|千元|万元|亿元|元)[)）]")
_AREA_LINE = re.compile(r"单位[:：]?[^()（）]{0,6}?(亩|平方米|㎡|公顷)(?![一-鿿])")
_INDEX = re.compile(r"\(?([0-9]{1,3})\)?(?:=[0-9+\-*/×÷()%]+)?|[甲乙丙丁戊]|[①-⑳]|栏次|行次|序号")
Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Column:
    """A column of the file: 0-based index, its header as written (its lines joined by ｜), the field that it is (or
    None), its stated unit."""

    index: int
    header: str
    field: str | None
    unit: str = ""


@dataclass(frozen=True)
class Header:
    """The header's rows (1-based, both ends) and columns. `unit` and `area` are units stated above the table, `above`
    the words there. `missing`: required fields without a column; `doubled`: field → columns that claim it equally
    well. `lines`: the plain cells of each of its rows, as a printed page repeats them."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    unit: str = ""
    missing: tuple[str, ...] = ()
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    area: str = ""
    above: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()

    @property
    def fields(self) -> dict[str, Column]:
        """Field → its column."""
        return {column.field: column for column in self.columns if column.field}


def synonyms(fields: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, int]]:
    """Plain name → (field, rank) from field → names, the official one first (rank 0)."""
    known: dict[str, tuple[str, int]] = {}
    for wanted, names in fields.items():
        for rank, name in enumerate((wanted, *names)):
            known.setdefault(plain(name), (wanted, min(rank, 2)))
    return known


def find(
    rows: Rows, known: Mapping[str, tuple[str, int]], required: Sequence[str], merges: Sequence[Merge] = ()
) -> Header | None:
    """The header among the file's first rows, or None when no row names a single field.

    The span that names the most required fields wins, then the most fields, then the fewest lines, then the earlier one
    (a header that is repeated on every printed page stands first where the table begins)."""
    best: tuple[tuple[int, int, int], _Span] | None = None
    for span in _spans(rows, merges):
        told = _read(span, known, required)
        score = (len(required) - len(told.missing), len(told.fields) + len(told.doubled), -len(span.rows))
        if score[:2] > (0, 0) and (best is None or score > best[0]):
            best = (score, span)
    if best is None:
        return None
    return _placed(rows, _extended(rows, best[1], merges), known, required)


def likely(rows: Rows, merges: Sequence[Merge] = ()) -> Header | None:
    """The row that looks most like a header although no name in it is known: the widest row of words above a row of at
    least the same width that holds a number. None when there is none; for a person to look at."""
    found: tuple[int, _Span] | None = None
    for (number, cells), (_, below) in zip(rows[:LOOK_AT], [*rows[1 : LOOK_AT + 1], (0, ())], strict=False):
        words = [cell for cell in cells if cell.strip() and not re.search(r"\d{4}", cell)]
        if len(words) < 2 or len(words) < sum(1 for cell in cells if cell.strip()):
            continue
        if len(words) > (found[0] if found else 1) and any(re.search(r"\d", cell) for cell in below):
            found = (len(words), _Span(((number, tuple(cells)),), merges))
    return _placed(rows, found[1], {}, ()) if found else None


def given(
    names: Sequence[str], known: Mapping[str, tuple[str, int]], required: Sequence[str], row: int
) -> Header:
    """The header of a file whose format itself names the columns."""
    span = _Span(((row, tuple(names)),), ())
    return _read(span, known, required)


class _Span:
    """Rows that may be a header together, with the lines of each column."""

    def __init__(self, rows: tuple[tuple[int, tuple[str, ...]], ...], merges: Sequence[Merge]) -> None:
        self.rows = rows
        self.first, self.last = rows[0][0], rows[-1][0]
        self.width = max(len(cells) for _, cells in rows)
        self.merges = [merge for merge in merges if self.first <= merge[0] <= self.last]

    def parts(self) -> list[tuple[str, ...]]:
        """The lines of each column, top down, each once."""
        grid = [[*cells, *[""] * (self.width - len(cells))] for _, cells in self.rows]
        numbers = [
            depth for depth, line in enumerate(grid) if _counts([cell for cell in line if cell.strip()])
        ]
        for depth in numbers:
            grid[depth] = [""] * self.width
        own = [list(line) for line in grid]
        for top, left, bottom, right in self.merges:
            text = own[top - self.first][left] if left < self.width else ""
            for row in range(top, min(bottom, self.last) + 1):
                for column in range(left, min(right + 1, self.width)):
                    grid[row - self.first][column] = text
        for depth in range(len(grid) - 1):
            if not any(merge[0] == self.first + depth and merge[3] > merge[1] for merge in self.merges):
                _spread(grid, own, depth)
        found = []
        for column in range(self.width):
            lines = [line[column].strip() for line in grid if line[column].strip()]
            found.append(tuple(line for at, line in enumerate(lines) if not at or line != lines[at - 1]))
        return found


def _spread(grid: list[list[str]], own: list[list[str]], depth: int) -> None:
    """Without merges to tell, a group's name reaches right over blank cells as long as columns below it have names."""
    group = ""
    for column, cell in enumerate(own[depth]):
        below = any(line[column].strip() for line in own[depth + 1 :])
        if cell.strip():
            group = cell if below else ""
        elif group and below:
            grid[depth][column] = group
        else:
            group = ""


def _spans(rows: Rows, merges: Sequence[Merge]) -> Iterator[_Span]:
    """Candidates of one to three rows. A row with a single cell is a title, and joins nothing."""
    looked = [(number, tuple(cells)) for number, cells in rows[:LOOK_AT]]
    filled = [sum(1 for cell in cells if cell.strip()) for _, cells in looked]
    for start in range(len(looked)):
        for lines in range(1, LINES + 1):
            span = looked[start : start + lines]
            if (
                len(span) < lines
                or not all(filled[start : start + lines])
                or (lines > 1 and not 2 <= filled[start] <= WIDE)
            ):
                break
            yield _Span(tuple(span), merges)


def _extended(rows: Rows, span: _Span, merges: Sequence[Merge]) -> _Span:
    """The header with the lines below it that are its own: units, remarks, the numbers of its columns, and the second
    line of merged cells."""
    by_number = dict(rows)
    bottom = max((merge[2] for merge in span.merges), default=span.last)
    while len(span.rows) < LINES + 1:
        number = span.last + 1
        cells = tuple(by_number.get(number, ()))
        told = [cell for cell in cells if cell.strip()]
        if not (told and number <= bottom) and not _belongs(told):
            break
        span = _Span((*span.rows, (number, cells)), merges)
    return span


def _belongs(told: Sequence[str]) -> bool:
    """Whether a row below a header holds nothing but units and remarks, or counts the columns."""
    return bool(told) and (_counts(told) or all(unit_of(cell) or name_of(cell).remark for cell in told))


def _counts(told: Sequence[str]) -> bool:
    """Whether a row numbers the columns: 甲 乙 1 2 3=1+2."""
    found = [_INDEX.fullmatch(plain(cell)) for cell in told]
    counted = [int(one[1]) for one in found if one and one[1]]
    if len(told) < 3 or len(counted) < 2 or not all(found):
        return False
    return counted[0] in {0, 1, 2} and counted == list(range(counted[0], counted[0] + len(counted)))


def _read(span: _Span, known: Mapping[str, tuple[str, int]], required: Sequence[str]) -> Header:
    claims: dict[str, list[tuple[int, int]]] = {}
    parts = span.parts()
    for index, lines in enumerate(parts):
        if lines and (hit := rank_of(lines, known)):
            claims.setdefault(hit[0], []).append((hit[1], index))
    taken: dict[int, str] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    for wanted, found in claims.items():
        best = min(rank for rank, _ in found)
        equal = [index for rank, index in found if rank == best]
        if len(equal) > 1:
            doubled[wanted] = tuple(equal)
        else:
            taken[equal[0]] = wanted
    columns = tuple(
        Column(index, JOINT.join(lines), taken.get(index), units_of(lines))
        for index, lines in enumerate(parts)
    )
    missing = tuple(name for name in required if name not in taken.values() and name not in doubled)
    return Header(span.first, span.last, columns, "", missing, doubled)


def _placed(rows: Rows, span: _Span, known: Mapping[str, tuple[str, int]], required: Sequence[str]) -> Header:
    """The header with what stands above it."""
    above = tuple(
        cell.strip() for number, cells in rows if number < span.first for cell in cells if cell.strip()
    )
    flat = [re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) for text in above]
    money = [found[1] for text in flat if (found := _UNIT_LINE.search(text) or _UNIT_TITLE.search(text))]
    area = [found[1] for text in flat if (found := _AREA_LINE.search(text))]
    lines = tuple(tuple(plain(cell) for cell in cells) for _, cells in span.rows)
    return replace(
        _read(span, known, required),
        unit=money[-1] if money else "", area=area[-1] if area else "", above=above, lines=lines,
    )  # fmt: skip
