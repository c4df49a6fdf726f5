"""Who is who in the county: officials, cadres and their kin, firms and their owners, the insured, prisoners, vehicles
and houses. All in order: nobody here meets a rule by accident, because walks of life do not mix within a household."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from qingqu.demo import people as folk
from qingqu.demo.codes import credit_code
from qingqu.demo.days import Days, month
from qingqu.demo.people import Ints, People
from qingqu.demo.places import builder_code, offices
from qingqu.demo.words import BUILDERS, FIRM_LAST, ORDINARY, SHOP_FIRST, TOWNS

CADRE_POSTS = ("党支部书记、村委会主任", "党支部副书记", "村委会副主任", "文书", "支委委员", "妇联主席")
POSTS = ("科员", "四级主任科员", "一级科员", "专业技术人员", "工勤人员", "教师", "医师")
INSURED_MONTHS = 3
_SHOPS, _FARMS = 10_000, 40_000  # numbers in credit codes


class Inmate(NamedTuple):
    """A sentence; an unknown end is None."""

    person: str
    name: str
    start: date
    end: date | None


class Official(NamedTuple):
    """Somebody paid by the treasury."""

    person: str
    name: str
    employer: str
    post: str
    start: date
    end: date | None


class Cadre(NamedTuple):
    """A post in a village."""

    person: str
    name: str
    village: str
    post: str
    start: date
    end: date | None


class Kinship(NamedTuple):
    """A relative as the cadre reported it."""

    person: str
    relative: str
    relation: str


class Company(NamedTuple):
    """A registered firm, cooperative or trader; `status` in the register's own word."""

    code: str
    name: str
    kind: str
    rep: str
    rep_name: str
    phone: str
    address: str
    founded: date
    status: str


class Share(NamedTuple):
    """A shareholder's part in per cent."""

    code: str
    person: str
    share: int


class Insured(NamedTuple):
    """One month for which a firm insured somebody."""

    person: str
    employer: str
    month: date


class Vehicle(NamedTuple):
    """A registered vehicle; price in fen."""

    plate: str
    owner: str
    kind: str
    price: int
    registered: date


class House(NamedTuple):
    """A registered house or flat; area in hundredths of a square metre."""

    unit: str
    owner: str
    area: int
    kind: str
    day: date


@dataclass
class Society:
    """All rosters."""

    inmates: list[Inmate] = field(default_factory=list)
    officials: list[Official] = field(default_factory=list)
    cadres: list[Cadre] = field(default_factory=list)
    kinship: list[Kinship] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    insured: list[Insured] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)


def make(people: People, known: Days, seed: int) -> Society:
    """The rosters of everybody outside the kept households."""
    rng = np.random.default_rng([seed, 3])
    made = Society()
    _officials(made, people, known, rng)
    _cadres(made, people, known)
    _firms(made, people, known, rng)
    _insured(made, people, known)
    _inmates(made, people, known, rng)
    _belongings(made, people, known, rng)
    return made


def phone(number: int) -> str:
    """A phone number in a range that no operator gives out."""
    return f"100{number:08d}"


def company(number: int, name: str, owner: tuple[str, str], founded: date, **more: str) -> Company:
    """A firm with its own phone and address."""
    told = {
        "kind": "有限责任公司",
        "status": "存续（在营、开业、在册）",
        "code": credit_code("91", number),
    } | more
    place = TOWNS[number % len(TOWNS)][1]
    return Company(
        told["code"], name, told["kind"], *owner, told.get("phone", phone(number)),
        told.get("address", f"明山县{place}砚基路{number}号"), founded, told["status"],
    )  # fmt: skip


def _officials(made: Society, people: People, known: Days, rng: np.random.Generator) -> None:
    every = [office for office in offices() if office.credit_code and office.kind != "village_committee"]
    who = people.of(folk.OFFICIAL, 24, 59)
    years = rng.integers(1, 20, who.size)
    for number, (one, back) in enumerate(zip(who.tolist(), years.tolist(), strict=True)):
        start = date(known.as_of.year - back, 1 + number % 12, 1 + number % 27)
        left = known.told - timedelta(days=30 + number % 300) if number % 41 == 0 else None
        end = left if left and left > start else None
        made.officials.append(
            Official(
                people.ids[one],
                people.names[one],
                every[number % len(every)].name,
                POSTS[number % 7],
                start,
                end,
            )
        )


def _cadres(made: Society, people: People, known: Days) -> None:
    """Six cadres a village, some former ones, and their relatives as they reported them."""
    codes, start = folk.village_codes(), date(known.as_of.year - 3, 3, 15)
    held: dict[int, int] = {}
    adults = people.of(folk.CADRE, 26, 64).tolist()
    for one in adults:
        village = int(people.village[one])
        if (count := held.get(village, 0)) >= 8 or people.relation[one] not in (folk.HEAD, folk.SPOUSE):
            continue
        held[village] = count + 1
        first, end = (start, None) if count < 6 else (date(start.year - 5, 3, 1), start - timedelta(days=1))
        post = CADRE_POSTS[count % 6]
        made.cadres.append(Cadre(people.ids[one], people.names[one], codes[village], post, first, end))
        made.kinship += _relatives(people, one)


