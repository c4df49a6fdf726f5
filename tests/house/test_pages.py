"""Every address: anonymous goes to sign-in, an outsider finds nothing, a powerless colleague may not."""

from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from qingqu.exchange.actions import Wish, import_file
from qingqu.orgs.actions import declare_recusal, system_operator
from qingqu.orgs.models import Division
from qingqu.watch.actions import propose_threshold, run_rules
from qingqu.watch.models import Warning
from qingqu.watch.rules import published
from tests.cast import NOW, make_cast

PROJECT = "2026-990101-84-01-000001"
FILE = (
    "项目编码,建设项目名称,建设单位,区划代码,批复日期,计划开工日期,计划完工日期\n"
    f"{PROJECT},县人民医院门诊楼,县人民医院,990101001,2026.1.12,2026年3月1日,2026.12.31\n"
)
PUBLIC = {"account_login", "account_logout", "set_language"}
# Each page of the desk with one address that exists, and who may and may not open it.
# (status for county inspector, neighbour's inspector, clerk of the file's department, auditor)
DESK = {
    "home": ("/", 301, 301, 301, 301),
    "desk-start": ("/desk/", 302, 302, 302, 302),
    "desk-inbox": ("/desk/inbox/", 200, 200, 200, 403),
    "access-table": ("/desk/access/", 200, 200, 200, 200),
    "orgs-people": ("/desk/people/", 403, 403, 403, 403),
    "orgs-recusals": ("/desk/recusals/", 200, 200, 200, 200),
    "watch-warning": ("/desk/warnings/W-2026-0001/", 200, 404, 404, 403),
    "desk-since-yesterday": ("/desk/since-yesterday/", 200, 200, 200, 403),
    "desk-dashboard": ("/desk/dashboard/", 200, 200, 200, 403),
    "watch-assign-warning": ("/desk/warnings/W-2026-0001/assign/", 405, 405, 405, 405),
    "watch-rules": ("/desk/rules/", 200, 200, 200, 403),
    "watch-rule": ("/desk/rules/P47/", 200, 200, 200, 403),
    "watch-propose-threshold": ("/desk/rules/P47/red_months/", 200, 200, 403, 403),
    "watch-threshold": ("/desk/thresholds/T-2026-0001/", 200, 404, 404, 403),
    "watch-sign-threshold": ("/desk/thresholds/T-2026-0001/sign/", 405, 405, 405, 405),
    "watch-refuse-threshold": ("/desk/thresholds/T-2026-0001/refuse/", 405, 405, 405, 405),
    "watch-withdraw-threshold": ("/desk/thresholds/T-2026-0001/withdraw/", 405, 405, 405, 405),
    "projects-project": (f"/desk/projects/{PROJECT}/", 200, 404, 404, 403),
    "exchange-centre": ("/desk/data/", 200, 200, 200, 403),
    "exchange-freshness": ("/desk/data/freshness/", 200, 200, 200, 403),
    "exchange-history": ("/desk/data/history/", 200, 200, 200, 403),
    "exchange-upload": ("/desk/data/projects/upload/", 403, 403, 200, 403),
    "exchange-import": ("/desk/data/imports/I-2026-0001/", 200, 404, 200, 403),
    "exchange-row": ("/desk/data/imports/I-2026-0001/rows/2/", 200, 404, 200, 403),
    "exchange-errors": ("/desk/data/imports/I-2026-0001/errors.csv", 200, 404, 200, 403),
    "exchange-marked": ("/desk/data/imports/I-2026-0001/marked.xlsx", 403, 404, 404, 403),
    "exchange-template": ("/desk/data/projects/template.xlsx", 403, 403, 200, 403),
    "exchange-columns": ("/desk/data/imports/I-2026-0001/columns/", 403, 404, 404, 403),
    "exchange-layouts": ("/desk/data/layouts/", 200, 200, 200, 403),
    "exchange-forget-layout": ("/desk/data/layouts/L-2026-0001/forget/", 405, 405, 405, 405),
    "exchange-withdraw": ("/desk/data/imports/I-2026-0001/withdraw/", 405, 405, 405, 405),
    "exchange-commit": ("/desk/data/imports/I-2026-0001/commit/", 405, 405, 405, 405),
    "exchange-discard": ("/desk/data/imports/I-2026-0001/discard/", 405, 405, 405, 405),
    "account_change_password": ("/account/password/", 200, 200, 200, 200),
    "account_reauthenticate": ("/account/reauthenticate/", 200, 200, 200, 200),
    "mfa_index": ("/account/second/", 200, 200, 200, 200),
    "mfa_activate_totp": ("/account/second/on/", 302, 302, 302, 302),
    "mfa_deactivate_totp": ("/account/second/off/", 404, 404, 404, 404),
    "mfa_view_recovery_codes": ("/account/second/codes/", 404, 404, 404, 404),
    "mfa_generate_recovery_codes": ("/account/second/codes/new/", 302, 302, 302, 302),
    "mfa_download_recovery_codes": ("/account/second/codes/file/", 404, 404, 404, 404),
    "mfa_authenticate": ("/account/second/sign-in/", 302, 302, 302, 302),
    "mfa_reauthenticate": ("/account/second/confirm/", 302, 302, 302, 302),
}


