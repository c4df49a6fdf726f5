"""What a range is made of, read strictly: items, set limits, settings. A wrong value is refused with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

LEVELS = {12: "village", 9: "town", 6: "county"}
ITEM_KEYS = {"item_id", "kind", "place", "date", "unit", "value", "quantity", "tainted"}
LIMIT_KEYS = {"kind", "place", "low", "high", "from", "to", "source"}
# A value whose logarithm could cost without bound is no price, term or area.
LARGEST = Decimal(10) ** 15


class RangeError(ValueError):
    """An item, a limit or a setting that cannot be used; the message is for people."""


@dataclass(frozen=True)
class Item:
    """One value of one kind at one place and day. `value` None is unknown; `tainted` items (under an open warning, or
    with a finding) are judged but nobody is compared with them. `place`: 12 digits."""

    item_id: str
    kind: str
    place: str
    day: date
    unit: str
    value: Decimal | None
    tainted: bool = False

    @classmethod
    def read(cls, told: Any) -> "Item":
        """From a JSON object of INTERFACES section 9."""
        told = _strict(told, ITEM_KEYS, {"item_id", "kind", "place", "date", "unit", "value"})
        tainted = told.get("tainted", False)
        if not isinstance(tainted, bool):
            raise RangeError("tainted 应写 true 或 false")
        _number(told.get("quantity"), "quantity")
        return cls(
            _text(told["item_id"], "item_id"), _text(told["kind"], "kind"), place(told["place"]),
            day(told["date"], "date"), _text(told["unit"], "unit"), _number(told["value"], "value"), tainted,
        )  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """A set limit (policy, floor price, price information, area cap) for a kind, an area and a time, both ends
    included; `low` or `high` None: open on that side. `area`: a prefix of division codes, empty for everywhere."""

    kind: str
    area: str
    low: Decimal | None
    high: Decimal | None
    first: date
    last: date | None
    source: str

    @classmethod
    def read(cls, told: Any) -> "Limit":
        """From a JSON object of INTERFACES section 9."""
        told = _strict(told, LIMIT_KEYS, {"kind", "place", "from"})
        low, high = _number(told.get("low"), "low"), _number(told.get("high"), "high")
        if low is None and high is None:
            raise RangeError("low 和 high 至少写一个")
        if low is not None and high is not None and low > high:
            raise RangeError("low 大于 high")
        first = day(told["from"], "from")
        last = None if told.get("to") is None else day(told["to"], "to")
        if last is not None and last < first:
            raise RangeError("to 早于 from")
        source = told.get("source") or ""
        if not isinstance(source, str):
            raise RangeError("source 应是文字")
        return cls(_text(told["kind"], "kind"), area(told["place"]), low, high, first, last, source.strip())

    def covers(self, item: Item) -> bool:
        """Whether the limit is for this item's kind, place and day."""
        in_time = self.first <= item.day and (self.last is None or item.day <= self.last)
        return self.kind == item.kind and in_time and item.place.startswith(self.area)


@dataclass(frozen=True)
class Settings:
    """How bands are made; see `packs/ranges/bands.yml` for each one's meaning and source."""

    min_comparables: int
    most_comparables: int
    windows_months: tuple[int, ...]
    coverage_percent: Decimal
    outlier_sigmas: Decimal
    least_width_percent: Decimal

    @classmethod
    def read(cls, told: Mapping[str, object]) -> "Settings":
        """From the parsed file."""
        names = {field.name for field in fields(cls)}
        told = _strict(told, names, names)
        windows = told["windows_months"]
        if not isinstance(windows, list) or not windows or windows != sorted(set(windows)):
            raise RangeError("windows_months 应是由小到大的月数")
        made = cls(
            _whole(told["min_comparables"], "min_comparables", 2), _whole(told["most_comparables"], "most_comparables", 2),
            tuple(_whole(one, "windows_months", 1) for one in windows),
            _positive(told["coverage_percent"], "coverage_percent"), _positive(told["outlier_sigmas"], "outlier_sigmas"),
            _positive(told["least_width_percent"], "least_width_percent"),
        )  # fmt: skip
        if made.most_comparables < made.min_comparables:
            raise RangeError("most_comparables 小于 min_comparables")
        if not Decimal(50) <= made.coverage_percent < Decimal(100):
            raise RangeError("coverage_percent 应在 50 与 100 之间")
        return made


def place(told: Any) -> str:
    """A division code of 6, 9 or 12 digits, as 12."""
    if not isinstance(told, str) or not re.fullmatch(r"\d{6}(\d{3}){0,2}", told):
        raise RangeError("place 应是 6、9 或 12 位区划代码")
    return told.ljust(12, "0")


def area(told: Any) -> str:
    """The prefix that every place inside a division shares; `null` or empty is everywhere."""
    if told in (None, ""):
        return ""
    code = place(told)
    for digits in (6, 9):
        if not code[digits:].strip("0"):
            return _county_or_above(code[:6]) if digits == 6 else code[:9]
    return code


def _county_or_above(code: str) -> str:
    """350000 is a province, 350300 a city: their zeros are no part of what lies inside."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def day(told: Any, name: str) -> date:
    """An ISO day."""
    written = told if isinstance(told, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", told) else ""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise RangeError(f"{name} 应写成 2026-03-01 这样的日期") from None


def _strict(told: Any, allowed: set[str], needed: set[str]) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise RangeError("应是一个 JSON 对象")
    if unknown := sorted(str(name) for name in told if name not in allowed):
        raise RangeError(f"有不认识的项 {unknown[0]}；可用的有：{'、'.join(sorted(allowed))}")
    if missing := sorted(needed - told.keys()):
        raise RangeError(f"缺少 {missing[0]}")
    return told


def _text(told: Any, name: str) -> str:
    if not isinstance(told, str) or not told.strip():
        raise RangeError(f"{name} 应是文字，不能为空")
    return told


def _number(told: Any, name: str) -> Decimal | None:
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, str | int | Decimal):
        raise RangeError(f'{name} 应是数字，写成 "1234.50"')
    try:
        value = Decimal(told)
    except InvalidOperation:
        raise RangeError(f"{name} 不是数字") from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise RangeError(f"{name} 超出范围")
    return value


def _whole(told: Any, name: str, least: int) -> int:
    if type(told) is not int or told < least:
        raise RangeError(f"{name} 应是不小于 {least} 的整数")
    return int(told)


def _positive(told: Any, name: str) -> Decimal:
    value = _number(told, name)
    if value is None or value <= 0:
        raise RangeError(f"{name} 应是正数")
    return value
