"""`receive_file`, `preview_import`, `commit_import`, `discard_import`: an upload from arrival to its end."""

import pytest
from django.core.exceptions import PermissionDenied

from qingqu.base import hooks
from qingqu.base.errors import Refusal
from qingqu.exchange import actions, lake, sources
from qingqu.exchange.actions import commit_import, discard_import, import_file, preview_import, receive_file
from qingqu.exchange.contracts import load
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.tests.helpers import at, wish
from qingqu.files.actions import place
from qingqu.ledger.models import Content, Entry

ROAD = "A-1,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,"
WRONG = "A-3,桥,交通局,990101003000,2026-01-05,一百,2026-03-01,2026-12-31,"
REPORTS = "项目代码,填报月份,填报时间,形象进度"


@pytest.fixture
def upload(cast, projects, now):
    """A file received and previewed."""

    def send(*lines, by=None, **more):
        path = projects(*lines, **({"head": more.pop("head")} if "head" in more else {}))
        row = receive_file(chunks=[path.read_bytes()], wish=wish(path, **more), by=by or cast.reform, now=now)
        return preview_import(ref=row.ref, now=now)

    return send


def test_each_step_leaves_one_entry_of_its_own(cast, upload, now):
    row = commit_import(row=upload(ROAD), by=cast.reform, now=now)
    entries = Entry.objects.filter(subject=row.subject).order_by("index")
    assert [entry.verb for entry in entries] == ["import.received", "import.previewed", "import.committed"]
    facts = Content.objects.get(log="inner", index=entries[2].index).facts
    snapshot = row.written.get()
    assert snapshot.manifest_sha256 in facts
    assert row.file.sha256 in facts
    assert place(row.file.sha256).is_file()


def test_nothing_is_stored_before_the_commit_and_the_preview_goes_after_it(cast, upload, now, home):
    row = upload(ROAD)
    assert (row.state, row.counts["inserted"]) == ("previewed", 1)
    assert not (home / "lake").exists()
    assert lake.preview_folder(row.ref).is_dir()
    commit_import(row=row, by=cast.reform, now=now)
    assert not lake.preview_folder(row.ref).exists()


def test_the_hook_tells_of_the_snapshot_and_its_refusal_undoes_everything(cast, upload, now):
    told = []
    hooks.snapshot_committed.receivers.append(lambda snapshot, by, now: told.append(snapshot.ref))
    try:
        commit_import(row=upload(ROAD), by=cast.reform, now=now)
        assert told == ["projects-000001"]

        def refuse(**_):
            raise Refusal("不收。")

        hooks.snapshot_committed.receivers.append(refuse)
        row = upload(ROAD.replace("A-1", "A-2"))
        with pytest.raises(Refusal, match="不收"):
            commit_import(row=row, by=cast.reform, now=now)
    finally:
        del hooks.snapshot_committed.receivers[-2:]
    row.refresh_from_db()
    assert row.state == "previewed"
    assert Snapshot.objects.count() == 1
    assert [line["project_id"] for line in sources.export_rows("projects")] == ["A-1"]
    assert (
        commit_import(row=row, by=cast.reform, now=now).state == "committed"
    )  # over what the failed one left
    assert len(list(sources.export_rows("projects"))) == 2


def test_wrong_rows_stop_a_commit_until_the_good_ones_are_asked_for(cast, upload, now):
    row = upload(ROAD, WRONG)
    assert row.state == "rejected"
    with pytest.raises(Refusal, match="1 行有误"):
        commit_import(row=row, by=cast.reform, now=now)
    row.refresh_from_db()
    assert row.state == "rejected"
    assert commit_import(row=row, by=cast.reform, now=now, accept_good=True).counts["inserted"] == 1


def test_a_second_decision_is_told_that_it_comes_late(cast, upload, now):
    row = upload(ROAD)
    stale = Import.objects.get(pk=row.pk)
    commit_import(row=row, by=cast.reform, now=now)
    for act in (commit_import, discard_import):
        with pytest.raises(Refusal, match="已经处理过"):
            act(row=stale, by=cast.reform, now=now)
    assert Snapshot.objects.count() == 1


