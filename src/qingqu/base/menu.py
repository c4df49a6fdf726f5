"""The desk's menu: upper layers enter their pages; base asks nobody's rights but through `granted`."""

from collections.abc import Callable, Iterable
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


def _nothing(person: Any, verbs: Iterable[str]) -> set[str]:
    return set()


# Which of the verbs the person may do; orgs, which lies above, puts its own function here.
granted: Callable[[Any, Iterable[str]], set[str]] = _nothing


def register(order: int, label: str, url_name: str, verb: str) -> None:
    """Called once a page in an app's `ready()`."""
    item = Item(order, label, url_name, verb)
    if item not in ITEMS:
        ITEMS.append(item)
        ITEMS.sort()


def entries(person: Any) -> list[Item]:
    """What this person may open."""
    may = granted(person, {item.verb for item in ITEMS})
    return [item for item in ITEMS if item.verb in may]
