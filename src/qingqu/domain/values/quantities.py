"""Quantities, percents, whole numbers: exact decimals, up to four places."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

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
    ("亩", "市亩", "mu"),
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
AREAS = {"平方米": Fraction(1), "亩": Fraction(2000, 3), "公顷": Fraction(10_000)}  # in m²
_BY_LENGTH = sorted(UNITS, key=len, reverse=True)


def _four_places(value: Decimal, kind: str) -> Decimal:
    rounded = EXACT.quantize(value, FOUR_PLACES)
    if EXACT.subtract(rounded, value).copy_abs() > NOISE:
        raise Unclean(f"{kind}_many_places", "小数超过四位", "请保留四位小数以内。")
    return rounded


def _unit_taken(plain: str, unit: str | None) -> tuple[str, Fraction | None]:
    """The number without its unit, and the field's units in one of that unit (None: the number states none)."""
    if PLAIN.fullmatch(plain):
        return plain, None
    known = _BY_LENGTH if unit is None or unit in UNITS else [unit, *_BY_LENGTH]
    found = next((name for name in known if plain.endswith(name)), None)
    if found is None:
        return plain, None
    given, wanted = UNITS.get(found, found), UNITS.get(unit or "", unit or "")
    if unit is not None and given == wanted:
        return plain.removesuffix(found), Fraction(1)
    if unit is None:
        raise Unclean("quantity_unit", f"带了单位“{found}”", "请只填数字，单位写在表头里。")
    if given in AREAS and wanted in AREAS:
        return plain.removesuffix(found), AREAS[given] / AREAS[wanted]
    raise Unclean(
        "quantity_unit", f"单位是“{found}”，这一列的单位是“{wanted}”", f"请换算成{wanted}，只填数字。"
    )


def _times(value: Decimal, factor: Fraction) -> Decimal:
    """The product, rounded half to even to four places."""
    exact = EXACT.divide(EXACT.multiply(value, Decimal(factor.numerator)), Decimal(factor.denominator))
    return EXACT.quantize(exact, FOUR_PLACES)


def quantity(raw: str, *, unit: str | None = None, factor: int | Fraction = 1) -> str:
    """A number of up to four places, trailing zeros dropped. `unit`: the field's unit, whose spellings may follow the
    number, as may another unit of area, which is converted exactly (1 亩 = 2000/3 m²); any other unit is refused.
    `factor`: the field's units in one unit of the column, for numbers that state none. What a conversion cannot keep in
    four places is rounded half to even; without a conversion a fifth place is refused. Negative numbers stand
    (corrections in settlements)."""
    plain, stated = _unit_taken(narrow(raw), unit)
    factor = factor if stated is None else stated
    value = decimal(plain, "quantity")
    if factor != 1 and value.copy_abs() < QUANTITY_LIMIT:
        value = _times(value, Fraction(factor))
    if value.copy_abs() >= QUANTITY_LIMIT:
        raise Unclean("quantity_range", "大得不合理", "请核对数量和单位。")
    return plain_text(_four_places(value, "quantity"))


def stated_area(raw: str, unit: str) -> str:
    """The other unit of area that a cell of an area field states (25.6亩 in a field of m2 → 亩); empty without one."""
    taken, factor = _unit_taken(narrow(raw), unit)
    if factor in {None, Fraction(1)}:
        return ""
    found = narrow(raw).removeprefix(taken)
    return UNITS.get(found, found)


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
