"""What upper layers tell every page: their entries in the menu, who may open them, the post that a person is seen in,
and what the sign-in page should say. Base asks nobody but through these; `AppConfig.ready()` fills them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, order=True)
class Item:
    """An entry: order, msgid of its label, URL name, the verb that one needs, and the URL names of pages under it."""

    order: int
    label: str
    url_name: str
    verb: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An entry as one person's page shows it: msgid of the label, address, whether the page belongs to it."""

    label: str
    url: str
    here: bool


def _nothing(person: Any, verbs: Iterable[str]) -> set[str]:
    """Until the layer that knows rights has spoken, nobody may open anything."""
    return set()


def _no_post(person: Any) -> str:
    return ""


ITEMS: list[Item] = []
# Set by orgs: which of the verbs the person may do.
granted: Callable[[Any, Iterable[str]], set[str]] = _nothing
post_of: Callable[[Any], str] = _no_post  # set by orgs: organisation and title, as one line
# Each is asked with the sign-in page's request and answers lines to show beside the form, such as demo people.
sign_in_notes: list[Callable[[Any], list[str]]] = []


def register(order: int, label: str, url_name: str, verb: str, *, also: tuple[str, ...] = ()) -> None:
    """Called once a page in an app's `ready()`; `also` names the pages during which this entry is the current one."""
    item = Item(order, label, url_name, verb, also)
    if item not in ITEMS:
        ITEMS.append(item)
        ITEMS.sort()


def entries(person: Any) -> list[Item]:
    """What this person may open."""
    may = granted(person, {item.verb for item in ITEMS})
    return [item for item in ITEMS if item.verb in may]


def shown(person: Any, url_name: str, path: str) -> list[Entry]:
    """The person's menu on the page of that URL name and path; an entry whose page is not there is left out."""
    found = []
    for item in entries(person):
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        here = url_name == item.url_name or url_name in item.also or path.startswith(url)
        found.append(Entry(item.label, url, here))
    return found
