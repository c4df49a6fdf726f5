"""A paper as plain JSON values and back: for the pipe from the reader's process, and for keeping what was read."""

from typing import Any

from qingqu.domain.papers.pages import Aside, Box, Document, Note, Page, Run

VERSION = 1


def pack(document: Document) -> dict[str, Any]:
    """JSON values; places are rounded to hundredths, confidences to thousandths."""
    return {
        "version": VERSION,
        "source": document.source,
        "pages": [_page(page) for page in document.pages],
        "notes": [
            [note.code, note.sentence, note.needs_person, note.page, note.start, note.end, note.quoted]
            for note in document.notes
        ],
    }


def unpack(packed: dict[str, Any]) -> Document:
    """What `pack` was given; ValueError, KeyError or TypeError where it is something else."""
    if packed["version"] != VERSION:
        raise ValueError("packed by another version")
    return Document(
        packed["source"],
        tuple(_unpage(page) for page in packed["pages"]),
        tuple(Note(*note) for note in packed["notes"]),
    )


def _page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number, "text": page.text, "width": _round(page.width), "height": _round(page.height),
        "wraps": page.wraps, "runs_on": page.runs_on, "rotation": page.rotation,
        "asides": [[aside.start, aside.end, aside.kind] for aside in page.asides],
        "runs": [_run(run) for run in page.runs],
    }  # fmt: skip


def _run(run: Run) -> list[Any]:
    marks = run.handwritten | run.underlined << 1 | run.blank << 2
    box = [round(each, 2) for each in run.box] if run.box else None
    edges = [round(each, 2) for each in run.edges] if run.edges else None
    return [run.start, run.end, box, round(run.confidence, 3), marks, edges]


def _unpage(packed: dict[str, Any]) -> Page:
    return Page(
        packed["number"], packed["text"], tuple(_unrun(*run) for run in packed["runs"]),
        packed["width"], packed["height"], tuple(packed["wraps"]), packed["runs_on"],
        tuple(Aside(*aside) for aside in packed["asides"]), packed["rotation"],
    )  # fmt: skip


def _unrun(
    start: int, end: int, box: list[float] | None, confidence: float, marks: int, edges: list[float] | None
) -> Run:
    where: Box | None = (box[0], box[1], box[2], box[3]) if box else None
    hand, underlined, blank = bool(marks & 1), bool(marks & 2), bool(marks & 4)
    return Run(start, end, where, confidence, hand, underlined, blank, tuple(edges) if edges else None)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
