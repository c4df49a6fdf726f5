"""Rules of the contract review: data from a pack (`packs/contract_rules/`), checked when loaded.

A rule has a code, a level, the laws by their validity, where it applies (kind, nature, class, places, who lets),
parameters with unit and source, local figures by place, a remedy, and who may release a lock (never | by_two)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

LEVELS = ("lock", "warn", "info")
_KEYS = {"code", "title", "level", "release", "applies", "parameters", "local", "places", "laws", "remedy"}
_APPLIES = {"kind", "not_kind", "nature", "class", "giver"}


class RuleError(ValueError):
    """A rule that cannot be used; the message names the rule and the place, in Chinese."""


@dataclass(frozen=True, slots=True)
class Law:
    """A text of law and when it holds."""

    text: str
    start: date | None = None
    end: date | None = None
    version: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as loaded."""

    code: str
    title: str
    level: str
    release: str
    remedy: str
    laws: tuple[Law, ...]
    applies: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    local: tuple[Mapping[str, Any], ...] = ()
    places: tuple[str, ...] = ()

    def law_on(self, day: date) -> str:
        """The law in force on a day; the oldest text for what was signed before any."""
        for law in self.laws:
            if (law.start is None or law.start <= day) and (law.end is None or day <= law.end):
                return law.text
        return ""

    def in_force(self, day: date) -> bool:
        """Whether any of its laws holds on that day: nothing is judged by a law that came later."""
        return bool(self.law_on(day))

    def number(self, name: str) -> Decimal | None:
        """A parameter as a number."""
        value = self.parameters.get(name)
        return None if value is None else Decimal(str(value))


def load(rows: Iterable[Mapping[str, Any]]) -> dict[str, Rule]:
    """Rules by code; raises RuleError for a row that is not one."""
    found: dict[str, Rule] = {}
    for row in rows:
        rule = _rule(row)
        if rule.code in found:
            raise RuleError(f"规则 {rule.code} 写了两次，请删去一条。")
        found[rule.code] = rule
    return found


def _rule(row: Mapping[str, Any]) -> Rule:
    code = str(row.get("code", "?"))
    unknown = set(row) - _KEYS
    missing = {"code", "title", "level", "release", "laws", "remedy"} - set(row)
    if unknown or missing:
        raise RuleError(
            f"规则 {code}：{'多了' if unknown else '缺少'} {'、'.join(sorted(unknown or missing))}。"
        )
    if row["level"] not in LEVELS or row["release"] not in {"never", "by_two"}:
        raise RuleError(f"规则 {code}：level 应为 lock、warn、info，release 应为 never、by_two。")
    applies = row.get("applies") or {}
    if set(applies) - _APPLIES:
        raise RuleError(f"规则 {code}：applies 里没有 {'、'.join(sorted(set(applies) - _APPLIES))} 这一项。")
    return Rule(
        code, str(row["title"]), row["level"], row["release"], str(row["remedy"]), tuple(_law(code, law) for law in row["laws"]),
        {key: tuple(values) for key, values in applies.items()},
        {key: value.get("value") for key, value in (row.get("parameters") or {}).items()},
        tuple(row.get("local") or ()), tuple(row.get("places") or ()),
    )  # fmt: skip


def _law(code: str, row: Mapping[str, Any]) -> Law:
    def day(name: str) -> date | None:
        value = row.get(name)
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise RuleError(f"规则 {code}：{name} {value} 不是日期，请写成 2021-01-01。") from None

    return Law(str(row["text"]), day("from"), day("to"), day("version"))
