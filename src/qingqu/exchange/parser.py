"""The reading process, started by `parsing`, one a file.

It alone opens a department's file. It has little memory, time and room, no way to our data, and dies with its parent.
On standard input: pickled `Order` from our own process. On standard output: now and then a line with the rows read. In its
folder: the cells (`cells`), then `told.json`: a `Told`."""

import ctypes
import faulthandler
import os
import pickle
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qingqu.exchange import wire
from qingqu.exchange.contracts import Contract
from qingqu.exchange.layout import Plan
from qingqu.exchange.suggesting import Question

TOLD = "told.json"
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Bytes and seconds; ours, measured with the largest files that the limits of `reading`
    admit (a workbook of 50 million cells' area, a csv of ten million rows)."""

    memory: int = 4 << 30
    engine: str = "600MB"
    cpu: int = 900
    file: int = 8 << 30
    files: int = 128
    wall: int = 1200


@dataclass(frozen=True)
class Order:
    """What to read. `options` go to `layout.plan` as they are."""

    path: Path
    contract: Contract
    folder: Path
    limits: Limits
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What came of it: a plan with parts and counts of lines by kind; or a sentence, perhaps with a question about columns; or neither, when the process could
    not go on (`died`: the kind of error)."""

    plan: Plan | None = None
    parts: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    sentence: str = ""
    code: str = ""
    question: Question | None = None
    died: str = ""


def confine(limits: Limits) -> None:
    """Takes away what reading does not need. Raised again it cannot be."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.cpu), (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NOFILE, limits.files), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))


def main() -> int:
    """Reads one order and answers it."""
    faulthandler.disable()
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
    parent = os.getppid()
    confine(order.limits)
    if os.getppid() != parent:  # it died before we asked to die with it
        return 1
    os.chdir(order.folder)
    try:
        told = _read(order)
    except MemoryError:
        told = Told(died="MemoryError")
    except Exception as error:
        told = Told(died=type(error).__name__)
    (order.folder / TOLD).write_text(wire.dumps(told), "utf-8")
    return 0


def _read(order: Order) -> Told:
    from qingqu.base.errors import Refusal
    from qingqu.exchange import below, cells, lake, layout
    from qingqu.reading.errors import Unreadable

    def progress(rows: int) -> None:
        sys.stdout.write(f"{rows}\n")
        sys.stdout.flush()

    lake.confine(order.folder, (order.path,), order.limits.engine)
    try:
        plan = layout.plan(order.path, order.contract, **order.options)
        with lake.bench_in(order.folder) as made:
            found = cells.stage(made, plan, progress)
        plan = below.applied(plan, order.contract, found.below)
    except layout.Unmapped as error:
        return Told(sentence=error.sentence, code=error.code, question=error.question)
    except (Refusal, Unreadable) as error:
        return Told(sentence=error.sentence, code=error.code)
    return Told(plan, tuple(path.name for path in found.parts), found.counts)
