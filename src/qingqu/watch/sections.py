"""The fields in which inspectors work (`packs/watch/sections.yml`) and the clocks of verification (`clocks.yml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from qingqu.base import packs
from qingqu.base.packs import PackError
from qingqu.domain.calendar import UNITS, Calendar, Deadline, MissingYear, remaining

SECTIONS, CLOCKS, CALENDAR = "watch/sections.yml", "watch/clocks.yml", "calendar/cn.yml"
OTHER = "other"
_cache: dict[tuple[str, int], Any] = {}


@dataclass(frozen=True)
class Section:
    """A field with its titles and the beginnings of the rule codes that belong to it."""

    name: str
    titles: Mapping[str, str]
    rules: tuple[str, ...]

    @property
    def title(self) -> str:
        """In the reader's language."""
        return self.titles["en" if (get_language() or "").startswith("en") else "zh"]


def _kept(path: str, make: Any) -> Any:
    """A pack file's content, read again when the file has changed."""
    file = packs.find(path)
    stamp = (str(file), file.stat().st_mtime_ns)
    if stamp not in _cache:
        _cache[stamp] = make(packs.read(path), str(file))
    return _cache[stamp]


def sections() -> tuple[Section, ...]:
    """All fields in the order of the inbox; `PackError` where the file is wrong."""
    found: tuple[Section, ...] = _kept(SECTIONS, _sections)
    return found


def _sections(data: Any, file: str) -> tuple[Section, ...]:
    try:
        made = tuple(
            Section(str(one["name"]), {"zh": one["title"]["zh"], "en": one["title"]["en"]}, tuple(map(str, one["rules"])))
            for one in data["sections"]
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise PackError(
            f"{file}：每一栏要写 name、title（zh、en）和 rules，请补全。", code="sections"
        ) from error
    starts = [start for one in made for start in one.rules]
    if len(set(starts)) != len(starts) or len({one.name for one in made}) != len(made):
        raise PackError(f"{file}：同一个名称或规则开头写了两次，请只留一处。", code="sections")
    return made


def section_of(rule_code: str) -> str:
    """The field of a rule: the longest beginning of its code counts; `other` where none fits."""
    fits = [(start, one.name) for one in sections() for start in one.rules if rule_code.startswith(start)]
    return max(fits, key=lambda pair: len(pair[0]))[1] if fits else OTHER


def calendar() -> Calendar:
    """The working days that the county knows."""
    found: Calendar = _kept(CALENDAR, lambda data, _file: Calendar.from_mapping(data))
    return found


def due_date(level: str, start: date) -> date | None:
    """The last day for verifying a warning of the level; None where the level has no clock, or where the days off of
    the year are not known (never guessed)."""
    told = _kept(CLOCKS, _clocks).get(level)
    if told is None:
        return None
    try:
        due: date = Deadline(start, told[0], told[1]).due(calendar())
    except MissingYear:
        return None
    return due


def _clocks(data: Any, file: str) -> dict[str, tuple[int, Any]]:
    try:
        told = {str(level): (one["length"], one["unit"]) for level, one in data["verification"].items()}
        bad = [
            level
            for level, (length, unit) in told.items()
            if unit not in UNITS or type(length) is not int or length < 1
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise PackError(
            f"{file}：verification 下每一级要写 length 和 unit，请补全。", code="clocks"
        ) from error
    if bad:
        raise PackError(
            f"{file}：{bad[0]} 的 length 应为正整数，unit 应为 {'、'.join(UNITS)} 之一。", code="clocks"
        )
    return told


def days_left(due: date | None, today: date) -> int | None:
    """Working days left until the due day, negative when it has passed; None where there is no clock."""
    if due is None:
        return None
    try:
        left = remaining(due, today, calendar=calendar())
    except MissingYear:
        return None
    return -1 if left == 0 and today > due else left
