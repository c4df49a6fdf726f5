"""The door to the one permission table (`rights.TABLE`, derived from `matrix`). Not knowing of a thing is 404
(`visible_to`), not being allowed to do it is 403 (`require`); recusal beats every right.

Posts count on the day only. An object is judged by what it offers of: `division_code`, `organisation_code`, `subject`
(`kind:ref`, for recusal), `actor` (the text id of the person whose own it is), `assigned_to` (text ids)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from qingqu.base import clock
from qingqu.orgs.matrix import ROLE_NAMES
from qingqu.orgs.models import Person, Post, Recusal, in_force, subtree
from qingqu.orgs.rights import SIGNED_IN, STAFF, TABLE, Row

__all__ = [
    "TABLE", "Reach", "Row", "granted", "may", "post_line", "posts", "reach", "recused", "recused_refs", "require", "subtree",
]  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """How far a person's right to a verb goes.

    `divisions`: code prefixes (of one's area and all below it, see `Division.prefixes`), `organisations`: codes,
    `own`: what one made oneself, `assigned`: what is assigned to one, `masked`: personal columns are masked, as soon
    as one of the rights that add up to this reach is."""

    everything: bool = False
    divisions: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    own: bool = False
    assigned: bool = False
    masked: bool = False

    @property
    def nothing(self) -> bool:
        """No right at all."""
        return not (self.everything or self.divisions or self.organisations or self.own or self.assigned)

    def covers(self, division_code: str | None, organisation_code: str | None) -> bool:
        """Whether something at this place or of this organisation is within reach."""
        if self.everything:
            return True
        here = division_code or ""
        return here.startswith(self.divisions) or (organisation_code or "") in self.organisations

    def where(self, division: str = "", organisation: str = "") -> Q:
        """The same as a filter for a query, given the names of the fields that hold the codes; out of reach of both,
        nothing is found."""
        if self.everything:
            return Q()
        found = Q(pk__in=[])
        if organisation and self.organisations:
            found |= Q(**{f"{organisation}__in": self.organisations})
        for prefix in self.divisions if division else ():
            found |= Q(**{f"{division}__startswith": prefix})
        return found


def posts(person: Person, on: date | None = None) -> list[Post]:
    """The posts that a person holds on the day (default: today); none for an account that is switched off, nor for
    whoever is not signed in. One query."""
    if not isinstance(person, Person) or person.pk is None or not person.is_active:
        return []
    held = Post.objects.filter(in_force(on or clock.today()), person_id=person.pk, person__is_active=True)
    return list(held.select_related("organisation", "division").order_by("pk"))


def post_line(person: Person, on: date | None = None) -> str:
    """Organisation and title of the first post that a person holds on the day, as the head of a page shows it."""
    held = posts(person, on)
    return (
        f"{held[0].organisation} · {held[0].title or ROLE_NAMES.get(held[0].role, '')}".rstrip(" ·")
        if held
        else ""
    )


def reach(by: Person, verb: str, on: date | None = None) -> Reach:
    """How far the person's posts of the day reach for this verb. One query."""
    found = Reach()
    for post, row in _rows(by, verb, posts(by, on)):
        one = _reach(post, row)
        found = Reach(
            found.everything or one.everything,
            tuple(dict.fromkeys(found.divisions + one.divisions)),
            tuple(dict.fromkeys(found.organisations + one.organisations)),
            found.own or one.own,
            found.assigned or one.assigned,
            found.masked or one.masked,
        )
    return found


def may(by: Person, verb: str, obj: object | None = None, on: date | None = None) -> bool:
    """Whether the person may do the verb: at all, or to this object."""
    return _role(by, verb, obj, posts(by, on)) is not None


def granted(by: Person, verbs: Iterable[str], on: date | None = None) -> set[str]:
    """Which of the verbs the person may do at all; one query for all of them."""
    held = posts(by, on)
    return {verb for verb in verbs if _role(by, verb, None, held) is not None}


def require(by: Person, verb: str, obj: object | None = None, on: date | None = None) -> str:
    """The role that allows the verb; raises PermissionDenied (403) if there is none."""
    role = _role(by, verb, obj, posts(by, on))
    if role is None:
        raise PermissionDenied(verb)
    return role


def recused(by: Person, subject: str) -> bool:
    """Whether the person has nothing to do with this subject (`kind:ref`) any more."""
    return bool(subject) and Recusal.objects.filter(person_id=by.pk, subject=subject).exists()


def visitor(user: object, verb: str) -> Person:
    """The signed-in person behind a request, whose posts allow the verb at all; anybody else is refused (403)."""
    if not isinstance(user, Person) or not may(user, verb):
        raise PermissionDenied(verb)
    return user


def recused_by_kind(person: Person, *kinds: str) -> dict[str, list[str]]:
    """Kind → the refs of that kind which do not exist for this person; one query for all kinds."""
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    for subject in Recusal.objects.filter(person=person).values_list("subject", flat=True):
        kind, _, ref = subject.partition(":")
        if kind in found:
            found[kind].append(ref)
    return found


def recused_refs(by: Person, kind: str) -> list[str]:
    """The refs of one kind that do not exist for this person; `visible_to` leaves them out."""
    subjects = Recusal.objects.filter(person_id=by.pk, subject__startswith=f"{kind}:")
    return [
        subject.partition(":")[2]
        for subject in subjects.order_by("subject").values_list("subject", flat=True)
    ]


def _rows(by: Person, verb: str, held: list[Post]) -> Iterator[tuple[Post | None, Row]]:
    """The rows that give the person this verb, each with the post that carries it."""
    for row in (row for row in TABLE if row.verb == verb):
        if row.role == SIGNED_IN and isinstance(by, Person) and by.pk is not None and by.is_active:
            yield None, row
        for post in held:
            if row.role in {post.role, STAFF}:
                yield post, row


def _reach(post: Post | None, row: Row) -> Reach:
    if row.scope == "all":
        return Reach(everything=True, masked=row.mask)
    if row.scope == "division" and post is not None and post.division is not None:
        return Reach(divisions=post.division.prefixes, masked=row.mask)
    if row.scope == "unit" and post is not None:
        return Reach(organisations=(post.organisation.code,), masked=row.mask)
    return Reach(own=row.scope == "own", assigned=row.scope == "assigned", masked=row.mask)


def _role(by: Person, verb: str, obj: object | None, held: list[Post]) -> str | None:
    """The first role that allows the verb; the post's own role where everyone in office may."""
    if obj is not None and recused(by, str(getattr(obj, "subject", "") or "")):
        return None
    for post, row in _rows(by, verb, held):
        one = _reach(post, row)
        if not one.nothing and (obj is None or _covers(one, by, obj)):
            return post.role if post is not None else row.role
    return None


def _covers(one: Reach, by: Person, obj: object) -> bool:
    if one.own:
        return bool(getattr(obj, "actor", "") == by.actor)
    if one.assigned:
        return by.actor in (getattr(obj, "assigned_to", None) or ())
    return one.covers(getattr(obj, "division_code", None), getattr(obj, "organisation_code", None))
