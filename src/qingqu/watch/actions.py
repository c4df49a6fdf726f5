"""A run over the lake, recorded in one transaction: warnings raised, changed, closed, and one entry in the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qingqu.base import refs
from qingqu.base.clock import iso
from qingqu.base.hooks import warning_changed
from qingqu.domain.chain import merkle
from qingqu.domain.chain.canonical import canonical
from qingqu.domain.rules import Rule
from qingqu.domain.rules.rule import LEVELS
from qingqu.engine import runner, spec
from qingqu.exchange.sources import sources
from qingqu.ledger.actions import record
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person
from qingqu.watch.models import Run, Warning, WarningEvent


@dataclass(frozen=True)
class Ran:
    """A run's identity, what it found, and its row if it was recorded."""

    identity: str
    findings: list[spec.Finding]
    row: Run | None


def prepare(rules: Sequence[Rule], *, as_of: date, known_at: datetime) -> spec.Run:
    """The run's specification over the snapshots known at the moment."""
    wanted = {dataset for rule in rules for dataset in rule.plan.datasets}
    found = sources(wanted, known_at=known_at, as_of=as_of)
    newest = ",".join(source.snapshots[-1] for source in found.values())
    return spec.Run(as_of, newest, found, tuple(rules))


def run_rules(
    *, rules: Sequence[Rule], as_of: date, known_at: datetime, by: Person, now: datetime, dry_run: bool = False,
    all_states: bool = False,
) -> Ran:  # fmt: skip
    """Runs the rules and, unless it is a dry run, records what they found."""
    role = access.require(by, "watch.run")
    prepared = prepare(rules, as_of=as_of, known_at=known_at)
    findings = list(runner.run(prepared, all_states=all_states))
    if dry_run:
        return Ran(prepared.identity, findings, None)
    with transaction.atomic(durable=True):
        row = _record_run_within(prepared, findings, known_at=known_at, by=by, role=role, now=now)
    return Ran(prepared.identity, findings, row)


def _record_run_within(
    prepared: spec.Run,
    findings: list[spec.Finding],
    *,
    known_at: datetime,
    by: Person,
    role: str,
    now: datetime,
) -> Run:
    told = [finding for finding in findings if finding.state in {"triggered", "insufficient", "error"}]
    leaves = [merkle.leaf_hash(canonical(finding.as_json(prepared.identity))) for finding in told]
    counts = {
        state: sum(finding.state == state for finding in told)
        for state in ("triggered", "insufficient", "error")
    }
    row = Run.objects.create(
        ref=refs.next_ref(Run, "R", now.year), identity=prepared.identity, as_of=prepared.as_of,
        known_at=iso(known_at), rules=[[rule.code, rule.version, rule.digest] for rule in prepared.rules],
        snapshots={name: list(source.snapshots) for name, source in prepared.sources.items()}, counts=counts,
        results_root=merkle.root(leaves).hex(), by=by, at=now,
    )  # fmt: skip
    changed = _Recording(row, prepared, now).take(told)
    record(
        verb="run.recorded", subject=f"run:{row.ref}", by=by.actor, role=role, now=now,
        facts={"identity": row.identity, "as_of": row.as_of.isoformat(), "known_at": row.known_at, "rules": row.rules, "snapshots": row.snapshots,
               "results_root": row.results_root, **counts, **changed},
    )  # fmt: skip
    return row


