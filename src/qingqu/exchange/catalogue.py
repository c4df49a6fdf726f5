"""A dataset as `data datasets --json` tells it: its contract, who owes it since when, how fresh and how full it is.

Percentages and their like are decimal strings, days are dates, what is unknown is null (INTERFACES)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qingqu.base.clock import iso
from qingqu.exchange.contracts import Contract
from qingqu.exchange.freshness import Standing
from qingqu.exchange.models import Snapshot
from qingqu.exchange.quality import share


def told(contract: Contract, held: Sequence[Standing], newest: Snapshot | None) -> dict[str, Any]:
    """One dataset as JSON-ready values. `held`: the standings of its senders."""
    dated = [one for one in held if one.data_as_of is not None]
    best = max(dated, key=lambda one: str(one.data_as_of), default=None)
    stale = best.stale if best else None
    return {
        "dataset": contract.dataset, "title": contract.title, "owners": list(contract.owners), "key": list(contract.key),
        "roster": contract.roster, "due_day": contract.due_day, "max_age_days": contract.max_age_days,
        "event_date": contract.event_date, "fields": [_field(contract, name) for name in contract.by_name],
        "snapshot": newest.ref if newest else None, "known_at": iso(newest.known_at) if newest else None,
        "freshness": {
            "data_as_of": best.data_as_of.isoformat() if best and best.data_as_of else None,
            "age_days": best.age if best else None, "fresh": None if stale is None else not stale,
            "late": any(one.late for one in held), "senders": [_sender(one) for one in held],
        },
        "quality": _quality(contract, held),
    }  # fmt: skip


def _field(contract: Contract, name: str) -> dict[str, Any]:
    one = contract.by_name[name]
    codes = one.codes
    return {
        "name": name, "header": one.zh, "type": one.type, "required": one.required, "unit": one.unit or None,
        "codes": list(codes.values) if codes else None, "open": codes.open if codes else None,
    }  # fmt: skip


def _sender(one: Standing) -> dict[str, Any]:
    duty, delivery = one.duty, one.delivery
    return {
        "department": one.sender.department, "organisation": one.sender.organisation or None, "name": one.sender.name,
        "owes": one.sender.owes, "due_date": duty.due.isoformat() if duty else None, "period": duty.period if duty else None,
        "late_days": duty.late_days if duty else None, "missed": duty.missed if duty else None,
        "last_delivery": iso(delivery.arrived) if delivery else None, "import": delivery.ref if delivery else None,
        "age_days": one.age, "rows": one.quality.rows if one.quality else None,
        "filled_percent": one.quality.all_filled if one.quality else None, "rejected_percent": one.wrong,
        "unmatched_divisions": one.unmatched, "expected": one.expected, "reported": one.reported,
    }  # fmt: skip


def _quality(contract: Contract, held: Sequence[Standing]) -> dict[str, Any]:
    """Of all departments' stored rows together."""
    full = [one.quality for one in held if one.quality is not None]
    rows = sum(one.rows for one in full)
    filled = {name: sum(one.filled[name] for one in full) for name in contract.by_name}
    wrong = [Decimal(one.wrong) for one in held if one.wrong is not None]
    return {
        "rows": rows, "filled_percent": share(sum(filled.values()), rows * len(filled)),
        "filled": {name: share(count, rows) for name, count in filled.items()},
        "unmatched_divisions": sum(one.unmatched or 0 for one in held),
        "worst_rejected_percent": str(max(wrong)) if wrong else None,
    }  # fmt: skip
