"""Writes the demo county's files: seeded, the same for the same day, seed and size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qingqu.base.clock import start_of_day
from qingqu.base.errors import Refusal
from qingqu.demo import layouts, people_files, village_files, works_files
from qingqu.demo.county import County, county
from qingqu.demo.days import Days
from qingqu.demo.dossiers import Dossier
from qingqu.demo.files import Sent
from qingqu.demo.irregularities import CASES, Irregularity
from qingqu.demo.places import Member, Office, Place, members, offices, places
from qingqu.demo.sheets import write_csv

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
    made = county(as_of, seed=seed, people=people, project_count=project_count(people))
    folder.mkdir(parents=True, exist_ok=True)
    division_list = folder / "明山县统计用区划代码.csv"
    layouts.write_divisions(division_list, places())
    files = list[Sent]()
    for sent in write_files(folder, made):
        progress(f"　{sent.path.name}：{sent.rows:,} 行")
        files.append(sent)
    _write_stated(folder / STATED, made.stated)
    return DemoCounty(
        as_of, division_list, places(), offices(), members(), tuple(files), tuple(made.stated),
    )  # fmt: skip


def write_files(folder: Path, made: County) -> Iterator[Sent]:
    """Writes every department's files; each is told as soon as it lies there."""
    yield from people_files.write(folder, made.people, made.benefits, made.society, made.known)
    yield from project_files(folder, made)
    yield from village_files.write(folder, made.villages, made.known)


def project_files(folder: Path, made: County) -> Iterator[Sent]:
    """Writes the files about projects."""
    yield from _files(folder, made.dossiers, made.known)
    firms = {one.code: one for one in made.society.companies}
    yield from works_files.write(folder, made.dossiers, firms, made.known)


def _write_stated(path: Path, stated: list[Irregularity]) -> None:
    rows = ((one.rule, one.level, one.subject_key, one.name, one.why) for one in stated)
    write_csv(path, "utf-8-sig", ("规则", "灯", "对象", "名称", "实情"), rows)


def _files(folder: Path, dossiers: list[Dossier], known: Days) -> tuple[Sent, ...]:
    every = [one.project for one in dossiers]
    paid = [pay for one in dossiers for pay in one.payments]
    reported = [report for one in dossiers for report in one.reports]
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
