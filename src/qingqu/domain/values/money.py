"""Money: yuan as an exact decimal with two places."""

import re
from decimal import Decimal, InvalidOperation

from qingqu.domain.values.decimals import EXACT, PLAIN, decimal
from qingqu.domain.values.numerals import money_words
from qingqu.domain.values.text import narrow
from qingqu.domain.values.unclean import Unclean

UNITS = {
    "元": 1, "圆": 1, "千元": 1_000, "万": 10_000, "万元": 10_000, "百万元": 1_000_000, "亿": 100_000_000,
    "亿元": 100_000_000,
}  # fmt: skip
CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 15  # DECIMAL(18,2) in the lake has room for 16 digits before the point
# Sums of long columns kept as binary floats drift about this far; a real further place is larger and refused.
NOISE = Decimal("1E-6")

_BRACKETS = re.compile(r"(?:¥|RMB|CNY|人民币)?\((.+)\)", re.IGNORECASE)
_BEFORE = re.compile(r"([+-]?)(?:¥|RMB|CNY|人民币)?([+-]?)", re.IGNORECASE)
_UNIT = re.compile(r"(百万元|千元|万元|亿元|万|亿|元|圆)(?:人民币)?[整正]?$")
_IN_WORDS = re.compile(
    r"(?:人民币:?)?[零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆](?:[零壹贰叁肆伍陆柒捌玖一二三四五六七八九]+[角分])*[整正]?"
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.([0-9]*))?[eE]\+?([0-9]{1,2})")
# How many decimals Excel leaves when it shortens: five in a narrow "general" cell, two in its "scientific" format.
_SHORTENED = {2, 5}


def clean_money(raw: str, *, factor: str | int | Decimal = 1) -> str:
    """Yuan with exactly two places. `factor`: yuan in one unit of the column ("10000" for 万元).

    A unit inside the cell (12.5万元) counts before the column's. (1,234.50) in brackets is the accountants' minus.
    A third place is refused unless it is nought or float noise. 1.2E+06 is taken when it can be exact: with two or
    five decimals it is Excel's shortened display (1.23E+06, 1.23457E+11), whose last digits are lost. Yuan in words (壹万贰仟元整) are read."""
    plain = narrow(raw)
    if _IN_WORDS.fullmatch(plain):
        return _two_places(_words(plain))
    number, signs, unit = _parts(plain)
    if len(signs) > 1:
        raise Unclean("money_sign", "有两个正负号", "请只留一个负号，如 -1234.50。")
    value = EXACT.multiply(_number(number), _factor(UNITS[unit] if unit else factor))
    return _two_places(value.copy_negate() if signs == "-" else value)


def _words(plain: str) -> Decimal:
    """Yuan in Chinese numerals (人民币壹万贰仟元整): the words carry their unit, so no column's factor counts."""
    value = money_words(plain.removeprefix("人民币").lstrip(":"))
    if value is None:
        raise Unclean("money_words", "大写金额读不出来", "请改填数字，如 12000.00。")
    return value


def _parts(plain: str) -> tuple[str, str, str]:
    """Bare number, its signs (brackets are a minus), and the unit written behind it."""
    signs, unit = "", ""
    if PLAIN.fullmatch(plain):
        bare = plain.lstrip("+-")
        return bare, plain.removesuffix(bare), unit
    if found := _UNIT.search(plain):  # before the brackets: (1,234.50)元
        plain, unit = plain[: found.start()], found[1]
    if inside := _BRACKETS.fullmatch(plain):
        plain, signs = inside[1], "-"
        if not unit and (found := _UNIT.search(plain)):
            plain, unit = plain[: found.start()], found[1]
    before = _BEFORE.match(plain)
    if before:
        plain, signs = plain[before.end() :], signs + before[1] + before[2]
    return plain, signs, unit


def _factor(factor: str | int | Decimal) -> Decimal:
    try:
        value = Decimal(factor)
    except InvalidOperation:
        raise ValueError(f"factor {factor!r} is no number") from None
    if not value.is_finite() or value <= 0:
        raise ValueError(f"factor {factor!r} must be above 0")
    return value


def _number(number: str) -> Decimal:
    match = _SCIENTIFIC.fullmatch(number)
    if match is None:
        return decimal(number, "money")
    if len(match[1] or "") in _SHORTENED:
        raise Unclean(
            "money_ruined_by_excel", "被 Excel 改成了科学计数，末几位可能已丢失",
            "请把这一列设为“数值”格式、两位小数，看到全部数字后再导出。",
        )  # fmt: skip
    return Decimal(number)


def _two_places(value: Decimal) -> str:
    if value.copy_abs() >= LIMIT:
        raise Unclean("money_range", "金额大得不合理", "请核对金额和单位（元还是万元）。")
    cents = EXACT.quantize(value, CENT)
    if EXACT.subtract(cents, value).copy_abs() > NOISE:
        raise Unclean("money_many_places", "小于一分的零头", "请保留两位小数；单位是万元的，请核对换算。")
    return f"{cents:.2f}" if cents else "0.00"
