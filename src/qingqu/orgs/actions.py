"""Writes about people and places; each one transaction and one entry in the record.

Facts name people by their ref and places by their code. A person's name stands in the entry that adds them, in the
part that can lawfully be erased."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qingqu.base import refs
from qingqu.base.errors import Refusal
from qingqu.ledger.actions import record
from qingqu.orgs import access, division_tree, loading
from qingqu.orgs.division_list import DivisionRow
from qingqu.orgs.models import Division, DivisionChange, Organisation, Person, Post, Recusal
from qingqu.orgs.rights import ADMINISTRATORS, POST_ROLES

__all__ = [
    "DivisionRow", "add_organisation", "add_person", "change_division", "deactivate_person", "declare_recusal",
    "end_post", "give_post", "load_divisions", "system_operator",
]  # fmt: skip

SYSTEM = "system"


def system_operator() -> Person:
    """Who acts on the server's command line; has no password and cannot sign in."""
    return Person.objects.get(username=SYSTEM)


def load_divisions(
    *, rows: Sequence[DivisionRow], source: str, by: Person, now: datetime, replaces: bool = False
) -> dict[str, int]:
    """Takes an official list, all or nothing; the same list again changes nothing. `source`: the file's SHA-256.

    A code that the list no longer names stays; with `replaces` (the list is the whole of its area) its validity ends
    on the day before. Returns counts: rows, inserted, updated, unchanged, closed."""
    role = access.require(by, "orgs.load_divisions")
    listed = division_tree.checked(rows)
    with transaction.atomic(durable=True):
        known = loading.stored()
        found = loading.difference(listed, known, replaces=replaces)
        loading.write(found, known, now.date())
        counts = {
            "rows": len(listed), "inserted": len(found.fresh), "updated": len(found.changed),
            "unchanged": len(listed) - len(found.fresh) - len(found.changed), "closed": len(found.closing),
        }  # fmt: skip
        record(
            verb="division.loaded", subject=f"divisions:{source[:16]}", by=by.actor, role=role,
            facts={"sha256": source, **counts}, now=now,
        )  # fmt: skip
    return counts


def change_division(
    *, predecessor: Division, successor: Division, kind: str, day: date, by: Person, now: datetime
) -> DivisionChange:
    """Notes that a division became (part of) another on a day: `merge`, `split`, or `rename` with a new code. The old
    code ends on the day before and keeps everything that was ever keyed to it."""
    role = access.require(by, "orgs.load_divisions")
    if kind not in DivisionChange.KINDS or predecessor.pk == successor.pk:
        raise Refusal(
            "区划变更要写明合并、拆分或更名，且前后不能是同一个代码，请改正。", code="division_change"
        )
    with transaction.atomic(durable=True):
        change, fresh = DivisionChange.objects.get_or_create(
            predecessor=predecessor, successor=successor, defaults={"date": day, "kind": kind}
        )
        if not fresh:
            raise Refusal(
                f"{predecessor.code} 变更为 {successor.code} 已登记过，不必再记。", code="division_change"
            )
        loading.close([predecessor.code], day - timedelta(days=1))
        record(
            verb="division.changed", subject=f"division:{predecessor.code}", by=by.actor, role=role,
            facts={"successor": successor.code, "kind": kind, "day": day.isoformat()}, now=now,
        )  # fmt: skip
    return change


def add_organisation(
    *, code: str, name: str, kind: str, by: Person, now: datetime, short_name: str = "",
    division: Division | None = None, credit_code: str = "", superior: Organisation | None = None,
) -> Organisation:  # fmt: skip
    """A new organisation. `code`: lower-case letters, digits and underscores."""
    role = access.require(by, "orgs.add_organisation")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", code, re.ASCII):
        raise Refusal("单位代码只能用小写字母、数字和下划线，以字母开头，请改正。", code="organisation_code")
    if not 0 < len(name.strip()) <= 120:
        raise Refusal("请填写单位名称，最长 120 个字。", code="organisation_name")
    with transaction.atomic(durable=True):
        if Organisation.objects.filter(code=code).exists():
            raise Refusal(f"单位代码 {code} 已有单位在用，请换一个。", code="organisation_taken")
        organisation = Organisation.objects.create(
            code=code, name=name.strip(), kind=kind, short_name=short_name, division=division,
            credit_code=credit_code, superior=superior,
        )  # fmt: skip
        record(
            verb="organisation.added", subject=f"organisation:{code}", by=by.actor, role=role,
            facts={"name": name, "kind": kind, "division": division.code if division else None}, now=now,
        )  # fmt: skip
    return organisation


def add_person(*, username: str, name: str, password: str | None, by: Person, now: datetime) -> Person:
    """A new account; without a password nobody can sign in with it. What it may see comes with posts."""
    role = access.require(by, "orgs.add_person")
    username, name = Person.normalize_username(username.strip()), name.strip()
    if not re.fullmatch(r"[\w.@+-]{1,150}", username) or re.search(r"\d{15}", username):
        raise Refusal("用户名只能用字母、数字和 @ . + - _，不能是证件号码，请改正。", code="username")
    if not 0 < len(name) <= 60:
        raise Refusal("请填写姓名，最长 60 个字。", code="person_name")
    person = Person(username=username, name=name)
    if password is not None:
        _check_password(password, person)
    with transaction.atomic(durable=True):
        if Person.objects.filter(username__iexact=username).exists():
            raise Refusal(f"用户名 {username} 已有人用，请换一个。", code="username_taken")
        person.ref = refs.next_ref(Person, "P", now.year)
        person.set_password(password)
        person.save()
        record(
            verb="person.added", subject=person.actor, by=by.actor, role=role,
            facts={"name": name, "username": username}, now=now,
        )  # fmt: skip
    return person


