"""Printing and reading words that several commands share."""

import json
from datetime import date, datetime

import click

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.orgs.actions import system_operator
from qingqu.orgs.models import Person


def line(value: object) -> None:
    """One JSON document on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False))


def day(text: str | None, name: str) -> date | None:
    """A date given as YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{name} {text[:20]}：请写成 2026-03-01 这样的日期。", code="date") from None


def known(text: str | None, *, arrival: bool) -> datetime:
    """A known-at date as an instant: an arrival counts from the day's start, a look sees to its end."""
    found = day(text, "--known-at")
    if found is None:
        return clock.now()
    return clock.start_of_day(found) if arrival else clock.end_of_day(found)


def person(username: str | None) -> Person:
    """Who acts: the named person, else the system operator."""
    if username is None:
        return system_operator()
    found = Person.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Refusal(f"--as {username[:40]}：没有这个用户。", code="person")
    return found
