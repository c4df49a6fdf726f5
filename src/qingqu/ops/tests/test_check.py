"""Start-up conditions: each says in words what to do when it fails."""

from datetime import date

import pytest
from django.db import connection

from qingqu.ops.check import conditions


@pytest.mark.django_db
def test_a_sound_home_passes_and_each_fault_is_named(home):
    (home / "keys").mkdir(mode=0o700)
    assert [item.name for item in conditions(date(2026, 6, 10)) if not item.ok] == []
    (home / "keys").chmod(0o755)
    found = {item.name: item.sentence for item in conditions(date(2031, 1, 5)) if not item.ok}
    assert set(found) == {"keys", "calendar"}
    assert "chmod 700" in found["keys"]
    assert "2031" in found["calendar"]


@pytest.mark.django_db
def test_a_missing_next_year_is_told_in_november_without_failing(home):
    (home / "keys").mkdir(mode=0o700)
    told = {item.name: item for item in conditions(date(2026, 11, 24))}["calendar"]
    assert told.ok
    assert "2027" in told.sentence


@pytest.mark.django_db
def test_a_removed_ledger_guard_is_named(home):
    (home / "keys").mkdir(mode=0o700)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%' LIMIT 1"
            )
            cursor.execute(f"DROP TRIGGER {cursor.fetchone()[0]}")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'ledger_entry'::regclass LIMIT 1"
            )
            cursor.execute(f"DROP TRIGGER {cursor.fetchone()[0]} ON ledger_entry")
    assert "guards" in {item.name for item in conditions(date(2026, 6, 10)) if not item.ok}
