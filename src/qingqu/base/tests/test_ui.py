"""The small pieces: what a reader sees and what a screen reader hears, with broken and hostile input."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from qingqu.base.clock import SHANGHAI

NOW = datetime(2026, 6, 10, 14, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def english():
    """Words as the code has them; the catalogue has a test of its own."""
    with translation.override("en"):
        yield


def shown(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("level", "shape", "word"),
    [("red", "▲", "Red warning"), ("orange", "◆", "Orange warning"), ("yellow", "■", "Yellow warning"),
     ("green", "●", "Normal"), ("grey", "○", "Settled")],
)  # fmt: skip
def test_a_light_is_colour_shape_and_word(level, shape, word):
    html = shown("{% light level %}", level=level)
    assert f"light-{level}" in html
    assert f'<span class="shape" aria-hidden="true">{shape}</span>' in html
    assert word in html


def test_the_sixth_shape_is_drawn_and_hidden_from_a_screen_reader():
    html = shown("{% light 'blue' %}")
    assert "#info-circle" in html
    assert 'aria-hidden="true"' in html
    assert "Notice" in html


def test_an_unknown_level_is_grey_and_says_its_own_name_harmlessly():
    html = shown("{% light level %}", level="<b>purple</b>")
    assert "light-grey" in html
    assert "&lt;b&gt;purple" in html


def test_text_beside_a_shape_cannot_become_markup():
    assert "<script>" not in shown(
        "{% mark 'red' text %}{% state_light 'late' text %}", text="<script>x</script>"
    )


@pytest.mark.parametrize(
    ("state", "colour", "word"),
    [("done", "green", "done"), ("late", "red", "late"), ("soon", "yellow", "due soon"),
     ("waiting", "grey", "not yet"), ("red", "red", "late"), ("nonsense", "grey", "not yet")],
)  # fmt: skip
def test_a_step_tells_its_state_as_a_word_too(state, colour, word):
    html = shown("{% state_light state '03-01' %}", state=state)
    assert f"light-{colour}" in html
    assert f'<span class="visually-hidden">{word} </span>03-01' in html


@pytest.mark.parametrize(
    ("remaining", "tone", "words"),
    [(9, "clock-calm", "9 working days left"), (3, "clock-soon", "3 working days left"),
     (1, "clock-soon", "1 working day left"), (0, "clock-soon", "due today"),
     (-1, "clock-late", "overdue by 1 working day"), (-2, "clock-late", "overdue by 2 working days")],
)  # fmt: skip
def test_the_clock_counts_working_days(remaining, tone, words):
    html = shown("{% clock remaining %}", remaining=remaining)
    assert tone in html
    assert f"{words}</span>" in html


def test_without_a_deadline_the_clock_says_so():
    assert "no deadline" in shown("{% clock None %}")


def test_a_deadline_in_a_year_without_its_calendar_says_that_it_is_not_sure():
    assert "not known yet" in shown("{% clock 5 sure=False %}")


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("1234567.5"), "1,234,567.50"), ("0", "0.00"), (-12, "-12.00"), (None, "—"), ("", "—"),
     ("many", "—"), (Decimal("NaN"), "—"), ("Infinity", "—")],
)  # fmt: skip
def test_money_has_commas_and_two_places_and_never_a_guess(value, text):
    assert shown("{{ value|money }}", value=value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(date(2026, 3, 1), "2026-03-01"), ("2026-03-01", "2026-03-01"), (None, "—"), ("", "—"),
     (datetime(2026, 6, 9, 18, 0, tzinfo=UTC), "2026-06-10")],
)  # fmt: skip
def test_a_day_is_a_day_in_china(value, text):
    assert shown("{{ value|day }}", value=value) == text


@pytest.mark.parametrize(
    ("at", "words"),
    [(datetime(2026, 6, 10, 6, 5, tzinfo=UTC), "today 14:05"),
     (datetime(2026, 6, 9, 16, 20, tzinfo=SHANGHAI), "yesterday 16:20"),
     (datetime(2026, 6, 8, 9, 0, tzinfo=SHANGHAI), "06-08 09:00"),
     (datetime(2025, 11, 18, 9, 0, tzinfo=SHANGHAI), "2025-11-18 09:00")],
)  # fmt: skip
def test_an_instant_is_said_as_people_say_it_and_exact_on_hover(at, words):
    html = shown("{{ at|moment:now }}", at=at, now=NOW)
    assert f">{words}</time>" in html
    assert f'title="{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"' in html


def test_a_missing_instant_is_a_dash():
    assert shown("{{ at|moment:now }}", at=None, now=NOW) == "—"


class Ask(forms.Form):
    """A field with help, one that may stay empty."""

    name = forms.CharField(label="Name", help_text="As on the card.")
    note = forms.CharField(label="Note", required=False)


def test_a_field_binds_label_help_and_error_to_its_input():
    form = Ask({"name": ""})
    assert not form.is_valid()
    html = shown("{% field bound %}", bound=form["name"])
    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    described = html.split('aria-describedby="')[1].split('"')[0].split()
    assert all(f'id="{part}"' in html for part in described)


def test_a_field_without_an_error_announces_none():
    html = shown("{% field bound %}", bound=Ask()["note"])
    assert "aria-invalid" not in html
    assert 'id="id_note_error"' not in html


def test_the_summary_of_errors_comes_with_links_and_takes_the_focus():
    form = Ask({})
    form.add_error(None, "Nothing was <sent>.")
    html = shown("{% error_summary form %}", form=form)
    assert 'role="alert"' in html
    assert "autofocus" in html
    assert 'href="#id_name"' in html
    assert "Nothing was &lt;sent&gt;." in html


def test_a_form_without_errors_has_no_summary():
    assert shown("{% error_summary form %}", form=Ask()).strip() == ""


def test_the_pager_keeps_the_filters_of_the_address():
    request = RequestFactory().get("/x/?level=red&page=2")
    html = shown("{% pager page %}", page=Paginator(range(500), 50).page(2), request=request)
    assert "?level=red&amp;page=3" in html
    assert 'aria-current="page"' in html
    assert "10" in html


def test_a_list_of_one_page_has_no_pager():
    assert shown("{% pager page %}", page=Paginator(range(3), 50).page(1)).strip() == ""


def test_the_way_here_ends_on_this_page():
    html = shown("{% crumbs 'Data' '/desk/data/' 'I-2026-0001' %}")
    assert '<a href="/desk/data/">Data</a>' in html
    assert '<li aria-current="page">I-2026-0001</li>' in html
