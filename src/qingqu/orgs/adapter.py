"""Sign-in without sign-up: accounts are given, not taken."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from qingqu.orgs.models import Person


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Nobody opens an account for themselves, and one that is switched off answers like one that never was."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """User names are given with the account."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """The person whose password this is, if the account is in use."""
        found = super().authenticate(request, **credentials)
        return found if isinstance(found, Person) and found.is_active else None
