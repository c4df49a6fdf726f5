"""Columns of unknown names: asked about once, remembered for the sender, recognised the next month, forgotten on request."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.exchange import actions, layout
from qingqu.exchange.actions import forget_layout, import_file, preview_import, remember_layout
from qingqu.exchange.contracts import load
from qingqu.exchange.models import Import, RememberedLayout
from qingqu.exchange.tests.helpers import wish
from qingqu.ledger.models import Entry

HEAD = "编码甲,工程,用款方,地方,起算,了结,价,备注"
ROW = "{},通村路,交通局,990101003000,2026.1.5,2026年12月1日,120.5,110101199901010010"
SAID = {
    "编码甲": "project_id", "工程": "name", "用款方": "owner_name", "地方": "division_code", "起算": "planned_start",
    "了结": "planned_finish", "价": "approved_amount", "备注": "",
}  # fmt: skip


@pytest.fixture
def sent(client, cast, projects, now):
    """Hands in a file of unknown columns as the planning department's clerk; the worker looks at it."""

    def send(*keys, head=HEAD, by=cast.reform):
        path = projects(*(ROW.format(key) for key in keys), head=head)
        row = actions.receive_file(
            chunks=[path.read_bytes()], wish=wish(path, organisation="development_reform"), by=by, now=now
        )
        row = preview_import(ref=row.ref, now=now)
        row.refresh_from_db()
        return row

    return send


def told(row):
    return {column["key"]: column for column in row.question["columns"]}


def test_unknown_columns_are_asked_about_with_samples_and_suggestions(sent):
    row = sent("A-1")
    assert row.state == Import.UNMAPPED
    assert "D 列“地方”（像是“行政区划代码”）" in row.failure
    asked = told(row)
    assert asked["地方"]["suggested"][0] == "division_code"
    assert asked["地方"]["chosen"] == "division_code"
    assert asked["价"]["suggested"] == []
    assert asked["地方"]["samples"] == ["990101003000"]
    assert (asked["起算"]["chosen"], asked["了结"]["chosen"]) == ("", "")
    assert asked["起算"]["samples"] == ["2026.1.5"]
    assert "110101199901010010" not in str(row.question)
    assert set(row.question["missing"]) == set(load("projects").required)


def test_a_matched_layout_is_recognised_the_next_month_in_any_order(sent, cast, now):
    row = sent("A-1")
    before = Entry.objects.count()
    kept = remember_layout(row=row, columns=SAID, by=cast.reform, now=now)
    assert Entry.objects.count() == before + 1
    row = preview_import(ref=row.ref, now=now)
    assert (row.state, row.counts["inserted"], row.totals) == (
        Import.PREVIEWED,
        1,
        {"approved_amount": "120.50"},
    )
    actions.commit_import(row=row, by=cast.reform, now=now)
    head = "新列," + ",".join(reversed(HEAD.split(",")))
    line = "x," + ",".join(reversed(ROW.format("A-2").split(",")))
    again = actions.receive_file(
        chunks=[f"{head}\n{line}\n".encode()], wish=wish(_Named("六月.csv"), organisation="development_reform"),
        by=cast.reform, now=now,
    )  # fmt: skip
    again = preview_import(ref=again.ref, now=now)
    assert (again.state, again.counts["inserted"]) == (Import.PREVIEWED, 1)
    assert any(kept.ref in note for note in again.notes)


class _Named:
    def __init__(self, name):
        self.name = name


def test_another_sender_is_asked_for_itself(sent, cast, now):
    remember_layout(row=sent("A-1"), columns=SAID, by=cast.reform, now=now)
    assert RememberedLayout.objects.of("projects", "development_reform")
    assert not RememberedLayout.objects.of("projects", "public_hospital")


