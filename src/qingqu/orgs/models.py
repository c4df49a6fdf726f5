"""Where and who: divisions with official codes, organisations, people, the posts that they hold, kin, recusals."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
"""Digits of a code that count → level; the rest of its twelve digits are zeros."""


def subtree(code: str) -> str:
    """The prefix that the codes below a division share: a county's six digits, a township's nine."""
    for digits in (2, 4, 6, 9):
        if set(code[digits:]) <= {"0"}:
            return code[:digits]
    return code


def in_force(day: date) -> Q:
    """Rows whose validity includes the day; both ends count, an empty end is open."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


class Person(AbstractUser):
    """Somebody who signs in. `ref` names them in the record; the name stays out of it."""

    first_name = None  # type: ignore[assignment] # one name, as people here have
    last_name = None  # type: ignore[assignment]
    ref = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            # Sign-in looks a name up without regard to case: two spellings of one name would be two people.
            models.UniqueConstraint(Lower("username"), name="orgs_person_username"),
            models.CheckConstraint(condition=~Q(ref=""), name="orgs_person_ref"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the record names this person."""
        return f"person:{self.ref}"

    def get_full_name(self) -> str:
        """The one name."""
        return self.name

    def get_short_name(self) -> str:
        """The one name."""
        return self.name


class DivisionQuerySet(models.QuerySet["Division"]):
    """Reads."""

    def in_force(self, day: date) -> "DivisionQuerySet":
        """Those whose code is valid on the day."""
        return self.filter(in_force(day))

    def codes_below(self, code: str) -> set[str]:
        """The division's own code and the codes of all below it, by the tree and not by the digits: one query a
        level. Empty if there is no such division."""
        found: set[str] = set()
        level = self.filter(code=code)
        while codes := set(level.values_list("code", flat=True)) - found:
            found |= codes
            level = self.filter(parent__in=level.values("pk"))
        return found


class Division(models.Model):
    """An administrative division by its official 12-digit code; a code is never given to another place.

    The tree (`parent`) is what counts, the digits are a hint. They differ for development zones and other areas that
    are run from elsewhere: for the divisions touched by such a stray code, `area` lists the prefixes that make up
    their subtree exactly (space between); it is empty where the own prefix does. `load_divisions` keeps it."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=30, blank=True)
    level = models.CharField(max_length=10)
    scheme = models.CharField(max_length=20, default="stat")  # whose list: stat(istics) or civil (affairs)
    rural_class = models.CharField(max_length=3, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    area = models.TextField(blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{12}$"), name="orgs_division_code"),
            models.CheckConstraint(
                condition=Q(level__in=["province", "city", "county", "township", "village"]),
                name="orgs_division_level",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="orgs_division_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="orgs_division_validity",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Code prefixes that together are this division and everything below it in the tree, and nothing else."""
        return tuple(self.area.split()) or (subtree(self.code),)


class DivisionChange(models.Model):
    """Where a division went: villages merge, split and change their names, and are never re-keyed."""

    KINDS = ("merge", "split", "rename")

    predecessor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="changes_to")
    successor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="changes_from")
    date = models.DateField()
    kind = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="orgs_division_change_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="orgs_division_change_of_two"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["merge", "split", "rename"]), name="orgs_division_change_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor.code} → {self.successor.code}"


class Organisation(models.Model):
    """A department, government, commission, committee or owner; `code` is our short name for it. Kinds in use:
    department, county_discipline, township_discipline, township_government, village_committee, collective,
    project_owner, server."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=30)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="organisations")
    credit_code = models.CharField(max_length=18, blank=True)
    superior = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="inferiors")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="orgs_organisation_code"
            ),
            models.CheckConstraint(
                condition=Q(superior=None) | ~Q(superior=F("id")), name="orgs_organisation_not_own_superior"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Reads."""

    def in_force(self, day: date) -> "PostQuerySet":
        """Those held on the day."""
        return self.filter(in_force(day))

    def visible_to(self, person: Person) -> "PostQuerySet":
        """Those within the person's right to see people."""
        from qingqu.orgs import access  # here, because access reads these models

        found = access.reach(person, "orgs.see")
        return self.filter(found.where("division__code", "organisation__code"))


class Post(models.Model):
    """A role that a person holds in an organisation, for an area, from a day to a day (both count)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="orgs_post_validity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.title or self.role}"


class Kinship(models.Model):
    """Declared kin of office holders, for recusal; `source`: where it was declared."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin")
    relative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin_of")
    relation = models.CharField(max_length=20)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], name="orgs_kinship_once"),
            models.CheckConstraint(condition=~Q(person=F("relative")), name="orgs_kinship_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.person.ref} {self.relation} {self.relative.ref}"


class RecusalQuerySet(models.QuerySet["Recusal"]):
    """Reads."""

    def visible_to(self, person: Person) -> "RecusalQuerySet":
        """One's own."""
        return self.filter(person=person)


class Recusal(models.Model):
    """A person has nothing to do with a subject (`kind:ref`) any more: it does not exist for them. It counts from
    the moment at which it is raised; the organ's decision is noted when it comes."""

    GROUNDS = ("respondent", "kin", "interest", "witness", "other")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals")
    subject = models.CharField(max_length=120)
    ground = models.CharField(max_length=40)
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals_raised")
    raised_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="recusals_decided"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "subject"], name="orgs_recusal_once"),
            models.CheckConstraint(condition=Q(subject__regex=r"^[a-z_]+:."), name="orgs_recusal_subject"),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="orgs_recusal_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
