"""Writes about people and places; each one transaction and one entry in the record."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qingqu.base import refs
from qingqu.base.errors import Refusal
from qingqu.ledger.actions import record
from qingqu.orgs import access
from qingqu.orgs.models import Division, Organisation, Person, Post, Recusal

GROUNDS = ("respondent", "kin", "interest", "witness", "other")
LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}


def system_operator() -> Person:
    """Who acts on the server's command line; has no password and cannot sign in."""
    return Person.objects.get(username="system")


@dataclass(frozen=True)
class DivisionRow:
    """One line of an official list."""

    code: str
    name: str
    rural_class: str = ""


def load_divisions(*, rows: list[DivisionRow], source: str, by: Person, now: datetime) -> dict[str, int]:
    """Takes an official list, all or nothing; the same list again changes nothing. `source`: the file's SHA-256."""
    role = access.require(by, "orgs.load_divisions")
    codes = {row.code for row in rows}
    if len(codes) != len(rows):
        raise Refusal("名单里有重复的代码，请去掉重复行后重试。", code="duplicate_code")
    counts = {"rows": len(rows), "inserted": 0, "updated": 0, "unchanged": 0}
    with transaction.atomic(durable=True):
        known = {division.code: division for division in Division.objects.all()}
        for digits in sorted(LEVELS):  # parents before children
            level = [row for row in rows if len(access.subtree(row.code)) == digits]
            fresh = [_division(row, digits, known, now.date()) for row in level if row.code not in known]
            Division.objects.bulk_create(fresh, batch_size=2000)
            known |= {division.code: division for division in fresh}
            counts["inserted"] += len(fresh)
            for row in level:
                division = known[row.code]
                if (division.name, division.rural_class) != (row.name, row.rural_class):
                    division.name, division.rural_class = row.name, row.rural_class
                    division.save(update_fields=["name", "rural_class"])
                    counts["updated"] += 1
        counts["unchanged"] = counts["rows"] - counts["inserted"] - counts["updated"]
        record(
            verb="division.loaded", subject=f"divisions:{source[:16]}", by=by.actor, role=role,
            facts={"sha256": source, **counts}, now=now,
        )  # fmt: skip
    return counts


def _division(row: DivisionRow, digits: int, known: dict[str, Division], today: date) -> Division:
    prefixes = [row.code[:shorter] for shorter in sorted(LEVELS, reverse=True) if shorter < digits]
    parent = next(
        (known[prefix.ljust(12, "0")] for prefix in prefixes if prefix.ljust(12, "0") in known), None
    )
    return Division(
        code=row.code, name=row.name, rural_class=row.rural_class, level=LEVELS[digits], parent=parent,
        valid_from=today,
    )  # fmt: skip


def add_organisation(
    *, code: str, name: str, kind: str, by: Person, now: datetime, short_name: str = "",
    division: Division | None = None, credit_code: str = "",
) -> Organisation:  # fmt: skip
    """A new organisation."""
    role = access.require(by, "orgs.appoint")
    with transaction.atomic(durable=True):
        organisation = Organisation.objects.create(
            code=code, name=name, kind=kind, short_name=short_name, division=division, credit_code=credit_code
        )
        record(
            verb="organisation.added", subject=f"organisation:{code}", by=by.actor, role=role,
            facts={"name": name, "kind": kind, "division": division.code if division else None}, now=now,
        )  # fmt: skip
    return organisation


def add_person(*, username: str, name: str, password: str | None, by: Person, now: datetime) -> Person:
    """A new account; without a password nobody can sign in with it."""
    role = access.require(by, "orgs.appoint")
    if Person.objects.filter(username=username).exists():
        raise Refusal(f"用户名 {username} 已有人用，请换一个。", code="username_taken")
    with transaction.atomic(durable=True):
        person = Person(username=username, name=name, ref=refs.next_ref(Person, "P", now.year))
        person.set_password(password)
        person.save()
        record(
            verb="person.added", subject=person.actor, by=by.actor, role=role,
            facts={"name": name, "username": username}, now=now,
        )  # fmt: skip
    return person


def give_post(
    *, person: Person, organisation: Organisation, role: str, by: Person, now: datetime, valid_from: date,
    division: Division | None = None, title: str = "",
) -> Post:  # fmt: skip
    """A post from a day on; what the person sees follows at once."""
    own_role = access.require(by, "orgs.appoint")
    with transaction.atomic(durable=True):
        post = Post.objects.create(
            person=person,
            organisation=organisation,
            division=division,
            role=role,
            title=title,
            valid_from=valid_from,
        )
        record(
            verb="post.given", subject=person.actor, by=by.actor, role=own_role,
            facts={"organisation": organisation.code, "role": role, "division": division.code if division else None,
                   "from": valid_from.isoformat()}, now=now,
        )  # fmt: skip
    return post


def end_post(*, post: Post, last_day: date, by: Person, now: datetime) -> None:
    """The post ends after `last_day`."""
    role = access.require(by, "orgs.appoint")
    if last_day < post.valid_from:
        raise Refusal("离任日期早于任职日期，请改正。", code="post_dates")
    with transaction.atomic(durable=True):
        post.valid_to = last_day
        post.save(update_fields=["valid_to"])
        record(
            verb="post.ended", subject=post.person.actor, by=by.actor, role=role,
            facts={"organisation": post.organisation.code, "role": post.role, "to": last_day.isoformat()}, now=now,
        )  # fmt: skip


def declare_recusal(*, subject: str, ground: str, by: Person, now: datetime) -> Recusal:
    """Steps back from a subject: from now on it does not exist for this person."""
    role = access.require(by, "orgs.declare_recusal")
    if ground not in GROUNDS:
        raise Refusal("请选择回避的理由。", code="ground")
    with transaction.atomic(durable=True):
        if Recusal.objects.filter(person=by, subject=subject).exists():
            raise Refusal("您已对这一事项回避，不必再报。", code="recused")
        recusal = Recusal.objects.create(
            person=by, subject=subject, ground=ground, raised_by=by, raised_at=now
        )
        record(
            verb="recusal.declared",
            subject=subject,
            by=by.actor,
            role=role,
            facts={"ground": ground},
            now=now,
        )
    return recusal
