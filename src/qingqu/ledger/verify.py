"""Verifies the whole record and names what is wrong. Each row is read once, in order; memory stays flat.

What the two logs prove by themselves: nothing was changed, removed, swapped or put in since the newest signed head,
unless whoever did it also holds the signing key or puts the whole database back to an earlier day. Against those
stand the checkpoint files, here and wherever somebody carried one away: give such a file to `verify_ledger`."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection
from django.db.models import Q

from qingqu.base.clock import SHANGHAI, iso
from qingqu.base.errors import Refusal
from qingqu.domain.chain import note
from qingqu.ledger import guards, keys
from qingqu.ledger.actions import ERASED, checkpoint_file, erased_subject
from qingqu.ledger.findings import FINDINGS_MAX, Finding
from qingqu.ledger.models import LOGS, Checkpoint, Content, Entry, Erasure, Log
from qingqu.ledger.walk import CHUNK, INDEX_MAX, Mark, Walk, read_note


class NotACheckpoint(Refusal):
    """The file that was given is not a checkpoint note at all."""


def verify_ledger(checkpoint_note: str | None = None) -> list[Finding]:
    """Everything that is wrong with the record; an empty list means that it is whole.

    `checkpoint_note` is the text of a checkpoint that was kept elsewhere. Text that is no checkpoint is refused;
    one which our key did not sign, or of another log, is a finding."""
    findings = [
        Finding("", None, "guard_missing", f"数据库里的防改触发器 {name} 缺失或被改动")
        for name in guards.missing(connection)
    ]
    findings += _strays()
    if not _anything():
        return findings + _outside_of_nothing(checkpoint_note)
    if not keys.halves_agree():
        findings.append(Finding("", None, "key_differs", "签名钥匙与公布的公钥不是一对，钥匙文件被换过"))
    given, wrong = _given(checkpoint_note)
    findings += wrong
    for log in LOGS:
        marks, wrong = _published(log)
        walk = Walk(log, keys.verifier(log), marks + given.get(log, []))
        findings += wrong
        findings += _at_most(log, walk.findings())
        findings += _at_most(log, _checkpoints(log))
        findings += _at_most(log, _erasures(log))
    return findings


def _anything() -> bool:
    """Whether anything was ever recorded: before the first entry there is no key to verify with."""
    return any(table.objects.exists() for table in (Entry, Content, Checkpoint, Erasure)) or (
        Log.objects.exclude(size=0, frontier="", head_note="").exists()
        or any(checkpoint_file(log).exists() for log in LOGS)
        or Log.objects.count() != len(LOGS)
    )


def _at_most(log: str, findings: Iterator[Finding]) -> Iterable[Finding]:
    listed = list(islice(findings, FINDINGS_MAX))
    if len(listed) == FINDINGS_MAX:
        listed.append(Finding(log, None, "too_many", f"问题超过 {FINDINGS_MAX} 处，其余不再列出"))
    return listed


def _strays() -> list[Finding]:
    """Rows under a log's name that is not ours: renamed, or put in."""
    found = []
    for table in (Entry, Content, Erasure, Checkpoint):
        place = "size" if table is Checkpoint else "index"
        ours = Q(log__in=LOGS, **{f"{place}__lte": INDEX_MAX})  # SQLite would keep text or bytes as an index
        rows = table._default_manager.exclude(ours).values_list("log", place)
        for log, index in rows[:FINDINGS_MAX]:
            what = f"{table._meta.db_table} 里有一行不属于任何账本或编号不是数，被改名或插入"
            found.append(Finding(str(log), index if isinstance(index, int) else None, "stray", what))
    for name in Log.objects.exclude(name__in=LOGS).values_list("name", flat=True)[:FINDINGS_MAX]:
        found.append(Finding(str(name), None, "stray", "多出一个账本表头，被改名或插入"))
    return found


def _given(text: str | None) -> tuple[dict[str, list[Mark]], list[Finding]]:
    """The checkpoint from outside as a signed statement about its log."""
    if text is None:
        return {}, []
    told = _parsed(text)
    for log in LOGS:
        if told.origin == keys.origin(log):
            if read_note(text, keys.verifier(log)) is None:
                return {}, [Finding(log, None, "outside_signature", "给出的检查点没有本账本钥匙的有效签名")]
            return {log: [Mark(told.size, told.root.hex(), "外部检查点")]}, []
    return {}, [Finding("", None, "outside_origin", "给出的检查点属于别的账本（首行的名称不是本平台的）")]


def _outside_of_nothing(text: str | None) -> list[Finding]:
    if text is None:
        return []
    size = _parsed(text).size
    what = f"账本是空的，给出的检查点却记有 {size} 条"
    return [Finding("", None, "truncated", what)] if size else []


def _parsed(text: str) -> note.Checkpoint:
    try:
        return note.parse_note(text)
    except note.NoteError as error:
        raise NotACheckpoint(
            "给出的文件不是检查点（应为三行正文、一个空行和签名行）；请换用平台 checkpoints 目录里的文件或其副本。",
            code="not_a_checkpoint",
        ) from error


def _published(log: str) -> tuple[list[Mark], list[Finding]]:
    """The checkpoint file that this installation publishes, as a statement from outside the database."""
    path = checkpoint_file(log)
    if not path.exists():
        return [], []
    told = read_note(path.read_bytes().decode(errors="replace"), keys.verifier(log))
    if told is None:
        return [], [
            Finding(log, None, "file_signature", f"已公布的检查点文件 {path.name} 的签名不成立，文件被改动")
        ]
    return [Mark(told.size, told.root.hex(), "检查点文件")], []


def _checkpoints(log: str) -> Iterator[Finding]:
    """Each checkpoint row against its own signed note. The note against the tree is the walk's part."""
    key = keys.verifier(log)
    rows = Checkpoint.objects.filter(log=log).order_by("size").values_list("size", "root", "note", "at")
    for size, root, text, at in rows.iterator(chunk_size=CHUNK):
        index = size - 1 if isinstance(size, int) and size > 0 else None
        told = read_note(text, key)
        if told is None:
            yield Finding(log, index, "checkpoint_signature", "检查点的签名不成立，被改动或伪造")
        elif (told.size, told.root.hex(), _signed_at(text, key)) != (size, root, at):
            yield Finding(
                log, index, "checkpoint_changed", "检查点的条数、树根或时间与它签过名的内容不符，被改动"
            )


def _signed_at(text: str, key: note.VerifierKey) -> str | None:
    seconds = note.signed_time(text, key)
    if seconds is None or seconds > 253_402_300_799 - 86_400:  # the last day that a date can name
        return None
    return iso(datetime.fromtimestamp(seconds, SHANGHAI))


def _erasures(log: str) -> Iterator[Finding]:
    """Each erasure against the entry that says so, and against the content that must be gone."""
    rows = Erasure.objects.filter(log=log).order_by("index").values_list("index", "recorded_index", "at")
    for index, recorded, at in rows.iterator(chunk_size=CHUNK):
        if type(index) is not int or type(recorded) is not int or type(at) is not str:
            place = index if type(index) is int else None
            yield Finding(log, place, "unreadable", "删除登记有一栏不是应有的类型，被改动")
            continue
        said = Entry.objects.filter(
            log="inner", index=recorded, verb=ERASED, subject=erased_subject(log, index), at=at
        )
        if not said.exists():
            yield Finding(log, index, "erasure_unrecorded", "登记为已删除，账本里却没有相符的删除记录")
        if Content.objects.filter(log=log, index=index).exists():
            yield Finding(log, index, "erasure_undone", "登记为已删除，内容却还在")
