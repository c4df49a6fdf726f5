"""Which deliveries came when they were due and which did not, as `exchange.freshness` knows it, for the news and the
overview."""

from dataclasses import dataclass
from datetime import date, datetime

from qingqu.base.packs import PackError
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.freshness import standings
from qingqu.orgs import access
from qingqu.orgs.models import Person


@dataclass(frozen=True)
class Arrival:
    """A sender's dataset: who owes it, since when it is late (`due`, `late_days`; None and 0 where it is not), when the
    newest file came in (None: never)."""

    dataset: str
    title: str
    sender: str
    due: date | None
    late_days: int
    newest: datetime | None

    @property
    def late(self) -> bool:
        """Whether its due day has passed."""
        return self.late_days > 0


def arrivals(person: Person, today: date) -> list[Arrival]:
    """What stands within the person's reach, the latest first. It looks into the lake for who owes what."""
    reach = access.reach(person, "exchange.see")
    if reach.nothing:
        return []
    found = [
        Arrival(
            one.contract.dataset, one.contract.title, one.sender.name, one.duty.due if one.duty else None,
            one.duty.late_days if one.duty else 0, one.delivery.arrived if one.delivery else None,
        )
        for one in standings(_contracts(), today, reach=reach, measured=False)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.late_days, one.title, one.sender))


def _contracts() -> list[Contract]:
    """Those that can be read; a broken file is the start-up check's news, not the inspector's."""
    found = []
    for name in names():
        try:
            found.append(load(name))
        except PackError:
            continue
    return found
