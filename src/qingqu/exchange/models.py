"""Imports (a file on its way in) and snapshots (what a dataset became). The snapshot rows are the lake's truth: a
folder without a row does not exist."""

from typing import Any

from django.db import models
from django.db.models import Q

from qingqu.files.models import StoredFile
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads."""

    def visible_to(self, person: Person) -> "ImportQuerySet":
        """The files of departments within one's area, of one's own organisation, and one's own."""
        found = access.reach(person, "exchange.see")
        if found.nothing:
            return self.none()
        reachable = self.exclude(ref__in=access.recused_refs(person, "import"))
        if found.everything:
            return reachable
        within = Q(code__in=found.organisations)
        for prefix in found.divisions:
            within |= Q(division__code__startswith=prefix)
        departments = Organisation.objects.filter(within).values("code")
        return reachable.filter(Q(department__in=departments) | Q(by=person))


class Import(models.Model):
    """One file for one dataset, from its arrival to its commit. `result`: what the check said, as printed by the
    command line."""

    ref = models.CharField(max_length=24, unique=True)
    dataset = models.CharField(max_length=40)
    department = models.CharField(max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    period = models.CharField(max_length=7, blank=True)
    full = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    result = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "checked", "committed", "discarded", "failed"]),
                name="exchange_import_state",
            )
        ]

    @property
    def subject(self) -> str:
        """How the record and recusals name it."""
        return f"import:{self.ref}"

    @property
    def organisation_code(self) -> str:
        """Whose it is."""
        return self.department


class Dataset(models.Model):
    """One row a dataset; locked while a snapshot is added, so that sequences have no gaps."""

    name = models.CharField(max_length=40, unique=True)


class Snapshot(models.Model):
    """A dataset after one commit: immutable Parquet files with a manifest, known from `known_at`."""

    ref = models.CharField(max_length=60, unique=True)
    dataset = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    department = models.CharField(max_length=60)
    import_row = models.OneToOneField(Import, on_delete=models.PROTECT, related_name="snapshot")
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    period = models.CharField(max_length=7, blank=True)
    manifest_sha256 = models.CharField(max_length=64)
    manifest: Any = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "sequence"], name="exchange_snapshot_sequence")
        ]
