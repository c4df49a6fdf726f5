"""Quantities, percents, whole numbers: exact decimals, up to four places."""

from collections.abc import Mapping
from decimal import Decimal

from qingqu.domain.values.decimals import EXACT, PLAIN, decimal, plain_text
from qingqu.domain.values.text import narrow
from qingqu.domain.values.unclean import Unclean

# What binary floats leave behind (0.30000000000000004). Anything larger is a real fifth place and refused.
NOISE = Decimal("1E-7")
QUANTITY_LIMIT = Decimal(10) ** 12  # DECIMAL(18,4) in the lake has room for 14 digits before the point
INTEGER_LIMIT = Decimal(10) ** 15
FOUR_PLACES = Decimal("0.0001")

# Spellings of one unit. The first of each row is how we write it.
UNIT_ROWS = (
    ("亩", "市亩"),
    ("平方米", "㎡", "m2", "m²", "M2", "平米", "平方", "方米"),
    ("公顷", "hm2", "hm²", "ha"),
    ("升", "L", "l", "公升"),
    ("米", "m", "M"),
    ("公里", "km", "KM", "千米"),
    ("毫米", "mm"),
    ("厘米", "cm", "公分"),
    ("立方米", "m3", "m³", "方", "立方"),
    ("吨", "t", "T"),
    ("公斤", "kg", "KG", "千克"),
    ("斤", "市斤"),
    ("人", "名"),
    ("户",),
    ("个月", "月"),
    ("天", "日"),
    ("年",),
    ("个", "只", "套", "台", "块", "株", "头"),
)
UNITS: Mapping[str, str] = {spelling: row[0] for row in UNIT_ROWS[:-1] for spelling in row} | {
    counted: counted for counted in UNIT_ROWS[-1]
}
_BY_LENGTH = sorted(UNITS, key=len, reverse=True)


def _four_places(value: Decimal, kind: str) -> Decimal:
    rounded = EXACT.quantize(value, FOUR_PLACES)
    if EXACT.subtract(rounded, value).copy_abs() > NOISE:
        raise Unclean(f"{kind}_many_places", "小数超过四位", "请保留四位小数以内。")
    return rounded


def _unit_taken(plain: str, unit: str | None) -> str:
    """The number without its unit when that is the column's own; any other unit is refused."""
    if PLAIN.fullmatch(plain):
        return plain
    known = _BY_LENGTH if unit is None or unit in UNITS else [unit, *_BY_LENGTH]
    found = next((name for name in known if plain.endswith(name)), None)
    if found is None:
        return plain
    if unit is not None and UNITS.get(found, found) == UNITS.get(unit, unit):
        return plain.removesuffix(found)
    if unit is None:
        raise Unclean("quantity_unit", f"带了单位“{found}”", "请只填数字，单位写在表头里。")
    raise Unclean("quantity_unit", f"单位是“{found}”，这一列的单位是“{unit}”", f"请换算成{unit}，只填数字。")


def quantity(raw: str, *, unit: str | None = None) -> str:
    """A number of up to four places, trailing zeros dropped. `unit`: the column's unit, whose spellings may follow the
    number; any other unit is refused, never converted. Negative numbers stand (corrections in settlements)."""
    value = decimal(_unit_taken(narrow(raw), unit), "quantity")
    if value.copy_abs() >= QUANTITY_LIMIT:
        raise Unclean("quantity_range", "大得不合理", "请核对数量和单位。")
    return plain_text(_four_places(value, "quantity"))


def percent(raw: str, *, allow_over: bool = False) -> str:
    """Percent of up to four places, from 0 to 100 (`allow_over`: any above too). 0.35 means 0.35 percent and is never
    taken for 35: whether a column holds shares or percents is not to be seen in one cell."""
    value = decimal(narrow(raw).removesuffix("%"), "percent")
    # Rounded first: a spreadsheet's 100.00000000000001 is 100.
    shown = EXACT.quantize(value, FOUR_PLACES) if value.copy_abs() < QUANTITY_LIMIT else value
    if shown < 0 or shown >= QUANTITY_LIMIT or (shown > 100 and not allow_over):
        raise Unclean("percent_range", "百分数应在 0 至 100 之间", "请核对；35% 请填 35。")
    return plain_text(_four_places(value, "percent"))


def integer(raw: str) -> str:
    """A whole number; `12.0`, as spreadsheets write it, is 12."""
    value = decimal(narrow(raw), "integer")
    if value.copy_abs() >= INTEGER_LIMIT:
        raise Unclean("integer_range", "大得不合理", "请核对这个数。")
    if value != value.to_integral_value():
        raise Unclean("integer_fraction", "不是整数", "请填整数，不带小数。")
    return plain_text(value.to_integral_value())
