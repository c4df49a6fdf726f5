"""Parameters of a rule and the places for which a county sets them otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.tables import names, strict

PARAM_KEYS = {"title", "unit", "default", "min", "max", "basis"}
# Units that are counted: half a month or half a person is a slip of the pen.
COUNTED = {"个月", "月", "天", "日", "年", "人", "个", "笔", "次", "份", "家", "户", "小时"}


@dataclass(frozen=True)
class Param:
    """A threshold: exact decimal, unit, allowed range, where the figure comes from, and the days on which it is valid
    (None: without end)."""

    name: str
    title: str
    unit: str
    value: Decimal
    low: Decimal
    high: Decimal
    basis: str
    since: date | None = None
    until: date | None = None

    def with_value(self, text: str) -> "Param":
        """The same parameter set to another value within its range."""
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise RuleError(f"{self.name}={text}: 不是数字") from None
        if not value.is_finite() or not self.low <= value <= self.high:
            raise RuleError(f"{self.name}={text}: 超出允许范围 {self.low} 至 {self.high} {self.unit}")
        if self.unit in COUNTED and value != value.to_integral_value():
            raise RuleError(f"{self.name}={text}: 应为整数（{self.unit}）")
        if value.normalize().as_tuple().exponent < -4:  # type: ignore[operator]
            raise RuleError(f"{self.name}={text}: 最多四位小数")
        return replace(self, value=value)


@dataclass(frozen=True, order=True)
class Scope:
    """Where a value holds: subjects whose place begins with `place` and whose type is `kind`; empty means any. Of
    several that fit, the longest place wins, then the one with a kind."""

    place: str = ""
    kind: str = ""


def read_params(given: object, code: str) -> dict[str, Param]:
    """The `params` of a rule file."""
    place = f"{code}.params"
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise RuleError(f"{place}: 应写成“名称: 内容”")
    return {name: _param(name, given[name], f"{place}.{name}") for name in (str(key) for key in given)}


def _param(name: str, given: object, place: str) -> Param:
    names(name, place)
    spec = strict(given, PARAM_KEYS | {"since", "until"}, PARAM_KEYS, place)
    try:
        low, high = Decimal(str(spec["min"])), Decimal(str(spec["max"]))
    except InvalidOperation:
        raise RuleError(f"{place}: 范围不是数字") from None
    since, until = (_day(spec.get(key), f"{place}.{key}") for key in ("since", "until"))
    for key in ("title", "unit", "basis"):
        if not isinstance(spec[key], str) or not spec[key].strip():
            raise RuleError(f"{place}.{key}: 应为文字")
    shell = Param(name, spec["title"], spec["unit"], low, low, high, spec["basis"], since, until)
    try:
        return shell.with_value(str(spec["default"]))
    except RuleError as error:
        raise RuleError(f"{place}: {error}") from None


def _day(given: Any, place: str) -> date | None:
    if given is not None and type(given) is not date:
        raise RuleError(f"{place}: 应为日期，如 2018-06-01")
    return given
