"""The shapes: each one file that turns its arguments into a plan. A rule names its shape and gives the arguments."""

from collections.abc import Callable, Mapping
from typing import Any

from qingqu.domain.rules.plan import Plan
from qingqu.domain.rules.shapes import due_against_actual

SHAPES: dict[str, Callable[[Mapping[str, Any], str], Plan]] = {
    "due_against_actual": due_against_actual.expand,
}
