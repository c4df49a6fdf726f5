"""Two processes that append at once: no gap, no double, and the ledger verifies. On the database of this run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from qingqu.ledger.tests.making import with_our_code

APPEND = """
import sys, django
django.setup()
from django.db import transaction
from qingqu.base import clock
from qingqu.ledger.actions import record
for number in range(50):
    with transaction.atomic(durable=True):
        for log in ("inner", "open") if sys.argv[1] == "a" else ("open", "inner"):
            record(verb="watch.warning_raised", subject=f"warning:{sys.argv[1]}-{number}", by="person:P-0001",
                   role="inspector", facts={"number": number}, now=clock.now(), log=log)
"""
VERIFY = """
import json, django
django.setup()
from qingqu.base import clock
from qingqu.ledger.actions import checkpoint
from qingqu.ledger.models import Entry
from qingqu.ledger.verify import verify_ledger
checkpoint(now=clock.now())
places = {log: list(Entry.objects.filter(log=log).order_by("index").values_list("index", flat=True)) for log in ("inner", "open")}
subjects = Entry.objects.values_list("subject", flat=True).distinct().count()
print(json.dumps({"places": places, "subjects": subjects, "findings": [f.sentence for f in verify_ledger()]}))
"""
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "ledger", verbosity=0)
"""


@contextmanager
def own_database(home: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that share a new, empty database of the kind that this run tests."""
    environment = {**with_our_code(), "QINGQU_HOME": str(home)}
    if connection.vendor == "sqlite":
        yield {**environment, "DATABASE_URL": f"sqlite:///{home / 'own.sqlite3'}"}
        return
    url, name = os.environ["DATABASE_URL"], f"ledger_race_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield {**environment, "DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start(program: str, environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> str:
    words, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return words


@pytest.mark.django_db
def test_two_processes_append_to_both_logs_without_gap_or_deadlock(home):
    with own_database(home) as environment:
        finish(start(MIGRATE, environment))
        racing = [start(APPEND, environment, name) for name in "ab"]
        for process in racing:
            finish(process)
        told = json.loads(finish(start(VERIFY, environment)))
    assert told == {
        "places": {"inner": list(range(100)), "open": list(range(100))},
        "subjects": 100,
        "findings": [],
    }
    assert sorted(path.name for path in (home / "keys").iterdir() if "ledger" in path.name) == [
        "ledger.pem",
        "ledger.vkey",
    ]
