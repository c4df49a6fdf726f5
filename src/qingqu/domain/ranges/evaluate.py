"""Where an item's value stands: in a set limit, else in the band of its comparables, else nowhere."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from qingqu.domain.ranges.comparables import Found, Market
from qingqu.domain.ranges.given import Item, Limit, RangeError, Settings
from qingqu.domain.ranges.robust import band
from qingqu.domain.ranges.words import sentence, written
from qingqu.domain.values.decimals import plain_text

CENT, FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")


@dataclass(frozen=True)
class Standing:
    """The line of `ranges evaluate --json`; every figure as text."""

    item_id: str
    low: str | None
    high: str | None
    position: str
    basis: str
    n: int
    scope: str
    percentile: str | None
    sentence: str

    def as_json(self) -> dict[str, object]:
        """The document of INTERFACES section 9."""
        return asdict(self)


class Evaluator:
    """Judges items against limits and against each other. Raises RangeError for limits that contradict each other."""

    def __init__(self, items: Sequence[Item], limits: Iterable[Limit], settings: Settings) -> None:
        self.settings = settings
        self.market = Market(items, settings)
        self._limits: dict[str, list[Limit]] = {}
        for limit in limits:
            self._limits.setdefault(limit.kind, []).append(limit)

    def standing(self, item: Item) -> Standing:
        """Where the item stands."""
        limit = self._limit(item)
        if limit is not None:
            return _by_limit(item, limit)
        found = self.market.near(item)
        if not found.enough:
            told = sentence(item, None, None, "none", found=found, least=self.settings.min_comparables)
            return Standing(item.item_id, None, None, "none", "none", len(found.values), "all", None, told)
        return self._by_comparables(item, found)

    def _limit(self, item: Item) -> Limit | None:
        """The limit that counts: the nearest place's, of these the one in force since the latest day."""
        covering = [limit for limit in self._limits.get(item.kind, ()) if limit.covers(item)]
        if not covering:
            return None
        best = max((len(limit.area), limit.first) for limit in covering)
        chosen = [limit for limit in covering if (len(limit.area), limit.first) == best]
        if any((one.low, one.high) != (chosen[0].low, chosen[0].high) for one in chosen):
            raise RangeError(
                f"{item.kind} 在 {chosen[0].area or '各地'} 从 {chosen[0].first} 起有两条不同的限值，分不清用哪一条；请删去一条"
            )
        return chosen[0]

    def _by_comparables(self, item: Item, found: Found) -> Standing:
        settings = self.settings
        made = band(
            found.values, coverage_percent=settings.coverage_percent, outlier_sigmas=settings.outlier_sigmas,
            least_width_percent=settings.least_width_percent,
        )  # fmt: skip
        step = CENT if item.unit.startswith("yuan") else FOUR_PLACES
        low, high = _rounded(made.low, step, ROUND_FLOOR), _rounded(made.high, step, ROUND_CEILING)
        position = _position(item.value, low, high)
        told = sentence(item, low, high, position, found=found, least=settings.min_comparables)
        return Standing(
            item.item_id, written(low, item.unit), written(high, item.unit), position, "comparables", len(found.values),
            found.scope, _percentile(item.value, found.values), told,
        )  # fmt: skip


def _by_limit(item: Item, limit: Limit) -> Standing:
    position = _position(item.value, limit.low, limit.high)
    low = None if limit.low is None else written(limit.low, item.unit)
    high = None if limit.high is None else written(limit.high, item.unit)
    scope = {12: "village", 9: "town", 6: "county"}.get(len(limit.area), "all")
    told = sentence(item, limit.low, limit.high, position, source=limit.source)
    return Standing(item.item_id, low, high, position, "policy", 0, scope, None, told)


def _position(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    if value is None:
        return "none"
    if low is not None and value < low:
        return "low"
    return "high" if high is not None and value > high else "in"


def _rounded(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """Outwards, so that rounding alone never puts a value outside; values below nothing stay there."""
    return value.quantize(step, rounding=rounding)


def _percentile(value: Decimal | None, values: Sequence[Decimal]) -> str | None:
    """The share of comparables below the value, in percent; equal ones count half."""
    if value is None:
        return None
    below = 2 * sum(one < value for one in values) + sum(one == value for one in values)
    return plain_text((Decimal(100 * below) / (2 * len(values))).quantize(FOUR_PLACES))