class _Recording:
    """Brings the findings of one run and the open warnings together."""

    def __init__(self, row: Run, prepared: spec.Run, now: datetime) -> None:
        self.row, self.prepared, self.now = row, prepared, now
        self.rules = {rule.code: rule for rule in prepared.rules}
        self.counts = {"raised": 0, "updated": 0, "closed": 0}

    def take(self, findings: Iterable[spec.Finding]) -> dict[str, int]:
        """Raises, updates, closes. What could not be judged (no data for the rule, insufficient for the subject)
        leaves the warning as it was: colour falls only when data say so."""
        open_ones = {
            (item.rule_code, item.subject_kind, item.subject_key): item
            for item in Warning.objects.select_for_update().open().filter(rule_code__in=self.rules)
        }
        kept: set[tuple[str, str, str]] = set()
        owners = dict(Organisation.objects.values_list("name", "code"))
        blocked = {finding.rule for finding in findings if finding.subject_key is None}
        for finding in findings:
            if finding.subject_key is None:
                self._dataset_notice(finding, open_ones, kept)
                continue
            place = (finding.rule, finding.subject_kind, finding.subject_key)
            kept.add(place)
            if finding.state == "triggered":
                found = open_ones.get(place)
                if found is None:
                    self._raise(finding, owners.get(finding.owner, ""))
                else:
                    self._update(found, finding)
        for place, item in open_ones.items():
            if place not in kept and not (place[0] in blocked and place[1] != "dataset"):
                self._close(item)
        return self.counts

    def _dataset_notice(
        self,
        finding: spec.Finding,
        open_ones: dict[tuple[str, str, str], Warning],
        kept: set[tuple[str, str, str]],
    ) -> None:
        reason = finding.reason or {}
        place = (finding.rule, "dataset", reason.get("dataset", ""))
        kept.add(place)
        if place not in open_ones:
            told = spec.Finding(
                rule=finding.rule, version=finding.version, title=f"{finding.title}：数据不足，无法判定",
                state="insufficient", subject_kind="dataset", subject_key=place[2], subject_name=place[2],
                level="blue", message=f"{finding.message}。没有数据不等于没有问题。",
            )  # fmt: skip
            self._raise(told, "")

    def _raise(self, finding: spec.Finding, organisation: str) -> None:
        rule = self.rules[finding.rule]
        item = Warning.objects.create(
            ref=refs.next_ref(Warning, "W", self.now.year), rule_code=rule.code, rule_version=rule.version,
            rule_digest=rule.digest, subject_kind=finding.subject_kind, subject_key=finding.subject_key or "",
            subject_name=finding.subject_name, division_code=finding.place, organisation_code=organisation,
            owner_name=finding.owner, state="open", raised_at=self.now, **self._told(finding),
        )  # fmt: skip
        self.counts["raised"] += 1
        self._event(item, "raised", finding.message)

    def _told(self, finding: spec.Finding) -> dict[str, object]:
        return {
            "title": finding.title, "sentence": self.rules[finding.rule].told(), "message": finding.message,
            "level": finding.level, "measured": finding.measured, "threshold": finding.threshold,
            "unit": finding.unit, "evidence": list(finding.evidence), "as_of": self.prepared.as_of, "run": self.row,
            "data_as_of": date.fromisoformat(finding.data_as_of) if finding.data_as_of else None,
        }  # fmt: skip

    def _update(self, item: Warning, finding: spec.Finding) -> None:
        before = item.level
        told = self._told(finding)
        if all(getattr(item, name) == value for name, value in told.items() if name != "run"):
            return
        for name, value in told.items():
            setattr(item, name, value)
        item.save(update_fields=list(told))
        self.counts["updated"] += 1
        if item.level != before:
            rose = LEVELS.index(item.level) > LEVELS.index(before)
            self._event(item, "risen" if rose else "fallen", finding.message)

    def _close(self, item: Warning) -> None:
        item.state, item.closed_at = "closed", self.now
        item.closed_reason = f"截至 {self.prepared.as_of} 的数据已不再触发这条规则"
        item.save(update_fields=["state", "closed_at", "closed_reason"])
        self.counts["closed"] += 1
        self._event(item, "closed", item.closed_reason)

    def _event(self, item: Warning, kind: str, text: str) -> None:
        event = WarningEvent.objects.create(
            warning=item, kind=kind, level=item.level, text=text, run=self.row, at=self.now
        )
        warning_changed.send(warning=item, event=event, now=self.now)
