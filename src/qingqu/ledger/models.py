"""Two logs. Entries, erasures and checkpoints never change (guards.py refuses it in the database itself); a content
can be erased lawfully, and the tree stays whole. No foreign keys: the record follows nothing into deletion.

A row is known by its place (log and index); there is no second number that could disagree. Every column is text or
a whole number as it was signed, so that nothing is converted between the database and its verification."""

from datetime import datetime

from django.db import models

from qingqu.domain.chain.canonical import parse

LOGS = ("inner", "open")
"""`open`: disclosures, seal uses, rule versions, results: no names at all. `inner`: everything else."""

_HEX = 64


class Log(models.Model):
    """The head of a log: how many entries, the peaks of its tree (hex, largest first), and the signed note of both."""

    name = models.CharField(max_length=20, primary_key=True)
    size = models.PositiveBigIntegerField(default=0)
    frontier = models.TextField(default="", blank=True)
    head_note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(name__in=LOGS), name="ledger_log_known")]

    def __str__(self) -> str:
        return f"{self.name} ({self.size})"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries, by what they are about."""

    def about(self, subject: str) -> "EntryQuerySet":
        """The entries on a subject (`kind:ref`), oldest first (one query, indexed)."""
        return self.filter(subject=subject).order_by("at", "log", "index")


class Entry(models.Model):
    """One act. `leaf` is canonical JSON and is what counts; the other columns repeat it for searching."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.CharField(max_length=20)
    index = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    at = models.CharField(max_length=25)
    leaf = models.TextField()
    leaf_hash = models.CharField(max_length=_HEX)
    root = models.CharField(max_length=_HEX)
    nodes = models.TextField(default="", blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "log", "index"], name="ledger_entry_subject"),
            models.Index(fields=["verb", "log", "index"], name="ledger_entry_verb"),
            models.Index(fields=["at"], name="ledger_entry_at"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """`inner/17`, which `ledger prove` takes."""
        return f"{self.log}/{self.index}"

    @property
    def moment(self) -> datetime:
        """When, as an instant (the column keeps the signed text)."""
        return datetime.fromisoformat(self.at)

    @property
    def role(self) -> str:
        """The role in which the act was allowed."""
        return str(parse(self.leaf)["role"])

    @property
    def correlation(self) -> str:
        """What joins the entries of one compound action; empty for a single act."""
        return str(parse(self.leaf)["correlation"])


class Content(models.Model):
    """Who did it and the facts: bound to the leaf by a salted commitment, erasable on its own."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.CharField(max_length=20)
    index = models.PositiveBigIntegerField()
    salt = models.CharField(max_length=_HEX)
    actor = models.CharField(max_length=100)
    facts = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["actor", "log", "index"], name="ledger_content_actor")]

    def __str__(self) -> str:
        return f"{self.log}/{self.index}"

    @property
    def facts_value(self) -> dict[str, object]:
        """The facts as a mapping."""
        return dict(parse(self.facts))


class Erasure(models.Model):
    """Which content was lawfully erased, and the entry of the inner log that says so."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.CharField(max_length=20)
    index = models.PositiveBigIntegerField()
    recorded_index = models.PositiveBigIntegerField()
    at = models.CharField(max_length=25)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recorded_index"], name="ledger_erasure_recorded_once")
        ]

    def __str__(self) -> str:
        return f"{self.log}/{self.index}"


class Checkpoint(models.Model):
    """A signed head that was given out, with the time signed too. Whoever keeps one can prove later alteration."""

    pk = models.CompositePrimaryKey("log", "size")
    log = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=_HEX)
    note = models.TextField()
    at = models.CharField(max_length=25)

    def __str__(self) -> str:
        return f"{self.log}/{self.size}"
