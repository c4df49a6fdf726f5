"""What a run is made of. A run's identity is a hash over all of it: the same identity gives the same bytes out."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qingqu.domain.rules import Rule


@dataclass(frozen=True)
class Source:
    """A dataset as known at the run's moment.

    `files` are Parquet files that hold one newest row per department and key, unless `history`: then they hold every
    change, and the newest by (_known_at, _snapshot) counts. `event_date`: the row exists from that day on.
    `events`: date fields that record what happened; later than the run's day they are missing. `cut_off`: the newest
    event date, period end or delivery day, which tells the data's age."""

    dataset: str
    schema: Mapping[str, str]
    key: tuple[str, ...]
    files: tuple[Path, ...]
    snapshots: tuple[str, ...]
    digests: tuple[str, ...]
    departments: tuple[str, ...]
    event_date: str | None = None
    events: frozenset[str] = frozenset()
    history: bool = False
    cut_off: date | None = None
    max_age_days: int | None = None


@dataclass(frozen=True)
class Run:
    """Which rules look at which data, as of which day, as known at which moment (`known_at`: the instant of the newest
    snapshot that counts, so that two runs that see the same data are one run). `schemas`: every dataset's fields and
    types, also of datasets that nobody has sent; without them, those of the sources."""

    as_of: date
    known_at: str
    sources: Mapping[str, Source]
    rules: tuple[Rule, ...]
    schemas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """SHA-256 over rule versions with values, snapshot hashes, as_of and known_at."""
        told = {
            "rules": [[rule.code, rule.version, rule.digest] for rule in self.rules],
            "snapshots": {name: list(source.digests) for name, source in sorted(self.sources.items())},
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Finding:
    """What one rule says of one subject, or (`subject_key` None) why it could not judge at all."""

    rule: str
    version: int
    title: str
    state: str
    subject_kind: str
    subject_key: str | None = None
    subject_name: str = ""
    place: str = ""
    owner: str = ""
    level: str | None = None
    measured: str | None = None
    threshold: str | None = None
    unit: str = ""
    message: str = ""
    evidence: tuple[Mapping[str, object], ...] = field(default=())
    data_as_of: str | None = None
    reason: Mapping[str, str] | None = None

    def as_json(self, run: str) -> dict[str, object]:
        """The line of `rules run --json`."""
        subject = {"kind": self.subject_kind, "key": self.subject_key, "name": self.subject_name}
        line: dict[str, object] = {
            "rule": self.rule, "version": self.version, "title": self.title,
            "subject": subject if self.subject_key is not None else None,
            "state": self.state, "level": self.level, "measured": self.measured, "threshold": self.threshold,
            "unit": self.unit, "message": self.message, "evidence": list(self.evidence),
            "data_as_of": self.data_as_of, "run": run,
        }  # fmt: skip
        if self.reason is not None:
            line["reason"] = dict(self.reason)
        return line
