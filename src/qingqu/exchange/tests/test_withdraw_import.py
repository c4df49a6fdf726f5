"""Taking a committed import back as one unit."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from qingqu.base.errors import Refusal
from qingqu.exchange import sources
from qingqu.exchange.actions import import_file, withdraw_import
from qingqu.exchange.models import Import
from qingqu.exchange.tests.helpers import wish
from qingqu.ledger.models import Entry


def line(key, start="2026-03-01"):
    return f"{key},路,交通局,990101003000,2026-01-05,1200000,{start},2026-12-31,"


def deliver(cast, path, now, **more):
    told = import_file(path=path, wish=wish(path, **more), by=cast.operator, now=now)
    return Import.objects.get(ref=told["import"])


def test_everything_stands_as_before_with_the_source_that_it_had(cast, projects, now):
    deliver(cast, projects(line("A"), line("B"), name="一月.csv"), now)
    before = list(sources.export_rows("projects"))
    second = deliver(
        cast,
        projects(line("A", "2026-05-01"), line("C"), name="二月.csv"),
        now + timedelta(days=1),
        full=True,
    )
    snapshot = withdraw_import(row=second, by=cast.reform, now=now + timedelta(days=2))
    assert list(sources.export_rows("projects")) == before
    assert {row["_file"] for row in sources.rows("projects")} == {"一月.csv"}
    assert snapshot is not None
    assert snapshot.kind == "withdrawal"
    second.refresh_from_db()
    assert second.state == "withdrawn"
    assert Entry.objects.filter(verb="import.withdrawn", subject=second.subject).count() == 1
    as_known = sources.export_rows("projects", now + timedelta(days=1, hours=1))
    assert {row["project_id"] for row in as_known} == {"A", "C"}


def test_the_first_import_withdrawn_leaves_nothing_and_may_come_again(cast, projects, now):
    row = deliver(cast, projects(line("A")), now)
    withdraw_import(row=row, by=cast.reform, now=now)
    assert list(sources.export_rows("projects")) == []
    again = deliver(cast, projects(line("A")), now + timedelta(hours=1))
    assert again.counts["inserted"] == 1
    assert len(list(sources.export_rows("projects"))) == 1


def test_not_after_a_later_import_of_the_department_nor_after_seven_days_nor_twice(cast, projects, now):
    first = deliver(cast, projects(line("A")), now)
    second = deliver(cast, projects(line("B")), now)
    with pytest.raises(Refusal, match="之后"):
        withdraw_import(row=first, by=cast.reform, now=now)
    with pytest.raises(Refusal, match="7 天"):
        withdraw_import(row=second, by=cast.reform, now=now + timedelta(days=8))
    withdraw_import(row=second, by=cast.reform, now=now)
    with pytest.raises(Refusal, match="没有提交"):
        withdraw_import(row=second, by=cast.reform, now=now)


def test_only_the_department_itself(cast, projects, now):
    row = deliver(cast, projects(line("A")), now)
    for person in (cast.finance, cast.outsider, cast.powerless, cast.inspector):
        with pytest.raises(PermissionDenied):
            withdraw_import(row=row, by=person, now=now)
