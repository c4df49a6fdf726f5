"""As known at a moment: back-dated files, what later files had said already, whole rosters, departments."""

from qingqu.exchange import sources
from qingqu.exchange.actions import import_file
from qingqu.exchange.models import Snapshot
from qingqu.exchange.tests.helpers import at, wish


def line(key, start="2026-03-01", name="路"):
    return f"{key},{name},交通局,990101003000,2026-01-05,1200000,{start},2026-12-31,"


def deliver(cast, path, day, now, **more):
    return import_file(path=path, wish=wish(path, known_at=at(day), **more), by=cast.operator, now=now)


def known(day=None):
    rows = sources.export_rows("projects", at(day) if day else None)
    return {row["project_id"]: row["planned_start"] for row in rows}


def test_each_moment_has_the_state_that_was_known_then(cast, projects, now):
    deliver(cast, projects(line("A", "2026-03-01")), "2026-01-10", now)
    deliver(cast, projects(line("A", "2026-05-01"), line("B")), "2026-02-10", now)
    assert known("2026-01-09") == {}
    assert known("2026-01-10") == {"A": "2026-03-01"}
    assert known("2026-02-10") == {"A": "2026-05-01", "B": "2026-03-01"}
    assert known() == known("2026-02-10")


def test_a_back_dated_file_fills_the_past_and_leaves_the_present(cast, projects, now):
    deliver(cast, projects(line("A", "2026-05-01")), "2026-03-10", now)
    result = deliver(cast, projects(line("A", "2026-03-01"), line("B")), "2026-02-10", now)
    assert (result["inserted"], result["updated"]) == (2, 0)
    assert known("2026-02-10") == {"A": "2026-03-01", "B": "2026-03-01"}
    assert known("2026-03-10") == {"A": "2026-05-01", "B": "2026-03-01"}
    assert known() == known("2026-03-10")


def test_what_a_later_file_had_confirmed_stands_after_a_back_dated_change(cast, projects, now):
    deliver(cast, projects(line("A"), line("B")), "2026-01-10", now)
    deliver(cast, projects(line("A"), line("C")), "2026-03-10", now)  # A is said again unchanged
    deliver(cast, projects(line("A", "2026-04-01")), "2026-02-10", now)
    assert known("2026-02-10") == {"A": "2026-04-01", "B": "2026-03-01"}
    assert known("2026-03-10") == {"A": "2026-03-01", "B": "2026-03-01", "C": "2026-03-01"}
    assert known() == known("2026-03-10")
    assert list(Snapshot.objects.order_by("sequence").values_list("kind", flat=True)) == [
        "import", "import", "import", "restatement",
    ]  # fmt: skip


def test_a_later_whole_roster_still_closes_what_a_back_dated_file_brings(cast, projects, now):
    deliver(cast, projects(line("A")), "2026-01-10", now)
    deliver(cast, projects(line("A")), "2026-03-10", now, full=True)
    deliver(cast, projects(line("A"), line("B")), "2026-03-11", now)
    deliver(cast, projects(line("C"), line("B", "2026-02-02")), "2026-02-10", now)
    # The roster of March 10 changed nothing, so it left no snapshot of its own; B came the day after it.
    assert known("2026-02-10") == {"A": "2026-03-01", "B": "2026-02-02", "C": "2026-03-01"}
    assert known()["B"] == "2026-03-01"


def test_a_roster_with_a_snapshot_closes_back_dated_rows_again(cast, projects, now):
    deliver(cast, projects(line("A"), line("X")), "2026-01-10", now)
    deliver(cast, projects(line("A")), "2026-03-10", now, full=True)  # closes X
    deliver(cast, projects(line("B"), line("A", "2026-02-02")), "2026-02-10", now)
    assert known("2026-02-10") == {"A": "2026-02-02", "B": "2026-03-01", "X": "2026-03-01"}
    assert known("2026-03-10") == {"A": "2026-03-01"}
    assert known() == {"A": "2026-03-01"}


