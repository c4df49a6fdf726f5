"""All papers of a project: stages, tender and bids, contract, reports, payments, settlement, changes. Here everything is
in order; the stated cases change single facts of such a dossier (`troubles`)."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from qingqu.demo.days import Days
from qingqu.demo.projects import Project, Tender
from qingqu.demo.words import BUILDERS, ORDINARY
from qingqu.demo.works import Payment, Report, works

# item, unit, unit price in fen
ITEMS = (
    ("土方开挖", "m3", 1_860), ("C25混凝土路面", "m2", 9_850), ("碎石基层", "m3", 16_200), ("浆砌片石挡墙", "m3", 38_600),
    ("钢筋制安", "t", 562_000), ("砖砌体", "m3", 51_300), ("墙面抹灰", "m2", 2_970), ("给排水管道", "m", 8_450),
)  # fmt: skip


class Stage(NamedTuple):
    """One step of the approved process: planned and done."""

    name: str
    planned: date
    actual: date | None


class Bid(NamedTuple):
    """One bid; `firm` an index in BUILDERS, `amount` in fen."""

    tender_id: str
    firm: int
    amount: int
    status: str
    day: date
    minute: int
    phone: str = ""


class Contract(NamedTuple):
    """A works contract; `firm` an index in BUILDERS, `amount` in fen."""

    contract_id: str
    project_id: str
    tender_id: str
    owner: str
    town: int
    firm: int
    amount: int
    signed: date
    start: date
    end: date


class Item(NamedTuple):
    """One line of a settlement; quantities in hundredths, price in fen; `measured` None: nobody has measured it."""

    name: str
    unit: str
    billed: int
    measured: int | None
    price: int


class Change(NamedTuple):
    """A change order; `amount` in fen."""

    change_id: str
    day: date
    amount: int


@dataclass
class Dossier:
    """One project with its papers."""

    project: Project
    stages: list[Stage] = field(default_factory=list)
    bids: list[Bid] = field(default_factory=list)
    contract: Contract | None = None
    payments: list[Payment] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    paid_of_due: int = 100  # what was paid, in per cent of what was due

    def plan(self, as_of: date) -> list[tuple[date, int]]:
        """What is due when, in fen: each payment on its day, and one instalment that lies ahead."""
        due: dict[date, int] = {}
        for pay in self.payments:
            due[pay.paid] = due.get(pay.paid, 0) + -(-pay.amount * 100 // self.paid_of_due)
        ahead = max(self.project.planned_finish, as_of) + timedelta(days=60)
        return [*sorted(due.items()), (ahead, self.project.amount // 20)]


def dossier(one: Project, known: Days, seed: int) -> Dossier:
    """The papers of a project in which nothing is wrong beyond what the project itself says."""
    rng = random.Random(f"{seed}/papers/{one.project_id}")
    payments, reports = works(one, known, seed)
    made = Dossier(one, stages(one, known), [], contract(one, known, rng), payments, reports)
    if one.tender and one.tender.deadline < known.tenders:
        made.bids = bids(one.tender, known, rng)
    if one.accepted and one.accepted <= known.told:
        made.items = items(one, rng)
    if one.started and one.started <= known.told and rng.random() < 0.3:
        day = one.started + timedelta(days=rng.randint(20, 90))
        if day <= known.told:
            made.changes = [Change(f"BG-{one.project_id}-01", day, one.amount // 200 // 10_000 * 10_000)]
    return made


def stages(one: Project, known: Days) -> list[Stage]:
    """Planned and actual dates of the process. What an authority has put off, with its reason, is planned anew."""
    told, later = known.told, known.as_of + timedelta(days=90)

    def step(name: str, planned: date, actual: date | None) -> Stage:
        done = actual if actual and actual <= told else None
        if done is None and (one.reason or (actual and actual > told)):
            planned = max(planned, later)
        return Stage(name, planned, done)

    tender = one.tender
    published = tender.published if tender else None
    awarded = tender.awarded if tender else None
    return [
        step("立项批复", one.approved - timedelta(days=20), one.approved - timedelta(days=24)),
        step("概算批复", one.approved, one.approved),
        step("招标公告", published or one.planned_start - timedelta(days=90), published),
        step("中标", awarded or one.planned_start - timedelta(days=45), awarded),
        step("开工", one.planned_start, one.started),
        step("竣工", one.planned_finish, one.finished),
        step("竣工验收", one.planned_finish + timedelta(days=120), one.accepted),
    ]


def late(steps: list[Stage], as_of: date) -> int:
    """Days by which the most delayed step is late; 0 when none is."""
    return max(
        ((as_of - one.planned).days for one in steps if one.actual is None and one.planned < as_of), default=0
    )


def contract(one: Project, known: Days, rng: random.Random) -> Contract | None:
    """Signed within the statutory thirty days after the award; one in ten on the thirtieth day."""
    tender = one.tender
    if tender is None or tender.awarded is None:
        return None
    signed = tender.awarded + timedelta(days=rng.choice((30, *range(6, 24))))
    if signed > known.told:
        return None
    return Contract(
        f"HT-{one.project_id}", one.project_id, tender.tender_id, one.owner, one.town, tender.winner, tender.award, signed,
        one.started or one.planned_start, one.planned_finish,
    )  # fmt: skip


def bids(tender: Tender, known: Days, rng: random.Random) -> list[Bid]:
    """Three to five bids of different firms, no two alike, none in a series."""
    winner = tender.winner % len(BUILDERS)
    others = rng.sample([firm for firm in range(ORDINARY) if firm != winner], rng.randint(2, 4))
    while True:
        amounts = [
            tender.award * rng.randint(10_050, 10_450) // 10_000 + rng.randint(1, 999_999) for _ in others
        ]
        if not patterned([tender.award, *amounts]):
            break
    awarded = tender.awarded is not None and tender.awarded < known.tenders
    rows = [
        Bid(
            tender.tender_id,
            winner,
            tender.award,
            "有效标" if awarded else "",
            tender.deadline,
            rng.randint(0, 50),
        )
    ]
    for firm, amount in zip(others, amounts, strict=True):
        status = rng.choice(("有效标", "有效标", "有效标", "否决投标")) if awarded else ""
        rows.append(Bid(tender.tender_id, firm, amount, status, tender.deadline, rng.randint(0, 55)))
    return rows


def patterned(amounts: list[int]) -> bool:
    """Whether two amounts are equal or three make an arithmetic or geometric series."""
    if len(set(amounts)) < len(amounts):
        return True
    return any(
        middle - low == high - middle or middle * middle == low * high
        for low, middle, high in combinations(sorted(amounts), 3)
    )


def items(one: Project, rng: random.Random) -> list[Item]:
    """Four to six lines, billed as measured or within one per cent of it."""
    made = []
    for name, unit, price in rng.sample(ITEMS, rng.randint(4, 6)):
        measured = rng.randint(20, 900) * 100
        made.append(Item(name, unit, measured * rng.choice((100, 100, 99, 101)) // 100, measured, price))
    return made


def firm_bid(tender: Tender, firm: int, amount: int, **more: str) -> Bid:
    """One valid bid of a stated firm."""
    return Bid(
        tender.tender_id, firm, amount, "有效标", tender.deadline, 10 + firm % 40, more.get("phone", "")
    )
