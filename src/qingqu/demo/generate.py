"""Writes the demo county's files: seeded, the same for the same day, seed and size."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from qingqu.base.clock import start_of_day
from qingqu.base.errors import Refusal
from qingqu.demo import layouts
from qingqu.demo.days import Days, deliveries
from qingqu.demo.irregularities import CASES
from qingqu.demo.places import Member, Office, Place, members, offices, places
from qingqu.demo.projects import Project, projects
from qingqu.demo.works import Payment, Report, works

SEED = 990101
PEOPLE = 300_000
LEAST, MOST = 50_000, 1_000_000
PROJECTS = 260  # of a county of PEOPLE


@dataclass(frozen=True)
class Sent:
    """A department's file and the moment from which it counts as known."""

    dataset: str
    department: str
    path: Path
    known_at: datetime
    rows: int


@dataclass(frozen=True)
class DemoCounty:
    """What was written: the official list of divisions, the files in the order in which they came, and who is there."""

    as_of: date
    division_list: Path
    divisions: tuple[Place, ...]
    organisations: tuple[Office, ...]
    people: tuple[Member, ...]
    files: tuple[Sent, ...]


def project_count(people: int) -> int:
    """How many projects a county of so many people has; refuses sizes that nobody tried."""
    if not LEAST <= people <= MOST:
        raise Refusal(f"示范县的人口请在 {LEAST} 至 {MOST} 之间。", code="demo_size")
    return max(PROJECTS * people // PEOPLE, len(CASES) + 20)


def generate(folder: Path, *, as_of: date, seed: int = SEED, people: int = PEOPLE) -> DemoCounty:
    """Writes every file into the folder (made if missing) and tells what is in them. Raises Refusal for a size outside
    LEAST to MOST, before anything is written."""
    count = project_count(people)
    known = deliveries(as_of)
    every = projects(known, count=count, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    division_list = folder / "明山县统计用区划代码.csv"
    layouts.write_divisions(division_list, places())
    return DemoCounty(
        as_of, division_list, places(), offices(), members(), _files(folder, every, known, seed),
    )  # fmt: skip


def _files(folder: Path, every: tuple[Project, ...], known: Days, seed: int) -> tuple[Sent, ...]:
    paid: list[Payment] = []
    reported: list[Report] = []
    for one in every:
        payments, reports = works(one, known, seed)
        paid += payments
        reported += reports
    before = [one.known(known.told_before) for one in every if one.approved <= known.told_before]
    now = [one.known(known.told) for one in every]
    first = folder / f"{known.projects_before:%Y-%m}重点建设项目清单.xlsx"
    second = folder / f"{known.projects:%Y-%m}重点建设项目清单.xlsx"
    tenders = folder / f"招标交易台账{known.tenders:%Y%m%d}.csv"
    payments_file, reports_file = folder / "项目资金支付明细.xlsx", folder / "重点项目进度月报（汇总）.csv"
    layouts.write_projects(first, before, known.projects_before)
    layouts.write_projects(second, now, known.projects)
    layouts.write_payments(payments_file, paid, known.payments)
    layouts.write_reports(reports_file, reported)
    tendered = layouts.write_tenders(tenders, every, known.tenders)
    return (
        _sent("projects", "development_reform", first, known.projects_before, len(before)),
        _sent("payments", "finance", payments_file, known.payments, len(paid)),
        _sent("projects", "development_reform", second, known.projects, len(now)),
        _sent("tenders", "public_resource_trading", tenders, known.tenders, tendered),
        _sent("progress_reports", "project_owner", reports_file, known.progress_reports, len(reported)),
    )  # fmt: skip


def _sent(dataset: str, department: str, path: Path, day: date, rows: int) -> Sent:
    return Sent(dataset, department, path, start_of_day(day), rows)
