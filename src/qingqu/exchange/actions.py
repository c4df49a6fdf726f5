"""Files in: received, previewed, committed or discarded, withdrawn. A commit is all or nothing: lake, rows and record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from qingqu.base import refs
from qingqu.base.clock import iso
from qingqu.base.errors import Refusal
from qingqu.base.hooks import snapshot_committed
from qingqu.exchange import committing, failpoints, lake, layouts, marked, misplaced, work
from qingqu.exchange.comparing import Delivery, keys_unreadable
from qingqu.exchange.contracts import Contract, load
from qingqu.exchange.kept import drop as drop_preview
from qingqu.exchange.lake import file_chunks
from qingqu.exchange.layout import Unmapped
from qingqu.exchange.models import (
    COLLECTIVE,
    WITHDRAW_WITHIN,
    DatasetHead,
    Import,
    RememberedLayout,
    Snapshot,
)
from qingqu.exchange.tasks import mark_import_task, preview_import_task
from qingqu.exchange.watched import Watched
from qingqu.exchange.work import Wish, Work
from qingqu.files.actions import keep, place
from qingqu.files.models import StoredFile
from qingqu.ledger.actions import record
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person

__all__ = [
    "COLLECTIVE", "Wish", "commit_import", "department_code", "discard_import", "file_chunks", "forget_layout", "import_file",
    "mark_import", "may_be_whole", "preview_import", "receive_file", "remember_layout", "sender", "senders", "wish_of",
    "withdraw_import",
]  # fmt: skip
RESULT = ("counts", "totals", "columns", "errors", "notes", "question")


@dataclass(frozen=True)
class _Place:
    """What access judges a file by before it has a row."""

    organisation_code: str
    division_code: str | None
    subject: str = ""

    @classmethod
    def of(cls, wish: Wish, organisation: Organisation | None) -> "_Place":
        """The place of a wish whose sender is known, or not."""
        division = organisation.division.code if organisation and organisation.division else None
        return cls(wish.organisation or wish.department, division)


def department_code(contract: Contract, given: str | None) -> str:
    """The department's code from a code or a name; the contract's owner without one. A department that does not owe
    the dataset is refused."""
    if not given:
        return contract.owners[0]
    if given in contract.owners:
        return given
    found = (
        Organisation.objects.filter(code=given).first()
        or Organisation.objects.filter(short_name=given).first()
    )
    if found is None:
        raise Refusal(
            f"没有部门 {given[:40]}；“{contract.title}”由 {'、'.join(contract.owners)} 报送。",
            code="department",
        )
    if found.code in contract.owners or (found.kind == COLLECTIVE and COLLECTIVE in contract.owners):
        return found.code
    raise Refusal(
        f"“{contract.title}”不由{found}报送；报送部门是 {'、'.join(contract.owners)}。", code="department"
    )


def sender(person: Person, contract: Contract) -> tuple[str, str] | None:
    """(department, organisation) under which this person may hand in the dataset; None when they may not. An owner
    that is no department itself counts under `project_owner`."""
    return senders(person, [contract]).get(contract.dataset)


def senders(person: Person, contracts: Iterable[Contract]) -> dict[str, tuple[str, str]]:
    """Dataset → (department, organisation), for those that the person may hand in. Two queries for all of them."""
    reach = access.reach(person, "exchange.import_file")
    collective = Organisation.objects.filter(code__in=reach.organisations, kind=COLLECTIVE).order_by("code")
    own = "" if reach.everything else collective.values_list("code", flat=True).first()
    found = {}
    for contract in contracts:
        mine = next((owner for owner in contract.owners if owner in reach.organisations), None)
        if reach.everything:
            found[contract.dataset] = contract.owners[0], ""
        elif mine is not None:
            found[contract.dataset] = mine, mine
        elif own and COLLECTIVE in contract.owners:
            found[contract.dataset] = COLLECTIVE, own
    return found


def import_file(
    *, path: Path, wish: Wish, by: Person, now: datetime, dry_run: bool = False
) -> dict[str, Any]:
    """Checks and commits one file in one go, for the command line; returns the document of INTERFACES section 2.

    A dry run, and a file with wrong rows unless `accept_good`, writes nothing at all."""
    organisation = _sender_of(wish)
    role = access.require(by, "exchange.import_file", _Place.of(wish, organisation))
    contract = load(wish.dataset)
    known_at = _moment(wish, now)
    sha256 = lake.sha256(path)
    _not_a_copy(wish, sha256, wish.file_name)
    with work.opened(path, contract, wish.file_name, **layouts.said_by(wish)) as found:
        stopped = _stopped(found, wish)
        if dry_run or stopped:
            found.compare(wish, known_at, strangers=_strangers(wish))
            if dry_run:
                return _told(found, wish, sha256, "previewed")
            return _told(found, wish, sha256, "rejected") | _marked(found, path, sha256)
        failpoints.reached("checked")
        with transaction.atomic(durable=True):
            head = committing.lock(contract.dataset)
            delivery = found.compare(wish, known_at, strangers=_strangers(wish))
            if _stopped(found, wish):
                return _told(found, wish, sha256, "rejected") | _marked(found, path, sha256)
            row = _received(work.keep_as_read(path, sha256, now), wish, organisation, by=by, now=now)
            snapshot = _commit_within(found, row, delivery, wish, head, by=by, role=role, now=now)
            failpoints.reached("before-commit")
        failpoints.reached("after-commit")
        return _told(found, wish, sha256, "committed", snapshot, row) | _marked(found, path, sha256)


def receive_file(*, chunks: Iterable[bytes], wish: Wish, by: Person, now: datetime) -> Import:
    """Takes an upload in and has it previewed by the worker."""
    organisation = _sender_of(wish)
    role = access.require(by, "exchange.import_file", _Place.of(wish, organisation))
    load(wish.dataset)
    _moment(wish, now)
    with transaction.atomic(durable=True):
        row = _received(keep(chunks=chunks, now=now), wish, organisation, by=by, now=now)
        record(
            verb="import.received", subject=row.subject, by=by.actor, role=role, facts=_facts(row), now=now,
            correlation=row.ref,
        )  # fmt: skip
        preview_import_task.enqueue(row.ref)
    return row


def preview_import(*, ref: str, now: datetime) -> Import:
    """The worker's look at an upload: counts, totals, wrong cells. Nothing goes into the lake."""
    row = Import.objects.select_related("file", "by", "organisation").get(ref=ref)
    if row.state != Import.RECEIVED:
        return row
    contract = load(row.dataset)
    # For a list that may be whole, the preview looks how many rows that would close; the sender decides at the commit.
    asks = may_be_whole(row, contract) and not row.full
    wish = replace(wish_of(row), full=row.full or asks)
    row.marked = ""
    try:
        _not_a_copy(wish, row.file.sha256)
        with work.opened(
            place(row.file.sha256), contract, **layouts.said_by(wish),
            progress=Watched(row),
        ) as found:  # fmt: skip
            found.compare(wish, row.known_at or now, strangers=_strangers(wish))
            _fill(row, found)
            if asks:
                row.counts |= {"would_close": row.counts["removed"], "removed": 0}
            found.keep(row.ref, row.file.sha256, wish.period)
            row.state = Import.REJECTED if found.checked.rejected else Import.PREVIEWED
            if row.state == Import.REJECTED:
                marked.note(found, place(row.file.sha256), row.ref)
                row.marked = Import.MARK_WAITING
    except Unmapped as error:
        row.state, row.failure, row.question = Import.UNMAPPED, error.sentence[:500], error.question.stored()
    except Refusal as error:
        row.state, row.failure = Import.FAILED, error.sentence[:500]
    with transaction.atomic(durable=True):
        # Two workers may have looked at once: the first one's word stands.
        if Import.objects.filter(pk=row.pk, state=Import.RECEIVED).update(state=row.state):
            row.save(update_fields=[*RESULT, "failure", "marked"])
            if row.marked:
                mark_import_task.enqueue(row.ref)
            record(
                verb="import.previewed", subject=row.subject, by=row.by.actor, role="worker",
                facts=_facts(row, state=row.state), now=now, correlation=row.ref,
            )  # fmt: skip
    return row


