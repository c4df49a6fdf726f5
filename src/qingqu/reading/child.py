"""The inside of a limited process (`python -m qingqu.reading.child paper|scan`): one question a line, one answer each.

An answer is its length (8 bytes, big-endian) and JSON. Limits: memory, processor time per file, no files written, few
opened, no dump of memory.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

MEMORY = {
    "paper": 1024**3,
    "scan": 4 * 1024**3,
}  # of addresses, of which recognition reserves far more than it uses
SECONDS = {"paper": 25, "scan": 600}  # of processor time for one file


def main(work: str, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answers until there are no more questions."""
    _limit(work)
    _prepare(work)
    for line in questions:
        _more_time(work)
        question = json.loads(line)
        data = json.dumps(_answer(work, question), ensure_ascii=False, separators=(",", ":")).encode()
        answers.write(len(data).to_bytes(8) + data)
        answers.flush()


def _limit(work: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY[work], MEMORY[work]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))


def _more_time(work: str) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS[work]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _prepare(work: str) -> None:
    """Loads what every file needs, before the first one comes."""
    from qingqu.reading import docx, pdf, plain

    del docx, pdf, plain
    if work == "scan":
        from qingqu.reading import ocr

        ocr.warm()


def _answer(work: str, question: dict[str, Any]) -> dict[str, Any]:
    from qingqu.reading.document import parse
    from qingqu.reading.errors import Unreadable

    try:
        return parse(question["kind"], [Path(path) for path in question["paths"]], recognising=work == "scan")
    except Unreadable as refusal:
        return {"refused": {"code": refusal.code, "sentence": refusal.sentence}}
    except MemoryError:
        return _refused(
            "too_large", "文件太大或太复杂，超出了允许的内存；请只交合同本身，或另存一份再交上来。"
        )
    except RecursionError:
        return _refused("broken", "文件的结构嵌套得不正常，不予打开；请用 Word 或 WPS 另存一份再交上来。")
    except Exception:
        return _refused("broken", "文件有异常，读不下去；请用 Word 或 WPS 打开后另存一份，再交上来。")


def _refused(code: str, sentence: str) -> dict[str, Any]:
    return {"refused": {"code": code, "sentence": sentence}}


if __name__ == "__main__":
    _answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    main(sys.argv[1], sys.stdin.buffer, _answers)
