"""Upward references are text, `kind:ref`. Here a kind learns its page, so that any text reference can become a link."""

from collections.abc import Callable

_PAGES: dict[str, Callable[[str], str]] = {}


def register(kind: str, page: Callable[[str], str]) -> None:
    """Called in an app's `ready()`: how to make the address of a `kind` from its ref."""
    _PAGES[kind] = page


def address(subject: str) -> str | None:
    """The page of `kind:ref`, or None when nobody shows that kind."""
    kind, _, ref = subject.partition(":")
    page = _PAGES.get(kind)
    return page(ref) if page and ref else None