def test_the_command_line_uses_the_layout_and_names_unknown_columns_without_one(
    sent, cast, projects, now, tmp_path
):
    path = projects(ROW.format("B-1"), head=HEAD, name="五月.csv")
    with pytest.raises(Refusal) as caught:
        import_file(path=path, wish=wish(path), by=cast.operator, now=now)
    assert caught.value.code == "unmapped"
    assert caught.value.sentence.startswith("五月.csv：第 1 行的表头里缺少“项目代码”")
    remember_layout(row=sent("A-1"), columns=SAID, by=cast.reform, now=now)
    assert import_file(path=path, wish=wish(path), by=cast.operator, now=now)["inserted"] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"编码甲": ""}, "required"), ({"备注": "name"}, "field_twice"), ({"备注": "salary"}, "columns"), ({"别的": "kind"}, "columns"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_kept(sent, cast, now, change, code):
    row = sent("A-1")
    with pytest.raises(Refusal) as caught:
        remember_layout(row=row, columns=SAID | change, by=cast.reform, now=now)
    assert caught.value.code == code
    assert not RememberedLayout.objects.exists()
    row.refresh_from_db()
    assert row.state == Import.UNMAPPED


def test_the_same_header_matched_anew_replaces_the_older_word(sent, cast, now):
    first = remember_layout(row=sent("A-1"), columns=SAID, by=cast.reform, now=now)
    row = preview_import(ref=Import.objects.get().ref, now=now)
    second = remember_layout(
        row=row, columns=SAID | {"价": "", "备注": "start_delay_reason"}, by=cast.reform, now=now
    )
    first.refresh_from_db()
    assert first.forgotten_at == now
    assert RememberedLayout.objects.of("projects", "development_reform")[0].ref == second.ref
    assert preview_import(ref=row.ref, now=now).totals == {}


def test_a_forgotten_layout_is_asked_about_again(sent, cast, now):
    kept = remember_layout(row=sent("A-1"), columns=SAID, by=cast.reform, now=now)
    before = Entry.objects.count()
    forget_layout(layout=kept, by=cast.reform, now=now)
    assert Entry.objects.count() == before + 1
    with pytest.raises(Refusal, match="不再使用"):
        forget_layout(layout=kept, by=cast.reform, now=now)
    assert sent("A-9").state == Import.UNMAPPED


def test_only_the_sender_may_match_and_forget(sent, cast, now):
    row = sent("A-1")
    with pytest.raises(PermissionDenied):
        remember_layout(row=row, columns=SAID, by=cast.finance, now=now)
    kept = remember_layout(row=row, columns=SAID, by=cast.reform, now=now)
    with pytest.raises(PermissionDenied):
        forget_layout(layout=kept, by=cast.inspector, now=now)


def test_two_columns_of_one_name_are_asked_about(sent):
    row = sent("A-1", head="项目代码,项目名称,建设单位,区划代码,计划开工,计划竣工,总投资,总投资")
    assert row.state == Import.UNMAPPED
    assert "都像“概算批复”" in row.failure
    assert set(told(row)) >= {"总投资", "总投资#2"}


def test_a_question_crosses_processes(projects):
    import pickle

    with pytest.raises(layout.Unmapped) as caught:
        layout.plan(projects(ROW.format("A-1"), head=HEAD), load("projects"))
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert (again.sentence, again.question) == (caught.value.sentence, caught.value.question)


def test_the_pages_ask_remember_show_and_forget(client, cast, sent):
    row = sent("A-1")
    client.force_login(cast.reform)
    page = client.get(reverse("exchange-import", args=[row.ref])).content.decode()
    assert reverse("exchange-columns", args=[row.ref]) in page
    address = reverse("exchange-columns", args=[row.ref])
    page = client.get(address).content.decode()
    assert "2026.1.5" in page
    number = {column["key"]: f"c{at}" for at, column in enumerate(row.question["columns"])}
    data = {number[key]: field for key, field in SAID.items()}
    wrong = client.post(address, data | {number["工程"]: ""})
    assert wrong.status_code == 422
    assert "还没有哪一列对应“项目名称”" in wrong.content.decode()
    assert client.post(address, data).status_code == 302
    preview_import(ref=row.ref, now=clock.now())
    kept = RememberedLayout.objects.get()
    page = client.get(reverse("exchange-layouts")).content.decode()
    assert kept.ref in page
    assert "用款方" in page
    client.post(reverse("exchange-forget-layout", args=[kept.ref]))
    assert kept.ref not in client.get(reverse("exchange-layouts")).content.decode()


def test_others_see_the_layout_but_cannot_change_it_and_outsiders_find_nothing(client, cast, sent, now):
    kept = remember_layout(row=sent("A-1"), columns=SAID, by=cast.reform, now=now)
    for person, status in ((cast.inspector, 403), (cast.outsider, 404), (cast.finance, 404)):
        client.force_login(person)
        assert client.post(reverse("exchange-forget-layout", args=[kept.ref])).status_code == status
    client.force_login(cast.inspector)
    page = client.get(reverse("exchange-layouts")).content.decode()
    assert kept.ref in page
    assert reverse("exchange-forget-layout", args=[kept.ref]) not in page
