"""What a preview keeps: a commit takes it up for the same file and contract, and reads anew for anything else."""

import pytest

from qingqu.exchange import committing, kept, lake, parsing
from qingqu.exchange.actions import commit_import, preview_import, receive_file
from qingqu.exchange.models import Import
from qingqu.exchange.sources import export_rows, file_rows
from qingqu.exchange.tests.helpers import wish

ROAD = "A-1,通村路,交通局,990101003000,2026.1.5,120万元,2026-03-01,2026-12-31,"
CLINIC = "A-2,门诊楼（一期）,县医院,990101000000,2026-01-06,980000,2026-04-01,2027-12-31,/"
WRONG = "A-3,桥,交通局,990101003000,2026-01-05,一百,2026-03-01,2026-12-31,"


@pytest.fixture
def upload(cast, projects, now):
    """A file received and previewed."""

    def send(*lines, **more):
        path = projects(*lines)
        row = receive_file(chunks=[path.read_bytes()], wish=wish(path, **more), by=cast.reform, now=now)
        return preview_import(ref=row.ref, now=now)

    return send


@pytest.fixture
def read_again(monkeypatch):
    """How often a file is read from here on."""
    told, parse = [], parsing.parse
    monkeypatch.setattr(parsing, "parse", lambda *a, **k: told.append(1) or parse(*a, **k))
    return told


def test_a_commit_does_not_read_the_file_again_and_stores_the_same(cast, upload, now, read_again):
    row = upload(ROAD, CLINIC)
    seen = {name: many for name, many in row.counts.items() if name != "would_close"}
    read_again.clear()
    row = commit_import(row=row, by=cast.reform, now=now)
    assert read_again == []
    assert row.counts == seen
    stored = {one["project_id"]: one for one in export_rows("projects")}
    assert (stored["A-1"]["approved_amount"], stored["A-1"]["approved_date"]) == ("1200000.00", "2026-01-05")
    assert stored["A-2"]["name"] == "门诊楼（一期）"
    cells = file_rows(row.written.get(), "", 1, 3)
    assert [kind for kind, _ in cells.values()] == ["h", "d", "d"]
    assert cells[2][1][5] == "120万元"


def test_the_good_rows_of_a_kept_check_are_the_same_ones(cast, upload, now, read_again):
    row = upload(ROAD, WRONG)
    read_again.clear()
    row = commit_import(row=row, by=cast.reform, now=now, accept_good=True)
    assert read_again == []
    assert (row.counts["accepted"], row.counts["rejected"], row.errors[0]["code"]) == (
        1,
        1,
        "money_unreadable",
    )
    assert [one["project_id"] for one in export_rows("projects")] == ["A-1"]


@pytest.mark.parametrize("change", ["gone", "garbled", "part", "contract", "version"])
def test_anything_else_is_read_anew(cast, upload, now, read_again, monkeypatch, change):
    row = upload(ROAD)
    place = lake.preview_folder(row.ref)
    if change == "gone":
        kept.drop(row.ref)
    elif change == "garbled":
        (place / kept.NOTE).write_text("{")
    elif change == "part":
        next(place.glob("cells-*")).unlink()
    elif change == "contract":
        monkeypatch.setattr(lake, "sha256", lambda _: "0" * 64)
    else:
        monkeypatch.setattr(kept, "__version__", "9")
    read_again.clear()
    row = commit_import(row=row, by=cast.reform, now=now)
    assert (len(read_again), row.state) == (1, "committed")


def test_the_page_that_waits_is_told_how_far_the_worker_is(cast, projects, now, monkeypatch):
    told = []
    update = Import.objects.all().__class__.update

    def watched(self, **values):
        if "progress" in values:
            told.append(values["progress"])
        return update(self, **values)

    monkeypatch.setattr(Import.objects.all().__class__, "update", watched)
    path = projects(ROAD, CLINIC)
    row = receive_file(chunks=[path.read_bytes()], wish=wish(path), by=cast.reform, now=now)
    preview_import(ref=row.ref, now=now)
    assert [one["stage"] for one in told] == ["reading", "checking", "comparing"]
    assert told[-1]["total"] == 2


def test_previews_of_decided_uploads_and_scratch_of_the_dead_are_swept(upload, home, now):
    row = upload(ROAD)
    dead, alive = (lake.scratch_root() / f"bench-{name}" for name in ("dead", "alive"))
    orphan = lake.preview_folder("I-2020-0001")
    for folder in (dead, alive, orphan):
        folder.mkdir()
    (dead / lake.ALIVE).touch()
    with lake.bench() as made:
        gone = committing.sweep()
        assert made.folder.is_dir()
    assert gone == ["bench-dead"]  # the others have no lock to tell of them: after a day
    assert lake.preview_folder(row.ref).is_dir()
    assert lake.sweep(set(), {row.ref}, now.timestamp() + 10**9) == ["I-2020-0001", "bench-alive"]
    assert lake.preview_folder(row.ref).is_dir()
