"""What the owner of the database can do with the guards dropped, and that verification names it each time."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, models

from qingqu.domain.chain import merkle, note
from qingqu.domain.chain.canonical import canonical
from qingqu.ledger import keys
from qingqu.ledger.actions import hex_list
from qingqu.ledger.models import Checkpoint, Content, Entry, Erasure, Log
from qingqu.ledger.tests.making import ERASED, drop_guards, found, make_ledger, sql

Key = tuple[str | int | bytes, ...]
Cell = str | int | bytes | None
pytestmark = pytest.mark.django_db
LAST = 12


def columns() -> Iterable[tuple[type[models.Model], str]]:
    """Every stored column of every table of the ledger, so that a new one is covered from its first day."""
    for table in (Log, Entry, Content, Erasure, Checkpoint):
        for field in table._meta.concrete_fields:
            if field.column:
                yield table, field.column


def naive(value: Cell) -> list[str | int]:
    """A value changed in ways that a column of its type can hold."""
    if isinstance(value, int):
        return [value + 1, value + 1000]
    text = str(value)
    other = "0" if not text.endswith("0") else "1"
    return [text[:-1] + other, text + " ", text.upper() if text.upper() != text else f"x{text}", ""]


def where(table: type[models.Model]) -> tuple[str, str]:
    """Name of the table, and the condition which finds a row by its key."""
    keys_of = {Log: ["name"], Checkpoint: ["log", "size"]}.get(table, ["log", "index"])
    return table._meta.db_table, " AND ".join(f'"{name}" = %s' for name in keys_of)


def change(table: type[models.Model], column: str, key: Key, value: Cell) -> bool:
    """Whether the database took the change (a constraint may have refused it)."""
    name, condition = where(table)
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT tampering")
        try:
            cursor.execute(f'UPDATE {name} SET "{column}" = %s WHERE {condition}', (value, *key))
        except DatabaseError:
            cursor.execute("ROLLBACK TO SAVEPOINT tampering")
            return False
        return int(cursor.rowcount) == 1


ROWS: dict[type[models.Model], list[Key]] = {
    Log: [("inner",), ("open",)],
    Entry: [("inner", 0), ("inner", ERASED), ("inner", 6), ("inner", LAST), ("open", 1)],
    Content: [("inner", 0), ("inner", 6), ("inner", LAST), ("open", 3)],
    Erasure: [("inner", ERASED)],
    Checkpoint: [("inner", 5), ("inner", 9), ("open", 2)],
}


@pytest.mark.parametrize(("table", "column"), list(columns()))
def test_a_change_in_any_column_of_any_table_is_found_and_named(table, column):
    make_ledger()
    drop_guards()
    assert found() == []
    tried = 0
    for key in ROWS[table]:
        before = read(table, column, key)
        for value in naive(before):
            with connection.cursor() as cursor:
                cursor.execute("SAVEPOINT one_change")
                # PostgreSQL drops blanks beyond a column's length: then nothing was changed after all.
                if change(table, column, key, value) and read(table, column, key, value) != before:
                    tried += 1
                    assert named(table, key), f"{table.__name__}.{column} of {key}: {before!r} -> {value!r}"
                cursor.execute("ROLLBACK TO SAVEPOINT one_change")
    # A head's name is the one column that constraints hold by themselves: unique, and one of two.
    assert tried >= len(ROWS[table]) or (table, column, tried) == (Log, "name", 0)
    assert found() == []


def read(table: type[models.Model], column: str, key: Key, instead: Cell = None) -> Any:
    """The column of a row; when the column is part of the key, `instead` is what it was changed to."""
    name, condition = where(table)
    names = {Log: ["name"], Checkpoint: ["log", "size"]}.get(table, ["log", "index"])
    key = tuple(
        instead if word == column and instead is not None else part
        for word, part in zip(names, key, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {name} WHERE {condition}', key)
        return cursor.fetchone()[0]


def named(table: type[models.Model], key: Key) -> bool:
    """Whether a finding concerns the row: its entry; a checkpoint; for a head its log."""
    findings = found()
    if table is Log:
        return any(finding.log == key[0] for finding in findings)
    if table is Checkpoint:  # named as the row says it now: under its size, or as a stray
        return any(finding.code.startswith(("checkpoint_", "stray")) for finding in findings)
    return any(finding.names(str(key[0]), int(str(key[1]))) for finding in findings)


@pytest.mark.parametrize(("table", "column"), list(columns()))
def test_a_value_of_another_type_is_found_and_never_a_crash(table, column):
    make_ledger()
    drop_guards()
    key = ROWS[table][0]
    took = [change(table, column, key, value) and bool(found()) for value in (b"\xff\x00", "abc", None)]
    # SQLite stores nearly anything that it is given; PostgreSQL takes only what fits the column.
    assert any(took) or connection.vendor == "postgresql" or (table, column) == (Log, "name")


def rewrite(index: int, word: str, value: str) -> None:
    """The clever change: a new leaf, its hash, every later node and root, and the head's peaks: all but signatures."""
    entries = list(Entry.objects.filter(log="inner").order_by("index"))
    told = {**json.loads(entries[index].leaf), word: value}
    sql(
        "UPDATE ledger_entry SET leaf = %s WHERE log = 'inner' AND \"index\" = %s",
        canonical(told).decode(),
        index,
    )
    if word in {"verb", "subject", "at"}:
        sql(f"UPDATE ledger_entry SET {word} = %s WHERE log = 'inner' AND \"index\" = %s", value, index)
    regrow()


