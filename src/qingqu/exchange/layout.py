"""From a file to a plan: which sheets hold the dataset, where their headers stand, which column is which field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from qingqu.base.errors import Refusal
from qingqu.exchange import layout_notes, spoken, stated, units
from qingqu.exchange.columnar import open_parquet
from qingqu.exchange.contracts import Contract
from qingqu.exchange.remembered import Remembered, names
from qingqu.exchange.suggesting import Question, question
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


class Unmapped(NoTable):
    """A file whose columns a person has to match to fields once. `question` is what to ask."""

    def __init__(self, sentence: str, question: Question) -> None:
        super().__init__(sentence, code="unmapped")
        self.question = question

    def __reduce__(self) -> tuple[type["Unmapped"], tuple[str, Question]]:
        """It crosses from one process to another."""
        return Unmapped, (self.sentence, self.question)


@dataclass(frozen=True)
class SheetPlan:
    """One sheet that will be read: its header, the factor of each counted field (万元 → 10000, 亩 → 2000/3; of
    a month field: the year that its cells leave out), and the
    columns in which merged cells speak for every row that they cover. `layout`: the reference of the remembered
    layout by which its columns were recognised, if any; `spoken`: fields without a column whose value the table states
    once for all rows."""

    sheet: Sheet
    header: Header
    keys: tuple[str, ...]
    factors: Mapping[str, Factor] = field(default_factory=dict)
    filled: tuple[int, ...] = ()
    layout: str = ""
    spoken: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[str, int, list[str]]]:
        """(kind, row, cells) of every row: `b` blank, `t` above the header, `h` header, `d` data, `r` header or title
        repeated on a printed page, `f` totals, signatures and notes, `s` group headings, `n` rows of a form with their number only."""
        columns = self.header.fields
        keys = [columns[name].index for name in self.keys if name in columns]
        kinds = Kinds(self.header, keys, self.sheet.merges)
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
    """What will be read from a file, and what the sender should know about it. `question`: the columns of the first
    sheet, for a person who wants to match them otherwise."""

    kind: str
    sheets: tuple[SheetPlan, ...]
    notes: tuple[str, ...]
    question: Question | None = None


@dataclass(frozen=True)
class _Tried:
    """A sheet with its header, if it has one, and the remembered layout that named its columns."""

    sheet: Sheet
    head: Header | None
    by: Remembered | None = None
    spoken: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether it holds the dataset and may be read."""
        return self.head is not None and not self.head.missing and not self.sheet.hidden


def plan(
    path: Path, contract: Contract, *, remembered: Sequence[Remembered] = (), period: str = "", called: str = "",
    places: spoken.PlaceNames = MappingProxyType({}),
) -> Plan:  # fmt: skip
    """Opens a file for a dataset; `remembered` are the sender's own layouts, `period` the month (YYYY-MM) that the file
    is said to be for, `called` its name, `places` the towns and villages of the sender's area. Raises `NoTable` (a Refusal) when it cannot
    be read or does not hold the dataset, `Unmapped` when a person can say which column is which."""
    try:
        table = _opened(path)
        tried = [
            _spoken(_tried(sheet, contract, remembered), contract, period, called, places)
            for sheet in table.sheets
        ]
    except Unreadable as error:
        raise NoTable(error.sentence, code=error.code) from error
    pairs = [(one.sheet, one.head) for one in tried]
    found = [(one, one.head) for one in tried if one.usable and one.head]
    if not found:
        raise _unmapped(tried, contract) or NoTable(layout_notes.why(pairs, contract), code="no_header")
    for one, head in found:
        if head.doubled:
            raise Unmapped(
                layout_notes.doubled(one.sheet, head, contract), question(one.sheet, head, contract)
            )
    plans = tuple(_planned(one, head, contract, period) for one, head in found)
    told = [(sheet, head) for sheet, head in pairs if sheet.name not in OURS or (head and not head.missing)]
    notes = layout_notes.sheets(told, contract) + layout_notes.recalled(
        [one.by for one, _ in found if one.by]
    )
    alone = len(table.sheets) == 1
    for made in plans:
        notes += layout_notes.told(
            made.sheet, made.header, dict(made.factors), contract, alone=alone, spoken=made.spoken
        )
        notes += (
            []
            if not made.spoken
            else spoken.notes(made.sheet.name if not alone else "", made.spoken, contract)
        )
    if table.kind == "html":
        notes.insert(0, "这份文件是网页（HTML）格式，按网页里的表格读取；行号按用 Excel 打开时的次序数。")
    return Plan(table.kind, plans, tuple(notes), question(plans[0].sheet, plans[0].header, contract))