@pytest.fixture
def cast(db, tmp_path: Path):
    people = make_cast()
    path = tmp_path / "项目.csv"
    path.write_text(FILE, "utf-8")
    wish = Wish("projects", "development_reform", path.name, "", NOW)
    import_file(path=path, wish=wish, by=system_operator(), now=NOW)
    rules = published(codes=["P47"])
    run_rules(rules=rules, as_of=NOW.date(), known_at=NOW, by=people["chen"], now=NOW, stock=False)
    county = Division.objects.get(code="990101000000")
    propose_threshold(
        rule_code="P47", param="red_months", value="4", division=county, subject_type="", reason="汛期普遍延期",
        by=people["chen"], now=NOW,
    )  # fmt: skip
    return people


def names(patterns, found):
    for item in patterns:
        if isinstance(item, URLResolver):
            names(item.url_patterns, found)
        elif isinstance(item, URLPattern):
            found.add(item.name)
    return found


def test_every_address_is_in_the_table():
    assert names(get_resolver().url_patterns, set()) == set(DESK) | PUBLIC


@pytest.mark.parametrize("name", sorted(set(DESK) - {"home"}))
def test_nobody_sees_the_desk_without_signing_in(client, db, name):
    response = client.get(DESK[name][0])
    assert response.status_code in {302, 405}
    if response.status_code == 302:
        assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("name", sorted(DESK))
def test_each_sees_what_is_theirs(client, cast, name):
    address, *wanted = DESK[name]
    found = []
    for username in ("chen", "wu", "zhou", "mei"):
        client.force_login(cast[username], backend="allauth.account.auth_backends.AuthenticationBackend")
        found.append(client.get(address).status_code)
    assert found == [301 if code == 301 else code for code in wanted] or (
        name == "home" and set(found) == {302}
    )


def test_the_inbox_shows_each_person_only_their_area(client, cast):
    seen = {}
    for username in ("chen", "mu", "fan", "wu", "zhou"):
        client.force_login(cast[username], backend="allauth.account.auth_backends.AuthenticationBackend")
        seen[username] = "县人民医院门诊楼" in client.get("/desk/inbox/").content.decode()
    assert seen == {"chen": True, "mu": True, "fan": True, "wu": False, "zhou": False}


def test_a_recused_inspector_does_not_find_the_warning(client, cast):
    warning = Warning.objects.get()
    declare_recusal(subject=warning.subject, ground="kin", by=cast["chen"], now=NOW)
    client.force_login(cast["chen"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/desk/warnings/{warning.ref}/").status_code == 404
    assert "县人民医院门诊楼" not in client.get("/desk/inbox/").content.decode()


def test_the_system_administrator_sees_no_business_data(client, cast):
    client.force_login(cast["guo"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in ("/desk/inbox/", "/desk/data/", f"/desk/projects/{PROJECT}/"):
        assert client.get(address).status_code == 403


def test_the_warning_tells_both_dates_the_source_and_the_original_row(client, cast):
    client.force_login(cast["chen"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/desk/warnings/W-2026-0001/").content.decode()
    for words in (
        "2026-03-01",
        "2026-06-10",
        "101 天",
        "红色预警",
        "明山县发展和改革局",
        "项目.csv",
        "第 2 行",
    ):
        assert words in page
    row = client.get("/desk/data/imports/I-2026-0001/rows/2/").content.decode()
    assert "2026年3月1日" in row  # as it stood in the file, not as we store it


def test_the_inbox_costs_few_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast["chen"], backend="allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_max_num_queries(12):
        client.get("/desk/inbox/")


def test_a_switched_off_account_is_refused_at_its_next_request(client, cast):
    client.force_login(cast["chen"], backend="allauth.account.auth_backends.AuthenticationBackend")
    cast["chen"].is_active = False
    cast["chen"].save()
    assert client.get("/desk/inbox/").status_code == 302
