"""The collectives' side of the county: leases, rents, assets, accounts, small works, and the public cars' fuel."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from qingqu.demo import people as folk
from qingqu.demo.days import Days, month
from qingqu.demo.irregularities import Irregularity
from qingqu.demo.people import People
from qingqu.demo.places import builder_code, village_name
from qingqu.demo.society import Society, plate
from qingqu.demo.village_cases import VILLAGE_CASES, VillageCase
from qingqu.demo.words import BUILDERS, ORDINARY, TOWNS

VILLAGES = 180
LEASES = 6  # of each village
SHOWN_YEARS = 3  # of dues and receipts
# object class, the register's word, area in hundredths of a square metre (from, to), rent in fen a square metre and year
OBJECTS: dict[str, tuple[str, int, int, int]] = {
    "耕地": ("旱地", 200_000, 2_500_000, 105), "林地": ("林地", 800_000, 9_000_000, 30), "水面": ("鱼塘", 200_000, 2_000_000, 150),
    "建设用地": ("集体建设用地", 60_000, 800_000, 900), "房屋": ("房产", 6_000, 60_000, 4_200), "厂房": ("厂房", 30_000, 260_000, 9_600),
    "商铺": ("店面", 2_500, 16_000, 26_000),
}  # fmt: skip
TANK = 55
_CARS, _STATED_CAR = 30, 990  # numbers of plates


class Lease(NamedTuple):
    """One contract of a collective: lessee's number and name, area in hundredths of a square metre, yearly rent in fen."""

    contract_id: str
    village: int
    kind: str
    lessee: tuple[str, str]
    object_class: str
    area: int
    rent: int
    start: date
    end: date


class Small(NamedTuple):
    """A small works contract of a village; `firm` an index in BUILDERS, `amount` in fen."""

    contract_id: str
    village: int
    firm: int
    amount: int
    signed: date


class Asset(NamedTuple):
    """One asset in the collective's register; `status` in the register's word."""

    asset_id: str
    village: int
    kind: str
    area: int
    contract_id: str
    status: str


class Due(NamedTuple):
    """A rent that falls due, in fen."""

    contract_id: str
    day: date
    amount: int


class Receipt(NamedTuple):
    """Money that came in, in fen."""

    contract_id: str
    day: date
    amount: int


class Line(NamedTuple):
    """One line of a village's accounts, in fen."""

    village: int
    day: date
    income: bool
    amount: int
    payee: tuple[str, str]
    subject: str


class Fill(NamedTuple):
    """One filling of a car, in hundredths of a litre."""

    plate: str
    at: datetime
    litres: int


@dataclass
class Villages:
    """Everything that the collectives and the car pool know."""

    leases: list[Lease] = field(default_factory=list)
    small: list[Small] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)


def make(people: People, society: Society, known: Days, seed: int) -> Villages:
    """The villages in order."""
    made = Villages()
    lessees = _lessees(people, society)
    for village in range(VILLAGES):
        rng = Random(f"{seed}/village/{village}")
        _leases(made, village, lessees, known, rng)
        _small(made, village, known, rng)
        _accounts(made, village, lessees, known, rng)
        _own(made, village, rng)
    _fuel(made, known, Random(f"{seed}/fuel"))
    return made


def stated(made: Villages, people: People, known: Days) -> Iterator[Irregularity]:
    """Lays the stated cases and tells what the rules must find in them."""
    for number, case in enumerate(VILLAGE_CASES):
        key, name = _PLANTS[case.plant](made, case, number, people, known)
        for rule, level in case.levels.items():
            yield Irregularity(rule, key, level, name, case.why)


def _lessees(people: People, society: Society) -> list[tuple[str, str]]:
    """Farmers and firms, number and name each."""
    farmers = people.of(folk.FARMERS, 30, 60)[::9].tolist()
    firms = [
        (one.code, one.name) for one in society.companies[ORDINARY:] if one.status in ("在业", "存续", "开业")
    ]
    told = [(people.ids[one], people.names[one]) for one in farmers]
    return [pair for pairs in zip(told, firms, strict=False) for pair in pairs]


