"""Runs and warnings. One open warning a rule and subject; its evidence is frozen as the rows stood."""

from django.db import models
from django.db.models import Q

from qingqu.orgs import access
from qingqu.orgs.models import Person


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


class WarningQuerySet(models.QuerySet["Warning"]):
    """Reads."""

    def visible_to(self, person: Person) -> "WarningQuerySet":
        """Those of one's area or one's own unit, without those one has stepped back from."""
        found = access.reach(person, "watch.see")
        reachable = self if found.everything else self.filter(_within(found))
        aside = access.recused_by_kind(person, "warning", "project")
        about = Q(subject_kind="project", subject_key__in=aside["project"])
        return reachable.exclude(Q(ref__in=aside["warning"]) | about)

    def open(self) -> "WarningQuerySet":
        """Not closed."""
        return self.filter(state="open")


def _within(found: access.Reach) -> Q:
    reachable = Q(organisation_code__in=found.organisations) & ~Q(organisation_code="")
    for prefix in found.divisions:
        reachable |= Q(division_code__startswith=prefix)
    return reachable


class Warning(models.Model):
    """A rule's hit on a subject, until data or people clear it. Not a verdict."""

    ref = models.CharField(max_length=24, unique=True)
    rule_code = models.CharField(max_length=20)
    rule_version = models.PositiveIntegerField()
    rule_digest = models.CharField(max_length=64)
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
    state = models.CharField(max_length=10)
    measured = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null is "unknown"
    threshold = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null is "none"
    unit = models.CharField(max_length=20, blank=True)
    evidence = models.JSONField()
    data_as_of = models.DateField(null=True)
    as_of = models.DateField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="warnings")
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "subject_kind", "subject_key"], condition=Q(state="open"),
                name="watch_one_open_warning",
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="watch_warning_state"),
            models.CheckConstraint(
                condition=Q(level__in=["blue", "yellow", "orange", "red"]), name="watch_warning_level"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "level"], name="watch_open_by_level")]

    @property
    def subject(self) -> str:
        """How the record and recusals name it."""
        return f"warning:{self.ref}"


class WarningEvent(models.Model):
    """What happened to a warning, in order."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    level = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