def mark_import(*, ref: str) -> Import:
    """The worker's second look at an upload with wrong rows: the sender's own workbook, marked. Adds no fact, so the
    record has no entry of it."""
    row = Import.objects.get(ref=ref)
    if row.marked == Import.MARK_WAITING:
        row.marked = Import.MARK_READY if marked.make_noted(ref) else Import.MARK_FAILED
        row.save(update_fields=["marked"])
    return row


def commit_import(
    *, row: Import, by: Person, now: datetime, accept_good: bool = False, full: bool = False
) -> Import:
    """Makes a previewed upload part of its dataset: every row or, with `accept_good`, the good ones; as the whole list
    with `full`, which closes the rows that are not in it. Of two who commit at once one is told that it is done."""
    role = access.require(by, "exchange.import_file", row)
    contract = load(row.dataset)
    _undecided(row)
    if full and not may_be_whole(row, contract):
        raise Refusal("这份数据不按整份名单报送；请去掉“整份名单”再提交。", code="full")
    row.full = row.full or full
    wish = wish_of(row, accept_good=accept_good)
    with work.opened(
        place(row.file.sha256), contract, **layouts.said_by(wish),
        kept_as=(row.ref, row.file.sha256),
    ) as found:  # fmt: skip
        failpoints.reached("checked")
        with transaction.atomic(durable=True):
            head = committing.lock(contract.dataset)
            _take(row, Import.COMMITTED, by, now)
            delivery = found.compare(
                wish, row.known_at or now, import_ref=row.ref, strangers=_strangers(wish)
            )
            if _stopped(found, wish):
                raise Refusal(
                    f"还有 {found.checked.rejected:,} 行有误，没有提交；请改好后重新上传，或只导入正确的行。",
                    code="wrong_rows",
                )
            _commit_within(found, row, delivery, wish, head, by=by, role=role, now=now)
            failpoints.reached("before-commit")
    failpoints.reached("after-commit")
    drop_preview(row.ref)
    return row