def _opened(path: Path) -> Table:
    kind = kind_of(path)
    return open_parquet(path) if kind == "parquet" else open_table(path, kind)


def _tried(sheet: Sheet, contract: Contract, remembered: Sequence[Remembered]) -> _Tried:
    rows = list(islice(sheet.rows(), header.LOOK_AT + header.LINES))
    for one in remembered:
        head = _header(sheet, rows, contract.headers | names(one), contract)
        if head and one.fits(head):
            return _Tried(sheet, one.applied(head, contract.required), one)
    return _Tried(sheet, _header(sheet, rows, contract.headers, contract))


def _spoken(one: _Tried, contract: Contract, period: str, called: str, places: spoken.PlaceNames) -> _Tried:
    """With what the table states once for all rows; a sheet that is not read states nothing."""
    if one.head is None or not one.head.missing or one.sheet.hidden or one.head.doubled:
        return one
    if not any(name in one.head.fields for name in contract.required):
        return one
    head, told = spoken.filled(one.sheet, one.head, contract, period=period, called=called, places=places)
    return replace(one, head=head, spoken=told)


def _header(
    sheet: Sheet, rows: header.Rows, known: Mapping[str, tuple[str, int]], contract: Contract
) -> Header | None:
    if rows and rows[0][0] == HEADER_ROW:
        return header.given(rows[0][1], known, contract.required, HEADER_ROW)
    return header.find(rows, known, contract.required, sheet.merges)


def _unmapped(tried: Sequence[_Tried], contract: Contract) -> Unmapped | None:
    """The question about the sheet that comes closest; None when no sheet has anything like a header."""
    shown = [one for one in tried if not one.sheet.hidden and one.sheet.name not in OURS]
    if any(one.head and not one.head.missing for one in tried):
        return None  # it is only hidden
    near = sorted(
        (one for one in shown if one.head), key=lambda one: len(one.head.missing) if one.head else 0
    )
    for one in [*near, *(one for one in shown if not one.head)]:
        rows = list(islice(one.sheet.rows(), header.LOOK_AT + header.LINES))
        head = one.head if one.head and len(one.head.fields) > 1 else None
        head = head or header.likely(rows, one.sheet.merges) or one.head
        if head and sum(1 for column in head.columns if column.header) > 1:
            head = replace(
                head,
                missing=tuple(n for n in contract.required if n not in head.fields and n not in head.doubled),
            )
            asked = question(one.sheet, head, contract)
            return Unmapped(layout_notes.unmapped(one.sheet, head, asked, contract), asked)
    return None


def _planned(tried: _Tried, head: Header, contract: Contract, period: str) -> SheetPlan:
    filled = [
        column.index
        for name, column in head.fields.items()
        if contract.by_name[name].type not in units.COUNTED
    ]
    factors = _factors(tried.sheet, head, contract, period)
    return SheetPlan(
        tried.sheet,
        head,
        contract.key,
        factors,
        tuple(filled),
        tried.by.ref if tried.by else "",
        tried.spoken,
    )


def _factors(sheet: Sheet, head: Header, contract: Contract, period: str) -> dict[str, Factor]:
    factors: dict[str, Factor] = {}
    for name, column in head.fields.items():
        one = contract.by_name[name]
        try:
            factors[name] = units.factor(one, column, head)
        except units.Unconvertible:
            raise NoTable(
                f"{layout_notes.place(sheet, head)}：{letter(column.index)} 列“{column.header}”的单位是"
                f"“{column.unit or head.unit or head.area}”，这一列不收这个单位；请换算后改表头。",
                code="unit",
            ) from None
        if one.type == "month" and stated.leaves_year_out(sheet, head, column.index):
            factors[name] = stated.year(head, sheet, period) or 1
    return factors
