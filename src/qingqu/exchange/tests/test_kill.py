"""The importer dies at any step, or two decide at once: all or nothing, and the next start goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = r"""
import json, os, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connections
call_command("migrate", verbosity=0)
from datetime import datetime, timedelta
from pathlib import Path
from qingqu.base.clock import SHANGHAI
from qingqu.base.errors import Refusal
from qingqu.exchange import failpoints, lake, sources
from qingqu.exchange.actions import commit_import, import_file, preview_import, receive_file
from qingqu.exchange.models import Import, Snapshot
from qingqu.exchange.work import Wish
from qingqu.ledger.models import Entry
from qingqu.orgs.actions import system_operator

NOW = datetime(2026, 6, 10, 9, tzinfo=SHANGHAI)
path = Path(sys.argv[1])
by = system_operator()

def load():
    return import_file(path=path, wish=Wish("projects", "development_reform", path.name), by=by, now=NOW)

def state():
    return [Import.objects.count(), Snapshot.objects.count(), Entry.objects.filter(verb__startswith="import.").count(),
            len(list(sources.export_rows("projects")))]

def child(act):
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        act()
    except Refusal:
        os._exit(3)
    except BaseException as error:
        sys.stderr.write(repr(error))
        os._exit(4)
    os._exit(0)

def reads(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd").startswith(str(lake.scratch_root()))
    except OSError:
        return False

def die_at(point):
    os.environ[failpoints.VARIABLE] = point
    pid = child(load)
    del os.environ[failpoints.VARIABLE]
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

"""
AT_POINTS = r"""
told = {}
for point in sys.argv[2].split(","):
    code = die_at(point)
    told[point] = [code, *state()]
told["then"] = [load()["state"], *state()]
folders = sorted(p.name for p in (lake.root() / "projects").iterdir())
told["orphans"] = sum(name.startswith(".") for name in folders)
later = (datetime.now() + timedelta(days=2)).timestamp()
lake.sweep(set(Snapshot.objects.values_list("path", flat=True)), set(), later)
told["after sweep"] = sorted(p.name for p in (lake.root() / "projects").iterdir())
path.write_text(path.read_text().replace("A-0", "A-9"))
wish = Wish("projects", "development_reform", path.name)
row = receive_file(chunks=[path.read_bytes()], wish=wish, by=by, now=NOW)
preview_import(ref=row.ref, now=NOW)
row = Import.objects.get(ref=row.ref)
race = [child(lambda: commit_import(row=row, by=by, now=NOW)) for _ in range(2)]
told["race"] = sorted(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in race)
told["after race"] = state()
print(json.dumps(told))
"""
AT_ANY_MOMENT = r"""
import random, time
begun = time.monotonic()
load()
whole = time.monotonic() - begun
told = {"steps": []}
for n in range(int(sys.argv[2])):
    path.write_text(path.read_text().replace(f"A-{n},", f"A-{n + 1},"))
    before = state()
    pid = child(load)
    time.sleep(random.Random(n).uniform(0.1, 1.2 * whole))
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    told["steps"].append([before, state()])
lake.sweep(set(Snapshot.objects.values_list("path", flat=True)), set())
told["scratch"] = sorted(p.name for p in lake.scratch_root().iterdir())
for _ in range(100):  # dying takes a moment
    told["orphans"] = [p for p in os.listdir("/proc") if p.isdigit() and reads(p)]
    if not told["orphans"]:
        break
    time.sleep(0.1)
told["then"] = [load()["state"], *state()]
print(json.dumps(told))
"""
POINTS = (
    "checked", "lake-files-written", "lake-before-rename", "lake-after-rename", "snapshot-rows-written", "before-commit",
)  # fmt: skip


@pytest.fixture
def run(tmp_path, projects):
    """Runs a script on a home of its own, with a file of two projects and some words; returns what it printed."""
    path = projects(
        "A-0,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,",
        "B-2,门诊楼,县医院,990101000000,2026-01-06,980000,2026-04-01,2027-12-31,",
    )
    kept = ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV")
    environment = {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "QINGQU_HOME": str(tmp_path / "other"), "DJANGO_SETTINGS_MODULE": "qingqu.settings",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }  # fmt: skip

    def told(script, words):
        done = subprocess.run(
            [sys.executable, "-c", HEAD + script, str(path), words],
            env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return told


def test_a_crash_leaves_all_or_nothing_and_of_two_commits_one_wins(run):
    told = run(AT_POINTS, ",".join((*POINTS, "after-commit")))
    for point in POINTS:
        assert told[point] == [70, 0, 0, 0, 0], point
    assert told["after-commit"] == [70, 1, 1, 1, 2]
    assert told["then"] == ["committed", 2, 1, 2, 2]  # the same file again: all unchanged
    assert told["orphans"] > 0
    assert told["after sweep"] == ["projects-000001"]
    assert told["race"] == [0, 3]
    assert told["after race"] == [3, 2, 5, 3]


def test_killed_at_any_moment_it_leaves_all_or_nothing_and_no_process_or_folder(run):
    told = run(AT_ANY_MOMENT, "5")
    for before, after in told["steps"]:
        assert after in (before, [number + 1 for number in before])
    assert told["scratch"] == []
    assert told["orphans"] == []
    assert told["then"][0] == "committed"
