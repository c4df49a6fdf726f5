"""C rules and B40 in plain Python, read from RULES alone."""

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from tests.oracle.benefits import HIT, NOT_ENOUGH
from tests.oracle.days import add_months, last
from tests.oracle.world import PENSIONS, World

# A credit code may be all digits too: only a day of birth makes it a person's number.
PERSON = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
MONTHLY = PENSIONS | {"高龄津贴", "低保", "特困供养", "残疾人两项补贴"}  # the others may rightly pause
FUND = re.compile("理财|基金|证券|信托|保险")


def c91(world: World, overdue_months=2):
    due, got = defaultdict(Decimal), defaultdict(Decimal)
    for row in world["rents_due"]:
        if add_months(row["due_date"], overdue_months) < world.as_of:
            due[row["contract_id"]] += row["due_amount"]
    for row in world["receipts"]:
        if row["contract_id"] is not None:
            got[row["contract_id"]] += row["amount"]
    return {
        contract: (HIT, "red") for contract, total in due.items() if total > got.get(contract, Decimal(0))
    }


def c92(world: World):
    held = defaultdict(set)
    for row in world["assets"]:
        if row["contract_id"] is not None:
            held[row["contract_id"]].add(row["status"])
    found = {}
    for row in world["contracts"]:
        still = held.get(row["contract_id"], set()) & {"出租", "被占用"}
        if row["kind"] != "租赁" or not still:
            continue
        if row["end_date"] is None:
            found[row["contract_id"]] = (NOT_ENOUGH, None)
        elif row["end_date"] < world.as_of:
            found[row["contract_id"]] = (HIT, "orange")
    return found


def c94(world: World, max_months=240):
    found = {}
    for row in world["contracts"]:
        if row["kind"] != "租赁":
            continue
        if row["start_date"] is None or row["end_date"] is None:
            found[row["contract_id"]] = (NOT_ENOUGH, None)
        elif row["end_date"] + timedelta(days=1) > add_months(row["start_date"], max_months):
            found[row["contract_id"]] = (HIT, "red")
    return found


def c101(world: World, min_amount=50_000):
    found = {}
    for row in world["village_entries"]:
        if row["direction"] != "支出" or row["amount"] < min_amount:
            continue
        person = row["payee_id"] is not None and PERSON.fullmatch(row["payee_id"]) is not None
        village = row["division_code"]
        if person or (row["payee_name"] and FUND.search(row["payee_name"])):
            found[village] = (HIT, "red")
        elif row["payee_id"] is None and row["payee_name"] is None:
            found.setdefault(village, (NOT_ENOUGH, None))
        elif row["payee_id"] is None:
            found.setdefault(village, ("any", None))
    return found


def c104(world: World, window_hours=4):
    found = {}
    for plate, rows in world.by("fuel_fills", "plate").items():
        rows = sorted(rows, key=lambda row: row["filled_at"])
        tanks = {row["tank_litres"] for row in rows}
        for at, row in enumerate(rows):
            together = [
                one
                for one in rows[at:]
                if one["filled_at"] - row["filled_at"] <= timedelta(hours=window_hours)
            ]
            total = sum((one["litres"] for one in together), Decimal(0))
            tank = row["tank_litres"]
            if tank is not None and (row["litres"] > tank or (total > tank and tanks == {tank})):
                found[plate] = (HIT, "red")
            elif len(tanks) > 1 and total > min(one for one in tanks if one is not None):
                found.setdefault(plate, ("any", None))
        if None in tanks and plate not in found:  # another fill may tell the same car's tank: left open
            found[plate] = ("any", None) if len(tanks) > 1 else (NOT_ENOUGH, None)
    return found


def b40(world: World, grace_days=30):
    paid = {(row["programme"], row["pay_month"]) for row in world["benefit_payments"]}
    found = {}
    for programme in {name for name, _month in paid}:
        known = sorted(month for name, month in paid if name == programme)
        month = known[0]
        while True:
            late = (world.as_of - last(month)).days
            if late <= grace_days:
                break
            if (programme, month) not in paid:
                level = "orange" if late >= 60 else "yellow"
                found[f"{programme}+{month}"] = (HIT, level) if programme in MONTHLY else ("any", None)
            following = last(month) + timedelta(days=1)
            month = f"{following:%Y-%m}"
    return found


RULES = {"C91": c91, "C92": c92, "C94": c94, "C101": c101, "C104": c104, "B40": b40}
