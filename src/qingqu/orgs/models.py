"""Where and who: divisions with official codes, organisations, people, the posts that they hold, kin, recusals."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q


def in_force(day: date) -> Q:
    """Rows whose validity includes the day; both ends count."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


class Person(AbstractUser):
    """Somebody who signs in. `ref` names them in the record; the name stays out of it."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    ref = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the record names this person."""
        return f"person:{self.ref}"


class Division(models.Model):
    """An administrative division by its official 12-digit code; a code is never given to another place."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    rural_class = models.CharField(max_length=3, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{12}$"), name="orgs_division_code"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="orgs_division_validity",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A department, government, commission, committee or owner; `code` is our short name for it."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=30)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="organisations")
    credit_code = models.CharField(max_length=18, blank=True)
    superior = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="inferiors")

    def __str__(self) -> str:
        return self.short_name or self.name


class Post(models.Model):
    """A role that a person holds in an organisation, for an area, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="orgs_post_validity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.title or self.role}"


class Kinship(models.Model):
    """Declared kin of office holders, for recusal."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin")
    relative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin_of")
    relation = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "relative"], name="orgs_kinship_once")]


class Recusal(models.Model):
    """A person has nothing to do with a subject (`kind:ref`) any more: it does not exist for them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals")
    subject = models.CharField(max_length=120)
    ground = models.CharField(max_length=40)
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals_raised")
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "subject"], name="orgs_recusal_once")]
