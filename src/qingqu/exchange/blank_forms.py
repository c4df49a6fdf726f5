"""The empty form of a dataset: an xlsx that its own importer reads without a question. Official headers, the required
ones marked; long numbers and codes as text; drop-downs from named ranges; a word of help on every column; the rows that
are due filled in. Only the first sheet is to be filled; the others explain, and never name enough columns to be read as
a table."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from qingqu.exchange.contracts import Contract, Field
from qingqu.exchange.due_rows import MOST, Due, due_rows
from qingqu.exchange.layout import GUIDE, LISTS, PLACES
from qingqu.orgs.models import Division, Organisation
from qingqu.reading.limits import letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILLED = 10_000  # rows below the header that carry formats' checks
DIVISIONS = 3_000
PROPERTY = "qingqu-template"
WORDS = {
    "id_number": "18 位身份证号，按文本填写", "credit_code": "18 位统一社会信用代码，按文本填写",
    "id_or_credit_code": "18 位身份证号或统一社会信用代码，按文本填写", "division_code": "12 位行政区划代码，按文本填写",
    "date": "日期，如 2026-03-01", "datetime": "日期和时间，如 2026-03-01 14:05", "month": "月份，如 2026-03",
    "money": "金额，单位：元，最多两位小数", "quantity": "数量，最多四位小数", "percent": "百分数，填 35 表示 35%",
    "integer": "整数", "yes_no": "填“是”或“否”", "code": "从下拉项里选", "text": "文字",
}  # fmt: skip
EXAMPLES = {
    "id_number": "11010519491231002X", "credit_code": "91990101000000019M", "id_or_credit_code": "11010519491231002X",
    "division_code": "990101001001", "date": "2026-03-01", "datetime": "2026-03-01 14:05", "month": "2026-03",
    "money": "12800.50", "quantity": "3.5", "percent": "35", "integer": "12", "yes_no": "是",
}  # fmt: skip
UNITS = {
    "mu": "亩",
    "m2": "平方米",
    "l": "升",
    "percent": "%",
    "yuan": "元",
    "yuan/month": "元/月",
    "month": "月",
}
WIDTH = {"text": 22, "id_number": 22, "credit_code": 22, "id_or_credit_code": 22, "division_code": 16}
NUMBERS = {"money": "#,##0.00", "quantity": "#,##0.####", "percent": "0.####", "integer": "0"}
EXACT = 10**13  # what Excel's own numbers keep to the fen
DATES = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True)
class Form:
    """A form's file name and bytes, and how many rows it begins with."""

    name: str
    content: bytes
    rows: int


def of(
    contract: Contract,
    department: str,
    organisation: str,
    *,
    period: str,
    due: date | None,
    today: date,
    masked: bool,
) -> Form:
    """The form of a sender for the month. `masked`: the reader may not see personal numbers, so a list of people
    begins empty."""
    personal = masked and any(one.personal for one in contract.fields)
    known = Due() if personal else due_rows(contract, department, organisation, period=period, today=today)
    sender = Organisation.objects.select_related("division").filter(code=organisation or department).first()
    places = _places(contract, sender)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_custom_property(PROPERTY, f"{contract.dataset}@{period}")
        made = _Book(book, contract, known, places)
        made.table()
        made.guide(sender, period, due)
        made.lists()
    return Form(f"{contract.title}{period}.xlsx", buffer.getvalue(), len(known.rows))


def _places(contract: Contract, sender: Organisation | None) -> list[tuple[str, str]]:
    """Codes and names of the sender's area, for a dataset that asks for them."""
    if (
        sender is None
        or sender.division is None
        or all(one.type != "division_code" for one in contract.fields)
    ):
        return []
    area = sender.division
    codes = Division.objects.codes_below(area.code)
    if len(codes) > DIVISIONS:
        return []
    found = Division.objects.filter(code__in=codes, valid_to=None).select_related("parent").order_by("code")
    return [
        (one.code, one.name if one == area or one.parent == area else f"{one.parent} {one.name}")
        for one in found
    ]


