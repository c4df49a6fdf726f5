"""B rules in plain Python, read from RULES alone. Each gives subject key → (state, level); what it leaves out is not
triggered and not insufficient. `MAYBE` as a state: RULES leaves open which of the two words stands there."""

from collections import defaultdict
from decimal import Decimal
from functools import cache

from tests.oracle.days import add_months, first, last, months_back
from tests.oracle.world import PENSIONS, POVERTY, World

HIT, NOT_ENOUGH, MAYBE = "triggered", "insufficient", "triggered or insufficient"


def in_force(start, end, month):
    """Whether a span with both ends included touches a month; None when a missing end or start decides."""
    begins = None if start is None else start <= last(month)
    ends = True if end is None else end >= first(month)
    if begins is False or ends is False:
        return False
    return True if begins else None


def paid_after_death(world: World, programmes, grace):
    deaths = world.one("deaths", "person_id")
    return {
        row["person_id"]: (HIT, "red")
        for row in world["benefit_payments"]
        if row["programme"] in programmes
        and row["person_id"] in deaths
        and row["paid_date"] > add_months(deaths[row["person_id"]]["death_date"], grace)
    }


def b01(world: World, grace_months=1):
    return paid_after_death(world, {"高龄津贴"}, grace_months)


def b02(world: World, grace_months=1):
    return paid_after_death(world, PENSIONS, grace_months)


def b04(world: World):
    found = {}
    sentences = world.by("inmates", "person_id")
    for row in world["benefit_payments"]:
        if row["programme"] not in PENSIONS:
            continue
        for told in sentences.get(row["person_id"], ()):
            month, start, end = row["pay_month"], told["start_date"], told["end_date"]
            if last(month) < start or (end is not None and end < first(month)):
                continue
            sure = end is not None or first(month) <= start <= last(month)
            if sure:
                found[row["person_id"]] = (HIT, "red")
            else:
                found.setdefault(row["person_id"], (MAYBE, "red"))
    return found


def b05(world: World):
    times = defaultdict(int)
    for row in world["benefit_payments"]:
        if row["programme"] in PENSIONS:
            times[row["person_id"], row["programme"], row["pay_month"]] += 1
    return {key[0]: (HIT, "red") for key, count in times.items() if count > 1}


def b10(world: World):
    home = {row["person_id"]: row["household_id"] for row in world["population"]}
    members = defaultdict(set)
    for person, household in home.items():
        members[household].add(person)
    companies = world.one("companies", "company_id")
    behind = defaultdict(list)
    for row in world["companies"]:
        behind[row["legal_rep_id"]].append(row["status"])
    for row in world["shareholders"]:  # a company that the register does not have: its status is unknown
        behind[row["person_id"]].append(companies.get(row["company_id"], {}).get("status"))
    found = {}
    for row in world["benefit_register"]:
        alive = row["programme"] == "低保" and (row["end_date"] is None or row["end_date"] >= world.as_of)
        household = row["household_id"] or home.get(row["person_id"])
        if alive and household is None:
            found[row["person_id"]] = ("any", None)
        if not alive or household is None:
            continue
        states = [
            state for person in members[household] | {row["person_id"]} for state in behind.get(person, ())
        ]
        if "存续" in states:
            found[household] = (HIT, "orange")
        elif None in states:
            found.setdefault(household, (NOT_ENOUGH, None))
    return found


def b13(world: World):
    employed = world.by("public_employees", "person_id")
    insured = {(row["person_id"], row["month"]) for row in world["social_insurance"]}
    found = {}
    for row in world["benefit_payments"]:
        if row["programme"] != "低保":
            continue
        person, month = row["person_id"], row["pay_month"]
        answers = [in_force(job["start_date"], job["end_date"], month) for job in employed.get(person, ())]
        if True in answers or (person, month) in insured:
            found[person] = (HIT, "red")
        elif None in answers:
            found.setdefault(person, (NOT_ENOUGH, None))
    return found


def b16(world: World):
    home = {row["person_id"]: row["household_id"] for row in world["population"]}
    relatives = defaultdict(set)
    for row in world["kinship"]:
        relatives[row["relative_id"]].add(row["person_id"])

    @cache
    def in_office(month):
        return {
            one["person_id"]
            for one in world["village_cadres"]
            if in_force(one["start_date"], one["end_date"], month)
        }

    @cache
    def homes_of_cadres(month):
        return {home[cadre] for cadre in in_office(month) if home.get(cadre) is not None}

    found = {}
    for row in world["benefit_payments"]:
        if row["programme"] not in POVERTY:
            continue
        person, month = row["person_id"], row["pay_month"]
        office, household = in_office(month), home.get(person)
        if person in office or household in homes_of_cadres(month) or relatives[person] & office:
            found[person] = (HIT, "red")
        elif household is None:
            found.setdefault(person, (NOT_ENOUGH, None))
    return found


def b28(world: World, tolerance_percent=5):
    held = {row["person_id"]: row["area_mu"] for row in world["land_rights"]}
    years = defaultdict(list)
    for row in world["benefit_payments"]:
        if row["programme"] == "耕地地力保护补贴":
            years[row["person_id"], row["pay_month"][:4]].append(row["area_mu"])
    found = {}
    for (person, _year), areas in years.items():
        right = held.get(person)
        known = sum((area for area in areas if area is not None), Decimal(0))
        if right is not None and known > right * (100 + Decimal(tolerance_percent)) / 100:
            found[person] = (HIT, "orange")
        elif right is None or None in areas:
            found.setdefault(person, (NOT_ENOUGH, None))
    return found


def b31(world: World, max_persons=1):
    persons = defaultdict(set)
    for row in world["benefit_payments"]:
        if row["account_no"] is not None:
            persons[row["account_no"]].add(row["person_id"])
    return {account: (HIT, "orange") for account, found in persons.items() if len(found) > max_persons}


def b32(world: World, max_accounts=1, window_months=3):
    window = months_back(world.as_of, window_months)
    accounts = defaultdict(set)
    for row in world["benefit_payments"]:
        if row["pay_month"] in window:  # "last N months" by the month that is paid for, as "yearly" is
            accounts[row["person_id"], row["programme"]].add(row["account_no"])
    found = {}
    for (person, _programme), seen in accounts.items():
        if len(seen - {None}) > max_accounts:
            found[person] = (HIT, "yellow")
    every = defaultdict(set)
    for (person, _programme), seen in accounts.items():
        every[person] |= seen
    for person, seen in every.items():
        if seen == {None}:
            found.setdefault(person, (NOT_ENOUGH, None))
    for (person, _programme), seen in accounts.items():
        if seen == {None}:  # one programme without any account beside one with: left open
            found.setdefault(person, ("any", None))
    return found


RULES = {
    "B01": b01,
    "B02": b02,
    "B04": b04,
    "B05": b05,
    "B10": b10,
    "B13": b13,
    "B16": b16,
    "B28": b28,
    "B31": b31,
    "B32": b32,
}
