"""Pages that must stand when little else does, and the frame around all others."""

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from qingqu.base import menu
from qingqu.base.templatetags.ui import error_summary

ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html"]


class Somebody:
    """A signed-in person without a database behind them."""

    is_authenticated = True
    name = "周明"


class Ask(forms.Form):
    """One field of each kind of input."""

    name = forms.CharField(help_text="As on the card.")
    file = forms.FileField()
    sure = forms.BooleanField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    town = forms.ChoiceField(choices=[("a", "A")])


@pytest.fixture
def request_of():
    """Makes a request by a person to a path."""

    def made(person: object, path: str = "/desk/"):
        found = RequestFactory().get(path)
        found.user = person
        found.resolver_match = None
        return found

    return made


@pytest.fixture
def entries(monkeypatch):
    """Puts so many entries into the menu, all of them open to everybody."""

    def put(count: int) -> None:
        items = [menu.Item(order, f"Entry {order}", "account_login", "x.see") for order in range(count)]
        monkeypatch.setattr(menu, "ITEMS", items)
        monkeypatch.setattr(menu, "granted", lambda person, verbs: set(verbs))

    return put


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_no_request_and_no_database(name):
    html = render_to_string(name)
    assert "<h1>" in html
    assert 'href="/"' in html
    assert "csrfmiddlewaretoken" not in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_speaks_chinese(name):
    with translation.override("zh-hans"):
        html = render_to_string(name)
    heading = html.split("<h1>")[1].split("</h1>")[0]
    assert not heading.isascii()


def test_the_page_of_last_resort_needs_nothing_but_itself():
    html = render_to_string("500.html")
    assert "没有保存任何改动" in html
    assert "{%" not in html


def test_sign_in_shows_the_notes_that_upper_layers_left(monkeypatch, request_of):
    monkeypatch.setattr(menu, "sign_in_notes", [lambda request: ["one <b>"], lambda request: []])
    html = render_to_string("account/login.html", {}, request_of(AnonymousUser()))
    assert "one &lt;b&gt;" in html


def test_sign_in_without_notes_has_no_empty_box(monkeypatch, request_of):
    monkeypatch.setattr(menu, "sign_in_notes", [])
    assert "<aside" not in render_to_string("account/login.html", {}, request_of(AnonymousUser()))


def test_the_bar_shows_post_and_name(monkeypatch, request_of, entries):
    entries(1)
    monkeypatch.setattr(menu, "post_of", lambda person: "县发改局 · 数据员")
    html = render_to_string("base/desk.html", {"user": Somebody()}, request_of(Somebody()))
    assert "县发改局 · 数据员" in html
    assert "周明" in html


def test_a_short_menu_stands_open_and_a_long_one_folds_on_a_phone(request_of, entries):
    entries(5)
    assert "<details" not in render_to_string("base/desk.html", {"user": Somebody()}, request_of(Somebody()))
    entries(6)
    html = render_to_string("base/desk.html", {"user": Somebody()}, request_of(Somebody()))
    assert '<details class="fold">' in html
    assert "bar-long" in html


def test_nobody_signed_in_sees_no_menu_and_no_sign_out(request_of, entries):
    entries(2)
    anonymous = AnonymousUser()
    html = render_to_string("base/desk.html", {"user": anonymous}, request_of(anonymous))
    assert "Entry 0" not in html
    assert "/logout/" not in html


def test_the_page_of_pieces_shows_each_piece(request_of, entries):
    entries(2)
    form = Ask({"kind": "c"})
    context = {"user": Somebody(), "form": form, "list_page": Paginator(range(900), 50).page(9)}
    html = render_to_string("base/patterns.html", context, request_of(Somebody()))
    for piece in ("light-red", "clock-late", "strip-here", "timeline", "rowview", "totals", "steps", "tabs", "empty",
                  "summary", "form-check-input", "<fieldset>", 'class="upload"', "form-select", "pager"):  # fmt: skip
        assert piece in html, piece


def test_the_summary_leads_to_the_first_choice_of_a_group():
    html = render_to_string("base/_error_summary.html", error_summary(Ask({"kind": "c"})))
    assert 'href="#id_kind_0"' in html