def may_be_whole(row: Import, contract: Contract) -> bool:
    """Whether an upload can be its sender's whole list: of the dataset or, if it is for a month, of that month."""
    one_of_many = row.department == COLLECTIVE
    return contract.roster and not one_of_many and (not row.period or contract.period_field is not None)


def discard_import(*, row: Import, by: Person, now: datetime) -> Import:
    """Puts an upload aside; nothing of it was stored in the lake."""
    role = access.require(by, "exchange.import_file", row)
    with transaction.atomic(durable=True):
        if row.state == Import.FAILED:
            raise Refusal("这份文件没有读成，不用放弃；改好后重新上传即可。", code="out_of_turn")
        _undecided(row)
        _take(row, Import.DISCARDED, by, now)
        record(
            verb="import.discarded", subject=row.subject, by=by.actor, role=role, facts=_facts(row), now=now,
            correlation=row.ref,
        )  # fmt: skip
    drop_preview(row.ref)
    return row


def remember_layout(
    *, row: Import, columns: Mapping[str, str], by: Person, now: datetime
) -> RememberedLayout:
    """Keeps which column of an upload is which field, for this file and for the sender's later ones; the worker then
    looks at the file again. `columns`: column key → field, "" for one that is not used."""
    role = access.require(by, "exchange.remember_layout", row)
    said = layouts.said(row, columns)
    with transaction.atomic(durable=True):
        _take(row, Import.RECEIVED, by, now, before=(Import.UNMAPPED, Import.PREVIEWED, Import.REJECTED))
        kept = layouts.keep(row, said, by=by, now=now)
        facts = {
            "dataset": row.dataset,
            "sender": kept.sender,
            "import": row.ref,
            "columns": layouts.facts(said),
        }
        record(
            verb="layout.remembered",
            subject=kept.subject,
            by=by.actor,
            role=role,
            now=now,
            correlation=row.ref,
            facts=facts,
        )
        preview_import_task.enqueue(row.ref)
    drop_preview(row.ref)
    return kept


def forget_layout(*, layout: RememberedLayout, by: Person, now: datetime) -> RememberedLayout:
    """The sender's next file of this layout is asked about again; what came in by it stays."""
    role = access.require(by, "exchange.forget_layout", layout)
    with transaction.atomic(durable=True):
        layouts.end(layout, now)
        facts = {"dataset": layout.dataset, "sender": layout.sender}
        record(verb="layout.forgotten", subject=layout.subject, by=by.actor, role=role, now=now, facts=facts)
    return layout


