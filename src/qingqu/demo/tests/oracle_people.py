"""The rules about people as RULES.md states them, in plain Python over the generator's tables: another hand than the
engine's. Each yields (subject's key, level)."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from qingqu.demo import people as folk
from qingqu.demo.benefits import Benefits
from qingqu.demo.people import People
from qingqu.demo.society import Society

PENSIONS = {"城乡居民基本养老保险", "企业职工基本养老保险", "机关事业单位基本养老保险"}
POVERTY = {"低保", "特困供养", "临时救助"}
ACTIVE = {"在业", "存续", "开业", "存续（在营、开业、在册）"}
Hit = tuple[str, str]


def a_month_after(day: date) -> date:
    """The same day of the next month, clamped to its end."""
    year, number = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, number, min(day.day, monthrange(year, number)[1]))


def month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def overlaps(first: date, start: date, end: date | None) -> bool:
    """Whether a span touches the month that begins on the day."""
    return start <= month_end(first) and (end is None or end >= first)


def after_death(made: Benefits, programmes: set[str]) -> Iterator[Hit]:
    died = {one.person: one.day for one in made.deaths}
    for one in made.payments:
        if one.programme in programmes and one.person in died and one.paid > a_month_after(died[one.person]):
            yield one.person, "red"


def b04(made: Benefits, society: Society) -> Iterator[Hit]:
    sentences = defaultdict(list)
    for inmate in society.inmates:
        sentences[inmate.person].append((inmate.start, inmate.end))
    for one in made.payments:
        if one.programme in PENSIONS and any(overlaps(one.month, *span) for span in sentences[one.person]):
            yield one.person, "red"


def b05(made: Benefits) -> Iterator[Hit]:
    seen = set()
    for one in made.payments:
        key = (one.person, one.programme, one.month)
        if one.programme in PENSIONS and key in seen:
            yield one.person, "red"
        seen.add(key)


def b10(made: Benefits, society: Society, homes: dict[str, str], as_of: date) -> Iterator[Hit]:
    active = {one.code for one in society.companies if one.status in ACTIVE}
    behind = {one.rep for one in society.companies if one.code in active}
    behind |= {one.person for one in society.shares if one.code in active}
    owners = {homes[person] for person in behind if person in homes}
    for one in made.register:
        home = homes.get(one.person, one.household)
        if (
            one.programme == "低保"
            and one.start <= as_of
            and (one.end is None or one.end >= as_of)
            and home in owners
        ):
            yield home, "orange"


def b13(made: Benefits, society: Society) -> Iterator[Hit]:
    officials = {one.person: (one.start, one.end) for one in society.officials}
    insured = {(one.person, one.month) for one in society.insured}
    for one in made.payments:
        if one.programme == "低保" and (
            (one.person in officials and overlaps(one.month, *officials[one.person]))
            or (one.person, one.month) in insured
        ):
            yield one.person, "red"


def b16(made: Benefits, society: Society, homes: dict[str, str]) -> Iterator[Hit]:
    spans = defaultdict(list)
    for cadre in society.cadres:
        spans[cadre.person].append((cadre.start, cadre.end))
        spans[homes[cadre.person]].append((cadre.start, cadre.end))
    for kin in society.kinship:
        spans[f"kin {kin.relative}"] += spans[kin.person]
    for one in made.payments:
        if one.programme in POVERTY:
            assert one.person in homes, "somebody whose household nobody knows"
            linked = (*spans[one.person], *spans[homes[one.person]], *spans[f"kin {one.person}"])
            if any(overlaps(one.month, *span) for span in linked):
                yield one.person, "red"


def b28(made: Benefits) -> Iterator[Hit]:
    rights = {one.person: one.area for one in made.land}
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for one in made.payments:
        if one.programme == "耕地地力保护补贴":
            assert one.area is not None
            sums[one.person, one.month.year] += one.area
    for (person, _), area in sums.items():
        if area > rights[person] * Decimal("1.05"):
            yield person, "orange"


def b31(made: Benefits) -> Iterator[Hit]:
    holders = defaultdict(set)
    for one in made.payments:
        holders[one.account].add(one.person)
    yield from ((account, "orange") for account, persons in holders.items() if len(persons) > 1)


def b32(made: Benefits, as_of: date) -> Iterator[Hit]:
    first = as_of.replace(day=1)
    for _ in range(2):
        first = (first - timedelta(days=1)).replace(day=1)
    used = defaultdict(set)
    for one in made.payments:
        if one.month >= first:
            used[one.person, one.programme].add(one.account)
    yield from ((person, "yellow") for (person, _), accounts in used.items() if len(accounts) > 1)


def b40(made: Benefits, as_of: date) -> Iterator[Hit]:
    """Programmes that are paid every month."""
    paid = defaultdict(set)
    for one in made.payments:
        if one.programme != "耕地地力保护补贴":
            paid[one.programme].add(one.month)
    for programme, months in paid.items():
        first = min(months)
        while (late := (as_of - month_end(first)).days) > 30:
            if first not in months:
                yield f"{programme}+{first:%Y-%m}", "orange" if late >= 60 else "yellow"
            first = month_end(first) + timedelta(days=1)


def hits(people: People, made: Benefits, society: Society, as_of: date) -> set[tuple[str, str, str]]:
    """(rule, subject's key, level) of everything that the rules about people find."""
    homes = {
        person: folk.household_no(number)
        for person, number in zip(people.ids, people.household.tolist(), strict=True)
    }
    found = {
        "B01": after_death(made, {"高龄津贴"}), "B02": after_death(made, PENSIONS), "B04": b04(made, society),
        "B05": b05(made), "B10": b10(made, society, homes, as_of), "B13": b13(made, society),
        "B16": b16(made, society, homes), "B28": b28(made), "B31": b31(made), "B32": b32(made, as_of),
        "B40": b40(made, as_of),
    }  # fmt: skip
    return {(rule, key, level) for rule, rows in found.items() for key, level in rows}
