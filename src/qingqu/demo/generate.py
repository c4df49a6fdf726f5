"""Writes the demo county's files: seeded, the same for the same day, seed and size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from qingqu.base.clock import start_of_day
from qingqu.base.errors import Refusal
from qingqu.demo import benefits, layouts, people_files, planting, society
from qingqu.demo import people as folk
from qingqu.demo.days import Days, deliveries
from qingqu.demo.files import Sent
from qingqu.demo.irregularities import CASES, Irregularity, project_cases
from qingqu.demo.places import Member, Office, Place, members, offices, places
from qingqu.demo.projects import Project, projects
from qingqu.demo.sheets import write_csv
from qingqu.demo.works import Payment, Report, works

SEED = 990101
PEOPLE = 300_000
LEAST, MOST = 50_000, 1_000_000
PROJECTS = 260  # of a county of PEOPLE
STATED = "预设的异常.csv"


@dataclass(frozen=True)
class DemoCounty:
    """What was written: the official list of divisions, the files in the order in which they came, who is
    there, and what the rules must find: these and no others."""

    as_of: date
    division_list: Path
    divisions: tuple[Place, ...]
    organisations: tuple[Office, ...]
    people: tuple[Member, ...]
    files: tuple[Sent, ...]
    stated: tuple[Irregularity, ...]


def project_count(people: int) -> int:
    """How many projects a county of so many people has; refuses sizes that nobody tried."""
    if not LEAST <= people <= MOST:
        raise Refusal(f"示范县的人口请在 {LEAST} 至 {MOST} 之间。", code="demo_size")
    return max(PROJECTS * people // PEOPLE, len(CASES) + 20)


def generate(
    folder: Path,
    *,
    as_of: date,
    seed: int = SEED,
    people: int = PEOPLE,
    progress: Callable[[str], None] = print,
) -> DemoCounty:
    """Writes every file into the folder (made if missing), tells of each as it lies there, and what is in them. Raises
    Refusal for a size outside LEAST to MOST, before anything is written."""
    count = project_count(people)
    known = deliveries(as_of)
    folder.mkdir(parents=True, exist_ok=True)
    division_list = folder / "明山县统计用区划代码.csv"
    layouts.write_divisions(division_list, places())
    files, stated = list[Sent](), list[Irregularity]()
    parts = (
        people_parts(folder, known, seed, people, stated),
        project_parts(folder, known, seed, count, stated),
    )
    for sent in chain(*parts):
        progress(f"　{sent.path.name}：{sent.rows:,} 行")
        files.append(sent)
    _write_stated(folder / STATED, stated)
    return DemoCounty(
        as_of, division_list, places(), offices(), members(), tuple(files), tuple(stated),
    )  # fmt: skip


def people_parts(
    folder: Path, known: Days, seed: int, count: int, stated: list[Irregularity]
) -> Iterator[Sent]:
    """Writes the files about people and adds their stated cases."""
    everybody = folk.make(count, known.as_of, seed)
    given, society_ = benefits.make(everybody, known, seed), society.make(everybody, known, seed)
    stated += planting.stated(list(planting.plant(everybody, given, society_, known)), known)
    yield from people_files.write(folder, everybody, given, society_, known)


def project_parts(
    folder: Path, known: Days, seed: int, count: int, stated: list[Irregularity]
) -> Iterator[Sent]:
    """Writes the files about projects and adds their stated cases."""
    stated += project_cases(known.as_of)
    yield from _files(folder, projects(known, count=count, seed=seed), known, seed)


def _write_stated(path: Path, stated: list[Irregularity]) -> None:
    rows = ((one.rule, one.level, one.subject_key, one.name, one.why) for one in stated)
    write_csv(path, "utf-8-sig", ("规则", "灯", "对象", "名称", "实情"), rows)


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
        _sent("projects", "development_reform", second, known.projects, len(now), whole=True),
        _sent("tenders", "public_resource_trading", tenders, known.tenders, tendered),
        _sent("progress_reports", "project_owner", reports_file, known.progress_reports, len(reported)),
    )  # fmt: skip


def _sent(dataset: str, department: str, path: Path, day: date, rows: int, *, whole: bool = False) -> Sent:
    return Sent(dataset, department, path, start_of_day(day), rows, whole)
