"""Who owes what since when, and how good what came is: one standing a dataset and sender."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qingqu.base import packs
from qingqu.base.clock import start_of_day
from qingqu.domain.calendar import Calendar, MissingYear, remaining
from qingqu.exchange import departments, sources
from qingqu.exchange.contracts import Contract
from qingqu.exchange.deliveries import Deliveries, Delivery, deliveries
from qingqu.exchange.due_rows import owns
from qingqu.exchange.duty import Duty, local, month_of, months
from qingqu.exchange.models import COLLECTIVE, Import
from qingqu.exchange.quality import Quality, qualities, share
from qingqu.orgs.access import Reach
from qingqu.orgs.models import Organisation

READ = 200_000
CHECKED_DAYS = 180  # files of so many days tell the share of wrong rows
HANDED_IN = (Import.PREVIEWED, Import.REJECTED, Import.COMMITTED, Import.DISCARDED)
COUNTY_PREFIX = 6


@dataclass(frozen=True)
class Sender:
    """Who sends a dataset: the department's code, the organisation where the department is a collective one, its name.
    `owes`: it has a due day, and does not merely add to what another department owes."""

    department: str
    organisation: str
    name: str
    owes: bool = True


@dataclass(frozen=True)
class Standing:
    """How a sender stands with a dataset on a day. `age`: days from what the rows tell of to the day; `expected`,
    `reported`: rows that the month asks for (None where nobody can know them); `wrong`: wrong rows of a hundred in the
    files of the last half year; `covered`: the newest month for which a file of all owners together holds every row of
    a sender who sent none."""

    contract: Contract
    sender: Sender
    duty: Duty | None
    delivery: Delivery | None
    quality: Quality | None
    data_as_of: date | None
    age: int | None
    expected: int | None
    reported: int | None
    wrong: str | None
    covered: str = ""

    @property
    def late(self) -> bool:
        """Whether the due day has passed."""
        return self.duty is not None and self.duty.late_days > 0

    @property
    def stale(self) -> bool | None:
        """Whether the data are too old for the rules; None where no age is set or there are none."""
        most = self.contract.max_age_days
        return None if self.age is None or most is None else self.age > most

    @property
    def unmatched(self) -> int | None:
        """Division codes of the newest file that are not in the list."""
        return None if self.delivery is None else int(self.delivery.counts.get("unmatched_divisions", 0))

    @property
    def emptiest(self) -> list[tuple[str, str]]:
        """(header, percent) of the three fields that are filled least, complete ones left out."""
        if self.quality is None:
            return []
        filled = self.quality.filled
        least = sorted(
            (name for name in filled if filled[name] < self.quality.rows), key=lambda name: filled[name]
        )
        return [(self.contract.by_name[name].zh, self.quality.percent(name) or "0") for name in least[:3]]


def standings(
    contracts: Sequence[Contract],
    today: date,
    *,
    reach: Reach | None = None,
    own: Mapping[str, tuple[str, str]] | None = None,
    measured: bool = True,
) -> list[Standing]:
    """Every standing within reach (None: all of them), in the order of the contracts. `own`: dataset → (department,
    organisation) of a clerk, whose duties stand there whether or not they have sent before. `measured`: with the
    quality of the stored rows, which costs a pass over those that have changed."""
    orgs = {one.code: one for one in Organisation.objects.select_related("division")}
    sent, wrong = deliveries(today), _wrong(today) if measured else {}
    full = qualities(contracts, today) if measured else {}
    projects = _projects(orgs.values()) if any(COLLECTIVE in one.owners for one in contracts) else {}
    found = []
    for contract in contracts:
        reported = _reported(contract)
        for sender in _senders(contract, sent, orgs, projects, (own or {}).get(contract.dataset)):
            if reach is not None and not _within(reach, sender, orgs):
                continue
            delivery = sent.of(contract.dataset, sender.department, sender.organisation)
            owed = sent.owed(contract, delivery, today) if sender.owes else None
            here = full.get(contract.dataset, {}).get(sender.department) if not sender.organisation else None
            as_of, covered, asked, told = _data_as_of(contract, delivery, here, today), "", None, None
            if owed and reported is not None and sender.organisation in projects:
                mine = projects[sender.organisation]
                if delivery is None:
                    full_months = (
                        m for m, rows in reported.items() if _asked(mine, m) and _asked(mine, m) <= rows
                    )
                    covered = max(full_months, default="")
                if covered:
                    owed = sent.duty_after(contract, months(month_of(covered), 1), today)
                asked = _asked(mine, owed.period)
                told = asked & reported.get(owed.period, set())
            found.append(Standing(
                contract, sender, owed, delivery, here, as_of, (today - as_of).days if as_of else None,
                None if asked is None else len(asked), None if told is None else len(told),
                wrong.get((contract.dataset, sender.department, sender.organisation)), covered,
            ))  # fmt: skip
    return found


def _senders(
    contract: Contract, sent: Deliveries, orgs: Mapping[str, Organisation], projects: Mapping[str, Mapping[str, str]],
    own: tuple[str, str] | None,
) -> Iterator[Sender]:  # fmt: skip
    """Who owes the dataset, then whoever else has sent it."""
    came = [(department, code) for name, department, code in sent.newest if name == contract.dataset]
    listed: list[tuple[str, str]] = []
    if contract.owners[0] != COLLECTIVE:
        listed.append((contract.owners[0], ""))
    elif _per_month(contract):
        listed += [(COLLECTIVE, code) for code in sorted(projects) if projects[code]]
    elif not any(department == COLLECTIVE for department, _ in came):
        listed.append((COLLECTIVE, ""))
    if own is not None:
        listed.append((own[0], "" if own[1] == own[0] else own[1]))
    for department, code in dict.fromkeys([*listed, *sorted(came)]):
        known = orgs.get(code or department)
        name = str(known) if known else departments.word(department)
        # Where every project owes a month's row, each owner owes; elsewhere an owner sends when there is something to
        # send, and only all of them together can be said to owe.
        each = department != COLLECTIVE or _per_month(contract) == bool(code)
        yield Sender(department, code, name, department == contract.owners[0] and each)


def _within(reach: Reach, sender: Sender, orgs: Mapping[str, Organisation]) -> bool:
    code = sender.organisation or sender.department
    known = orgs.get(code)
    if known is None:  # a department that nobody has entered yet is the county's to see
        return reach.everything or any(len(prefix) <= COUNTY_PREFIX for prefix in reach.divisions)
    return reach.covers(known.division.code if known.division else None, code)


def _per_month(contract: Contract) -> bool:
    """Whether every project owes a row a month."""
    return {"project_id"} < set(contract.key) and any(
        contract.by_name[name].type == "month" for name in contract.key
    )


def _projects(orgs: Iterable[Organisation]) -> dict[str, dict[str, str]]:
    """Owner's code → its running projects (begun and not finished) with the month in which each began."""
    owners = [one for one in orgs if one.kind == COLLECTIVE]
    found: dict[str, dict[str, str]] = {one.code: {} for one in owners}
    if not owners:
        return found
    seen: dict[str, dict[str, Any]] = {}
    for row in sources.rows("projects", limit=READ):
        seen.setdefault(row["project_id"], row)  # the department that is believed first comes first
    for row in seen.values():
        if row["actual_start"] and row["actual_finish"] is None and row["acceptance_date"] is None:
            for owner in owners:
                if owns(owner, row):
                    found[owner.code][row["project_id"]] = f"{row['actual_start']:%Y-%m}"
    return found


