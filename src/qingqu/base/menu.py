"""The desk's menu: upper layers enter their pages; base asks nobody's rights but through `allowed`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Item:
    """An entry: order, msgid of its label, URL name, and the verb that one needs."""

    order: int
    label: str
    url_name: str
    verb: str


ITEMS: list[Item] = []
allowed: Callable[[Any, str], bool] = lambda person, verb: False  # noqa: E731 - replaced by orgs


def register(order: int, label: str, url_name: str, verb: str) -> None:
    """Called once a page in an app's `ready()`."""
    item = Item(order, label, url_name, verb)
    if item not in ITEMS:
        ITEMS.append(item)
        ITEMS.sort()


def entries(person: Any) -> list[Item]:
    """What this person may open."""
    return [item for item in ITEMS if allowed(person, item.verb)]
