"""How full and how new the stored rows of a dataset are, department by department: one pass over its newest state,
remembered as long as that state stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from django.core.cache import cache

from qingqu.exchange import lake
from qingqu.exchange.contracts import Contract
from qingqu.exchange.history import History, of
from qingqu.exchange.lake import Bench, quoted
from qingqu.exchange.models import Snapshot

KEEP = 24 * 3600  # seconds; a new snapshot or a new day asks anew in any case


@dataclass(frozen=True)
class Quality:
    """A department's stored rows. `filled`: field → rows in which it has a value; `newest`: the newest event date up to
    the day asked for."""

    rows: int
    filled: Mapping[str, int]
    newest: date | None

    def percent(self, name: str) -> str | None:
        """How many rows of a hundred have the field; None without rows."""
        return share(self.filled[name], self.rows)

    @property
    def all_filled(self) -> str | None:
        """How many cells of a hundred are filled."""
        return share(sum(self.filled.values()), self.rows * len(self.filled))


def share(part: int, whole: int) -> str | None:
    """A percentage with at most one place, never rounded up to 100 nor down to 0; None of nothing."""
    if not whole:
        return None
    exact = Decimal(part) * 100 / Decimal(whole)
    told = exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    if told == 100 and part < whole:
        told = Decimal("99.9")
    if told == 0 and part:
        told = Decimal("0.1")
    return f"{told:f}".rstrip("0").rstrip(".") if "." in f"{told:f}" else f"{told:f}"


def qualities(contracts: Iterable[Contract], as_of: date) -> dict[str, dict[str, Quality]]:
    """Dataset → department → quality, of the state that stands now."""
    wanted = {contract.dataset: contract for contract in contracts}
    every: dict[str, list[Snapshot]] = {name: [] for name in wanted}
    for snapshot in Snapshot.objects.filter(dataset__in=wanted):
        every[snapshot.dataset].append(snapshot)
    found: dict[str, dict[str, Quality]] = {}
    missing = []
    for name, snapshots in every.items():
        kept = cache.get(_name(snapshots, as_of)) if snapshots else {}
        if kept is None:
            missing.append(name)
        else:
            found[name] = kept
    if missing:
        with lake.bench() as made:
            for name in missing:
                found[name] = _ask(made, wanted[name], of(every[name], None), as_of)
                cache.set(_name(every[name], as_of), found[name], KEEP)
    return found


def _name(snapshots: list[Snapshot], as_of: date) -> str:
    newest = max(snapshots, key=lambda one: one.sequence)
    return f"quality:{newest.ref}:{newest.manifest_sha256[:16]}:{as_of}"


def _ask(made: Bench, contract: Contract, known: History, as_of: date) -> dict[str, Quality]:
    names = list(contract.by_name)
    newest = "CAST(NULL AS DATE)"
    if contract.event_date:
        column = quoted(contract.event_date)
        newest = f"max(CAST({column} AS DATE)) FILTER (CAST({column} AS DATE) <= DATE '{as_of}')"
    told = made.run(
        f"SELECT _department, count(*), {newest}, {', '.join(f'count({quoted(name)})' for name in names)}"  # noqa: S608 - checked names
        f" FROM ({known.relation(contract)}) GROUP BY 1"
    ).fetchall()
    return {str(row[0]): Quality(row[1], dict(zip(names, row[3:], strict=True)), row[2]) for row in told}
