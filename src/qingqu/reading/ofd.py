"""OFD (GB/T 33190)."""

from pathlib import Path

from qingqu.domain.papers.pages import Document
from qingqu.reading.errors import Unreadable


def read_ofd(path: Path) -> Document:
    """Refused so far, by name."""
    raise Unreadable("OFD 文件这里还读不了；请用 OFD 阅读器导出为 PDF，再交上来。", code="is_ofd")
