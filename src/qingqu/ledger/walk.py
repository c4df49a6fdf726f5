"""One log from its first entry to its last, each row read once, the tree grown anew beside it.

Rows are read as the database has them (no model instances): a column that holds what no program of ours would have
written is a finding, never a crash."""

import heapq
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from qingqu.domain.chain import merkle, note
from qingqu.domain.chain.canonical import canonical, parse
from qingqu.domain.chain.commitment import opens
from qingqu.ledger.actions import ERASED, hex_list
from qingqu.ledger.envelope import FIELDS, SCHEMA
from qingqu.ledger.findings import Finding
from qingqu.ledger.models import Checkpoint, Content, Entry, Erasure, Log

CHUNK = 2000
INDEX_MAX = 2**63 - 1
_HEAD = ("size", "frontier", "head_note")
_ENTRY = ("index", "verb", "subject", "at", "leaf", "leaf_hash", "root", "nodes")
_CONTENT = ("index", "salt", "actor", "facts")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A signed statement about a log: at this size it had this root (hex). `label` says where we read it."""

    size: int
    root: str
    label: str


@dataclass
class Walk:
    """The verification of one log. `outside`: signed statements from elsewhere than the database."""

    log: str
    key: note.VerifierKey
    outside: Iterable[Mark] = ()
    frontier: merkle.Frontier = field(default_factory=merkle.Frontier)
    expected: int = 0
    continuous: bool = True  # no gap so far: the tree can be grown anew
    roots_agree: bool = True
    vouched: int = 0  # up to this size a signed statement fits
    rewritten: bool = False

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, in the order of the entries.

        The highest index is read before the head, and entries beyond that head are left alone: what is appended
        while we walk is neither missed nor suspected."""
        places = Entry.objects.filter(log=self.log, index__lte=INDEX_MAX).order_by("-index")
        highest = places.values_list("index", flat=True).first()
        head: Row | None = Log.objects.filter(name=self.log).values_list(*_HEAD).first()
        size, peaks, head_note = head or (0, None, None)
        if head is None or type(size) is not int:
            yield self._whole("head_missing", "表头不见了或不可读")
            size, head, peaks = (highest + 1 if isinstance(highest, int) else 0), None, None
        elif isinstance(highest, int) and highest >= size:
            yield Finding(
                self.log, size, "extra", "多出表头没有记的条目（直接写入，或表头被换回旧的）", highest
            )
        marks, spoiled = self._marks(size, str(head_note) if head else None)
        yield from spoiled
        end = max(size, highest + 1) if isinstance(highest, int) else size
        contents = _Contents(self.log, end)
        rows = Entry.objects.filter(log=self.log, index__lt=end).order_by("index").values_list(*_ENTRY)
        due = next(marks, None)
        for row in rows.iterator(chunk_size=CHUNK):
            yield from self._row(row, contents)
            while due is not None and due.size <= self.expected:
                yield from self._against(due)
                due = next(marks, None)
        yield from contents.left_over()
        yield from self._missing_tail(chain([due] if due else [], marks), size)
        if self.frontier.size == size and peaks is not None and peaks != hex_list(self.frontier.peaks):
            yield self._whole("head_changed", "表头里的树峰与条目不符，表头被改动")

    def _whole(self, code: str, what: str) -> Finding:
        return Finding(self.log, None, code, what)

    def _row(self, row: Row, contents: "_Contents") -> Iterator[Finding]:
        index = row[0]
        if type(index) is not int or not all(type(cell) is str for cell in row[1:]):
            yield Finding(self.log, self.expected, "unreadable", "有一栏不是应有的类型，被改动")
            return
        if index < self.expected:
            yield Finding(self.log, index, "duplicate", "同一编号有两条，其中一条是插入的")
            return
        if index > self.expected:
            yield Finding(self.log, self.expected, "missing", "条目不见了（被删除或改号）", index - 1)
            self.continuous, self.expected = False, index
        content = yield from contents.of(index)
        yield from self._entry(index, [str(cell) for cell in row[1:]], content)
        self.expected += 1

    def _entry(self, index: int, cells: list[str], content: Row | None) -> Iterator[Finding]:
        verb, subject, at, leaf, leaf_hash, root, nodes = cells
        hashed = merkle.leaf_hash(leaf.encode(errors="surrogatepass"))
        if hashed.hex() != leaf_hash:
            yield Finding(self.log, index, "leaf_changed", "叶子与它的指纹不符，叶子或指纹被改动")
        if self.continuous:
            yield from self._grow(index, _hash(leaf_hash) or hashed, root, nodes)
        told = _leaf(leaf)
        if told is None:
            yield Finding(self.log, index, "leaf_unreadable", "叶子不是规定的写法，被改动")
            return
        columns = {"log": self.log, "index": index, "verb": verb, "subject": subject, "at": at}
        for name, value in columns.items():
            if told[name] != value or type(told[name]) is not type(value):
                yield Finding(
                    self.log, index, f"{name}_changed", f"{name} 一栏与叶子不符，被改动、调换或冒充"
                )
        yield from self._content(index, verb == ERASED, str(told["commit"]), content)

    def _grow(self, index: int, leaf: bytes, root: str, nodes: str) -> Iterator[Finding]:
        self.frontier, completed = self.frontier.append(leaf)
        if hex_list(completed) != nodes:
            yield Finding(self.log, index, "nodes_changed", "树的中间节点与条目不符，被改动")
        if not self.roots_agree:
            return
        if self.frontier.root().hex() != root:
            self.roots_agree = False
            yield Finding(
                self.log, index, "root_differs", "从这一条起树根与当时所记不符，这一条被改动、插入或调换"
            )

    def _content(self, index: int, erasing: bool, commit: str, content: Row | None) -> Iterator[Finding]:
        if content is None:
            if not Erasure.objects.filter(log=self.log, index=index).exists():
                yield Finding(self.log, index, "content_missing", "内容不见了，而没有依法删除的记录")
        elif not _opens(commit, content):
            yield Finding(self.log, index, "content_changed", "内容与当时的承诺不符，经办人、事实或盐被改动")
        if erasing and self.log == "inner" and not Erasure.objects.filter(recorded_index=index).exists():
            yield Finding(self.log, index, "erasure_missing", "写明删除了内容，删除登记却不见了")

    def _against(self, mark: Mark) -> Iterator[Finding]:
        """A signed statement against the tree grown so far (same size)."""
        if not self.continuous or mark.size != self.frontier.size:
            return
        if self.frontier.root().hex() == mark.root:
            self.vouched = mark.size
        elif not self.rewritten:
            self.rewritten = True
            what = f"与签过名的{mark.label}（{mark.size} 条）不符，这些条目里有被改写的"
            yield Finding(self.log, self.vouched, "rewritten", what, max(mark.size - 1, self.vouched))

    def _missing_tail(self, marks: Iterable[Mark], size: int) -> Iterator[Finding]:
        most = max(marks, key=lambda mark: mark.size, default=None)
        if most is not None and most.size > self.expected:
            what = f"不见了：签过名的{most.label}记有 {most.size} 条"
            yield Finding(self.log, self.expected, "truncated", what, most.size - 1)
        elif size > self.expected:
            what = f"不见了：表头记有 {size} 条"
            yield Finding(self.log, self.expected, "truncated", what, size - 1)

    def _marks(self, size: int, head_note: str | None) -> tuple[Iterator[Mark], list[Finding]]:
        """All signed statements by size, and what is wrong with the head's own note.

        Checkpoint rows whose note does not hold are found by `verify`; here they are left out."""
        wrong, marks = [], sorted(self.outside)
        if head_note is not None and (size or head_note):
            told = read_note(head_note, self.key)
            if told is None or told.size != size:
                wrong.append(self._whole("head_signature", "表头的签名不成立或与条数不符，表头被改动"))
            if told is not None:
                marks = sorted([*marks, Mark(told.size, told.root.hex(), "表头")])
        return heapq.merge(_checkpoint_marks(self.log, self.key), marks), wrong


