"""The one permission table: role × verb × scope, each row traced to a cell of the matrix, and the few functions that
ask it. Not knowing of a thing is 404 (`visible_to`), not being allowed is 403 (`require`); recusal beats every right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied

from qingqu.base import clock
from qingqu.orgs.matrix import matrix
from qingqu.orgs.models import Person, Post, Recusal, in_force

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Row:
    """A role may do a verb within a scope: `unit` (own organisation), `division` (own area and below), `all`."""

    role: str
    verb: str
    scope: str
    mask: bool
    cell: str


@dataclass(frozen=True)
class Reach:
    """How far a person's right to a verb goes. `divisions`: code prefixes; `organisations`: codes."""

    everything: bool = False
    divisions: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    masked: bool = False

    @property
    def nothing(self) -> bool:
        """No right at all."""
        return not (self.everything or self.divisions or self.organisations)

    def covers(self, division_code: str | None, organisation_code: str | None) -> bool:
        """Whether something at this place or of this organisation is within reach."""
        if self.everything:
            return True
        here = division_code or ""
        return (
            any(here.startswith(prefix) for prefix in self.divisions)
            or organisation_code in self.organisations
        )


# (resource, letters of which one must stand in the cell, verb, scope). `unit` roles reach their own organisation.
GRANTS = (
    ("warning", "RTAO", "watch.see"),
    ("warning", "RTA", "projects.see"),
    ("evidence", "R", "exchange.see"),
    ("evidence", "C", "exchange.see"),
    ("evidence", "C", "exchange.import_file"),
    ("audit_log", "R", "ledger.see"),
    ("audit_log", "R", "ledger.verify"),
    ("users", "C", "orgs.see"),
)
UNIT_ROLES = {"project_owner", "data_steward", "village_operator"}
# What the matrix leaves to us, each with its reason.
EXTRA = (
    Row("party_conduct_office", "watch.run", "division", False, "rules: C U, who writes rules runs them"),
    Row("inspection_office", "watch.run", "division", False, "warning: R T, a re-run is a step on warnings"),
    Row("data_steward", "projects.see", "unit", False, "evidence: own data are seen where they are used"),
    Row("sys_admin", "orgs.load_divisions", "all", False, "rules: config; users: accounts"),
    Row("system_operator", "exchange.import_file", "all", False, "the server's command line"),
    Row("system_operator", "exchange.see", "all", False, "the server's command line"),
    Row("system_operator", "watch.run", "all", False, "the server's command line"),
    Row("system_operator", "watch.see", "all", False, "the server's command line"),
    Row("system_operator", "orgs.load_divisions", "all", False, "the server's command line"),
    Row("system_operator", "orgs.appoint", "all", False, "the server's command line"),
    Row("sys_admin", "orgs.appoint", "all", False, "users: accounts"),
    Row(EVERYBODY, "access.see", "all", False, "everyone may know the rules of access"),
    Row(EVERYBODY, "orgs.declare_recusal", "unit", False, "domain handbook 1.6: self-declared"),
)
NO_BUSINESS = {"visitor", "villager"}  # they do not sign in at the desk


def _rows() -> tuple[Row, ...]:
    rows = []
    for role, cells in matrix().items():
        for resource, letters, verb in GRANTS if role not in NO_BUSINESS else ():
            cell = cells[resource]
            if any(letter in cell.split(" ")[0] or letter in cell.split() for letter in letters):
                own = role in UNIT_ROLES or {"own", "O"} & set(cell.split())
                scope = "unit" if own else "division"
                scope = "all" if resource in {"audit_log", "users"} else scope
                rows.append(Row(role, verb, scope, "m" in cell.split(), f"{resource}: {cell}"))
    return tuple(dict.fromkeys(rows)) + EXTRA


TABLE = _rows()


def posts(person: Person, on: date | None = None) -> list[Post]:
    """The posts that a person holds on the day; none for an account that is switched off."""
    if not person.is_active:
        return []
    held = person.posts.filter(in_force(on or clock.today())).select_related("organisation", "division")
    return list(held.order_by("pk"))


def subtree(code: str) -> str:
    """The prefix that all codes below a division share: a county's six digits, a township's nine."""
    for digits in (2, 4, 6, 9):
        if set(code[digits:]) <= {"0"}:
            return code[:digits]
    return code


def reach(person: Person, verb: str, on: date | None = None) -> Reach:
    """How far the person's posts of the day reach for this verb."""
    everything, masked = False, True
    divisions: dict[str, None] = {}
    organisations: dict[str, None] = {}
    for post in posts(person, on):
        for row in TABLE:
            if row.verb != verb or row.role not in {post.role, EVERYBODY}:
                continue
            masked = masked and row.mask
            if row.scope == "all":
                everything = True
            elif row.scope == "division" and post.division:
                divisions[subtree(post.division.code)] = None
            else:
                organisations[post.organisation.code] = None
    return Reach(everything, tuple(divisions), tuple(organisations), masked)


def recused(person: Person, subject: str) -> bool:
    """Whether the person has stepped back from this subject."""
    return bool(subject) and Recusal.objects.filter(person=person, subject=subject).exists()


def recused_refs(person: Person, kind: str) -> list[str]:
    """The refs of one kind that do not exist for this person."""
    subjects = Recusal.objects.filter(person=person, subject__startswith=f"{kind}:")
    return [subject.partition(":")[2] for subject in subjects.values_list("subject", flat=True)]


def may(person: Person, verb: str, obj: object | None = None, on: date | None = None) -> bool:
    """Whether the person may do the verb, to this object if one is given (by its `division_code`,
    `organisation_code` and `subject`)."""
    found = reach(person, verb, on)
    if found.nothing:
        return False
    if obj is None:
        return True
    if recused(person, getattr(obj, "subject", "")):
        return False
    return found.covers(getattr(obj, "division_code", None), getattr(obj, "organisation_code", None))


def granted(person: Person, verbs: Iterable[str]) -> set[str]:
    """Which of the verbs the person's posts of today allow at all; one query."""
    held = {post.role for post in posts(person)}
    held |= {EVERYBODY} if held else set()
    return {row.verb for row in TABLE if row.role in held} & set(verbs)


def require(by: Person, verb: str, obj: object | None = None) -> str:
    """The role that allows the verb; raises PermissionDenied (403) if there is none."""
    if may(by, verb, obj):
        roles = [post.role for post in posts(by)]
        allowed = {row.role for row in TABLE if row.verb == verb}
        return next((role for role in roles if role in allowed), roles[0])
    raise PermissionDenied(verb)
