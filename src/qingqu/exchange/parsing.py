"""Departments' files are opened by a process of its own (`parser`); here it is started, watched and believed only as
far as the plain data in its folder go."""

import logging
import os
import pickle
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qingqu.base.errors import Refusal
from qingqu.exchange import wire
from qingqu.exchange.cell import hidden
from qingqu.exchange.cells import KINDS
from qingqu.exchange.contracts import Contract
from qingqu.exchange.layout import NoTable, Plan, Unmapped
from qingqu.exchange.parser import TOLD, Limits, Order, Told

LIMITS = Limits()
NEEDED = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV")
START = "import sys; from qingqu.exchange.parser import main; sys.exit(main())"
TOLD_AT_MOST = 64 << 20  # bytes: a plan of two thousand columns in every sheet is far below

log = logging.getLogger(__name__)


class Unparsable(Refusal):
    """The reading process gave up: the file is too much for it, or damaged in a way that nobody foresaw."""


@dataclass(frozen=True)
class Parsed:
    """A plan and where its cells lie. `kinds`: lines that are of another kind than their part says."""

    plan: Plan
    parts: tuple[Path, ...]
    counts: dict[str, int]
    kinds: Path | None = None


def parse(
    path: Path, contract: Contract, folder: Path, *, progress: Callable[[int], None] | None = None,
    limits: Limits | None = None, **options: Any,
) -> Parsed:  # fmt: skip
    """Has a file read into an empty folder of ours. Raises a Refusal with a sentence for whatever goes wrong; it does
    not name the file. `progress` is told the rows read so far; `options` go to `layout.plan`."""
    limits = limits or LIMITS
    folder.mkdir(mode=0o700)
    order = Order(path.resolve(), contract, folder.resolve(), limits, options)
    code, timed_out = _run(order, progress or (lambda _: None))
    told = _told(folder / TOLD)
    if timed_out or told is None or told.died:
        raise _why(code, told, limits, timed_out=timed_out)
    if told.question is not None:
        raise Unmapped(hidden(told.sentence), told.question)
    if told.plan is None:
        raise NoTable(hidden(told.sentence), code=told.code)
    parts = tuple(folder / Path(name).name for name in told.parts)
    kinds = folder / KINDS
    return Parsed(told.plan, parts, dict(told.counts), kinds if kinds.is_file() else None)


def _run(order: Order, progress: Callable[[int], None]) -> tuple[int, bool]:
    """(exit code, whether the wall clock ended it)."""
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    environment["TMPDIR"] = str(order.folder)
    process = subprocess.Popen(
        [sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=environment, close_fds=True,
    )  # fmt: skip
    try:
        with process:
            return _watched(process, order, progress)
    except BaseException:
        process.kill()
        raise


def _watched(
    process: "subprocess.Popen[bytes]", order: Order, progress: Callable[[int], None]
) -> tuple[int, bool]:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    deadline = time.monotonic() + order.limits.wall
    try:
        pickle.dump(order, process.stdin)
        process.stdin.close()
    except OSError:  # it is gone already; its exit code tells
        pass
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if ready.select(min(left, 1.0)):
                told = os.read(process.stdout.fileno(), 65536)
                if not told:
                    break
                last = told.rstrip(b"\n").rpartition(b"\n")[2]
                if last.isdigit() and len(last) < 12:
                    progress(int(last))
        else:
            process.kill()
            return process.wait(), True
    return process.wait(), False


def _told(path: Path) -> Told | None:
    try:
        if path.stat().st_size > TOLD_AT_MOST:
            return None
        return wire.loads(Told, path.read_bytes())
    except (OSError, wire.GarbledError):
        return None


def _why(code: int, told: Told | None, limits: Limits, *, timed_out: bool) -> Unparsable:
    """The sentence for a reading process that did not finish. The log carries kinds only, never a cell."""
    died = told.died if told else f"exit {code}"
    log.error("reading process: %s", "wall clock" if timed_out else died)
    if timed_out or code == -24:  # SIGXCPU
        minutes = (limits.wall if timed_out else limits.cpu) // 60
        return Unparsable(
            f"读了 {minutes} 分钟还没有读完，已停下；请拆成几个文件，或另存为 CSV 后再交上来。",
            code="too_slow",
        )
    if died in {"MemoryError", "OutOfMemoryException"} or code in {-9, -6}:
        return Unparsable(
            "打开这份文件需要的内存太多，已停下；请拆成几个文件，或另存为 CSV 后再交上来。", code="too_large"
        )
    return Unparsable(
        "读这份文件的程序中途停了，文件可能已损坏；请用 Excel 或 WPS 打开后另存为新的 xlsx 或 CSV，再交上来。",
        code="parser_died",
    )
