"""What orgs hears of sign-ins and lock-outs, for the record.

Addresses and devices stay out: who signed in and when is what a person or a court could ask about."""

from datetime import timedelta
from typing import Any

from allauth.account.signals import user_logged_in
from axes.signals import user_locked_out
from django.conf import settings
from django.db import transaction

from qingqu.base import clock
from qingqu.ledger.actions import record
from qingqu.ledger.models import Entry
from qingqu.orgs import access
from qingqu.orgs.models import Person


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(signed_in, dispatch_uid="orgs_signed_in")
    user_locked_out.connect(locked_out, dispatch_uid="orgs_locked_out")


def signed_in(*, user: Person, **_signal: Any) -> None:
    """Somebody signed in: one entry."""
    held = access.posts(user)
    with transaction.atomic():
        record(
            verb="person.signed_in", subject=user.actor, by=user.actor, role=held[0].role if held else "none",
            facts={}, now=clock.now(),
        )  # fmt: skip


def locked_out(*, username: str | None, **_signal: Any) -> None:
    """An account was locked after wrong passwords: one entry a lock. Unknown names, and further tries while it is
    locked, leave none, so that a stranger at the door cannot fill the record."""
    person = Person.objects.filter(username__iexact=username or "").first()
    if person is None:
        return
    now = clock.now()
    since = clock.iso(now - timedelta(hours=settings.AXES_COOLOFF_TIME))
    if Entry.objects.filter(verb="person.locked_out", subject=person.actor, at__gte=since).exists():
        return
    with transaction.atomic():
        record(
            verb="person.locked_out", subject=person.actor, by=person.actor, role="none",
            facts={"failures": settings.AXES_FAILURE_LIMIT}, now=now,
        )  # fmt: skip
