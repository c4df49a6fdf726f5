"""The reasonable range of a value, and where the value stands in it: set limits first, else comparable items.

`evaluate` is the one door; the command line, disclosure and contract review use the same code. Exact decimals, no
clock, no I/O; the same input gives the same answer in whatever order the items come."""

from collections.abc import Mapping

from qingqu.domain.ranges.evaluate import Evaluator, Standing
from qingqu.domain.ranges.given import Item, Limit, RangeError, Settings

__all__ = ["Evaluator", "Item", "Limit", "RangeError", "Settings", "Standing", "settings_of"]


def settings_of(told: Mapping[str, object]) -> Settings:
    """The settings from a parsed `packs/ranges/bands.yml`; RangeError names what is wrong."""
    return Settings.read(told)
