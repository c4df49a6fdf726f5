"""One cell that is not spelled canonically: what it becomes, or what is wrong with it, for the person who wrote it."""

import re
from typing import NamedTuple

from qingqu.domain import values
from qingqu.domain.values import Unclean, show
from qingqu.exchange.contracts import Field
from qingqu.exchange.units import AREAS, Factor
from qingqu.reading import header

# What senders write for "nothing"; never a value. For yes/no the word itself decides.
PLACEHOLDERS = (
    "/", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "N/A", "n/a", "NA", "null", "NULL", "None",
)  # fmt: skip
UNANSWERED = tuple(word for word in PLACEHOLDERS if word not in {"无", "没有"})
BLANKS = " \t\r\n\u3000\u00a0"
FORMULA_ERRORS = (
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#公式未计算",
)  # fmt: skip
# Fields whose text is a reference: a number in it must be whole.
REFERENCES = ("_id", "_no", "_account")
LONG_NUMBER = re.compile(r"\d{13,}[0-9Xx]?")
RUINED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")


CONVERTED = "converted"  # the state of a cell whose own unit of area was converted


class Fix(NamedTuple):
    """A cell as it stands; its canonical text, or a code with a sentence and a remedy, or none of them for nothing.
    `state`: `outside` (an open code list), `placeholder`, `blank`, `converted` (an area in a unit of its own), or empty."""

    value: str
    canonical: str | None = None
    code: str | None = None
    message: str | None = None
    fix: str | None = None
    state: str = ""


def placeholders(one: Field) -> tuple[str, ...]:
    """The placeholders of a field."""
    return UNANSWERED if one.type == "yes_no" else PLACEHOLDERS


def clean_cell(one: Field, value: str, factor: Factor = 1) -> Fix:
    """What a field's cell becomes in a column that is counted in `factor` of the field's unit."""
    cell = value.strip(BLANKS)
    if not cell:
        return Fix(value, state="blank")
    if cell in placeholders(one):
        return Fix(value, state="placeholder")
    if cell in FORMULA_ERRORS:
        fix = "请在 Excel 里改好公式，或改成数值后重新交。"
        return Fix(value, None, "formula_error", f"“{one.zh}”的公式没有结果", fix)
    if one.type == "text" and one.name.endswith(REFERENCES) and RUINED.fullmatch(cell):
        # A long number that Excel has shortened: the last digits are gone.
        message = f"“{one.zh}”被 Excel 改成了科学计数，末几位已丢失"
        return Fix(value, None, "ruined_by_excel", message, "请把这一列设为文本，再从原件重填。")
    try:
        if one.codes is not None:
            return _coded(one, value, cell)
        return Fix(value, _canonical(one, cell, factor), state=_converted(one, cell))
    except Unclean as error:
        return Fix(value, None, error.code, f"“{one.zh}”{error.message}", error.fix)


def hidden(text: str) -> str:
    """A sentence with everything masked that may be an ID number or an account."""
    return LONG_NUMBER.sub(lambda found: show.masked_id(found[0]), text)


def _converted(one: Field, cell: str) -> str:
    """Whether a cell of an area states a unit of its own that is not the field's."""
    return (
        CONVERTED
        if one.unit in AREAS and one.type == "quantity" and values.stated_area(cell, one.unit)
        else ""
    )


def _canonical(one: Field, cell: str, factor: Factor) -> str:
    if one.type == "money":
        return values.clean_money(cell, factor=int(factor))
    if one.type == "quantity":
        return values.quantity(cell, unit=one.unit or None, factor=factor)
    if one.type == "month" and factor != 1:  # the year that the table states
        return values.month(cell, year=int(factor))
    return values.clean(one.type, cell)


def _coded(one: Field, value: str, cell: str) -> Fix:
    codes = one.codes
    assert codes is not None  # noqa: S101 - the caller has looked
    term = codes.spelling.get(header.plain(cell))
    if term is not None:
        return Fix(value, term)
    if codes.open:
        return Fix(value, values.clean("text", cell), state="outside")
    allowed = "、".join(codes.values)
    return Fix(value, None, "code_unknown", f"“{one.zh}”里没有这个词", f"请填其中之一：{allowed}。")