def withdraw_import(*, row: Import, by: Person, now: datetime) -> Snapshot | None:
    """Takes a committed import back as one unit, by a new snapshot that puts back what stood before. Only the newest
    import of its department, and only for seven days."""
    role = access.require(by, "exchange.import_file", row)
    contract = load(row.dataset)
    with lake.bench() as made, transaction.atomic(durable=True):
        head = committing.lock(contract.dataset)
        row.refresh_from_db()
        own = list(row.written)
        _withdrawable(row, own, now)
        _take(row, Import.WITHDRAWN, by, now, before=(Import.COMMITTED,))
        snapshot = committing.withdraw(made, contract, head=head, row=row, now=now) if own else None
        record(
            verb="import.withdrawn", subject=row.subject, by=by.actor, role=role,
            facts=_facts(row, **_of_snapshot(snapshot)), now=now, correlation=row.ref,
        )  # fmt: skip
        if snapshot:
            snapshot_committed.send(snapshot=snapshot, by=by, now=now)
    return snapshot


def _marked(found: Work, path: Path, sha256: str) -> dict[str, str | None]:
    """The marked workbook of a file of the command line, named by what it holds."""
    if not found.checked.rejected:
        return {"marked_file": None}
    target = marked.place(f"{found.contract.dataset}-{sha256[:16]}")
    return {"marked_file": str(target) if marked.make(marked.job(found, path.resolve(), target)) else None}


def wish_of(row: Import, *, accept_good: bool = False) -> Wish:
    """The wish that an upload stands for."""
    return Wish(
        row.dataset, row.department, row.file_name, row.period, row.known_at, row.full, accept_good,
        row.organisation_code or "",
    )  # fmt: skip


def _sender_of(wish: Wish) -> Organisation | None:
    code = wish.organisation or wish.department
    return Organisation.objects.select_related("division").filter(code=code).first()


def _moment(wish: Wish, now: datetime) -> datetime:
    if wish.known_at is not None and wish.known_at > now:
        raise Refusal("--known-at 在将来；请写今天或更早的日期。", code="known_at")
    misplaced.refuse_future(wish.period, now)
    if wish.full and wish.department == COLLECTIVE:
        raise Refusal("各业主分别报送，不能用一份文件替换全部业主的名单；请去掉“整份名单”。", code="full")
    return wish.known_at or now


def _not_a_copy(wish: Wish, sha256: str, called: str = "") -> None:
    try:
        misplaced.refuse_copy(
            dataset=wish.dataset, sha256=sha256, department=wish.department, organisation=wish.organisation
        )
    except Refusal as error:
        raise Refusal(f"{called}：{error.sentence}" if called else error.sentence, code=error.code) from error


def _stopped(found: Work, wish: Wish) -> bool:
    """Whether wrong rows keep the file out. A whole roster with a row whose key cannot be read is never half taken:
    nobody knows whom it would close."""
    if not found.checked.rejected:
        return False
    if not wish.accept_good or not found.checked.accepted:
        return True
    if wish.full and keys_unreadable(found.made, found.contract):
        raise Refusal(
            "整份名单里有认不出主键的行，不能只导入正确的行；请先改好这些行。", code="full_unreadable"
        )
    return False


def _strangers(wish: Wish) -> tuple[str, ...]:
    """Imports of other senders under the same collective department: their rows are not this sender's to change."""
    if not wish.organisation or wish.organisation == wish.department:
        return ()
    others = Import.objects.filter(dataset=wish.dataset, department=wish.department, state=Import.COMMITTED)
    others = others.exclude(organisation=None).exclude(organisation__code=wish.organisation)
    return tuple(others.values_list("ref", flat=True))


def _received(
    file: StoredFile, wish: Wish, organisation: Organisation | None, *, by: Person, now: datetime
) -> Import:
    return Import.objects.create(
        ref=refs.next_ref(Import, "I", now.year), dataset=wish.dataset, department=wish.department,
        organisation=organisation, file=file, file_name=wish.file_name, period=wish.period, known_at=wish.known_at,
        full=wish.full, by=by, at=now,
    )  # fmt: skip