def regrow() -> merkle.Frontier:
    """Makes hashes, nodes, roots and the head of the inner log fit the leaves that stand there."""
    frontier = merkle.Frontier()
    for entry in Entry.objects.filter(log="inner").order_by("index"):
        leaf = merkle.leaf_hash(entry.leaf.encode())
        frontier, nodes = frontier.append(leaf)
        sql(
            "UPDATE ledger_entry SET leaf_hash = %s, nodes = %s, root = %s WHERE log = 'inner' AND \"index\" = %s",
            leaf.hex(), hex_list(nodes), frontier.root().hex(), entry.index,
        )  # fmt: skip
    sql(
        "UPDATE ledger_log SET size = %s, frontier = %s WHERE name = 'inner'",
        frontier.size, hex_list(frontier.peaks),
    )  # fmt: skip
    return frontier


@pytest.mark.parametrize("index", range(LAST + 1))
@pytest.mark.parametrize(
    ("word", "value"),
    [("verb", "watch.warning_closed"), ("subject", "warning:W-2026-9999"), ("at", "2026-03-01T00:00:00+08:00"),
     ("role", "auditor"), ("correlation", "run:R-1"), ("commit", "0" * 64)],
)  # fmt: skip
def test_a_clever_rewrite_is_caught_by_what_was_signed(index, word, value):
    make_ledger()
    drop_guards()
    rewrite(index, word, value)
    caught = [finding for finding in found() if finding.code == "rewritten"]
    assert [finding.names("inner", index) for finding in caught] == [True]
    first, last = {0: (0, 4), 1: (5, 8), 2: (9, 12)}[(index > 4) + (index > 8)]
    assert (caught[0].index, caught[0].last) == (first, last)


def test_a_rewrite_signed_with_a_key_of_ones_own_is_caught():
    make_ledger()
    drop_guards()
    rewrite(3, "verb", "watch.warning_closed")
    frontier, forger = regrow(), Ed25519PrivateKey.generate()
    forged = note.sign(note.Checkpoint(keys.origin("inner"), frontier.size, frontier.root()), forger)
    sql("UPDATE ledger_log SET head_note = %s WHERE name = 'inner'", forged)
    sql("DELETE FROM ledger_checkpoint WHERE log = 'inner'")
    codes = {finding.code for finding in found()}
    assert {"head_signature", "rewritten"} <= codes  # the published file still speaks


@pytest.mark.parametrize("index", [0, 5, LAST])
def test_a_deleted_entry_is_missed_by_its_number(index):
    make_ledger()
    drop_guards()
    sql("DELETE FROM ledger_entry WHERE log = 'inner' AND \"index\" = %s", index)
    findings = found()
    assert any(
        finding.code in {"missing", "truncated"} and finding.names("inner", index) for finding in findings
    )
    assert any(finding.code == "content_extra" and finding.names("inner", index) for finding in findings)


def test_all_entries_deleted_are_missed():
    make_ledger()
    drop_guards()
    sql("DELETE FROM ledger_entry")
    findings = found()
    assert any(finding.code == "truncated" and finding.names("inner", LAST) for finding in findings)
    assert any(finding.code == "truncated" and finding.names("open", 0) for finding in findings)


@pytest.mark.parametrize("index", [0, 5, LAST])
def test_a_deletion_that_closes_the_gap_is_caught(index):
    make_ledger()
    drop_guards()
    for table in ("entry", "content"):
        sql(f"DELETE FROM ledger_{table} WHERE log = 'inner' AND \"index\" = %s", index)
        for later in range(index + 1, LAST + 1):
            sql(
                f'UPDATE ledger_{table} SET "index" = %s WHERE log = \'inner\' AND "index" = %s',
                later - 1,
                later,
            )
    sql("UPDATE ledger_log SET size = %s WHERE name = 'inner'", LAST)
    assert any(finding.names("inner", index) for finding in found())
    regrow()
    assert any(finding.names("inner", index) for finding in found())


@pytest.mark.parametrize("clever", [False, True])
def test_two_swapped_entries_are_both_named(clever):
    make_ledger()
    drop_guards()
    for table in ("entry", "content"):
        for old, new in ((3, 99), (8, 3), (99, 8)):
            sql(f'UPDATE ledger_{table} SET "index" = %s WHERE log = \'inner\' AND "index" = %s', new, old)
    if clever:
        regrow()
    findings = found()
    for index in (3, 8):
        assert any(finding.code == "index_changed" and finding.names("inner", index) for finding in findings)


