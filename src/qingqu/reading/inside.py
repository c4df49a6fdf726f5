"""Which reader a file gets, inside the limited process. Heavy libraries are imported where they are needed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qingqu.domain.papers.pages import Document
from qingqu.reading.errors import Unreadable

if TYPE_CHECKING:
    from qingqu.reading.pdf import Recognised
    from qingqu.reading.pdf_view import View

DPI = 200
FEW = 20  # characters: a Word file with no more than these and with pictures is a folder of pictures


def read(kind: str, paths: Sequence[Path], *, recognising: bool) -> Document | str:
    """The document, or the kind under which recognition has to read it."""
    if kind == "picture":
        return _pictures([path.read_bytes() for path in paths])
    path = paths[0]
    if kind == "text":
        from qingqu.reading.plain import read_text

        return read_text(path)
    if kind == "docx":
        return _docx(path, recognising=recognising)
    if kind == "ofd":
        from qingqu.reading.ofd import read_ofd

        return read_ofd(path)
    from qingqu.reading.pdf import NeedsRecognition, read_pdf

    try:
        return read_pdf(path, _recognise if recognising else None)
    except NeedsRecognition:
        return kind


def _docx(path: Path, *, recognising: bool) -> Document | str:
    from qingqu.reading.docx import pictures, read_docx

    document = read_docx(path)
    words = sum(len(page.text.strip()) for page in document.pages)
    if words > FEW:
        return document
    images = [
        data
        for data in pictures(path)
        if data[:4] in {b"\x89PNG", b"II*\x00", b"MM\x00*"} or data[:3] == b"\xff\xd8\xff"
    ]
    if not images:
        if words:
            return document
        raise Unreadable("文档里没有文字；请确认不是空白文档，再交上来。", code="no_text")
    if not recognising:
        return "docx"
    scan = _pictures(images)
    kept = [note for note in document.notes if note.code != "image"]
    return replace(scan, notes=(*kept, *scan.notes))


def _pictures(files: Sequence[bytes]) -> Document:
    from qingqu.reading.picture import frames
    from qingqu.reading.scan import read_scan

    return read_scan([picture for data in files for picture in frames(data)])


def _recognise(page: Any, view: "View") -> "Recognised":
    """A page of a PDF as a picture, recognised; places in points."""
    import numpy as np

    from qingqu.reading.picture import LONG_SIDE
    from qingqu.reading.scan import recognise

    scale = min(DPI / 72, LONG_SIDE / max(view.width, view.height))
    picture = page.render(scale=scale).to_numpy()
    picture = np.repeat(picture[:, :, :1], 3, axis=2) if picture.shape[2] == 1 else picture[:, :, :3]
    return recognise(np.ascontiguousarray(picture), (view.width, view.height))
