"""A small ledger for the tests: both logs, a lawful erasure, two checkpoints and entries after them."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from qingqu.base.clock import SHANGHAI
from qingqu.ledger import guards
from qingqu.ledger.actions import checkpoint, erase, record
from qingqu.ledger.findings import Finding
from qingqu.ledger.models import Entry
from qingqu.ledger.verify import verify_ledger

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
LIN = "person:P-0001"
ERASED = 2


def write(number: int = 1, *, log: str = "inner", subject: str = "", now: datetime = NOW) -> Entry:
    """One entry about a warning (inner) or a rule (open)."""
    kind, verb = ("rule", "watch.rule_published") if log == "open" else ("warning", "watch.warning_raised")
    with transaction.atomic():
        return record(
            verb=verb,
            subject=subject or f"{kind}:W-2026-{number:04d}",
            by=LIN,
            role="inspector",
            facts={"number": number, "level": "red", "note": "甲村道路 ▲"},
            now=now + timedelta(minutes=number),
            log=log,
        )


def make_ledger() -> None:
    """inner/0-12 (inner/2 erased by inner/6) and open/0-3; checkpoints at 5 and 9 entries of inner, 2 of open."""
    for number in range(5):
        write(number)
    for number in range(2):
        write(number, log="open")
    checkpoint(now=NOW + timedelta(hours=1))
    write(5)
    erase(
        entry=Entry.objects.get(log="inner", index=ERASED),
        by=LIN,
        role="data_operator",
        reason="个人信息保护法第四十七条",
        now=NOW + timedelta(hours=2),
    )
    for number in (7, 8):
        write(number)
    checkpoint(now=NOW + timedelta(hours=3))
    for number in range(9, 13):
        write(number)
    for number in (2, 3):
        write(number, log="open")


def drop_guards() -> None:
    """What the owner of a database can do."""
    guards.remove(connection.schema_editor())


def sql(statement: str, *values: str | int) -> None:
    """Straight into the database, past every model."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[Finding]:
    """What verification says, apart from the guards that the test itself has dropped."""
    return [finding for finding in verify_ledger() if finding.code != "guard_missing"]


def with_our_code() -> dict[str, str]:
    """The environment of a process of its own that imports this tree, installed or not."""
    source = str(Path(__file__).resolve().parents[3])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, os.environ.get("PYTHONPATH", "")])}
