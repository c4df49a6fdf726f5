"""Signing in: by given accounts only, with entries, locks and, if wanted, a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from qingqu.ledger.models import Content, Entry
from qingqu.orgs.actions import deactivate_person, system_operator
from qingqu.orgs.adapter import ClosedDoor
from tests.cast import NOW, PASSWORD, make_cast


@pytest.fixture
def cast(db):
    return make_cast()


def sign_in(client, username="chen", password=PASSWORD):
    return client.post("/account/login/", {"login": username, "password": password})


def entries(verb):
    return list(Entry.objects.filter(verb=verb).values_list("subject", flat=True))


def confirm(client, address):
    """Opens an address that asks for the password once more."""
    asked = client.get(address)
    assert asked.url.startswith("/account/reauthenticate/")
    assert client.post(asked.url, {"password": PASSWORD}).url == address
    return client.get(address)


def code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_signing_in_is_one_entry_without_address_or_device(client, cast):
    response = sign_in(client)
    assert response.status_code == 302
    assert entries("person.signed_in") == [cast["chen"].actor]
    facts = Content.objects.order_by("index").last().facts
    assert "127.0.0.1" not in facts
    assert client.get("/desk/access/").status_code == 200


def test_a_wrong_password_opens_nothing_and_leaves_no_entry(client, cast):
    for username in ("chen", "nobody"):
        response = sign_in(client, username, "wrong-password")
        assert response.status_code == 200
        assert client.get("/desk/access/").status_code == 302
    assert entries("person.signed_in") == entries("person.locked_out") == []


def test_an_account_locks_after_five_tries_and_says_so_once_in_the_record(client, cast):
    for _try in range(settings.AXES_FAILURE_LIMIT + 3):
        response = sign_in(client, "chen", "wrong-password")
    assert response.status_code in {403, 429}
    assert sign_in(client).status_code in {403, 429}
    assert client.get("/desk/access/").status_code == 302
    assert entries("person.locked_out") == [cast["chen"].actor]
    for _try in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(client, "nobody", "wrong-password")
    assert len(entries("person.locked_out")) == 1
    assert sign_in(client, "mu").status_code == 302


def test_the_system_operator_and_a_switched_off_person_do_not_get_in(client, cast):
    deactivate_person(person=cast["chen"], by=cast["guo"], now=NOW)
    for username, password in (
        ("chen", PASSWORD),
        (system_operator().username, ""),
        (system_operator().username, "!"),
    ):
        sign_in(client, username, password)
        assert client.get("/desk/access/").status_code == 302
    assert entries("person.signed_in") == []


def test_switching_off_ends_the_session_at_its_next_request(client, cast):
    sign_in(client)
    assert client.get("/desk/access/").status_code == 200
    deactivate_person(person=cast["chen"], by=cast["guo"], now=NOW)
    response = client.get("/desk/access/")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_nobody_opens_an_account_for_themselves(client, rf):
    assert not ClosedDoor().is_open_for_signup(rf.get("/"))
    assert client.get("/account/signup/").status_code == 404
    for name in ("account_signup", "account_reset_password", "account_email", "mfa_add_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_the_app_on_the_phone_is_switched_on_asked_for_and_switched_off(client, cast):
    sign_in(client)
    assert client.get("/account/second/").status_code == 200
    page = confirm(client, "/account/second/on/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert client.post("/account/second/on/", {"code": "000000"}).status_code == 200
    response = client.post("/account/second/on/", {"code": code(secret)})
    assert response.url == "/account/second/codes/"
    codes = client.get("/account/second/codes/")
    recovery = codes.context["unused_codes"][0]
    assert recovery in codes.content.decode()
    assert recovery in client.get("/account/second/codes/file/").content.decode()
    client.post("/account/logout/")

    assert sign_in(client).url.startswith("/account/second/sign-in/")
    assert client.get("/desk/access/").status_code == 302  # the password alone is not enough
    assert client.get("/account/second/sign-in/").status_code == 200
    assert client.post("/account/second/sign-in/", {"code": "000000"}).status_code == 200
    assert client.post("/account/second/sign-in/", {"code": recovery}).status_code == 302
    assert client.get("/desk/access/").status_code == 200

    assert confirm(client, "/account/second/off/").status_code == 200
    assert client.post("/account/second/off/").url == "/account/second/"
    assert not Authenticator.objects.filter(type="totp").exists()


def test_codes_are_made_anew_and_only_with_an_app(client, cast):
    sign_in(client)
    assert client.get("/account/second/codes/").status_code == 404
    confirm(client, "/account/second/on/")
    TOTP.activate(cast["chen"], "A" * 32)
    first = client.post("/account/second/codes/new/")
    assert first.url == "/account/second/codes/"
    one = client.get("/account/second/codes/").context["unused_codes"]
    client.post("/account/second/codes/new/")
    assert set(one).isdisjoint(client.get("/account/second/codes/").context["unused_codes"])
