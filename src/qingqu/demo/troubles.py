"""Lays the stated cases about works, tenders and money: an ordinary dossier in which one fact is changed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from qingqu.demo import people as folk
from qingqu.demo import society as who
from qingqu.demo.days import Days, month
from qingqu.demo.dossiers import Dossier, Item, dossier, firm_bid, late, stages
from qingqu.demo.irregularities import Irregularity, code
from qingqu.demo.people import Kin, People
from qingqu.demo.places import builder_code, owner_office
from qingqu.demo.projects import WAN, Project, Tender
from qingqu.demo.society import Society
from qingqu.demo.trouble_cases import TROUBLES, Trouble
from qingqu.demo.words import BUILDERS, ORDINARY
from qingqu.demo.works import Payment, Report

FIRST = 9001  # numbers in project codes
_HOMES = 200  # kept households from here on


class Yard:
    """Where the cases are laid: the rosters, the calendar, and firms of which no ordinary project knows."""

    def __init__(self, people: People, society: Society, known: Days) -> None:
        self.society, self.known, self._people = society, known, people
        self._firms = iter(range(ORDINARY, len(BUILDERS)))
        self._homes = iter(range(_HOMES, folk.KEPT))

    def home(self) -> Kin:
        """A kept household that no other case uses."""
        return folk.kin(self._people, next(self._homes))

    def firm(self, rep: tuple[str, str], **more: str) -> int:
        """A firm of its own with its legal representative; returns its index in BUILDERS."""
        firm = next(self._firms)
        founded = self.known.told - timedelta(days=1900 + firm)
        self.society.companies.append(
            who.company(1000 + firm, BUILDERS[firm], rep, founded, code=builder_code(firm), **more)
        )
        return firm

    def share(self, firm: int, person: tuple[str, str], part: int) -> None:
        """Somebody holds a part of the firm."""
        self.society.shares.append(who.Share(builder_code(firm), person[0], part))


def lay(people: People, society: Society, known: Days, seed: int) -> tuple[list[Dossier], list[Irregularity]]:
    """All dossiers of the stated cases, and what the rules must find in them, P110 apart."""
    yard, made, told = Yard(people, society, known), list[Dossier](), list[Irregularity]()
    for number, case in enumerate(TROUBLES, FIRST):
        one = dossier(_project(case, number, known, seed), known, seed)
        _TWISTS[case.twist](one, yard, **case.facts)
        for rule, level in case.levels.items():
            told.append(Irregularity(rule, _subject(rule, one, made, case), level, case.name, case.why))
        made.append(one)
    return made, [one for one in told if one.rule != "P53" or known.as_of.day > 5]


def delayed(dossiers: list[Dossier], as_of: date) -> Iterator[Irregularity]:
    """What P110 must find: a step whose planned day has passed."""
    for one in dossiers:
        days = late(one.stages, as_of)
        if days:
            step = next(
                step for step in one.stages if step.actual is None and (as_of - step.planned).days == days
            )
            why = f"环节“{step.name}”计划的日子已过，没有实际日期"
            yield Irregularity(
                "P110", one.project.project_id, "orange" if days >= 30 else "yellow", one.project.name, why
            )


def _subject(rule: str, one: Dossier, made: list[Dossier], case: Trouble) -> str:
    """The key that the rule's subject kind has: project, contract, tender, company or a group of projects."""
    project, tender = one.project, one.project.tender
    if rule in ("P65", "P72"):
        assert one.contract is not None  # noqa: S101 - the case has one
        return one.contract.contract_id
    if rule in ("P75", "P77", "P80"):
        assert tender is not None  # noqa: S101 - the case has one
        return tender.tender_id
    if rule == "P87":
        assert one.contract is not None  # noqa: S101 - the case has one
        return builder_code(one.contract.firm)
    if rule == "P69":
        first = next(other for other in made if other.project.name == case.facts["with"])
        return "+".join(sorted((first.project.project_id, project.project_id)))
    return project.project_id


