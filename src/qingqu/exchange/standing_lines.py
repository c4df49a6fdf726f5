"""Standings as pages show them: the clock, the state in a word, the sentence of who owes what since when."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingqu.exchange.freshness import Standing, calendar, working_days
from qingqu.exchange.models import Import

OPEN = (Import.RECEIVED, Import.UNMAPPED, Import.PREVIEWED, Import.REJECTED)


def duties(held: Sequence[Standing], recent: Sequence[Import], today: date) -> list[dict[str, Any]]:
    """What a clerk owes, the most urgent first. `recent`: their files, newest first: where the newest one waits for a
    decision, it stands in place of the upload."""
    newest: dict[str, Import] = {}
    for row in recent:
        newest.setdefault(row.dataset, row)
    waiting = {dataset: row for dataset, row in newest.items() if row.state in OPEN}
    told = [{**line, "waiting": waiting.get(line["one"].contract.dataset)} for line in _lines(held, today)]
    far = date.max
    return sorted(
        told,
        key=lambda line: (line["one"].duty.due if line["one"].duty else far, line["one"].contract.dataset),
    )


def lines(held: Sequence[Standing], today: date) -> list[dict[str, Any]]:
    """Standings for the page of all departments: the late ones first, then by department."""
    return sorted(
        _lines(held, today),
        key=lambda line: (
            -(line["one"].duty.late_days if line["one"].duty else -1),
            line["one"].sender.name,
            line["one"].contract.dataset,
        ),
    )


def _lines(held: Sequence[Standing], today: date) -> list[dict[str, Any]]:
    days_off = calendar()
    told = []
    for one in held:
        left, sure = working_days(one.duty.due, today, days_off) if one.duty else (None, True)
        if one.late and left is not None:
            left = min(left, -1)
        told.append({"one": one, "left": left, "sure": sure, "tags": _tags(one), "words": sentence(one)})
    return told


def _tags(one: Standing) -> set[str]:
    found = set()
    if one.late:
        found.add("late")
    if one.delivery is None and not one.covered:
        found.add("never")
    if one.stale:
        found.add("stale")
    if one.unmatched or (one.wrong not in {None, "0"}) or (one.expected or 0) > (one.reported or 0):
        found.add("gaps")
    return found


def sentence(one: Standing) -> str:
    """Who owes what since when, or that nothing is owed."""
    if one.duty is None or not one.late:
        return ""
    told = {"month": one.duty.period, "due": one.duty.due.isoformat(), "missed": one.duty.missed}
    if one.delivery is None:
        return _("never sent; the first due day was %(due)s") % told
    if one.duty.missed > 1:
        return _("%(missed)d months owed, since %(due)s (the month %(month)s)") % told
    return _("owed since %(due)s (the month %(month)s)") % told


def filters(told: Sequence[Mapping[str, Any]], chosen: str) -> list[dict[str, Any]]:
    """The page's filters with counts."""
    names = {
        "": _("All"), "late": _("Late"), "never": _("Never sent"), "stale": _("Too old for the rules"), "gaps": _("With gaps"),
    }  # fmt: skip
    return [
        {"name": name, "label": label, "here": name == chosen, "count": sum(not name or name in line["tags"] for line in told)}
        for name, label in names.items()
    ]  # fmt: skip
