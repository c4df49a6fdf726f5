"""The county's projects as they really went: the stated cases first, then noise in which everything is in order."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qingqu.demo.days import Days
from qingqu.demo.irregularities import CASES, Case, approved, code, project_id
from qingqu.demo.places import VILLAGES, village_name
from qingqu.demo.words import AGENTS, DELAY_REASONS, KINDS, ORDINARY, REMARKS, TOWNS

WAN = 1_000_000  # fen in 万元: all money here is whole fen, never a float
FUTURE, EXCUSED = (
    0.17,
    0.20,
)  # shares of the noise: planned for later; up to here, late with a recorded reason
HISTORY = 36 * 30  # days
RURAL = ("村道", "标准化卫生室", "通组", "山塘", "渠道", "戏台", "文化礼堂", "机耕", "高标准", "人工湿地")


@dataclass(frozen=True)
class Tender:
    """One tender; money in fen. `awarded` may lie after what a file can tell."""

    tender_id: str
    method: str
    published: date
    deadline: date
    awarded: date | None
    control: int
    award: int
    winner: int
    agent: int


@dataclass(frozen=True)
class Project:
    """One invented project with all that will have happened to it; money in fen, `town` an index in TOWNS.
    `amount_before`: the approved amount until it was `adjusted`; `reasoned`: when the delay reason was recorded;
    `place`: the village's code, where it is known."""

    project_id: str
    name: str
    kind: str
    owner: str
    town: int
    approved: date
    planned_start: date
    planned_finish: date
    feasibility: int
    amount: int
    amount_before: int
    adjusted: date | None = None
    started: date | None = None
    finished: date | None = None
    accepted: date | None = None
    statistics: date | None = None
    reason: str = ""
    reasoned: date | None = None
    tender: Tender | None = None
    remark: str = ""
    place: str = ""

    @property
    def division(self) -> str:
        """The division's code as the approving bureau writes it: nine digits of the town, or the village's twelve."""
        return self.place or TOWNS[self.town][0][:9]

    def known(self, day: date) -> "Project":
        """The project as it stood in the evening of the day: later facts are blank."""
        return replace(
            self,
            amount=self.amount_before if self.adjusted and self.adjusted > day else self.amount,
            started=_until(self.started, day),
            finished=_until(self.finished, day),
            accepted=_until(self.accepted, day),
            statistics=_until(self.statistics, day),
            reason="" if self.reasoned and self.reasoned > day else self.reason,
        )


def _until(when: date | None, day: date) -> date | None:
    return when if when is not None and when <= day else None


def projects(known: Days, *, count: int, seed: int) -> tuple[Project, ...]:
    """`count` projects, at least the stated ones; the same for the same days and seed."""
    stated = tuple(_stated(case, known, _own(seed, number)) for number, case in enumerate(CASES, 1))
    return stated + tuple(_noise(len(stated) + 1, count, known, seed, {one.name for one in stated}))


def _own(seed: int, number: int) -> random.Random:
    """Each project draws from its own source, so that one more or less changes no other."""
    return random.Random(f"{seed}/{number}")


def _stated(case: Case, known: Days, rng: random.Random) -> Project:
    start = case.planned(known)
    started = case.started(known) if case.started else None
    amount = case.amount * WAN
    reasoned = None
    if case.reason:
        reasoned = (
            known.told - timedelta(days=8) if case.late_reason else known.told_before - timedelta(days=8)
        )
    tender = None
    if case.tender != "none":
        day = min(start, started or start)
        tender = _tender(f"{CASES.index(case) + 1:04d}", day, amount, (50, 40), rng)
        tender = tender if case.tender == "awarded" else replace(tender, awarded=None)
    return Project(
        project_id=project_id(case, known), name=case.name, kind=case.kind, owner=case.owner, town=case.town,
        approved=approved(case, known), planned_start=start, planned_finish=start + timedelta(days=rng.randint(460, 640)),
        feasibility=amount * 103 // 100, amount=amount, amount_before=amount, started=started, reason=case.reason,
        reasoned=reasoned, tender=tender,
    )  # fmt: skip


def _noise(first: int, last: int, known: Days, seed: int, taken: set[str]) -> Iterator[Project]:
    for number in range(first, last + 1):
        rng = _own(seed, number)
        kind = rng.choice(tuple(KINDS))
        town = rng.randrange(len(TOWNS))
        name = _name(kind, town, taken, rng)
        taken.add(name)
        yield _ordinary(number, kind, town, name, known, rng)


