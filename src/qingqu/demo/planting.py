"""Lays the facts of the stated cases about people, each in a kept household; tells the subject of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingqu.demo import people as folk
from qingqu.demo import society as who
from qingqu.demo.benefits import (
    DIBAO,
    DISABLED,
    ENTERPRISE,
    FEN_A_MU,
    LAND,
    MONTHS,
    OFFICE,
    OLD_AGE,
    PENSION_MONTHS,
    PENSIONS,
    RESIDENT,
    SKIPPED_BACK,
    Benefits,
    Death,
    Entry,
    Land,
    Payment,
    paid_on,
)  # fmt: skip
from qingqu.demo.codes import credit_code
from qingqu.demo.days import Days, month
from qingqu.demo.irregularities import Irregularity
from qingqu.demo.people import Kin, People
from qingqu.demo.people_cases import PEOPLE_CASES, SKIPPED, PersonCase
from qingqu.demo.places import builder_code, owner_office
from qingqu.demo.society import Society

AMOUNTS = {RESIDENT: 21_000, ENTERPRISE: 286_000, OFFICE: 512_000, OLD_AGE: 5_000, DIBAO: 46_000}
_FIRMS = 50_000  # numbers in credit codes
_ACCOUNTS = 90_000_000


@dataclass
class Ground:
    """Where a case is laid: the county's tables, a household of its own, and the calendar."""

    benefits: Benefits
    society: Society
    known: Days
    home: Kin
    spare: Kin
    number: int

    def month(self, back: int, at: int = 1) -> date:
        """A day of the month so many months before the last one told."""
        return month(self.known.last, back, at)

    def pay(self, person: tuple[str, str], programme: str, back: int, **more: Any) -> None:
        """One payment for a month; `account`, `day`, `area`, `amount`, `paid` where they differ from the usual."""
        first = self.month(back)
        paid = more.get("paid") or (first.replace(day=more["day"]) if "day" in more else paid_on(first))
        amount = more.get("amount", AMOUNTS.get(programme, 60_000))
        account = more.get("account") or self.account(person)
        self.benefits.payments.append(
            Payment(programme, *person, self.home.village, account, amount, first, paid, more.get("area"))
        )

    def account(self, person: tuple[str, str], other: int = 0) -> str:
        """A person's own account; `other`: a second one."""
        place = (self.home.head, self.home.wife, self.home.elder, self.spare.elder).index(person)
        return folk.account(_ACCOUNTS + 10 * self.number + place + 5 * other)

    def enter(self, person: tuple[str, str], programme: str, start: date, end: date | None = None) -> None:
        """One line of the register."""
        self.benefits.register.append(
            Entry(programme, *person, self.home.household, self.home.village, start, end, AMOUNTS.get(programme, 60_000))
        )  # fmt: skip


def plant(
    people: People, benefits: Benefits, society: Society, known: Days
) -> Iterator[tuple[PersonCase, str, str]]:
    """Lays every case; yields (case, subject's key, subject's name)."""
    for number, case in enumerate(PEOPLE_CASES):
        ground = Ground(
            benefits, society, known, folk.kin(people, 2 * number), folk.kin(people, 2 * number + 1), number
        )
        key, name = _PLANTS[case.plant](ground, **case.facts)
        yield case, key, name


def stated(planted: list[tuple[PersonCase, str, str]], known: Days) -> Iterator[Irregularity]:
    """What the rules about people must find."""
    for case, key, name in planted:
        for rule, level in case.levels.items():
            yield Irregularity(rule, key, level, name, case.why)
    skipped = f"{DISABLED}+{month(known.as_of, SKIPPED_BACK):%Y-%m}"
    yield Irregularity("B40", skipped, "orange", DISABLED, SKIPPED)


def _paid_after_death(ground: Ground, programmes: tuple[str, ...], died: tuple[int, int]) -> tuple[str, str]:
    elder = ground.home.elder
    ground.benefits.deaths.append(Death(*elder, ground.month(*died), "公安"))
    for programme in programmes:
        for back in range(PENSION_MONTHS if programme in PENSIONS else MONTHS):
            ground.pay(elder, programme, back)
    return elder


def _in_prison(ground: Ground, sentence: tuple[tuple[int, int], tuple[int, int]]) -> tuple[str, str]:
    elder = ground.home.elder
    ground.society.inmates.append(who.Inmate(*elder, ground.month(*sentence[0]), ground.month(*sentence[1])))
    for back in range(PENSION_MONTHS):
        ground.pay(elder, RESIDENT, back)
    return elder


