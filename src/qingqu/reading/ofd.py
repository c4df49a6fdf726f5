"""OFD (GB/T 33190-2016): text objects with the place of every character, through the same layout as PDF.

Lengths in the file are millimetres; places are told in points, as for PDF. Pictures and drawings are not read: a page
that has nothing else says so. Templates of a page (letter heads) are read behind its own content.
"""

import math
import posixpath
from collections.abc import Iterator
from pathlib import Path

from qingqu.domain.papers.pages import Document, Note
from qingqu.reading.arrange import arrange
from qingqu.reading.characters import plain, rubbish, visible
from qingqu.reading.docx_xml import Element, Package, broken, child, children, local, value, whole
from qingqu.reading.errors import Unreadable
from qingqu.reading.layout import Sheet, pages_of
from qingqu.reading.rules import Across, Down
from qingqu.reading.segments import Segment

POINTS = 72 / 25.4
MAX_PAGES = 200
THIN = 1.0  # millimetres
Matrix = tuple[float, float, float, float, float, float]
UNTURNED: Matrix = (1, 0, 0, 1, 0, 0)


def read_ofd(path: Path) -> Document:
    """The document; raises Unreadable where the package is broken, locked or without text."""
    package = Package(path)
    try:
        sheets, notes = _sheets(package)
    finally:
        package.close()
    pages, more = pages_of(sheets)
    if not any(page.text.strip() for page in pages):
        raise Unreadable("OFD 里没有可读的文字（可能是扫描图片）；请导出为 PDF，再交上来。", code="no_text")
    if rubbish("".join(page.text for page in pages)):
        raise Unreadable("OFD 里的文字编码异常，读出来不成文；请导出为 PDF，再交上来。", code="rubbish")
    return Document("pdf", tuple(pages), (*notes, *more))


def _sheets(package: Package) -> tuple[list[Sheet], list[Note]]:
    root = package.xml("OFD.xml")
    main = _said(child(child(root, "DocBody"), "DocRoot")).lstrip("/")
    document = package.xml(main) if main else None
    if document is None:
        raise broken()
    folder = posixpath.dirname(main)
    common = child(document, "CommonData")
    usual = _numbers(_said(child(child(common, "PageArea"), "PhysicalBox")))
    templates = {value(each, "ID"): value(each, "BaseLoc") for each in children(common, "TemplatePage")}
    listed = list(children(child(document, "Pages"), "Page"))
    if len(listed) > MAX_PAGES:
        raise Unreadable(
            f"OFD 有 {len(listed)} 页，超过 {MAX_PAGES} 页；请只交合同本身，附件分开交。",
            code="too_many_pages",
        )
    sheets, notes = [], []
    for number, page in enumerate(listed, start=1):
        content = package.xml(posixpath.join(folder, value(page, "BaseLoc")).lstrip("/"))
        if content is None:
            raise broken()
        box = _numbers(_said(child(child(content, "Area"), "PhysicalBox"))) or usual or [0, 0, 210, 297]
        behind = [
            package.xml(posixpath.join(folder, templates[value(each, "TemplateID")]).lstrip("/"))
            for each in children(content, "Template")
            if value(each, "TemplateID") in templates
        ]
        sheet, pictures = _sheet([each for each in [content, *behind] if each is not None], box)
        sheets.append(sheet)
        if pictures:
            notes.append(
                Note(
                    "image",
                    f"第 {number} 页有图片，图片里的内容没有读，请人工查看。",
                    needs_person=not sheet.rows,
                    page=number,
                )
            )
    return sheets, notes


