"""A run: one open warning a rule and subject, its colour follows the data, and a killed run leaves nothing."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from qingqu.base.errors import Refusal
from qingqu.exchange.actions import Wish, import_file
from qingqu.ledger.models import Entry
from qingqu.ledger.verify import verify_ledger
from qingqu.orgs.actions import system_operator
from qingqu.watch import actions
from qingqu.watch.actions import run_rules
from qingqu.watch.models import Run, Warning
from qingqu.watch.rules import published
from tests.cast import NOW, make_cast

HEAD = "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期,实际开工日期,延期原因\n"
pytestmark = pytest.mark.django_db


def send(folder: Path, *, started: str = "", reason: str = "", days_ago: int = 0) -> None:
    path = folder / "p.csv"
    path.write_text(HEAD + f"A,甲,县教育局,990101001,2026-05-15,2026-12-31,{started},{reason}\n", "utf-8")
    known_at = NOW - timedelta(days=days_ago)
    wish = Wish("projects", "development_reform", path.name, "", known_at)
    import_file(path=path, wish=wish, by=system_operator(), now=NOW)


def look(day: int = 0, **more: object):
    when = NOW + timedelta(days=day)
    given = {
        "rules": published(codes=["P47"]),
        "as_of": when.date(),
        "known_at": when,
        "by": system_operator(),
        "now": when,
    }
    return run_rules(**{**given, **more})  # type: ignore[arg-type]


def test_a_warning_rises_with_time_and_closes_when_newer_data_clear_it(tmp_path):
    send(tmp_path)
    look()
    look()  # nothing changed: nothing happens
    warning = Warning.objects.get()
    assert (warning.level, warning.events.count()) == ("yellow", 1)
    look(30)  # July: the third calendar month
    warning.refresh_from_db()
    assert (warning.level, warning.measured) == ("red", "3")
    send(tmp_path, started="2026-06-09")
    look(31)
    warning.refresh_from_db()
    assert warning.state == "closed"
    assert "不再触发" in warning.closed_reason
    assert list(warning.events.order_by("pk").values_list("kind", flat=True)) == ["raised", "risen", "closed"]
    assert Entry.objects.filter(verb="run.recorded").count() == Run.objects.count() == 4
    assert verify_ledger() == []


def test_the_approving_authoritys_reason_silences(tmp_path):
    send(tmp_path, reason="征地未完成，批准延期")
    look()
    assert not Warning.objects.exists()


def test_a_rule_without_data_raises_one_blue_notice_and_leaves_warnings_alone(tmp_path):
    look()
    look()
    notice = Warning.objects.get()
    assert (notice.level, notice.subject_kind, notice.subject_key) == ("blue", "dataset", "projects")
    send(tmp_path)
    look()
    notice.refresh_from_db()
    assert notice.state == "closed"
    assert Warning.objects.open().get().level == "yellow"
    look(1200)  # the data are now too old to judge by
    assert set(Warning.objects.open().values_list("level", flat=True)) == {"yellow", "blue"}


def test_a_run_sees_what_was_known_then(tmp_path):
    send(tmp_path, days_ago=20)
    send(tmp_path, started="2026-06-01", days_ago=2)
    before = look(dry_run=True, known_at=NOW - timedelta(days=5))
    now = look(dry_run=True)
    assert [finding.state for finding in before.findings] == ["triggered"]
    assert now.findings == []
    assert before.identity != now.identity
    assert look(dry_run=True, known_at=NOW - timedelta(days=4)) == before
    assert not Warning.objects.exists()
    row = look(known_at=NOW - timedelta(days=5)).row
    assert (row.known_at[:10], row.at) == ("2026-06-05", NOW)  # what was known, and when it ran


def test_only_who_may_run_rules_runs_them():
    cast = make_cast()
    with pytest.raises(PermissionDenied):
        look(by=cast["zhou"])
    with pytest.raises(PermissionDenied):
        look(by=cast["guo"])
    assert look(by=cast["chen"]).row is not None


@pytest.mark.parametrize(
    "words", ["P47", "P47.red_months", "P47.red_months=x", "P47.red_months=99", "X1.a=1"]
)
def test_a_wrong_setting_is_refused_with_a_sentence(words):
    with pytest.raises(Refusal):
        published(settings=[words])


def test_a_failure_in_the_middle_of_recording_leaves_the_warnings_as_they_were(tmp_path, monkeypatch):
    send(tmp_path)

    def fail(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        look()
    assert not Warning.objects.exists()
    assert not Run.objects.exists()


def test_a_killed_run_leaves_nothing_and_the_next_finds_the_same(tmp_path):
    home = tmp_path / "killed"
    variables = {
        **os.environ,
        "QINGQU_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DATABASE_URL": "",
    }
    (tmp_path / "p.csv").write_text(HEAD + "A,甲,县教育局,990101001,2026-05-15,2026-12-31,,\n", "utf-8")
    qingqu = [sys.executable, "-m", "qingqu"]
    given = [*qingqu, "data", "import", "projects", str(tmp_path / "p.csv")]
    subprocess.run(given, env=variables, check=True, capture_output=True)
    script = (
        "import os, sys, unittest.mock as m\nimport django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'qingqu.settings'\ndjango.setup()\n"
        "m.patch('qingqu.watch.actions.record', side_effect=lambda **k: os._exit(70)).start()\n"
        "from qingqu.__main__ import main\nsys.argv = ['qingqu', 'rules', 'run', '--rule', 'P47', '--as-of', '2026-06-10']\nmain()\n"
    )
    died = subprocess.run([sys.executable, "-c", script], env=variables, check=False, capture_output=True)
    assert died.returncode == 70, died.stderr.decode()
    outputs = [
        subprocess.run([*qingqu, "rules", "run", "--rule", "P47", "--as-of", "2026-06-10", "--json"], env=variables, check=True, capture_output=True).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"\n") == 1
    whole = subprocess.run(
        [*qingqu, "ledger", "verify", "--json"], env=variables, check=True, capture_output=True
    )
    assert b'"ok": true' in whole.stdout
