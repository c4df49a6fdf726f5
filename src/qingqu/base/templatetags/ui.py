"""The small pieces that every page is made of. A light is colour, shape and word; severity and clock never merge."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField, Form
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qingqu.base.clock import SHANGHAI
from qingqu.domain.values import show

register = template.Library()

SHAPES = {"red": "▲", "orange": "◆", "yellow": "■", "green": "●", "grey": "○", "blue": "ⓘ"}
DRAWN = {"blue": "info-circle"}  # shapes that old fonts lack come from the sprite
STATES = {"done": "green", "late": "red", "soon": "yellow", "waiting": "grey", "note": "blue"}
SOON_DAYS = 3  # working days from which a deadline is near: the field's usual yellow line


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of the sprite `icons.svg`, in the colour of the text; nothing for a screen reader."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
def shape(level: str) -> SafeString:
    """A level's shape alone, for beside its word."""
    if level in DRAWN:
        return icon(DRAWN[level])
    return format_html('<span class="shape" aria-hidden="true">{}</span>', SHAPES.get(level, SHAPES["grey"]))


def _word(level: str, *, short: bool) -> str:
    words = {
        "red": (_("Red"), _("Red warning")),
        "orange": (_("Orange"), _("Orange warning")),
        "yellow": (_("Yellow"), _("Yellow warning")),
        "blue": (_("Notice"), _("Notice")),
        "green": (_("Normal"), _("Normal")),
        "grey": (_("Settled"), _("Settled")),
    }
    return words[level][0 if short else 1] if level in words else level


@register.simple_tag
def light(level: str, *, short: bool = False) -> SafeString:
    """A severity: shape and word on its colour. A level that we do not know is grey and says its own name."""
    return mark(level, _word(level, short=short))


@register.simple_tag
def mark(level: str, text: object) -> SafeString:
    """Any short words on a level's colour with its shape."""
    colour = level if level in SHAPES else "grey"
    return format_html('<span class="light light-{}">{} {}</span>', colour, shape(colour), text)


@register.simple_tag
def state_light(state: str, text: object) -> SafeString:
    """A step's state on a strip: done, late, soon, waiting, note, or a level's name. A screen reader hears the state
    as a word before the text."""
    colour = STATES.get(state, state if state in SHAPES else "grey")
    words = {
        "green": pgettext("step", "done"), "red": pgettext("step", "late"), "orange": pgettext("step", "wrong"),
        "yellow": pgettext("step", "due soon"), "grey": pgettext("step", "not yet"), "blue": pgettext("step", "note"),
    }  # fmt: skip
    return format_html(
        '<span class="light light-{}">{} <span class="visually-hidden">{} </span>{}</span>',
        colour, shape(colour), words[colour], text,
    )  # fmt: skip


@register.simple_tag
def clock(remaining: int | None, *, sure: bool = True) -> SafeString:
    """Working days to the deadline (negative: overdue; None: no deadline), as a mark of its own. `sure` is False where
    the year's swapped working days are not known yet; the mark then says so."""
    if remaining is None:
        return format_html('<span class="clock">{}</span>', _("no deadline"))
    if remaining < 0:
        text = ngettext("overdue by %d working day", "overdue by %d working days", -remaining) % -remaining
        tone = "late"
    elif remaining == 0:
        text, tone = _("due today"), "soon"
    else:
        text = ngettext("%d working day left", "%d working days left", remaining) % remaining
        tone = "soon" if remaining <= SOON_DAYS else "calm"
    if not sure:
        text = _("%s (swapped working days not known yet)") % text
    return format_html('<span class="clock clock-{}">{} {}</span>', tone, icon("clock"), text)


@register.filter
def money(value: Any) -> str:
    """Yuan with thousands commas and two places; a missing or impossible amount is a dash."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "—"
    return show.money(amount) if amount.is_finite() else "—"


@register.filter
def number(value: Any) -> str:
    """A count or quantity with thousands commas; missing is a dash."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "—"
    return show.number(amount) if amount.is_finite() else "—"


@register.filter
def day(value: date | str | None) -> str:
    """`2026-03-01`; a missing day is a dash."""
    if not value:
        return "—"
    if isinstance(value, datetime):
        value = _local(value).date()
    return value if isinstance(value, str) else value.isoformat()


def _local(value: datetime) -> datetime:
    """In China's time; a time without a zone is meant in it."""
    return value.astimezone(SHANGHAI) if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def _said(local: datetime, now: datetime | None) -> str:
    if now is None:
        return local.strftime("%Y-%m-%d %H:%M")
    today = _local(now).date()
    hour = local.strftime("%H:%M")
    ago = (today - local.date()).days
    if ago == 0:
        return _("today %s") % hour
    if ago == 1:
        return _("yesterday %s") % hour
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


@register.filter
def moment(value: datetime | None, now: datetime | None = None) -> SafeString | str:
    """An instant, exact on hover: `2026-11-18 09:00`, or against `page.now` as people say it (today 14:05)."""
    if value is None:
        return "—"
    local = _local(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M:%S"), _said(local, now),
    )  # fmt: skip


@register.inclusion_tag("base/_empty.html")
def empty_state(title: str, hint: str = "", name: str = "inbox") -> dict[str, str]:
    """What a list says when nothing is in it: that, and what would fill it. (`empty` alone is the loop's own word.)"""
    return {"title": title, "hint": hint, "name": name}


@register.inclusion_tag("base/_crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """The way here: label, address, label, address … (an empty address: no link); a last label alone is this page."""
    pairs = [(str(label), str(url)) for label, url in zip(parts[::2], parts[1::2], strict=False)]
    return {"pairs": pairs, "last": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("base/_pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Links to a list's other pages that keep the filters of the address; nothing for a list of one page."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)

    def url(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    numbers = [
        {"text": number, "url": url(number) if isinstance(number, int) else "", "here": number == page.number}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page": page, "numbers": numbers,
        "previous": url(page.previous_page_number()) if page.has_previous() else "",
        "following": url(page.next_page_number()) if page.has_next() else "",
    }  # fmt: skip


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.inclusion_tag("base/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A labelled input with its help and its errors, bound to it for a screen reader (Django writes the ids)."""
    widget = bound.field.widget
    given = str(widget.attrs.get("class", "")).split()
    classes = dict.fromkeys([*given, _css(widget), *(["is-invalid"] if bound.errors else [])])
    attrs: dict[str, str | bool] = {"class": " ".join(classes)}
    if widget.attrs.get("placeholder") == bound.label:
        attrs["placeholder"] = False  # the label says it already, and stays
    return {
        "field": bound,
        "input": bound.as_widget(attrs=attrs),
        "check": isinstance(widget, forms.CheckboxInput),
        "file": isinstance(widget, forms.FileInput),
    }


@register.inclusion_tag("base/_error_summary.html")
def error_summary(form: Form | None) -> dict[str, Any]:
    """All errors of a form above it, each a link to its field; it takes the focus when the page opens."""
    lines = []
    for bound in form if form and form.errors else ():
        to = bound.id_for_label or f"{bound.auto_id}_0"  # a group of choices: its first
        lines += [{"label": bound.label, "to": to, "text": error} for error in bound.errors]
    return {"form": form, "lines": lines}
