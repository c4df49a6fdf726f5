"""Rows that a department owes and that the platform knows already, for its empty form: a report for every project that
still runs, a stage that is still open, the list that it sent last time. Which datasets, and from where, is data:
`packs/templates/due_rows.yml`. Nothing is filled in that the platform does not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qingqu.base import packs
from qingqu.base.packs import PackError
from qingqu.exchange import sources
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.models import COLLECTIVE
from qingqu.orgs.models import Organisation

PACK = "templates/due_rows.yml"
MOST = 5_000  # a longer list is the department's own system's to export
READ = 200_000
KEYS = {"each", "by", "filled", "empty", "only", "until", "month", "carry"}


@dataclass(frozen=True)
class Due:
    """Rows (field → value) in the order of their key; `carried`: fields that hold last time's value, to be changed;
    `too_many`: there are more than a form should hold, so it holds none."""

    rows: tuple[Mapping[str, Any], ...] = ()
    carried: tuple[str, ...] = ()
    too_many: bool = False


def due_rows(contract: Contract, department: str, organisation: str, *, period: str, today: date) -> Due:
    """What the sender's form for the month begins with."""
    told = _wanted(contract)
    if told is None:
        return Due()
    each = load(told["each"])
    if told == {"each": contract.dataset} and department != COLLECTIVE:
        found = sources.rows(each.dataset, department=department, limit=MOST + 1)
    else:
        found = _own(sources.rows(each.dataset, limit=READ), each, contract, department, organisation)
    rows = [_row(row, told, contract, period) for row in _first(found, each) if _open(row, told, today)]
    if len(rows) > MOST:
        return Due(too_many=True)
    carried = tuple(told.get("carry", ()))
    if carried and rows:
        on = tuple(told.get("by", ()))
        last = {tuple(row[name] for name in on): row for row in _sent(contract, department, period)}
        for row in rows:
            before = last.get(tuple(row.get(name) for name in on), {})
            row.update({name: before[name] for name in carried if before.get(name) is not None})
    rows.sort(key=lambda row: tuple(str(row.get(name)) for name in contract.key))
    return Due(tuple(rows), tuple(name for name in carried if any(name in row for row in rows)))


def _wanted(contract: Contract) -> dict[str, Any] | None:
    """What the pack says of a dataset; a roster that it does not name begins with what was sent last time."""
    data = packs.read(PACK)
    told = data.get(contract.dataset) if isinstance(data, dict) else None
    if told is None:
        return {"each": contract.dataset} if contract.roster else None
    if not isinstance(told, dict) or set(told) - KEYS or told.get("each") not in names():
        raise PackError(
            f"packs/{PACK}：{contract.dataset} 的写法有误；可用的项：{'、'.join(sorted(KEYS))}。",
            code="due_rows",
        )
    ours, theirs = contract.by_name, load(told["each"]).by_name
    used = [*told.get("by", {}), *told.get("carry", []), *([told["month"]] if "month" in told else [])]
    read = [
        *told.get("by", {}).values(),
        *told.get("empty", []),
        *told.get("filled", []),
        *told.get("only", {}),
        *([told["until"]] if "until" in told else []),
    ]
    wrong = [name for name in used if name not in ours] + [name for name in read if name not in theirs]
    if wrong:
        raise PackError(f"packs/{PACK}：{contract.dataset} 里没有字段 {'、'.join(wrong)}。", code="due_rows")
    return told


def _own(
    rows: list[dict[str, Any]], each: Contract, contract: Contract, department: str, organisation: str
) -> list[dict[str, Any]]:
    """The rows that are this sender's: an owner's projects and what hangs on them; of a department's own dataset what
    it sent itself; of another dataset everything."""
    if department != COLLECTIVE:
        return [row for row in rows if row["_department"] == department] if each == contract else rows
    owner = Organisation.objects.filter(code=organisation).first()
    if owner is None:
        return []
    if {"owner_id", "owner_name"} <= set(each.by_name):
        return [row for row in rows if owns(owner, row)]
    if "project_id" not in each.by_name:
        return []
    mine = {row["project_id"] for row in sources.rows("projects", limit=READ) if owns(owner, row)}
    return [row for row in rows if row["project_id"] in mine]


def owns(owner: Organisation, project: Mapping[str, Any]) -> bool:
    """Whether a project names the organisation as its owner: by credit code or, where it gives none, by name."""
    if project.get("owner_id") and owner.credit_code:
        return bool(project["owner_id"] == owner.credit_code)
    return project.get("owner_name") in {owner.name, owner.short_name or owner.name}


def _first(rows: list[dict[str, Any]], each: Contract) -> list[dict[str, Any]]:
    """One row a key: `sources.rows` gives the department that is believed first."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in each.key), row)
    return list(found.values())


def _open(row: Mapping[str, Any], told: Mapping[str, Any], today: date) -> bool:
    end = row[told["until"]] if "until" in told else None
    return (
        all(row[name] is None for name in told.get("empty", ()))
        and all(row[name] is not None for name in told.get("filled", ()))
        and all(row[name] in terms for name, terms in told.get("only", {}).items())
        and (end is None or _day(end) >= today)
    )


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _row(row: Mapping[str, Any], told: Mapping[str, Any], contract: Contract, period: str) -> dict[str, Any]:
    by = told.get("by") or {name: name for name in contract.by_name}
    made = {ours: row[theirs] for ours, theirs in by.items() if row[theirs] is not None}
    return {**made, told["month"]: period} if "month" in told else made


def _sent(contract: Contract, department: str, period: str) -> list[dict[str, Any]]:
    """What the department sent of the dataset for earlier months, the newest last."""
    by = contract.period_field or contract.key[0]
    rows = [row for row in sources.rows(contract.dataset, limit=READ) if row["_department"] == department]
    if contract.by_name[by].type == "month":
        rows = [row for row in rows if row[by] < period]
    return sorted(rows, key=lambda row: str(row[by]))
