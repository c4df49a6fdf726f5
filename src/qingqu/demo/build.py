"""Builds the demo county through the same doors as a real one: divisions, people, files, rules. A home in which it was
begun is continued where it stopped; a home with anything else in it is refused."""

import json
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from qingqu.base.clock import SHANGHAI
from qingqu.base.errors import Refusal
from qingqu.demo.files import Sent
from qingqu.demo.generate import PEOPLE, DemoCounty, generate, project_count
from qingqu.demo.irregularities import Irregularity
from qingqu.demo.places import members, offices
from qingqu.exchange.actions import Wish, import_file
from qingqu.exchange.models import Import
from qingqu.orgs.actions import add_organisation, add_person, give_post, load_divisions, system_operator
from qingqu.orgs.division_list import read_list
from qingqu.orgs.models import Division, Organisation, Person, Post
from qingqu.watch.actions import run_rules
from qingqu.watch.models import Run, Warning
from qingqu.watch.rules import published

IN_OFFICE_FOR = timedelta(days=400)
OWN_ORGANISATION = "server"  # the command line's own office; every home has it


@dataclass(frozen=True)
class DemoSummary:
    """What stands in the demo county. `people`: (user name, who it is); `rows`: dataset → rows sent;
    `warnings`: level → open ones; `files`: where the departments' files
    lie; `stated`: what the rules must find."""

    as_of: date
    password: str
    people: tuple[tuple[str, str], ...]
    divisions: int
    organisations: int
    rows: dict[str, int]
    warnings: dict[str, int]
    files: Path
    stated: tuple[Irregularity, ...]

    def as_json(self) -> dict[str, object]:
        """For `demo --json`."""
        people = [{"username": username, "who": who} for username, who in self.people]
        return {**asdict(self), "as_of": self.as_of.isoformat(), "people": people, "files": str(self.files)}


def build(*, now: datetime, progress: Callable[[str], None], people: int = PEOPLE) -> DemoSummary:
    """Makes the county, once, as it stands on `now`'s day; a later call finds it and leaves it as it is. `people`: its
    size. Raises Refusal in a home that holds other data."""
    home = Path(settings.QINGQU_HOME)
    note = _begun(home, now, people)
    if not note.rows:
        progress("部门文件，按各部门自己的样子写出")
        county = generate(home / "demo", as_of=note.as_of, people=note.people, progress=progress)
        progress("区划、单位和人员")
        _places(county, now)
        _people(county, note.password, now)
        progress("部门文件，经导入器入库")
        for sent in county.files:
            _import(sent, now)
            progress(f"　{sent.path.name}：{sent.rows:,} 行已入库")
        progress("运行规则")
        _rules(note.as_of, now)
        note = replace(note, rows=_rows(county), stated=county.stated)
        _write(home, note)
    return _summary(home, note)


@dataclass(frozen=True)
class _Note:
    """What a home remembers of its demo: its day, its size, its people's password; `rows` (dataset → rows sent)
    only when it is finished."""

    as_of: date
    people: int
    password: str
    rows: dict[str, int] = field(default_factory=dict)
    stated: tuple[Irregularity, ...] = ()


def _begun(home: Path, now: datetime, people: int) -> _Note:
    """The home's note; written before the first row, so that a broken start is continued and not refused."""
    try:
        found = json.loads((home / "demo" / "county.json").read_text("utf-8"))
        password = (home / "keys" / "demo").read_text("utf-8")
        return _Note(
            date.fromisoformat(found["as_of"]),
            int(found["people"]),
            password,
            dict(found["rows"]),
            tuple(Irregularity(*one) for one in found["stated"]),
        )
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(
            "示范县的记录 demo/county.json 读不懂，请另设 QINGQU_HOME 重建。", code="demo_note"
        ) from error
    if _holds_other_data():
        raise Refusal("这个状态目录里已有别的数据，示范县不能建在这里，请另设 QINGQU_HOME。", code="home")
    fresh = _Note(now.astimezone(SHANGHAI).date(), people, secrets.token_hex(5))
    project_count(people)
    _write(home, fresh)
    return fresh