def test_two_swapped_leaves_under_their_own_columns_are_both_named():
    make_ledger()
    drop_guards()
    leaves = {index: Entry.objects.get(log="inner", index=index).leaf for index in (3, 8)}
    for index, other in ((3, 8), (8, 3)):
        sql("UPDATE ledger_entry SET leaf = %s WHERE log = 'inner' AND \"index\" = %s", leaves[other], index)
    findings = found()
    for index in (3, 8):
        assert any(finding.names("inner", index) for finding in findings)


def copy(table: str, source: int, target: int) -> None:
    """Puts in a row at another index, with the columns of an existing one."""
    names = {"entry": "verb, subject, at, leaf, leaf_hash, root, nodes", "content": "salt, actor, facts"}[
        table
    ]
    sql(
        f"INSERT INTO ledger_{table} (log, \"index\", {names}) "
        f"SELECT log, %s, {names} FROM ledger_{table} WHERE log = 'inner' AND \"index\" = %s",
        target, source,
    )  # fmt: skip


def test_a_forged_entry_at_the_end_is_named():
    make_ledger()
    drop_guards()
    copy("entry", LAST, LAST + 1)
    copy("content", LAST, LAST + 1)
    assert any(finding.code == "extra" and finding.names("inner", LAST + 1) for finding in found())
    sql("UPDATE ledger_log SET size = size + 1 WHERE name = 'inner'")
    regrow()
    codes = {finding.code for finding in found() if finding.names("inner", LAST + 1) or finding.index is None}
    assert {"head_signature", "index_changed"} <= codes


def test_a_forged_entry_in_the_middle_is_named():
    make_ledger()
    drop_guards()
    for table in ("entry", "content"):
        for later in range(LAST, 6, -1):
            sql(
                f'UPDATE ledger_{table} SET "index" = %s WHERE log = \'inner\' AND "index" = %s',
                later + 1,
                later,
            )
        copy(table, 5, 7)
    assert any(finding.names("inner", 7) for finding in found())
    regrow()
    assert any(finding.code == "rewritten" and finding.names("inner", 7) for finding in found())


def test_a_head_put_back_to_an_earlier_day_is_caught():
    make_ledger()
    drop_guards()
    earlier = Checkpoint.objects.get(log="inner", size=5)
    entries = (
        Entry.objects.filter(log="inner", index__lt=5).order_by("index").values_list("leaf_hash", flat=True)
    )
    frontier = merkle.Frontier()
    for text in entries:
        frontier, _ = frontier.append(bytes.fromhex(text))
    sql(
        "UPDATE ledger_log SET size = 5, frontier = %s, head_note = %s WHERE name = 'inner'",
        hex_list(frontier.peaks), earlier.note,
    )  # fmt: skip
    assert any(finding.code == "extra" and finding.names("inner", LAST) for finding in found())
    for table in ("entry", "content"):
        sql(f"DELETE FROM ledger_{table} WHERE log = 'inner' AND \"index\" > 4")
    assert any(finding.code == "truncated" and finding.names("inner", 8) for finding in found())


@pytest.mark.parametrize("log", ["inner", "open"])
def test_a_head_that_was_removed_is_missed(log):
    make_ledger()
    drop_guards()
    sql("DELETE FROM ledger_log WHERE name = %s", log)
    assert [(finding.log, finding.code) for finding in found()] == [(log, "head_missing")]


def test_a_content_removed_without_a_record_is_named():
    make_ledger()
    drop_guards()
    sql("DELETE FROM ledger_content WHERE log = 'inner' AND \"index\" = 7")
    assert [(finding.code, finding.index) for finding in found()] == [("content_missing", 7)]


def test_a_content_removed_under_a_forged_erasure_is_named():
    make_ledger()
    drop_guards()
    sql("DELETE FROM ledger_content WHERE log = 'inner' AND \"index\" = 7")
    sql("INSERT INTO ledger_erasure (log, \"index\", recorded_index, at) VALUES ('inner', 7, 8, '2026')")
    assert [(finding.code, finding.index) for finding in found()] == [("erasure_unrecorded", 7)]


def test_a_content_that_came_back_after_its_erasure_is_named():
    make_ledger()
    drop_guards()
    copy("content", 1, ERASED)
    codes = {finding.code for finding in found() if finding.names("inner", ERASED)}
    assert codes == {"content_changed", "erasure_undone"}


def test_an_erasure_that_was_unregistered_is_named():
    make_ledger()
    drop_guards()
    sql("DELETE FROM ledger_erasure")
    assert {(finding.code, finding.index) for finding in found()} == {
        ("content_missing", 2),
        ("erasure_missing", 6),
    }


def test_contents_exchanged_between_two_entries_are_both_named():
    make_ledger()
    drop_guards()
    for old, new in ((3, 99), (8, 3), (99, 8)):
        sql('UPDATE ledger_content SET "index" = %s WHERE log = \'inner\' AND "index" = %s', new, old)
    assert [(finding.code, finding.index) for finding in found()] == [
        ("content_changed", 3),
        ("content_changed", 8),
    ]
