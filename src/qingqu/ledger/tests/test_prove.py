"""`prove`, and the independent verifier that knows nothing of us."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qingqu.base.errors import Refusal
from qingqu.domain.chain import merkle
from qingqu.ledger.models import Entry
from qingqu.ledger.proofs import consistency, prove
from qingqu.ledger.tests.making import drop_guards, make_ledger, sql, write

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).resolve().parents[4] / "tests" / "ledger_verifier.py"


def judged(proof: dict[str, Any], folder: Path) -> tuple[int, str]:
    """Exit code and words of the independent verifier, run without our packages on its path."""
    file = folder / "proof.json"
    file.write_text(json.dumps(proof), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return told.returncode, told.stdout + told.stderr


def test_every_entry_of_both_logs_is_proved():
    make_ledger()
    for entry in Entry.objects.all():
        proof = prove(entry.ref)
        path = [bytes.fromhex(str(part)) for part in proof["proof"]]
        leaf, root = merkle.leaf_hash(entry.leaf.encode()), bytes.fromhex(str(proof["root"]))
        assert merkle.verify_inclusion(leaf, entry.index, int(str(proof["size"])), path, root)


def test_a_subject_gives_its_newest_entry_and_the_places_of_all():
    write(1)
    write(2, subject="warning:W-2026-0001")
    write(3)
    proof = prove("warning:W-2026-0001")
    assert (proof["log"], proof["index"], proof["size"]) == ("inner", 1, 3)
    assert proof["entries"] == ["inner/0", "inner/1"]


def test_the_independent_verifier_imports_nothing_of_ours():
    source = VERIFIER.read_text(encoding="utf-8")
    assert "qingqu" not in source.replace("qingqu ledger prove", "")
    assert "django" not in source.lower()


def test_the_independent_verifier_agrees(tmp_path):
    make_ledger()
    code, words = judged(prove("inner/4"), tmp_path)
    assert (code, words) == (0, "inner/4 of 13: signed, included, content as committed\n")
    code, words = judged(prove("inner/2"), tmp_path)
    assert (code, words) == (0, "inner/2 of 13: signed, included, content not shown\n")


def changed(proof: dict[str, Any], how: str) -> dict[str, Any]:
    """The proof with one thing altered."""
    leaf, path, content = str(proof["leaf"]), list(proof["proof"]), dict(proof["content"])
    versions: dict[str, dict[str, Any]] = {
        "leaf": {"leaf": leaf.replace("raised", "closed")},
        "index": {"index": 5},
        "size": {"size": 14},
        "short proof": {"proof": path[:-1]},
        "long proof": {"proof": [*path, "00" * 32]},
        "damaged proof": {"proof": ["00" * 32, *path[1:]]},
        "root": {"root": "00" * 32},
        "checkpoint": {"checkpoint": str(proof["checkpoint"]).replace("\n13\n", "\n14\n")},
        "key of another": {"vkey": prove("open/0")["vkey"]},
        "facts": {"content": {**content, "facts": {}}},
        "actor": {"content": {**content, "actor": "person:P-0002"}},
        "salt": {"salt": "00" * 32},
    }
    return {**proof, **versions[how]}


@pytest.mark.parametrize(
    "how",
    ["leaf", "index", "size", "short proof", "long proof", "damaged proof", "root", "checkpoint", "key of another",
     "facts", "actor", "salt"],
)  # fmt: skip
def test_the_independent_verifier_refuses_what_was_altered(how, tmp_path):
    make_ledger()
    code, words = judged(changed(prove("inner/4"), how), tmp_path)
    assert code == 1
    assert words.startswith("NOT PROVED: ")


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "warning:W-2026-9999",
        "inner/99",
        "inner/01",
        "inner/-1",
        "secret/0",
        "inner/",
        "'",
        "inner/٣",
        "x" * 9999,
    ],
)
def test_an_unknown_reference_is_refused_in_one_sentence(ref):
    write(1)
    with pytest.raises(Refusal, match="没有这个编号") as refused:
        prove(ref)
    assert "x" * 99 not in refused.value.sentence


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger_log SET head_note = 'x' WHERE name = 'inner'",
        "UPDATE ledger_entry SET leaf = '{}' WHERE log = 'inner' AND \"index\" = 4",
        "UPDATE ledger_entry SET nodes = '' WHERE log = 'inner'",
        "UPDATE ledger_entry SET leaf_hash = 'zz' WHERE log = 'inner'",
        "DELETE FROM ledger_entry WHERE log = 'inner' AND \"index\" = 5",
        "DELETE FROM ledger_log",
    ],
)
def test_a_damaged_ledger_gives_no_proof(damage):
    make_ledger()
    drop_guards()
    sql(damage)
    with pytest.raises(Refusal, match="inner/4 与账本的签名对不上"):
        prove("inner/4")


def test_a_proof_reads_few_rows_however_long_the_log(django_assert_max_num_queries):
    make_ledger()
    with django_assert_max_num_queries(5):
        prove("inner/4")


def test_consistency_between_any_two_sizes_is_proved():
    make_ledger()
    roots = [
        bytes.fromhex(text)
        for text in Entry.objects.filter(log="inner").order_by("index").values_list("root", flat=True)
    ]
    roots.insert(0, merkle.EMPTY_ROOT)
    for new in range(len(roots)):
        for old in range(new + 1):
            assert merkle.verify_consistency(old, new, consistency("inner", old, new), roots[old], roots[new])
