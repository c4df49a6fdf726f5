"""The demo county raises exactly its stated irregularities, through the real doors, once."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from qingqu.base.clock import SHANGHAI
from qingqu.base.errors import Refusal
from qingqu.demo import build as building
from qingqu.demo.generate import DemoCounty, generate
from qingqu.demo.irregularities import CASES
from qingqu.demo.people_cases import PEOPLE_CASES
from qingqu.demo.places import members
from qingqu.demo.trouble_cases import TROUBLES
from qingqu.demo.village_cases import VILLAGE_CASES
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.sources import export_rows
from qingqu.ledger.models import Entry
from qingqu.orgs.models import Division, Organisation, Person
from qingqu.watch.models import Run, Warning
from qingqu.watch.rules import published

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=SHANGHAI)
LATER = datetime(2026, 6, 14, 9, 0, tzinfo=SHANGHAI)
DATASETS = ("projects", "tenders", "payments", "progress_reports")
MARKS = {"red": "▲ 红色", "orange": "◆ 橙色", "yellow": "■ 黄色"}
PAGE = Path(__file__).parents[4] / "docs" / "use" / "demo.md"


def build(now: datetime = NOW) -> building.DemoSummary:
    return building.build(now=now, progress=lambda text: None, people=50_000)


@pytest.fixture(scope="module")
def small_county(tmp_path_factory) -> DemoCounty:
    return generate(
        tmp_path_factory.mktemp("files"), as_of=NOW.date(), people=50_000, progress=lambda text: None
    )


@pytest.fixture
def projects_only(monkeypatch, small_county):
    """A county that sends no files but those about projects: for what does not depend on the others."""
    files = tuple(sent for sent in small_county.files if sent.dataset in DATASETS)
    told = tuple(one for one in small_county.stated if one.rule == "P47")
    fewer = replace(small_county, files=files, stated=told)
    monkeypatch.setattr(building, "generate", lambda *words, **more: fewer)


def raised() -> set[tuple[str, str, str]]:
    return set(Warning.objects.values_list("rule_code", "subject_key", "level"))


def expected(summary: building.DemoSummary) -> set[tuple[str, str, str]]:
    """What the rules that are live must find, of what was handed in."""
    live = {rule.code for rule in published()}
    return {(one.rule, one.subject_key, one.level) for one in summary.stated if one.rule in live}


def counts() -> list[int]:
    return [
        model.objects.count()
        for model in (Import, Snapshot, Division, Organisation, Person, Run, Warning, Entry)
    ]


@pytest.mark.django_db
def test_the_run_raises_the_stated_irregularities_and_nothing_else(home):
    told: list[str] = []
    summary = building.build(now=NOW, progress=told.append, people=50_000)
    assert raised() == expected(summary)
    assert sum(summary.warnings.values()) == len(expected(summary))
    assert Division.objects.filter(level="village").count() == 180
    imported = Import.objects.filter(state="committed")
    assert imported.count() == Import.objects.count() == sum("已入库" in line for line in told) > 20
    assert set(imported.values_list("dataset", flat=True)) == set(summary.rows)
    assert Person.objects.get(username="chenli").check_password(summary.password)
    assert len(summary.password) >= 10
    assert summary.as_json()["as_of"] == "2026-06-10"
    assert len(list(export_rows("population", None))) == 50_000
    assert [len(list(export_rows(name, None))) for name in DATASETS] == [
        summary.rows[name] for name in DATASETS
    ]
    hospital = Warning.objects.get(rule_code="P47", subject_name="县人民医院门诊楼")
    assert (hospital.level, hospital.organisation_code) == ("red", "county_hospital")
    visible = {one.username: Warning.objects.visible_to(one).count() for one in Person.objects.all()}
    assert visible["chenli"] == len(expected(summary)) > visible["linhe"]
    assert visible["fanmin"] >= 1
    assert [visible[name] for name in ("qinmo", "zhouyu", "guowei", "qixun", "shenan")] == [0] * 5
    own = Warning.objects.visible_to(Person.objects.get(username="miaoqin"))
    assert {one.division_code for one in own} == {"990101100201"}, "her own village's, and no other's"


@pytest.mark.django_db
def test_a_second_call_finds_the_county_and_leaves_it_as_it_is(home, projects_only):
    first, before = build(), counts()
    said: list[str] = []
    assert build(LATER) == building.build(now=LATER, progress=said.append) == first
    assert said == []
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["_people", "_import", "_write"])
def test_a_broken_start_is_continued_and_nothing_is_doubled(home, projects_only, monkeypatch, step):
    real, calls = getattr(building, step), []

    def broken(*words):
        calls.append(words)
        if len(calls) == 2 or step == "_people":
            raise KeyboardInterrupt
        return real(*words)

    with monkeypatch.context() as patched:
        patched.setattr(building, step, broken)
        with pytest.raises(KeyboardInterrupt):
            build()
    summary = build(LATER)
    assert {one for one in raised() if one[0] == "P47"} == expected(summary)
    assert summary.as_of == NOW.date()
    assert (Import.objects.count(), Run.objects.count()) == (5, 1)
    assert Person.objects.exclude(username="system").count() == len(members())
    assert Person.objects.get(username="fanmin").check_password(summary.password)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["division", "organisation", "person"])
def test_it_is_not_built_over_other_data(home, kind):
    if kind == "division":
        Division.objects.create(code="110000000000", name="别处", level="province")
    elif kind == "organisation":
        Organisation.objects.create(code="elsewhere", name="别处", kind="department")
    else:
        Person.objects.create(username="somebody", name="某人", ref="P-2026-0099")
    before = counts()
    with pytest.raises(Refusal, match="另设 QINGQU_HOME"):
        build()
    assert counts() == before
    assert not (home / "demo").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"as_of": "soon", "people": 1, "rows": {}}', '{"people": 1}']
)
def test_a_note_that_cannot_be_read_is_said_so(home, text):
    for folder in ("demo", "keys"):
        (home / folder).mkdir()
    (home / "keys" / "demo").write_text("0123456789")
    (home / "demo" / "county.json").write_text(text)
    with pytest.raises(Refusal, match=r"demo/county\.json"):
        build()


@pytest.mark.django_db
def test_a_size_that_nobody_tried_leaves_the_home_untouched(home):
    with pytest.raises(Refusal, match="人口"):
        building.build(now=NOW, progress=lambda text: None, people=5_000_000)
    assert not (home / "demo").exists()


def test_the_page_names_every_person_every_file_and_every_case(small_county):
    page = PAGE.read_text("utf-8")
    assert not [one.username for one in members() if f"`{one.username}`" not in page or one.name not in page]
    named = [sent.path.name for sent in small_county.files if not re.search(r"\d", sent.path.name)]
    assert len(named) > 20
    assert not [name for name in named if f"`{name}`" not in page]
    lines = page.splitlines()
    told = [({"P47": case.level} if case.level else {}, case.why) for case in CASES]
    told += [
        (case.levels, case.why) for case in (*PEOPLE_CASES, *TROUBLES, *VILLAGE_CASES) if case.why != "未招标"
    ]
    for levels, why in told:
        assert any(
            why in line and all(f"{rule} {MARKS[level]}" in line for rule, level in levels.items())
            for line in lines
        ), why
