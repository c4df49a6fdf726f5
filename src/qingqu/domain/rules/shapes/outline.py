"""What a shape makes of its arguments: judgements, what is measured and shown, and who is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qingqu.domain.rules.expr import Expr, Field
from qingqu.domain.rules.plan import Judgement


@dataclass(frozen=True)
class Outline:
    """`measured` and `shown` are what holds unless the rule says otherwise."""

    judgements: tuple[Judgement, ...]
    measured: Expr | None = None
    shown: Mapping[str, Expr] = field(default_factory=dict)
    everyone: str | None = None


def itself(*names: str) -> dict[str, Expr]:
    """Fields under their own names."""
    return {name: Field(name) for name in names}
