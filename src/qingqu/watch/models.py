"""Runs, the rules as they were when they ran, warnings with their frozen evidence, what could not be judged, and the
thresholds that inspectors set. One open warning a rule and subject."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from qingqu.domain.lifecycle import THRESHOLD, WARNING
from qingqu.orgs import access
from qingqu.orgs.models import Person

TOWN_DIGITS = 9  # of a division's code: everything of one township begins with the same nine


class Run(models.Model):
    """One run: which rules looked at which snapshots, as of when. The same identity gives the same findings."""

    ref = models.CharField(max_length=24, unique=True)
    identity = models.CharField(max_length=64)
    as_of = models.DateField()
    known_at = models.CharField(max_length=25)
    rules = models.JSONField()
    snapshots = models.JSONField()
    counts = models.JSONField()
    results_root = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RuleVersion(models.Model):
    """A rule with the values that were in force, once a digest: what a warning of then was judged by, whatever became
    of the rule since. `told`: sentence, basis, source, verify, false_positives, judged, unit, params."""

    digest = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    told = models.JSONField()
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")


class RuleResult(models.Model):
    """What one rule said in one run. `held_up`: why it could not judge at all (empty: it did). `first`: its warnings of
    this run are stock. `historic`: a newer look had been recorded already, so that this one changed no warning."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="results")
    code = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    held_up = models.CharField(max_length=300, blank=True)
    triggered = models.PositiveIntegerField(default=0)
    insufficient = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    first = models.BooleanField(default=False)
    historic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "code"], name="watch_one_result_a_rule")]
        indexes = [models.Index(fields=["code", "-id"], name="watch_results_of_a_rule")]


class WarningQuerySet(models.QuerySet["Warning"]):
    """Reads."""

    def visible_to(self, person: Person) -> "WarningQuerySet":
        """Those of one's area or one's own unit, without those one has stepped back from."""
        found = access.reach(person, "watch.see")
        aside = access.recused_by_kind(person, "warning", "project")
        about = Q(subject_kind="project", subject_key__in=aside["project"])
        reachable = self.filter(found.where("division_code", "organisation_code"))
        return reachable.exclude(Q(ref__in=aside["warning"]) | about)

    def open(self) -> "WarningQuerySet":
        """Not closed."""
        return self.filter(state__in=WARNING.open)

    def current(self) -> "WarningQuerySet":
        """Open and not of the stock: what has a clock and is counted."""
        return self.open().filter(stock=False)


class Warning(models.Model):
    """A rule's hit on a subject, until data or people clear it. Not a verdict.

    `since`: the day whose facts raised it, `raised_at`: when it was; `as_of`: the day that was looked at last.
    `retroactive`: raised by a look at an earlier day than the one on which it ran. `stock`: found by a rule's first
    run over what had been there before: no clock, no message, not in the figures. `due_date`: the last working day of
    its verification (None: no clock, or the days off of that year are not known)."""

    ref = models.CharField(max_length=24, unique=True)
    rule_code = models.CharField(max_length=20)
    rule_version = models.PositiveIntegerField()
    rule_digest = models.CharField(max_length=64)
    section = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=200)
    subject_name = models.CharField(max_length=200)
    division_code = models.CharField(max_length=12, blank=True)
    organisation_code = models.CharField(max_length=60, blank=True)
    owner_name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200)
    sentence = models.TextField()
    message = models.TextField()
    level = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=WARNING.start)
    stock = models.BooleanField(default=False)
    retroactive = models.BooleanField(default=False)
    measured = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null is "unknown"
    threshold = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null is "none"
    unit = models.CharField(max_length=20, blank=True)
    evidence_digest = models.CharField(max_length=64)
    told_datasets = models.JSONField(default=list)  # the datasets of its evidence when it was raised
    data_as_of = models.DateField(null=True)
    since = models.DateField()
    as_of = models.DateField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="warnings")
    raised_at = models.DateTimeField()
    due_date = models.DateField(null=True)
    assigned_to = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="warnings")
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "subject_kind", "subject_key"], condition=~Q(state="closed"),
                name="watch_one_open_warning",
            ),
            models.CheckConstraint(condition=Q(state__in=WARNING.states), name="watch_warning_state"),
            models.CheckConstraint(
                condition=Q(level__in=["blue", "yellow", "orange", "red"]), name="watch_warning_level"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "stock", "section", "level"], name="watch_open_by_section"),
            models.Index(fields=["subject_kind", "subject_key"], name="watch_by_subject"),
        ]

    @property
    def subject(self) -> str:
        """How the record and recusals name it."""
        return f"warning:{self.ref}"

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """The rows that stand behind it now. One query."""
        newest = self.frozen.order_by("-pk").first()
        return list(newest.rows) if newest else []