def test_a_closed_row_comes_back_as_new(cast, projects, now):
    deliver(cast, projects(line("A"), line("B")), "2026-01-10", now)
    deliver(cast, projects(line("A")), "2026-02-10", now, full=True)
    result = deliver(cast, projects(line("B")), "2026-03-10", now)
    assert result["inserted"] == 1
    assert known() == {"A": "2026-03-01", "B": "2026-03-01"}


def test_a_roster_of_a_month_closes_only_rows_of_that_month(cast, projects, now):
    may = "M,路,交通局,990101003000,2026-05-05,1,2026-06-01,2026-12-31,"
    deliver(cast, projects(line("A"), line("B"), may), "2026-06-01", now)
    result = deliver(cast, projects(line("A")), "2026-06-02", now, full=True, period="2026-01")
    assert result["removed"] == 1
    assert sorted(known()) == ["A", "M"]


def test_departments_keep_rows_of_their_own_and_the_contract_decides_who_is_believed(cast, projects, now):
    deliver(
        cast,
        projects(line("A", "2026-04-01"), line("B", "2026-04-01")),
        "2026-02-10",
        now,
        department="project_owner",
    )
    deliver(cast, projects(line("A", "2026-03-01")), "2026-01-10", now)
    assert known() == {"A": "2026-03-01", "B": "2026-04-01"}
    both = sources.rows("projects", project_id="A")
    assert [row["_department"] for row in both] == ["development_reform", "project_owner"]


def test_the_engine_reads_one_state_file_when_it_can_and_all_changes_when_it_must(cast, projects, now):
    deliver(cast, projects(line("A")), "2026-01-10", now)
    deliver(cast, projects(line("A", "2026-05-01")), "2026-03-10", now)
    today = at("2026-06-01")
    newest = sources.sources({"projects", "payments"}, known_at=today, as_of=today.date())
    assert list(newest) == ["projects"]
    assert [path.name for path in newest["projects"].files] == ["state.parquet"]
    assert str(newest["projects"].cut_off) == "2026-01-05"
    deliver(cast, projects(line("A", "2026-04-01")), "2026-02-10", now)
    between = sources.sources({"projects"}, known_at=at("2026-02-10"), as_of=today.date())["projects"]
    assert between.history
    assert {path.name for path in between.files} == {"changes.parquet"}
    assert between.snapshots == ("projects-000001", "projects-000003")


def test_the_cut_off_is_the_newest_event_that_is_not_in_the_future_or_the_end_of_the_month_delivered(
    cast, projects, now
):
    future = "F,路,交通局,990101003000,2026-12-05,1,2026-06-01,2026-12-31,"
    deliver(cast, projects(line("A"), future), "2026-02-10", now)
    day = at("2026-06-01")
    assert (
        str(sources.sources({"projects"}, known_at=day, as_of=day.date())["projects"].cut_off) == "2026-01-05"
    )
    deliver(cast, projects(line("B")), "2026-03-05", now, period="2026-02")
    assert (
        str(sources.sources({"projects"}, known_at=day, as_of=day.date())["projects"].cut_off) == "2026-02-28"
    )


def test_a_whole_list_is_as_old_as_its_delivery_though_its_rows_began_long_ago(cast, tmp_path, now):
    path = tmp_path / "companies.csv"
    path.write_text(
        "统一社会信用代码,企业名称,成立日期\n919901010000100063,稔丰建设有限公司,2011-03-04\n", "utf-8"
    )
    told = wish(path, "companies", "market_regulation", known_at=at("2026-05-08"))
    import_file(path=path, wish=told, by=cast.operator, now=now)
    day = at("2026-06-01")
    assert (
        str(sources.sources({"companies"}, known_at=day, as_of=day.date())["companies"].cut_off)
        == "2026-05-08"
    )
