"""The pages: centre, upload, result, decisions, the source row; who may see what."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingqu.base import clock
from qingqu.exchange import showing
from qingqu.exchange.actions import import_file, preview_import
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.tests.helpers import wish

ROAD = "A-1,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,"
CLINIC = "A-2,门诊楼,县医院,990101000000,2026-01-06,98000000.50,2026-04-01,2027-12-31,"
WRONG = "A-3,桥,=cmd(),990101003000,2026-01-05,=1+1,2026-03-01,2026-12-31,"


@pytest.fixture
def sent(client, cast, projects):
    """Sends lines as the planning department's clerk and lets the worker look; returns the import's row."""

    def send(*lines, dataset="projects", by=cast.reform, name="项目.csv", **more):
        client.force_login(by)
        data = {"file": SimpleUploadedFile(name, projects(*lines).read_bytes()), **more}
        answer = client.post(reverse("exchange-upload", args=[dataset]), data)
        assert answer.status_code == 302, answer.content.decode()
        return preview_import(ref=answer.headers["Location"].rstrip("/").rsplit("/", 1)[1], now=clock.now())

    return send


def test_an_upload_is_previewed_then_committed(client, cast, sent):
    row = sent(ROAD, CLINIC)
    assert row.state == "previewed"
    page = client.get(reverse("exchange-import", args=[row.ref])).content.decode()
    assert "通村路" in page
    assert "99,200,000.50" in page
    assert not Snapshot.objects.exists()
    client.post(reverse("exchange-commit", args=[row.ref]))
    row.refresh_from_db()
    assert row.state == "committed"
    assert row.written.get().ref == "projects-000001"


def test_a_changed_row_shows_old_and_new(client, cast, sent):
    client.post(reverse("exchange-commit", args=[sent(ROAD).ref]))
    row = sent(ROAD + "2026-03-09")
    page = client.get(reverse("exchange-import", args=[row.ref])).content.decode()
    assert "<ins>2026-03-09</ins>" in page
    client.post(reverse("exchange-commit", args=[row.ref]))
    page = client.get(reverse("exchange-import", args=[row.ref]) + "?tab=changed").content.decode()
    assert "<ins>2026-03-09</ins>" in page


def test_wrong_rows_are_shown_downloaded_harmlessly_and_the_good_ones_may_go_in(client, cast, sent):
    row = sent(ROAD, WRONG)
    assert row.state == "rejected"
    answer = client.get(reverse("exchange-errors", args=[row.ref]))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][1:3] == ["3", "F"]
    assert lines[1][4] == "'=1+1"
    client.post(reverse("exchange-commit", args=[row.ref]))
    row.refresh_from_db()
    assert row.state == "rejected"
    client.post(reverse("exchange-commit", args=[row.ref]), {"accept_good": "1"})
    row.refresh_from_db()
    assert row.state == "committed"
    assert row.counts["inserted"] == 1


def test_a_file_that_cannot_be_read_says_so_on_its_page(client, cast, sent):
    client.force_login(cast.reform)
    answer = client.post(
        reverse("exchange-upload", args=["projects"]),
        {"file": SimpleUploadedFile("项目.xlsx", b"%PDF-1.7 ...")},
    )
    assert "hx-trigger" in client.get(answer.headers["Location"]).content.decode()
    preview_import(ref=Import.objects.get().ref, now=clock.now())
    page = client.get(answer.headers["Location"]).content.decode()
    assert "hx-trigger" not in page
    assert "PDF" in page
    assert "另存为" in page


def test_discarding_and_withdrawing(client, cast, sent):
    row = sent(ROAD)
    client.post(reverse("exchange-discard", args=[row.ref]))
    row.refresh_from_db()
    assert row.state == "discarded"
    row = sent(ROAD)
    client.post(reverse("exchange-commit", args=[row.ref]))
    client.post(reverse("exchange-withdraw", args=[row.ref]))
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_the_source_row_shows_the_cell_and_the_stored_value(client, cast, sent):
    row = sent(ROAD, "A-2,门诊楼,县医院,990101000000,2026.1.6,98000000.5,2026年4月1日,2027-12-31,")
    client.post(reverse("exchange-commit", args=[row.ref]))
    client.force_login(cast.inspector)
    page = client.get(reverse("exchange-row", args=[row.ref, 3])).content.decode()
    assert "2026年4月1日" in page
    assert "2026-04-01" in page
    assert "通村路" in page
    assert client.get(reverse("exchange-row", args=[row.ref, 99])).status_code == 404


def test_a_township_inspector_sees_only_rows_of_the_town(client, cast, sent):
    row = sent(ROAD, CLINIC)
    client.post(reverse("exchange-commit", args=[row.ref]))
    client.force_login(cast.township)
    assert client.get(reverse("exchange-import", args=[row.ref])).status_code == 404
    page = client.get(reverse("exchange-row", args=[row.ref, 2])).content.decode()
    assert "通村路" in page
    assert "门诊楼" not in page
    assert client.get(reverse("exchange-row", args=[row.ref, 3])).status_code == 404


@pytest.mark.parametrize("name", ["exchange-import", "exchange-errors"])
def test_an_outsider_finds_nothing_and_the_powerless_are_refused(client, cast, sent, name):
    row = sent(ROAD)
    client.force_login(cast.outsider)
    assert client.get(reverse(name, args=[row.ref])).status_code == 404
    client.force_login(cast.powerless)
    assert client.get(reverse(name, args=[row.ref])).status_code == 403
    client.logout()
    assert "account" in client.get(reverse(name, args=[row.ref])).headers["Location"]


def test_another_department_may_neither_see_nor_send(client, cast, sent):
    row = sent(ROAD)
    client.force_login(cast.finance)
    assert client.get(reverse("exchange-import", args=[row.ref])).status_code == 404
    assert client.get(reverse("exchange-upload", args=["projects"])).status_code == 403
    for name in ("exchange-commit", "exchange-discard", "exchange-withdraw"):
        assert client.post(reverse(name, args=[row.ref])).status_code == 404
        assert client.get(reverse(name, args=[row.ref])).status_code == 405


def test_an_inspector_sees_but_may_not_commit(client, cast, sent):
    row = sent(ROAD)
    client.force_login(cast.inspector)
    assert client.get(reverse("exchange-import", args=[row.ref])).status_code == 200
    assert client.post(reverse("exchange-commit", args=[row.ref])).status_code == 403
    row.refresh_from_db()
    assert row.state == "previewed"


def test_the_upload_form_refuses_an_odd_month_and_an_unknown_dataset(client, cast, projects):
    client.force_login(cast.reform)
    data = {"file": SimpleUploadedFile("a.csv", b"x"), "period": "2026-13"}
    assert client.post(reverse("exchange-upload", args=["projects"]), data).status_code == 422
    assert client.get(reverse("exchange-upload", args=["nothing"])).status_code == 404


def test_a_hostile_file_name_is_shown_without_its_folders(client, cast, sent):
    row = sent(ROAD, name="..\\..\\etc\\项目\u202e表.csv")
    assert row.file_name == "项目表.csv"


def test_the_centre_keeps_its_number_of_queries(client, cast, sent, django_assert_max_num_queries):
    for number in range(3):
        sent(ROAD.replace("A-1", f"A-{number}"))
    client.force_login(cast.reform)
    with django_assert_max_num_queries(20):
        assert client.get(reverse("exchange-centre")).status_code == 200


def test_cells_that_begin_a_formula_are_harmless():
    assert [showing.harmless(text) for text in ("=1", "+1", "-1", "@a", "\ta", "1")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\ta",
        "1",
    ]


def test_a_month_on_a_page_is_kept_with_the_import(client, cast, sent):
    assert sent(ROAD, period="2026-03").period == "2026-03"


def test_a_source_row_of_a_command_line_import_opens_for_the_inspector(client, cast, projects, now):
    path = projects(ROAD)
    told = import_file(path=path, wish=wish(path), by=cast.operator, now=now)
    client.force_login(cast.inspector)
    assert client.get(reverse("exchange-row", args=[told["import"], 2])).status_code == 200


def test_the_waiting_page_asks_again_by_itself_and_stops_when_it_knows(client, cast, projects):
    client.force_login(cast.reform)
    data = {"file": SimpleUploadedFile("a.csv", projects(ROAD).read_bytes())}
    page = client.post(reverse("exchange-upload", args=["projects"]), data).headers["Location"]
    asked = client.get(page, headers={"HX-Request": "true"})
    assert asked.status_code == 200
    assert b"hx-get" in asked.content
    preview_import(ref=Import.objects.get().ref, now=clock.now())
    assert b"hx-get" not in client.get(page, headers={"HX-Request": "true"}).content


@pytest.mark.parametrize(
    ("told", "percent", "words"),
    [({}, None, "正在排队"), ({"stage": "reading", "done": 120_000, "total": None}, None, "正在读取文件"),
     ({"stage": "checking", "done": 25, "total": 50}, 50, "正在逐行核对"), ({"stage": "?", "done": 9, "total": 3}, 100, "正在排队")],
)  # fmt: skip
def test_the_waiting_page_tells_how_far_the_check_is(told, percent, words):
    found = showing.progress(SimpleNamespace(progress=told))
    assert (found["percent"], found["words"]) == (percent, words)