def _asked(projects: Mapping[str, str], month: str) -> set[str]:
    """The projects that had begun by the end of the month, each of which owes its row."""
    return {code for code, began in projects.items() if began <= month}


def _reported(contract: Contract) -> dict[str, set[str]] | None:
    """Month → projects that have their row; None for a dataset without such months."""
    if contract.owners[0] != COLLECTIVE or not _per_month(contract):
        return None
    month = next(name for name in contract.key if contract.by_name[name].type == "month")
    found: dict[str, set[str]] = {}
    for row in sources.rows(contract.dataset, limit=READ):
        found.setdefault(row[month], set()).add(row["project_id"])
    return found


def _data_as_of(
    contract: Contract, delivery: Delivery | None, quality: Quality | None, today: date
) -> date | None:
    """INTERFACES section 3: the newest event date or period end, else the day of the newest delivery."""
    days = []
    if delivery and delivery.period:
        days.append(min(months(month_of(delivery.period), 1) - timedelta(days=1), today))
    if quality and quality.newest and not contract.aged_by_delivery:
        days.append(quality.newest)
    if days:
        return max(days)
    return min(local(delivery.arrived), today) if delivery else None


def _wrong(today: date) -> dict[tuple[str, str, str], str | None]:
    """(dataset, department, organisation) → wrong rows of a hundred in what was handed in lately."""
    handed = Import.objects.filter(
        at__gte=start_of_day(today - timedelta(days=CHECKED_DAYS)), state__in=HANDED_IN
    )
    sums: dict[tuple[str, str, str], list[int]] = {}
    for dataset, department, code, counts in handed.values_list(
        "dataset", "department", "organisation__code", "counts"
    ):
        at = sums.setdefault((dataset, department, code if code and code != department else ""), [0, 0])
        at[0] += int(counts.get("rejected", 0))
        at[1] += int(counts.get("rows", 0))
    return {at: share(*told) for at, told in sums.items()}


def calendar() -> Calendar:
    """The days off, for `working_days`."""
    return Calendar.from_mapping(packs.read("calendar/cn.yml"))


def working_days(due: date, today: date, days_off: Calendar) -> tuple[int, bool]:
    """Working days left (negative: late), and whether the year's swapped days are known for certain; where they are
    not, weekdays are counted."""
    try:
        return remaining(due, today, calendar=days_off), True
    except MissingYear:
        low, high = sorted((due, today))
        days = sum((low + timedelta(days=n)).weekday() < 5 for n in range(1, (high - low).days + 1))
        return (days if due >= today else -days), False