class Evidence(models.Model):
    """Rows behind a warning as they stood at a run, with snapshot, file and row. Never changed: other rows are another
    piece of evidence of the same warning."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="frozen")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    rows = models.JSONField()


class WarningEvent(models.Model):
    """What happened to a warning, in order. kind: raised, risen, fallen, assigned, closed."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    level = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at", "kind"], name="watch_events_by_time")]


class Gap(models.Model):
    """A subject that a rule cannot judge because a value is missing, since when, and who owes it."""

    rule_code = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=200)
    subject_name = models.CharField(max_length=200)
    division_code = models.CharField(max_length=12, blank=True)
    dataset = models.CharField(max_length=40)
    department = models.CharField(max_length=60)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "subject_kind", "subject_key"], name="watch_one_gap"
            )
        ]  # fmt: skip


class ThresholdChangeQuerySet(models.QuerySet["ThresholdChange"]):
    """Reads."""

    def visible_to(self, person: Person) -> "ThresholdChangeQuerySet":
        """Those that hold where one may see the rules: at the place itself, below it, or above it."""
        found = access.reach(person, "watch.see_rules")
        if found.everything:
            return self
        above = {prefix[:digits].ljust(12, "0") for prefix in found.divisions for digits in (2, 4, 6, 9, 12)}
        return self.filter(
            found.where("division_code") | Q(division_code__in=above if found.divisions else ())
        )

    def in_force(self, day: date) -> "ThresholdChangeQuerySet":
        """Signed and begun by the day, oldest first: of several for one parameter and scope the last one counts."""
        return self.filter(state="signed", effective_date__lte=day).order_by(
            "effective_date", "decided_at", "pk"
        )


class ThresholdChange(models.Model):
    """A value that an inspector wants a rule's parameter to have at a place (the county or a town), for all subjects or
    those of one kind. It counts from `effective_date`, once a second person has signed it. `value` empty: the place
    or kind goes back to the value above it. `preview`: what was shown before it was proposed."""

    ref = models.CharField(max_length=24, unique=True)
    rule_code = models.CharField(max_length=20)
    param = models.CharField(max_length=40)
    value = models.CharField(max_length=40, blank=True)
    before = models.CharField(max_length=40)
    division_code = models.CharField(max_length=12)
    subject_type = models.CharField(max_length=40, blank=True)
    reason = models.TextField()
    state = models.CharField(max_length=10, default=THRESHOLD.start)
    effective_date = models.DateField(null=True)
    preview = models.JSONField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    objects = ThresholdChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=THRESHOLD.states), name="watch_threshold_state"),
            models.UniqueConstraint(
                fields=["rule_code", "param", "division_code", "subject_type"], condition=Q(state="proposed"),
                name="watch_one_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(effective_date__isnull=False, decided_at__isnull=False),
                name="watch_signed_has_day",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "effective_date"], name="watch_values_in_force")]

    @property
    def subject(self) -> str:
        """How the record and recusals name it."""
        return f"threshold:{self.ref}"
