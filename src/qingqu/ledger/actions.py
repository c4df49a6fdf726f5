"""Writing to the record: `record` inside the act's own transaction, lawful erasure, checkpoints.

The ledger lies below people and permissions: who may erase is judged by the caller (`access.require`), and the
role that allowed it is passed on. A checkpoint is about the log itself and writes no entry of its own."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from qingqu.base.clock import iso
from qingqu.base.errors import Refusal
from qingqu.domain.chain import merkle, note
from qingqu.domain.chain.canonical import canonical
from qingqu.domain.chain.commitment import SALT_BYTES, commit
from qingqu.ledger import envelope, keys
from qingqu.ledger.durable import write_over
from qingqu.ledger.models import LOGS, Checkpoint, Content, Entry, Erasure, Log

ERASED = "ledger.content_erased"


class NothingToErase(Refusal):
    """The entry has no content (any more)."""


def record(
    *,
    verb: str,
    subject: str,
    by: str,
    role: str,
    facts: Mapping[str, object],
    now: datetime,
    log: str = "inner",
    correlation: str = "",
) -> Entry:
    """Appends one entry inside the caller's transaction and returns it (`log`, `index`, `ref`).

    `by` is `person:<ref>`; like the facts (text, whole numbers, booleans, lists, mappings; money and dates as text)
    it stays out of the leaf, which carries a salted commitment of both. The heads of the logs are locked until the
    transaction ends, so indices have no gaps: call it last. Four queries."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() takes part in the transaction of the act that it records")
    if log not in LOGS or now.tzinfo is None:
        raise ValueError("log is open or inner, now is an aware datetime")
    envelope.check_words(verb=verb, subject=subject, by=by, role=role, correlation=correlation)
    if log == "open":
        envelope.check_open(facts)
    content, salt = envelope.content_bytes(by, facts), secrets.token_bytes(SALT_BYTES)
    heads = _locked_heads()
    key = keys.signing_key(may_create=not any(head.size for head in heads.values()))
    index, at = heads[log].size, iso(now)
    words = {"log": log, "index": index, "at": at, "verb": verb, "subject": subject}
    leaf = envelope.leaf_bytes(words, role=role, correlation=correlation, commit=commit(salt, content))
    hashed = merkle.leaf_hash(leaf)
    frontier, nodes = frontier_of(heads[log]).append(hashed)
    grown = {"leaf_hash": hashed.hex(), "root": frontier.root().hex(), "nodes": hex_list(nodes)}
    entry = Entry.objects.create(**words, leaf=leaf.decode(), **grown)
    Content.objects.create(log=log, index=index, salt=salt.hex(), actor=by, facts=canonical(facts).decode())
    signed = note.sign(note.Checkpoint(keys.origin(log), frontier.size, frontier.root()), key)
    Log.objects.filter(name=log).update(
        size=frontier.size, frontier=hex_list(frontier.peaks), head_note=signed
    )
    return entry


def erase(*, entry: Entry, by: str, role: str, reason: str, now: datetime) -> Entry:
    """Lawful deletion: removes an entry's facts, actor and salt for good and returns the entry that says so."""
    with transaction.atomic(durable=True):
        return erase_within(entry=entry, by=by, role=role, reason=reason, now=now)


def erase_within(
    *, entry: Entry, by: str, role: str, reason: str, now: datetime, correlation: str = ""
) -> Entry:
    """The step of `erase` for an action that erases as part of its own transaction."""
    if not reason.strip():
        raise Refusal("请写明删除的依据，例如法条或文号。", code="reason_missing")
    here = {"log": entry.log, "index": entry.index}
    if not Content.objects.filter(**here).exists():
        raise NothingToErase(f"{entry.ref} 的内容已经删除或不存在，无需再删；请核对编号。", code="no_content")
    said = record(
        verb=ERASED,
        subject=erased_subject(entry.log, entry.index),
        by=by,
        role=role,
        facts={"log": entry.log, "index": entry.index, "reason": reason.strip()},
        now=now,
        correlation=correlation,
    )
    Erasure.objects.create(**here, recorded_index=said.index, at=said.at)
    Content.objects.filter(**here).delete()
    return said


def checkpoint(*, now: datetime) -> list[Checkpoint]:
    """Keeps the head of each log that has grown, with the time signed, and publishes it as a file.

    The file is written after the commit (a head that is rolled back must never leave the house) and again by the
    next call if a crash came between. Returns the new checkpoints."""
    made = []
    with transaction.atomic(durable=True):
        for name, head in _locked_heads().items():
            if head.size and not Checkpoint.objects.filter(log=name, size=head.size).exists():
                made.append(_checkpoint(head, now))
    for name in LOGS:
        newest = Checkpoint.objects.filter(log=name).order_by("-size").first()
        path = checkpoint_file(name)
        if newest and not (path.exists() and path.read_bytes() == newest.note.encode()):
            write_over(path, newest.note.encode())
    return made


def checkpoint_file(log: str) -> Path:
    """Where a log's newest checkpoint is published, for people and machines to carry away."""
    return Path(settings.QINGQU_HOME) / "checkpoints" / f"{log}.txt"


def erased_subject(log: str, index: int) -> str:
    """The subject of the entry that records an erasure."""
    return f"entry:{log}.{index}"


def frontier_of(head: Log) -> merkle.Frontier:
    """The growing edge of a log's tree as its head keeps it."""
    return merkle.Frontier(head.size, tuple(bytes.fromhex(peak) for peak in head.frontier.split()))


def hex_list(hashes: tuple[bytes, ...]) -> str:
    """Hashes as one text, hex, separated by single spaces."""
    return " ".join(item.hex() for item in hashes)


def _checkpoint(head: Log, now: datetime) -> Checkpoint:
    key = keys.signing_key(may_create=False)
    keys.publish_vkey()
    point = note.Checkpoint(keys.origin(head.name), head.size, frontier_of(head).root())
    try:
        agrees = note.verify(head.head_note, keys.verifier(head.name)) == point
    except note.NoteError:
        agrees = False
    if not agrees:
        raise Refusal(
            f"账本 {head.name} 的表头与签名不符，不能签发检查点；请运行 qingqu ledger verify 查明。",
            code="ledger_head_changed",
        )
    signed = note.sign(point, key, time=int(now.timestamp()))
    return Checkpoint.objects.create(
        log=head.name, size=point.size, root=point.root.hex(), note=signed, at=iso(now)
    )


def _locked_heads() -> dict[str, Log]:
    """Both heads, locked in one order, so that two transactions which write to both logs never wait in a circle."""
    heads = {head.name: head for head in Log.objects.select_for_update().order_by("name")}
    if len(heads) != len(LOGS):
        raise Refusal(
            "账本的表头不全，不能记账；请运行 qingqu ledger verify 查明。", code="ledger_head_missing"
        )
    return heads
