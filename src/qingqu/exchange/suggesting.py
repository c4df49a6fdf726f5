"""Which field a column of an unknown name may be: by its words and by what stands in it. Only ever a suggestion, for a
person to confirm."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from rapidfuzz import fuzz

from qingqu.domain import values
from qingqu.domain.values import Unclean, show
from qingqu.exchange.contracts import Contract, Field
from qingqu.exchange.remembered import keys
from qingqu.reading.header import Header, plain
from qingqu.reading.limits import letter
from qingqu.reading.lines import Kinds
from qingqu.reading.spreadsheet import Sheet

LOOKED = 200  # rows of a sheet
SHOWN = 3  # samples of a column
NO_COLUMN = 1_000_000  # nobody knows which columns are the key: totals are told by their words alone
LONG = re.compile(
    r"\d{13,}[Xx]?|(?<!\d)1[3-9]\d{9}(?!\d)"
)  # ID numbers, accounts, phones; not codes of places
# Kinds whose cells can hardly be anything else.
TELLING = {
    "id_number",
    "credit_code",
    "id_or_credit_code",
    "division_code",
    "date",
    "datetime",
    "month",
    "yes_no",
}
ENOUGH, HINTED, ALIKE, FITTING = 0.45, 0.3, 0.5, 0.8


@dataclass(frozen=True)
class Unknown:
    """A column that a person should look at. `field`: what its name says it is ("": nothing); `suggested`: fields that
    it may be, the likeliest first; `chosen`: the one of them that no other column has a better claim to ("": none);
    `samples`: cells with long numbers masked."""

    key: str
    letter: str
    header: str
    field: str
    suggested: tuple[str, ...]
    samples: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True)
class Question:
    """A header that has to be matched, as a page shows it; `missing`: required fields without a column."""

    sheet: str
    first_row: int
    last_row: int
    missing: tuple[str, ...]
    columns: tuple[Unknown, ...]

    def stored(self) -> dict[str, Any]:
        """As the database keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Question":
        """What `stored` wrote."""
        columns = tuple(
            Unknown(**{**one, "suggested": tuple(one["suggested"]), "samples": tuple(one["samples"])})
            for one in told["columns"]
        )
        return cls(told["sheet"], told["first_row"], told["last_row"], tuple(told["missing"]), columns)


def question(sheet: Sheet, head: Header, contract: Contract) -> Question:
    """What to ask about a sheet whose header leaves something open."""
    cells = _cells(sheet, head)
    doubled = {index: name for name, indices in head.doubled.items() for index in indices}
    told, open_fields = keys(head), [name for name in contract.by_name if name not in head.fields]
    ranked = {
        column.index: _ranked(column.header, cells[column.index], [contract.by_name[name] for name in open_fields])
        for column in head.columns if not column.field
    }  # fmt: skip
    first = _distinct(ranked)
    columns = []
    for column in head.columns:
        suggested = [name for _, name in ranked.get(column.index, ())]
        best = first.get(column.index, doubled.get(column.index, ""))
        likely = ([best] if best else []) + [name for name in suggested if name != best][:2]
        samples = [_masked(cell) for cell in islice(dict.fromkeys(cells[column.index]), SHOWN)]
        if column.header or samples:
            columns.append(Unknown(
                told[column.index], letter(column.index), column.header, column.field or "", tuple(likely), tuple(samples),
                best,
            ))  # fmt: skip
    missing = [*head.missing, *(name for name in head.doubled if name in contract.required)]
    return Question(sheet.name, head.first_row, head.last_row, tuple(missing), tuple(columns))


def _cells(sheet: Sheet, head: Header) -> list[list[str]]:
    """The filled cells of each column in the first rows below the header."""
    found: list[list[str]] = [[] for _ in head.columns]
    kinds = Kinds(head, [NO_COLUMN], sheet.merges)
    below = (
        cells for number, cells in sheet.rows() if number > head.last_row and cells and kinds.of(number, cells) == "d"
    )  # fmt: skip
    for cells in islice(below, LOOKED):
        for index, cell in enumerate(cells[: len(found)]):
            if cell.strip():
                found[index].append(cell.strip())
    return found


def _ranked(header: str, cells: Sequence[str], fields: Sequence[Field]) -> list[tuple[float, str]]:
    scored = [(_score(header, cells, one, fields), one.name) for one in fields]
    return sorted((pair for pair in scored if pair[0] >= ENOUGH), reverse=True)


def _score(header: str, cells: Sequence[str], one: Field, others: Sequence[Field]) -> float:
    """From 0 to 1: how alike the words are, and how many cells read as the field's kind. Cells alone tell a field only
    where no other of its kind is open."""
    word = plain(header)
    alike = (
        max((fuzz.ratio(word, plain(name)) / 100 for name in (one.zh, *one.synonyms, *one.weak)), default=0.0)
        if word
        else 0.0
    )
    fits = _fit(cells, one)
    if cells and fits < ALIKE:
        return 0.0
    alone = sum(1 for other in others if other.type == one.type) == 1
    if one.type in TELLING and cells and fits >= FITTING and (alone or alike >= HINTED):
        return 0.5 * alike + 0.5 * fits
    return alike * 0.9 if alike >= ALIKE else 0.0


def _fit(cells: Sequence[str], one: Field) -> float:
    good = 0
    for cell in cells:
        try:
            if one.codes is not None:
                good += one.codes.open or plain(cell) in one.codes.spelling
            elif one.type == "text" or values.clean(one.type, cell):
                good += 1
        except Unclean:
            continue
    return good / len(cells) if cells else 0.0


def _distinct(ranked: Mapping[int, Sequence[tuple[float, str]]]) -> dict[int, str]:
    """The likeliest field of each column, no field twice and none where two columns are as likely."""
    every = sorted(
        ((score, index, name) for index, one in ranked.items() for score, name in one), reverse=True
    )
    found: dict[int, str] = {}
    for score, index, name in every:
        rivals = [other for other, at, same in every if same == name and at != index and at not in found]
        if index not in found and name not in found.values() and max(rivals, default=0.0) < score:
            found[index] = name
    return found


def _masked(cell: str) -> str:
    return LONG.sub(lambda found: show.masked_id(found[0]), cell[:60])
