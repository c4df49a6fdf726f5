"""What every page needs: the menu, who is signed in and in which post, the hour, the version."""

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from qingqu import __version__
from qingqu.base import clock, menu


class Page:
    """Context `page`. Each part is worked out when a template asks for it, so that an error page asks for nothing."""

    version = __version__

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def county(self) -> str:
        """The county's name, or nothing."""
        return str(settings.QINGQU_COUNTY)

    @property
    def here(self) -> str:
        """The URL name of this page, or nothing where no page was found."""
        match = self._request.resolver_match
        return (match.view_name if match else "") or ""

    @cached_property
    def now(self) -> datetime:
        """The instant against which the page says "today" and "yesterday"."""
        return clock.now()

    @cached_property
    def menu(self) -> list[menu.Entry]:
        """The entries that the signed-in person may open."""
        person = getattr(self._request, "user", None)
        if person is None or not person.is_authenticated:
            return []
        return menu.shown(person, self.here, self._request.path)

    @cached_property
    def post(self) -> str:
        """Organisation and title of the signed-in person."""
        person = getattr(self._request, "user", None)
        return menu.post_of(person) if person is not None and person.is_authenticated else ""

    @cached_property
    def sign_in_notes(self) -> list[str]:
        """What upper layers want said beside the sign-in form."""
        return [line for note in menu.sign_in_notes for line in note(self._request)]


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor."""
    return {"page": Page(request)}
