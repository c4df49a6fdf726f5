"""Files in: as departments send them, all or nothing, and what was known when."""

import os
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.base.errors import Refusal
from qingqu.exchange import sources
from qingqu.exchange.actions import (
    Wish,
    check_import,
    commit_import,
    discard_import,
    import_file,
    receive_file,
)
from qingqu.exchange.models import Import, Snapshot
from qingqu.ledger.models import Entry
from qingqu.ledger.verify import verify_ledger
from qingqu.orgs.actions import system_operator
from tests.cast import NOW, make_cast

HEAD = "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期\n"
A = "A,甲,县教育局,990101001,2026-03-01,2026-12-31\n"
B = "B,乙,县教育局,990101001,2026-04-01,2026-12-31\n"


def wish(**more: object) -> Wish:
    given: dict[str, object] = {"dataset": "projects", "department": "development_reform", "file_name": "p.csv",
                                "period": "", "known_at": NOW}  # fmt: skip
    return Wish(**{**given, **more})  # type: ignore[arg-type]


def take(folder: Path, content: str | bytes, *, name: str = "p.csv", dry_run: bool = False, **more: object):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_file(
        path=path, wish=wish(file_name=name, **more), by=system_operator(), now=NOW, dry_run=dry_run
    )


def stored() -> dict[str, dict[str, str | None]]:
    return {str(row["project_id"]): row for row in sources.export_rows("projects", None)}


@pytest.mark.django_db
def test_the_same_file_twice_is_a_no_op(tmp_path):
    first = take(tmp_path, HEAD + A + B)
    again = take(tmp_path, HEAD + A + B)
    assert (first["inserted"], first["snapshot"]) == (2, "projects-000001")
    assert (again["inserted"], again["updated"], again["unchanged"], again["snapshot"]) == (0, 0, 2, None)
    assert Snapshot.objects.count() == 1


@pytest.mark.django_db
def test_an_import_changes_rows_and_closes_none_unless_it_is_the_whole_list(tmp_path):
    take(tmp_path, HEAD + A + B)
    result = take(tmp_path, HEAD + A.replace("2026-03-01", "2026-05-01"))
    assert (result["updated"], result["removed"]) == (1, 0)
    assert set(stored()) == {"A", "B"}
    assert take(tmp_path, HEAD + A.replace("2026-03-01", "2026-05-01"), full=True)["removed"] == 1
    assert set(stored()) == {"A"}


@pytest.mark.django_db
def test_one_wrong_row_keeps_all_out_and_good_rows_go_in_on_request(tmp_path):
    bad = HEAD + A + B.replace("2026-04-01", "2026-13-01")
    result = take(tmp_path, bad)
    assert (result["accepted"], result["rejected"], result["snapshot"]) == (1, 1, None)
    (error,) = result["errors"]
    assert (error["row"], error["column"], error["header"], error["value"]) == (
        3,
        "E",
        "计划开工日期",
        "2026-13-01",
    )
    assert error["fix"]
    assert not Import.objects.exists()
    assert take(tmp_path, bad, accept_good=True)["inserted"] == 1
    assert set(stored()) == {"A"}


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path, home):
    before = Entry.objects.count()
    assert take(tmp_path, HEAD + A, dry_run=True)["inserted"] == 1
    assert not Import.objects.exists()
    assert not (home / "lake").exists()
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_title_rows_units_totals_and_gb18030_are_understood(tmp_path):
    text = (
        "明山县项目表,,,,,,\n单位：万元,,,,,,\n"
        + HEAD.strip()
        + ",概算\n"
        + A.strip()
        + ',"1,200.5"\n合计,,,,,,1200.5\n'
    )
    result = take(tmp_path, text.encode("gb18030"))
    assert (result["rows"], result["rejected"]) == (1, 0)
    assert result["totals"] == {"approved_amount": "12005000.00"}
    assert any("10,000" in note for note in result["notes"])


@pytest.mark.django_db
def test_a_repeated_key_is_named_with_both_rows(tmp_path):
    (error,) = take(tmp_path, HEAD + A + A.replace("甲", "丙"))["errors"]
    assert error["row"] == 3
    assert "第 2 行" in error["message"]