def _project(case: Trouble, number: int, known: Days, seed: int) -> Project:
    rng = random.Random(f"{seed}/{number}")
    told, as_of = known.told, known.as_of
    back, finish, finished, accepted = {
        "running": (300, as_of + timedelta(days=200), None, None),
        "finished": (500, told - timedelta(days=20), told - timedelta(days=30), None),
        "accepted": (900, told - timedelta(days=510), told - timedelta(days=520), told - timedelta(days=480)),
    }[case.frame]
    start, amount = told - timedelta(days=back), case.amount * WAN
    if case.twist == "overdue":
        finish = as_of - timedelta(days=int(str(case.facts["days"])))
    award = amount * int(str(case.facts.get("award", 94))) // 100
    awarded = start - timedelta(days=50)
    published = awarded - timedelta(days=45)
    tender = Tender(
        f"MSZB{published.year}-{number}", "公开招标" if amount >= 400 * WAN else "竞争性谈判", published,
        published + timedelta(days=24), awarded, award * 103 // 100, award, rng.randrange(ORDINARY), rng.randrange(3),
    )  # fmt: skip
    approved = start - timedelta(days=150)
    return Project(
        project_id=code(approved.year, case.kind, number), name=case.name, kind=case.kind, owner=case.owner, town=case.town,
        approved=approved, planned_start=start, planned_finish=finish, feasibility=amount * 103 // 100, amount=amount,
        amount_before=amount, started=start, finished=finished, accepted=accepted, tender=tender,
        place="" if case.village is None else folk.village_codes()[case.village],
    )  # fmt: skip


def _settle(one: Dossier, shares: list[tuple[int, date]]) -> None:
    """Payments up to these hundredths of the contract on these days; the reports tell of them."""
    assert one.contract is not None  # noqa: S101 - the case has one
    paid, made = 0, list[Payment]()
    kinds = ("预付款", *["进度款"] * len(shares))
    for (share, day), kind in zip(shares, kinds, strict=False):
        amount = one.contract.amount * share // 100
        project = one.project.project_id
        made.append(Payment(project, one.contract.contract_id, one.contract.firm, kind, amount - paid, day))
        paid = amount
    one.payments = made
    one.reports = [
        replace(told, paid=sum(pay.amount for pay in made if pay.paid < month(told.month, -1)))
        for told in one.reports
    ]


def _days(one: Dossier, share: int) -> list[tuple[int, date]]:
    """An advance, and the rest by the last report's month."""
    begun, last = one.project.started or one.project.planned_start, one.reports[-1].month
    return [(10, begun + timedelta(days=12)), (share, month(last, 0, 18))]


def _restate(one: Dossier, change: Callable[[Report], tuple[int, int]]) -> None:
    """The reports' planned and physical per cents said anew."""
    one.reports = [replace(told, planned=planned, physical=physical) for told in one.reports
                   for planned, physical in [change(told)]]  # fmt: skip


def _behind(one: Dossier, yard: Yard, points: int) -> None:
    _restate(one, lambda told: (told.planned, max(told.planned - points, 0)))
    _settle(one, _days(one, max(one.reports[-1].physical - 2, 11)))


def _unreported(one: Dossier, yard: Yard) -> None:
    missing = month(yard.known.as_of, 1)
    one.reports = [told for told in one.reports if told.month < missing]
    _settle(one, _days(one, one.reports[-1].physical - 3))


def _overdue(one: Dossier, yard: Yard, days: int) -> None:
    _restate(one, lambda told: (told.planned, max(told.planned - 4, 0)))
    _settle(one, _days(one, min(one.reports[-1].physical - 3, 90)))


def _paid(one: Dossier, yard: Yard, award: int, share: int) -> None:
    end = one.project.accepted or one.project.finished
    assert end is not None  # noqa: S101 - the frame has one
    begun = one.project.started or end
    last = end + timedelta(days=40) if one.project.accepted else month(one.reports[-1].month, 0, 20)
    _settle(one, [(10, begun + timedelta(days=9)), (60, begun + timedelta(days=200)), (share, last)])


def _paid_ahead(one: Dossier, yard: Yard, points: int) -> None:
    _settle(one, _days(one, one.reports[-1].physical + points))


def _unpaid(one: Dossier, yard: Yard, physical: int) -> None:
    _restate(one, lambda told: (min(told.physical, physical) + 2, min(told.physical, physical)))
    _settle(one, [])


