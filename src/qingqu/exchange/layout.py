"""From a file to a plan: which sheets hold the dataset, where their headers stand, which column is which field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from qingqu.base.errors import Refusal
from qingqu.exchange import layout_notes, units
from qingqu.exchange.columnar import open_parquet
from qingqu.exchange.contracts import Contract
from qingqu.exchange.units import Factor
from qingqu.reading import header
from qingqu.reading.header import Header
from qingqu.reading.json_lines import HEADER_ROW
from qingqu.reading.limits import letter
from qingqu.reading.lines import Kinds
from qingqu.reading.marks import FillDown
from qingqu.reading.sniff import kind_of
from qingqu.reading.spreadsheet import Sheet, Table, Unreadable, open_table

# Sheets of our own making in a file that comes back: how to fill in, terms of drop-downs, codes of places, what was
# wrong. They hold no table, and nobody needs to be told that.
GUIDE, LISTS, PLACES, WRONG = "怎么填", "下拉项", "区划代码", "错误清单"
OURS = frozenset({GUIDE, LISTS, PLACES, WRONG})


class NoTable(Refusal):
    """A file in which this dataset cannot be found; says what is missing and where."""


@dataclass(frozen=True)
class SheetPlan:
    """One sheet that will be read: its header, the factor of each counted field (万元 → 10000, 亩 → 2000/3), and the
    columns in which merged cells speak for every row that they cover."""

    sheet: Sheet
    header: Header
    keys: tuple[str, ...]
    factors: Mapping[str, Factor] = field(default_factory=dict)
    filled: tuple[int, ...] = ()

    def lines(self) -> Iterator[tuple[str, int, list[str]]]:
        """(kind, row, cells) of every row: `b` blank, `t` above the header, `h` header, `d` data, `r` header or title
        repeated on a printed page, `f` totals, signatures and notes, `s` group headings."""
        kinds = Kinds(self.header, [self.header.fields[name].index for name in self.keys], self.sheet.merges)
        below = [merge for merge in self.sheet.merges if merge[0] > self.header.last_row]
        fill = FillDown(below, self.filled)
        for number, cells in self.sheet.rows():
            if number > self.header.last_row:
                told = fill.fill(number, cells) if fill else cells
                yield (kinds.of(number, told) if told else "b"), number, told
            elif cells:
                yield "t" if number < self.header.first_row else "h", number, cells
            else:
                yield "b", number, cells


@dataclass(frozen=True)
class Plan:
    """What will be read from a file, and what the sender should know about it."""

    kind: str
    sheets: tuple[SheetPlan, ...]
    notes: tuple[str, ...]


Tried = Sequence[tuple[Sheet, Header | None]]


def plan(path: Path, contract: Contract) -> Plan:
    """Opens a file for a dataset. Raises `NoTable` (a Refusal) when it cannot be read or does not hold the dataset."""
    try:
        table = _opened(path)
        tried = [(sheet, _header(table, sheet, contract)) for sheet in table.sheets]
    except Unreadable as error:
        raise NoTable(error.sentence, code=error.code) from error
    found = [(sheet, head) for sheet, head in tried if head and not head.missing and not sheet.hidden]
    if not found:
        raise NoTable(layout_notes.why(tried, contract), code="no_header")
    plans = tuple(_planned(sheet, head, contract) for sheet, head in found)
    told = [(sheet, head) for sheet, head in tried if sheet.name not in OURS or (head and not head.missing)]
    notes = layout_notes.sheets(told, contract)
    alone = len(table.sheets) == 1
    for made in plans:
        notes += layout_notes.told(made.sheet, made.header, dict(made.factors), contract, alone=alone)
    return Plan(table.kind, plans, tuple(notes))


def _opened(path: Path) -> Table:
    kind = kind_of(path)
    return open_parquet(path) if kind == "parquet" else open_table(path, kind)


def _header(table: Table, sheet: Sheet, contract: Contract) -> Header | None:
    rows = list(islice(sheet.rows(), header.LOOK_AT + header.LINES))
    if rows and rows[0][0] == HEADER_ROW:
        return header.given(rows[0][1], contract.headers, contract.required, HEADER_ROW)
    return header.find(rows, contract.headers, contract.required, sheet.merges)


def _planned(sheet: Sheet, head: Header, contract: Contract) -> SheetPlan:
    for name, indices in head.doubled.items():
        letters = "、".join(f"{letter(index)} 列“{head.columns[index].header}”" for index in indices)
        raise NoTable(
            f"{layout_notes.place(sheet, head)}：{letters}都像“{contract.by_name[name].zh}”，分不清用哪一列；请把其中一列改名或删去。",
            code="header_doubled",
        )
    filled = [
        column.index
        for name, column in head.fields.items()
        if contract.by_name[name].type not in units.COUNTED
    ]
    return SheetPlan(sheet, head, contract.key, _factors(sheet, head, contract), tuple(filled))


def _factors(sheet: Sheet, head: Header, contract: Contract) -> dict[str, Factor]:
    factors: dict[str, Factor] = {}
    for name, column in head.fields.items():
        try:
            factors[name] = units.factor(contract.by_name[name], column, head)
        except units.Unconvertible:
            raise NoTable(
                f"{layout_notes.place(sheet, head)}：{letter(column.index)} 列“{column.header}”的单位是"
                f"“{column.unit or head.unit or head.area}”，这一列不收这个单位；请换算后改表头。",
                code="unit",
            ) from None
    return factors
