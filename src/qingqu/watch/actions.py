"""Runs over the lake, thresholds, and steps on warnings: each one transaction and one entry in the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from qingqu.base import refs
from qingqu.base.clock import SHANGHAI, iso
from qingqu.base.errors import Refusal
from qingqu.base.hooks import warnings_changed
from qingqu.domain.chain import merkle
from qingqu.domain.chain.canonical import canonical
from qingqu.domain.lifecycle import THRESHOLD, WARNING, OutOfTurn
from qingqu.domain.rules import Rule
from qingqu.engine import runner, spec
from qingqu.ledger.actions import record
from qingqu.orgs import access
from qingqu.orgs.models import Division, Person
from qingqu.watch import previews, system, thresholds
from qingqu.watch.models import Run, ThresholdChange, Warning, WarningEvent
from qingqu.watch.recording import Recording
from qingqu.watch.rules import specification

TOLD = frozenset({"triggered", "insufficient", "error"})
REASON_LENGTH = range(4, 1001)


@dataclass(frozen=True)
class Ran:
    """A run's identity, what it found, and its row if it was recorded."""

    identity: str
    findings: list[spec.Finding]
    row: Run | None


def prepare(rules: Sequence[Rule], *, as_of: date, known_at: datetime) -> spec.Run:
    """The run's specification over the snapshots known at the moment."""
    return specification(rules, as_of=as_of, known_at=known_at)


def run_rules(
    *, rules: Sequence[Rule], as_of: date, known_at: datetime, by: Person, now: datetime, dry_run: bool = False,
    all_states: bool = False, stock: bool | None = None,
) -> Ran:  # fmt: skip
    """Runs the rules and, unless it is a dry run, records what they found. `stock`: whether what it raises goes to the
    stock list, without clocks and messages; by default only what a rule finds the first time that it can judge."""
    role = access.require(by, "watch.run")
    prepared = prepare(rules, as_of=as_of, known_at=known_at)
    findings = list(runner.run(prepared, all_states=all_states))
    if dry_run:
        return Ran(prepared.identity, findings, None)
    different = system.different(prepared, known_at)
    with transaction.atomic(durable=True):
        row = _record_run_within(
            prepared, findings, different, known_at=known_at, by=by, role=role, now=now, stock=stock
        )
    return Ran(prepared.identity, findings, row)


def _record_run_within(
    prepared: spec.Run,
    findings: list[spec.Finding],
    different: list[spec.Finding],
    *,
    known_at: datetime,
    by: Person,
    role: str,
    now: datetime,
    stock: bool | None,
) -> Run:
    told = [finding for finding in findings if finding.state in TOLD]
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
    changed = Recording(row, prepared, now, stock=stock).take(told, different)
    # The identity covers every snapshot's hash; the entry names the newest, so that it stays small over the years.
    newest = {
        name: [source.snapshots[-1], len(source.snapshots)] for name, source in prepared.sources.items()
    }
    record(
        verb="run.recorded", subject=f"run:{row.ref}", by=by.actor, role=role, now=now,
        facts={"identity": row.identity, "as_of": row.as_of.isoformat(), "known_at": row.known_at, "rules": row.rules,
               "snapshots": newest, "results_root": row.results_root, **counts, **changed},
    )  # fmt: skip
    return row


def propose_threshold(
    *, rule_code: str, param: str, value: str, division: Division, subject_type: str, reason: str, by: Person,
    now: datetime,
) -> ThresholdChange:  # fmt: skip
    """Asks for another value of a rule's parameter at a place and, if given, for one kind of subject. An empty value
    gives back what was set there. The preview is made here, before anything is written, and kept with the proposal."""
    role = access.require(by, "watch.propose_threshold", thresholds.place_of(division))
    asked = thresholds.asked(rule_code, param, value, division, subject_type, day=_tomorrow(now))
    _reason(reason)
    shown = previews.preview(asked, now=now)
    with transaction.atomic(durable=True):
        here = {
            "rule_code": rule_code,
            "param": param,
            "division_code": division.code,
            "subject_type": subject_type,
        }
        if waiting := ThresholdChange.objects.filter(state=THRESHOLD.start, **here).first():
            raise Refusal(
                f"{waiting.ref} 已经提出同一项修改，还没有签字；请先签字、退回或撤回它。", code="threshold"
            )
        change = ThresholdChange.objects.create(
            ref=refs.next_ref(ThresholdChange, "T", now.year), value=asked.value, before=asked.before, reason=reason,
            preview=shown.as_json(), proposed_by=by, proposed_at=now, **here,
        )  # fmt: skip
        record(
            verb="rule.threshold_proposed", subject=change.subject, by=by.actor, role=role, now=now,
            facts={**_what(change), "reason": reason, "preview": shown.counts()},
        )  # fmt: skip
    return change


