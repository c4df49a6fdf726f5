"""Divisions, posts and rights: each write is one entry, each right ends with its post."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from qingqu.base.errors import Refusal
from qingqu.ledger.models import Content, Entry
from qingqu.orgs import access
from qingqu.orgs.access_doc import access_markdown
from qingqu.orgs.actions import (
    DivisionRow,
    add_organisation,
    add_person,
    declare_recusal,
    end_post,
    give_post,
    load_divisions,
    system_operator,
)
from qingqu.orgs.division_list import read_list
from qingqu.orgs.matrix import ROLE_NAMES, matrix
from qingqu.orgs.models import Division, Post
from tests.cast import NOW, make_cast

ROOT = Path(__file__).resolve().parents[4]
ROWS = [
    DivisionRow("990101000000", "明山县"),
    DivisionRow("990101001000", "明山镇"),
    DivisionRow("990101001201", "云溪村", "220"),
]


@pytest.mark.django_db
def test_every_write_about_people_and_places_is_one_entry():
    by = system_operator()
    before = Entry.objects.count()
    load_divisions(rows=ROWS, source="1" * 64, by=by, now=NOW)
    office = add_organisation(code="finance", name="县财政局", kind="department", by=by, now=NOW)
    person = add_person(username="luo", name="罗静", password="long-enough-1", by=by, now=NOW)
    post = give_post(
        person=person, organisation=office, role="data_steward", by=by, now=NOW, valid_from=NOW.date()
    )
    end_post(post=post, last_day=NOW.date(), by=by, now=NOW)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))[before:]
    assert verbs == ["division.loaded", "organisation.added", "person.added", "post.given", "post.ended"]
    leaves = " ".join(Entry.objects.values_list("leaf", flat=True))
    assert "罗静" not in leaves
    assert "罗静" in " ".join(Content.objects.values_list("facts", flat=True))


@pytest.mark.django_db
def test_an_official_list_is_taken_whole_and_the_same_list_changes_nothing(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(
        "名称,代码,城乡分类代码\n云溪村,990101001201,220\n明山镇,990101001,\n明山县,990101,\n".encode(
            "gb18030"
        )
    )
    rows, sha256 = read_list(path)
    by = system_operator()
    assert load_divisions(rows=rows, source=sha256, by=by, now=NOW)["inserted"] == 3
    assert load_divisions(rows=rows, source=sha256, by=by, now=NOW)["unchanged"] == 3
    village = Division.objects.get(code="990101001201")
    assert (village.level, village.parent.code, village.parent.parent.code) == (
        "village",
        "990101001000",
        "990101000000",
    )
    renamed = [DivisionRow("990101001201", "新云溪村", "220")]
    assert load_divisions(rows=renamed, source="2" * 64, by=by, now=NOW)["updated"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "空的"),
        ("a,b\n1,2\n", "第 1 行"),
        ("代码,名称\n9901,县\n", "第 2 行"),
        ("代码,名称\n990101,\n", "缺少名称"),
        ("代码,名称\n", "只有表头"),
        ("代码,名称\n99010１,县\n", "第 2 行"),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_its_place(tmp_path, content, words):
    path = tmp_path / "list.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(Refusal, match=words):
        read_list(path)


@pytest.mark.django_db
def test_a_repeated_code_stops_the_whole_list():
    with pytest.raises(Refusal, match="重复"):
        load_divisions(rows=[*ROWS, ROWS[0]], source="3" * 64, by=system_operator(), now=NOW)
    assert not Division.objects.exists()


@pytest.mark.django_db
def test_the_database_itself_refuses_a_code_that_is_none():
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.create(code="99010100000X", name="错", level="county")


@pytest.mark.django_db
def test_rights_end_with_the_post_and_with_the_account():
    cast = make_cast()
    chen, mu = cast["chen"], cast["mu"]
    assert access.reach(chen, "watch.see").divisions == ("990101",)
    assert access.reach(mu, "watch.see").divisions == ("990101001",)
    assert access.may(chen, "watch.run")
    assert not access.may(mu, "watch.run")
    post = Post.objects.get(person=chen)
    end_post(post=post, last_day=date(2026, 6, 9), by=system_operator(), now=NOW)
    assert access.may(chen, "watch.see", on=date(2026, 6, 9))
    assert not access.may(chen, "watch.see", on=NOW.date())
    mu.is_active = False
    assert access.reach(mu, "watch.see").nothing
    with pytest.raises(Refusal, match="早于"):
        end_post(post=post, last_day=post.valid_from - timedelta(days=1), by=system_operator(), now=NOW)


@pytest.mark.django_db
def test_only_appointers_appoint_and_nobody_recuses_twice():
    cast = make_cast()
    with pytest.raises(PermissionDenied):
        add_person(username="x", name="x", password=None, by=cast["chen"], now=NOW)
    with pytest.raises(PermissionDenied):
        load_divisions(rows=ROWS, source="4" * 64, by=cast["chen"], now=NOW)
    declare_recusal(subject="project:A", ground="kin", by=cast["chen"], now=NOW)
    assert access.recused(cast["chen"], "project:A")
    assert not access.recused(cast["mu"], "project:A")
    with pytest.raises(Refusal, match="不必再报"):
        declare_recusal(subject="project:A", ground="kin", by=cast["chen"], now=NOW)
    with pytest.raises(Refusal, match="理由"):
        declare_recusal(subject="project:B", ground="whim", by=cast["chen"], now=NOW)
    with pytest.raises(Refusal, match="已有人用"):
        add_person(username="chen", name="x", password=None, by=system_operator(), now=NOW)


def test_every_row_of_the_table_comes_from_a_cell_or_says_why():
    cells = matrix()
    assert set(cells) | {"system_operator"} == set(ROLE_NAMES)
    for row in access.TABLE:
        resource, _, cell = row.cell.partition(": ")
        assert cell or row.role in {"system_operator", access.EVERYBODY}
        if row not in access.EXTRA:
            assert cells[row.role][resource] == cell
    business = {"watch.see", "watch.run", "projects.see", "exchange.see", "exchange.import_file"}
    assert not [
        row
        for row in access.TABLE
        if row.role in {"sys_admin", "sec_admin", "auditor_log"} and row.verb in business
    ]


def test_the_docs_show_the_same_table():
    assert (ROOT / "docs/run/access.md").read_text("utf-8") == access_markdown()
