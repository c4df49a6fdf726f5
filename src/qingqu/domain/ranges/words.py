"""A range as a villager reads it: one sentence with the value, both ends and where they come from."""

from decimal import Decimal

from qingqu.domain.ranges.comparables import Found
from qingqu.domain.ranges.given import Item
from qingqu.domain.values.decimals import plain_text

PER = {
    "m2": "平方米", "mu": "亩", "m": "米", "m3": "立方米", "km": "公里", "year": "年", "month": "月", "day": "天",
    "person": "人", "household": "户", "t": "吨", "kg": "公斤", "piece": "件", "room": "间", "hour": "小时",
}  # fmt: skip
ALONE = {
    "yuan": "元", "month": "个月", "day": "天", "year": "年", "percent": "%", "m2": "平方米", "mu": "亩", "m": "米",
    "mm": "毫米", "cm": "厘米", "km": "公里", "m3": "立方米", "person": "人", "household": "户",
}  # fmt: skip
PLACES = {"village": "本村", "town": "本乡镇", "county": "本县", "all": "各地"}
POSITIONS = {"in": "在合理范围内", "low": "低于合理范围", "high": "高于合理范围"}


def unit_words(unit: str) -> str:
    """`yuan/mu/year` as 元/亩/年; a unit that we do not know stands as it came."""
    first, *rest = unit.split("/")
    return "/".join([ALONE.get(first, first), *(PER.get(part, part) for part in rest)])


def written(value: Decimal, unit: str) -> str:
    """Money with two places (more only where a limit itself has them), everything else without trailing zeros."""
    cents = value.quantize(Decimal("0.01"))
    return f"{cents:f}" if unit.startswith("yuan") and cents == value else plain_text(value)


def _shown(value: Decimal, unit: str) -> str:
    text = written(value, unit)
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" if not whole.startswith("-0") else text


def sentence(
    item: Item, low: Decimal | None, high: Decimal | None, position: str, *, found: Found | None = None,
    source: str = "", least: int = 0,
) -> str:  # fmt: skip
    """What the item's value is, where it stands, and what it is compared with."""
    unit = unit_words(item.unit)
    value = "数值未知" if item.value is None else f"{_shown(item.value, item.unit)} {unit}"
    if low is None and high is None:
        count = len(found.values) if found else 0
        return f"{value}；可比的同类事项只有 {count} 件，不足 {least} 件，暂无参考范围。"
    ends = _ends(low, high, item.unit)
    stands = f"{value}，{POSITIONS[position]}" if position != "none" else f"{value}，合理范围"
    if found is None:
        return f"{stands} {ends} {unit}；依据：{source or '规定的限值'}。"
    where = PLACES[found.scope]
    return f"{stands} {ends} {unit}；参照{where}前后 {found.months} 个月内 {len(found.values)} 件同类事项。"


def _ends(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    if low is None and high is not None:
        return f"不超过 {_shown(high, unit)}"
    if high is None and low is not None:
        return f"不低于 {_shown(low, unit)}"
    assert low is not None  # noqa: S101 - one of both ends is there
    assert high is not None  # noqa: S101 - and here both are
    return f"{_shown(low, unit)} 至 {_shown(high, unit)}"