def _twice(
    ground: Ground, months: tuple[int, int], days: tuple[int, int], paid_in: int | None = None
) -> tuple[str, str]:
    elder = ground.home.elder
    for back, day in zip(months, days, strict=True):
        paid = None if paid_in is None else ground.month(paid_in, day)
        ground.pay(elder, RESIDENT, back, day=day, paid=paid)
    return elder


def _company_behind(
    ground: Ground, role: str, status: str = "存续（在营、开业、在册）", ended: int | None = None
) -> tuple[str, str]:
    home, code = ground.home, credit_code("91", _FIRMS + ground.number)
    end = None if ended is None else ground.month(ended, -1)
    ground.enter(home.elder, DIBAO, ground.month(30), end)
    if end is None:
        for back in range(MONTHS):
            ground.pay(home.elder, DIBAO, back)
    rep = home.head if role == "rep" else ground.spare.head
    name = f"{('稔岚', '砚禾', '鹤芦', '枫苇')[ground.number % 4]}{ground.number}商贸有限公司"
    founded = ground.month(40, 6)
    ground.society.companies.append(
        who.company(_FIRMS + ground.number, name, rep, founded, status=status, code=code)
    )
    ground.society.shares.append(who.Share(code, rep[0], 60))
    if role == "share":
        ground.society.shares.append(who.Share(code, home.wife[0], 40))
    return home.household, home.elder[1]


def _earning(ground: Ground, how: str, **more: Any) -> tuple[str, str]:
    head = ground.home.head
    since = more.get("from", MONTHS - 1)
    ground.enter(head, DIBAO, ground.month(since))
    for back in range(since + 1):
        ground.pay(head, DIBAO, back)
    if how == "treasury":
        end = ground.month(more["left"], 10) if "left" in more else None
        office = owner_office("county_culture", 0).name
        ground.society.officials.append(who.Official(*head, office, "工勤人员", ground.month(70, 8), end))
    else:
        ground.society.insured.append(
            who.Insured(head[0], builder_code(ground.number % 20), ground.month(more["month"]))
        )
    return head


def _cadre_family(
    ground: Ground, paid: str, programme: str, elsewhere: bool = False, left: int | None = None
) -> tuple[str, str]:
    home = ground.home
    person = ground.spare.elder if elsewhere else getattr(home, paid)
    end = None if left is None else ground.month(left, 20)
    ground.society.cadres.append(
        who.Cadre(*home.head, home.village, who.CADRE_POSTS[1], ground.month(50, 15), end)
    )
    if elsewhere:
        ground.society.kinship.append(who.Kinship(home.head[0], person[0], "父子"))
    for back in (1,) if programme not in (DIBAO, OLD_AGE) else range(MONTHS):
        ground.pay(person, programme, back)
    return person


def _land_subsidy(ground: Ground, land: int, paid: tuple[int, ...]) -> tuple[str, str]:
    head = ground.home.head
    ground.benefits.land.append(Land(*head, ground.home.village, land))
    for area in paid:
        ground.pay(head, LAND, 0, area=area, amount=area * FEN_A_MU // 100)
    return head


def _shared_account(ground: Ground) -> tuple[str, str]:
    account = ground.account(ground.home.elder)
    for person in (ground.home.elder, ground.spare.elder):
        for back in range(MONTHS):
            ground.pay(person, OLD_AGE, back, account=account)
    return account, ground.home.elder[1]


def _one_account(ground: Ground) -> tuple[str, str]:
    elder = ground.home.elder
    for back in range(PENSION_MONTHS):
        ground.pay(elder, RESIDENT, back)
        ground.pay(elder, OLD_AGE, back)
    return ground.account(elder), elder[1]


def _several_accounts(ground: Ground, months: tuple[int, int]) -> tuple[str, str]:
    elder = ground.home.elder
    ground.enter(elder, DIBAO, ground.month(24))
    for place, back in enumerate(months):
        ground.pay(elder, DIBAO, back, account=ground.account(elder, place), amount=23_000)
    return elder


_PLANTS: dict[str, Callable[..., tuple[str, str]]] = {
    "paid_after_death": _paid_after_death, "in_prison": _in_prison, "twice": _twice, "company_behind": _company_behind,
    "earning": _earning, "cadre_family": _cadre_family, "land_subsidy": _land_subsidy, "shared_account": _shared_account,
    "one_account": _one_account, "several_accounts": _several_accounts,
}  # fmt: skip
