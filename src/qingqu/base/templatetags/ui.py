"""The small pieces that every page is made of. Lights are colour, shape and word; severity and clock never merge."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingqu.base.clock import SHANGHAI

register = template.Library()
SHAPES = {"red": "▲", "orange": "◆", "yellow": "■", "green": "●", "grey": "○", "blue": "ⓘ"}


def _word(level: str, *, short: bool) -> str:
    words = {
        "red": (_("Red"), _("Red warning")),
        "orange": (_("Orange"), _("Orange warning")),
        "yellow": (_("Yellow"), _("Yellow warning")),
        "blue": (_("Notice"), _("Notice")),
        "green": (_("Normal"), _("Normal")),
        "grey": (_("Closed"), _("Closed")),
    }
    return words[level][0 if short else 1]


@register.simple_tag
def light(level: str, *, short: bool = False) -> SafeString:
    """A severity: shape and word on its colour."""
    return mark(level, _word(level, short=short))


@register.simple_tag
def mark(level: str, text: object) -> SafeString:
    """Any short word on a light's colour with its shape."""
    return format_html(
        '<span class="light light-{}"><span aria-hidden="true">{}</span> {}</span>',
        level,
        SHAPES[level],
        text,
    )


@register.simple_tag
def clock(remaining: int | None) -> SafeString:
    """Working days to the deadline (negative: overdue), as a mark of its own."""
    if remaining is None:
        return format_html('<span class="clock">{}</span>', _("no deadline"))
    if remaining < 0:
        text = ngettext("overdue by %d working day", "overdue by %d working days", -remaining) % -remaining
        tone = "late"
    elif remaining == 0:
        text, tone = _("due today"), "soon"
    else:
        text = ngettext("%d working day left", "%d working days left", remaining) % remaining
        tone = "soon" if remaining <= 3 else "calm"
    return format_html('<span class="clock clock-{}"><span aria-hidden="true">◷</span> {}</span>', tone, text)


@register.filter
def money(value: Any) -> str:
    """Yuan with thousands commas and two places; a missing amount is a dash."""
    if value is None or value == "":
        return "—"
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return str(value)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """An instant as people say it, exact on hover."""
    if value is None:
        return "—"
    local = value.astimezone(SHANGHAI)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime("%Y-%m-%d %H:%M"))


@register.filter
def day(value: date | str | None) -> str:
    """`YYYY-MM-DD`; a missing day is a dash."""
    if not value:
        return "—"
    return value if isinstance(value, str) else value.isoformat()[:10]


@register.inclusion_tag("base/_field.html")
def field(bound: Any) -> dict[str, Any]:
    """A labelled input with its help and its error beside it."""
    return {"field": bound}
