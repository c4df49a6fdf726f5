"""Processes that parse other people's files: started before they are needed, limited in memory and time, unable to
write a file, replaced after a crash, a time-out or many files. What they answer is JSON: a captured child can lie, and
do nothing else."""

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from qingqu.reading.errors import Unreadable

Work = Literal["paper", "scan"]
FILES_EACH = 300  # a child reads so many files at most: no library's leak grows
MAX_ANSWER = 256 * 1024 * 1024


class Child:
    """One process; `ask` is for one caller at a time."""

    def __init__(self, work: Work) -> None:
        self.asked = 0
        environment = {
            key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "LC_ALL", "HOME"}
        }
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        if threads := os.environ.get("QINGQU_READER_THREADS"):
            environment["QINGQU_READER_THREADS"] = threads
        self._process = subprocess.Popen(
            [sys.executable, "-m", "qingqu.reading.child", work],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer; raises TimeoutError when it takes too long, EOFError when the child dies."""
        self.asked += 1
        until = time.monotonic() + seconds
        if self._process.stdin is None:
            raise EOFError
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise EOFError from error
        size = int.from_bytes(self._bytes(8, until))
        if size > MAX_ANSWER:
            raise EOFError
        answer: dict[str, Any] = json.loads(self._bytes(size, until))
        return answer

    def _bytes(self, count: int, until: float) -> bytes:
        pipe = self._process.stdout
        if pipe is None:
            raise EOFError
        parts, missing = [], count
        while missing:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(pipe.fileno(), min(missing, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        """Ends the process, at once."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


class Pool:
    """Up to `papers` processes for files with text and `scans` for pictures; each is started at its first use or by
    `start`. Threads may share a pool."""

    def __init__(self, papers: int = 1, scans: int = 1, *, make: Callable[[Work], Child] = Child) -> None:
        self._make = make
        self._idle: dict[Work, list[Child]] = {"paper": [], "scan": []}
        self._free = {"paper": threading.Semaphore(papers), "scan": threading.Semaphore(scans)}
        self._lock = threading.Lock()
        self._closed = False

    def start(self, work: Work) -> None:
        """Starts a process before it is needed; recognition then loads its models while the caller does other things."""
        with self._lock:
            if not self._idle[work]:
                self._idle[work].append(self._make(work))

    def ask(self, work: Work, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The child's answer; raises Unreadable where it refuses, dies or takes too long."""
        with self._free[work]:
            child = self._take(work)
            try:
                answer = child.ask(question, seconds)
            except TimeoutError as error:
                child.end()
                sentence = (
                    f"读了 {seconds:.0f} 秒还没有读完，文件可能过大或有异常；请另存一份正常的文件再交上来。"
                )
                raise Unreadable(sentence, code="too_slow") from error
            except (EOFError, ValueError) as error:
                child.end()
                sentence = "文件有异常，解析时中断；请用 Word 或 WPS 打开后另存一份，再交上来。"
                raise Unreadable(sentence, code="crashed") from error
            except BaseException:
                child.end()
                raise
            self._give_back(work, child)
        if refused := answer.get("refused"):
            raise Unreadable(str(refused["sentence"]), code=str(refused["code"]))
        return answer

    def _take(self, work: Work) -> Child:
        with self._lock:
            if self._idle[work]:
                return self._idle[work].pop()
        return self._make(work)

    def _give_back(self, work: Work, child: Child) -> None:
        with self._lock:
            if not self._closed and child.asked < FILES_EACH:
                self._idle[work].append(child)
                return
        child.end()

    def close(self) -> None:
        """Ends all idle processes; one at work ends with its answer."""
        with self._lock:
            self._closed = True
            children = [child for idle in self._idle.values() for child in idle]
            self._idle = {"paper": [], "scan": []}
        for child in children:
            child.end()


_default: list[Pool] = []
_default_lock = threading.Lock()


def default_pool() -> Pool:
    """The pool that callers without their own share; ended with this process."""
    with _default_lock:
        if not _default:
            _default.append(Pool())
            atexit.register(_default[0].close)
        return _default[0]
