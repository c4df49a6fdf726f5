"""What the docs say is true: their examples run, and every hook stands on its page."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from qingqu.base import hooks

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if BLOCK.search(path.read_text("utf-8")))


def steps(page: Path) -> list[tuple[str, list[str]]]:
    """(command, lines that its output must contain) of a page's console blocks, in order."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip():
                found[-1][1].append(line.strip())
    return found


def test_the_first_path_is_among_the_examples():
    assert ROOT / "docs/run/commands.md" in PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_run_as_they_stand(page: Path, tmp_path: Path):
    variables = {
        **os.environ,
        "QINGQU_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *sys.path]),
        "DATABASE_URL": "",
    }
    variables.pop("QINGQU_SECRET_KEY", None)
    for command, expected in steps(page):
        program, *words = shlex.split(command)
        assert program == "qingqu", f"{page}: {command}"
        done = subprocess.run(
            [sys.executable, "-m", "qingqu", *words],
            env=variables, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        for line in expected:
            assert line in done.stdout, f"{command}\n{done.stdout}"


def test_every_hook_stands_on_its_page_with_what_it_carries():
    page = (ROOT / "docs/build/hooks.md").read_text("utf-8")
    named = {name: hook for name, hook in vars(hooks).items() if isinstance(hook, hooks.Hook)}
    rows = {line.split("|")[1].strip(" `"): line for line in page.splitlines() if line.startswith("| `")}
    assert set(rows) == set(named)
    for name, hook in named.items():
        assert hook.name == name
        assert set(re.findall(r"`(\w+)`", rows[name].split("|")[4])) == hook.carries, name
