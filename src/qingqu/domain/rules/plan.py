"""What a shape expands into: named steps over datasets, then how the rows are judged, subject by subject.

An emitter (DuckDB today, Spark Connect later) knows these steps and the verbs, and no shape. Column names of a step:
a read gives the dataset's fields; the other steps say which columns they add, take or keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from qingqu.domain.rules.expr import Expr

Rename = Mapping[str, str]  # column here → column there


@dataclass(frozen=True)
class Read:
    """Rows of a dataset as of the day: one row a key by the contract's precedence; rows dated later do not exist,
    and dates of things that happened later are missing."""

    name: str
    dataset: str


@dataclass(frozen=True)
class Filter:
    """The rows for which the condition is true; unknown is not true, so a rule's question never stands here."""

    name: str
    source: str
    where: Expr


@dataclass(frozen=True)
class Derive:
    """The rows with computed columns added."""

    name: str
    source: str
    columns: Mapping[str, Expr]


@dataclass(frozen=True)
class Join:
    """Rows of `source` with columns `take` of the rows of `other` that agree on `on` (column here → column there).

    must: only rows that find one. may: all rows, taken columns missing where none is found. in, not_in: rows that
    find one, or none; nothing is taken. `silent`: the other step's rows are no evidence (totals of a whole group)."""

    name: str
    source: str
    other: str
    on: Rename
    take: Rename
    how: Literal["must", "may", "in", "not_in"] = "must"
    silent: bool = False


@dataclass(frozen=True)
class Group:
    """One row for each different `by`, with aggregates."""

    name: str
    source: str
    by: Mapping[str, Expr]
    take: Mapping[str, Expr]


@dataclass(frozen=True)
class Latest:
    """The row with the greatest `order` for each `by`; rows without `order` come last."""

    name: str
    source: str
    by: tuple[str, ...]
    order: str


@dataclass(frozen=True)
class Within:
    """For each row the rows from it on that lie within `span` of `at`, both ends included, among equal `by`; windows
    that lie wholly within another one are left out, so that one cluster is told once. One row a window: `by` and `take`,
    which aggregates the window. Rows without `at` lie in none."""

    name: str
    source: str
    by: tuple[str, ...]
    at: str
    span: Expr
    unit: Literal["days", "hours"]
    take: Mapping[str, Expr]


@dataclass(frozen=True)
class Series:
    """Runs of different `value`s among equal `by` in which each stands to the next by the same difference, or by the
    same ratio (as far as rounding to 0.01 lets one see). One row a run of at least `at_least` values: `by`, `length`,
    `first`, `last`."""

    name: str
    source: str
    by: tuple[str, ...]
    value: str
    step: Literal["difference", "ratio"]
    at_least: Expr


@dataclass(frozen=True)
class Months:
    """Each row once for each month from `first` to `last`, both included, in the column `column`."""

    name: str
    source: str
    first: Expr
    last: Expr
    column: str


@dataclass(frozen=True)
class Union:
    """The rows of several steps under common columns; a part names for each column how it is computed."""

    name: str
    parts: tuple[tuple[str, Mapping[str, Expr]], ...]


Step = Read | Filter | Derive | Join | Group | Latest | Within | Series | Months | Union


@dataclass(frozen=True)
class Judgement:
    """How the rows of a step are judged: `hit` three-valued; `applies` false takes the row out of the question;
    `values` computes columns that the measure and the shown values speak of (other fields are the row's own)."""

    source: str
    hit: Expr
    applies: Expr | None = None
    values: Mapping[str, Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Steps in order; judgements, any of whose rows may hit; `measured` and `shown` over the rows that decide a subject
    (those that hit; where none hits, those that are unknown). `everyone`: the step whose rows hold all subjects looked
    at, also those that no judged row speaks of. `optional`: datasets without which the rule still judges."""

    steps: tuple[Step, ...]
    judgements: tuple[Judgement, ...]
    measured: Expr
    shown: Mapping[str, Expr] = field(default_factory=dict)
    everyone: str | None = None
    optional: frozenset[str] = frozenset()

    @property
    def every_dataset(self) -> tuple[str, ...]:
        """Every dataset that is read, in order, once."""
        return tuple(dict.fromkeys(step.dataset for step in self.steps if isinstance(step, Read)))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that must be there."""
        return tuple(name for name in self.every_dataset if name not in self.optional)


def sources_of(step: Step) -> tuple[str, ...]:
    """The steps that a step stands on."""
    match step:
        case Read():
            return ()
        case Union(_, parts):
            return tuple(source for source, _ in parts)
        case Join():
            return (step.source, step.other)
        case _:
            return (step.source,)


def exprs_of(step: Step) -> tuple[Expr, ...]:
    """Every expression that a step holds."""
    match step:
        case Filter():
            return (step.where,)
        case Derive():
            return tuple(step.columns.values())
        case Group():
            return (*step.by.values(), *step.take.values())
        case Within():
            return (step.span, *step.take.values())
        case Series():
            return (step.at_least,)
        case Months():
            return (step.first, step.last)
        case Union():
            return tuple(expr for _, columns in step.parts for expr in columns.values())
        case _:
            return ()


def names_of(step: Step) -> frozenset[str]:
    """Every column that a step names outside its expressions."""
    match step:
        case Join():
            return frozenset({*step.on, *step.on.values(), *step.take.values()})
        case Latest():
            return frozenset({*step.by, step.order})
        case Within():
            return frozenset({*step.by, step.at})
        case Series():
            return frozenset({*step.by, step.value})
        case _:
            return frozenset()
