"""From a file to a plan: which sheets hold the dataset, where their headers stand, which column is which field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from qingqu.base.errors import Refusal
from qingqu.exchange.contracts import Contract
from qingqu.reading import header
from qingqu.reading.header import MONEY_UNITS, OTHER_UNITS, Header
from qingqu.reading.limits import letter
from qingqu.reading.spreadsheet import Sheet, Unreadable, open_table

# Sheets of our own making in a file that comes back: how to fill in, terms of drop-downs, codes of places, what was
# wrong. They hold no table, and nobody needs to be told that.
GUIDE, LISTS, PLACES, WRONG = "怎么填", "下拉项", "区划代码", "错误清单"
OURS = frozenset({GUIDE, LISTS, PLACES, WRONG})


class NoTable(Refusal):
    """A file in which this dataset cannot be found; says what is missing and where."""


@dataclass(frozen=True)
class SheetPlan:
    """One sheet that will be read: its header and the factor of each money field (万元 → 10000)."""

    sheet: Sheet
    header: Header
    keys: tuple[str, ...]
    factors: Mapping[str, int] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[str, int, list[str]]]:
        """(kind, row, cells) of every row: `b` blank, `t` above the header, `h` header, `d` data, `r` the header
        repeated on a printed page, `f` totals and signatures."""
        heads = {one.index: header.plain(one.header) for one in self.header.fields.values()}
        keys = [self.header.fields[name].index for name in self.keys]
        top = min(heads)
        for number, cells in self.sheet.rows():
            if not cells:
                yield "b", number, cells
            elif number < self.header.first_row:
                yield "t", number, cells
            elif number <= self.header.last_row:
                yield "h", number, cells
            elif len(cells) > top and header.plain(cells[top]) == heads[top] and _repeats(cells, heads):
                yield "r", number, cells
            else:
                yield "f" if header.footer(cells, keys) else "d", number, cells


def _repeats(cells: Sequence[str], heads: Mapping[int, str]) -> bool:
    return all(len(cells) > at and header.plain(cells[at]) == name for at, name in heads.items())


@dataclass(frozen=True)
class Plan:
    """What will be read from a file, and what the sender should know about it."""

    kind: str
    sheets: tuple[SheetPlan, ...]
    notes: tuple[str, ...]


def plan(path: Path, contract: Contract) -> Plan:
    """Opens a file for a dataset. Raises `NoTable` (a Refusal) when it cannot be read or does not hold the dataset."""
    try:
        table = open_table(path)
        tried = [(sheet, _header(sheet, contract)) for sheet in table.sheets]
    except Unreadable as error:
        raise NoTable(error.sentence, code=error.code) from error
    found = [(sheet, head) for sheet, head in tried if head and not head.missing and not sheet.hidden]
    if not found:
        raise NoTable(_why(tried, contract), code="no_header")
    tried = [(sheet, head) for sheet, head in tried if sheet.name not in OURS or (head and not head.missing)]
    notes = [f"工作表“{sheet.name}”没有这份数据的表头，没有读取。" for sheet, head in tried if not head]
    notes += [
        f"工作表“{sheet.name}”没有读取：缺少{_listed(head.missing, contract)}。"
        for sheet, head in tried if head and head.missing and not sheet.hidden
    ]  # fmt: skip
    notes += [
        f"工作表“{sheet.name}”是隐藏的，没有读取；如需读取，请取消隐藏后重新交。"
        for sheet, head in tried if head and not head.missing and sheet.hidden
    ]  # fmt: skip
    plans = []
    for sheet, head in found:
        _undoubled(sheet, head, contract)
        made = SheetPlan(sheet, head, contract.key, _factors(sheet, head, contract))
        notes += _told(made, contract, alone=len(table.sheets) == 1)
        plans.append(made)
    return Plan(table.kind, tuple(plans), tuple(notes))


def _header(sheet: Sheet, contract: Contract) -> Header | None:
    return header.find(list(islice(sheet.rows(), header.LOOK_AT)), contract.headers, contract.required)


def _listed(fields: Sequence[str], contract: Contract) -> str:
    return "、".join(f"“{contract.by_name[name].zh}”" for name in fields)


def _why(tried: Sequence[tuple[Sheet, Header | None]], contract: Contract) -> str:
    """The sentence for a file without the dataset, about the sheet that comes closest."""
    near = [(sheet, head) for sheet, head in tried if head and len(head.missing) < len(contract.required)]
    title = contract.title
    if not near:
        wanted = _listed(contract.required, contract)
        return f"前 {header.LOOK_AT} 行里没有找到“{title}”的表头；表头至少要有{wanted}，请补上表头或确认选对了数据集。"
    sheet, head = min(near, key=lambda pair: len(pair[1].missing))
    place = f"工作表“{sheet.name}”" if sheet.name else ""
    if not head.missing:
        return f"{place}是隐藏的工作表；请取消隐藏后重新交。"
    unknown = [f"“{column.header}”" for column in head.columns if column.header and not column.field][:8]
    also = f"；没认出的列：{'、'.join(unknown)}" if unknown else ""
    return f"{place}第 {head.first_row} 行的表头里缺少{_listed(head.missing, contract)}{also}。请补上这些列，或把列名改成这样的写法。"


def _undoubled(sheet: Sheet, head: Header, contract: Contract) -> None:
    for name, indices in head.doubled.items():
        letters = "、".join(f"{letter(index)} 列“{head.columns[index].header}”" for index in indices)
        place = f"工作表“{sheet.name}”" if sheet.name else ""
        raise NoTable(
            f"{place}第 {head.first_row} 行：{letters}都像“{contract.by_name[name].zh}”，分不清用哪一列；请把其中一列改名或删去。",
            code="header_doubled",
        )


def _factors(sheet: Sheet, head: Header, contract: Contract) -> dict[str, int]:
    factors = {}
    for name, column in head.fields.items():
        one = contract.by_name[name]
        if one.type == "money":
            factors[name] = MONEY_UNITS.get(column.unit or head.unit, 1)
        if column.unit and (
            (one.type == "money" and column.unit in OTHER_UNITS)
            or (one.type in {"quantity", "percent"} and OTHER_UNITS.get(column.unit) != one.unit)
        ):
            place = f"工作表“{sheet.name}”" if sheet.name else ""
            raise NoTable(
                f"{place}{letter(column.index)} 列“{column.header}”的单位是“{column.unit}”，这一列不收这个单位；请换算后改表头。",
                code="unit",
            )
    return factors


def _told(made: SheetPlan, contract: Contract, *, alone: bool) -> list[str]:
    place = "" if alone or not made.sheet.name else f"工作表“{made.sheet.name}”："
    notes = []
    scaled = [name for name, factor in made.factors.items() if factor != 1]
    for unit in dict.fromkeys(made.header.fields[name].unit or made.header.unit for name in scaled):
        fields = [n for n in scaled if (made.header.fields[n].unit or made.header.unit) == unit]
        notes.append(
            f"{place}{_listed(fields, contract)}按“{unit}”读取，已乘以 {MONEY_UNITS[unit]:,} 换算成元。"
        )
    ignored = [f"“{column.header}”" for column in made.header.columns if column.header and not column.field]
    if ignored:
        notes.append(f"{place}这些列没有用到：{'、'.join(ignored[:20])}{'等' if len(ignored) > 20 else ''}。")
    hidden = [
        f"{letter(index)} 列" for index in made.sheet.hidden_columns
        if any(column.index == index for column in made.header.fields.values())
    ]  # fmt: skip
    if hidden:
        notes.append(f"{place}{'、'.join(hidden)}在文件里是隐藏的，也读取了。")
    absent = [name for name in contract.by_name if name not in made.header.fields]
    if absent:
        notes.append(f"{place}文件里没有这些列，按空白处理：{_listed(absent, contract)}。")
    return notes
