"""Proofs for people who trust nobody: what `ledger prove` prints and `tests/ledger_verifier.py` checks without us."""

import re
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from qingqu.base.errors import Refusal
from qingqu.domain.chain import merkle, note
from qingqu.domain.chain.canonical import parse
from qingqu.ledger import keys
from qingqu.ledger.models import LOGS, Content, Entry, Log

_PLACE = re.compile(r"([a-z]{1,20})/(0|[1-9][0-9]{0,17})", re.ASCII)


class NotInLedger(Refusal):
    """Nothing is recorded under the reference that was given."""


class Damaged(Refusal):
    """The stored rows give no proof that holds: the ledger was changed."""


def prove(ref: str) -> dict[str, Any]:
    """That an entry stands in the log as it was signed: the entry `log/index`, or the newest about `kind:ref`.

    Hashes are hex, the checkpoint is the signed note of the newest head, `entries` names every entry about the same
    subject, oldest first. `content` (with the salt that opens the commitment) is null after a lawful erasure.
    About log₂(size) rows are read, however long the log is."""
    entry = _entry(ref)
    try:
        head, path, key = _path(entry)
        signed = note.verify(head.head_note, key)
        leaf = merkle.leaf_hash(entry.leaf.encode())
        whole = merkle.verify_inclusion(leaf, entry.index, signed.size, path, signed.root)
    except (ObjectDoesNotExist, LookupError, ValueError):
        whole = False
    if not whole:
        raise Damaged(
            f"{entry.ref} 与账本的签名对不上，无法出具证明；请运行 qingqu ledger verify 查明。",
            code="ledger_damaged",
        )
    content = Content.objects.filter(log=entry.log, index=entry.index).first()
    return {
        "log": entry.log,
        "index": entry.index,
        "size": head.size,
        "leaf": entry.leaf,
        "leaf_hash": entry.leaf_hash,
        "proof": [part.hex() for part in path],
        "root": signed.root.hex(),
        "checkpoint": head.head_note,
        "vkey": key.text(),
        "content": {"actor": content.actor, "facts": parse(content.facts)} if content else None,
        "salt": content.salt if content else None,
        "entries": [each.ref for each in Entry.objects.about(entry.subject).only("log", "index")],
    }


def _path(entry: Entry) -> tuple[Log, list[bytes], note.VerifierKey]:
    head = Log.objects.get(name=entry.log)
    plan = merkle.inclusion_plan(entry.index, head.size)
    nodes = _nodes(entry.log, [node for part in plan for node in part])
    return head, merkle.proof(plan, nodes.__getitem__), keys.verifier(entry.log)


def consistency(log: str, old: int, new: int) -> list[bytes]:
    """The proof that the log of `new` entries begins with the log of `old` entries, for witnesses (RFC 9162)."""
    plan = merkle.consistency_plan(old, new)
    return merkle.proof(plan, _nodes(log, [node for part in plan for node in part]).__getitem__)


def _entry(ref: str) -> Entry:
    place = _PLACE.fullmatch(ref)
    if place and place[1] in LOGS:
        entry = Entry.objects.filter(log=place[1], index=int(place[2])).first()
    else:
        entry = Entry.objects.about(ref).last()
    if entry is None:
        raise NotInLedger(
            "账本里没有这个编号的条目；请写成 种类:编号（如 run:R-2026-0001）或 账本/序号（如 inner/17）。",
            code="not_in_ledger",
        )
    return entry


def _nodes(log: str, wanted: list[merkle.Node]) -> dict[merkle.Node, bytes]:
    """Nodes by (level, number). A node stands in the entry that completed it: the last one under it."""
    at = {((number + 1) << level) - 1 for level, number in wanted}
    rows = Entry.objects.filter(log=log, index__in=at).values_list("index", "leaf_hash", "nodes")
    kept = {index: [leaf_hash, *nodes.split()] for index, leaf_hash, nodes in rows}
    return {
        (level, number): bytes.fromhex(kept[((number + 1) << level) - 1][level]) for level, number in wanted
    }
