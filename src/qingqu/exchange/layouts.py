"""What a person says of a header's columns, checked before it is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qingqu.base import refs
from qingqu.base.errors import Refusal
from qingqu.exchange.contracts import load
from qingqu.exchange.models import Import, RememberedLayout
from qingqu.exchange.remembered import signature
from qingqu.exchange.suggesting import Question
from qingqu.exchange.work import Wish
from qingqu.orgs.models import Person


def said(row: Import, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of an upload's question with the field that each is; raises a Refusal for what does not fit: a field
    twice, a required field without a column, a column or field that is unknown."""
    if not row.mappable:
        raise Refusal("这份文件已经处理过了，不能再对应列；请刷新页面看结果。", code="out_of_turn")
    contract = load(row.dataset)
    asked = {one.key: one for one in Question.read(row.question).columns} if row.question else {}
    told = {key: columns.get(key, "") for key in asked}
    if set(columns) - set(asked) or {field for field in told.values() if field} - set(contract.by_name):
        raise Refusal("这些列与文件对不上；请刷新页面后重新对应。", code="columns")
    for name in contract.by_name:
        letters = [f"{asked[key].letter} 列" for key, field in told.items() if field == name]
        if len(letters) > 1:
            raise Refusal(
                f"{'、'.join(letters)}都对应了“{contract.by_name[name].zh}”；请只留一列。", code="field_twice"
            )
        if not letters and contract.by_name[name].required:
            raise Refusal(f"还没有哪一列对应“{contract.by_name[name].zh}”，这一项必须有。", code="required")
    return told


def said_by(wish: Wish) -> dict[str, Any]:
    """What is known of a file beside its bytes, for `work.opened`: the sender, the sender's layouts, the month."""
    sender = wish.organisation or wish.department
    found = RememberedLayout.objects.of(wish.dataset, sender)
    return {"sender": sender, "remembered": found, "period": wish.period}


def keep(row: Import, columns: Mapping[str, str], *, by: Person, now: datetime) -> RememberedLayout:
    """Stores the word for the sender's later files, in the place of an older one about the same header, and readies the
    upload for another look."""
    sender, digest = row.organisation_code or row.department, signature(columns)
    same = RememberedLayout.objects.filter(
        dataset=row.dataset, sender=sender, signature=digest, forgotten_at=None
    )
    same.update(forgotten_at=now)
    Import.objects.filter(pk=row.pk).update(
        failure="", question=None, marked="", decided_by=None, decided_at=None
    )
    return RememberedLayout.objects.create(
        ref=refs.next_ref(RememberedLayout, "L", now.year), dataset=row.dataset, sender=sender,
        organisation=row.organisation, signature=digest, columns=dict(columns), by=by, at=now,
    )  # fmt: skip


def end(layout: RememberedLayout, now: datetime) -> None:
    """The layout is not used any more; raises a Refusal when that has been said already."""
    if not RememberedLayout.objects.filter(pk=layout.pk, forgotten_at=None).update(forgotten_at=now):
        raise Refusal("这个对应已经不再使用；请刷新页面。", code="out_of_turn")
    layout.forgotten_at = now


def facts(columns: Mapping[str, str]) -> dict[str, str]:
    """Column → field as the record keeps it: matched columns only."""
    return {key: field for key, field in columns.items() if field}
