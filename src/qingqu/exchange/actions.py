"""Files in: received, checked, committed. A commit is all or nothing: lake, rows and record together."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from qingqu.base import refs
from qingqu.base.clock import iso
from qingqu.base.errors import Refusal
from qingqu.base.hooks import snapshot_committed
from qingqu.domain.chain.canonical import canonical
from qingqu.exchange import lake
from qingqu.exchange.checking import LISTED_ERRORS, Checked, check_file
from qingqu.exchange.contracts import Contract, load
from qingqu.exchange.models import Dataset, Import, Snapshot
from qingqu.exchange.sources import history
from qingqu.exchange.tasks import check_import_task
from qingqu.files.actions import keep, place
from qingqu.ledger.actions import record
from qingqu.orgs import access
from qingqu.orgs.models import Division, Organisation, Person
from qingqu.reading.spreadsheet import Unreadable


@dataclass(frozen=True)
class Wish:
    """How a file is to be taken. `known_at`: the moment from which its rows count as known."""

    dataset: str
    department: str
    file_name: str
    period: str
    known_at: datetime
    full: bool = False
    accept_good: bool = False


class _Place:
    """What access judges an import by."""

    def __init__(self, department: str) -> None:
        self.organisation_code = department
        self.division_code = None
        self.subject = ""


def department_code(contract: Contract, given: str | None) -> str:
    """The department's code from a code or a name; the contract's owner without one."""
    if not given:
        return contract.owners[0]
    found = Organisation.objects.filter(code=given) | Organisation.objects.filter(short_name=given)
    organisation = found.first()
    if organisation is not None:
        return organisation.code
    if given in contract.owners:
        return given
    raise Refusal(f"没有部门 {given[:40]}；请用部门代码，如 {contract.owners[0]}。", code="department")


def file_chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes in pieces of one MiB."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def import_file(
    *, path: Path, wish: Wish, by: Person, now: datetime, dry_run: bool = False
) -> dict[str, Any]:
    """Checks and commits one file in one go; returns the result that the command line prints. A dry run writes
    nothing at all."""
    role = access.require(by, "exchange.import_file", _Place(wish.department))
    contract = load(wish.dataset)
    if wish.known_at > now:
        raise Refusal("known-at 在将来，请改成今天或更早的日期。", code="known_at")
    checked = _checked(path, wish, contract)
    sha256 = _sha256(path)
    if dry_run or (checked.wrong and not wish.accept_good):
        return _result(checked, contract, wish, sha256, _compared(checked, contract, wish))
    with transaction.atomic(durable=True):
        stored = keep(chunks=file_chunks(path), now=now)
        row = Import.objects.create(
            ref=refs.next_ref(Import, "I", now.year), dataset=wish.dataset, department=wish.department, file=stored,
            file_name=wish.file_name, period=wish.period, full=wish.full, state="committed", by=by, at=now,
        )  # fmt: skip
        return _commit_within(row, checked, contract, wish, by=by, role=role, now=now)


def receive_file(*, chunks: Iterable[bytes], wish: Wish, by: Person, now: datetime) -> Import:
    """Takes an upload in and has it checked by the worker."""
    role = access.require(by, "exchange.import_file", _Place(wish.department))
    load(wish.dataset)
    with transaction.atomic(durable=True):
        stored = keep(chunks=chunks, now=now)
        row = Import.objects.create(
            ref=refs.next_ref(Import, "I", now.year), dataset=wish.dataset, department=wish.department, file=stored,
            file_name=wish.file_name, period=wish.period, full=wish.full, state="received", by=by, at=now,
        )  # fmt: skip
        record(
            verb="import.received", subject=row.subject, by=by.actor, role=role,
            facts={"dataset": wish.dataset, "department": wish.department, "sha256": stored.sha256}, now=now,
        )  # fmt: skip
        check_import_task.enqueue(row.ref)
    return row


def wish_of(row: Import, now: datetime, *, accept_good: bool = False) -> Wish:
    """The wish that an upload stands for."""
    return Wish(row.dataset, row.department, row.file_name, row.period, now, row.full, accept_good)


def check_import(*, ref: str, now: datetime) -> None:
    """The worker's check of an upload: fills `result`, writes nothing into the lake."""
    row = Import.objects.select_related("file", "by").get(ref=ref)
    if row.state != "received":
        return
    contract = load(row.dataset)
    wish = wish_of(row, now)
    try:
        checked = _checked(place(row.file.sha256), wish, contract)
        row.result = _result(checked, contract, wish, row.file.sha256, _compared(checked, contract, wish))
        row.state = "checked"
    except Refusal as error:
        row.state, row.failure = "failed", error.sentence
    with transaction.atomic(durable=True):
        row.save(update_fields=["result", "state", "failure"])
        record(
            verb="import.checked", subject=row.subject, by=row.by.actor, role="worker", facts={"state": row.state},
            now=now,
        )  # fmt: skip


