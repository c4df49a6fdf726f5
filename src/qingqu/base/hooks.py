"""News goes up through these hooks, and through nothing else: the whole list, one page.

A lower layer sends, an upper layer connects in its `AppConfig.ready()`. Receivers run inside the sender's
transaction and call only `..._within` steps; slow work is enqueued in that transaction."""

from collections.abc import Callable
from typing import Any


class Hook:
    """A named piece of news with the names of what it carries."""

    def __init__(self, name: str, *carries: str) -> None:
        self.name = name
        self.carries = frozenset(carries)
        self.receivers: list[Callable[..., None]] = []

    def connect(self, receiver: Callable[..., None]) -> Callable[..., None]:
        """Registers a receiver once; usable as a decorator."""
        if receiver not in self.receivers:
            self.receivers.append(receiver)
        return receiver

    def send(self, **news: Any) -> None:
        """Calls every receiver in the order of registration; an error in one undoes the sender's transaction."""
        if news.keys() != self.carries:
            raise TypeError(f"hook {self.name} carries {sorted(self.carries)}, got {sorted(news)}")
        for receiver in self.receivers:
            receiver(**news)


# exchange: a file's rows have become part of a dataset.
snapshot_committed = Hook("snapshot_committed", "snapshot", "by", "now")
# watch: warnings were raised, changed their level, changed hands or were closed: their WarningEvents, in order. A
# run sends once, with all of them; receivers leave out stock (`event.warning.stock`), which has no messages.
warnings_changed = Hook("warnings_changed", "events", "now")