class _Book:
    """Writes the sheets of one form."""

    def __init__(self, book: Any, contract: Contract, known: Due, places: Sequence[tuple[str, str]]) -> None:
        self.book, self.contract, self.known, self.places = book, contract, known, places
        self.ranges: dict[str, list[str]] = {}

    def format(self, **told: object) -> Any:
        """A cell format in the form's own type."""
        return self.book.add_format(
            {"font_name": "Microsoft YaHei", "font_size": 11, "valign": "vcenter", **told}
        )

    def table(self) -> None:
        """The sheet to fill in."""
        page = self.book.add_worksheet(self.contract.title[:28])
        page.freeze_panes(1, 0)
        page.set_row(0, 30)
        carried = self.known.carried
        for column, one in enumerate(self.contract.fields):
            width = max(WIDTH.get(one.type, 14), 2 * len(one.zh) + 4)
            page.set_column(column, column, width, self.format(num_format=_number_format(one)))
            head = self.format(
                bold=True, bg_color="#1F4E9E" if one.required else "#E9F0FB",
                font_color="#FFFFFF" if one.required else "#1D2129", border=1, border_color="#DFE3EA", align="center",
            )  # fmt: skip
            page.write_string(0, column, f"{one.zh}*" if one.required else one.zh, head)
            page.write_comment(
                0, column, help_of(one, carried=one.name in carried), {"author": "清渠", "x_scale": 2}
            )
            self._check(page, column, one)
        if len(self.contract.key) == 1:
            at = letter(
                next(i for i, one in enumerate(self.contract.fields) if one.name == self.contract.key[0])
            )
            page.conditional_format(
                f"{at}2:{at}{FILLED + 1}",
                {"type": "duplicate", "format": self.book.add_format({"bg_color": "#FFE7D3"})},
            )
        self._rows(page, carried)
        page.ignore_errors({"number_stored_as_text": f"A1:{letter(len(self.contract.fields))}{FILLED + 1}"})
        page.activate()

    def _rows(self, page: Any, carried: Sequence[str]) -> None:
        formats = {
            one.name: self.format(
                num_format=_number_format(one),
                **({"font_color": "#8A5A00", "italic": True} if one.name in carried else {}),
            )
            for one in self.contract.fields
        }
        for number, row in enumerate(self.known.rows, start=1):
            for column, one in enumerate(self.contract.fields):
                if (value := row.get(one.name)) is not None:
                    _write(page, number, column, one, value, formats[one.name])

    def _check(self, page: Any, column: int, one: Field) -> None:
        """The column's check in Excel. Only a closed list stops the writer; everything else warns, for the importer
        takes more spellings than Excel can be taught."""
        told = _validation(one, f"{letter(column)}2")
        if one.codes is not None and one.codes.values:
            told = {"validate": "list", "source": f"={self._range(one.name, list(one.codes.values))}"}
            told |= {"show_error": False} if one.codes.open else {"error_type": "stop"}
        elif one.type == "division_code" and self.places:
            told = {
                "validate": "list",
                "source": f"={self._range('places', [code for code, _ in self.places])}",
            }
            told |= {"error_type": "warning"}
        if told:
            told |= {
                "input_title": one.zh[:32], "input_message": words_of(one)[:255], "error_title": one.zh[:32],
                "error_message": f"{words_of(one)}。"[:255],
            }  # fmt: skip
            page.data_validation(1, column, FILLED, column, {"error_type": "warning", **told})

    def _range(self, name: str, terms: list[str]) -> str:
        self.ranges[name] = terms
        return f"list_{name}"

    def guide(self, sender: Organisation | None, period: str, due: date | None) -> None:
        """How to fill it in, field by field, with an example."""
        page = self.book.add_worksheet(GUIDE)
        wrap, bold = self.format(text_wrap=True), self.format(bold=True)
        for column, width in enumerate((24, 8, 44, 24, 60)):
            page.set_column(column, column, width, wrap)
        page.write_string(0, 0, f"《{self.contract.title}》填写说明", self.format(bold=True, font_size=14))
        lines = self._lines(sender, period, due)
        for row, words in enumerate(lines, start=1):
            page.write_string(row, 0, words, self.format())
        top = len(lines) + 2
        for column, words in enumerate(("这一列", "要求", "怎么填", "示例", "说明")):
            page.write_string(
                top,
                column,
                words,
                self.format(bold=True, bg_color="#EEF1F5", border=1, border_color="#DFE3EA"),
            )
        for row, one in enumerate(self.contract.fields, start=top + 1):
            told = (one.zh, "必填" if one.required else "可空", words_of(one), example_of(one), _more(one))
            for column, words in enumerate(told):
                page.write_string(row, column, words, bold if column == 0 else wrap)

    def _lines(self, sender: Organisation | None, period: str, due: date | None) -> list[str]:
        told = [
            f"填报单位：{sender}；所属月份：{period}"
            + (f"；请在 {due:%Y年%-m月%-d日} 前报送。" if due else "。")
            if sender
            else f"所属月份：{period}。"
        ]
        told.append(
            "只填第一张表，一行一条；深色表头的列必填。列的顺序可以变，多出的列不影响，填好后在“数据”页上传。"
        )
        if self.known.rows:
            words = f"已按平台里的记录列出 {len(self.known.rows):,} 行；不用报的行请整行删除，缺的在下面补。"
            if self.known.carried:
                names = "、".join(self.contract.by_name[name].zh for name in self.known.carried)
                words += f"斜体的{names}是上期的数，请改成本期的。"
            told.append(words)
        if self.known.too_many:
            told.append(f"已有名单超过 {MOST:,} 行，没有预填；请从本单位的系统导出。")
        return told

    def lists(self) -> None:
        """The drop-downs' terms on a sheet that nobody needs to see, and the codes of the area on one that one does."""
        if self.places:
            page = self.book.add_worksheet(PLACES)
            page.set_column(0, 0, 18, self.format(num_format="@"))
            page.set_column(1, 1, 36)
            for row, (code, name) in enumerate(self.places):
                page.write_string(row, 0, code)
                page.write_string(row, 1, name)
        if self.ranges:
            page = self.book.add_worksheet(LISTS)
            page.very_hidden()
            for column, (name, terms) in enumerate(self.ranges.items()):
                for row, term in enumerate(terms):
                    page.write_string(row, column, term)
                at = letter(column)
                self.book.define_name(f"list_{name}", f"='{LISTS}'!${at}$1:${at}${len(terms)}")


