"""What came in and what became of it. The rows themselves lie in the lake; here stand the imports, the snapshots (a
directory of the lake without a row here does not exist) and one lock a dataset."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from qingqu.base.clock import SHANGHAI
from qingqu.exchange.remembered import Remembered
from qingqu.files.models import StoredFile
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person

IMPORT_STATES = (
    "received", "unmapped", "previewed", "rejected", "committed", "discarded", "withdrawn", "failed",
)  # fmt: skip
# Digits of a county's code: whoever covers the county sees imports of no known organisation too.
COUNTY_PREFIX = 6
# Each owner is an organisation of its own; their files count under this one code.
COLLECTIVE = "project_owner"
WITHDRAW_WITHIN = timedelta(days=7)


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports as one may see them."""

    def visible_to(self, person: Person) -> "ImportQuerySet":
        """Imports of organisations within the person's reach; one's own imports always as far as one may see any."""
        reach = access.reach(person, "exchange.see")
        if reach.everything:
            return self
        allowed = Q(organisation__code__in=reach.organisations)
        for prefix in reach.divisions:
            allowed |= Q(organisation__division__code__startswith=prefix)
            if len(prefix) <= COUNTY_PREFIX:
                allowed |= Q(organisation=None)
        if reach.nothing:
            return self.none()
        return self.filter(allowed).exclude(ref__in=access.recused_refs(person, "import"))


class Import(models.Model):
    """One file handed in for one dataset, from arrival to its end."""

    RECEIVED, UNMAPPED, PREVIEWED, REJECTED = "received", "unmapped", "previewed", "rejected"
    COMMITTED, DISCARDED, WITHDRAWN, FAILED = "committed", "discarded", "withdrawn", "failed"
    # Where the sender's own workbook with its wrong cells marked stands; empty: nothing to mark.
    MARK_WAITING, MARK_READY, MARK_FAILED = "waiting", "ready", "failed"

    ref = models.CharField(max_length=30, unique=True)
    dataset = models.CharField(max_length=40)
    department = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="imports"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    period = models.CharField(max_length=7, blank=True)
    known_at = models.DateTimeField(null=True)
    full = models.BooleanField(default=False)
    accept_good = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=RECEIVED)
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    question = models.JSONField(null=True)  # `suggesting.Question`: columns that a person may match to fields
    progress = models.JSONField(default=dict)  # {"stage", "done", "total"} while the worker looks at it
    failure = models.CharField(max_length=500, blank=True)
    marked = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="imports")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IMPORT_STATES),
                name="exchange_import_state",
            ),
            models.CheckConstraint(
                condition=Q(period="") | Q(period__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
                name="exchange_import_period",
            ),
        ]
        indexes = [
            models.Index(fields=["dataset", "-at"], name="exchange_import_recent"),
            models.Index(fields=["file", "dataset"], name="exchange_import_file"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def subject(self) -> str:
        """How the record and recusals name it."""
        return f"import:{self.ref}"

    @property
    def organisation_code(self) -> str | None:
        """Whose file it is, for `access`."""
        return self.organisation.code if self.organisation else None

    @property
    def division_code(self) -> str | None:
        """Where that organisation sits, for `access`."""
        division = self.organisation.division if self.organisation else None
        return division.code if division else None

    @property
    def mappable(self) -> bool:
        """Whether its columns can still be matched to fields by hand."""
        return bool(self.question) and self.state in {self.UNMAPPED, self.PREVIEWED, self.REJECTED}

    @property
    def written(self) -> "models.QuerySet[Snapshot]":
        """Its snapshots, oldest first: its own, restatements, its withdrawal."""
        return Snapshot.objects.filter(import_of=self).order_by("sequence")

    @property
    def open(self) -> bool:
        """Whether a decision (commit, discard) is still possible."""
        return self.state in {self.PREVIEWED, self.REJECTED}

    def count(self, name: str) -> int:
        """One of the counts, 0 when nothing was counted."""
        told: Mapping[str, Any] = self.counts
        return int(told.get(name, 0))


class RememberedLayoutQuerySet(models.QuerySet["RememberedLayout"]):
    """Layouts as one may see them, and as the importer asks for them."""

    def visible_to(self, person: Person) -> "RememberedLayoutQuerySet":
        """Layouts of senders within the person's reach."""
        reach = access.reach(person, "exchange.see")
        return self.filter(reach.where("organisation__division__code", "sender"))

    def of(self, dataset: str, sender: str) -> tuple[Remembered, ...]:
        """What the sender's people said of this dataset's headers, the newest first."""
        found = self.filter(dataset=dataset, sender=sender, forgotten_at=None).order_by("-pk")
        return tuple(
            Remembered(one.ref, one.at.astimezone(SHANGHAI).date().isoformat(), one.columns) for one in found
        )


class RememberedLayout(models.Model):
    """Columns of a sender's header, matched to fields once. `columns`: column key → field, "" for one that is not used;
    `sender`: the organisation's code; `signature`: the digest of the keys."""

    ref = models.CharField(max_length=30, unique=True)
    dataset = models.CharField(max_length=40)
    sender = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="layouts"
    )
    signature = models.CharField(max_length=64)
    columns = models.JSONField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    objects = RememberedLayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "sender", "signature"], condition=Q(forgotten_at=None),
                name="exchange_layout_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.ref

    @property
    def subject(self) -> str:
        """How the record names it."""
        return f"layout:{self.ref}"

    @property
    def organisation_code(self) -> str:
        """Whose it is, for `access`."""
        return self.sender

    @property
    def division_code(self) -> str | None:
        """Where that organisation sits, for `access`."""
        division = self.organisation.division if self.organisation else None
        return division.code if division else None


class Snapshot(models.Model):
    """One commit of a dataset. `kind`: import | restatement (what a later file had already confirmed, said again after
    a back-dated import) | withdrawal."""

    ref = models.CharField(max_length=60, unique=True)
    dataset = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, default="import")
    department = models.CharField(max_length=60)
    import_of = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+")
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    period = models.CharField(max_length=7, blank=True)
    full = models.BooleanField(default=False)
    manifest_sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    changed = models.PositiveBigIntegerField()
    path = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "sequence"], name="exchange_snapshot_sequence"),
            models.CheckConstraint(
                condition=Q(kind__in=("import", "restatement", "withdrawal")), name="exchange_snapshot_kind"
            ),
        ]
        indexes = [models.Index(fields=["dataset", "known_at"], name="exchange_snapshot_known")]

    def __str__(self) -> str:
        return self.ref


class DatasetHead(models.Model):
    """One row a dataset: whoever commits locks it, so that snapshots of a dataset follow each other."""

    dataset = models.CharField(max_length=40, unique=True)
    sequence = models.PositiveIntegerField(default=0)
