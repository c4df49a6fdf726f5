"""`verify_ledger` on whole ledgers, and against checkpoints that somebody kept elsewhere."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from qingqu.base.errors import Refusal
from qingqu.domain.chain import merkle, note
from qingqu.ledger import guards, keys
from qingqu.ledger.actions import checkpoint, checkpoint_file
from qingqu.ledger.findings import CODES, FINDINGS_MAX, Finding
from qingqu.ledger.models import Checkpoint, Entry, Log
from qingqu.ledger.tests.making import NOW, drop_guards, found, make_ledger, sql, write
from qingqu.ledger.verify import verify_ledger

pytestmark = pytest.mark.django_db


def test_an_empty_ledger_is_whole_and_needs_no_key(home):
    assert verify_ledger() == []
    assert not (home / "keys").exists()


def test_a_ledger_with_all_it_can_hold_is_whole():
    make_ledger()
    assert verify_ledger() == []


def test_every_checkpoint_that_was_given_out_stays_true():
    make_ledger()
    for point in Checkpoint.objects.all():
        assert verify_ledger(point.note) == []
    assert verify_ledger(Log.objects.get(name="inner").head_note) == []


def test_an_auditors_copy_without_the_private_key_verifies(home):
    make_ledger()
    (home / "keys" / "ledger.pem").unlink()
    assert verify_ledger() == []


def test_memory_and_queries_do_not_grow_with_the_log(django_assert_max_num_queries):
    make_ledger()
    with django_assert_max_num_queries(40):
        verify_ledger()


def test_a_missing_guard_is_named():
    make_ledger()
    drop_guards()
    findings = verify_ledger()
    assert {finding.code for finding in findings} == {"guard_missing"}
    assert any("ledger_entry_insert" in finding.sentence for finding in findings)


def test_a_checkpoint_of_a_longer_log_shows_what_was_cut_off():
    write(0)
    write(1)
    (kept,) = checkpoint(now=NOW)
    drop_guards()
    for table in ("entry", "content"):
        sql(f'DELETE FROM ledger_{table} WHERE "index" = 1')
    sql("DELETE FROM ledger_checkpoint")
    rolled_back = merkle.Frontier(1, (bytes.fromhex(leaf_hash(0)),))
    signed = note.sign(
        note.Checkpoint(keys.origin("inner"), 1, rolled_back.root()), keys.signing_key(may_create=False)
    )
    sql("UPDATE ledger_log SET size = 1, frontier = %s, head_note = %s WHERE name = 'inner'",
        rolled_back.root().hex(), signed)  # fmt: skip
    checkpoint_file("inner").unlink()
    assert found() == []  # the whole database was put back: only a checkpoint from elsewhere can tell
    (finding,) = [each for each in verify_ledger(kept.note) if each.code == "truncated"]
    assert finding.names("inner", 1)
    assert "外部检查点" in finding.sentence


def leaf_hash(index: int) -> str:
    return Entry.objects.get(log="inner", index=index).leaf_hash


def test_a_checkpoint_of_another_history_shows_a_rewritten_one():
    write(0)
    write(1)
    other = note.sign(note.Checkpoint(keys.origin("inner"), 2, bytes(32)), keys.signing_key(may_create=False))
    (finding,) = verify_ledger(other)
    assert (finding.code, finding.index, finding.last) == ("rewritten", 0, 1)


def test_a_checkpoint_that_another_key_signed_is_a_finding():
    write(0)
    stranger = note.sign(note.Checkpoint(keys.origin("inner"), 1, bytes(32)), Ed25519PrivateKey.generate())
    assert [finding.code for finding in verify_ledger(stranger)] == ["outside_signature"]


def test_a_checkpoint_of_another_county_is_a_finding():
    write(0)
    theirs = note.sign(note.Checkpoint("elsewhere.example/inner", 1, bytes(32)), Ed25519PrivateKey.generate())
    assert [finding.code for finding in verify_ledger(theirs)] == ["outside_origin"]


def test_a_checkpoint_shown_to_an_emptied_ledger_is_a_finding():
    theirs = note.sign(note.Checkpoint(keys.origin("inner"), 3, bytes(32)), Ed25519PrivateKey.generate())
    assert [finding.code for finding in verify_ledger(theirs)] == ["truncated"]


@pytest.mark.parametrize("text", ["", "no note", "a\n1\n\n— a b\n", "\x00" * 9, "x" * 100_000, "\ud800"])
@pytest.mark.parametrize("empty", [True, False])
def test_a_file_that_is_no_checkpoint_is_refused_in_one_sentence(text, empty):
    if not empty:
        write(0)
    with pytest.raises(Refusal, match="不是检查点"):
        verify_ledger(text)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_signature"), (b"\xff\xfe", "file_signature"), (b"x\n1\n\n", "file_signature")],
)
def test_a_published_file_that_was_altered_is_a_finding(content, code):
    write(0)
    checkpoint(now=NOW)
    checkpoint_file("inner").write_bytes(content)
    assert [finding.code for finding in verify_ledger()] == [code]


def test_the_published_file_speaks_when_the_database_was_put_back():
    write(0)
    write(1)
    checkpoint(now=NOW + timedelta(hours=1))
    drop_guards()
    for table in ("entry", "content", "checkpoint"):
        sql(f"DELETE FROM ledger_{table}")
    sql("UPDATE ledger_log SET size = 0, frontier = '', head_note = ''")
    (finding,) = found()
    assert (finding.code, finding.index, finding.last) == ("truncated", 0, 1)
    assert "检查点文件" in finding.sentence


def test_a_swapped_key_is_noticed(home):
    write(0)
    checkpoint(now=NOW)
    (home / "keys" / "ledger.pem").unlink()
    keys.signing_key(may_create=True)
    assert [finding.code for finding in verify_ledger()] == ["key_differs"]
    (home / "keys" / "ledger.vkey").unlink()
    codes = {finding.code for finding in verify_ledger()}
    assert {"head_signature", "checkpoint_signature", "file_signature"} <= codes


def test_a_ledger_that_is_wrong_throughout_gives_a_list_with_an_end():
    for number in range(8):
        write(number)
    drop_guards()
    sql("UPDATE ledger_entry SET leaf = 'x'")
    findings = found()
    assert all(any(finding.names("inner", index) for finding in findings) for index in range(8))
    assert len(findings) < FINDINGS_MAX


def test_a_finding_says_where_and_what():
    finding = Finding("inner", 3, "missing", "条目不见了", 5)
    assert str(finding) == finding.sentence == "inner/3 至 inner/5：条目不见了。"
    assert finding.as_json() == {
        "log": "inner",
        "index": 3,
        "last": 5,
        "code": "missing",
        "message": "inner/3 至 inner/5：条目不见了。",
    }
    assert [finding.names("inner", index) for index in (2, 3, 5, 6)] == [False, True, True, False]
    assert not finding.names("open", 4)
    assert Finding("", None, "stray", "x").sentence == "账本：x。"
    assert not Finding("open", None, "stray", "x").names("open", 0)


def test_the_guards_can_be_taken_away_and_put_back():
    drop_guards()
    assert guards.missing(connection)
    guards.install(connection.schema_editor())
    assert guards.missing(connection) == []


def test_every_code_is_told_in_the_operators_page():
    page = (Path(__file__).resolve().parents[4] / "docs" / "run" / "ledger.md").read_text(encoding="utf-8")
    assert [code for code in sorted(CODES) if f"`{code}`" not in page] == []
    with pytest.raises(ValueError, match="documented"):
        Finding("inner", 0, "odd", "x")