def sign_threshold(*, change: ThresholdChange, by: Person, now: datetime) -> ThresholdChange:
    """A second person puts the value in force from tomorrow. Stands in the open log: rule versions are no secret."""
    role = access.require(by, "watch.publish_rule", change)
    with transaction.atomic(durable=True):
        change = _step(change, "sign", by=by, now=now)
        if change.proposed_by_id == by.pk:
            raise Refusal("提出修改的人不能自己签字，请另一位有权签字的人来签。", code="same_person")
        change.effective_date = _tomorrow(now)
        change.save(update_fields=["state", "decided_by", "decided_at", "effective_date"])
        record(
            log="open", verb="rule.threshold_signed", subject=change.subject, by=by.actor, role=role, now=now,
            facts={**_what(change), "effective": change.effective_date.isoformat()},
        )  # fmt: skip
    return change


def refuse_threshold(*, change: ThresholdChange, note: str, by: Person, now: datetime) -> ThresholdChange:
    """The second person sends it back, with the reason."""
    role = access.require(by, "watch.publish_rule", change)
    _reason(note)
    with transaction.atomic(durable=True):
        change = _step(change, "refuse", by=by, now=now)
        if change.proposed_by_id == by.pk:
            raise Refusal("这是您自己提出的修改，不想要了请撤回。", code="same_person")
        change.decision_note = note
        change.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
        record(
            verb="rule.threshold_refused", subject=change.subject, by=by.actor, role=role, now=now,
            facts={**_what(change), "note": note},
        )  # fmt: skip
    return change


def withdraw_threshold(*, change: ThresholdChange, by: Person, now: datetime) -> ThresholdChange:
    """Whoever proposed it takes it back before it is signed."""
    role = access.require(by, "watch.propose_threshold", change)
    with transaction.atomic(durable=True):
        change = _step(change, "withdraw", by=by, now=now)
        if change.proposed_by_id != by.pk:
            raise Refusal("只有提出修改的人可以撤回它。", code="not_own")
        change.save(update_fields=["state", "decided_by", "decided_at"])
        record(
            verb="rule.threshold_withdrawn", subject=change.subject, by=by.actor, role=role, now=now,
            facts=_what(change),
        )  # fmt: skip
    return change


def assign_warning(*, warning: Warning, to: Person, by: Person, now: datetime) -> Warning:
    """Gives a warning to whoever is to verify it; again, when it changes hands."""
    role = access.require(by, "watch.assign", warning)
    if not access.may(to, "watch.verify", warning):
        raise Refusal("这个人无权核查这条预警，请改派有权的人。", code="assignee")
    with transaction.atomic(durable=True):
        warning = Warning.objects.select_for_update().get(pk=warning.pk)
        if warning.assigned_to_id == to.pk:
            raise Refusal("这条预警已经在这个人手里。", code="assignee")
        try:
            warning.state = WARNING.after(warning.state, "assign")
        except OutOfTurn:
            raise Refusal("这条预警已经关闭，不能再分派。", code="out_of_turn") from None
        warning.assigned_to = to
        warning.save(update_fields=["state", "assigned_to"])
        event = WarningEvent.objects.create(
            warning=warning, kind="assigned", level=warning.level, text=f"交 {to.name} 核查", by=by, at=now
        )
        record(
            verb="warning.assigned", subject=warning.subject, by=by.actor, role=role, now=now,
            facts={"to": to.actor},
        )  # fmt: skip
        warnings_changed.send(events=[event], now=now)
    return warning


def _step(change: ThresholdChange, step: str, *, by: Person, now: datetime) -> ThresholdChange:
    change = ThresholdChange.objects.select_for_update().get(pk=change.pk)
    try:
        change.state = THRESHOLD.after(change.state, step)
    except OutOfTurn:
        raise Refusal("这项修改已经有了结果，不能再改；需要时请重新提出。", code="out_of_turn") from None
    change.decided_by, change.decided_at = by, now
    return change


def _tomorrow(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date() + timedelta(days=1)


def _reason(text: str) -> None:
    if len(text.strip()) not in REASON_LENGTH:
        raise Refusal("请写明理由，4 到 1000 个字。", code="reason")


def _what(change: ThresholdChange) -> dict[str, str]:
    return {
        "rule": change.rule_code, "param": change.param, "before": change.before, "value": change.value,
        "place": change.division_code, "kind": change.subject_type,
    }  # fmt: skip
