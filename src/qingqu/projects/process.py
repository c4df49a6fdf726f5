"""The way of a project (`packs/process/project.yml`): what comes next, who does it, with which papers, by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from qingqu.base import packs
from qingqu.base.packs import PackError
from qingqu.domain.calendar import Calendar, Deadline, MissingYear
from qingqu.domain.calendar.deadline import Unit

PROCESS, CALENDAR = "process/project.yml", "calendar/cn.yml"
KEYS = {"step", "title", "who", "papers", "time", "basis", "note"}


@dataclass(frozen=True)
class Time:
    """A legal time: so many units from the day of another step."""

    after: str
    length: int
    unit: Unit


@dataclass(frozen=True)
class Step:
    """A step of the way."""

    step: str
    title: str
    who: str
    papers: tuple[str, ...]
    basis: str
    note: str
    time: Time | None = None


@dataclass(frozen=True)
class Next:
    """What comes next: the step, the last day by law (None: the law names none, or its first day is not known), the
    last day by the project's own plan, and earlier steps of which nobody has told anything."""

    step: Step
    due: date | None
    planned: date | None
    untold: tuple[Step, ...]


def process() -> tuple[Step, ...]:
    """The steps in order; `PackError` where the file is wrong."""
    data, file = packs.read(PROCESS), str(packs.find(PROCESS))
    try:
        return tuple(_step(one, file) for one in data["steps"])
    except (KeyError, TypeError) as error:
        raise PackError(
            f"{file}：每一步要写 step、title、who、papers、basis、note，请补全。", code="process"
        ) from error


def _step(given: Mapping[str, Any], file: str) -> Step:
    if odd := set(given) - KEYS:
        raise PackError(f"{file}：不认识 {sorted(odd)[0]}，请删去或改正。", code="process")
    told = given.get("time")
    if told is not None and (told["unit"] not in get_args(Unit) or type(told["length"]) is not int):
        raise PackError(
            f"{file}：{given['step']} 的 time 写法不对，请写 after、length、unit。", code="process"
        )
    time = Time(str(told["after"]), int(told["length"]), told["unit"]) if told else None
    papers = tuple(str(one) for one in given["papers"])
    return Step(given["step"], given["title"], given["who"], papers, given["basis"], given["note"], time)


def next_step(
    steps: Sequence[Step], done: Mapping[str, date | None], planned: Mapping[str, date | None]
) -> Next | None:
    """What comes after the last step that is done; None when all are. `done`: step → the day it was done, if it was."""
    last = max((n for n, one in enumerate(steps) if done.get(one.step)), default=-1)
    if last + 1 >= len(steps):
        return None
    following = steps[last + 1]
    untold = tuple(one for one in steps[:last] if not done.get(one.step))
    return Next(following, _due(following.time, done), planned.get(following.step), untold)


def _due(time: Time | None, done: Mapping[str, date | None]) -> date | None:
    start = done.get(time.after) if time else None
    if time is None or start is None:
        return None
    try:
        due: date = Deadline(start, time.length, time.unit).due(Calendar.from_mapping(packs.read(CALENDAR)))
    except MissingYear:
        return None
    return due