def _name(kind: str, town: int, taken: set[str], rng: random.Random) -> str:
    work = rng.choice(KINDS[kind].works)
    rural = work.startswith(RURAL) and not TOWNS[town][1].endswith("街道")
    whole = f"{TOWNS[town][1]}{village_name(town, rng.randrange(VILLAGES)) if rural else ''}{work}工程"
    stages = (whole, *(f"{whole}{stage}期" for stage in "二三四五六七八九"))
    return next((name for name in stages if name not in taken), f"{whole}{len(taken)}标")


def _ordinary(number: int, kind: str, town: int, name: str, known: Days, rng: random.Random) -> Project:
    """A project that no rule should notice."""
    spec = KINDS[kind]
    length, fate = rng.randint(*spec.days), rng.random()
    amount = rng.randint(spec.size[0] * 10, spec.size[1] * 10) * WAN // 10
    lead, owner = rng.randint(130, 240), rng.choice(spec.owners)
    reason, started = "", None
    if fate < FUTURE:
        start = known.as_of + timedelta(days=rng.randint(2, 260))
        day = min(start - timedelta(days=lead), known.told - timedelta(days=rng.randint(3, 60)))
    elif fate < EXCUSED:
        start = known.told - timedelta(days=rng.randint(10, 200))
        day, length, reason = start - timedelta(days=lead), length + 300, rng.choice(DELAY_REASONS)
    else:
        start = known.told - timedelta(days=rng.randint(0, HISTORY))
        day, started = start - timedelta(days=lead), _started(start, known.told, rng)
    one = Project(
        project_id=code(day.year, kind, number), name=name, kind=kind, owner=owner, town=town, approved=day,
        planned_start=start, planned_finish=start + timedelta(days=length),
        feasibility=amount * rng.randint(99, 108) // 100 // WAN * WAN, amount=amount, amount_before=amount, started=started,
        reason=reason, reasoned=max(day, start - timedelta(days=9)) if reason else None,
        tender=_tender(f"{number:04d}", started or start, amount, (rng.randint(46, 60), rng.randint(50, 60)), rng),
        remark=rng.choice(REMARKS),
    )  # fmt: skip
    return _adjusted(_ended(one, known, rng), known, rng) if started else one


def _started(planned: date, told: date, rng: random.Random) -> date:
    late = rng.choice((0, 0, 0, 0, 0, -3, -7, 4, 9, 18, 30, 45))
    actual = planned + timedelta(days=late)
    return actual if actual <= told else planned


def _ended(one: Project, known: Days, rng: random.Random) -> Project:
    """Finished in time if it should be, then accepted; large ones stand in the statistics."""
    early, back, wait, entered = (
        rng.randint(0, 20),
        rng.randint(0, 15),
        rng.randint(15, 60),
        rng.randint(10, 40),
    )
    if one.started and one.amount >= 500 * WAN:
        one = replace(one, statistics=_until(one.started + timedelta(days=entered), known.told))
    if one.planned_finish > known.as_of:
        return one
    finished = min(one.planned_finish - timedelta(days=early), known.told - timedelta(days=back))
    return replace(one, finished=finished, accepted=_until(finished + timedelta(days=wait), known.told))


def _adjusted(one: Project, known: Days, rng: random.Random) -> Project:
    """Now and then the approved amount of a running project was raised between the last two deliveries."""
    if rng.random() > 0.06 or one.finished:
        return one
    more = one.amount * rng.randint(102, 108) // 100 // WAN * WAN
    day = known.told_before + timedelta(days=rng.randint(2, 20))
    return replace(one, amount=max(more, one.amount), adjusted=day)


def _tender(number: str, start: date, amount: int, spans: tuple[int, int], rng: random.Random) -> Tender:
    """A tender awarded `spans[0]` days before the start and published `spans[1]` days before the award."""
    awarded = start - timedelta(days=spans[0])
    published = awarded - timedelta(days=spans[1])
    method = "公开招标" if amount >= 400 * WAN else rng.choice(("公开招标", "邀请招标", "竞争性谈判"))
    if amount < 100 * WAN:
        method = rng.choice(("竞争性谈判", "询价"))
    control = amount * rng.randint(92, 97) // 100 // 10_000 * 10_000
    return Tender(
        f"MSZB{published.year}-{number}", method, published, published + timedelta(days=24), awarded, control,
        control * rng.randint(930, 990) // 1000 // 10_000 * 10_000, rng.randrange(ORDINARY), rng.randrange(len(AGENTS)),
    )  # fmt: skip
