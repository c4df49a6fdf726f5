"""A dataset's snapshots up to a moment, and which of their files tell its state.

The state of snapshot n counts all changes of snapshots 1…n, the newest by (`known_at`, sequence). Asked as known at K,
that file answers if the snapshots known at K are just 1…n; if a later snapshot was back-dated, the changes answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract
from qingqu.exchange.models import Snapshot


@dataclass(frozen=True)
class History:
    """Snapshots known at a moment, oldest first by (known_at, sequence); `state` is the materialised one, if valid."""

    snapshots: tuple[Snapshot, ...]
    state: Path | None

    @property
    def changes(self) -> tuple[Path, ...]:
        """The change file of each snapshot."""
        return tuple(lake.root() / snapshot.path / lake.CHANGES for snapshot in self.snapshots)

    @property
    def files(self) -> tuple[Path, ...]:
        """What to read: the state, or every change."""
        return (self.state,) if self.state else self.changes

    @property
    def newest(self) -> Snapshot | None:
        """The snapshot known last."""
        return self.snapshots[-1] if self.snapshots else None

    def relation(self, contract: Contract) -> str:
        """SQL of the rows as known then, one a department and key."""
        if self.state:
            names = lake.columns([*contract.by_name, *lake.PROVENANCE])
            return f"SELECT {names} FROM {lake.parquet([self.state])}"  # noqa: S608 - names from a checked contract
        if not self.snapshots:
            return lake.nothing(contract)
        return lake.state_of(contract, f"FROM {lake.parquet(self.changes)}")


def history(dataset: str, known_at: datetime | None = None) -> History:
    """The snapshots of a dataset known at the moment (all of them without one)."""
    return of(list(Snapshot.objects.filter(dataset=dataset)), known_at)


def of(every: Sequence[Snapshot], known_at: datetime | None) -> History:
    """The same from rows already fetched (all of the dataset's)."""
    known = [one for one in every if known_at is None or one.known_at <= known_at]
    known.sort(key=lambda one: (one.known_at, one.sequence))
    last = max(known, key=lambda one: one.sequence, default=None)
    whole = last is not None and len(known) == sum(one.sequence <= last.sequence for one in every)
    return History(tuple(known), lake.root() / last.path / lake.STATE if last and whole else None)