def _sheet(parts: list[Element], box: list[float]) -> tuple[Sheet, int]:
    segments: list[Segment] = []
    across: list[Across] = []
    down: list[Down] = []
    pictures = 0
    for thing in (each for part in parts for each in part.iter()):
        name = local(thing)
        if name == "TextObject":
            segments += _text(thing, box)
        elif name == "PathObject":
            _path(thing, box, across, down)
        pictures += name == "ImageObject"
    letters = sorted(segment.height for segment in segments)
    letter = letters[len(letters) // 2] if letters else 10.0
    rows = arrange(segments, across, down)
    return Sheet(box[2] * POINTS, box[3] * POINTS, rows, letter), pictures


def _text(thing: Element, box: list[float]) -> Iterator[Segment]:
    """Each TextCode of a text object, a line or a part of one."""
    if value(thing, "Visible") == "false":
        return
    bounds = _numbers(value(thing, "Boundary")) or [0, 0, 0, 0]
    matrix = _matrix(value(thing, "CTM"))
    size = (_numbers(value(thing, "Size")) or [3.5])[0]
    x = y = 0.0
    for code in children(thing, "TextCode"):
        text = plain(visible("".join(code.itertext()).strip("\n\r")))
        x = (_numbers(value(code, "X")) or [x])[0]
        y = (_numbers(value(code, "Y")) or [y])[0]
        steps, falls = _steps(value(code, "DeltaX"), len(text)), _steps(value(code, "DeltaY"), len(text))
        if not text.strip() or any(falls):
            continue  # upright writing is no line of a contract
        xs = [x]
        for index, sign in enumerate(text):
            xs.append(
                xs[-1]
                + (
                    steps[index]
                    if index < len(steps) and steps[index]
                    else size * (1 if ord(sign) > 255 else 0.5)
                )
            )
        placed = [_placed(matrix, bounds, box, each, y) for each in xs]
        tall = size * math.hypot(matrix[2], matrix[3]) * POINTS
        if abs(placed[-1][1] - placed[0][1]) < 0.3 * tall and placed[-1][0] > placed[0][0]:
            edges = tuple(point[0] for point in placed)
            yield Segment(text, edges, placed[0][1] - 0.86 * tall, placed[0][1] + 0.14 * tall)


def _path(thing: Element, box: list[float], across: list[Across], down: list[Down]) -> None:
    """Straight level and upright lines of a path (M x y L x y …)."""
    bounds, matrix = _numbers(value(thing, "Boundary")) or [0, 0, 0, 0], _matrix(value(thing, "CTM"))
    words = _said(child(thing, "AbbreviatedData")).split()
    last: tuple[float, float] | None = None
    for index, word in enumerate(words[:4000]):
        if word not in {"M", "S", "L"} or index + 2 >= len(words):
            continue
        point = _numbers(" ".join(words[index + 1 : index + 3]))
        here = _placed(matrix, bounds, box, *point) if len(point) == 2 else None
        if word == "L" and last is not None and here is not None:
            wide, tall = abs(here[0] - last[0]), abs(here[1] - last[1])
            if tall < THIN < wide:
                across.append(Across(min(here[0], last[0]), max(here[0], last[0]), (here[1] + last[1]) / 2))
            elif wide < THIN < tall:
                down.append(Down((here[0] + last[0]) / 2, min(here[1], last[1]), max(here[1], last[1])))
        last = here


def _placed(matrix: Matrix, bounds: list[float], box: list[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e + bounds[0] - box[0]) * POINTS, (
        b * x + d * y + f + bounds[1] - box[1]
    ) * POINTS


def _matrix(text: str) -> Matrix:
    numbers = _numbers(text)
    return (
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        if len(numbers) == 6
        else UNTURNED
    )


def _steps(text: str, most: int) -> list[float]:
    """DeltaX: numbers, `g n d` for n times d (7.4.3 of the standard)."""
    words, index = text.split(), 0
    steps: list[float] = []
    while index < len(words) and len(steps) < most:
        if words[index] == "g" and index + 2 < len(words):
            steps += (_numbers(words[index + 2]) or [0.0]) * min(max(0, whole(words[index + 1])), most)
            index += 3
        else:
            steps += _numbers(words[index])
            index += 1
    return steps[:most]


def _numbers(text: str) -> list[float]:
    found = []
    for word in text.split():
        try:
            number = float(word)
        except ValueError:
            return []
        if not math.isfinite(number) or abs(number) > 1e6:
            return []
        found.append(number)
    return found


def _said(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
