"""The importer dies at any step, or two decide at once: all or nothing, and the next start goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = r"""
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

def die_at(point):
    os.environ[failpoints.VARIABLE] = point
    pid = child(load)
    del os.environ[failpoints.VARIABLE]
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

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
path.write_text(path.read_text().replace("A-1", "A-9"))
wish = Wish("projects", "development_reform", path.name)
row = receive_file(chunks=[path.read_bytes()], wish=wish, by=by, now=NOW)
preview_import(ref=row.ref, now=NOW)
row = Import.objects.get(ref=row.ref)
race = [child(lambda: commit_import(row=row, by=by, now=NOW)) for _ in range(2)]
told["race"] = sorted(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in race)
told["after race"] = state()
print(json.dumps(told))
"""
POINTS = (
    "checked", "lake-files-written", "lake-before-rename", "lake-after-rename", "snapshot-rows-written", "before-commit",
)  # fmt: skip


def test_a_crash_leaves_all_or_nothing_and_of_two_commits_one_wins(tmp_path, projects):
    path = projects(
        "A-1,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,",
        "A-2,门诊楼,县医院,990101000000,2026-01-06,980000,2026-04-01,2027-12-31,",
    )
    kept = ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV")
    environment = {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "QINGQU_HOME": str(tmp_path / "other"), "DJANGO_SETTINGS_MODULE": "qingqu.settings",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), ",".join((*POINTS, "after-commit"))],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    for point in POINTS:
        assert told[point] == [70, 0, 0, 0, 0], point
    assert told["after-commit"] == [70, 1, 1, 1, 2]
    assert told["then"] == ["committed", 2, 1, 2, 2]  # the same file again: all unchanged
    assert told["orphans"] > 0
    assert told["after sweep"] == ["projects-000001"]
    assert told["race"] == [0, 3]
    assert told["after race"] == [3, 2, 5, 3]
