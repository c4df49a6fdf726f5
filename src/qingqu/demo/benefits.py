"""Pensions, allowances and subsidies of people in order: registers, payments of the last months, deaths, land."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np

from qingqu.demo import people as folk
from qingqu.demo.days import Days, month
from qingqu.demo.people import Ints, People, account

RESIDENT, ENTERPRISE, OFFICE = "城乡居民基本养老保险", "企业职工基本养老保险", "机关事业单位基本养老保险"
OLD_AGE, DIBAO, DESTITUTE, RELIEF = "高龄津贴", "低保", "特困供养", "临时救助"
DISABLED, LAND = "残疾人两项补贴", "耕地地力保护补贴"
PENSIONS = (RESIDENT, ENTERPRISE, OFFICE)
PAID_ON = 22  # day of the month
PENSION_MONTHS, MONTHS = 3, 4
SKIPPED_BACK = (
    3  # the month in which the two subsidies for disabled people were not paid, counted from the demo's day
)
DEATHS_YEARLY = 7  # in a thousand
FEN_A_MU = 9_650


class Payment(NamedTuple):
    """One payment; `amount` in fen, `area` in hundredths of a 亩 or None, `month` its first day."""

    programme: str
    person: str
    name: str
    village: str
    account: str
    amount: int
    month: date
    paid: date
    area: int | None = None


class Entry(NamedTuple):
    """One line of the register; `standard` in fen a month."""

    programme: str
    person: str
    name: str
    household: str
    village: str
    start: date
    end: date | None
    standard: int


class Death(NamedTuple):
    """One death; `source`: the department's word."""

    person: str
    name: str
    day: date
    source: str


class Land(NamedTuple):
    """A household's registered land in hundredths of a 亩."""

    person: str
    name: str
    village: str
    area: int


@dataclass
class Benefits:
    """Everything that the benefit departments know."""

    payments: list[Payment] = field(default_factory=list)
    register: list[Entry] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    land: list[Land] = field(default_factory=list)


def paid_on(first: date) -> date:
    """The day on which a month's benefits are paid."""
    return first.replace(day=PAID_ON)


def make(people: People, known: Days, seed: int) -> Benefits:
    """The benefits of everybody outside the kept households."""
    rng = np.random.default_rng([seed, 2])
    made = Benefits()
    _pensions(made, people, known, rng)
    _allowances(made, people, known, rng)
    _poverty(made, people, known, rng)
    _farming(made, people, known, rng)
    _dead(made, people, known, rng)
    return made


def _monthly(
    made: Benefits, people: People, who: Ints, programme: str, amounts: Ints, months: list[date]
) -> None:
    codes = folk.village_codes()
    rows = [
        (programme, people.ids[one], people.names[one], codes[people.village[one]], account(int(one)), int(amount))
        for one, amount in zip(who, amounts, strict=True)
    ]  # fmt: skip
    for first in months:
        day = paid_on(first)
        made.payments += [Payment(*row, first, day) for row in rows]