def _withheld(one: Dossier, yard: Yard, of_due: int) -> None:
    _settle(one, _days(one, max(one.reports[-1].physical - 3, 11)))
    one.paid_of_due = of_due


def _measured(one: Dossier, yard: Yard, items: tuple[tuple[str, str, int, int | None, int], ...]) -> None:
    one.items = [Item(*line) for line in items]


def _untendered(one: Dossier, yard: Yard, **_: Any) -> None:
    assert one.contract is not None  # noqa: S101 - the frame has one
    one.project = replace(one.project, tender=None)
    one.contract, one.bids = one.contract._replace(tender_id=""), []
    one.stages = [step for step in stages(one.project, yard.known) if step.name not in ("招标公告", "中标")]


def _signed(one: Dossier, yard: Yard, days: int) -> None:
    assert one.contract is not None  # noqa: S101 - the frame has one
    assert one.project.tender is not None  # noqa: S101 - the frame has one
    assert one.project.tender.awarded is not None  # noqa: S101 - the frame has one
    one.contract = one.contract._replace(signed=one.project.tender.awarded + timedelta(days=days))


def _bids(one: Dossier, yard: Yard, amounts: tuple[int, ...] = (), times: int = 0) -> None:
    tender = one.project.tender
    assert tender is not None  # noqa: S101 - the frame has one
    firms = [(tender.winner + step) % ORDINARY for step in (0, 7, 19)]
    told = [tender.award + more for more in amounts]
    if times:
        told = [tender.award, tender.award * times // 100, tender.award * times * times // 10_000]
    one.bids = [firm_bid(tender, firm, amount) for firm, amount in zip(firms, told, strict=True)]


def _linked(one: Dossier, yard: Yard, link: str) -> None:
    tender, homes = one.project.tender, (yard.home(), yard.home(), yard.home())
    assert tender is not None  # noqa: S101 - the frame has one
    same = {"address": "明山县明山镇槿程路88号2幢301室"} if link == "address" else {}
    first, second = yard.firm(homes[0].head, **same), yard.firm(homes[1].head, **same)
    yard.share(first, homes[0].wife if link != "shareholder" else homes[2].head, 55)
    other = {"person": homes[0].head, "shareholder": homes[2].head}.get(link, homes[1].wife)
    yard.share(second, other, 45)
    phone = {"phone": who.phone(88_000_000 + first)} if link == "contact" else {}
    ordinary = [
        firm_bid(tender, tender.winner, tender.award),
        firm_bid(tender, (tender.winner + 5) % ORDINARY, tender.award + 1_234_500),
    ]
    one.bids = [*ordinary, firm_bid(tender, first, tender.award + 2_000_100, **phone),
                firm_bid(tender, second, tender.award + 4_711_300, **phone)]  # fmt: skip


def _insider(one: Dossier, yard: Yard, how: str) -> None:
    home, signed = yard.home(), one.contract
    assert signed is not None  # noqa: S101 - the frame has one
    assert one.project.tender is not None  # noqa: S101 - the frame has one
    firm = yard.firm(home.head if how == "rep" else home.elder)
    person = home.head if how == "rep" else home.wife
    office = owner_office("county_transport", 0).name
    end = signed.signed - timedelta(days=730) if how == "left" else None
    yard.society.officials.append(
        who.Official(*person, office, "四级主任科员", signed.signed - timedelta(days=3000), end)
    )
    if how == "insured":
        yard.society.insured.append(who.Insured(person[0], builder_code(firm), yard.known.last))
    else:
        yard.share(firm, person, 60)
    tender = replace(one.project.tender, winner=firm)
    one.project = replace(one.project, tender=tender)
    one.contract = signed._replace(firm=firm)
    one.bids = [bid._replace(firm=firm) if bid.firm == signed.firm else bid for bid in one.bids]
    one.payments = [replace(pay, payee=firm) for pay in one.payments]


_TWISTS: dict[str, Callable[..., None]] = {
    "behind": _behind, "unreported": _unreported, "overdue": _overdue, "paid": _paid, "paid_ahead": _paid_ahead,
    "unpaid": _unpaid, "measured": _measured, "untendered": _untendered, "signed": _signed, "bids": _bids,
    "linked": _linked, "insider": _insider, "withheld": _withheld,
}  # fmt: skip
