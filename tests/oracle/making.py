"""Small random counties: few people, firms and days, so that things meet; unknowns wherever the contract allows them."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from stdnum.cn import ric

from tests.oracle.days import month_of
from tests.oracle.world import PENSIONS, POVERTY, Row

_BODIES = [f"99010119{number:02d}0101{number:03d}" for number in range(10, 19)]
PERSONS = [body + ric.calc_check_digit(body + "0") for body in _BODIES]
FIRMS = [f"91330100MA000{number:04d}X" for number in range(5)]
PROJECTS = [f"2025-990101-{number:02d}" for number in range(6)]
VILLAGES = ["990101001001", "990101001002", "990101002001"]


class Maker:
    """Tables of one random county as of a day."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - random counties, no secrets
        self.as_of = date(2026, 1, 1) + timedelta(days=self.random.randrange(200))

    def pick(self, values: Any, unknown: float = 0.0) -> Any:
        return None if self.random.random() < unknown else self.random.choice(list(values))

    def day(self, back: int, ahead: int, unknown: float = 0.0) -> date | None:
        """A day near as_of; often one of the edges of a month, of a year, of a window."""
        if self.random.random() < unknown:
            return None
        if self.random.random() < 0.3:
            edge = self.random.choice(
                [0, -1, 1, -29, -30, -31, -60, -61, -90, -91, -180, -181, -240, -365, -366]
            )
            if -back <= edge <= ahead:
                return self.as_of + timedelta(days=edge)
        found = self.as_of + timedelta(days=self.random.randint(-back, ahead))
        return found.replace(day=1) if self.random.random() < 0.15 else found

    def money(self, *choices: str, unknown: float = 0.0) -> Decimal | None:
        text = self.pick(choices, unknown)
        return None if text is None else Decimal(text)

    def rows(self, count: int, make: Any, key: tuple[str, ...]) -> list[Row]:
        """Up to so many rows with distinct keys."""
        found: dict[Any, Row] = {}
        for number in range(self.random.randint(0, count)):
            row = make(number)
            found.setdefault(tuple(row[name] for name in key), row)
        return list(found.values())

    def person(self, number: int, unknown: float = 0.0) -> Any:
        return self.pick(PERSONS, unknown)

    def tables(self) -> dict[str, list[Row]]:
        people = self._people()
        return (
            people
            | self._benefits(people["population"])
            | self._projects()
            | self._tenders()
            | self._collective()
        )

    def _people(self) -> dict[str, list[Row]]:
        homes = ["H1", "H2", "H3"]
        return {
            "population": self.rows(
                9,
                lambda n: {
                    "person_id": PERSONS[n],
                    "name": "x",
                    "household_id": self.pick(homes, 0.2),
                    "division_code": VILLAGES[0],
                },
                ("person_id",),
            ),
            "deaths": self.rows(
                4, lambda n: {"person_id": self.person(n), "death_date": self.day(200, 20)}, ("person_id",)
            ),
            "inmates": self.rows(
                4,
                lambda n: {
                    "person_id": self.person(n),
                    "name": "x",
                    **self.span("start_date", "end_date", 0.3),
                },
                ("person_id", "start_date"),
            ),
            "public_employees": self.rows(
                5,
                lambda n: {
                    "person_id": self.person(n),
                    "name": "x",
                    "employer": self.pick("甲乙"),
                    **self.span("start_date", "end_date", 0.4, 0.3),
                },
                ("person_id", "employer"),
            ),
            "village_cadres": self.rows(
                4,
                lambda n: {
                    "person_id": self.person(n),
                    "name": "x",
                    "division_code": self.pick(VILLAGES),
                    "post": "主任",
                    **self.span("start_date", "end_date", 0.4),
                },
                ("person_id", "division_code", "start_date"),
            ),
            "kinship": self.rows(
                4,
                lambda n: {"person_id": self.person(n), "relative_id": self.person(n), "relation": "配偶"},
                ("person_id", "relative_id"),
            ),
            "companies": self.rows(
                5,
                lambda n: {
                    "company_id": FIRMS[n],
                    "name": f"公司{n}",
                    "legal_rep_id": self.person(n, 0.3),
                    "phone": self.pick(["139", "138"], 0.4),
                    "address": self.pick(["甲路", "乙路"], 0.5),
                    "status": self.pick(["存续", "注销", "吊销"], 0.2),
                    "founded_date": self.day(900, 5, 0.3),
                },
                ("company_id",),
            ),
            "shareholders": self.rows(
                5,
                lambda n: {"company_id": self.pick(FIRMS), "person_id": self.person(n)},
                ("company_id", "person_id"),
            ),
            "social_insurance": self.rows(
                5,
                lambda n: {
                    "person_id": self.person(n),
                    "employer_id": self.pick(FIRMS),
                    "month": month_of(self.day(150, 0)),
                },
                ("person_id", "employer_id", "month"),
            ),
            "land_rights": self.rows(
                6,
                lambda n: {"person_id": self.person(n), "area_mu": self.money("4", "5.5", "10")},
                ("person_id",),
            ),
        }

    def span(self, start: str, end: str, open_end: float, open_start: float = 0.0) -> Row:
        begin, finish = self.day(300, 10), self.day(150, 100, open_end)
        if begin and finish and finish < begin:
            begin, finish = finish, begin
        return {start: None if self.random.random() < open_start else begin, end: finish}

    def _benefits(self, people: list[Row]) -> dict[str, list[Row]]:
        programmes = [*sorted(PENSIONS), *sorted(POVERTY), "高龄津贴", "耕地地力保护补贴", "残疾人两项补贴"]

        def pay(number: int) -> Row:
            paid = self.day(150, 10)
            month = month_of(paid if self.random.random() < 0.9 else paid - timedelta(days=31))
            return {
                "payment_id": f"F{number}", "programme": self.pick(programmes), "person_id": self.person(number),
                "account_no": self.pick(["6001", "6002", "6003", "6004"], 0.2), "area_mu": self.money("2", "4.2", "5.775", "5.7751", unknown=0.3),
                "amount": Decimal("100.00"), "pay_month": month, "paid_date": paid,
            }  # fmt: skip

        register = self.rows(
            6,
            lambda n: {
                "programme": self.pick(["低保", "特困供养"]),
                "person_id": self.person(n),
                "household_id": self.pick(["H1", "H2", "H3"], 0.5),
                **self.span("start_date", "end_date", 0.5),
            },
            ("programme", "person_id", "start_date"),
        )
        homes = {row["person_id"]: row["household_id"] for row in people}
        for row in register:  # where a register says another household than the police, RULES leave it open
            if row["household_id"] is not None:
                row["household_id"] = homes.setdefault(row["person_id"], row["household_id"])
        return {"benefit_payments": self.rows(24, pay, ("payment_id",)), "benefit_register": register}

    def _projects(self) -> dict[str, list[Row]]:
        def project(number: int) -> Row:
            planned = self.day(200, 120)
            started = self.day(200, 20, 0.5)
            return {
                "project_id": PROJECTS[number], "name": self.pick(["村道硬化(一标段)", "村道硬化（二标段）", "村道硬化", "水渠"]),
                "owner_id": self.pick(FIRMS[:2], 0.1), "owner_name": "业主", "division_code": self.pick(VILLAGES[:2]),
                "approved_date": self.day(350, 10, 0.1), "approved_amount": self.money("1500000", "2500000", "3999999.99", "4000000", "100", unknown=0.2),
                "planned_start": planned, "planned_finish": planned + timedelta(days=self.random.choice([10, 60, 90, 91, 200])),
                "actual_start": started, "actual_finish": self.day(100, 20, 0.7), "acceptance_date": self.day(60, 20, 0.7),
                "start_delay_reason": self.pick(["征地"], 0.8),
            }  # fmt: skip

        def report(number: int) -> Row:
            reported = self.day(120, 20)
            return {
                "project_id": self.pick(PROJECTS), "month": month_of(reported - timedelta(days=self.random.choice([0, 5, 31]))), "reported_at": reported,
                "planned_percent": self.money("0", "30", "40", "50", "60", unknown=0.2), "physical_percent": self.money("0", "20", "29.9", "30", "40", "100"),
            }  # fmt: skip

        return {
            "projects": self.rows(6, project, ("project_id",)),
            "progress_reports": self.rows(10, report, ("project_id", "month")),
            "project_stages": self.rows(
                8,
                lambda n: {
                    "project_id": self.pick(PROJECTS),
                    "stage": self.pick(["立项", "招标", "开工"]),
                    "planned_date": self.day(80, 60, 0.1),
                    "actual_date": self.day(80, 20, 0.5),
                },
                ("project_id", "stage"),
            ),
            "payments": self.rows(
                14,
                lambda n: {
                    "payment_id": f"P{n}",
                    "project_id": self.pick(PROJECTS, 0.1),
                    "contract_id": self.pick(["C0", "C1", "C2", "C3"], 0.4),
                    "kind": "进度款",
                    "amount": self.money("30", "40", "50", "97", "100", "100.01"),
                    "paid_date": self.day(150, 10),
                },
                ("payment_id",),
            ),
            "settlements": self.rows(
                8,
                lambda n: {
                    "project_id": self.pick(PROJECTS),
                    "item": self.pick(["路面", "基层"]),
                    "billed_qty": self.money("100", "102", "102.0001", "110"),
                    "measured_qty": self.money("100", "99.9", unknown=0.3),
                    "unit_price": Decimal("10.00"),
                    "settled_date": self.day(60, 10, 0.2),
                },
                ("project_id", "item"),
            ),
        }

    def _tenders(self) -> dict[str, list[Row]]:
        def bid(number: int) -> Row:
            at = self.day(150, 5)
            return {
                "tender_id": self.pick(["T1", "T2"]), "bidder_id": self.pick(FIRMS), "amount": self.money("100", "110", "120", "121", "90", "133.1", "77.77"),
                "status": self.pick(["有效", "无效", "撤回"], 0.3) if self.random.random() < 0.5 else "有效",
                "submitted_at": datetime.combine(at, datetime.min.time()) if self.random.random() < 0.8 else None,
                "contact_phone": self.pick(["139", "137"], 0.5),
            }  # fmt: skip

        return {
            "tenders": self.rows(
                4,
                lambda n: {
                    "tender_id": f"T{n}",
                    "project_id": self.pick(PROJECTS, 0.1),
                    "method": "公开招标",
                    "publish_date": self.day(150, 10, 0.1),
                    "award_date": self.day(120, 10, 0.2),
                },
                ("tender_id",),
            ),
            "bids": self.rows(9, bid, ("tender_id", "bidder_id")),
        }

    def _collective(self) -> dict[str, list[Row]]:
        def contract(number: int) -> Row:
            start = self.day(700, 10, 0.15)
            years = self.random.choice([1, 19, 20, 21])
            end = (
                None
                if start is None or self.random.random() < 0.1
                else start.replace(year=start.year + years, day=min(start.day, 28))
            )
            if end is not None and self.random.random() < 0.5:
                end -= timedelta(days=self.random.choice([0, 1, 2, 900]))
            return {
                "contract_id": f"C{number}", "kind": self.pick(["施工", "施工", "租赁", "家庭承包"]), "project_id": self.pick(PROJECTS, 0.2),
                "tender_id": self.pick(["T0", "T1", "T2", "T9"], 0.5), "party_b_id": self.pick([*FIRMS[:2], PERSONS[0]], 0.1), "party_b_name": "乙",
                "division_code": self.pick(VILLAGES[:2]), "amount": self.money("100", "1000", unknown=0.2), "signed_date": self.day(360, 10),
                "start_date": start, "end_date": end,
            }  # fmt: skip

        def fill(number: int) -> Row:
            at = datetime.combine(self.day(3, 1), datetime.min.time()) + timedelta(
                hours=self.random.randrange(24), minutes=self.random.choice([0, 0, 1])
            )
            return {
                "fill_id": f"O{number}",
                "plate": self.pick(["闽A1", "闽A2"]),
                "litres": self.money("20", "30", "50", "50.0001", "60"),
                "filled_at": at,
                "tank_litres": self.money("50", unknown=0.3),
            }

        return {
            "contracts": self.rows(10, contract, ("contract_id",)),
            "assets": self.rows(
                6,
                lambda n: {
                    "asset_id": f"A{n}",
                    "kind": "鱼塘",
                    "division_code": VILLAGES[0],
                    "contract_id": self.pick([f"C{k}" for k in range(10)], 0.2),
                    "status": self.pick(["出租", "被占用", "闲置", "自用"]),
                },
                ("asset_id",),
            ),
            "rents_due": self.rows(
                5,
                lambda n: {
                    "contract_id": self.pick(["C0", "C1", "C2"]),
                    "due_date": self.day(200, 10),
                    "due_amount": self.money("100", "50"),
                },
                ("contract_id", "due_date"),
            ),
            "receipts": self.rows(
                4,
                lambda n: {
                    "receipt_id": f"R{n}",
                    "contract_id": self.pick(["C0", "C1", "C2"], 0.1),
                    "received_date": self.day(200, 10),
                    "amount": self.money("50", "100", "99.99"),
                },
                ("receipt_id",),
            ),
            "village_entries": self.rows(
                8,
                lambda n: {
                    "entry_id": f"V{n}",
                    "division_code": self.pick(VILLAGES),
                    "date": self.day(100, 10),
                    "direction": self.pick(["支出", "支出", "收入"]),
                    "amount": self.money("49999.99", "50000", "60000"),
                    "payee_name": self.pick(["甲公司", "乙基金管理有限公司", "张三"], 0.3),
                    "payee_id": self.pick([FIRMS[0], PERSONS[0]], 0.5),
                },
                ("entry_id",),
            ),
            "fuel_fills": self.rows(8, fill, ("fill_id",)),
        }
