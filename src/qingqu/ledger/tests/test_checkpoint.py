"""`checkpoint`: kept and published when a log has grown, never otherwise."""

from datetime import timedelta

import pytest

from qingqu.base.errors import Refusal
from qingqu.domain.chain import note
from qingqu.ledger import keys
from qingqu.ledger.actions import checkpoint, checkpoint_file
from qingqu.ledger.models import Checkpoint, Entry
from qingqu.ledger.tests.making import NOW, drop_guards, sql, write
from qingqu.ledger.verify import verify_ledger

pytestmark = pytest.mark.django_db


def test_an_empty_ledger_has_no_checkpoint_and_no_key(home):
    assert checkpoint(now=NOW) == []
    assert not (home / "checkpoints").exists()
    assert not (home / "keys").exists()


def test_the_head_is_kept_with_its_time_and_published(home):
    write(0)
    entry = write(1)
    (made,) = checkpoint(now=NOW)
    key = keys.verifier("inner")
    assert (made.log, made.size, made.root, made.at) == ("inner", 2, entry.root, "2026-03-02T09:30:00+08:00")
    assert note.verify(made.note, key).root.hex() == entry.root
    assert note.signed_time(made.note, key) == int(NOW.timestamp())
    assert checkpoint_file("inner") == home / "checkpoints" / "inner.txt"
    assert checkpoint_file("inner").read_bytes().decode() == made.note
    assert [path.name for path in (home / "checkpoints").iterdir()] == ["inner.txt"]


def test_nothing_new_makes_no_new_checkpoint_and_growth_makes_one_a_log():
    write(0)
    checkpoint(now=NOW)
    assert checkpoint(now=NOW + timedelta(days=1)) == []
    write(1)
    write(1, log="open")
    assert [(made.log, made.size) for made in checkpoint(now=NOW)] == [("inner", 2), ("open", 1)]
    assert Checkpoint.objects.count() == 3
    assert Entry.objects.count() == 3
    assert verify_ledger() == []


def test_a_file_that_a_crash_left_behind_is_written_by_the_next_call():
    write(0)
    (made,) = checkpoint(now=NOW)
    checkpoint_file("inner").write_text("half a")
    assert checkpoint(now=NOW) == []
    assert checkpoint_file("inner").read_bytes().decode() == made.note
    checkpoint_file("inner").unlink()
    checkpoint(now=NOW)
    assert checkpoint_file("inner").read_bytes().decode() == made.note


@pytest.mark.parametrize("column", ["frontier", "head_note"])
def test_a_head_that_was_changed_is_not_signed(column):
    write(0)
    drop_guards()
    other = "00" * 32 if column == "frontier" else "nothing\n"
    sql(f"UPDATE ledger_log SET {column} = %s WHERE name = 'inner'", other)
    with pytest.raises(Refusal, match="ledger verify"):
        checkpoint(now=NOW)
    assert not Checkpoint.objects.exists()