def test_a_preview_runs_once_and_tells_what_cannot_be_read(cast, upload, now):
    row = upload(head="甲,乙")
    assert row.state == "failed"
    assert "没有找到" in row.failure
    preview_import(ref=row.ref, now=now)
    assert Entry.objects.filter(subject=row.subject, verb="import.previewed").count() == 1
    with pytest.raises(Refusal):
        discard_import(row=row, by=cast.reform, now=now)


def test_only_ones_own_department_and_only_with_the_right(cast, projects, now):
    path = projects(ROAD)
    for person in (cast.finance, cast.inspector, cast.outsider, cast.powerless, cast.hospital):
        with pytest.raises(PermissionDenied):
            receive_file(chunks=[b"x"], wish=wish(path), by=person, now=now)
        with pytest.raises(PermissionDenied):
            import_file(path=path, wish=wish(path), by=person, now=now)
    assert not Import.objects.exists()


def test_an_owner_reports_under_the_collective_name_and_cannot_change_anothers_rows(cast, upload, now):
    def report(by, organisation, *lines):
        return upload(
            *lines,
            head=REPORTS,
            by=by,
            dataset="progress_reports",
            department="project_owner",
            organisation=organisation,
        )

    contract = load("progress_reports")
    assert actions.sender(cast.hospital, contract) == ("project_owner", "public_hospital")
    assert actions.sender(cast.finance, contract) is None
    first = report(cast.hospital, "public_hospital", "A-1,2026-05,2026-06-01,10")
    commit_import(row=first, by=cast.hospital, now=now)
    assert not Import.objects.visible_to(cast.school).exists()
    assert Import.objects.visible_to(cast.inspector).count() == 1
    second = report(cast.school, "middle_school", "A-1,2026-05,2026-06-01,90", "B-1,2026-05,2026-06-01,20")
    assert second.state == "rejected"
    assert [error["code"] for error in second.errors] == ["other_sender"]
    commit_import(row=second, by=cast.school, now=now, accept_good=True)
    stored = {row["project_id"]: row["physical_percent"] for row in sources.export_rows("progress_reports")}
    assert stored == {"A-1": "10", "B-1": "20"}


def test_wishes_that_make_no_sense_are_refused_in_a_sentence(cast, projects, now):
    path = projects(ROAD)
    with pytest.raises(Refusal, match="将来"):
        import_file(path=path, wish=wish(path, known_at=at("2026-06-11")), by=cast.operator, now=now)
    with pytest.raises(Refusal, match="整份名单"):
        import_file(
            path=path, wish=wish(path, department="project_owner", full=True), by=cast.operator, now=now
        )
    contract = load("projects")
    with pytest.raises(Refusal, match="没有部门"):
        actions.department_code(contract, "nowhere")
    with pytest.raises(Refusal, match="不由"):
        actions.department_code(contract, "finance")
    assert actions.department_code(contract, "public_hospital") == "public_hospital"
    assert actions.department_code(contract, None) == "development_reform"


def test_a_whole_roster_with_a_row_that_nobody_can_name_is_not_half_taken(cast, projects, now):
    path = projects(ROAD, ROAD.replace("A-1", ""))
    with pytest.raises(Refusal, match="认不出主键"):
        import_file(path=path, wish=wish(path, full=True, accept_good=True), by=cast.operator, now=now)


def test_columns_that_a_later_file_lacks_are_told_before_they_blank_anything(cast, projects, now):
    path = projects(ROAD + "2026-03-09")
    import_file(path=path, wish=wish(path), by=cast.operator, now=now)
    head = "项目代码,项目名称,建设单位,行政区划代码,计划开工时间,计划竣工时间"
    path = projects("A-1,通村路,交通局,990101003000,2026-03-01,2026-12-31", head=head)
    result = import_file(path=path, wish=wish(path), by=cast.operator, now=now, dry_run=True)
    assert any("3 个值变为空白" in note for note in result["notes"])
