"""A proposed value of a rule's parameter: a second person signs or refuses it, or the first takes it back."""

from qingqu.domain.lifecycle.table import Lifecycle

THRESHOLD = Lifecycle(
    start="proposed",
    states=("proposed", "signed", "refused", "withdrawn"),
    steps={
        ("proposed", "sign"): "signed",
        ("proposed", "refuse"): "refused",
        ("proposed", "withdraw"): "withdrawn",
    },
)