def _pensions(made: Benefits, people: People, known: Days, rng: np.random.Generator) -> None:
    months = [month(known.last, back) for back in range(PENSION_MONTHS)]
    groups = (
        (RESIDENT, (*folk.POOR, *folk.CADRE, *folk.OWNER, *folk.FARMERS), 15_000, 32_000),
        (ENTERPRISE, folk.INSURED, 180_000, 420_000),
        (OFFICE, folk.OFFICIAL, 320_000, 780_000),
    )
    for programme, walks, low, high in groups:
        who = people.of(walks, 61, 130)
        _monthly(made, people, who, programme, rng.integers(low // 50, high // 50, who.size) * 50, months)


def _allowances(made: Benefits, people: People, known: Days, rng: np.random.Generator) -> None:
    months = [month(known.last, back) for back in range(MONTHS)]
    old = people.of(folk.EVERYBODY, 80, 130)
    _monthly(made, people, old, OLD_AGE, np.where(people.ages[old] >= 90, 10_000, 5_000), months)
    _entered(made, people, old, OLD_AGE, np.full(old.size, 5_000), known, rng)
    disabled = people.of(folk.FARMERS, 6, 79)
    disabled = disabled[rng.random(disabled.size) < 0.02]
    paid = [first for first in months if first != month(known.as_of, SKIPPED_BACK)]
    _monthly(made, people, disabled, DISABLED, np.full(disabled.size, 8_400), paid)
    _entered(made, people, disabled, DISABLED, np.full(disabled.size, 8_400), known, rng)


def _poverty(made: Benefits, people: People, known: Days, rng: np.random.Generator) -> None:
    months = [month(known.last, back) for back in range(MONTHS)]
    poor = people.of(folk.POOR, 3, 130)
    homes = people.household[poor] // folk.WALKS
    dibao = poor[homes % 5 < 3]
    amounts = rng.integers(280, 690, dibao.size) * 100
    _monthly(made, people, dibao, DIBAO, amounts, months)
    _entered(made, people, dibao, DIBAO, amounts, known, rng)
    alone = people.of(folk.POOR, 66, 130)
    alone = alone[(people.household[alone] // folk.WALKS) % 5 == 3]
    _monthly(made, people, alone, DESTITUTE, np.full(alone.size, 92_000), months)
    _entered(made, people, alone, DESTITUTE, np.full(alone.size, 92_000), known, rng)
    once = poor[homes % 5 == 4]
    for back, first in enumerate(months):
        part = once[np.arange(once.size) % (3 * MONTHS) == back]
        _monthly(made, people, part, RELIEF, rng.integers(8, 40, part.size) * 10_000, [first])


def _entered(
    made: Benefits, people: People, who: Ints, programme: str, amounts: Ints, known: Days, rng: np.random.Generator
) -> None:  # fmt: skip
    codes = folk.village_codes()
    back = rng.integers(MONTHS + 1, 90, who.size)
    made.register += [
        Entry(programme, people.ids[one], people.names[one], folk.household_no(int(people.household[one])),
              codes[people.village[one]], month(known.last, int(months)), None, int(amount))
        for one, months, amount in zip(who, back, amounts, strict=True)
    ]  # fmt: skip


def _farming(made: Benefits, people: People, known: Days, rng: np.random.Generator) -> None:
    """Every farming household is paid once, for at most its registered land; now and then exactly the tolerance more."""
    first, codes = known.last, folk.village_codes()
    heads = np.flatnonzero((people.relation == folk.HEAD) & np.isin(people.walks, folk.FARMERS))
    heads = heads[heads >= 3 * folk.KEPT][::2]
    rights = rng.integers(4, 60, heads.size) * 20
    kept = rng.integers(70, 101, heads.size)
    for one, land, part in zip(heads.tolist(), rights.tolist(), kept.tolist(), strict=True):
        person, name, village = people.ids[one], people.names[one], codes[people.village[one]]
        made.land.append(Land(person, name, village, land))
        area = land * 105 // 100 if part == 100 else land * part // 100
        made.payments.append(
            Payment(
                LAND, person, name, village, account(one), area * FEN_A_MU // 100, first, paid_on(first), area
            )
        )


def _dead(made: Benefits, people: People, known: Days, rng: np.random.Generator) -> None:
    """The dead of two years: struck off, some of them paid up to the month of their death and not longer."""
    count = len(people.ids) * DEATHS_YEARLY * 2 // 1000
    ages = np.asarray(rng.triangular(45, 82, 100, count), dtype=np.int64)
    sex = (rng.random(count) < 0.54).astype(np.int64)
    days = known.told.toordinal() - rng.integers(0, 730, count)
    born = days - (ages * 365.2425).astype(np.int64) - rng.integers(1, 365, count)
    ids = folk.id_numbers(born, sex, first=700)
    surnames = [folk.SURNAMES[number] for number in rng.integers(0, len(folk.SURNAMES), count)]
    names, codes = folk.given_names(surnames, sex, rng), folk.village_codes()
    for number, (person, name, day, age) in enumerate(
        zip(ids, names, days.tolist(), ages.tolist(), strict=True)
    ):
        died, village = date.fromordinal(day), codes[number % len(codes)]
        made.deaths.append(Death(person, name, died, ("公安", "民政", "公安")[number % 3]))
        if age >= 61:
            made.payments += _until_death(person, name, village, len(people.ids) + number, age, died, known)


def _until_death(
    person: str, name: str, village: str, number: int, age: int, died: date, known: Days
) -> Iterator[Payment]:
    """In the month of a death the payment often is on its way already: still in order."""
    for back in range(PENSION_MONTHS):
        first = month(known.last, back)
        if first <= died:
            yield Payment(RESIDENT, person, name, village, account(number), 18_500, first, paid_on(first))
            if age >= 80:
                yield Payment(OLD_AGE, person, name, village, account(number), 5_000, first, paid_on(first))
