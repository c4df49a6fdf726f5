"""The tree against RFC 6962's own words (naive recursion), the published test tree, and hostile proofs."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.domain.chain import merkle
from qingqu.domain.chain.merkle import EMPTY_ROOT, Frontier, leaf_hash, verify_consistency, verify_inclusion

# The test tree of the certificate-transparency reference implementation: leaves and the root at each size.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Published proofs over that tree: (leaf, size) → inclusion, (old, new) → consistency.
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = st.integers(1, 200)


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word by word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:split]) + mth(leaves[split:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 2.1.1."""
    if len(leaves) < 2:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*path(index, leaves[:split]), mth(leaves[split:])]
    return [*path(index - split, leaves[split:]), mth(leaves[:split])]


def subproof(old: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962 2.1.2."""
    if old == len(leaves):
        return [] if whole else [mth(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*subproof(old, leaves[:split], whole), mth(leaves[split:])]
    return [*subproof(old - split, leaves[split:], False), mth(leaves[:split])]


def inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    return merkle.proof(merkle.inclusion_plan(index, len(leaves)), merkle.nodes_of(leaves))


def consistency(old: int, leaves: list[bytes]) -> list[bytes]:
    return merkle.proof(merkle.consistency_plan(old, len(leaves)), merkle.nodes_of(leaves))


def test_the_published_tree_grows_through_its_published_roots():
    frontier = Frontier()
    assert frontier.root().hex() == ROOTS[0]
    for leaf, root in zip(LEAVES, ROOTS[1:], strict=True):
        frontier, _ = frontier.append(leaf_hash(bytes.fromhex(leaf)))
        assert frontier.root().hex() == root


@pytest.mark.parametrize(("place", "published"), INCLUSION.items())
def test_inclusion_proofs_are_the_published_ones(place, published):
    index, size = place
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    proof = inclusion(index, leaves)
    assert [part.hex() for part in proof] == published
    assert verify_inclusion(leaves[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "published"), CONSISTENCY.items())
def test_consistency_proofs_are_the_published_ones(sizes, published):
    old, new = sizes
    proof = consistency(old, [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:new]])
    assert [part.hex() for part in proof] == published
    assert verify_consistency(old, new, proof, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))


@given(st.integers(0, 200))
def test_roots_are_those_of_the_recursive_definition(size):
    assert merkle.root(hashes(size)) == mth(hashes(size))


@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_recursive_definition(size, data):
    leaves, index = hashes(size), data.draw(st.integers(0, size - 1))
    proof = inclusion(index, leaves)
    assert proof == path(index, leaves)
    assert verify_inclusion(leaves[index], index, size, proof, mth(leaves))


@given(SIZES, st.data())
def test_consistency_proofs_are_those_of_the_recursive_definition(size, data):
    leaves, old = hashes(size), data.draw(st.integers(1, size))
    proof = consistency(old, leaves)
    assert proof == subproof(old, leaves, True)
    assert verify_consistency(old, size, proof, mth(leaves[:old]), mth(leaves))


@given(SIZES)
def test_each_leaf_completes_exactly_the_nodes_that_end_with_it(size):
    leaves, frontier, kept = hashes(size), Frontier(), {}
    for index, leaf in enumerate(leaves):
        frontier, completed = frontier.append(leaf)
        for level, node in enumerate((leaf, *completed)):
            kept[level, index >> level] = node
    look_up = merkle.nodes_of(leaves)
    assert all(look_up(place) == node for place, node in kept.items())
    assert merkle.proof(merkle.inclusion_plan(size // 2, size), kept.__getitem__) == path(size // 2, leaves)


@given(SIZES, st.data())
def test_a_changed_inclusion_proof_never_verifies(size, data):
    leaves, index = hashes(size), data.draw(st.integers(0, size - 1))
    proof, root = inclusion(index, leaves), mth(leaves)
    for wrong in hostile(proof, root, leaves[index], data):
        assert not verify_inclusion(leaves[index], index, size, wrong, root)
    assert not verify_inclusion(leaf_hash(b"forged"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, proof, leaf_hash(b"forged"))
    for place in {-1, 0, index - 1, index + 1, size - 1, size, size + index, 2**64} - {index}:
        assert not verify_inclusion(leaves[index], place, size, proof, root)


@given(st.integers(2, 200), st.data())
def test_a_changed_consistency_proof_never_verifies(size, data):
    leaves = hashes(size)
    old = data.draw(st.integers(1, size - 1))
    proof, old_root, root = consistency(old, leaves), mth(leaves[:old]), mth(leaves)
    for wrong in hostile(proof, root, old_root, data):
        assert not verify_consistency(old, size, wrong, old_root, root)
    forged = leaf_hash(b"forged")
    assert not verify_consistency(old, size, proof, forged, root)
    assert not verify_consistency(old, size, proof, old_root, forged)
    assert not verify_consistency(old, size, proof, root, old_root)
    assert not verify_consistency(size, old, proof, root, old_root)
    assert not verify_consistency(-1, size, proof, old_root, root)


@given(SIZES, st.data())
def test_a_history_with_one_rewritten_leaf_is_not_consistent(size, data):
    leaves, old = hashes(size), data.draw(st.integers(1, size))
    at = data.draw(st.integers(0, old - 1))
    rewritten = [*leaves[:at], leaf_hash(b"rewritten"), *leaves[at + 1 :]]
    assert not verify_consistency(old, size, consistency(old, rewritten), mth(leaves[:old]), mth(rewritten))
    assert not verify_inclusion(leaves[at], at, size, inclusion(at, rewritten), mth(rewritten))


def hostile(proof: list[bytes], root: bytes, other: bytes, data: st.DataObject) -> list[list[bytes]]:
    """Truncated, lengthened, reordered and damaged versions of a proof."""
    wrong = [
        [*proof, root],
        [*proof, other],
        [root, *proof],
        [other, *proof],
        [*proof, b""],
        [*proof, bytes(33)],
    ]
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        damaged = bytearray(proof[at])
        damaged[bit // 8] ^= 1 << (bit % 8)
        wrong += [proof[:-1], proof[1:], [*proof[:at], bytes(damaged), *proof[at + 1 :]]]
        wrong += [[*proof[:at], proof[at][:31], *proof[at + 1 :]], [proof[0], *proof]]
    if len(proof) > 1:
        wrong.append(proof[::-1])
    return wrong


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8])
def test_the_empty_tree_is_consistent_with_every_tree_by_an_empty_proof(size):
    # C2SP tlog-witness; the Go library refuses old size 0, we follow the specification.
    root = mth(hashes(size))
    assert consistency(0, hashes(size)) == []
    assert verify_consistency(0, size, [], EMPTY_ROOT, root)
    assert not verify_consistency(0, size, [root], EMPTY_ROOT, root)
    assert not verify_consistency(0, size, [], leaf_hash(b""), root)
    assert not verify_consistency(0, 0, [], EMPTY_ROOT, leaf_hash(b""))


def test_the_same_size_needs_the_same_root_and_an_empty_proof():
    root = mth(hashes(5))
    assert verify_consistency(5, 5, [], root, root)
    assert not verify_consistency(5, 5, [root], root, root)
    assert not verify_consistency(5, 5, [], root, EMPTY_ROOT)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (4, 3)])
def test_no_inclusion_plan_for_a_leaf_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion_plan(index, size)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_no_consistency_plan_backwards(old, new):
    with pytest.raises(ValueError, match="smaller"):
        merkle.consistency_plan(old, new)


def test_a_range_that_is_no_subtree_is_refused():
    assert merkle.range_plan(4, 7) == [(1, 2), (0, 6)]
    with pytest.raises(ValueError, match="not a subtree"):
        merkle.range_plan(1, 5)


@pytest.mark.parametrize(
    ("size", "peaks"), [(1, ()), (3, (bytes(32),)), (0, (bytes(32),)), (1, (bytes(31),)), (-1, ())]
)
def test_a_frontier_whose_peaks_do_not_fit_is_refused(size, peaks):
    with pytest.raises(ValueError, match="peak"):
        Frontier(size, peaks)
