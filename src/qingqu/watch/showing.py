"""Warnings for the eye: what a subject is called, personal numbers masked, and what lists order by."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, IntegerField, OrderBy, Value, When
from django.utils.translation import gettext as _

from qingqu.domain.values import show
from qingqu.domain.values.codes import id_number
from qingqu.domain.values.unclean import Unclean
from qingqu.watch.models import Warning

LEVEL_ORDER = ("red", "orange", "yellow", "blue")
ID_SHAPE = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")


def rank() -> Case:
    """Levels as numbers, the gravest first."""
    return Case(
        *(When(level=name, then=Value(n)) for n, name in enumerate(LEVEL_ORDER)), output_field=IntegerField()
    )


def order() -> list[Case | OrderBy | str]:
    """How lists of warnings are ordered: the gravest, then the next due, then the oldest."""
    return [rank(), F("due_date").asc(nulls_last=True), "raised_at", "pk"]


def subject_text(kind: str, key: str, name: str, *, masked: bool = True, place: str = "") -> str:
    """What a subject is called. Persons are told apart by their number, which is masked in lists and for whoever has
    no right to it; an account shows its last four digits."""
    if kind == "person":
        number = show.masked_id(key) if masked else key
        return f"{name}（{number}）" if name and name != key else number
    if kind == "account":
        number = show.masked_account(key) if masked else key
        return f"{name} {number}" if name and name != key else number
    text = name or key
    if kind == "village" and text == key:
        text = place or key  # a village is keyed by its code: people know it by its name
    return masked_numbers(text) if masked else text


def subject_of(item: Warning, *, masked: bool = True, place: str = "") -> str:
    """A warning's subject for the eye; `place`: the name of its place."""
    return subject_text(item.subject_kind, item.subject_key, item.subject_name, masked=masked, place=place)


def masked_numbers(text: str) -> str:
    """A text without whole ID numbers: those with a right check digit; a credit code or project code stays."""
    return ID_SHAPE.sub(lambda found: _masked(found.group()), text)


def _masked(number: str) -> str:
    try:
        return show.masked_id(id_number(number))
    except Unclean:
        return number


def kind_word(kind: str) -> str:
    """What kind of thing a subject is."""
    return {
        "person": _("Person"), "household": _("Household"), "company": _("Company"), "project": _("Project"),
        "contract": _("Contract"), "village": _("Village"), "tender": _("Tender"), "account": _("Account"),
        "asset": _("Asset"), "vehicle": _("Vehicle"), "programme": _("Programme"), "dataset": _("Dataset"),
    }.get(kind, kind)  # fmt: skip


def event_word(kind: str) -> str:
    """What happened, in a word."""
    return {
        "raised": _("raised"), "risen": _("level rose"), "fallen": _("level fell"), "closed": _("closed"),
        "assigned": _("assigned"),
    }.get(kind, kind)  # fmt: skip


def level_word(level: str) -> str:
    """A level's name in filters and tables."""
    return {
        "red": _("Red warning"), "orange": _("Orange warning"), "yellow": _("Yellow warning"), "blue": _("Notice"),
    }[level]  # fmt: skip


def told(items: Iterable[Warning], places: dict[str, str]) -> list[Warning]:
    """The warnings of a list with what its lines show: `who` (subject, masked) and `place`."""
    found: list[Any] = list(items)
    for item in found:
        item.place = places.get(item.division_code, item.division_code)
        item.who = subject_of(item, place=item.place)
    return found
