"""What the sender is told about a file: which sheet, which header, which columns; and why a file cannot be taken."""

from collections.abc import Mapping, Sequence

from qingqu.exchange import units
from qingqu.exchange.contracts import Contract
from qingqu.exchange.remembered import Remembered
from qingqu.exchange.suggesting import Question
from qingqu.exchange.units import Factor
from qingqu.reading import header
from qingqu.reading.header import Header
from qingqu.reading.limits import letter
from qingqu.reading.spreadsheet import Sheet

LISTED = 20


def listed(fields: Sequence[str], contract: Contract) -> str:
    """Fields by their official headers."""
    return "、".join(f"“{contract.by_name[name].zh}”" for name in fields)


def place(sheet: Sheet, head: Header) -> str:
    """Where a header stands, as a sentence begins with it."""
    named = f"工作表“{sheet.name}”" if sheet.name else ""
    return f"{named}{rows(head)}的表头" if head.last_row else f"{named}列名"


def rows(head: Header) -> str:
    """第 4 行, 第 4–5 行."""
    last = f"–{head.last_row}" if head.last_row != head.first_row else ""
    return f"第 {head.first_row}{last} 行"


def sheets(tried: Sequence[tuple[Sheet, Header | None]], contract: Contract) -> list[str]:
    """Sheets that are not read, and why."""
    notes = [f"工作表“{sheet.name}”没有这份数据的表头，没有读取。" for sheet, head in tried if not head]
    notes += [
        f"工作表“{sheet.name}”没有读取：缺少{listed(head.missing, contract)}。"
        for sheet, head in tried if head and head.missing and not sheet.hidden
    ]  # fmt: skip
    notes += [
        f"工作表“{sheet.name}”是隐藏的，没有读取；如需读取，请取消隐藏后重新交。"
        for sheet, head in tried if head and not head.missing and sheet.hidden
    ]  # fmt: skip
    return notes


def why(tried: Sequence[tuple[Sheet, Header | None]], contract: Contract) -> str:
    """The sentence for a file in which nothing looks like the dataset's header, or only on a hidden sheet."""
    hidden = [sheet.name for sheet, head in tried if head and not head.missing and sheet.hidden]
    if hidden:
        return f"工作表“{hidden[0]}”是隐藏的工作表；请取消隐藏后重新交。"
    wanted = listed(contract.required, contract)
    return f"前 {header.LOOK_AT} 行里没有找到“{contract.title}”的表头；表头至少要有{wanted}，请补上表头或确认选对了数据集。"


def unmapped(sheet: Sheet, head: Header, asked: Question, contract: Contract) -> str:
    """The sentence for a header in which required fields have no column: what is unknown, and what it may be."""
    if head.doubled:
        return doubled(sheet, head, contract)
    told = []
    for column in asked.columns:
        if not column.field and column.header:
            near = [contract.by_name[name].zh for name in column.suggested[:1]]
            told.append(
                f"{column.letter} 列“{column.header[:30]}”" + (f"（像是“{near[0]}”）" if near else "")
            )
    also = f"；没认出的列：{'、'.join(told[:8])}{'等' if len(told) > 8 else ''}" if told else ""
    return f"{place(sheet, head)}里缺少{listed(asked.missing, contract)}{also}。请对应一次列，或把列名改成这样的写法。"


def doubled(sheet: Sheet, head: Header, contract: Contract) -> str:
    """The sentence for two columns that claim one field."""
    name, indices = next(iter(head.doubled.items()))
    letters = "、".join(f"{letter(index)} 列“{head.columns[index].header}”" for index in indices)
    return f"{place(sheet, head)}：{letters}都像“{contract.by_name[name].zh}”，分不清用哪一列；请指明一列，或把另一列改名、删去。"


def recalled(layouts: Sequence[Remembered]) -> list[str]:
    """Which remembered layouts named the columns."""
    refs = dict.fromkeys(f"{one.ref}，{one.day}" for one in layouts)
    return [f"列名按本单位记住的对应认出（{ref}）。" for ref in refs]


def told(
    sheet: Sheet, head: Header, factors: Mapping[str, Factor], contract: Contract, *, alone: bool,
    spoken: Mapping[str, str],
) -> list[str]:  # fmt: skip
    """What was recognised in a sheet: columns, units, hidden rows and columns, columns without use. `spoken`: fields
    that the table states once."""
    where = "" if alone or not sheet.name else f"工作表“{sheet.name}”："
    notes = [where + _recognised(head, contract)]
    notes += [where + sentence for sentence in units.told(dict(factors), head, contract)]
    ignored = [f"“{column.header}”" for column in head.columns if column.header and not column.field]
    if ignored:
        notes.append(
            f"{where}这些列没有用到：{'、'.join(ignored[:LISTED])}{'等' if len(ignored) > LISTED else ''}。"
        )
    used = {column.index for column in head.fields.values()}
    hidden = [f"{letter(index)} 列" for index in sheet.hidden_columns if index in used]
    if hidden:
        notes.append(f"{where}{'、'.join(hidden)}在文件里是隐藏的，也读取了。")
    covered = [row for row in sheet.hidden_rows if row > head.last_row]
    if covered:
        shown = "、".join(str(row) for row in covered[:LISTED])
        more = f"等 {len(covered):,} 行" if len(covered) > LISTED else "行"
        notes.append(f"{where}第 {shown} {more}在文件里是隐藏的，也读取了。")
    notes += [where + sentence for sentence in _merged(sheet, head, contract)]
    absent = [name for name in contract.by_name if name not in head.fields and name not in spoken]
    if absent:
        notes.append(f"{where}文件里没有这些列，按空白处理：{listed(absent, contract)}。")
    return notes


def _recognised(head: Header, contract: Contract) -> str:
    """Where the header stands and which columns it names; columns under their official names need no mention."""
    other = [
        f"{letter(column.index)} 列“{column.header}”→{contract.by_name[name].zh}"
        for name, column in head.fields.items() if header.plain(column.header) != header.plain(contract.by_name[name].zh)
    ]  # fmt: skip
    begun = f"表头在{rows(head)}" if head.last_row else "列名"
    found = f"{begun}，认出 {len(head.fields)} 列"
    return f"{found}：{'、'.join(other)}。" if other else f"{found}，都是标准列名。"


def _merged(sheet: Sheet, head: Header, contract: Contract) -> list[str]:
    """Cells merged over several rows: words speak for each row, of numbers nobody knows."""
    by_index = {column.index: name for name, column in head.fields.items()}
    down = [
        (top, bottom, by_index[left]) for top, left, bottom, right in sheet.merges
        if top > head.last_row and bottom > top and left == right and left in by_index
    ]  # fmt: skip
    words = [one for one in down if contract.by_name[one[2]].type not in units.COUNTED]
    numbers = [one for one in down if contract.by_name[one[2]].type in units.COUNTED]
    notes = []
    if words:
        fields = listed(list(dict.fromkeys(name for *_, name in words)), contract)
        notes.append(f"{fields}有 {len(words):,} 处上下合并的单元格，合并到的每一行都按同一个值读取。")
    for top, bottom, name in numbers[:3]:
        notes.append(
            f"“{contract.by_name[name].zh}”第 {top}–{bottom} 行合并成一格，分不清是每行都有还是共有，只记在第 {top} 行；"
            "如每行都有，请取消合并后逐行填写。"
        )
    return notes
