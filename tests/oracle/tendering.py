"""P rules about tenders, bids and contractors in plain Python, read from RULES alone."""

import re
from collections import defaultdict
from decimal import Decimal
from itertools import combinations

from tests.oracle.benefits import HIT, NOT_ENOUGH
from tests.oracle.days import add_months
from tests.oracle.world import World

SECTION = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")


def p69(world: World, limit=4_000_000, window_days=180):
    tendered = {row["project_id"] for row in world["tenders"]}
    groups = defaultdict(list)
    for row in world["projects"]:
        name = SECTION.sub("", row["name"]).strip()
        if (
            row["project_id"] not in tendered
            and row["approved_date"] is not None
            and row["owner_id"] is not None
        ):
            groups[row["owner_id"], row["division_code"], name].append(row)
    found = {}
    for rows in groups.values():
        if len(rows) < 2:
            continue
        days = [row["approved_date"] for row in rows]
        key = "+".join(sorted(row["project_id"] for row in rows))
        amounts = [row["approved_amount"] for row in rows]
        if None in amounts or (max(days) - min(days)).days > window_days:
            found[key] = ("any", None)
        elif all(amount < limit for amount in amounts) and sum(amounts) >= limit:
            found[key] = (HIT, "orange")
    return found


def p72(world: World, max_days=30):
    awards = {row["tender_id"]: row["award_date"] for row in world["tenders"]}
    found = {}
    for row in world["contracts"]:
        if row["tender_id"] is None:
            continue
        award = awards.get(row["tender_id"])
        if award is None:
            found[row["contract_id"]] = (NOT_ENOUGH, None)
        elif (row["signed_date"] - award).days > max_days:
            found[row["contract_id"]] = (HIT, "yellow")
    return found


def p75(world: World, min_series=3):
    found = {}
    for tender, bids in world.by("bids", "tender_id").items():
        amounts = sorted(row["amount"] for row in bids if row["status"] != "撤回")
        if len(set(amounts)) < len(amounts):
            found[tender] = (HIT, "orange")
            continue
        for low, middle, high in combinations(amounts, 3):
            if middle - low == high - middle or middle * middle == low * high:
                found[tender] = (HIT, "orange")
    return found


def people_behind(world: World):
    behind = defaultdict(set)
    for row in world["companies"]:
        if row["legal_rep_id"] is not None:
            behind[row["company_id"]].add(row["legal_rep_id"])
    for row in world["shareholders"]:
        behind[row["company_id"]].add(row["person_id"])
    return behind


def p77(world: World):
    behind, found = people_behind(world), {}
    for tender, bids in world.by("bids", "tender_id").items():
        bidders = sorted({row["bidder_id"] for row in bids})
        if any(row["status"] == "撤回" for row in bids):
            found[tender] = ("any", None)
        elif any(behind[a] & behind[b] for a, b in combinations(bidders, 2)):
            found[tender] = (HIT, "red")
        elif len(bidders) > 1 and any(not behind[one] for one in bidders):
            found[tender] = (NOT_ENOUGH, None)
    return found


def p80(world: World):
    registered = world.one("companies", "company_id")
    found = {}
    for tender, bids in world.by("bids", "tender_id").items():
        told = {}
        for row in bids:
            company = registered.get(row["bidder_id"], {})
            told[row["bidder_id"]] = (row["contact_phone"], company.get("phone"), company.get("address"))
        if any(row["status"] == "撤回" for row in bids):
            found[tender] = ("any", None)
        elif any(
            x is not None and x == y
            for a, b in combinations(told.values(), 2)
            for x, y in zip(a, b, strict=True)
        ):
            found[tender] = (HIT, "orange")
        elif any({a[0], a[1]} & {b[0], b[1]} - {None} for a, b in combinations(told.values(), 2)):
            found[tender] = ("any", None)  # a contact's phone that is the other's registered one: left open
        elif len(told) > 1 and not any(any(values) for values in told.values()):
            found[tender] = (NOT_ENOUGH, None)
    return found


def p87(world: World):
    behind, jobs = people_behind(world), world.by("public_employees", "person_id")
    insured = defaultdict(set)
    for row in world["social_insurance"]:
        insured[row["employer_id"]].add(row["person_id"])

    def employed(person, day):
        answers = set()
        for job in jobs.get(person, ()):
            if (job["start_date"] is not None and job["start_date"] > day) or (
                job["end_date"] is not None and job["end_date"] < day
            ):
                continue
            answers.add(job["start_date"] is not None)
        return answers

    found = {}
    for row in world["contracts"]:
        company = row["party_b_id"]
        if row["kind"] != "施工" or company is None or len(company) != 18:
            continue
        answers = (
            set().union(
                *(employed(person, row["signed_date"]) for person in behind[company] | insured[company])
            )
            if behind[company] | insured[company]
            else set()
        )
        if True in answers:
            found[company] = (HIT, "red")
        elif False in answers:
            found.setdefault(company, ("any", None))
        elif not behind[company]:
            found.setdefault(company, (NOT_ENOUGH, None) if not insured[company] else ("any", None))
    return found


def p90(world: World, max_percent=40, window_months=12, min_contracts=4):
    since = add_months(world.as_of, -window_months)
    villages = defaultdict(list)
    for row in world["contracts"]:
        if row["kind"] == "施工" and row["signed_date"] > since and row["division_code"] is not None:
            villages[row["division_code"]].append(row)
    found = {}
    for village, rows in villages.items():
        if len(rows) < min_contracts:
            continue
        count, amount = defaultdict(int), defaultdict(Decimal)
        for row in rows:
            count[row["party_b_id"]] += 1
            amount[row["party_b_id"]] += row["amount"] or 0
        by_number = any(firm is not None and n * 100 > max_percent * len(rows) for firm, n in count.items())
        unknown = any(row["amount"] is None or row["party_b_id"] is None for row in rows)
        total = sum(amount.values())
        by_amount = any(
            firm is not None and part * 100 > max_percent * total for firm, part in amount.items()
        )
        if by_number or (by_amount and not unknown):
            found[village] = (HIT, "yellow")
        elif unknown:
            found[village] = ("any", None)
    return found


RULES = {"P69": p69, "P72": p72, "P75": p75, "P77": p77, "P80": p80, "P87": p87, "P90": p90}
