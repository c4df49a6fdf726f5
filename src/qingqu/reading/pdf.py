"""PDF: the text layer with the place of every character; a page without a trustworthy one goes to recognition.

Places are points from the top left of the page as it is shown (its own rotation and crop applied).
"""

from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium

from qingqu.domain.papers.pages import Document, Note
from qingqu.reading.arrange import arrange
from qingqu.reading.characters import rubbish
from qingqu.reading.errors import Unreadable
from qingqu.reading.layout import Sheet, pages_of
from qingqu.reading.pdf_text import Layer, text_layer
from qingqu.reading.pdf_view import View, rules_and_pictures

MAX_PAGES = 200
PIXELS = 200 / 72  # recognition looks at 200 dots an inch


class NeedsRecognition(Exception):  # noqa: N818 - a fork in the road, not a defect
    """A page has no text layer that can be trusted, and no recogniser was given."""


Recogniser = Callable[[bytes, int, int], "Recognised"]
Recognised = tuple[Sheet, list[Note]]


def read_pdf(path: Path, recognise: Callable[[pdfium.PdfPage, View], Recognised] | None = None) -> Document:
    """The document. Pages without usable text are given to `recognise`; without one NeedsRecognition is raised."""
    document = _opened(path)
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable(
                f"PDF 有 {len(document)} 页，超过 {MAX_PAGES} 页；请只交合同本身，附件分开交。",
                code="too_many_pages",
            )
        if not len(document):
            raise broken()
        sheets: list[Sheet] = []
        notes: list[Note] = []
        recognised = 0
        for index in range(len(document)):
            sheet, said, was_picture = _sheet(document, index, recognise)
            sheets.append(sheet)
            notes += said
            recognised += was_picture
        pages, more = pages_of(sheets)
        if not any(page.text.strip() for page in pages):
            raise Unreadable("PDF 里没有文字；请确认不是空白页，再交上来。", code="no_text")
        return Document("scan" if recognised * 2 > len(sheets) else "pdf", tuple(pages), (*notes, *more))
    finally:
        document.close()


def _sheet(
    document: pdfium.PdfDocument, index: int, recognise: Callable[[pdfium.PdfPage, View], Recognised] | None
) -> tuple[Sheet, list[Note], bool]:
    number = index + 1
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise broken(number) from error
    try:
        view = View.of(page)
        layer = text_layer(page, view)
        read = view.turned(-layer.angle)
        rules, pictures, drawn = rules_and_pictures(page, read)
        covered = max(((p[2] - p[0]) * (p[3] - p[1]) for p in pictures), default=0.0) / (
            view.width * view.height
        )
        if _needs_recognition(layer, covered, drawn):
            if recognise is None:
                raise NeedsRecognition
            sheet, notes = recognise(page, view)
            said = Note("recognised", f"第 {number} 页没有可靠的文字层，按图片识别。", page=number)
            return sheet, [_on(note, number) for note in (said, *notes)], True
        rows = arrange(layer.segments, rules.across, rules.down)
        sheet = Sheet(view.width, view.height, rows, layer.letter, -layer.angle % 360, layer.watermarks)
        if layer.angle:
            sheet.place, sheet.wide, sheet.tall = read.place_in(view), read.width, read.height
        return sheet, _notes(layer, covered, number), False
    finally:
        page.close()


def _needs_recognition(layer: Layer, covered: float, drawn: int) -> bool:
    """No text under a picture or outlines; a text layer that does not say what the page shows; a scan with a
    stranger's recognition behind it."""
    text = "".join(segment.text for segment in layer.segments)
    if not text.strip():
        return covered > 0.02 or drawn > 60 or layer.unseen > 0
    if rubbish(text):
        return True
    return covered > 0.5 and (len(text) < 60 or layer.unseen > len(text))


def _notes(layer: Layer, covered: float, number: int) -> list[Note]:
    notes = [
        Note("white_text", "页面上有看不见的文字（白色、透明或极小），未计入正文，请核对。", needs_person=True, page=number, quoted=text[:200])
        for text in layer.hidden
    ]  # fmt: skip
    if layer.sideways:
        notes.append(
            Note(
                "sideways_text",
                f"第 {number} 页有横放或竖放的文字，未计入正文。",
                page=number,
                quoted=layer.sideways[:200],
            )
        )
    if covered > 0.25:
        notes.append(
            Note(
                "image",
                f"第 {number} 页有大幅图片，图片里的内容没有读，请人工查看。",
                needs_person=True,
                page=number,
            )
        )
    return notes


def _on(note: Note, number: int) -> Note:
    return Note(note.code, note.sentence, note.needs_person, number, note.start, note.end, note.quoted)


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            sentence = "PDF 设了打开密码，读不了；请去掉密码，另存后再交上来。"
            raise Unreadable(sentence, code="encrypted") from error
        raise broken() from error


def broken(page: int | None = None) -> Unreadable:
    """A PDF that ends too early or does not parse."""
    where = f"PDF 第 {page} 页" if page else "PDF "
    return Unreadable(
        f"{where}不完整或已损坏，打不开；请重新导出或重新复制一份，确认能打开后再交上来。", code="broken"
    )
