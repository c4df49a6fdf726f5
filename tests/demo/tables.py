"""The demo county as the tables that the oracle reads: what an importer without faults would store."""

from collections.abc import Iterator
from decimal import Decimal

from qingqu.demo import people as folk
from qingqu.demo.county import County
from qingqu.demo.places import builder_code, owner_office
from tests.oracle.world import Row

ACTIVE = {"在业": "存续", "开业": "存续", "存续（在营、开业、在册）": "存续", "吊销,未注销": "吊销"}
STATUS = {"已出租": "出租", "被侵占": "被占用", "空置": "闲置"}


def yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def of_people(made: County) -> dict[str, list[Row]]:
    """The tables about people and firms."""
    given, others = made.benefits, made.society
    homes = zip(made.people.ids, made.people.household.tolist(), strict=True)
    return {
        "population": [{"person_id": person, "household_id": folk.household_no(home)} for person, home in homes],
        "deaths": [{"person_id": one.person, "death_date": one.day} for one in given.deaths],
        "inmates": [{"person_id": one.person, "start_date": one.start, "end_date": one.end} for one in others.inmates],
        "public_employees": [
            {"person_id": one.person, "start_date": one.start, "end_date": one.end} for one in others.officials
        ],
        "village_cadres": [
            {"person_id": one.person, "start_date": one.start, "end_date": one.end} for one in others.cadres
        ],
        "kinship": [{"person_id": one.person, "relative_id": one.relative} for one in others.kinship],
        "companies": [
            {"company_id": one.code, "legal_rep_id": one.rep, "phone": one.phone, "address": one.address,
             "founded_date": one.founded, "status": ACTIVE.get(one.status, one.status)} for one in others.companies
        ],
        "shareholders": [{"company_id": one.code, "person_id": one.person} for one in others.shares],
        "social_insurance": [
            {"person_id": one.person, "employer_id": one.employer, "month": f"{one.month:%Y-%m}"} for one in others.insured
        ],
        "benefit_register": [
            {"programme": one.programme, "person_id": one.person, "household_id": one.household, "start_date": one.start,
             "end_date": one.end} for one in given.register
        ],
        "benefit_payments": [
            {"programme": one.programme, "person_id": one.person, "account_no": one.account, "pay_month": f"{one.month:%Y-%m}",
             "paid_date": one.paid, "area_mu": None if one.area is None else yuan(one.area)} for one in given.payments
        ],
        "land_rights": [{"person_id": one.person, "area_mu": yuan(one.area)} for one in given.land],
    }  # fmt: skip


def of_works(made: County) -> dict[str, list[Row]]:
    """The tables about projects, with what the files can tell."""
    known = made.known
    dossiers = [(one, one.project.known(known.told)) for one in made.dossiers]
    return {
        "projects": [
            {"project_id": one.project_id, "name": one.name, "owner_id": owner_office(one.owner, one.town).credit_code,
             "division_code": one.division, "approved_date": one.approved, "approved_amount": yuan(one.amount),
             "planned_start": one.planned_start, "planned_finish": one.planned_finish, "actual_start": one.started,
             "actual_finish": one.finished, "acceptance_date": one.accepted, "start_delay_reason": one.reason or None}
            for _, one in dossiers
        ],
        "project_stages": [
            {"project_id": one.project_id, "planned_date": step.planned, "actual_date": step.actual}
            for papers, one in dossiers for step in papers.stages
        ],
        "progress_reports": [
            {"project_id": told.project_id, "month": f"{told.month:%Y-%m}", "reported_at": told.reported,
             "planned_percent": Decimal(told.planned), "physical_percent": Decimal(told.physical)}
            for papers, _ in dossiers for told in papers.reports
        ],
        "tenders": [
            {"tender_id": one.tender.tender_id, "project_id": one.project_id, "publish_date": one.tender.published,
             "award_date": one.tender.awarded if one.tender.awarded and one.tender.awarded < known.tenders else None}
            for _, one in dossiers if one.tender and one.tender.published < known.tenders
        ],
        "bids": list(_bids(made)), "contracts": list(_contracts(made)),
        "payments": [
            {"project_id": pay.project_id, "contract_id": pay.contract_id, "amount": yuan(pay.amount), "paid_date": pay.paid}
            for papers, _ in dossiers for pay in papers.payments
        ],
        "settlements": [
            {"project_id": one.project_id, "billed_qty": yuan(item.billed), "settled_date": one.accepted,
             "measured_qty": None if item.measured is None else yuan(item.measured)}
            for papers, one in dossiers for item in papers.items
        ],
    }  # fmt: skip


def _bids(made: County) -> Iterator[Row]:
    status = {"有效标": "有效", "否决投标": "否决"}
    phones = {one.code: one.phone for one in made.society.companies}
    for papers in made.dossiers:
        for bid in papers.bids:
            code = builder_code(bid.firm)
            yield {"tender_id": bid.tender_id, "bidder_id": code, "amount": yuan(bid.amount), "status": status.get(bid.status),
                   "submitted_at": bid.day, "contact_phone": bid.phone or phones[code]}  # fmt: skip


def _contracts(made: County) -> Iterator[Row]:
    codes = folk.village_codes()
    blank = dict.fromkeys(
        ("project_id", "tender_id", "division_code", "start_date", "end_date", "amount", "party_b_id")
    )
    for papers in made.dossiers:
        if one := papers.contract:
            yield blank | {"contract_id": one.contract_id, "kind": "施工", "project_id": one.project_id,
                           "tender_id": one.tender_id or None, "party_b_id": builder_code(one.firm), "amount": yuan(one.amount),
                           "signed_date": one.signed, "start_date": one.start, "end_date": one.end}  # fmt: skip
    for small in made.villages.small:
        yield blank | {"contract_id": small.contract_id, "kind": "施工", "party_b_id": builder_code(small.firm),
                       "amount": yuan(small.amount), "signed_date": small.signed, "division_code": codes[small.village]}  # fmt: skip
    for lease in made.villages.leases:
        yield blank | {"contract_id": lease.contract_id, "kind": lease.kind, "party_b_id": lease.lessee[0],
                       "amount": yuan(lease.rent), "division_code": codes[lease.village], "signed_date": lease.start, "start_date": lease.start,
                       "end_date": lease.end}  # fmt: skip


def of_villages(made: County) -> dict[str, list[Row]]:
    """The tables about leases, accounts and fuel."""
    codes, told = folk.village_codes(), made.villages
    return {
        "assets": [
            {"contract_id": one.contract_id or None, "status": STATUS.get(one.status, one.status)} for one in told.assets
        ],
        "rents_due": [{"contract_id": one.contract_id, "due_date": one.day, "due_amount": yuan(one.amount)} for one in told.dues],
        "receipts": [
            {"contract_id": one.contract_id, "received_date": one.day, "amount": yuan(one.amount)} for one in told.receipts
        ],
        "village_entries": [
            {"division_code": codes[one.village], "date": one.day, "direction": "收入" if one.income else "支出",
             "amount": yuan(one.amount), "payee_id": one.payee[0], "payee_name": one.payee[1]} for one in told.lines
        ],
        "fuel_fills": [
            {"plate": one.plate, "filled_at": one.at, "litres": yuan(one.litres), "tank_litres": Decimal(55)} for one in told.fills
        ],
    }  # fmt: skip
