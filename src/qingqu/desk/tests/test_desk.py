"""The desk's pages: what a count says is what its click shows; personal numbers stay out; few queries."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from qingqu.base import clock
from qingqu.engine import spec
from qingqu.orgs.actions import system_operator
from qingqu.watch import actions
from qingqu.watch.actions import assign_warning, run_rules
from qingqu.watch.models import Warning
from qingqu.watch.rules import published
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PERSON = "990101195001011239"  # invented place, right check digit
KINDS = (("P47", "project"), ("B01", "person"), ("P54", "project"))


def finding(n, **more):
    rule, kind = KINDS[n % 3]
    key = PERSON[:14] + f"{n:03d}X" if kind == "person" else f"K{n}"
    given = {
        "rule": rule, "version": 1, "title": "标题", "state": "triggered", "subject_kind": kind, "subject_key": key,
        "subject_name": f"对象{n}", "place": ("990101001000", "990101002000", "")[n % 3], "owner": "",
        "level": ("red", "yellow", "orange")[n % 3], "message": f"第 {n} 条", "unit": "个",
    }  # fmt: skip
    return spec.Finding(**{**given, **more})


@pytest.fixture
def county(monkeypatch):
    """Fifty warnings of three rules, raised today by clock, after a first look that found nothing."""
    people, said, now = make_cast(), SimpleNamespace(findings=[]), clock.now()
    monkeypatch.setattr(actions.runner, "run", lambda *_a, **_k: iter(said.findings))
    rules = published(codes=["P47", "B01", "P54"])

    def look(findings, days=0, **more):
        said.findings = findings
        when = now + timedelta(days=days)
        return run_rules(
            rules=rules, as_of=when.date(), known_at=when, by=system_operator(), now=when, **more
        )

    look([], days=-10)
    look([finding(n) for n in range(50)])
    return SimpleNamespace(people=people, look=look, now=now)


@pytest.fixture
def chen(client, county):
    client.force_login(county.people["chen"], backend=BACKEND)
    return client


def rows(page):
    return len(re.findall(r'href="/desk/warnings/', page))


def test_every_count_beside_a_filter_is_what_its_click_shows(chen, county):
    assign_warning(
        warning=Warning.objects.first(), to=county.people["mu"], by=county.people["chen"], now=county.now
    )
    page = chen.get("/desk/inbox/").content.decode()
    column = page.partition('<nav class="filters"')[2].partition("</nav>")[0]
    told = re.findall(r'<a href="(\?[^"]*)"[^>]*>.*?class="count[^"]*">(\d+)<', column)
    assert len(told) > 15
    for address, number in told:
        if address != "?":  # the short lists
            shown = chen.get("/desk/inbox/" + address.replace("&amp;", "&")).content.decode()
            assert rows(shown) == int(number), address


def test_filters_count_within_each_other(chen):
    page = chen.get("/desk/inbox/?section=benefits").content.decode()
    assert re.search(r"黄色预警</span><span class=\"count[^>]*>17<", page)
    assert re.search(r"红色预警</span><span class=\"count[^>]*>0<", page)


def test_the_inbox_costs_twelve_queries_however_many_there_are(chen, django_assert_max_num_queries):
    for address in (
        "/desk/inbox/",
        "/desk/inbox/?section=benefits",
        "/desk/inbox/?level=red&due=later&hand=free",
    ):
        with django_assert_max_num_queries(12):
            assert chen.get(address).status_code == 200


def test_the_other_pages_cost_few_queries(chen, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        chen.get("/desk/since-yesterday/")
    with django_assert_max_num_queries(24):
        chen.get("/desk/dashboard/")


def test_no_list_and_no_address_carries_an_identity_number(chen):
    for address in (
        "/desk/inbox/",
        "/desk/inbox/?section=benefits",
        "/desk/since-yesterday/",
        "/desk/dashboard/",
    ):
        page = chen.get(address).content.decode()
        assert PERSON[:14] not in page, address
    assert "99**************" in chen.get("/desk/inbox/?section=benefits").content.decode()


def test_the_warning_page_masks_the_number_for_whoever_has_no_right_to_it(chen, client, county):
    warning = Warning.objects.filter(subject_kind="person").first()
    page = chen.get(f"/desk/warnings/{warning.ref}/").content.decode()
    assert warning.subject_key not in page
    assert "99**************" in page


@pytest.mark.parametrize(
    "query", ["?level=blue'", "?town=%00", "?section=x&page=z", "?month=2026-99", "?due=1&rule=" + "P" * 99]
)
def test_a_wild_address_shows_the_list(chen, query):
    assert chen.get("/desk/inbox/" + query).status_code == 200


def test_the_news_tell_new_risen_and_closed_but_no_stock(chen, county):
    day = [finding(1, level="red"), finding(0, subject_key="K900"), *(finding(n) for n in range(4, 50))]
    county.look(day, days=1)
    stock = [finding(n, subject_key=f"S{n}", rule="P54", subject_kind="project") for n in range(3)]
    county.look([*day, *stock], days=2, stock=True)
    page = chen.get("/desk/since-yesterday/").content.decode()
    told = {word: int(number) for number, word in re.findall(r"<b>(\d+)</b>([^<]+)<", page)}
    assert told == {"新增": 51, "升级": 1, "降级": 0, "已关闭": 3, "该到未到的数据": 0}
    assert page.count('class="title" href="/desk/warnings/') == 15 + 1 + 3
    assert "S1" not in page
    assert chen.get("/desk/since-yesterday/?from=1999-01-01").status_code == 200
    assert chen.get("/desk/since-yesterday/?from=x").status_code == 200


def test_the_overview_adds_up_and_every_number_opens_its_rows(chen):
    page = chen.get("/desk/dashboard/").content.decode()
    for address, number in re.findall(r'<td class="number"><a href="([^"]+)">(?:<b>)?(\d+)', page):
        shown = chen.get(address.replace("&amp;", "&"))
        if address != "/desk/inbox/?":
            assert rows(shown.content.decode()) == int(number), address
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    sums = [int(number) for number in re.findall(r"<b>(\d+)</b>", body)]
    assert sum(sums) == 50


def test_the_neighbour_and_the_town_see_their_own(client, county):
    numbers = {}
    for name in ("mu", "wu"):
        client.force_login(county.people[name], backend=BACKEND)
        numbers[name] = rows(client.get("/desk/inbox/?due=later").content.decode())
    assert numbers == {"mu": 17, "wu": 0}
