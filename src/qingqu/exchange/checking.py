"""A department's table against its contract: canonical rows, and for every wrong cell where, what and what to do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from qingqu.domain.values import KINDS, Unclean, blank, clean_money
from qingqu.exchange.contracts import Contract, Field
from qingqu.reading import header
from qingqu.reading.spreadsheet import Sheet, Unreadable, read_sheets

ENDINGS = ("合计", "总计", "小计", "制表", "填表", "审核", "备注:", "备注：", "说明")
MASKED = {"id_number", "id_or_credit_code"}
LISTED_ERRORS = 1000


@dataclass
class Checked:
    """What a file holds: canonical rows (field → text or None) with sheet and row, and the errors."""

    rows: list[dict[str, str | None]] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    errors: list[dict[str, object]] = field(default_factory=list)
    wrong: set[tuple[str, int]] = field(default_factory=set)
    raw: list[tuple[str, int, list[str]]] = field(default_factory=list)
    headers: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Data rows in the file."""
        return len(self.rows) + len(self.wrong)

    def totals(self, contract: Contract) -> dict[str, str]:
        """Control totals: the sum of every money column over the good rows."""
        sums = {}
        for item in contract.fields:
            if item.type == "money":
                found = [Decimal(text) for row in self.rows if (text := row[item.name]) is not None]
                if found:
                    sums[item.name] = f"{sum(found):.2f}"
        return sums


def check_file(path: Path, name: str, contract: Contract) -> Checked:
    """Reads and checks a whole file; raises Unreadable when it is no table or has no header of ours."""
    checked = Checked()
    found = False
    for sheet in read_sheets(path, name):
        head = header.find(sheet.rows, {item.name: item.names for item in contract.fields})
        if head is None:
            if sheet.rows:
                checked.notes.append(f"工作表“{sheet.name}”没有认得的表头，已跳过")
            continue
        _require_columns(head, contract, sheet, name)
        found = True
        _Sheet(contract, sheet, head, checked).read()
    if not found:
        wanted = "、".join(item.zh for item in contract.fields if item.required)
        raise Unreadable(
            f"{name}：前 {header.SEARCHED_ROWS} 行里找不到“{contract.title}”的表头，要有：{wanted}。"
        )
    _refuse_repeats(checked, contract)
    return checked


def _require_columns(head: header.Header, contract: Contract, sheet: Sheet, name: str) -> None:
    missing = [item.zh for item in contract.fields if item.required and item.name not in head.columns]
    if missing:
        place = f"工作表“{sheet.name}”" if sheet.name else ""
        raise Unreadable(
            f"{name} {place}第 {head.row} 行表头：缺少必填列 {'、'.join(missing)}，请补上后再传。"
        )


def letter(column: int) -> str:
    """A column's letter as in Excel, from its 0-based number."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Sheet:
    """One sheet on its way through the contract."""

    def __init__(self, contract: Contract, sheet: Sheet, head: header.Header, checked: Checked) -> None:
        self.sheet, self.head, self.checked = sheet, head, checked
        self.fields = [(item, head.columns.get(item.name)) for item in contract.fields]
        self.cleaners = {item.name: self._cleaner(item) for item in contract.fields}
        self.seen: dict[tuple[str, str], str] = {}
        for title in head.unknown:
            checked.notes.append(f"不用的列：{title}")
        for name, factor in head.factors.items():
            if factor != 1 and contract.schema[name] == "money":
                checked.notes.append(f"“{head.titles[name]}”按 {factor:,} 元换算")

    def _cleaner(self, item: Field) -> Callable[[str], str]:
        factor = self.head.factors.get(item.name, 1)
        if item.type == "money" and factor != 1:
            return lambda text: clean_money(text, factor=factor)
        return KINDS[item.type]

    def read(self) -> None:
        name = self.sheet.name
        for number, cells in self.sheet.rows:
            self.checked.raw.append((name, number, cells))
            if number == self.head.row:
                self.checked.headers[name] = number
            if number <= self.head.row:
                continue
            first = next((cell.strip() for cell in cells if cell.strip()), "")
            if first.replace(" ", "").startswith(ENDINGS):
                self.checked.notes.append(f"第 {number} 行“{first[:12]}”不是数据，已跳过")
                continue
            self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> None:
        row: dict[str, str | None] = {}
        good = True
        for item, column in self.fields:
            text = cells[column] if column is not None and column < len(cells) else ""
            try:
                row[item.name] = self._value(item, text)
            except Unclean as error:
                good = False
                self._wrong(number, column, item, text, error)
        if good:
            self.checked.rows.append(row)
            self.checked.places.append((self.sheet.name, number))
        else:
            self.checked.wrong.add((self.sheet.name, number))

    def _value(self, item: Field, text: str) -> str | None:
        cached = self.seen.get((item.name, text))
        if cached is not None:
            return cached or None
        plain = text.strip()
        if blank(text) or (plain in {"-", "—", "/", "无"} and not item.required):
            if item.required:
                raise Unclean("required", "必填，不能空着", f"请填上{item.zh}。")
            return None
        value = self.cleaners[item.name](text)
        if item.codes:
            if value in item.codes:
                value = item.codes[value]
            elif item.closed:
                allowed = "、".join(dict.fromkeys(item.codes.values()))
                raise Unclean("code_unknown", "不在规定的取值里", f"请填：{allowed}。")
        self.seen[item.name, text] = value
        return value or None

    def _wrong(self, number: int, column: int | None, item: Field, text: str, error: Unclean) -> None:
        shown = text[:60]
        if item.type in MASKED or "account" in item.name:
            shown = "＊" * min(len(text), 18)
        self.checked.errors.append({
            "sheet": self.sheet.name, "row": number, "column": letter(column) if column is not None else "",
            "header": self.head.titles.get(item.name, item.zh), "value": shown, "code": error.code,
            "message": error.message, "fix": error.fix,
        })  # fmt: skip


def _refuse_repeats(checked: Checked, contract: Contract) -> None:
    first: dict[tuple[str | None, ...], tuple[str, int]] = {}
    keep: list[int] = []
    for n, (row, place) in enumerate(zip(checked.rows, checked.places, strict=True)):
        key = tuple(row[name] for name in contract.key)
        if key not in first:
            first[key] = place
            keep.append(n)
            continue
        zh = "、".join(item.zh for item in contract.fields if item.name in contract.key)
        checked.wrong.add(place)
        checked.errors.append({
            "sheet": place[0], "row": place[1], "column": "", "header": zh, "value": "", "code": "duplicate_key",
            "message": f"与第 {first[key][1]} 行的{zh}相同", "fix": "同一条只留一行；不是同一条的，请改正编号。",
        })  # fmt: skip
    checked.rows = [checked.rows[n] for n in keep]
    checked.places = [checked.places[n] for n in keep]
