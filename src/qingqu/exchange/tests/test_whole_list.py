"""Whether a file is the whole list is asked with the number that this would close, and decided at the commit."""

import pytest
from django.urls import reverse

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.exchange import sources
from qingqu.exchange.actions import commit_import, preview_import, receive_file
from qingqu.exchange.tests.helpers import wish

LINE = "A-{n},通村路{n},交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,"


@pytest.fixture
def upload(cast, projects):
    def send(*numbers, by=None, **more):
        path = projects(*[LINE.format(n=number) for number in numbers])
        row = receive_file(
            chunks=[path.read_bytes()], wish=wish(path, **more), by=by or cast.reform, now=clock.now()
        )
        return preview_import(ref=row.ref, now=clock.now())

    return send


def stored():
    return [row["project_id"] for row in sources.export_rows("projects")]


def test_the_preview_tells_how_many_rows_would_close_and_shows_them(client, cast, upload, now):
    commit_import(row=upload(1, 2, 3), by=cast.reform, now=now)
    row = upload(2, 4)
    assert (row.counts["would_close"], row.counts["removed"], row.full) == (2, 0, False)
    client.force_login(cast.reform)
    page = client.get(reverse("exchange-import", args=[row.ref])).content.decode()
    assert "这份文件是整份名单吗？" in page
    assert "没有的 2 行会停用" in page
    page = client.get(reverse("exchange-import", args=[row.ref]), {"tab": "closed"}).content.decode()
    assert "通村路1" in page
    assert "通村路3" in page


@pytest.mark.parametrize(("answer", "left"), [("0", ["A-1", "A-2", "A-3", "A-4"]), ("1", ["A-2", "A-4"])])
def test_the_answer_at_the_commit_decides(client, cast, upload, now, answer, left):
    commit_import(row=upload(1, 2, 3), by=cast.reform, now=now)
    row = upload(2, 4)
    client.force_login(cast.reform)
    client.post(reverse("exchange-commit", args=[row.ref]), {"full": answer})
    row.refresh_from_db()
    assert (row.state, row.full, row.counts["removed"]) == (
        "committed",
        answer == "1",
        2 if answer == "1" else 0,
    )
    assert stored() == left


def test_nothing_is_asked_where_nothing_would_close_or_the_data_only_grow(
    client, cast, upload, now, projects
):
    row = upload(1)
    client.force_login(cast.reform)
    assert "整份名单吗" not in client.get(reverse("exchange-import", args=[row.ref])).content.decode()
    path = projects("P-1,100,2026-05-02", head="支付流水号,支付金额,支付日期")
    paid = receive_file(
        chunks=[path.read_bytes()], wish=wish(path, "payments", "finance"), by=cast.finance, now=now
    )
    paid = preview_import(ref=paid.ref, now=now)
    assert "would_close" not in paid.counts
    with pytest.raises(Refusal, match="不按整份名单"):
        commit_import(row=paid, by=cast.finance, now=now, full=True)
    paid.refresh_from_db()
    assert (paid.state, paid.full) == ("previewed", False)


def test_one_owner_of_many_cannot_close_the_others(cast, upload, now):
    row = upload(1, by=cast.hospital, department="project_owner", organisation="public_hospital")
    with pytest.raises(Refusal, match="不按整份名单"):
        commit_import(row=row, by=cast.hospital, now=now, full=True)


def test_own_totals_are_compared_as_people_write_them(client, cast, upload):
    row = upload(1, 2)
    client.force_login(cast.reform)
    address = reverse("exchange-import", args=[row.ref])
    page = client.get(address, {"own_rows": "2", "own_approved_amount": "240万元"}).content.decode()
    assert page.count("一致") == 2
    page = client.get(address, {"own_rows": "3", "own_approved_amount": "2,399,000"}).content.decode()
    assert "您的多 1" in page
    assert "您的少 1,000" in page
    page = client.get(address, {"own_approved_amount": "二百多"}).content.decode()
    assert "light-yellow" in page


def test_the_same_file_again_says_so(client, cast, upload, now):
    first = commit_import(row=upload(1), by=cast.reform, now=now)
    again = upload(1)
    client.force_login(cast.reform)
    page = client.get(reverse("exchange-import", args=[again.ref])).content.decode()
    assert "已经提交过" in page
    assert first.ref in page
    assert (again.counts["unchanged"], again.counts["inserted"]) == (1, 0)