def words_of(one: Field) -> str:
    """How a field is written."""
    if one.codes is not None and one.codes.values and not one.codes.open:
        return f"填其中之一：{'、'.join(one.codes.values)}"
    unit = UNITS.get(one.unit, "")
    return WORDS[one.type] + (f"，单位：{unit}" if unit and unit not in {"元", "%"} else "")


def help_of(one: Field, *, carried: bool) -> str:
    """The comment on a field's header."""
    last = "\n这一列先填了上期的数，请改成本期的。" if carried else ""
    return f"{'必填' if one.required else '可以不填'}。{words_of(one)}。{last}"


def example_of(one: Field) -> str:
    """An invented value."""
    if one.codes is not None:
        return next(iter(one.codes.values), "")
    if one.type == "text":
        return (
            f"{one.zh}示例"
            if "名" in one.zh or "单位" in one.zh
            else "A-2026-001"
            if one.name.endswith("_id")
            else ""
        )
    return EXAMPLES.get(one.type, "")


def _more(one: Field) -> str:
    if one.codes is not None and one.codes.open:
        terms = "、".join(list(one.codes.values)[:12])
        return f"常用：{terms}；没有合适的可以写别的词。" if terms else "没有固定的词，照实填写。"
    names = "、".join(one.synonyms[:4])
    return f"也认得这样的列名：{names}。" if names else ""


def _number_format(one: Field) -> str:
    return NUMBERS.get(one.type) or DATES.get(one.type) or "@"


def _validation(one: Field, cell: str) -> dict[str, Any]:
    """What Excel can check of a column without a list; `cell` is the column's first one."""
    if one.type in DATES:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1900, 1, 1),
            "maximum": date(2199, 12, 31),
        }
    if one.type in NUMBERS:
        low = 0 if one.type in {"percent", "quantity"} else -(10**15)
        return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": 10**15}
    if one.type == "yes_no":
        return {"validate": "list", "source": ["是", "否"]}
    if one.type == "month":
        return {"validate": "custom", "value": f'=AND(LEN({cell})=7,MID({cell},5,1)="-")'}
    if one.type in {"id_number", "credit_code", "id_or_credit_code"}:
        return {"validate": "custom", "value": f"=LEN({cell})=18"}
    if one.type == "division_code":
        return {"validate": "custom", "value": f"=OR(LEN({cell})=12,LEN({cell})=9,LEN({cell})=6)"}
    return {"validate": "any"} if one.type == "text" else {}


def _write(page: Any, row: int, column: int, one: Field, value: object, shape: Any) -> None:
    """A stored value as Excel keeps it best: days as days, sums as numbers, everything else as text."""
    if isinstance(value, datetime | date):
        page.write_datetime(row, column, value, shape)
    elif isinstance(value, Decimal | int) and one.type in NUMBERS and abs(Decimal(value)) < EXACT:
        page.write_number(row, column, float(value), shape)
    else:
        page.write_string(row, column, str(value), shape)
