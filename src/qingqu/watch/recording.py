"""Brings the findings of one run and the warnings together, in a fixed number of queries whatever their number.

What could not be judged (no data for the rule, a missing value for the subject) leaves the warning as it was: a colour
falls only when data or the rule's values say so. A look at an earlier day, or with less known, than one already
recorded for the rule changes none of its warnings."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from qingqu.base import refs
from qingqu.base.clock import SHANGHAI
from qingqu.base.hooks import warnings_changed
from qingqu.domain.lifecycle import WARNING
from qingqu.domain.rules.rule import LEVELS
from qingqu.engine.spec import Finding
from qingqu.engine.spec import Run as Prepared
from qingqu.orgs.models import Organisation
from qingqu.watch import system
from qingqu.watch.models import Evidence, Gap, RuleResult, RuleVersion, Run, Warning, WarningEvent
from qingqu.watch.sections import due_date, section_of
from qingqu.watch.system import Judge
from qingqu.watch.thresholds import home_county

BATCH = 500
FACTS = (
    "title",
    "sentence",
    "message",
    "level",
    "measured",
    "threshold",
    "unit",
    "data_as_of",
    "rule_digest",
)
CHANGING = (*FACTS, "rule_version", "as_of", "evidence_digest", "due_date", "stock", "run")
Place = tuple[str, str, str]  # rule, subject kind, subject key


@dataclass
class Changes:
    """What a run does to the warnings, before it is written."""

    raised: list[tuple[Warning, Finding]] = field(default_factory=list)
    updated: list[Warning] = field(default_factory=list)
    closed: list[Warning] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)  # looked at again, and nothing new
    evidence: list[Evidence] = field(default_factory=list)
    events: list[tuple[Warning, str, str]] = field(default_factory=list)


class Recording:
    """The recording of one run. `stock`: whether what it raises is stock (None: where it is a rule's first look)."""

    def __init__(self, row: Run, prepared: Prepared, now: datetime, *, stock: bool | None) -> None:
        self.row, self.prepared, self.now, self.stock = row, prepared, now, stock
        self.today = now.astimezone(SHANGHAI).date()
        self.judges: dict[str, Judge] = {
            rule.code: system.judge(rule) for rule in prepared.rules
        } | system.CHECKS
        self.rules = {rule.code: rule for rule in prepared.rules}
        self.changes = Changes()

    def take(self, findings: Sequence[Finding], different: Sequence[Finding]) -> dict[str, Any]:
        """Raises, updates, closes; returns what was done, for the record. `different`: see `system.different`."""
        results = self._results(findings)
        RuleResult.objects.bulk_create(results.values(), batch_size=BATCH)
        self._keep_versions()
        judged = {code for code, one in results.items() if not one.held_up and not one.historic}
        self.first = {code for code, one in results.items() if one.first}
        own = self._system_findings(findings, different, judged, results)
        self._places(findings)
        self._match(findings, own, judged)
        self._write()
        return {
            "raised": len(self.changes.raised), "updated": len(self.changes.updated), "closed": len(self.changes.closed),
            "stock": sum(item.stock for item, _ in self.changes.raised),
            "historic": sorted(code for code, one in results.items() if one.historic),
        }  # fmt: skip

    def _results(self, findings: Iterable[Finding]) -> dict[str, RuleResult]:
        looks = RuleResult.objects.filter(code__in=self.rules, held_up="", historic=False)
        here = {"run__as_of": self.prepared.as_of, "run__known_at__gt": self.row.known_at}
        newer = set(
            looks.filter(Q(run__as_of__gt=self.prepared.as_of) | Q(**here)).values_list("code", flat=True)
        )
        known = set(looks.order_by().values_list("code", flat=True).distinct())
        results = {
            code: RuleResult(run=self.row, code=code, digest=rule.digest, first=code not in known, historic=code in newer)
            for code, rule in self.rules.items()
        }  # fmt: skip
        for one in findings:
            result = results[one.rule]
            if one.subject_key is None:
                result.held_up = system.why_held_up(one)[:300]
                result.first = False
            elif one.state in {"triggered", "insufficient"}:
                setattr(result, one.state, getattr(result, one.state) + 1)
            result.errors += one.state == "error"
        return results

    def _keep_versions(self) -> None:
        digests = {one.digest for one in self.judges.values()}
        known = set(RuleVersion.objects.filter(digest__in=digests).values_list("digest", flat=True))
        RuleVersion.objects.bulk_create([
            RuleVersion(digest=one.digest, code=one.code, version=one.version, title=one.title, told=one.told, first_run=self.row)
            for one in self.judges.values() if one.digest not in known
        ])  # fmt: skip

    # the platform's own checks ---------------------------------------------------------------------------------

    def _system_findings(
        self,
        findings: Sequence[Finding],
        different: Sequence[Finding],
        judged: set[str],
        results: dict[str, RuleResult],
    ) -> dict[str, list[Finding]]:
        """S code → its findings now; a code that this run has nothing to say of is left out."""
        told = {
            system.MISSING.code: system.missing(one for one in findings if not results[one.rule].historic)
        }
        if judged:
            told[system.INCOMPLETE.code] = self._incomplete(findings, judged)
            told[system.DIFFERENT.code] = list(different)
        return told

    def _incomplete(self, findings: Iterable[Finding], judged: set[str]) -> list[Finding]:
        unknown = {
            (one.rule, one.subject_kind, one.subject_key or ""): one
            for one in findings
            if one.rule in judged and one.subject_key is not None and one.state == "insufficient"
        }
        gone = []
        for gap in Gap.objects.filter(rule_code__in=judged).values_list(
            "pk", "rule_code", "subject_kind", "subject_key"
        ):
            if unknown.pop(gap[1:], None) is None:
                gone.append(gap[0])
        for start in range(0, len(gone), BATCH):
            Gap.objects.filter(pk__in=gone[start : start + BATCH]).delete()
        Gap.objects.bulk_create((self._gap(one) for one in unknown.values()), batch_size=BATCH)
        grouped: dict[tuple[str, str], Counter[str]] = {}
        old = Gap.objects.values_list("dataset", "department", "rule_code", "since").order_by("pk")
        for dataset, department, code, since in old.iterator():
            if system.lasts_a_month(since, self.prepared.as_of):
                grouped.setdefault((dataset, department), Counter())[code] += 1
        return [
            system.incomplete(*key, by_rule, self.prepared.as_of) for key, by_rule in sorted(grouped.items())
        ]

    def _gap(self, one: Finding) -> Gap:
        dataset, department = system.owed(one, self.rules[one.rule])
        return Gap(
            rule_code=one.rule, subject_kind=one.subject_kind, subject_key=one.subject_key or "",
            subject_name=one.subject_name or "", division_code=one.place or "", dataset=dataset, department=department,
            since=self.prepared.as_of,
        )  # fmt: skip

    # findings and open warnings ----------------------------------------------------------------------------------

    def _places(self, findings: Sequence[Finding]) -> None:
        """Who owns what, and where a finding without a place is looked at: where the department of its first row
        sits, else the county of this home."""
        rows = list(Organisation.objects.values_list("name", "code", "division__code", "credit_code"))
        self.owners = {name: code for name, code, *_ in rows} | {
            credit: code for _, code, _, credit in rows if credit
        }
        self.seats = {code: division or "" for _, code, division, _ in rows}
        self.called = {credit: name for name, _, _, credit in rows if credit}
        county = home_county()
        self.county = county.code if county else ""

    def _match(self, findings: Sequence[Finding], own: dict[str, list[Finding]], judged: set[str]) -> None:
        codes = judged | set(own)
        open_ones = {
            (item.rule_code, item.subject_kind, item.subject_key): item
            for item in Warning.objects.select_for_update().open().filter(rule_code__in=codes)
        }
        kept: set[Place] = set()
        for one in (*findings, *(item for items in own.values() for item in items)):
            if one.subject_key is None or one.rule not in codes:
                continue
            place = (one.rule, one.subject_kind, one.subject_key)
            kept.add(place)
            if one.state == "triggered":
                found = open_ones.get(place)
                if found is None:
                    self._raise(one)
                else:
                    self._update(found, one)
        fine = {name for code in judged for name in self.rules[code].plan.datasets}
        for place, item in open_ones.items():
            if place not in kept and self._may_close(item, fine):
                self._close(item)

    def _may_close(self, item: Warning, fine: set[str]) -> bool:
        """A notice of a dataset closes only when a rule that reads it could be judged; a difference only when this
        run read its datasets."""
        if item.rule_code == system.MISSING.code:
            return item.subject_key in fine
        if item.rule_code == system.DIFFERENT.code:
            return set(item.told_datasets) <= self.prepared.sources.keys()
        return True

    def _raise(self, one: Finding) -> None:
        judge = self.judges[one.rule]
        stock = one.rule in self.first if self.stock is None else self.stock
        stock = stock and one.rule not in system.CHECKS
        item = Warning(
            rule_code=judge.code, section=section_of(judge.code), subject_kind=one.subject_kind,
            subject_key=one.subject_key or "", subject_name=one.subject_name or "", division_code=self._place(one),
            organisation_code=self.owners.get(one.owner, ""), owner_name=self.called.get(one.owner, one.owner) or "", state=WARNING.start, stock=stock,
            retroactive=self.prepared.as_of < self.today, raised_at=self.now, since=self.prepared.as_of,
            evidence_digest=_digest(one), due_date=None if stock else due_date(one.level or "", self.today),
            told_datasets=sorted({str(line["dataset"]) for line in one.evidence}), **self._told(one),
        )  # fmt: skip
        self.changes.raised.append((item, one))
        self.changes.events.append((item, "raised", one.message))

    def _place(self, one: Finding) -> str:
        if one.place:
            return one.place
        department = str(one.evidence[0]["department"]) if one.evidence else self.owners.get(one.owner, "")
        return self.seats.get(department, "") or self.county

    def _told(self, one: Finding) -> dict[str, Any]:
        judge = self.judges[one.rule]
        return {
            "title": one.title, "sentence": judge.sentence, "message": one.message, "level": one.level,
            "measured": one.measured, "threshold": one.threshold, "unit": one.unit, "rule_version": judge.version,
            "rule_digest": judge.digest, "as_of": self.prepared.as_of, "run": self.row,
            "data_as_of": date.fromisoformat(one.data_as_of) if one.data_as_of else None,
        }  # fmt: skip

    def _update(self, item: Warning, one: Finding) -> None:
        before, digest = item.level, _digest(one)
        told = self._told(one) | {"level": self._level(item, one)}
        if digest == item.evidence_digest and all(getattr(item, name) == told[name] for name in FACTS):
            self.changes.seen.append(item.pk)
            return
        changed = item.rule_digest != told["rule_digest"]
        for name, value in told.items():
            setattr(item, name, value)
        if digest != item.evidence_digest:
            item.evidence_digest = digest
            self.changes.evidence.append(
                Evidence(warning=item, run=self.row, digest=digest, rows=list(one.evidence))
            )
        self.changes.updated.append(item)
        if item.level != before:
            rose = LEVELS.index(item.level) > LEVELS.index(before)
            if rose:  # what gets worse is no stock any more; a lower colour gives no more time
                item.stock = False
                item.due_date = _earlier(item.due_date, due_date(item.level, self.today))
            why = f"规则参数有变。{one.message}" if changed else one.message
            self.changes.events.append((item, "risen" if rose else "fallen", why))

    def _level(self, item: Warning, one: Finding) -> str:
        """A dataset that has been missing for a month is no hint any more."""
        if one.rule == system.MISSING.code and system.lasts_a_month(item.since, self.prepared.as_of):
            return "yellow"
        return one.level or "blue"

    def _close(self, item: Warning) -> None:
        item.state, item.closed_at = WARNING.after(item.state, "clear"), self.now
        judge = self.judges[item.rule_code]
        if judge.digest != item.rule_digest:
            item.closed_reason = f"按 {self.prepared.as_of} 生效的规则参数已不再触发：{judge.sentence}"
        else:
            item.closed_reason = f"截至 {self.prepared.as_of} 的数据已不再触发这条规则"
        item.run = self.row
        self.changes.closed.append(item)
        self.changes.events.append((item, "closed", item.closed_reason))

    # writing -------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        raised = [item for item, _ in self.changes.raised]
        for item, ref in zip(raised, refs.next_refs(Warning, "W", self.today.year, len(raised)), strict=True):
            item.ref = ref
        Warning.objects.bulk_create(raised, batch_size=BATCH)
        Evidence.objects.bulk_create(
            (Evidence(warning=item, run=self.row, digest=item.evidence_digest, rows=list(one.evidence))
             for item, one in self.changes.raised), batch_size=BATCH,
        )  # fmt: skip
        Evidence.objects.bulk_create(self.changes.evidence, batch_size=BATCH)
        _save_all(self.changes.updated, CHANGING)
        _save_all(self.changes.closed, ("state", "closed_at", "closed_reason", "run"))
        for start in range(0, len(self.changes.seen), BATCH):
            again = Warning.objects.filter(pk__in=self.changes.seen[start : start + BATCH])
            again.update(as_of=self.prepared.as_of, run=self.row)
        events = [
            WarningEvent(warning=item, kind=kind, level=item.level, text=text, run=self.row, at=self.now)
            for item, kind, text in self.changes.events
        ]
        WarningEvent.objects.bulk_create(events, batch_size=BATCH)
        if events:
            warnings_changed.send(events=events, now=self.now)


def _save_all(items: Sequence[Warning], names: Sequence[str]) -> None:
    """Writes these fields of many warnings, each by its key: one prepared statement. (`bulk_update` writes a CASE a
    field and row, which took 15 s for 5,000 warnings where this takes a fraction of one.)"""
    if not items:
        return
    fields: list[Any] = [Warning._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key: Any = Warning._meta.pk
    sql = f"UPDATE {quote(Warning._meta.db_table)} SET {columns} WHERE {quote(key.column)} = %s"  # noqa: S608 - our own names
    rows = [
        [*(field.get_db_prep_save(getattr(item, field.attname), connection) for field in fields), item.pk]
        for item in items
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _digest(one: Finding) -> str:
    text = json.dumps([dict(line) for line in one.evidence], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
