"""The process that reads departments' files: whatever becomes of it, one sentence, and nothing of the file elsewhere."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qingqu.base.errors import Refusal
from qingqu.exchange import lake, parsing, work
from qingqu.exchange.contracts import load
from qingqu.exchange.parser import TOLD, Limits
from qingqu.exchange.parsing import Unparsable, parse

ROAD = "A-1,通村路,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,"


@pytest.fixture
def read(projects, tmp_path):
    """Has a small file read; more lines and limits on request."""

    def run(*lines, **limits):
        path = projects(*(lines or (ROAD,)))
        return parse(path, load("projects"), tmp_path / "cells", limits=replace(Limits(), **limits))

    return run


def test_a_file_comes_back_as_a_plan_with_its_cells(read, tmp_path):
    told = read()
    assert told.counts == {"h": 1, "d": 1}
    assert [sheet.header.last_row for sheet in told.plan.sheets] == [1]
    assert all(part.parent == tmp_path / "cells" and part.is_file() for part in told.parts)


def test_cells_of_several_lines_stay_whole(workbook, tmp_path):
    head = ["项目代码", "项目名称", "建设单位", "行政区划代码", "计划开工时间", "计划竣工时间"]
    cells = ["A-1", '通村路\r\n"二期"\n', "交通局\r", 990101003000, "2026-01-05", "2026-02-05"]
    told = parse(workbook({"项目": [head, cells]}), load("projects"), tmp_path / "cells")
    with lake.bench_in(tmp_path) as made:
        (row,) = made.run(
            f"SELECT c1, c2 FROM ({lake.raw(told.parts, told.kinds)}) WHERE _kind = 'd'"
        ).fetchall()
    assert list(row) == cells[1:3]


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("import os; os.abort()", "too_large"), ("import os; os.kill(os.getpid(), 9)", "too_large"),
        ("import os; os.kill(os.getpid(), 24)", "too_slow"), ("import os; os.kill(os.getpid(), 11)", "parser_died"),
        ("raise SystemExit(3)", "parser_died"), ("raise RuntimeError('110101199003075611')", "parser_died"), ("", "parser_died"),
        ("import pickle, sys; open(pickle.load(sys.stdin.buffer).folder / 'told.json', 'w').write('{}')", "parser_died"),
        ("import time; time.sleep(60)", "too_slow"),
    ],
)  # fmt: skip
def test_a_process_that_ends_otherwise_is_one_sentence(read, monkeypatch, caplog, start, code):
    monkeypatch.setattr(parsing, "START", start)
    with pytest.raises(Unparsable) as refused:
        read(wall=2 if "sleep" in start else 60)
    assert refused.value.code == code
    assert refused.value.sentence.endswith("再交上来。")
    assert "110101199003075611" not in caplog.text


def test_too_little_memory_is_one_sentence(read):
    with pytest.raises(Unparsable) as refused:
        read(*(ROAD.replace("A-1", f"A-{n}") for n in range(2000)), memory=150 << 20)
    assert refused.value.code in {"too_large", "parser_died"}


@pytest.mark.parametrize("text", ["a" * 300_000, "P-1,甲\n" + "b" * 6_000_000])
def test_a_file_without_line_ends_is_one_sentence(tmp_path, text):
    path = tmp_path / "表.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal, match=r"换行|这一行"):
        parse(path, load("projects"), tmp_path / "cells")


def test_the_sentence_names_the_file(projects, monkeypatch):
    monkeypatch.setattr(parsing, "START", "import os; os.abort()")
    with (
        pytest.raises(Refusal, match=r"^项目\.csv：") as refused,
        work.opened(projects(ROAD), load("projects"), "项目.csv"),
    ):
        pass
    assert refused.value.code == "too_large"


def test_the_process_is_confined(tmp_path):
    script = (
        "import resource, sys; from qingqu.exchange.parser import Limits, confine; confine(Limits(file=1000));"
        "print([resource.getrlimit(one) for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)]);"
        "f = open(sys.argv[1], 'wb'); f.write(b'x' * 5000); f.flush()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "big")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    limits = Limits()
    assert done.stdout.strip() == str([(one, one) for one in (limits.memory, limits.cpu, limits.files)])
    assert done.returncode != 0
    assert (tmp_path / "big").stat().st_size <= 1000


def test_the_process_dies_with_its_parent(tmp_path):
    script = (
        "import os, sys, time; from qingqu.exchange.parser import Limits, confine\n"
        "pid = os.fork()\n"
        "if pid:\n time.sleep(1)\n print(pid, flush=True)\n os.kill(os.getpid(), 9)\n"
        "confine(Limits()); time.sleep(60)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL
    for _ in range(100):
        state = _state(int(done.stdout))
        if state in {"", "Z"}:
            return
        signal.sigtimedwait([], 0.05)
    raise AssertionError("it lives on")


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_it_starts_with_few_variables_and_without_the_framework(tmp_path, projects, monkeypatch):
    monkeypatch.setenv("QINGQU_SECRET_KEY", "secret")
    monkeypatch.setattr(
        parsing, "START",
        "import json, os, pickle, sys; order = pickle.load(sys.stdin.buffer); import qingqu.exchange.parser, qingqu.exchange.bulk;"
        "(order.folder / 'seen').write_text(json.dumps([sorted(os.environ), [m for m in sys.modules if m.startswith('django.db')]]))",
    )  # fmt: skip
    with pytest.raises(Unparsable):
        parse(projects(ROAD), load("projects"), tmp_path / "cells")
    seen = (tmp_path / "cells" / "seen").read_text()
    assert "QINGQU" not in seen
    assert "django.db" not in seen
    assert not (tmp_path / "cells" / TOLD).exists()
    assert os.environ["QINGQU_SECRET_KEY"] == "secret"
