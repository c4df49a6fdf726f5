"""Marked workbooks on their shelf: `QINGQU_HOME/marked/`, made by a process of its own, gone after a month."""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from qingqu.exchange import checking, lake, marking
from qingqu.exchange.columnar import open_parquet
from qingqu.exchange.work import Work
from qingqu.reading.errors import Unreadable
from qingqu.reading.sniff import kind_of

MARKED = 100_000  # wrong cells that are coloured
KEPT = 31 * 24 * 3600  # seconds: a month of work
WAIT = 4 * marking.SECONDS  # by the clock: other work may have the machine

log = logging.getLogger(__name__)


def shelf() -> Path:
    """Where the workbooks lie; readable by us alone, since they hold departments' cells."""
    folder = Path(settings.QINGQU_HOME) / "marked"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def place(name: str) -> Path:
    """The workbook of an import (its reference) or of a file of the command line. A name carries nothing of the file."""
    return shelf() / f"{name}.xlsx"


def job(found: Work, source: Path, target: Path) -> marking.Job:
    """What is wrong with a checked file, as far as we colour it."""
    told = checking.problems(found.made, found.contract, found.plan, MARKED)
    heads = {one.sheet.name: (one.header.first_row, one.header.last_row) for one in found.plan.sheets}
    width = max(len(one.header.columns) for one in found.plan.sheets)
    marks = tuple(
        marking.Mark(
            str(one["sheet"]), int(str(one["row"])), _index(str(one["column"])), str(one["header"]),
            str(one["value"]), str(one["message"]), str(one["fix"]),
        )
        for one in told
    )  # fmt: skip
    wrong = max(found.checked.problems, len(marks))
    return marking.Job(str(source), str(target), marks, wrong, heads, found.checked.rows * width)


def _index(column: str) -> int | None:
    """0 for A, 26 for AA; None for a field that the file has no column for."""
    number = 0
    for sign in column:
        number = number * 26 + ord(sign) - 64
    return number - 1 if number else None


def note(found: Work, source: Path, ref: str) -> None:
    """Keeps what is wrong with an upload for the task that marks it, while the check still stands on its bench."""
    told = _note(ref)
    told.touch(mode=0o600)
    told.write_text(job(found, source, place(ref)).dump(), "utf-8")


def make_noted(ref: str) -> bool:
    """Makes the workbook of an upload from what was noted of it; False when it could not be made."""
    told = _note(ref)
    try:
        return make(marking.Job.load(told.read_text("utf-8")))
    except FileNotFoundError:
        return False
    finally:
        told.unlink(missing_ok=True)


def _note(ref: str) -> Path:
    return shelf() / f".{ref}.json"


def make(wanted: marking.Job) -> bool:
    """Makes the workbook in a limited process; whole or not at all. False when it could not be made (the log says why,
    without a word of the file)."""
    folder = Path(tempfile.mkdtemp(prefix="bench-mark-", dir=lake.scratch_root()))
    fresh, target = folder / "marked.xlsx", Path(wanted.target)
    try:
        told = folder / "job.json"
        told.touch(mode=0o600)
        source = _readable(Path(wanted.source), folder)
        told.write_text(replace(wanted, source=str(source), target=str(fresh)).dump(), "utf-8")
        command = [sys.executable, "-m", "qingqu.exchange.marking", str(told)]
        environment = {"PATH": os.environ.get("PATH", ""), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=WAIT, check=False, text=True
        )
        if done.returncode or not fresh.is_file():
            log.error(
                "marked workbook not made: %s", done.stderr.strip().splitlines()[-1:] or done.returncode
            )
            return False
        fresh.chmod(0o600)
        fresh.replace(target)
    except Unreadable as error:
        log.error("marked workbook not made: %s", error.code)  # noqa: TRY400 - the sentence may name columns
        return False
    except subprocess.TimeoutExpired:
        log.error("marked workbook not made: took too long")  # noqa: TRY400 - the trace would name the file
        return False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _readable(source: Path, folder: Path) -> Path:
    """A file that the marking process can read: the lake's engine reads Parquet, so that is told to it as JSON lines."""
    if kind_of(source) != "parquet":
        return source
    rows = open_parquet(source).sheets[0].rows()
    _, names = next(rows)
    lines = folder / "rows.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for _, cells in rows:
            told = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
    return lines


def sweep(now: float | None = None) -> int:
    """Removes workbooks older than a month; for `tick`. Returns how many."""
    limit = (time.time() if now is None else now) - KEPT
    gone = [path for path in shelf().iterdir() if path.stat().st_mtime < limit]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