class _Contents:
    """The contents of a log in the order of their entries, read beside them."""

    def __init__(self, log: str, size: int) -> None:
        rows = Content.objects.filter(log=log, index__lt=size).order_by("index").values_list(*_CONTENT)
        self.log, self.size, self.rows = log, size, rows.iterator(chunk_size=CHUNK)
        self.waiting: Row | None = next(self.rows, None)

    def of(self, index: int) -> Generator[Finding, None, Row | None]:
        """The entry's content row or None; contents of entries that are not there are findings on the way."""
        while self.waiting is not None:
            row = self.waiting
            if type(row[0]) is int and row[0] > index:
                return None
            self.waiting = next(self.rows, None)
            if row[0] == index:
                return row
            yield self._stray(row)
        return None

    def left_over(self) -> Iterator[Finding]:
        while self.waiting is not None:
            yield self._stray(self.waiting)
            self.waiting = next(self.rows, None)

    def _stray(self, row: Row) -> Finding:
        index = row[0] if type(row[0]) is int else None
        return Finding(self.log, index, "content_extra", "有内容而没有对应的条目，内容是插入的或条目被删除")


def read_note(text: object, key: note.VerifierKey) -> note.Checkpoint | None:
    """The checkpoint of a note signed by the log's key, else None."""
    try:
        return note.verify(str(text), key)
    except note.NoteError:
        return None


def _checkpoint_marks(log: str, key: note.VerifierKey) -> Iterator[Mark]:
    rows = Checkpoint.objects.filter(log=log).order_by("size").values_list("size", "note")
    for size, text in rows.iterator(chunk_size=CHUNK):
        told = read_note(text, key)
        if told is not None and told.size == size:
            yield Mark(size, told.root.hex(), "检查点")


def _leaf(text: str) -> dict[str, object] | None:
    try:
        told = parse(text)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.keys() != FIELDS or told["schema"] != SCHEMA:
        return None
    return told


def _opens(commit: str, content: Row) -> bool:
    _, salt, actor, facts = content
    try:
        raw = bytes.fromhex(str(salt))
        whole = canonical({"actor": actor, "facts": parse(str(facts))})
    except (ValueError, TypeError):
        return False
    return raw.hex() == salt and opens(commit, raw, whole)


def _hash(text: str) -> bytes | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == merkle.HASH_BYTES else None
