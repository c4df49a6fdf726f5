"""The Merkle tree of RFC 6962 and RFC 9162: growing it, proving a leaf, proving that it only grew.

Hashes are 32 bytes of SHA-256. A *node* (level, number) is the root of the perfect subtree over the leaves
[number·2^level, (number+1)·2^level). Who keeps every node when it is completed makes any proof from O(log n) of
them: `..._plan` says which, `fold` puts them together."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int]
"""(level, number)"""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that growing needs: the size and the roots of the perfect subtrees, largest first (one for each 1 in
    the binary size)."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError("the peaks do not fit the size")
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(f"a peak has {HASH_BYTES} bytes")

    def append(self, leaf: bytes) -> tuple[Self, tuple[bytes, ...]]:
        """The frontier with one more leaf (given by its hash), and the inner nodes which that leaf completes,
        lowest level first."""
        peaks, completed, carry, rest = list(self.peaks), [], leaf, self.size
        while rest & 1:
            carry = node_hash(peaks.pop(), carry)
            completed.append(carry)
            rest >>= 1
        return type(self)(self.size + 1, (*peaks, carry)), tuple(completed)

    def root(self) -> bytes:
        """The root of the tree so far."""
        return fold(self.peaks) if self.peaks else EMPTY_ROOT


def fold(parts: Sequence[bytes]) -> bytes:
    """One hash from the roots of adjoining perfect subtrees, largest first; at least one."""
    hashed = parts[-1]
    for part in reversed(parts[:-1]):
        hashed = node_hash(part, hashed)
    return hashed


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of all leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier, _ = frontier.append(leaf)
    return frontier.root()


def nodes_of(leaves: Sequence[bytes]) -> Callable[[Node], bytes]:
    """A look-up of nodes over leaf hashes in memory; for small trees, tests and verifiers."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(*below[at : at + 2]) for at in range(0, len(below) - 1, 2)])
    return lambda node: levels[node[0]][node[1]]


def range_plan(start: int, end: int) -> list[Node]:
    """The nodes that make up the subtree over the leaves [start, end), largest first.

    `start` must be a multiple of the largest power of two not above end - start, as it is in every proof."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start & ((1 << level) - 1):
            raise ValueError("not a subtree of the log")
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def inclusion_plan(index: int, size: int) -> list[list[Node]]:
    """Which nodes make each hash of the inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162
    2.1.3.1), from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    start, end, plan = 0, size, []
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            plan.append(range_plan(split, end))
            end = split
        else:
            plan.append(range_plan(start, split))
            start = split
    return plan[::-1]


def consistency_plan(old: int, new: int) -> list[list[Node]]:
    """Which nodes make each hash of the proof that the tree of `old` leaves became the tree of `new` leaves by
    appending only (RFC 9162 2.1.4.1). Nothing is needed from the empty tree or to the same size."""
    if not 0 <= old <= new:
        raise ValueError("the older tree is the smaller one")
    if old in (0, new):
        return []
    start, end, plan = 0, new, []
    while end != old:
        split = start + _split(end - start)
        if old <= split:
            plan.append(range_plan(split, end))
            end = split
        else:
            plan.append(range_plan(start, split))
            start = split
    if start:
        plan.append(range_plan(start, end))
    return plan[::-1]


def proof(plan: list[list[Node]], node: Callable[[Node], bytes]) -> list[bytes]:
    """The hashes of a plan, with each node looked up by `node`."""
    return [fold([node(part) for part in parts]) for parts in plan]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that the leaf with this hash is number `index` in the tree of `size` leaves with this
    root (RFC 9162 2.1.3.2). Anything malformed is False."""
    if not 0 <= index < size or not _hashes(leaf, root, *path):
        return False
    at, last, hashed = index, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node_hash(part, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, part)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `path` proves that the tree (new, new_root) begins with the tree (old, old_root) (RFC 9162 2.1.4.2).

    The empty tree is consistent with every tree, by an empty path (C2SP tlog-witness). Malformed is False."""
    if not 0 <= old <= new or not _hashes(old_root, new_root, *path):
        return False
    if old == 0:
        return not path and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not path and old_root == new_root
    if not path:
        return False
    rest = list(path) if old & (old - 1) else [old_root, *path]
    return _grow(old - 1, new - 1, rest) == (old_root, new_root)


def _grow(at: int, last: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots as the path gives them, or None when its length does not fit."""
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for part in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            older, newer = node_hash(part, older), node_hash(part, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, part)
        at, last = at >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
