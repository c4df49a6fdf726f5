"""What follows from a started project: monthly reports and payments that agree with each other and with its state."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from qingqu.demo.days import Days, month, months_counted
from qingqu.demo.projects import Project
from qingqu.demo.words import BUILDERS

ADVANCE, MOST_BEFORE_ACCEPTANCE, SETTLED = 10, 90, 97  # per cent of the contract
WAGES = 20  # per cent of a progress payment that goes to the account for workers' wages
HUNDRED = 10_000  # a hundred yuan in fen: payments are round


@dataclass(frozen=True)
class Payment:
    """One payment; `amount` in fen, `payee` an index in BUILDERS. `wages`: into the firm's account for workers' wages."""

    project_id: str
    contract_id: str
    payee: int
    kind: str
    amount: int
    paid: date
    wages: bool = False


@dataclass(frozen=True)
class Report:
    """One monthly report: first day of the month, day of reporting, per cents, and what was paid by then in fen."""

    project_id: str
    month: date
    reported: date
    planned: int
    physical: int
    paid: int


def works(one: Project, known: Days, seed: int) -> tuple[list[Payment], list[Report]]:
    """The project's payments and reports, as far as the files can tell of them."""
    rng = random.Random(f"{seed}/{one.project_id}")
    stages = list(_progress(one, known, rng))
    paid = [pay for pay in _payments(one, stages, rng) if pay.paid < known.payments]
    reports = []
    for first, planned, physical in stages:
        following = month(first, -1)
        day = following + timedelta(days=rng.randint(0, 2))
        if day <= known.progress_reports and (one.finished is None or first <= one.finished):
            total = sum(pay.amount for pay in paid if pay.paid < following)
            reports.append(Report(one.project_id, first, day, planned, physical, total))
    return paid, reports


def _progress(one: Project, known: Days, rng: random.Random) -> Iterator[tuple[date, int, int]]:
    """(month, planned %, physical %) from the approval on; before the start both are nought. The plan is the one that
    was set when the works began, so that a late start is no lag."""
    last = one.finished or known.told
    physical = 0
    for number in range(months_counted(one.approved, last)):
        first = month(one.approved, -number)
        end = month(first, -1) - timedelta(days=1)
        planned = _share(one.started, one.planned_finish, end)
        done = _share(one.started, one.finished or one.planned_finish, end)
        if one.finished is None or end < one.finished:
            done = min(done - rng.randint(0, 6), 99)
        physical = max(physical, done)
        yield first, planned, physical


def _share(first: date | None, last: date, day: date) -> int:
    """Per cent of the way from the first day to the last that lies behind at the day's end."""
    if first is None or day < first:
        return 0
    return min(100, 100 * ((day - first).days + 1) // ((last - first).days + 1))


def _payments(one: Project, stages: list[tuple[date, int, int]], rng: random.Random) -> Iterator[Payment]:
    if one.started is None or one.tender is None:
        return
    contract, winner = one.tender.award, one.tender.winner % len(BUILDERS)
    paid = 0

    def up_to(share: int, kind: str, day: date) -> Iterator[Payment]:
        nonlocal paid
        amount = contract if share == 100 else contract * share // 100 // HUNDRED * HUNDRED
        if amount > paid:
            wages = (amount - paid) * WAGES // 100 // HUNDRED * HUNDRED if kind == "进度款" else 0
            contract_id = f"HT-{one.project_id}"
            yield Payment(one.project_id, contract_id, winner, kind, amount - paid - wages, day)
            if wages:
                yield Payment(one.project_id, contract_id, winner, kind, wages, day, wages=True)
            paid = amount

    yield from up_to(ADVANCE, "预付款", one.started + timedelta(days=rng.randint(5, 20)))
    for first, _, physical in stages:
        share = min(physical - rng.randint(0, 4), MOST_BEFORE_ACCEPTANCE)
        day = month(first, -1) + timedelta(days=rng.randint(7, 25))
        late = one.accepted is not None and day >= one.accepted
        if not late and share >= ADVANCE + 2 and contract * (share - 2) // 100 > paid:
            yield from up_to(share, "进度款", day)
    if one.accepted:
        settled = one.accepted + timedelta(days=rng.randint(30, 75))
        yield from up_to(SETTLED, "结算款", settled)
        yield from up_to(100, "质保金", one.accepted + timedelta(days=365 + rng.randint(0, 30)))
