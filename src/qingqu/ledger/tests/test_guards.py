"""The database refuses to change the record, whoever asks and by whichever statement."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from qingqu.ledger.actions import checkpoint
from qingqu.ledger.models import Entry, Log
from qingqu.ledger.tests.making import NOW, make_ledger, sql, write
from qingqu.ledger.verify import verify_ledger

pytestmark = pytest.mark.django_db
ENTRY = 'log, "index", verb, subject, at, leaf, leaf_hash, root, nodes'
CONTENT = 'log, "index", salt, actor, facts'
ANY_ENTRY = "'watch.x', 'warning:W-1', '2026', '{}', 'a', 'b', ''"

REFUSED = [
    'UPDATE ledger_entry SET verb = verb',
    "UPDATE ledger_entry SET leaf = '{}' WHERE \"index\" = 0",
    'UPDATE ledger_entry SET "index" = 99 WHERE "index" = 12',
    "DELETE FROM ledger_entry",
    'DELETE FROM ledger_entry WHERE "index" = 12',
    f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 12, {ANY_ENTRY})",
    f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 0, {ANY_ENTRY})",
    f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 14, {ANY_ENTRY})",
    f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('secret', 0, {ANY_ENTRY})",
    (f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 0, {ANY_ENTRY}) "
    "ON CONFLICT (log, \"index\") DO UPDATE SET verb = 'watch.y'"),
    f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 0, {ANY_ENTRY}) ON CONFLICT DO NOTHING",
    "UPDATE ledger_content SET facts = facts",
    "DELETE FROM ledger_content",
    "DELETE FROM ledger_content WHERE log = 'inner' AND \"index\" = 7",
    f"INSERT INTO ledger_content ({CONTENT}) VALUES ('inner', 2, '', '', '')",
    f"INSERT INTO ledger_content ({CONTENT}) VALUES ('inner', 3, '', '', '')",
    f"INSERT INTO ledger_content ({CONTENT}) VALUES ('inner', 13, '', '', '')",
    (f"INSERT INTO ledger_content ({CONTENT}) VALUES ('inner', 3, '', '', '') "
    "ON CONFLICT (log, \"index\") DO UPDATE SET facts = '{}'"),
    "UPDATE ledger_erasure SET at = at",
    "DELETE FROM ledger_erasure",
    "INSERT INTO ledger_erasure (log, \"index\", recorded_index, at) VALUES ('inner', 7, 8, '2026')",
    "INSERT INTO ledger_erasure (log, \"index\", recorded_index, at) VALUES ('inner', 7, 6, '2026')",
    "INSERT INTO ledger_erasure (log, \"index\", recorded_index, at) VALUES ('inner', 2, 6, '2026')",
    "UPDATE ledger_checkpoint SET at = at",
    "DELETE FROM ledger_checkpoint",
    "INSERT INTO ledger_checkpoint (log, size, root, note, at) VALUES ('inner', 7, 'x', 'x', 'x')",
    "INSERT INTO ledger_checkpoint (log, size, root, note, at) VALUES ('inner', 12, 'x', 'x', 'x')",
    "INSERT INTO ledger_checkpoint (log, size, root, note, at) VALUES ('inner', 99, 'x', 'x', 'x')",
    ("INSERT INTO ledger_checkpoint (log, size, root, note, at) VALUES ('inner', 5, 'x', 'x', 'x') "
    "ON CONFLICT (log, size) DO UPDATE SET root = 'y'"),
    "DELETE FROM ledger_log",
    "UPDATE ledger_log SET size = 0",
    "UPDATE ledger_log SET size = size - 1",
    "UPDATE ledger_log SET size = size + 1",
    "UPDATE ledger_log SET head_note = ''",
    "UPDATE ledger_log SET name = 'inner2' WHERE name = 'inner'",
    "INSERT INTO ledger_log (name, size, frontier, head_note) VALUES ('inner', 0, '', '')",
    ("INSERT INTO ledger_log (name, size, frontier, head_note) VALUES ('inner', 0, '', '') "
    "ON CONFLICT (name) DO UPDATE SET size = 0"),
]  # fmt: skip
ONLY_SQLITE = [
    f"INSERT OR REPLACE INTO ledger_entry ({ENTRY}) VALUES ('inner', 0, {ANY_ENTRY})",
    f"REPLACE INTO ledger_entry ({ENTRY}) VALUES ('inner', 12, {ANY_ENTRY})",
    f"INSERT OR REPLACE INTO ledger_entry (rowid, {ENTRY}) VALUES (1, 'inner', 13, {ANY_ENTRY})",
    f"INSERT OR REPLACE INTO ledger_entry (rowid, {ENTRY}) VALUES (1, 'inner', 0, {ANY_ENTRY})",
    f"INSERT OR IGNORE INTO ledger_entry ({ENTRY}) VALUES ('inner', 0, {ANY_ENTRY})",
    f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 'x', {ANY_ENTRY})",
    "UPDATE OR REPLACE ledger_entry SET \"index\" = 3 WHERE \"index\" = 4",
    "UPDATE ledger_entry SET rowid = 99 WHERE rowid = 1",
    f"INSERT OR REPLACE INTO ledger_content ({CONTENT}) VALUES ('inner', 3, '', '', '')",
    f"INSERT OR REPLACE INTO ledger_content (rowid, {CONTENT}) VALUES (1, 'inner', 2, '', '', '')",
    "INSERT OR REPLACE INTO ledger_erasure (log, \"index\", recorded_index, at) VALUES ('inner', 2, 6, 'x')",
    "INSERT OR REPLACE INTO ledger_erasure (log, \"index\", recorded_index, at) VALUES ('inner', 3, 6, 'x')",
    "INSERT OR REPLACE INTO ledger_erasure (rowid, log, \"index\", recorded_index, at) VALUES (1, 'open', 3, 8, 'x')",
    "INSERT OR REPLACE INTO ledger_checkpoint (log, size, root, note, at) VALUES ('inner', 5, 'x', 'x', 'x')",
    ("INSERT OR REPLACE INTO ledger_checkpoint (rowid, log, size, root, note, at) "
    "SELECT 1, 'inner', 13, root, 'x', 'x' FROM ledger_entry WHERE log = 'inner' AND \"index\" = 12"),
    "INSERT OR REPLACE INTO ledger_log (name, size, frontier, head_note) VALUES ('inner', 0, '', '')",
    "INSERT OR REPLACE INTO ledger_log (rowid, name, size, frontier, head_note) VALUES (1, 'open', 0, '', '')",
    "UPDATE OR REPLACE ledger_log SET name = 'open' WHERE name = 'inner'",
    "UPDATE OR REPLACE ledger_log SET rowid = 3 - rowid WHERE name = 'inner'",
]  # fmt: skip
ONLY_POSTGRESQL = [
    "TRUNCATE ledger_entry",
    "TRUNCATE ledger_content",
    "TRUNCATE ledger_erasure",
    "TRUNCATE ledger_checkpoint",
    "TRUNCATE ledger_log",
    "TRUNCATE ledger_entry, ledger_content, ledger_erasure, ledger_checkpoint, ledger_log CASCADE",
    "SET LOCAL session_replication_role = replica; DELETE FROM ledger_entry",
    "SET LOCAL session_replication_role = replica; TRUNCATE ledger_entry",
    "SET LOCAL session_replication_role = replica; UPDATE ledger_content SET facts = '{}'",
    (
        "MERGE INTO ledger_entry e USING (SELECT 'inner' AS log, 0 AS i) s ON e.log = s.log AND e.\"index\" = s.i "
        "WHEN MATCHED THEN UPDATE SET verb = 'watch.y'"
    ),
    (
        "MERGE INTO ledger_entry e USING (SELECT 'inner' AS log, 0 AS i) s ON e.log = s.log AND e.\"index\" = s.i "
        "WHEN MATCHED THEN DELETE"
    ),
]
HERE = {"sqlite": ONLY_SQLITE, "postgresql": ONLY_POSTGRESQL}


def refuses(statement: str) -> bool:
    """Whether our own connection is refused the statement by a guard (not by a mistake in the statement)."""
    words = ""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT attempt")
        try:
            cursor.execute(statement)
        except DatabaseError as error:
            words = str(error)
        cursor.execute("ROLLBACK TO SAVEPOINT attempt")
    return "ledger: " in words


def test_every_way_to_change_the_record_is_refused():
    make_ledger()
    attempts = REFUSED + HERE[connection.vendor]
    assert [statement for statement in attempts if not refuses(statement)] == []
    assert verify_ledger() == []


@pytest.fixture
def stranger() -> Iterator[sqlite3.Connection]:
    """A connection of another program: the same tables, triggers and rows, recursive_triggers off as SQLite has it."""
    other = sqlite3.connect(":memory:", isolation_level=None)
    make_ledger()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name LIKE 'ledger_%' AND type = 'table'"
        )
        tables = cursor.fetchall()
        for name, statement in tables:
            other.execute(statement)
            cursor.execute(f"SELECT rowid, * FROM {name}")
            rows = cursor.fetchall()
            marks = ", ".join(["?"] * len(rows[0]))
            names = ", ".join(["rowid", *(f'"{column[0]}"' for column in cursor.description[1:])])
            other.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows)
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name LIKE 'ledger_%' AND type IN ('index', 'trigger')"
        )
        for (statement,) in cursor.fetchall():
            if statement:
                other.execute(statement)
    yield other
    other.close()


def test_another_program_is_refused_too(request):
    if (
        connection.vendor == "postgresql"
    ):  # there the guards are the server's, and every program meets the same ones
        make_ledger()
        assert refuses("DELETE FROM ledger_entry")
        return
    other = request.getfixturevalue("stranger")
    assert other.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    before = list(other.iterdump())
    for statement in REFUSED + ONLY_SQLITE:
        with pytest.raises(sqlite3.IntegrityError, match="ledger: "):
            other.execute(statement)
    assert list(other.iterdump()) == before


def test_django_itself_is_refused():
    entry = write(1)
    checkpoint(now=NOW)
    for attempt in (
        lambda: entry.save(),
        lambda: entry.delete(),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.update(verb="watch.x"),
        lambda: Log.objects.all().delete(),
        lambda: Log.objects.create(name="inner"),
    ):
        with pytest.raises(DatabaseError, match="ledger: "), transaction.atomic():
            attempt()
    assert verify_ledger() == []


def test_a_right_entry_at_the_next_index_is_what_the_guards_let_through():
    write(0)
    sql(f"INSERT INTO ledger_entry ({ENTRY}) VALUES ('inner', 1, {ANY_ENTRY})")
    assert Entry.objects.count() == 2
    assert any(finding.names("inner", 1) for finding in verify_ledger())
