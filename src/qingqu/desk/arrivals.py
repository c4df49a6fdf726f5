"""Which datasets came in when they were due, and which did not."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from qingqu.base.clock import SHANGHAI
from qingqu.base.packs import PackError
from qingqu.exchange.contracts import load, names
from qingqu.exchange.models import Snapshot
from qingqu.orgs.models import Organisation


@dataclass(frozen=True)
class Arrival:
    """A dataset, who owes it, by which day of the month it is due, when the newest came in. `late`: it is due this
    month, the day has passed, and nothing has come in this month; or it was never delivered at all."""

    dataset: str
    title: str
    department: str
    due_day: int | None
    newest: datetime | None
    late: bool


def arrivals(today: date) -> list[Arrival]:
    """All datasets, the late ones first. Two queries."""
    newest = dict(
        Snapshot.objects.filter(kind="import").order_by().values_list("dataset").annotate(Max("known_at"))
    )
    called = dict(Organisation.objects.values_list("code", "name"))
    found = []
    for name in names():
        try:
            contract = load(name)
        except PackError:
            continue
        at = newest.get(name)
        late = at is None or (
            contract.due_day is not None and today.day > contract.due_day and _before_month(at, today)
        )
        owner = called.get(contract.owners[0], contract.owners[0])
        found.append(Arrival(name, contract.title, owner, contract.due_day, at, late))
    return sorted(found, key=lambda one: (not one.late, one.newest is None, one.title))


def _before_month(at: datetime, today: date) -> bool:
    local = at.astimezone(SHANGHAI).date()
    return (local.year, local.month) < (today.year, today.month)