def deactivate_person(*, person: Person, by: Person, now: datetime) -> Person:
    """Switches an account off: its next request is refused, its posts and its traces stay."""
    role = access.require(by, "orgs.deactivate_person")
    if person.username == SYSTEM or person.pk == by.pk:
        raise Refusal("系统账号和自己的账号不能停用，请由另一位系统管理员操作。", code="account_kept")
    with transaction.atomic(durable=True):
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            raise Refusal("这个账号已经停用，不必再停。", code="account_off")
        person.is_active = False
        person.save(update_fields=["is_active"])
        record(verb="person.deactivated", subject=person.actor, by=by.actor, role=role, facts={}, now=now)
    return person


def give_post(
    *, person: Person, organisation: Organisation, role: str, by: Person, now: datetime, valid_from: date,
    division: Division | None = None, title: str = "",
) -> Post:  # fmt: skip
    """A post from a day on, for an area (none: nothing that goes by area). What the person sees follows at once.

    Nobody appoints themselves, and administrators (system, security, audit) hold no other post beside."""
    own_role = access.require(by, "orgs.give_post")
    if role not in POST_ROLES:
        raise Refusal(f"没有“{role[:40]}”这个岗位角色，请从权限表里选择。", code="role")
    if person.pk == by.pk:
        raise Refusal("不能给自己授予岗位，请由另一位安全管理员操作。", code="own_post")
    with transaction.atomic(durable=True):
        Person.objects.select_for_update().get(pk=person.pk)  # two posts given at once must see each other
        held = Post.objects.filter(person=person).exclude(valid_to__lt=valid_from)
        if held.filter(organisation=organisation, role=role, division=division).exists():
            raise Refusal("这个人已在任这个岗位，不必再授。", code="post_held")
        _check_roles(set(held.values_list("role", flat=True)), role)
        post = Post.objects.create(
            person=person, organisation=organisation, division=division, role=role, title=title,
            valid_from=valid_from,
        )  # fmt: skip
        record(
            verb="post.given", subject=person.actor, by=by.actor, role=own_role,
            facts={"organisation": organisation.code, "role": role, "division": division.code if division else None,
                   "from": valid_from.isoformat()}, now=now,
        )  # fmt: skip
    return post


def end_post(*, post: Post, last_day: date, by: Person, now: datetime) -> Post:
    """The post ends after `last_day`. A post that has ended is not prolonged: that is a new post."""
    role = access.require(by, "orgs.end_post")
    with transaction.atomic(durable=True):
        post = Post.objects.select_for_update().get(pk=post.pk)
        if last_day < post.valid_from:
            raise Refusal("离任日期早于任职日期，请改正。", code="post_dates")
        if post.valid_to is not None and post.valid_to <= last_day:
            raise Refusal("这个岗位在此之前已经结束，不必再改。", code="post_ended")
        post.valid_to = last_day
        post.save(update_fields=["valid_to"])
        record(
            verb="post.ended", subject=post.person.actor, by=by.actor, role=role,
            facts={"organisation": post.organisation.code, "role": post.role, "to": last_day.isoformat()}, now=now,
        )  # fmt: skip
    return post


def declare_recusal(*, subject: str, ground: str, by: Person, now: datetime, note: str = "") -> Recusal:
    """Steps back from a subject (`kind:ref`): from now on it does not exist for this person."""
    role = access.require(by, "orgs.declare_recusal")
    if not re.fullmatch(r"[a-z_]{1,30}:[A-Za-z0-9_.+-]{1,80}", subject, re.ASCII):
        raise Refusal("请填写事项的编号，只用字母、数字和 _.+-，例如 W-2026-0001。", code="subject")
    if ground not in Recusal.GROUNDS:
        raise Refusal("请选择回避的理由。", code="ground")
    if len(note) > 200:
        raise Refusal("说明最长 200 个字，请缩短。", code="note")
    with transaction.atomic(durable=True):
        recusal, fresh = Recusal.objects.get_or_create(
            person=by, subject=subject,
            defaults={"ground": ground, "raised_by": by, "raised_at": now, "note": note},
        )  # fmt: skip
        if not fresh:
            raise Refusal("您已对这一事项回避，不必再报。", code="recused")
        record(
            verb="recusal.declared",
            subject=subject,
            by=by.actor,
            role=role,
            facts={"ground": ground},
            now=now,
        )
    return recusal


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal("密码太短或太常见，请换一个至少 10 个字符的密码。", code="password") from error


def _check_roles(held: set[str], role: str) -> None:
    """Refuses roles that one person may not hold together (handbook 1.5 invariant i; facts, 6)."""
    together = held | {role}
    if together & ADMINISTRATORS and len(together) > 1:
        raise Refusal("系统、安全、审计三类管理员不能兼任其他岗位，请先结束原岗位。", code="roles_apart")
    if "vsc_member" in together and together & {"village_lead", "village_operator"}:
        raise Refusal("村务监督委员会成员不能兼任村干部或报账员，请先结束原岗位。", code="roles_apart")