def _holds_other_data() -> bool:
    return (
        Import.objects.exists()
        or Division.objects.exists()
        or Organisation.objects.exclude(code=OWN_ORGANISATION).exists()
        or Person.objects.exclude(pk=system_operator().pk).exists()
    )


def _write(home: Path, note: _Note) -> None:
    for folder in (home / "demo", home / "keys"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {"as_of": note.as_of.isoformat(), "people": note.people, "rows": note.rows,
            "stated": [astuple(one) for one in note.stated]}  # fmt: skip
    _put(home / "keys" / "demo", note.password)
    _put(home / "demo" / "county.json", json.dumps(told))


def _put(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner only."""
    beside = path.with_name(f".{path.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _places(county: DemoCounty, now: datetime) -> None:
    by = system_operator()
    rows, sha256 = read_list(county.division_list)
    load_divisions(rows=rows, source=sha256, by=by, now=now)
    known = set(Organisation.objects.values_list("code", flat=True))
    where = {division.code: division for division in Division.objects.all()}
    for one in county.organisations:
        if one.code not in known:
            add_organisation(
                code=one.code, name=one.name, kind=one.kind, short_name=one.short_name, division=where[one.place],
                credit_code=one.credit_code, by=by, now=now,
            )  # fmt: skip


def _people(county: DemoCounty, password: str, now: datetime) -> None:
    by, since = system_operator(), county.as_of - IN_OFFICE_FOR
    where = {division.code: division for division in Division.objects.all()}
    held = {organisation.code: organisation for organisation in Organisation.objects.all()}
    for one in county.people:
        person = Person.objects.filter(username=one.username).first()
        if person is None:
            person = add_person(username=one.username, name=one.name, password=password, by=by, now=now)
        if not Post.objects.filter(person=person).exists():
            give_post(
                person=person, organisation=held[one.office], role=one.role, title=one.title, division=where[one.place],
                valid_from=since, by=by, now=now,
            )  # fmt: skip


def _rows(county: DemoCounty) -> dict[str, int]:
    """Dataset → rows of its files; a whole list that came again counts once."""
    told: dict[str, int] = {}
    for sent in county.files:
        told[sent.dataset] = sent.rows + (0 if sent.whole else told.get(sent.dataset, 0))
    return told


def _import(sent: Sent, now: datetime) -> None:
    """One file through the importer, unless it went through before a broken start."""
    done = Import.objects.filter(dataset=sent.dataset, file_name=sent.path.name, state="committed")
    if done.exists():
        return
    wish = Wish(
        dataset=sent.dataset,
        department=sent.department,
        file_name=sent.path.name,
        period="",
        known_at=sent.known_at,
    )
    result = import_file(path=sent.path, wish=wish, by=system_operator(), now=now)
    if result["rejected"]:
        raise Refusal(f"示范文件 {sent.path.name} 有 {result['rejected']} 行没有通过检查。", code="demo_file")


def _rules(as_of: date, now: datetime) -> None:
    if not Run.objects.exists():
        run_rules(
            rules=published(as_of=as_of),
            as_of=as_of,
            known_at=now,
            by=system_operator(),
            now=now,
            stock=False,
        )


def _summary(home: Path, note: _Note) -> DemoSummary:
    levels = Counter(Warning.objects.open().values_list("level", flat=True))
    names = {office.code: office.name for office in offices()}
    return DemoSummary(
        as_of=note.as_of, password=note.password,
        people=tuple((one.username, f"{one.name}  {names[one.office]} {one.title}") for one in members()),
        divisions=Division.objects.count(), organisations=len(names), rows=note.rows,
        warnings=dict(sorted(levels.items())), files=home / "demo", stated=note.stated,
    )  # fmt: skip
