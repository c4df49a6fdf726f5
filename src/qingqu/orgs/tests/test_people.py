"""Organisations, people and posts: each write is one entry, and what may not stand together does not."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from qingqu.base.errors import Refusal
from qingqu.ledger.models import Content, Entry
from qingqu.orgs import access
from qingqu.orgs.actions import (
    add_organisation,
    add_person,
    deactivate_person,
    end_post,
    give_post,
    system_operator,
)
from qingqu.orgs.models import Kinship, Organisation, Person, Post
from tests.cast import NOW, make_cast

TODAY = NOW.date()


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def officer(cast):
    """The security administrator, who grants posts."""
    by = system_operator()
    person = add_person(username="sec", name="安管", password=None, by=by, now=NOW)
    office = Organisation.objects.get(code="audit")
    give_post(person=person, organisation=office, role="sec_admin", valid_from=TODAY, by=by, now=NOW)
    Post.objects.filter(person=person).update(valid_from=date(2020, 1, 1))
    return person


def newcomer(name="new"):
    return add_person(username=name, name="新人", password=None, by=system_operator(), now=NOW)


def give(person, role, **more):
    office = Organisation.objects.get(code=more.pop("office", "finance"))
    wanted = {"by": system_operator(), "valid_from": TODAY, **more}
    return give_post(person=person, organisation=office, role=role, now=NOW, **wanted)


def test_every_write_is_one_entry_and_names_stay_in_the_part_that_can_be_erased(db):
    by, before = system_operator(), Entry.objects.count()
    office = add_organisation(code="finance", name="县财政局", kind="department", by=by, now=NOW)
    person = add_person(username="luo", name="罗静", password="long-enough-1", by=by, now=NOW)
    post = give_post(
        person=person, organisation=office, role="data_steward", by=by, now=NOW, valid_from=TODAY
    )
    end_post(post=post, last_day=TODAY, by=by, now=NOW)
    deactivate_person(person=person, by=by, now=NOW)
    entries = list(Entry.objects.order_by("index"))[before:]
    assert [entry.verb for entry in entries] == [
        "organisation.added", "person.added", "post.given", "post.ended", "person.deactivated",
    ]  # fmt: skip
    assert {entry.subject for entry in entries[1:]} == {person.actor}
    assert "罗静" not in " ".join(entry.leaf for entry in entries)
    assert "罗静" in " ".join(Content.objects.values_list("facts", flat=True))
    assert "long-enough-1" not in " ".join(Content.objects.values_list("facts", flat=True))


def test_references_of_people_run_on_and_the_password_is_kept_as_a_hash_only(db):
    first, second = (
        newcomer("a"),
        add_person(username="b", name="乙", password="long-enough-1", by=system_operator(), now=NOW),
    )
    assert [first.ref, second.ref] == ["P-2026-0001", "P-2026-0002"]
    assert not first.has_usable_password()
    assert second.check_password("long-enough-1")
    assert (str(second), second.get_full_name(), second.get_short_name()) == ("乙", "乙", "乙")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"username": "CHEN"}, "username_taken"),
        ({"username": "has space"}, "username"),
        ({"username": ""}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"username": "99010119900307001X"}, "username"),
        ({"name": " "}, "person_name"),
        ({"name": "长" * 61}, "person_name"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
    ],
)
def test_an_account_that_would_not_do_is_refused_in_a_sentence(cast, wrong, code):
    people = Person.objects.count()
    wanted = {"username": "new", "name": "新人", "password": "long-enough-1", **wrong}
    with pytest.raises(Refusal) as found:
        add_person(**wanted, by=system_operator(), now=NOW)
    assert found.value.code == code
    assert found.value.sentence.endswith(("。", "！"))
    assert Person.objects.count() == people


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"code": "Finance"}, "organisation_code"),
        ({"code": "finance"}, "organisation_taken"),
        ({"name": ""}, "organisation_name"),
    ],
)
def test_an_organisation_that_would_not_do_is_refused(cast, wrong, code):
    wanted = {"code": "new_office", "name": "新局", "kind": "department", **wrong}
    with pytest.raises(Refusal) as found:
        add_organisation(**wanted, by=system_operator(), now=NOW)
    assert found.value.code == code


def test_accounts_and_grants_are_in_two_hands(cast, officer):
    person = newcomer()
    office = Organisation.objects.get(code="finance")
    assert access.granted(cast["guo"], {"orgs.add_person", "orgs.give_post"}) == {"orgs.add_person"}
    assert access.granted(officer, {"orgs.add_person", "orgs.give_post"}) == {"orgs.give_post"}
    add_person(username="by_guo", name="甲", password=None, by=cast["guo"], now=NOW)
    give_post(person=person, organisation=office, role="data_steward", valid_from=TODAY, by=officer, now=NOW)
    with pytest.raises(PermissionDenied):
        give_post(
            person=person,
            organisation=office,
            role="project_owner",
            valid_from=TODAY,
            by=cast["guo"],
            now=NOW,
        )
    with pytest.raises(PermissionDenied):
        add_person(username="by_sec", name="乙", password=None, by=officer, now=NOW)


@pytest.mark.parametrize("name", ["chen", "mu", "zhou", "fan", "wu", "mei"])
def test_nobody_else_adds_people_or_offices_or_grants_or_ends_posts(cast, name):
    by, office, post = (
        cast[name],
        Organisation.objects.get(code="finance"),
        Post.objects.get(person=cast["luo"]),
    )
    refused = (
        lambda: add_person(username="x", name="x", password=None, by=by, now=NOW),
        lambda: add_organisation(code="x", name="x", kind="department", by=by, now=NOW),
        lambda: give_post(
            person=cast["luo"], organisation=office, role="trial_office", valid_from=TODAY, by=by, now=NOW
        ),
        lambda: end_post(post=post, last_day=TODAY, by=by, now=NOW),
        lambda: deactivate_person(person=cast["luo"], by=by, now=NOW),
    )
    entries = Entry.objects.count()
    for one in refused:
        with pytest.raises(PermissionDenied):
            one()
    assert Entry.objects.count() == entries


def test_nobody_appoints_themselves_or_to_a_role_that_is_none(cast, officer):
    with pytest.raises(Refusal, match="不能给自己"):
        give(officer, "party_conduct_office", by=officer)
    for role in ("visitor", "villager", "system_operator", "staff", "signed_in", "king"):
        with pytest.raises(Refusal, match="岗位角色"):
            give(cast["luo"], role)


def test_an_administrator_holds_nothing_beside_and_the_other_way_round(cast):
    with pytest.raises(Refusal, match="三类管理员"):
        give(cast["guo"], "party_conduct_office")
    with pytest.raises(Refusal, match="三类管理员"):
        give(cast["chen"], "auditor_log")
    with pytest.raises(Refusal, match="三类管理员"):
        give(cast["guo"], "sec_admin")
    end_post(
        post=Post.objects.get(person=cast["guo"]),
        last_day=TODAY - timedelta(days=1),
        by=system_operator(),
        now=NOW,
    )
    assert give(cast["guo"], "data_steward").pk


def test_a_supervisor_of_the_village_is_not_its_cadre(cast):
    person = newcomer()
    give(person, "vsc_member", office="town")
    for role in ("village_lead", "village_operator"):
        with pytest.raises(Refusal, match="监督委员会"):
            give(person, role, office="town")


def test_a_post_is_given_once_and_ends_once(cast):
    person = newcomer()
    post = give(person, "data_steward")
    with pytest.raises(Refusal, match="已在任"):
        give(person, "data_steward")
    with pytest.raises(Refusal, match="早于"):
        end_post(post=post, last_day=TODAY - timedelta(days=1), by=system_operator(), now=NOW)
    assert end_post(post=post, last_day=TODAY, by=system_operator(), now=NOW).valid_to == TODAY
    with pytest.raises(Refusal, match="已经结束"):
        end_post(post=post, last_day=TODAY + timedelta(days=1), by=system_operator(), now=NOW)
    assert give(person, "data_steward", valid_from=TODAY + timedelta(days=1)).pk != post.pk


def test_an_account_is_switched_off_once_and_never_by_its_owner(cast):
    with pytest.raises(Refusal, match="自己的账号"):
        deactivate_person(person=cast["guo"], by=cast["guo"], now=NOW)
    with pytest.raises(Refusal, match="系统账号"):
        deactivate_person(person=system_operator(), by=cast["guo"], now=NOW)
    assert not deactivate_person(person=cast["mu"], by=cast["guo"], now=NOW).is_active
    with pytest.raises(Refusal, match="已经停用"):
        deactivate_person(person=cast["mu"], by=cast["guo"], now=NOW)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda cast: Person.objects.filter(pk=cast["mu"].pk).update(username="CHEN"),
        lambda cast: Person.objects.filter(pk=cast["mu"].pk).update(ref=""),
        lambda cast: Post.objects.filter(person=cast["mu"]).update(valid_to=date(2000, 1, 1)),
        lambda cast: Organisation.objects.filter(code="finance").update(code="Fi nance"),
        lambda cast: Kinship.objects.create(person=cast["mu"], relative=cast["mu"], relation="self"),
    ],
)
def test_the_database_itself_holds_what_must_hold(cast, break_it):
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(cast)


def test_kin_are_noted_with_their_source(cast):
    kin = Kinship.objects.create(
        person=cast["mu"], relative=cast["fan"], relation="sibling", source="2026 declaration"
    )
    assert str(kin) == f"{cast['mu'].ref} sibling {cast['fan'].ref}"


def test_the_system_operator_has_no_password_and_every_right_of_the_command_line(db):
    system = system_operator()
    assert not system.has_usable_password()
    assert system.actor == "person:P-SYSTEM"
    assert access.require(system, "watch.run") == "system_operator"
    assert access.reach(system, "exchange.import_file").everything
    with pytest.raises(PermissionDenied):
        access.require(system, "cases.sign_instrument")
