"""Stepping back: the action and its page."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from qingqu.base.errors import Refusal
from qingqu.ledger.models import Entry
from qingqu.orgs import access
from qingqu.orgs.actions import add_person, declare_recusal, system_operator
from qingqu.orgs.models import Recusal
from tests.cast import NOW, make_cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = {"kind": "warning", "ref": "W-2026-0001", "ground": "kin", "note": ""}


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def chen(client, cast):
    client.force_login(cast["chen"], backend=BACKEND)
    return client


def test_a_recusal_counts_at_once_and_is_one_entry(cast):
    entries = Entry.objects.count()
    recusal = declare_recusal(subject="project:A-1", ground="interest", by=cast["chen"], now=NOW, note="入股")
    assert (recusal.raised_by, recusal.raised_at, recusal.decided_at) == (cast["chen"], NOW, None)
    assert Entry.objects.count() == entries + 1
    entry = Entry.objects.order_by("index").last()
    assert (entry.verb, entry.subject, entry.role) == (
        "recusal.declared",
        "project:A-1",
        "party_conduct_office",
    )
    assert access.recused(cast["chen"], "project:A-1")
    with pytest.raises(Refusal, match="不必再报"):
        declare_recusal(subject="project:A-1", ground="interest", by=cast["chen"], now=NOW)
    assert list(Recusal.objects.visible_to(cast["chen"])) == [recusal]
    assert not Recusal.objects.visible_to(cast["mu"]).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "project:"}, {"subject": "A-1"}, {"subject": "project:甲"}, {"subject": "project:a b"},
        {"subject": "project:" + "a" * 81}, {"subject": "warning:990101199003070015"}, {"ground": "whim"},
        {"note": "长" * 201},
    ],
)  # fmt: skip
def test_what_is_no_reference_or_no_ground_is_refused_and_leaves_nothing(cast, wrong):
    entries = Entry.objects.count()
    with pytest.raises(Refusal):
        declare_recusal(
            **{"subject": "project:A-1", "ground": "kin", "by": cast["chen"], "now": NOW, **wrong}
        )
    assert not Recusal.objects.exists()
    assert Entry.objects.count() == entries


def test_whoever_holds_no_post_has_nothing_to_step_back_from(cast, client):
    new = add_person(username="new", name="新人", password=None, by=system_operator(), now=NOW)
    with pytest.raises(PermissionDenied):
        declare_recusal(subject="project:A-1", ground="kin", by=new, now=NOW)
    client.force_login(new, backend=BACKEND)
    assert client.get("/desk/recusals/").status_code == 403


def test_the_page_takes_a_recusal_and_shows_it_without_a_link(chen, cast):
    response = chen.post("/desk/recusals/", FORM, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [("/desk/recusals/", 302)]
    assert "W-2026-0001" in page
    assert "/desk/warnings/W-2026-0001/" not in page
    assert access.recused(cast["chen"], "warning:W-2026-0001")


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(chen):
    for wrong in ({"ref": "甲 1"}, {"ref": ""}, {"kind": "moon"}, {"ground": ""}, {"note": "长" * 201}):
        response = chen.post("/desk/recusals/", {**FORM, **wrong})
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
    assert not Recusal.objects.exists()
    chen.post("/desk/recusals/", FORM)
    again = chen.post("/desk/recusals/", FORM)
    assert again.status_code == 422
    assert "不必再报" in again.content.decode()
    assert chen.put("/desk/recusals/").status_code == 405


def test_each_person_sees_only_their_own_recusals(client, cast):
    declare_recusal(subject="project:SECRET-1", ground="kin", by=cast["chen"], now=NOW, note="内情")
    client.force_login(cast["mu"], backend=BACKEND)
    page = client.get("/desk/recusals/").content.decode()
    assert "SECRET-1" not in page
    assert "内情" not in page


def test_the_database_itself_holds_a_decision_together(cast):
    declare_recusal(subject="project:A-1", ground="kin", by=cast["chen"], now=NOW)
    for wrong in ({"decided_at": NOW}, {"decided_by": cast["mu"]}, {"subject": "nothing"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recusal.objects.update(**wrong)
