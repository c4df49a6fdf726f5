"""What a shape expands into: the one question that an engine answers with a single set query.

An emitter (DuckDB today, Spark Connect later) knows these steps and the verbs of `expr`, and no shape."""

from collections.abc import Mapping
from dataclasses import dataclass

from qingqu.domain.rules.expr import Expr


@dataclass(frozen=True)
class Read:
    """Rows of a dataset as of the day: one row a key by the contract's precedence; rows dated later do not exist,
    and dates of things that happened later are missing."""

    name: str
    dataset: str


@dataclass(frozen=True)
class Derive:
    """The rows of an earlier step with computed columns added."""

    name: str
    source: str
    columns: Mapping[str, Expr]


Step = Read | Derive


@dataclass(frozen=True)
class Plan:
    """Named steps in order, then how the last one's rows are judged.

    `hit` and `applies` are three-valued; `shown` are columns for the sentence of a result; `evidence` names the
    datasets whose row of the same key stands as evidence."""

    steps: tuple[Step, ...]
    hit: Expr
    measured: Expr
    shown: Mapping[str, Expr]
    evidence: tuple[str, ...]
    applies: Expr | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """Every dataset that is read, in order, once."""
        return tuple(dict.fromkeys(step.dataset for step in self.steps if isinstance(step, Read)))
