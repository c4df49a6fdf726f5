"""The ledger's guards inside the database: what no program may do to the record, ours included.

Entries, erasures and checkpoints: never updated, deleted, replaced or truncated; an entry comes only at the next
index. A content comes only together with its entry and goes only under a recorded erasure. A head grows by one.

SQLite's `INSERT OR REPLACE` removes rows without telling delete triggers (unless recursive_triggers is on), by
the key or by the hidden rowid: the insert triggers look for both. On PostgreSQL the triggers are ENABLE ALWAYS, so
that `session_replication_role` does not pass them by. The owner of a database can drop triggers: `ledger verify`
says so when one is missing or altered, and finds what was done meanwhile.

Migrations call `install`; a later migration that rebuilds one of the tables on SQLite (which loses its triggers)
must call it again."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_NEVER = {
    "entry": ("UPDATE", "DELETE"),
    "erasure": ("UPDATE", "DELETE"),
    "checkpoint": ("UPDATE", "DELETE"),
    "content": ("UPDATE",),
    "log": ("DELETE",),
}
# The condition under which a change is refused.
_REFUSED_WHEN = {
    ("entry", "INSERT"): """
        NOT EXISTS (SELECT 1 FROM ledger_log WHERE name = NEW.log AND size = NEW."index")
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE log = NEW.log AND "index" >= NEW."index")""",
    ("content", "INSERT"): """
        NOT EXISTS (SELECT 1 FROM ledger_log WHERE name = NEW.log AND size = NEW."index")
        OR NOT EXISTS (SELECT 1 FROM ledger_entry WHERE log = NEW.log AND "index" = NEW."index")
        OR EXISTS (SELECT 1 FROM ledger_content WHERE log = NEW.log AND "index" = NEW."index")""",
    ("content", "DELETE"): """
        NOT EXISTS (SELECT 1 FROM ledger_erasure WHERE log = OLD.log AND "index" = OLD."index")""",
    ("erasure", "INSERT"): """
        EXISTS (SELECT 1 FROM ledger_erasure
                WHERE (log = NEW.log AND "index" = NEW."index") OR recorded_index = NEW.recorded_index)
        OR NOT EXISTS (SELECT 1 FROM ledger_content WHERE log = NEW.log AND "index" = NEW."index")
        OR NOT EXISTS (SELECT 1 FROM ledger_entry WHERE log = 'inner' AND "index" = NEW.recorded_index
                AND verb = 'ledger.content_erased' AND subject = 'entry:' || NEW.log || '.' || NEW."index")""",
    ("checkpoint", "INSERT"): """
        EXISTS (SELECT 1 FROM ledger_checkpoint WHERE log = NEW.log AND size >= NEW.size)
        OR NOT EXISTS (SELECT 1 FROM ledger_entry
                WHERE log = NEW.log AND "index" = NEW.size - 1 AND root = NEW.root)""",
    ("log", "INSERT"): """
        NEW.size <> 0 OR EXISTS (SELECT 1 FROM ledger_log WHERE name = NEW.name)""",
    ("log", "UPDATE"): """
        NEW.name <> OLD.name OR NEW.size <> OLD.size + 1
        OR NOT EXISTS (SELECT 1 FROM ledger_entry WHERE log = NEW.name AND "index" = NEW.size - 1)""",
}
_SAME_ROWID = "\n        OR EXISTS (SELECT 1 FROM TABLE WHERE rowid = NEW.rowid)"
_TABLES = ("log", "entry", "content", "erasure", "checkpoint")


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Puts every guard in place, replacing those that stand."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        for name, statement in _sqlite().items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
            schema_editor.execute(statement, params=None)
    elif connection.vendor == "postgresql":
        for name, (table, timing, body) in _postgresql().items():
            schema_editor.execute(_function(name, body), params=None)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)
            schema_editor.execute(f"CREATE TRIGGER {name} {timing} EXECUTE FUNCTION {name}()", params=None)
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)
    else:
        raise NotImplementedError("the ledger's guards are written for SQLite and PostgreSQL")


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Takes every guard away: for a migration that rebuilds the tables, and for tests that tamper."""
    if schema_editor.connection.vendor == "sqlite":
        for name in _sqlite():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
    else:
        for name, (table, _, _) in _postgresql().items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of guards that are not there, not switched on or not as we wrote them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            standing = dict(cursor.fetchall())
            return [name for name, statement in _sqlite().items() if standing.get(name) != statement]
        cursor.execute(
            "SELECT t.tgname, c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled = 'A' AND pg_table_is_visible(c.oid)"
        )
        found = {name: (table, source) for name, table, source in cursor.fetchall()}
    expected = {name: (table, body) for name, (table, _, body) in _postgresql().items()}
    return [name for name, whole in expected.items() if found.get(name) != whole]


def _sqlite() -> dict[str, str]:
    """Trigger name → statement, exactly as sqlite_master keeps it."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'ledger: {table} refuses this {event}'); END"
    triggers = {}
    for table, events in _NEVER.items():
        for event in events:
            name = f"ledger_{table}_no_{event.lower()}"
            body = refuse.format(table=table, event=event)
            triggers[name] = f"CREATE TRIGGER {name} BEFORE {event} ON ledger_{table} {body}"
    for (table, event), when in _REFUSED_WHEN.items():
        name = f"ledger_{table}_{event.lower()}"
        if event == "INSERT":
            when += _SAME_ROWID.replace("TABLE", f"ledger_{table}")
        if event == "UPDATE":
            when += "\n        OR NEW.rowid <> OLD.rowid"
        body = refuse.format(table=table, event=event)
        triggers[name] = f"CREATE TRIGGER {name} BEFORE {event} ON ledger_{table} WHEN ({when}) {body}"
    return triggers


def _postgresql() -> dict[str, tuple[str, str, str]]:
    """Trigger name → (table, when it fires, body of its function of the same name)."""
    refuse = "RAISE EXCEPTION 'ledger: % refuses this %', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000';"
    triggers = {}
    for table in _TABLES:
        events = " OR ".join(_NEVER[table])
        on = f"ledger_{table}"
        triggers[f"{on}_never"] = (on, f"BEFORE {events} ON {on} FOR EACH ROW", f"BEGIN {refuse} END")
        triggers[f"{on}_whole"] = (on, f"BEFORE TRUNCATE ON {on} FOR EACH STATEMENT", f"BEGIN {refuse} END")
    for (table, event), when in _REFUSED_WHEN.items():
        on, row = f"ledger_{table}", "OLD" if event == "DELETE" else "NEW"
        body = f"BEGIN IF ({when}) THEN {refuse} END IF; RETURN {row}; END"
        triggers[f"{on}_{event.lower()}"] = (on, f"BEFORE {event} ON {on} FOR EACH ROW", body)
    return triggers


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$"
