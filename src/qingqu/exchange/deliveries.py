"""Who sent what, when: the newest committed delivery of each sender, and what each sender owes today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from qingqu.exchange.contracts import Contract
from qingqu.exchange.duty import Duty, duty, local, settled_month
from qingqu.exchange.models import Import


@dataclass(frozen=True)
class Delivery:
    """A sender's newest committed file of a dataset. `arrived`: when its rows became known; `settled`: the month whose
    due day the sender's deliveries have settled (its first day)."""

    ref: str
    arrived: datetime
    settled: date
    period: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Deliveries:
    """By (dataset, department, organisation; "" where a file came for the department as such); `since`: the day from
    which the platform has had files at all, today when it has none."""

    newest: Mapping[tuple[str, str, str], Delivery]
    since: date

    def of(self, dataset: str, department: str, organisation: str = "") -> Delivery | None:
        """The sender's own. A department's files and those under its organisation of the same code are the same."""
        return self.newest.get((dataset, department, "" if organisation == department else organisation))

    def owed(self, contract: Contract, delivery: Delivery | None, today: date) -> Duty | None:
        """What is owed of a dataset whose newest delivery this is; None for a dataset without a due day."""
        if contract.due_day is None:
            return None
        return duty(contract.due_day, delivery.settled if delivery else None, self.since, today)

    def duty_after(self, contract: Contract, settled: date, today: date) -> Duty:
        """What is owed once the month's due day is settled; for a dataset with a due day."""
        return duty(contract.due_day or 1, settled, self.since, today)


def deliveries(today: date) -> Deliveries:
    """All newest deliveries, in one query."""
    rows = Import.objects.filter(state=Import.COMMITTED).order_by("pk")
    told = rows.values_list(
        "dataset", "department", "organisation__code", "ref", "known_at", "decided_at", "period", "counts"
    )
    newest: dict[tuple[str, str, str], Delivery] = {}
    since = today
    for dataset, department, organisation, ref, known_at, decided_at, period, counts in told:
        arrived = known_at or decided_at
        if arrived is None:
            continue
        since = min(since, local(arrived))
        at = (dataset, department, organisation if organisation and organisation != department else "")
        before = newest.get(at)
        settled = settled_month(local(arrived), period)
        if before is None or arrived >= before.arrived:
            settled = max(settled, before.settled) if before else settled
            newest[at] = Delivery(ref, arrived, settled, period, counts)
    return Deliveries(newest, since)