def _leases(made: Villages, village: int, lessees: list[tuple[str, str]], known: Days, rng: Random) -> None:
    for number in range(LEASES):
        name = rng.choice(tuple(OBJECTS))
        _, low, high, price = OBJECTS[name]
        area = rng.randint(low // 100, high // 100) * 100
        start = month(known.last, rng.randint(3, 90))
        end = _years(start, rng.choice((3, 5, 5, 8, 10, 10, 15, 20)))
        lease = Lease(
            _number(village, number, start), village, "租赁", rng.choice(lessees), name, area, area * price // 10_000 * 100,
            start, end,
        )  # fmt: skip
        made.leases.append(lease)
        over = end < known.as_of
        status, contract = ("空置", "") if over else ("已出租", lease.contract_id)
        made.assets.append(
            Asset(f"ZC{village:03d}{number:03d}", village, OBJECTS[name][0], area, contract, status)
        )
        _rents(made, lease, known, rng.randint(0, 18))


def _number(village: int, number: int, start: date) -> str:
    return f"MS{village:03d}-{start.year}-{number:03d}"


def _years(start: date, years: int, days: int = 0) -> date:
    """The last day of so many years from a first of a month, and days more."""
    return date(start.year + years, start.month, start.day) - timedelta(days=1) + timedelta(days=days)


def _rents(made: Villages, lease: Lease, known: Days, wait: int, unpaid: int = 0, short: int = 0) -> None:
    """Yearly dues in advance, shown for the last years and the next; each paid `wait` days later, but for the last
    `unpaid` ones; `short`: per cent of the last one that are missing."""
    days = [
        lease.start.replace(year=lease.start.year + year)
        for year in range(lease.end.year - lease.start.year + 1)
        if lease.start.replace(year=lease.start.year + year) < lease.end
    ]
    shown = [
        day for day in days if (known.as_of - day).days < 366 * SHOWN_YEARS and (day - known.as_of).days < 366
    ]
    made.dues += [Due(lease.contract_id, day, lease.rent) for day in shown]
    paid = [day for day in shown if day + timedelta(days=wait) <= known.told]
    paid = paid[: len(paid) - unpaid]
    for day in paid:
        part = 100 - short if day == paid[-1] else 100
        made.receipts.append(Receipt(lease.contract_id, day + timedelta(days=wait), lease.rent * part // 100))


def _small(made: Villages, village: int, known: Days, rng: Random) -> None:
    """Works of different firms: none has more than its part."""
    firms = rng.sample(range(ORDINARY), rng.randint(0, 5))
    for number, firm in enumerate(firms):
        signed = known.told - timedelta(days=rng.randint(5, 330))
        amount = rng.randint(90, 120) * 100_000
        made.small.append(Small(f"CG{village:03d}-{signed.year}-{number:02d}", village, firm, amount, signed))


def _accounts(made: Villages, village: int, lessees: list[tuple[str, str]], known: Days, rng: Random) -> None:
    """Small sums to people, larger ones to firms only."""
    firms = [
        one
        for one in lessees
        if len(one[0]) == 18 and one[0].startswith("9") and not one[0].startswith("990101")
    ]
    persons = [one for one in lessees if one[0].startswith("990101")]
    for back in range(3):
        for _ in range(rng.randint(4, 9)):
            day = month(known.last, back, rng.randint(1, 27))
            draw = rng.random()
            if draw < 0.3:
                made.lines.append(
                    Line(
                        village,
                        day,
                        True,
                        rng.randint(5, 900) * 10_000,
                        rng.choice(lessees),
                        "发包及上交收入",
                    )
                )
            elif draw < 0.75:
                made.lines.append(
                    Line(village, day, False, rng.randint(2, 380) * 10_000, rng.choice(persons), "误工补贴")
                )
            else:
                made.lines.append(
                    Line(
                        village,
                        day,
                        False,
                        rng.randint(50, 900) * 10_000,
                        rng.choice(firms),
                        "工程及采购支出",
                    )
                )


def _own(made: Villages, village: int, rng: Random) -> None:
    for number, (kind, status) in enumerate((("房产", "自用"), ("农田水利设施", "自用"), ("林地", "闲置"))):
        made.assets.append(
            Asset(f"ZC{village:03d}{900 + number}", village, kind, rng.randint(90, 4000) * 100, "", status)
        )


def _fuel(made: Villages, known: Days, rng: Random) -> None:
    for car in range(_CARS):
        for back in range(3):
            for day in range(rng.randint(1, 5), 28, rng.randint(4, 8)):
                at = datetime.combine(month(known.last, back, day), datetime.min.time())
                litres = rng.randint(2_200, TANK * 100)
                made.fills.append(
                    Fill(
                        plate(900 + car),
                        at.replace(hour=rng.randint(8, 17), minute=rng.randint(0, 59)),
                        litres,
                    )
                )


def _lease(made: Villages, case: VillageCase, number: int, people: People, known: Days) -> tuple[str, str]:
    facts: dict[str, Any] = dict(case.facts)
    home = folk.kin(people, 300 + number)
    word, low, _, price = OBJECTS[facts["object"]]
    area = facts.get("area", low * 2)
    if "ended" in facts:
        end = known.as_of - timedelta(days=facts["ended"])
        start = date(end.year - 5, end.month, min(end.day, 28))
    else:
        start = _recently(known) if facts.get("recent") else month(known.last, 17)
        end = _years(start, facts["years"], facts.get("days", 0))
    lease = Lease(
        f"MS{case.village:03d}-{start.year}-{800 + number}", case.village, facts.get("kind", "租赁"), home.head,
        facts["object"], area, area * price // 10_000 * 100, start, end,
    )  # fmt: skip
    made.leases.append(lease)
    status = facts.get("status", "已出租")
    held = "" if status == "空置" else lease.contract_id
    made.assets.append(Asset(f"ZC{case.village:03d}{800 + number}", case.village, word, area, held, status))
    if lease.kind == "租赁":
        _rents(made, lease, known, facts.get("slow", 3), facts.get("unpaid", 0), facts.get("short", 0))
        if facts.get("recent"):
            made.receipts = [
                one
                for one in made.receipts
                if one.contract_id != lease.contract_id or one.day < _recently(known, 0)
            ]
    return lease.contract_id, f"{_village(case.village)}{word}"


def _recently(known: Days, years: int = 3) -> date:
    """A day a month before the demo's, so many years ago: a due of that day is not yet two months old."""
    day = month(known.as_of, 1, min(known.as_of.day, 28))
    return day.replace(year=day.year - years)


def _spend(made: Villages, case: VillageCase, number: int, people: People, known: Days) -> tuple[str, str]:
    facts: dict[str, Any] = dict(case.facts)
    payee = folk.kin(people, 300 + number).head
    if facts["to"] == "firm":
        payee = (builder_code(3), BUILDERS[3])
    elif facts["to"] != "person":
        payee = (builder_code(9000 + number), facts["to"])
    made.lines.append(
        Line(
            case.village,
            month(known.last, 1, 18),
            bool(facts.get("income")),
            facts["amount"],
            payee,
            "其他往来",
        )
    )
    return folk.village_codes()[case.village], _village(case.village)


def _works(made: Villages, case: VillageCase, number: int, people: People, known: Days) -> tuple[str, str]:
    facts: dict[str, Any] = dict(case.facts)
    made.small = [one for one in made.small if one.village != case.village]
    amounts = facts.get("amounts", (11,) * len(facts["firms"]))
    for place, (firm, amount) in enumerate(zip(facts["firms"], amounts, strict=True)):
        signed = known.told - timedelta(days=20 + 55 * place)
        made.small.append(
            Small(
                f"CG{case.village:03d}-{signed.year}-{80 + place}",
                case.village,
                firm,
                amount * 1_000_000,
                signed,
            )
        )
    return folk.village_codes()[case.village], _village(case.village)


def _fuelled(made: Villages, case: VillageCase, number: int, people: People, known: Days) -> tuple[str, str]:
    car, facts = plate(_STATED_CAR + number % 10), dict(case.facts)
    day = datetime.combine(month(known.last, 0, 14), datetime.min.time())
    for hour, minute, litres in facts["fills"]:  # type: ignore[attr-defined]
        made.fills.append(Fill(car, day.replace(hour=hour, minute=minute), round(litres * 100)))
    return car, car


def _village(number: int) -> str:
    town, place = divmod(number, VILLAGES // len(TOWNS))
    return f"{TOWNS[town][1]}{village_name(town, place)}"


_PLANTS = {"lease": _lease, "spend": _spend, "works": _works, "fuel": _fuelled}
