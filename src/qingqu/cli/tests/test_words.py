"""The command line as a stranger meets it: one line for wrong input, exit codes, JSON and nothing else on stdout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期\n"


@pytest.fixture(scope="module")
def qingqu(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("home") / "state"
    variables = {
        **os.environ,
        "QINGQU_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DATABASE_URL": "",
    }

    def run(*words: str | Path):
        command = [sys.executable, "-m", "qingqu", *map(str, words)]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("data", "import", "nothing", "x.csv"),
        ("data", "import", "projects", "no-such-file.csv"),
        ("data", "import", "projects"),
        ("data", "export", "nothing", "--json"),
        ("rules", "run", "--rule", "X99"),
        ("rules", "run", "--pack", "none"),
        ("rules", "run", "--as-of", "2026-13-01"),
        ("rules", "run", "--set", "P47"),
        ("rules", "run", "--engine", "sc://127.0.0.1:1"),
        ("ledger", "prove", "warning:W-1900-0001"),
        ("ledger", "verify", "--checkpoint", "no-such-file"),
        ("unknown",),
    ],
)
def test_wrong_use_is_one_line_on_stderr_and_exit_2(qingqu, words):
    qingqu("check")  # the home is made by whichever command comes first
    done = qingqu(*words)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_file_goes_in_a_warning_comes_out_and_is_proved(qingqu, tmp_path):
    (tmp_path / "p.csv").write_text(HEAD + "A,甲,县教育局,990101001,2026-03-01,2026-12-31\n", "utf-8")
    given = qingqu("data", "import", "projects", tmp_path / "p.csv", "--known-at", "2026-02-05", "--json")
    assert (given.returncode, json.loads(given.stdout)["inserted"]) == (0, 1)
    (line,) = qingqu("rules", "run", "--rule", "P47", "--as-of", "2026-06-10", "--json").stdout.splitlines()
    told = json.loads(line)
    assert (told["rule"], told["subject"]["key"], told["level"], told["measured"]) == ("P47", "A", "red", "4")
    assert told["evidence"][0]["row"]["planned_start"] == "2026-03-01"
    assert json.loads(qingqu("data", "export", "projects", "--json").stdout)["project_id"] == "A"
    assert json.loads(qingqu("ledger", "verify", "--json").stdout)["ok"] is True
    proof = json.loads(qingqu("ledger", "prove", "run:R-2026-0001", "--json").stdout)
    assert proof["log"] == "inner"
    (tmp_path / "bad.csv").write_text(HEAD + "B,乙,县教育局,99,2026-03-01,2026-12-31\n", "utf-8")
    bad = qingqu("data", "import", "projects", tmp_path / "bad.csv", "--json")
    (error,) = json.loads(bad.stdout)["errors"]
    assert (bad.returncode, error["row"], error["column"]) == (1, 2, "D")


def test_help_reads_like_a_table_of_contents(qingqu):
    text = qingqu("--help").stdout
    for title in ("Start here", "Run", "Data", "Rules", "Record"):
        assert f"{title}:" in text
    assert "data import" in text
    assert "ledger verify" in text
