"""Comparable items of an item: same kind and unit, known, untainted, not itself; from near to far in place and time
until there are enough."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qingqu.domain.ranges.given import Item, Settings

# How much of a division code two places share: near to far.
SCOPES = (("village", 12), ("town", 9), ("county", 6), ("all", 0))


@dataclass(frozen=True)
class Found:
    """The comparables of an item: their values, the widest place and time that were looked at. `enough`: as many as
    the settings ask for. `months` None: no time held anything."""

    values: tuple[Decimal, ...]
    scope: str
    months: int | None
    enough: bool


class Market:
    """All items that others may be compared with, in the order of their days, by how near they are."""

    def __init__(self, items: Iterable[Item], settings: Settings) -> None:
        self.settings = settings
        self._rows: dict[tuple[str, str, str], list[tuple[date, str, Decimal]]] = defaultdict(list)
        for item in items:
            if item.value is not None and not item.tainted:
                for scope, digits in SCOPES:
                    if _stands_in(item.place, scope):
                        key = (item.kind, item.unit, item.place[:digits])
                        self._rows[key].append((item.day, item.item_id, item.value))
        for rows in self._rows.values():
            rows.sort()
        self._days = {key: [row[0] for row in rows] for key, rows in self._rows.items()}

    def near(self, item: Item) -> Found:
        """The nearest comparables that are enough, else all that there are within the widest time."""
        last = Found((), "all", None, enough=False)
        for scope, digits in SCOPES:
            if not _stands_in(item.place, scope):
                continue
            key = (item.kind, item.unit, item.place[:digits])
            for months in self.settings.windows_months:
                values = self._within(key, item, months)
                enough = len(values) >= self.settings.min_comparables
                last = Found(values, scope, months if values else None, enough)
                if enough:
                    return last
        return last

    def _within(self, key: tuple[str, str, str], item: Item, months: int) -> tuple[Decimal, ...]:
        rows = self._rows.get(key)
        if not rows:
            return ()
        reach = timedelta(days=months * 365 // 12)
        days = self._days[key]
        first, last = bisect_left(days, item.day - reach), bisect_right(days, item.day + reach)
        found = [row for row in rows[first:last] if row[1] != item.item_id]
        if len(found) > self.settings.most_comparables:
            found.sort(key=lambda row: (abs((row[0] - item.day).days), row))
            found = found[: self.settings.most_comparables]
        return tuple(row[2] for row in found)


def _stands_in(place: str, scope: str) -> bool:
    """A town's own item has no village, and a county's own item no town."""
    if scope == "village":
        return place[9:] != "000"
    return scope != "town" or place[6:9] != "000"
