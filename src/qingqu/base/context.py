"""What every page needs: the menu, who is signed in, the day."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from qingqu import __version__
from qingqu.base import clock, menu


def page(request: HttpRequest) -> dict[str, Any]:
    """Context `page`: menu entries, post, clock, version."""
    person = getattr(request, "user", None)
    signed_in = bool(person and person.is_authenticated)
    match = request.resolver_match
    return {
        "page": {
            "menu": menu.entries(person) if signed_in else [],
            "here": match.url_name if match else "",
            "now": clock.now(),
            "county": settings.QINGQU_COUNTY,
            "version": __version__,
        }
    }
