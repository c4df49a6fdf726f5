"""Builds the demo county through the same doors as a real one: divisions, people, files, rules."""

import csv
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from qingqu.base.clock import start_of_day
from qingqu.base.errors import Refusal
from qingqu.demo import files
from qingqu.demo.words import ORGANISATIONS, OWNERS, PEOPLE, TOWNS, VILLAGE_FIRST, VILLAGE_LAST
from qingqu.exchange.actions import Wish, import_file
from qingqu.exchange.models import Import
from qingqu.orgs.actions import add_organisation, add_person, give_post, load_divisions, system_operator
from qingqu.orgs.division_list import read_list
from qingqu.orgs.models import Division, Organisation, Person
from qingqu.watch.actions import run_rules
from qingqu.watch.models import Warning
from qingqu.watch.rules import published

COUNTY = "990101000000"
NEIGHBOUR = "990102000000"
PROJECTS = 260


@dataclass(frozen=True)
class Summary:
    """What stands in the demo county."""

    password: str
    people: tuple[tuple[str, str], ...]
    warnings: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """For `demo --json`."""
        people = [{"username": username, "who": who} for username, who in self.people]
        return {"password": self.password, "people": people, "warnings": self.warnings}


def build(*, now: datetime, say: Callable[[str], None], count: int = PROJECTS) -> Summary:
    """Makes the county, once; a home that holds another county's data is left alone."""
    note = Path(settings.QINGQU_HOME) / "keys" / "demo"
    if not note.exists():
        if Import.objects.exists() or Division.objects.exclude(code__startswith="9901").exists():
            raise Refusal("这个状态目录里已有别的数据，示范县不能建在这里，请另设 QINGQU_HOME。", code="home")
        password = secrets.token_hex(5)
        with tempfile.TemporaryDirectory() as folder:
            say("区划、单位和人员")
            _places(Path(folder), now)
            _people(password, now)
            say("部门文件，经导入器入库")
            _files(Path(folder), now, count)
        say("运行规则")
        _rules(now)
        note.touch(mode=0o600)
        note.write_text(password)
    names = {who.username: who.name for who in Person.objects.all()}
    people = tuple(
        (username, f"{names[username]}  {title}")
        for username, _, _, _, title, _ in PEOPLE
        if username in names
    )
    levels: dict[str, int] = {}
    for level in Warning.objects.open().values_list("level", flat=True):
        levels[level] = levels.get(level, 0) + 1
    return Summary(note.read_text(), people, levels)


def _places(folder: Path, now: datetime) -> None:
    path = folder / "区划代码.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("代码", "名称", "城乡分类代码"))
        writer.writerows(((COUNTY, "明山县", ""), (NEIGHBOUR, "北川原县", "")))
        for town, name in enumerate(TOWNS, 1):
            writer.writerow((f"990101{town:03d}000", name, ""))
            for village in range(1, 16):
                words = VILLAGE_FIRST[village - 1] + VILLAGE_LAST[town - 1]
                writer.writerow((f"990101{town:03d}{200 + village:03d}", words, "220"))
    rows, sha256 = read_list(path)
    load_divisions(rows=rows, source=sha256, by=system_operator(), now=now)


def _people(password: str, now: datetime) -> None:
    by, today = system_operator(), now.date()
    places = {division.code: division for division in Division.objects.all()}
    for code, name, short, kind in ORGANISATIONS:
        add_organisation(
            code=code, name=name, short_name=short, kind=kind, division=places[COUNTY], by=by, now=now
        )
    for code, name in OWNERS:
        add_organisation(code=code, name=name, kind="project_owner", division=places[COUNTY], by=by, now=now)
    organisations = {item.code: item for item in Organisation.objects.all()}
    for username, name, office, role, title, town in PEOPLE:
        person = add_person(username=username, name=name, password=password, by=by, now=now)
        area = NEIGHBOUR if office.startswith("neighbour") else COUNTY
        area = f"990101{town + 1:03d}000" if town is not None else area
        give_post(
            person=person, organisation=organisations[office], role=role, title=title, division=places[area],
            valid_from=today - timedelta(days=400), by=by, now=now,
        )  # fmt: skip


def _files(folder: Path, now: datetime, count: int) -> None:
    today = now.date()
    made = files.projects(today, count)
    earlier = [one for one in made if one.approved < today - timedelta(days=100)]
    first, second = folder / f"{today.year}年重点项目（第一批）.xlsx", folder / f"{today.year}年重点项目.xlsx"
    files.write_projects(first, earlier, "明山县重点项目清单（第一批）")
    files.write_projects(second, made, "明山县重点项目清单")
    files.write_tenders(folder / "招标.csv", made)
    files.write_payments(folder / "项目支付明细.xlsx", made)
    files.write_reports(folder / "进度月报.csv", made)
    arrivals = (
        ("projects", "development_reform", first, 95), ("projects", "development_reform", second, 4),
        ("tenders", "public_resource_trading", folder / "招标.csv", 3), ("payments", "finance", folder / "项目支付明细.xlsx", 2),
        ("progress_reports", "project_owner", folder / "进度月报.csv", 2),
    )  # fmt: skip
    for dataset, department, path, days_ago in arrivals:
        known_at = start_of_day(today - timedelta(days=days_ago))
        wish = Wish(dataset, department, path.name, "", known_at)
        result = import_file(path=path, wish=wish, by=system_operator(), now=now)
        if result["rejected"]:
            raise Refusal(f"示范文件 {path.name} 有 {result['rejected']} 行没有通过检查。", code="demo")


def _rules(now: datetime) -> None:
    run_rules(rules=published(), as_of=now.date(), known_at=now, by=system_operator(), now=now)