def commit_import(*, row: Import, by: Person, now: datetime, accept_good: bool = False) -> Import:
    """Makes a checked upload part of its dataset, with every row or, if wanted, the good ones."""
    role = access.require(by, "exchange.import_file", row)
    with transaction.atomic(durable=True):
        row = Import.objects.select_for_update().select_related("file").get(pk=row.pk)
        if row.state != "checked":
            raise Refusal("这份文件已经处理过了，请刷新页面看结果。", code="out_of_turn")
        contract = load(row.dataset)
        wish = wish_of(row, now, accept_good=accept_good)
        checked = _checked(place(row.file.sha256), wish, contract)
        if checked.wrong and not accept_good:
            raise Refusal(f"还有 {len(checked.wrong)} 行有误，请改好后重新上传。", code="wrong_rows")
        _commit_within(row, checked, contract, wish, by=by, role=role, now=now)
    return row


def discard_import(*, row: Import, by: Person, now: datetime) -> Import:
    """Puts an upload aside; nothing of it was stored."""
    role = access.require(by, "exchange.import_file", row)
    with transaction.atomic(durable=True):
        row = Import.objects.select_for_update().get(pk=row.pk)
        if row.state not in {"checked", "failed"}:
            raise Refusal("这份文件已经处理过了，请刷新页面看结果。", code="out_of_turn")
        row.state = "discarded"
        row.save(update_fields=["state"])
        record(verb="import.discarded", subject=row.subject, by=by.actor, role=role, facts={}, now=now)
    return row


def _checked(path: Path, wish: Wish, contract: Contract) -> Checked:
    try:
        return check_file(path, wish.file_name, contract)
    except Unreadable as error:
        raise Refusal(str(error), code="unreadable") from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in file_chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _compared(checked: Checked, contract: Contract, wish: Wish) -> lake.Comparison:
    origin = lake.Origin(wish.department, "", wish.file_name, wish.known_at)
    with lake.Staging(contract, origin, history(wish.dataset, wish.known_at)) as staging:
        staging.load(checked.rows, checked.places)
        return staging.compare(full=wish.full, period=wish.period)


def _commit_within(
    row: Import, checked: Checked, contract: Contract, wish: Wish, *, by: Person, role: str, now: datetime
) -> dict[str, Any]:
    Dataset.objects.get_or_create(name=wish.dataset)
    Dataset.objects.select_for_update().get(name=wish.dataset)  # one commit a dataset at a time
    origin = lake.Origin(wish.department, row.ref, wish.file_name, wish.known_at)
    snapshot = None
    with lake.Staging(contract, origin, history(wish.dataset, wish.known_at)) as staging:
        staging.load(checked.rows, checked.places)
        compared = staging.compare(full=wish.full, period=wish.period)
        result = _result(checked, contract, wish, row.file.sha256, compared)
        if "division_code" in contract.schema:
            codes = staging.distinct("division_code")
            known = set(Division.objects.filter(code__in=codes).values_list("code", flat=True))
            result["unmatched_divisions"] = len(set(codes) - known)
        if compared.changed:
            snapshot = _snapshot(staging, checked, row, wish, result, now)
            result["snapshot"] = snapshot.ref
    row.state, row.result = "committed", result
    row.save(update_fields=["state", "result"])
    facts = {
        name: result[name]
        for name in ("rows", "accepted", "rejected", "inserted", "updated", "unchanged", "removed")
    }
    record(
        verb="import.committed", subject=row.subject, by=by.actor, role=role, now=now,
        facts={"dataset": wish.dataset, "department": wish.department, "sha256": row.file.sha256,
               "snapshot": snapshot.ref if snapshot else None, "known_at": iso(wish.known_at),
               "manifest_sha256": snapshot.manifest_sha256 if snapshot else None, **facts},
    )  # fmt: skip
    if snapshot:
        snapshot_committed.send(snapshot=snapshot, by=by, now=now)
    return result


def _snapshot(
    staging: lake.Staging, checked: Checked, row: Import, wish: Wish, result: Mapping[str, Any], now: datetime
) -> Snapshot:
    last = Snapshot.objects.filter(dataset=wish.dataset).order_by("-sequence").first()
    sequence = last.sequence + 1 if last else 1
    ref = f"{wish.dataset}-{sequence:06d}"
    told = {
        "dataset": wish.dataset, "department": wish.department, "import": row.ref, "period": wish.period,
        "file": {"name": wish.file_name, "sha256": row.file.sha256, "size": row.file.size},
        "counts": {name: result[name] for name in ("inserted", "updated", "unchanged", "removed")},
        "known_at": iso(wish.known_at), "recorded_at": iso(now), "parent": last.ref if last else None,
    }  # fmt: skip
    manifest = staging.write(ref, checked.raw, told, history(wish.dataset))
    return Snapshot.objects.create(
        ref=ref, dataset=wish.dataset, sequence=sequence, department=wish.department, import_row=row,
        known_at=wish.known_at, recorded_at=now, period=wish.period, manifest=manifest,
        manifest_sha256=hashlib.sha256(canonical(manifest)).hexdigest(),
    )  # fmt: skip


def _result(
    checked: Checked, contract: Contract, wish: Wish, sha256: str, compared: lake.Comparison
) -> dict[str, Any]:
    return {
        "dataset": wish.dataset, "file": wish.file_name, "sha256": sha256, "rows": checked.total,
        "accepted": len(checked.rows), "rejected": len(checked.wrong), "inserted": compared.inserted,
        "updated": compared.updated, "unchanged": compared.unchanged, "removed": compared.removed,
        "totals": checked.totals(contract), "snapshot": None, "errors": checked.errors[:LISTED_ERRORS],
        "marked_file": None, "notes": checked.notes,
    }  # fmt: skip