def _undecided(row: Import) -> None:
    if not row.open:
        raise Refusal("这份文件已经处理过了；请刷新页面看结果。", code="out_of_turn")


def _withdrawable(row: Import, own: list[Snapshot], now: datetime) -> None:
    if row.state != Import.COMMITTED:
        raise Refusal("这份文件没有提交，不用撤回；请刷新页面看现在的状态。", code="out_of_turn")
    if row.decided_at and now - row.decided_at > WITHDRAW_WITHIN:
        raise Refusal("提交已超过 7 天，不能整份撤回；请重新报送更正后的文件。", code="too_late")
    later = Snapshot.objects.filter(dataset=row.dataset, department=row.department)
    if own and later.filter(sequence__gt=own[-1].sequence).exists():
        raise Refusal(
            "之后本部门又提交过这份数据，不能整份撤回；请重新报送更正后的文件。", code="later_snapshot"
        )


def _take(
    row: Import,
    state: str,
    by: Person,
    now: datetime,
    before: tuple[str, ...] = (Import.PREVIEWED, Import.REJECTED),
) -> None:
    """Moves the import on if nobody else has: the one statement that decides a race."""
    moved = Import.objects.filter(pk=row.pk, state__in=before).update(
        state=state, decided_by=by, decided_at=now
    )
    if not moved:
        raise Refusal("这份文件已经处理过了；请刷新页面看结果。", code="out_of_turn")
    row.state, row.decided_by, row.decided_at = state, by, now


def _commit_within(
    found: Work,
    row: Import,
    delivery: Delivery,
    wish: Wish,
    head: DatasetHead,
    *,
    by: Person,
    role: str,
    now: datetime,
) -> Snapshot | None:
    """Lake, rows, record and hook of a commit; takes part in the caller's transaction. The snapshot, if rows changed."""
    delivery = replace(delivery, import_ref=row.ref)
    counts, snapshot = found.told(), None
    if found.compared.changed:
        snapshot = committing.commit(
            found.made, found.contract, delivery, head=head, row=row, counts=counts, now=now
        )
    row.state, row.accept_good, row.decided_by, row.decided_at = Import.COMMITTED, wish.accept_good, by, now
    _fill(row, found)
    row.save(update_fields=["state", "accept_good", "full", "decided_by", "decided_at", *RESULT])
    moments = {"known_at": iso(delivery.known_at), "recorded_at": iso(now)}
    record(
        verb="import.committed", subject=row.subject, by=by.actor, role=role, now=now, correlation=row.ref,
        facts=_facts(row, full=row.full, **counts, **moments, **_of_snapshot(snapshot)),
    )  # fmt: skip
    if snapshot:
        snapshot_committed.send(snapshot=snapshot, by=by, now=now)
    return snapshot


def _fill(row: Import, found: Work) -> None:
    row.counts, row.totals, row.columns = found.told(), found.totals(), found.columns()
    row.errors, row.notes, row.question = found.errors(), found.notes(), found.question()


def _facts(row: Import, **more: object) -> dict[str, object]:
    """What the record keeps of a file: no name, no cell."""
    return {"dataset": row.dataset, "department": row.department, "sha256": row.file.sha256, **more}


def _of_snapshot(snapshot: Snapshot | None) -> dict[str, object]:
    return {
        "snapshot": snapshot.ref if snapshot else None,
        "manifest_sha256": snapshot.manifest_sha256 if snapshot else None,
    }


def _told(
    found: Work,
    wish: Wish,
    sha256: str,
    state: str,
    snapshot: Snapshot | None = None,
    row: Import | None = None,
) -> dict[str, Any]:
    counts = found.told()
    if state == "rejected":  # nothing was written, so nothing is counted as written
        counts |= {"inserted": 0, "updated": 0, "unchanged": 0, "removed": 0}
    return work.as_json(
        wish, sha256=sha256, counts=counts, totals=found.totals(), errors=found.errors(), notes=found.notes(),
        state=state, snapshot=snapshot.ref if snapshot else None, import_ref=row.ref if row else None,
    )  # fmt: skip
