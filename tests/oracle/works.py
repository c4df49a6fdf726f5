"""P rules about projects and their money in plain Python, read from RULES alone."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from tests.oracle.benefits import HIT, NOT_ENOUGH
from tests.oracle.days import add_months, first, month_of
from tests.oracle.world import World


def p47(world: World, red_months=3):
    found = {}
    for row in world["projects"]:
        planned = row["planned_start"]
        if row["actual_start"] is None and not row["start_delay_reason"] and planned < world.as_of:
            months = (world.as_of.year - planned.year) * 12 + world.as_of.month - planned.month + 1
            found[row["project_id"]] = (HIT, "red" if months >= red_months else "yellow")
    return found


def last_reports(world: World):
    newest = {}
    for row in world["progress_reports"]:
        if row["month"] <= month_of(world.as_of):
            seen = newest.get(row["project_id"])
            if seen is None or row["month"] > seen["month"]:
                newest[row["project_id"]] = row
    return newest


def done(row):
    return row["actual_finish"] is not None or row["acceptance_date"] is not None


def p48(world: World, yellow_points=10, red_points=30):
    reports, found = last_reports(world), {}
    for row in world["projects"]:
        report = reports.get(row["project_id"])
        if done(row) or report is None:
            continue
        if report["planned_percent"] is None:
            found[row["project_id"]] = (NOT_ENOUGH, None)
            continue
        behind = report["planned_percent"] - report["physical_percent"]
        if behind >= yellow_points:
            found[row["project_id"]] = (HIT, "red" if behind > red_points else "yellow")
    return found


def p53(world: World, due_day=5):
    if world.as_of.day <= due_day:
        return {}
    this, before = month_of(world.as_of), month_of(add_months(world.as_of.replace(day=1), -1))
    told = {(row["project_id"], row["month"]) for row in world["progress_reports"]}
    found = {}
    for row in world["projects"]:
        ends = [day for day in (row["actual_finish"], row["acceptance_date"]) if day is not None]
        running = row["actual_start"] is not None and row["actual_start"] < first(this)
        if (
            running
            and not any(day < first(before) for day in ends)
            and (row["project_id"], before) not in told
        ):
            found[row["project_id"]] = (HIT, "yellow")
    return found


def p54(world: World, grace_days=0, red_days=90):
    found = {}
    for row in world["projects"]:
        late = (world.as_of - row["planned_finish"]).days
        if late > grace_days and not done(row):
            found[row["project_id"]] = (HIT, "red" if late > red_days else "yellow")
    return found


def p62(world: World, max_percent=100):
    paid = defaultdict(Decimal)
    projects = {row["contract_id"]: row["project_id"] for row in world["contracts"]}
    for row in world["payments"]:
        project = row["project_id"] or projects.get(row["contract_id"])
        if project is not None:
            paid[project] += row["amount"]
    found = {}
    for row in world["projects"]:
        total, approved = paid.get(row["project_id"]), row["approved_amount"]
        if approved is None:
            found[row["project_id"]] = (NOT_ENOUGH if total else "any", None)
        elif total is not None and total > approved * max_percent / 100:
            found[row["project_id"]] = (HIT, "red")
    return found


def works_of(world: World):
    found = defaultdict(list)
    for row in world["contracts"]:
        if row["kind"] == "施工" and row["project_id"] is not None:
            found[row["project_id"]].append(row)
    return found


def paid_by_contract(world: World):
    """Contract → sum of what is surely its own, and the projects with payments that belong to nobody for sure."""
    works, paid, loose = works_of(world), defaultdict(Decimal), set()
    for row in world["payments"]:
        if row["contract_id"] is not None:
            paid[row["contract_id"]] += row["amount"]
        elif row["project_id"] is not None:
            mine = works.get(row["project_id"], [])
            if len(mine) == 1:
                paid[mine[0]["contract_id"]] += row["amount"]
            elif mine:
                loose.add(row["project_id"])
    return paid, loose


def strange(world: World):
    """Projects with a payment under a contract that the list does not have: nobody knows whether it is for works."""
    listed = {row["contract_id"] for row in world["contracts"]}
    return {
        row["project_id"]
        for row in world["payments"]
        if row["contract_id"] is not None and row["contract_id"] not in listed
    }


def works_share(world: World):
    """Project → (paid, contract amount or None, loose payments) over its works contracts."""
    paid, loose = paid_by_contract(world)
    found = {}
    for project, contracts in works_of(world).items():
        amounts = [row["amount"] for row in contracts]
        total = sum((paid.get(row["contract_id"], Decimal(0)) for row in contracts), Decimal(0))
        found[project] = (total, None if None in amounts else sum(amounts), project in loose, len(contracts))
    return found


def p64(world: World, tolerance_points=10):
    shares, reports, found = works_share(world), last_reports(world), {}
    for row in world["projects"]:
        share = shares.get(row["project_id"])
        if share is None or row["acceptance_date"] is not None:
            continue
        paid, amount, loose, contracts = share
        report = reports.get(row["project_id"])
        if contracts > 1 or row["project_id"] in strange(world):
            found[row["project_id"]] = ("any", None)
        elif amount is None or report is None:
            found[row["project_id"]] = (NOT_ENOUGH if paid else "any", None)
        elif paid * 100 > (report["physical_percent"] + tolerance_points) * amount:
            found[row["project_id"]] = (HIT, "orange")
        elif loose:
            found[row["project_id"]] = (NOT_ENOUGH, None)
    return found


def p65(world: World, max_percent=100):
    paid, loose = paid_by_contract(world)
    found = {}
    for row in world["contracts"]:
        total = paid.get(row["contract_id"])
        if row["amount"] is None:
            found[row["contract_id"]] = (NOT_ENOUGH if total else "any", None)
        elif total is not None and total > row["amount"] * max_percent / 100:
            found[row["contract_id"]] = (HIT, "red")
        elif row["kind"] == "施工" and row["project_id"] in loose:
            found[row["contract_id"]] = (NOT_ENOUGH, None)
    return found


def p66(world: World, retention_percent=3):
    shares, found = works_share(world), {}
    for row in world["projects"]:
        share = shares.get(row["project_id"])
        if share is None or row["acceptance_date"] is not None:
            continue
        paid, amount, loose, contracts = share
        if contracts > 1 or row["project_id"] in strange(world):
            found[row["project_id"]] = ("any", None)
        elif amount is None:
            found[row["project_id"]] = (NOT_ENOUGH if paid else "any", None)
        elif paid * 100 > amount * (100 - retention_percent):
            found[row["project_id"]] = (HIT, "red")
        elif loose:
            found[row["project_id"]] = (NOT_ENOUGH, None)
    return found


def p67(world: World, tolerance_percent=2):
    found = {}
    for row in world["settlements"]:
        if row["measured_qty"] is None:
            found.setdefault(row["project_id"], (NOT_ENOUGH, None))
        elif row["billed_qty"] * 100 > row["measured_qty"] * (100 + tolerance_percent):
            found[row["project_id"]] = (HIT, "red")
    return found


def p110(world: World, lead_days=60):
    stages = world.by("project_stages", "project_id")
    tendered = {row["project_id"] for row in world["tenders"] if row["publish_date"] is not None}
    found = {}
    for row in world["projects"]:
        mine = stages.get(row["project_id"], [])
        late = [
            (world.as_of - one["planned_date"]).days
            for one in mine
            if one["planned_date"] is not None
            and one["planned_date"] < world.as_of
            and one["actual_date"] is None
        ]
        near = row["planned_start"] - timedelta(days=lead_days) <= world.as_of and row["actual_start"] is None
        unknown = any(one["planned_date"] is None and one["actual_date"] is None for one in mine)
        if row["acceptance_date"] is not None:
            if late:  # what is over: RULES leave it open
                found[row["project_id"]] = ("any", None)
        elif late and max(late) >= 30:
            found[row["project_id"]] = (HIT, "orange")
        elif near and row["project_id"] not in tendered:
            found[row["project_id"]] = ("any", None)  # how late a missing tender is: left open
        elif late:
            found[row["project_id"]] = (HIT, "yellow")
        elif not mine or unknown:
            found[row["project_id"]] = (NOT_ENOUGH, None)
    return found


def p111(world: World):
    lines, found = world.by("settlements", "project_id"), {}
    for row in world["projects"]:
        if row["acceptance_date"] is None:
            continue
        mine = lines.get(row["project_id"], [])
        if not mine:
            found[row["project_id"]] = (NOT_ENOUGH, None)
        elif any(one["measured_qty"] is None for one in mine):
            found[row["project_id"]] = (HIT, "orange")
    return found


def p63(world: World, from_percent=30):
    reports, found = last_reports(world), {}
    projects = {row["contract_id"]: row["project_id"] for row in world["contracts"]}
    paid = {row["project_id"] or projects.get(row["contract_id"]) for row in world["payments"]}
    for row in world["projects"]:
        report = reports.get(row["project_id"])
        if report is None and row["project_id"] not in paid:
            found[row["project_id"]] = (
                ("any", None) if done(row) or row["actual_start"] is None else (NOT_ENOUGH, None)
            )
        elif (
            report is not None
            and report["physical_percent"] >= from_percent
            and row["project_id"] not in paid
        ):
            found[row["project_id"]] = (HIT, "orange")
    return found


RULES = {
    "P47": p47, "P48": p48, "P53": p53, "P54": p54, "P62": p62, "P63": p63, "P64": p64, "P65": p65, "P66": p66, "P67": p67,
    "P110": p110, "P111": p111,
}  # fmt: skip