def _relatives(people: People, one: int) -> list[Kinship]:
    if people.relation[one] != folk.HEAD:
        return []
    found, number = [], one + 1
    while number < len(people.ids) and people.household[number] == people.household[one]:
        relation = "夫妻" if people.relation[number] == folk.SPOUSE else "父母子女"
        found.append(Kinship(people.ids[one], people.ids[number], relation))
        number += 1
    return found


def _firms(made: Society, people: People, known: Days, rng: np.random.Generator) -> None:
    """Builders first, then shops, workshops and cooperatives; each has owners of its own."""
    owners = iter(people.of(folk.OWNER, 27, 68).tolist())
    for number, name in enumerate(BUILDERS[:ORDINARY]):
        _firm(made, people, (next(owners), next(owners)), 1000 + number, name, known)
    for number, one in enumerate(owners):
        name, kind, nature = _shop(number)
        status = ("在业", "存续", "注销", "开业", "吊销,未注销", "在业")[number % 6]
        owner = (people.ids[one], people.names[one])
        founded = known.told - timedelta(days=200 + int(rng.integers(0, 5000)))
        code = credit_code(nature, _SHOPS + number)
        made.companies.append(
            company(_SHOPS + number, name, owner, founded, kind=kind, status=status, code=code)
        )
        if nature == "91":
            made.shares.append(Share(code, owner[0], 100))


def _shop(number: int) -> tuple[str, str, str]:
    first = (
        SHOP_FIRST[number % len(SHOP_FIRST)]
        + SHOP_FIRST[(number // len(SHOP_FIRST) * 7 + number) % len(SHOP_FIRST)]
    )
    last, kind, nature = FIRM_LAST[number % len(FIRM_LAST)]
    place = TOWNS[number // 11 % len(TOWNS)][1]
    return f"{place}{first}{number // 900 or ''}{last}", kind, nature


def _firm(
    made: Society, people: People, owners: tuple[int, int], number: int, name: str, known: Days
) -> None:
    rep, partner = owners
    founded = known.told - timedelta(days=1500 + 37 * (number % 60))
    made.companies.append(company(number, name, (people.ids[rep], people.names[rep]), founded))
    made.shares += [
        Share(made.companies[-1].code, people.ids[rep], 70),
        Share(made.companies[-1].code, people.ids[partner], 30),
    ]


def _insured(made: Society, people: People, known: Days) -> None:
    """Workers of firms; nobody of them is paid by the treasury."""
    who = people.of(folk.INSURED, 20, 59)[::4].tolist()
    codes = [builder_code(number) for number in range(ORDINARY)]
    codes += [
        one.code
        for one in made.companies
        if one.code.startswith("91") and one.status in ("在业", "存续", "开业")
    ]
    for back in range(INSURED_MONTHS):
        first = month(known.last, back)
        made.insured += [
            Insured(people.ids[one], codes[number % len(codes)], first) for number, one in enumerate(who)
        ]


def _inmates(made: Society, people: People, known: Days, rng: np.random.Generator) -> None:
    """Sentences of people of working age; old ones who were released draw their pension again."""
    young = people.of(folk.FARMERS, 22, 56)
    released = people.of(folk.FARMERS, 63, 75)
    for one in rng.choice(young, max(20, len(people.ids) // 4000), replace=False).tolist():
        start = known.told - timedelta(days=int(rng.integers(60, 1500)))
        made.inmates.append(Inmate(people.ids[one], people.names[one], start, start + timedelta(days=2400)))
    for one in rng.choice(released, 12, replace=False).tolist():
        end = month(known.last, 9, 20)
        made.inmates.append(Inmate(people.ids[one], people.names[one], end - timedelta(days=700), end))


def _belongings(made: Society, people: People, known: Days, rng: np.random.Generator) -> None:
    adults: Ints = people.of((*folk.OFFICIAL, *folk.OWNER, *folk.INSURED, *folk.FARMERS), 24, 66)
    kinds = ("小型轿车", "小型普通客车", "轻型普通货车", "正三轮摩托车")
    for number, one in enumerate(adults[::14].tolist()):
        day = known.told - timedelta(days=int(rng.integers(5, 3600)))
        price = int(rng.integers(30, 260)) * 100_000
        made.vehicles.append(Vehicle(plate(number), people.ids[one], kinds[number % 4], price, day))
    for number, one in enumerate(adults[5::16].tolist()):
        day = known.told - timedelta(days=int(rng.integers(5, 5000)))
        unit = f"990101{number % 12:03d}{number % 97:03d}GB{number:05d}F0001{number % 40:04d}"
        made.houses.append(House(unit, people.ids[one], int(rng.integers(6_800, 14_500)), "成套住宅", day))


def plate(number: int) -> str:
    """A plate of a province that does not exist."""
    return f"示A{number // 10000 % 10}{'ABCDEFGHJK'[number // 1000 % 10]}{number % 1000:03d}{number // 100_000 or ''}"