@pytest.mark.django_db
def test_what_was_known_when_can_be_asked_again(tmp_path):
    day = timedelta(days=1)
    take(tmp_path, HEAD + A, known_at=NOW - 30 * day)
    take(tmp_path, HEAD + A.replace("甲", "甲改"), known_at=NOW - 10 * day)
    take(tmp_path, HEAD + A.replace("甲", "甲补"), known_at=NOW - 20 * day)  # found later, known earlier
    names = [next(iter(sources.export_rows("projects", NOW - days * day)))["name"] for days in (25, 15, 5)]
    assert names == ["甲", "甲补", "甲改"]
    assert stored()["A"]["name"] == "甲改"
    source = sources.sources({"projects"}, known_at=NOW, as_of=NOW.date())["projects"]
    assert not source.history


@pytest.mark.django_db
def test_two_departments_rows_stay_beside_each_other(tmp_path):
    take(tmp_path, HEAD + A.replace("甲", "业主说"), department="project_owner")
    take(tmp_path, HEAD + A.replace("甲", "发改说"))
    assert stored()["A"]["name"] == "发改说"
    assert [row["name"] for row in sources.rows("projects", project_id="A")] == ["发改说", "业主说"]


def zip_bomb(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return path.read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"PK\x03\x04broken", "不完整"),
        (b"a,b\x00,c\n", "空字节"),
        (b"<html><table></table></html>", "网页"),
        (b"\xff\xfe\xfa\xff,\xff\n", "编码"),
        ("一,二,三\n1,2,3\n".encode(), "找不到"),
        ("项目编码,建设项目名称\nA,甲\n".encode(), "缺少必填列"),
        (("," * 5000 + "\n").encode() + HEAD.encode(), "列"),
    ],
)
def test_what_is_no_table_of_ours_gets_one_sentence_and_leaves_no_trace(tmp_path, content, words):
    with pytest.raises(Refusal) as refused:
        take(tmp_path, content)
    assert words in refused.value.sentence
    assert "p.csv" in refused.value.sentence
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path):
    with pytest.raises(Refusal, match="大得不正常"):
        take(tmp_path, zip_bomb(tmp_path / "bomb.zip"))


@pytest.mark.django_db
def test_an_unknown_department_future_day_or_dataset_is_refused(tmp_path):
    from qingqu.exchange.actions import department_code
    from qingqu.exchange.contracts import load

    with pytest.raises(Refusal, match="没有部门"):
        department_code(load("projects"), "nobody")
    with pytest.raises(Refusal, match="将来"):
        take(tmp_path, HEAD + A, known_at=NOW + timedelta(days=1))
    with pytest.raises(Refusal, match="没有数据集"):
        load("../../etc/passwd")


