"""The door: reach, may, require, granted, recused; for insiders, neighbours, the powerless and strangers."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from qingqu.orgs import access
from qingqu.orgs.access import Reach
from qingqu.orgs.actions import (
    DivisionRow,
    add_organisation,
    add_person,
    declare_recusal,
    end_post,
    give_post,
    load_divisions,
    system_operator,
)
from qingqu.orgs.models import Division, Organisation, Person, Post
from tests.cast import NOW, make_cast

TODAY = NOW.date()
HERE = SimpleNamespace(
    division_code="990101001205", organisation_code="county_hospital", subject="warning:W-1"
)
NEXT_DOOR = SimpleNamespace(
    division_code="990102001001", organisation_code="elsewhere", subject="warning:W-2"
)
NOWHERE = SimpleNamespace(division_code="", organisation_code="", subject="")


@pytest.fixture
def cast(db):
    return make_cast()


def test_a_county_inspector_reaches_the_own_county_and_not_the_neighbour(cast):
    chen = cast["chen"]
    assert access.reach(chen, "watch.see").divisions == ("990101",)
    assert access.may(chen, "watch.see", HERE)
    assert access.require(chen, "watch.see", HERE) == "party_conduct_office"
    for thing in (NEXT_DOOR, NOWHERE, SimpleNamespace()):
        assert not access.may(chen, "watch.see", thing)
        with pytest.raises(PermissionDenied):
            access.require(chen, "watch.see", thing)


def test_a_township_inspector_reaches_one_town(cast):
    assert access.may(cast["mu"], "watch.see", HERE)
    other_town = SimpleNamespace(division_code="990101002001", organisation_code="", subject="")
    assert not access.may(cast["mu"], "watch.see", other_town)
    assert not access.may(cast["mu"], "watch.run")


def test_an_owner_and_a_clerk_reach_their_own_unit(cast):
    assert access.may(cast["fan"], "watch.see", HERE)
    assert not access.may(cast["fan"], "watch.see", NEXT_DOOR)
    assert access.reach(cast["zhou"], "exchange.import_file").organisations == ("development_reform",)
    assert not access.may(cast["zhou"], "exchange.import_file", SimpleNamespace(organisation_code="finance"))


def test_the_neighbour_sees_nothing_of_ours(cast):
    assert access.may(cast["wu"], "watch.see")
    assert not access.may(cast["wu"], "watch.see", HERE)
    assert access.may(cast["wu"], "watch.see", NEXT_DOOR)


@pytest.mark.parametrize(
    "verb", ["watch.see", "watch.run", "exchange.see", "exchange.import_file", "projects.see"]
)
def test_administrators_and_auditors_see_no_business_data(cast, verb):
    for name in ("guo", "mei"):
        assert access.reach(cast[name], verb).nothing
        assert not access.may(cast[name], verb)
        with pytest.raises(PermissionDenied):
            access.require(cast[name], verb)
    assert access.granted(cast["guo"], {verb, "orgs.see"}) == {"orgs.see"}


def test_without_a_post_only_the_table_itself_is_open(cast):
    newcomer = add_person(username="new", name="新人", password=None, by=system_operator(), now=NOW)
    assert access.posts(newcomer) == []
    assert access.granted(newcomer, {row.verb for row in access.TABLE}) == {"access.see"}
    assert access.require(newcomer, "access.see") == "signed_in"
    assert access.require(cast["mei"], "orgs.declare_recusal") == "auditor_log"
    with pytest.raises(PermissionDenied):
        access.require(newcomer, "orgs.declare_recusal")


def test_an_account_that_is_not_stored_has_no_right_at_all(db):
    stranger = Person(username="ghost", name="", ref="P-0")
    for nobody in (stranger, AnonymousUser()):
        assert access.granted(nobody, {row.verb for row in access.TABLE}) == set()
        assert access.post_line(nobody) == ""
    assert not access.recused(stranger, "warning:W-1")
    assert access.recused_refs(stranger, "warning") == []


def test_a_superuser_flag_opens_nothing(cast):
    newcomer = add_person(username="root", name="根", password=None, by=system_operator(), now=NOW)
    Person.objects.filter(pk=newcomer.pk).update(is_superuser=True, is_staff=True)
    assert access.reach(Person.objects.get(pk=newcomer.pk), "watch.see").nothing


def test_rights_live_exactly_as_long_as_the_post(cast):
    post = Post.objects.get(person=cast["chen"])
    end_post(post=post, last_day=TODAY, by=system_operator(), now=NOW)
    before = post.valid_from - timedelta(days=1)
    assert not access.may(cast["chen"], "watch.see", HERE, on=before)
    assert access.may(cast["chen"], "watch.see", HERE, on=post.valid_from)
    assert access.may(cast["chen"], "watch.see", HERE, on=TODAY)
    assert not access.may(cast["chen"], "watch.see", HERE, on=TODAY + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        access.require(cast["chen"], "watch.see", HERE, on=TODAY + timedelta(days=1))


def test_a_switched_off_account_has_no_right_even_where_the_page_still_holds_the_old_person(cast):
    stale = cast["chen"]
    Person.objects.filter(pk=stale.pk).update(is_active=False)
    assert stale.is_active
    assert access.reach(stale, "watch.see").nothing
    fresh = Person.objects.get(pk=stale.pk)
    assert access.granted(fresh, {"access.see", "watch.see"}) == set()


def test_recusal_beats_every_right_and_only_for_its_subject(cast):
    declare_recusal(subject="warning:W-1", ground="kin", by=cast["chen"], now=NOW)
    assert access.recused(cast["chen"], "warning:W-1")
    assert access.recused_refs(cast["chen"], "warning") == ["W-1"]
    assert access.recused_refs(cast["chen"], "project") == []
    assert not access.may(cast["chen"], "watch.see", HERE)
    with pytest.raises(PermissionDenied):
        access.require(cast["chen"], "watch.see", HERE)
    other = SimpleNamespace(division_code="990101001205", organisation_code="", subject="warning:W-10")
    assert access.may(cast["chen"], "watch.see", other)
    assert access.may(cast["mu"], "watch.see", HERE)


def test_two_posts_add_up_and_the_role_that_allows_is_named(cast):
    finance = Organisation.objects.get(code="finance")
    give_post(
        person=cast["mu"], organisation=finance, role="data_steward", valid_from=TODAY, by=system_operator(), now=NOW
    )  # fmt: skip
    found = access.reach(cast["mu"], "watch.see", on=TODAY)
    assert (found.divisions, found.organisations) == (("990101001",), ("finance",))
    own = SimpleNamespace(division_code="", organisation_code="finance", subject="")
    assert access.require(cast["mu"], "watch.see", own, on=TODAY) == "data_steward"
    assert access.require(cast["mu"], "watch.see", HERE, on=TODAY) == "township_discipline"


def test_one_masked_right_masks_the_sum_of_them(cast):
    assert access.reach(cast["chen"], "exchange.see").masked
    assert not access.reach(cast["zhou"], "exchange.see").masked
    finance = Organisation.objects.get(code="finance")
    give_post(
        person=cast["chen"], organisation=finance, role="data_steward", valid_from=TODAY, by=system_operator(), now=NOW
    )  # fmt: skip
    assert access.reach(cast["chen"], "exchange.see", on=TODAY).masked


def test_a_post_without_an_area_reaches_nothing_that_goes_by_area(cast):
    lost = add_person(username="lost", name="无辖区", password=None, by=system_operator(), now=NOW)
    office = Organisation.objects.get(code="discipline_commission")
    give_post(
        person=lost, organisation=office, role="inspection_office", valid_from=TODAY, by=system_operator(), now=NOW
    )  # fmt: skip
    assert access.reach(lost, "watch.see", on=TODAY).nothing
    assert not access.may(lost, "watch.see", on=TODAY)


def test_what_is_assigned_and_what_is_ones_own_goes_by_the_person(cast):
    judge = add_person(username="judge", name="审理", password=None, by=system_operator(), now=NOW)
    office = Organisation.objects.get(code="discipline_commission")
    county = Division.objects.get(code="990101000000")
    give_post(
        person=judge, organisation=office, role="trial_office", division=county, valid_from=TODAY,
        by=system_operator(), now=NOW,
    )  # fmt: skip
    mine = SimpleNamespace(division_code="990101000000", assigned_to=[judge.actor], subject="")
    theirs = SimpleNamespace(division_code="990101000000", assigned_to=["person:P-X"], subject="")
    assert access.may(judge, "exchange.see", mine, on=TODAY)
    assert not access.may(judge, "exchange.see", theirs, on=TODAY)
    assert not access.may(judge, "exchange.see", HERE, on=TODAY)
    own = SimpleNamespace(actor=judge.actor)
    assert access.may(judge, "orgs.declare_recusal", own, on=TODAY)
    assert not access.may(judge, "orgs.declare_recusal", SimpleNamespace(actor="person:P-X"), on=TODAY)


def test_a_zone_run_from_elsewhere_belongs_to_whoever_runs_it_and_not_to_its_digits(cast):
    by = system_operator()
    rows = [
        DivisionRow("990100000000", "川原市"),
        DivisionRow("990101000000", "明山县"),
        DivisionRow("990101001000", "明山镇"),
        DivisionRow("990101002000", "青石镇"),
        DivisionRow("990102000000", "北川原县"),
        DivisionRow("990101400000", "新区", parent="990102000000"),
        DivisionRow("990101400001", "新区一村"),
    ]
    load_divisions(rows=rows, source="9" * 64, by=by, now=NOW)
    zone = SimpleNamespace(division_code="990101400001", organisation_code="", subject="")
    assert not access.may(cast["chen"], "watch.see", zone)
    assert access.may(cast["wu"], "watch.see", zone)
    assert access.may(cast["chen"], "watch.see", HERE)
    assert not access.may(cast["wu"], "watch.see", HERE)


def test_a_reach_covers_and_filters_alike(cast):
    county = Division.objects.get(code="990101000000")
    add_organisation(code="next", name="邻县局", kind="department", by=system_operator(), now=NOW,
                     division=Division.objects.get(code="990102000000"))  # fmt: skip
    for found in (
        Reach(everything=True), Reach(), Reach(own=True), Reach(divisions=("990101",)), Reach(organisations=("next",)),
        Reach(divisions=("990101002", "990102"), organisations=("finance",)),
    ):  # fmt: skip
        by_filter = set(
            Organisation.objects.filter(found.where("division__code", "code")).values_list("code", flat=True)
        )
        by_hand = {
            one.code
            for one in Organisation.objects.select_related("division")
            if found.covers(one.division.code if one.division else None, one.code)
        }
        assert by_filter == by_hand
    assert county.prefixes == ("990101",)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("990000000000", "99"), ("990100000000", "9901"), ("990101000000", "990101"), ("990101001000", "990101001"),
        ("990101001201", "990101001201"), ("990100001000", "990100001"),
    ],
)  # fmt: skip
def test_the_prefix_of_a_division_is_as_long_as_its_level(code, prefix):
    assert access.subtree(code) == prefix


def test_asking_for_all_rights_of_a_menu_costs_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        access.granted(cast["chen"], [row.verb for row in access.TABLE])
    with django_assert_num_queries(1):
        access.reach(cast["chen"], "watch.see")


def test_a_day_before_every_post_gives_nothing(cast):
    assert access.posts(cast["chen"], date(1999, 1, 1)) == []


def test_the_head_of_a_page_names_office_and_title_or_role(cast):
    assert access.post_line(cast["zhou"]) == "明山县发展和改革局 · 部门数据员"
    Post.objects.filter(person=cast["zhou"]).update(title="数据科")
    assert access.post_line(cast["zhou"]) == "明山县发展和改革局 · 数据科"
    assert access.post_line(cast["zhou"], date(1999, 1, 1)) == ""
    assert access.post_line(system_operator()) == "本机"
