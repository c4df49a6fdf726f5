"""Old Word and WPS documents, made into docx by LibreOffice where a county has it installed.

The conversion runs on its own: a fresh profile in a folder that vanishes, no macros, limited time and memory. Without
LibreOffice the caller's request to save as docx stands.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qingqu.reading.errors import Unreadable

SECONDS = 60
MEMORY = 3 * 1024**3
NAMES = ("soffice", "libreoffice")


def converter() -> str | None:
    """LibreOffice's command; None if it is not installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def as_docx(path: Path, command: str) -> Iterator[Path]:
    """A docx of this document, gone afterwards; raises Unreadable where LibreOffice makes none."""
    with tempfile.TemporaryDirectory(prefix="qingqu-") as folder:
        copy = Path(folder) / "paper.doc"
        shutil.copyfile(path, copy)
        try:
            subprocess.run(
                ["/bin/sh", "-c", f'ulimit -c 0 -t {SECONDS} -v {MEMORY // 1024}; exec "$@"', "sh",
                 command, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--convert-to",
                 "docx", "--outdir", f"{folder}/out", str(copy)],
                timeout=SECONDS, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={"HOME": folder, "PATH": "/usr/bin:/bin"},
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            raise _failed() from error
        made = Path(folder) / "out" / "paper.docx"
        if not made.is_file():
            raise _failed()
        yield made


def _failed() -> Unreadable:
    return Unreadable(
        "旧格式的文档转换不成；请用 Word 或 WPS 打开后另存为 docx 或 PDF，再交上来。", code="is_doc"
    )