@pytest.mark.django_db
def test_a_clerk_uploads_sees_the_mistake_mends_it_and_commits(tmp_path, client):
    cast = make_cast()
    row = receive_file(
        chunks=[(HEAD + A.replace("990101001", "99")).encode()], wish=wish(), by=cast["zhou"], now=NOW
    )
    check_import(ref=row.ref, now=NOW)  # the worker's part
    row.refresh_from_db()
    assert row.state == "checked"
    with pytest.raises(Refusal, match="有误"):
        commit_import(row=row, by=cast["zhou"], now=NOW)
    discard_import(row=row, by=cast["zhou"], now=NOW)
    good = receive_file(chunks=[(HEAD + A).encode()], wish=wish(), by=cast["zhou"], now=NOW)
    check_import(ref=good.ref, now=NOW)
    commit_import(row=good, by=cast["zhou"], now=NOW)
    with pytest.raises(Refusal, match="已经处理"):
        commit_import(row=good, by=cast["zhou"], now=NOW)
    check_import(ref=good.ref, now=NOW)  # a task that comes twice changes nothing
    verbs = list(Entry.objects.filter(subject=good.subject).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["import.received", "import.checked", "import.committed"]
    assert verify_ledger() == []
    client.force_login(cast["luo"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/desk/data/imports/{good.ref}/").status_code == 404  # another department's clerk
    assert client.post(f"/desk/data/imports/{good.ref}/commit/").status_code == 404


@pytest.mark.django_db
def test_a_killed_commit_leaves_nothing(tmp_path, home):
    """The lake's folder is there, the row is not: the next start finds nothing, and the next import takes the place."""
    take(tmp_path, HEAD + A)
    orphan = home / "lake" / "projects" / "projects-000002"
    orphan.mkdir()
    (orphan / "changes.parquet").write_bytes(b"half written")
    assert set(stored()) == {"A"}
    assert take(tmp_path, HEAD + A + B)["snapshot"] == "projects-000002"
    assert set(stored()) == {"A", "B"}


@pytest.mark.parametrize("moment", ["fresh.rename", "Snapshot.objects.create", "record("])
def test_killing_the_importer_at_any_step_is_all_or_nothing(tmp_path, moment):
    """A real process dies at the named step; what the next one finds is the state before."""
    from django.conf import settings as environment

    home = tmp_path / "killed"
    (tmp_path / "p.csv").write_text(HEAD + A, "utf-8")
    where = {"fresh.rename": "pathlib.Path.rename", "Snapshot.objects.create": "django.db.models.query.QuerySet.bulk_create",
             "record(": "qingqu.exchange.actions.record"}[moment]  # fmt: skip
    script = (
        "import os, sys, unittest.mock as m\n"
        "from qingqu.__main__ import main\n"
        "import django; django.setup()\n"
        "from qingqu.ops.home import prepare; prepare()\n"
        f"m.patch('{where}', side_effect=lambda *a, **k: os._exit(70)).start()\n"
        "sys.argv = ['qingqu', 'data', 'import', 'projects', sys.argv[1]]\nmain()\n"
    )
    if moment == "Snapshot.objects.create":
        script = script.replace(
            "m.patch(", "from qingqu.exchange.models import Snapshot\nm.patch.object(Snapshot, 'save', "
        ).replace(f"Snapshot, 'save', '{where}', ", "Snapshot, 'save', ")
    variables = {
        **os.environ,
        "QINGQU_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DATABASE_URL": "",
    }
    assert environment.configured
    died = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "p.csv")],
        env=variables,
        capture_output=True,
        check=False,
    )
    assert died.returncode == 70, died.stderr.decode()
    run = [sys.executable, "-m", "qingqu", "data"]
    after = subprocess.run([*run, "export", "projects"], env=variables, capture_output=True, check=True)
    assert after.stdout == b""
    again = subprocess.run(
        [*run, "import", "projects", str(tmp_path / "p.csv"), "--json"],
        env=variables,
        capture_output=True,
        check=True,
    )
    assert b'"inserted": 1' in again.stdout


WRITTEN = (
    lambda day: day.isoformat(), lambda day: f"{day.year}.{day.month}.{day.day}", lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日", lambda day: f"{day.year}/{day.month}/{day.day}",
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.decimals(0, 10**9, places=2), st.sampled_from(WRITTEN)),
        min_size=1, max_size=8,
    ),
    order=st.permutations(range(7)),
    titles=st.integers(0, 3),
    excel=st.booleans(),
)  # fmt: skip
def test_the_same_table_in_any_layout_comes_back_equal(tmp_path, rows, order, titles, excel):
    heads = [
        "项目编码",
        "建设项目名称",
        "建设单位",
        "区划代码",
        "计划开工日期",
        "计划完工日期",
        "概算批复（元）",
    ]
    lines = [["标题"] for _ in range(titles)] + [[heads[n] for n in order]]
    for number, (day, amount, spelled) in enumerate(rows):
        cells = [f"P{number}", "名", "县教育局", "990101001", spelled(day), spelled(day), f"{amount:,.2f}元"]
        lines.append([cells[n] for n in order])
    path = tmp_path / ("t.xlsx" if excel else "t.csv")
    if excel:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    else:
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines), "utf-8-sig")
    from qingqu.exchange.checking import check_file
    from qingqu.exchange.contracts import load

    checked = check_file(path, path.name, load("projects"))
    assert not checked.errors
    found = [(row["project_id"], row["planned_start"], row["approved_amount"]) for row in checked.rows]
    assert found == [(f"P{n}", day.isoformat(), f"{amount:.2f}") for n, (day, amount, _) in enumerate(rows)]
