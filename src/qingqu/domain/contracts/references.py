"""Reference rents: floors and bands of comparable contracts by place, class of object and unit.

A row without high and count is a floor; the others are bands (INTERFACES, section 4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CLASSES = {
    "耕地": "farmland", "农田": "farmland", "农用地": "farmland", "水田": "farmland", "旱地": "farmland", "土地": "farmland",
    "林地": "forest", "山林": "forest", "园地": "forest", "四荒": "wasteland", "荒山": "wasteland", "荒地": "wasteland", "水面": "pond",
    "鱼塘": "pond", "池塘": "pond", "养殖水面": "pond", "建设用地": "construction_land", "工业用地": "construction_land", "房屋": "house",
    "住房": "house", "厂房": "factory", "标准厂房": "factory", "仓库": "factory", "商铺": "shop", "店面": "shop", "门面": "shop", "其他": "other",
}  # fmt: skip
_MU = Decimal(2000) / 3
_ANYWHERE = {"*", "全部", "不限", "全省", "全市", "全县", "全区", "全镇"}


@dataclass(frozen=True, slots=True)
class Reference:
    """One row. `unit` such as yuan/mu/year; `high`, `count` None: a floor."""

    place: str
    object_class: str
    unit: str
    low: Decimal
    high: Decimal | None
    count: int | None
    source: str
    day: date | None = None

    @property
    def floor(self) -> bool:
        """Whether it is a floor rather than a band."""
        return self.high is None and self.count is None


def unit_parts(unit: str) -> tuple[str, str] | None:
    """(basis, period) of a unit in English or Chinese: yuan/mu/year, 元/亩/年, 元/㎡·月; None if it is none."""
    plain = re.sub(r"[·.每、\s]", "/", unit.strip().lower())
    words = [word for word in plain.split("/") if word and word not in {"yuan", "元", "rmb", "人民币"}]
    basis = {
        "mu": "mu",
        "亩": "mu",
        "m2": "m2",
        "㎡": "m2",
        "m²": "m2",
        "平方米": "m2",
        "平米": "m2",
        "room": "room",
        "间": "room",
        "ha": "ha",
        "公顷": "ha",
    }
    period = {
        "year": "year",
        "年": "year",
        "month": "month",
        "月": "month",
        "day": "day",
        "天": "day",
        "日": "day",
        "quarter": "quarter",
        "季": "quarter",
        "季度": "quarter",
        "half": "half",
        "half_year": "half",
    }
    found_basis = next((basis[word] for word in words if word in basis), None)
    found_period = next((period[word] for word in words if word in period), None)
    return (
        (found_basis or "lump", found_period or "year") if words and (found_basis or found_period) else None
    )


def per_m2_year(value: Decimal, unit: tuple[str, str]) -> Decimal | None:
    """Yuan a square metre a year (a room a year for rooms); None for lump sums."""
    times = {"year": 1, "half": 2, "quarter": 4, "month": 12, "day": 365}.get(unit[1])
    share = {"mu": 1 / _MU, "m2": Decimal(1), "ha": Decimal("0.0001"), "room": Decimal(1)}.get(unit[0])
    return value * times * share if times is not None and share is not None else None


def to_unit(value: Decimal, source: tuple[str, str], target: tuple[str, str]) -> Decimal | None:
    """A reference's value in the contract's unit; None where they cannot be converted (rooms against areas)."""
    if ("room" in (source[0], target[0])) and source[0] != target[0]:
        return None
    one, other = per_m2_year(value, source), per_m2_year(Decimal(1), target)
    return one / other if one is not None and other else None


def fitting(rows: Iterable[Reference], where: str, object_class: str | None, day: date) -> list[Reference]:
    """The rows for this place and class, of the nearest place only; rows dated later than the day are left out."""
    hits = [
        (length, row)
        for row in rows
        if (row.object_class == object_class)
        and (row.day is None or row.day <= day)
        and (length := _match(row.place, where)) is not None
    ]
    nearest = max((length for length, _ in hits), default=None)
    return [row for length, row in hits if length == nearest]


def _match(place: str, where: str) -> int | None:
    if place in _ANYWHERE:
        return 0
    if place and place in where:
        return where.rfind(place) + len(place)
    short = re.sub(r"(?:省|市|县|区|镇|乡|街道|村)$", "", place)
    if len(short) >= 2 and short != place and short in where:
        return where.rfind(short) + len(short)
    return None
