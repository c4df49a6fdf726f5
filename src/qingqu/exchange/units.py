"""What a sender's column counts in, and by how much it is multiplied to become the contract's unit. Exact: 1 亩 is
2000/3 m². What cannot be converted is refused, never taken as it stands."""

from fractions import Fraction

from qingqu.exchange.contracts import Contract, Field
from qingqu.reading.header import Column, Header
from qingqu.reading.names import MONEY_UNITS, OTHER_UNITS, rate

Factor = int | Fraction
AREAS = {"m2": Fraction(1), "mu": Fraction(2000, 3), "ha": Fraction(10_000)}  # in m²
ZH = {"m2": "平方米", "mu": "亩", "ha": "公顷", "l": "升"}
PER = {"month": {"月", "每月", "人月"}, "year": {"年"}}

COUNTED = {
    "money",
    "quantity",
    "percent",
    "integer",
}  # of a merged cell nobody knows whether each row has as much


class Unconvertible(ValueError):  # noqa: N818 - an answer, not a defect
    """A column in a unit that its field does not take."""


def factor(one: Field, column: Column, head: Header) -> Factor:
    """By what the column's numbers are multiplied; raises `Unconvertible`."""
    if one.type == "money":
        return _money(one, column.unit or head.unit)
    if one.type == "quantity":
        return _quantity(one, column.unit or (head.area if one.unit in AREAS else ""))
    if one.type == "percent" and OTHER_UNITS.get(column.unit, "percent") != "percent":
        raise Unconvertible
    if one.type == "percent" and rate(column.unit)[0] in MONEY_UNITS:
        raise Unconvertible
    return 1


def _money(one: Field, unit: str) -> Factor:
    money, per = rate(unit)
    wanted = one.unit.partition("/")[2]
    if per and wanted and per not in PER.get(wanted, set()):
        raise Unconvertible
    if unit and money not in MONEY_UNITS:
        raise Unconvertible
    return MONEY_UNITS.get(money, 1)


def _quantity(one: Field, unit: str) -> Factor:
    if rate(unit)[0] in MONEY_UNITS:
        raise Unconvertible
    given = OTHER_UNITS.get(unit, "")
    if not unit or not one.unit or given == one.unit:
        return 1
    if given in AREAS and one.unit in AREAS:
        ratio = AREAS[given] / AREAS[one.unit]
        return ratio.numerator if ratio.denominator == 1 else ratio
    raise Unconvertible


def told(factors: dict[str, Factor], head: Header, contract: Contract) -> list[str]:
    """One sentence a unit that is converted: which columns, by what, into what."""
    groups: dict[tuple[str, str, Factor], list[str]] = {}
    for name, by in factors.items():
        if by != 1:
            one, column = contract.by_name[name], head.fields[name]
            unit = column.unit or (head.unit if one.type == "money" else head.area)
            groups.setdefault((one.type, unit, by), []).append(name)
    return [_sentence(kind, unit, by, names, contract) for (kind, unit, by), names in groups.items()]


def _sentence(kind: str, unit: str, by: Factor, names: list[str], contract: Contract) -> str:
    if kind == "month":
        return f"“{contract.by_name[names[0]].zh}”没有写年份的，按表上写明的 {by} 年读取。"
    listed = "、".join(f"“{contract.by_name[name].zh}”" for name in names)
    if kind == "money":
        return f"{listed}按“{unit}”读取，已乘以 {by:,} 换算成元。"
    into = ZH.get(contract.by_name[names[0]].unit, contract.by_name[names[0]].unit)
    times = f"{by:,}" if isinstance(by, int) else f"{by.numerator:,}/{by.denominator:,}"
    rounded = "" if isinstance(by, int) else "，除不尽的保留四位小数（四舍六入五成双）"
    return f"{listed}按“{unit}”读取，已乘以 {times} 换算成{into}{rounded}。"
