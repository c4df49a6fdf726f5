"""A warning, up to its assignment (handbook 5.3). Explaining, verifying and what follows come with cases.

`clear`: newer data or other values of the rule no longer raise it. `assign` may be repeated: it changes hands."""

from qingqu.domain.lifecycle.table import Lifecycle

WARNING = Lifecycle(
    start="raised",
    states=("raised", "assigned", "closed"),
    steps={
        ("raised", "assign"): "assigned",
        ("assigned", "assign"): "assigned",
        ("raised", "clear"): "closed",
        ("assigned", "clear"): "closed",
    },
)
