"""`import_file`: one call from a file to a committed snapshot."""

import json

import pytest

from qingqu.base.errors import Refusal
from qingqu.exchange import checking, lake, sources
from qingqu.exchange.actions import import_file
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.tests.helpers import at, wish
from qingqu.ledger.models import Entry

ROAD = "A-1,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,"
CLINIC = "A-2,门诊楼,县医院,990101000000,2026-01-06,98000000.50,2026-04-01,2027-12-31,"


def run(cast, path, now, **more):
    dry = more.pop("dry_run", False)
    return import_file(path=path, wish=wish(path, **more), by=cast.operator, now=now, dry_run=dry)


def test_a_file_becomes_a_snapshot_and_its_rows_come_back(cast, projects, now):
    result = run(cast, projects(ROAD, CLINIC), now)
    assert {name: result[name] for name in ("rows", "accepted", "rejected", "inserted", "updated", "unchanged", "removed")} == {
        "rows": 2, "accepted": 2, "rejected": 0, "inserted": 2, "updated": 0, "unchanged": 0, "removed": 0,
    }  # fmt: skip
    assert result["snapshot"] == "projects-000001"
    assert result["totals"] == {"approved_amount": "99200000.50"}
    assert result["unmatched_divisions"] == 0
    stored = list(sources.export_rows("projects"))
    assert [row["project_id"] for row in stored] == ["A-1", "A-2"]
    assert stored[1]["approved_amount"] == "98000000.50"
    assert stored[1]["planned_start"] == "2026-04-01"
    assert stored[1]["actual_start"] is None
    row = sources.rows("projects", project_id="A-2")[0]
    assert (row["_department"], row["_import"], row["_file"], row["_row"]) == (
        "development_reform", result["import"], "项目.csv", 3,
    )  # fmt: skip


def test_it_leaves_one_entry(cast, projects, now):
    run(cast, projects(ROAD), now)
    assert sorted(Entry.objects.values_list("verb", flat=True)) == ["import.committed"]


def test_the_same_file_twice_is_no_new_snapshot(cast, projects, now):
    run(cast, projects(ROAD, CLINIC), now)
    again = run(cast, projects(ROAD, CLINIC), now)
    assert (again["inserted"], again["unchanged"], again["snapshot"]) == (0, 2, None)
    assert Snapshot.objects.count() == 1


def test_changed_rows_are_updates_and_absent_rows_stay(cast, projects, now):
    run(cast, projects(ROAD, CLINIC), now)
    result = run(cast, projects(CLINIC + "2026-04-09"), now)
    assert (result["inserted"], result["updated"], result["unchanged"], result["removed"]) == (0, 1, 0, 0)
    assert [row["actual_start"] for row in sources.export_rows("projects")] == [None, "2026-04-09"]


def test_a_whole_roster_closes_what_it_does_not_hold(cast, projects, now):
    run(cast, projects(ROAD, CLINIC), now)
    result = run(cast, projects(ROAD), now, full=True)
    assert (result["removed"], result["unchanged"]) == (1, 1)
    assert [row["project_id"] for row in sources.export_rows("projects")] == ["A-1"]
    assert len(list(sources.export_rows("projects", at("2026-06-10")))) == 0


def test_one_wrong_row_keeps_the_whole_file_out_and_writes_nothing(cast, projects, now, home):
    wrong = "A-3,桥,交通局,990101003000,2026-01-05,一百,2026-03-01,2026-12-31,"
    result = run(cast, projects(ROAD, wrong), now)
    assert (result["state"], result["accepted"], result["rejected"], result["inserted"]) == (
        "rejected",
        1,
        1,
        0,
    )
    error = result["errors"][0]
    assert (error["row"], error["column"], error["header"], error["value"]) == (3, "F", "概算批复", "一百")
    assert error["message"]
    assert error["fix"]
    assert not Import.objects.exists()
    assert not Entry.objects.exists()
    assert not list(home.glob("lake/**/*"))
    assert not list(home.glob("files/**/*"))


def test_the_good_rows_alone_when_asked(cast, projects, now):
    wrong = "A-3,桥,交通局,990101003000,2026-01-05,一百,2026-03-01,2026-12-31,"
    result = run(cast, projects(ROAD, wrong), now, accept_good=True)
    assert (result["state"], result["inserted"], result["rejected"]) == ("committed", 1, 1)
    assert [row["project_id"] for row in sources.export_rows("projects")] == ["A-1"]


def test_a_dry_run_counts_and_writes_nothing(cast, projects, now, home):
    result = run(cast, projects(ROAD), now, dry_run=True)
    assert (result["state"], result["inserted"], result["snapshot"]) == ("previewed", 1, None)
    assert not Import.objects.exists()
    assert not list(home.glob("lake/**/*"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"a\x00b",
        b"x,y\n1,2\n",
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_the_file_s_name_and_nothing_is_written(
    cast, tmp_path, now, home, data
):
    path = tmp_path / "项目.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refusal) as caught:
        run(cast, path, now)
    assert caught.value.sentence.startswith("项目.xlsx：")
    assert "\n" not in caught.value.sentence
    assert not Import.objects.exists()
    assert not list(home.glob("lake/**/*"))
    assert not list(home.glob("tmp/*"))


def test_the_manifest_names_every_file_with_its_digest_and_the_database_knows_the_manifest(
    cast, projects, now, home
):
    told = run(cast, projects(ROAD, CLINIC), now)
    folder = home / "lake" / "projects" / told["snapshot"]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {one["path"] for one in manifest["files"]} == {path.name for path in folder.iterdir()} - {
        "manifest.json"
    }
    assert all(lake.sha256(folder / one["path"]) == one["sha256"] for one in manifest["files"])
    assert lake.sha256(folder / "manifest.json") == Snapshot.objects.get().manifest_sha256
    assert (manifest["import"], manifest["department"], manifest["parent"]) == (
        told["import"],
        "development_reform",
        None,
    )
    assert manifest["file"]["sha256"] == told["sha256"]
    assert manifest["known_at"] == "2026-06-10T09:00:00+08:00"


def test_the_sender_s_own_cells_are_kept_with_header_and_all(cast, projects, now):
    told = run(cast, projects(ROAD, "合计,,,,,1200000"), now)
    snapshot = Snapshot.objects.get(ref=told["snapshot"])
    rows = sources.file_rows(snapshot, "", 1, 3)
    assert [kind for kind, _ in rows.values()] == ["h", "d", "f"]
    assert rows[2][1][0] == "A-1"


def test_a_reference_that_excel_has_shortened_is_refused_by_name(cast, projects, now):
    result = run(cast, projects(ROAD, CLINIC.replace("A-2", "1.10101E+17")), now)
    (error,) = result["errors"]
    assert (error["code"], error["row"], result["snapshot"]) == ("ruined_by_excel", 3, None)
    assert "文本" in error["fix"]


def test_a_file_that_is_still_being_written_is_refused(cast, projects, now, home, monkeypatch):
    path, check = projects(ROAD), checking.check

    def slow(*told):
        with path.open("a") as file:
            file.write(CLINIC + "\n")
        return check(*told)

    monkeypatch.setattr(checking, "check", slow)
    with pytest.raises(Refusal, match="被改动了"):
        run(cast, path, now)
    assert not Import.objects.exists()
    assert not (home / "lake").exists()
