"""The table for everyone, the people for administrators."""

import re
from datetime import date, timedelta

import pytest

from qingqu.base import clock
from qingqu.orgs.actions import add_organisation, add_person, give_post, system_operator
from qingqu.orgs.models import Organisation, Person, Post
from tests.cast import NOW, make_cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db):
    return make_cast()


def visit(client, person, address):
    client.force_login(person, backend=BACKEND)
    return client.get(address)


def test_everyone_who_signs_in_reads_the_table(client, cast):
    assert client.get("/desk/access/").status_code == 302
    for person in cast.values():
        response = visit(client, person, "/desk/access/")
        assert response.status_code == 200
    newcomer = add_person(username="new", name="新人", password=None, by=system_operator(), now=NOW)
    assert visit(client, newcomer, "/desk/access/").status_code == 200
    assert client.post("/desk/access/").status_code == 405


def test_the_table_begins_with_ones_own_role_and_shows_any_other(client, cast):
    page = visit(client, cast["zhou"], "/desk/access/").content.decode()
    assert "exchange.import_file" in page
    assert "watch.run" not in page
    page = visit(client, cast["zhou"], "/desk/access/?role=party_conduct_office").content.decode()
    assert "watch.run" in page
    assert re.search(r"clues\.see_report</code> <span[^>]*>[^<]+</span>", page)  # marked as not built yet
    assert visit(client, cast["zhou"], "/desk/access/?role=<script>").status_code == 200
    assert "R all, A extension, S" in page


def test_only_administrators_of_people_open_the_people(client, cast):
    for name in ("chen", "mu", "zhou", "fan", "wu", "mei"):
        assert visit(client, cast[name], "/desk/people/").status_code == 403
        assert "/desk/people/" not in client.get("/desk/access/").content.decode()
    page = visit(client, cast["guo"], "/desk/people/")
    assert page.status_code == 200
    assert "明山县财政局" in page.content.decode()
    assert "/desk/people/" in client.get("/desk/access/").content.decode()


def test_people_are_found_by_name_office_and_title_and_only_with_posts_of_today(client, cast):
    today = clock.today()
    Post.objects.filter(person=cast["luo"]).update(valid_to=today - timedelta(days=1))
    Post.objects.filter(person=cast["zhou"]).update(title="数据员甲", valid_to=today)
    page = visit(client, cast["guo"], "/desk/people/").content.decode()
    assert ">zhou<" in page
    assert ">luo<" not in page
    assert ">zhou<" in client.get("/desk/people/?q=数据员甲").content.decode()
    assert ">zhou<" in client.get("/desk/people/?q=发展和改革").content.decode()
    empty = client.get("/desk/people/?q=没有这个人").content.decode()
    assert ">zhou<" not in empty
    assert 'class="panel empty"' in empty


def test_a_thousand_posts_cost_few_queries_and_go_over_pages(client, cast, django_assert_max_num_queries):
    office = Organisation.objects.get(code="finance")
    people = [Person(username=f"u{n}", ref=f"P-T-{n}", name=f"人{n}") for n in range(1000)]
    Person.objects.bulk_create(people)
    Post.objects.bulk_create(
        Post(person=person, organisation=office, role="data_steward", valid_from=date(2020, 1, 1))
        for person in people
    )
    client.force_login(cast["guo"], backend=BACKEND)
    with django_assert_max_num_queries(10):
        page = client.get("/desk/people/?q=人").content.decode()
    assert page.count("<td><b>") == 100
    assert "1 / 11" in page
    assert 'href="?q=%E4%BA%BA&amp;page=2"' in page
    assert client.get("/desk/people/?page=99999").status_code == 200
    assert client.get("/desk/people/?page=x").status_code == 200


def test_hostile_names_stay_text(client, cast):
    by = system_operator()
    name = "<script>alert(1)</script>"
    person = add_person(username="odd", name=name, password=None, by=by, now=NOW)
    office = add_organisation(code="odd", name=name, kind="department", by=by, now=NOW)
    give_post(
        person=person, organisation=office, role="data_steward", title=name, valid_from=date(2020, 1, 1), by=by, now=NOW
    )  # fmt: skip
    page = visit(client, cast["guo"], "/desk/people/?q=<script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
