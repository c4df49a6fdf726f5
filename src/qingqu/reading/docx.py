"""Word documents (docx, docm): text in reading order, with numbers, tables, boxes, notes; page breaks as last laid out.

The view is that of a print with all tracked changes accepted; what that leaves out is told in notes. Boxes are unknown.
"""

from pathlib import Path

from qingqu.domain.papers.pages import Aside, AsideKind, Document, Note, Page, Run
from qingqu.reading.blanks import gaps, shown, underlined_gaps
from qingqu.reading.docx_body import PAGE_BREAK, Body, Left, Line, Piece, Style, read_look, words
from qingqu.reading.docx_numbering import Numbering, read_numbering
from qingqu.reading.docx_xml import Element, Package, broken, child, children, local, value, whole
from qingqu.reading.errors import Unreadable

QUOTED = 200
MAX_CHARACTERS = 600_000


def read_docx(path: Path) -> Document:
    """The document; raises Unreadable where the package is broken, locked, hostile or no Word document."""
    package = Package(path)
    try:
        return _read(package)
    finally:
        package.close()


def pictures(path: Path) -> list[bytes]:
    """The pictures of the body in their order, for a document that is nothing but pictures."""
    package = Package(path)
    try:
        main = _main(package)
        root = package.xml(main)
        if root is None:
            return []
        names = [target for _, target in _targets(package, main, root)]
        return [package.bytes(name) for name in names if name in package.names]
    finally:
        package.close()


def _targets(package: Package, main: str, root: Element) -> list[tuple[str, str]]:
    body = Body({}, Numbering())
    body.walk(_body(root))
    related = package.related(main)
    return [related[key] for key in dict.fromkeys(body.left.images) if key in related]


def _main(package: Package) -> str:
    for kind, target in package.related("").values():
        if kind == "officeDocument":
            return target
    return "word/document.xml"


def _body(root: Element) -> Element:
    body = child(root, "body")
    if body is None:
        raise broken()
    return body


def _read(package: Package) -> Document:
    main = _main(package)
    root = package.xml(main)
    if root is None:
        raise broken()
    related = package.related(main)
    parts = dict(related.values())
    numbering = read_numbering(package.xml(parts.get("numbering", "")))
    body = Body(_styles(package.xml(parts.get("styles", "")), numbering), numbering)
    try:
        body.walk(_body(root))
    except RecursionError as error:
        raise broken() from error
    lines = body.lines + _footnotes(package, parts, body)
    pages = _paginated(lines, _headers(package, related, body))
    notes = [*_notes(body.left), *_from_parts(package, related, parts)]
    return Document("docx", pages, tuple(notes))


def _styles(root: Element | None, numbering: Numbering) -> dict[str, Style]:
    found: dict[str, Style] = {}
    for element in children(root, "style"):
        style = Style(value(child(element, "basedOn")))
        name = value(element, "styleId")
        numbers = child(child(element, "pPr"), "numPr")
        if numbers is not None and (number := value(child(numbers, "numId"))):
            style.number = (
                number,
                whole(value(child(numbers, "ilvl")), numbering.by_style.get(name, ("", 0))[1]),
            )
        if (look := child(element, "rPr")) is not None:
            read_look(look, style)
        found[name] = style
    for name in found:
        _inherit(found, name)
    return found


def _inherit(styles: dict[str, Style], name: str) -> None:
    seen, this, parent = {name}, styles[name], styles[name].based_on
    while parent in styles and parent not in seen:
        seen.add(parent)
        base = styles[parent]
        this.number = this.number or base.number
        this.underlined = base.underlined if this.underlined is None else this.underlined
        this.hidden = base.hidden if this.hidden is None else this.hidden
        this.struck = base.struck if this.struck is None else this.struck
        parent = base.based_on


def _footnotes(package: Package, parts: dict[str, str], body: Body) -> list[Line]:
    """Foot- and endnotes are the contract's own words: paragraphs of their own after the last one."""
    lines: list[Line] = []
    texts: dict[tuple[str, str], list[Line]] = {}
    for kind in ("footnote", "endnote"):
        root = package.xml(parts.get(f"{kind}s", ""))
        for element in children(root, kind):
            reader = Body(body.styles, Numbering())
            reader.walk(element)
            texts[kind, value(element, "id")] = reader.lines
    for number, key in enumerate(body.left.footnotes, start=1):
        if words(texts.get(key, [])):
            first, *rest = texts[key]
            lines += [[Piece(f"注{number}："), *first], *rest]
    return lines


def _headers(
    package: Package, related: dict[str, tuple[str, str]], body: Body
) -> tuple[list[Line], list[Line]]:
    """The texts of all headers and of all footers, each once."""
    found: dict[str, list[Line]] = {"header": [], "footer": []}
    known: set[str] = set()
    for kind, target in related.values():
        root = package.xml(target) if kind in found else None
        if root is not None:
            reader = Body(body.styles, Numbering())
            reader.walk(root)
            if (text := words(reader.lines)) and text not in known:
                known.add(text)
                found[kind] += [line for line in reader.lines if words([line])]
    return found["header"], found["footer"]


class _Sheet:
    """A page being written."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.parts: list[str] = []
        self.size = 0
        self.runs: list[Run] = []
        self.asides: list[Aside] = []
        self.runs_on = False

    @property
    def open_line(self) -> bool:
        """Whether the last line has not ended."""
        return bool(self.parts) and not self.parts[-1].endswith("\n")

    def write(self, line: Line) -> None:
        """One line, or the first part of one that goes on overleaf."""
        for text, underlined, blank in _marked(line):
            self.runs.append(Run(self.size, self.size + len(text), underlined=underlined, blank=blank))
            self._add(text)

    def end_line(self) -> None:
        """Ends the line, if one is open."""
        if self.open_line:
            self._add("\n")

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def aside(self, lines: list[Line], kind: AsideKind) -> None:
        """Lines that stand outside the flow."""
        start = self.size
        for line in lines:
            self.write(line)
            self.end_line()
        if self.size > start:
            self.asides.append(Aside(start, self.size, kind))

    def page(self) -> Page:
        """What was written."""
        text = "".join(self.parts)
        return Page(self.number, text, tuple(self.runs), runs_on=self.runs_on, asides=tuple(self.asides))


def _paginated(lines: list[Line], around: tuple[list[Line], list[Line]]) -> tuple[Page, ...]:
    sheets = [_Sheet(1)]
    sheets[0].aside(around[0], "header")
    top = sheets[0].size
    total = 0
    for line in lines:
        for index, part in enumerate(_split(line)):
            sheet = sheets[-1]
            if index and sheet.size > top:
                sheet.runs_on = sheet.open_line
                sheet = _Sheet(len(sheets) + 1)
                sheets.append(sheet)
                top = 0
            if words([part]):
                sheet.write(part)
        sheets[-1].end_line()
        total += sum(len(piece.text) for piece in line)
        if total > MAX_CHARACTERS:
            raise Unreadable(
                f"文档超过 {MAX_CHARACTERS:,} 个字，不像一份合同；请只交合同本身。", code="too_large"
            )
    if len(sheets) > 1 and not sheets[-1].size:
        sheets.pop()
    sheets[0].aside(around[1], "footer")
    return tuple(sheet.page() for sheet in sheets)


def _split(line: Line) -> list[Line]:
    parts: list[Line] = [[]]
    for piece in line:
        if piece.text == PAGE_BREAK:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def _marked(line: Line) -> list[Piece]:
    """The line's pieces with unfilled places shown, neighbours with the same marks joined, outer spaces dropped."""
    marks: list[tuple[bool, bool]] = []
    text = "".join(piece.text for piece in line)
    for piece in line:
        marks += [(piece.underlined, piece.blank)] * len(piece.text)
    characters = list(text)
    for start, end in _unfilled(text, marks):
        characters[start:end] = shown(text[start:end])
        marks[start:end] = [(marks[start][0], True)] * (end - start)
    kept = [index for index, character in enumerate(characters) if not character.isspace()]
    row = any(piece.text == "\t" for piece in line)
    first, last = (0, len(characters)) if row or not kept else (kept[0], kept[-1] + 1)
    pieces: list[Piece] = []
    for index in range(first, last):
        underlined, blank = marks[index]
        if pieces and pieces[-1][1:] == (underlined, blank):
            pieces[-1] = pieces[-1]._replace(text=pieces[-1].text + characters[index])
        else:
            pieces.append(Piece(characters[index], underlined, blank))
    return pieces


def _unfilled(text: str, marks: list[tuple[bool, bool]]) -> list[tuple[int, int]]:
    found = list(gaps(text))
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and marks[end][0] == marks[start][0]:
            end += 1
        if marks[start][0]:
            found += [(start + low, start + high) for low, high in underlined_gaps(text[start:end])]
        start = end
    return sorted(found)


def _notes(left: Left) -> list[Note]:
    notes: list[Note] = []

    def quote(code: str, sentence: str, texts: list[str], *, person: bool) -> None:
        notes.extend(
            Note(code, sentence, needs_person=person, quoted=text.strip()[:QUOTED])
            for text in texts[:50]
            if text.strip()
        )

    if left.inserted or any(text.strip() for text in left.deleted):
        notes.append(
            Note(
                "tracked_changes",
                "文件带有修订痕迹：按“接受全部修订”后的文字审查（插入的算，删除的不算）；请接受或拒绝修订后再定稿。",
                needs_person=True,
            )
        )
    quote("deleted_text", "修订中删除的文字，未计入正文。", left.deleted, person=False)
    quote("hidden_text", "文件里有打印不出来的隐藏文字，未计入正文，请核对。", left.hidden, person=True)
    quote(
        "struck_text",
        "文件里有加了删除线的文字，按已划去处理、未计入正文，请核对。",
        left.struck,
        person=True,
    )
    quote("white_text", "文件里有白色文字，纸面上看不见，请核对。", left.white, person=True)
    if left.large_images:
        notes.append(Note("image", "文件里有大幅图片，图片里的内容没有读，请人工查看。", needs_person=True))
    elif left.images:
        notes.append(Note("image", f"文件里有 {len(set(left.images))} 张小图片，图片里的内容没有读。"))
    if left.objects:
        notes.append(
            Note(
                "embedded_object",
                "文件里嵌有别的文件（如 Excel 表格），没有读，请人工查看。",
                needs_person=True,
            )
        )
    if left.footnotes:
        notes.append(Note("footnotes", "文件有脚注或尾注，已接在正文之后读入。"))
    return notes


def _from_parts(package: Package, related: dict[str, tuple[str, str]], parts: dict[str, str]) -> list[Note]:
    notes: list[Note] = []
    if any(name.endswith("vbaProject.bin") for name in package.names):
        notes.append(Note("macro", "文件带有宏程序；这里只读文字，宏没有运行。", needs_person=True))
    root = package.xml(parts.get("comments", ""))
    for comment in children(root, "comment"):
        text = "".join(inner.text or "" for inner in comment.iter() if local(inner) == "t").strip()
        if text:
            notes.append(Note("comment", "文件里有批注，未计入正文；请处理后再定稿。", quoted=text[:QUOTED]))
    for kind, target in related.values():
        header = package.xml(target) if kind == "header" else None
        for inner in header.iter() if header is not None else ():
            if local(inner) == "textpath" and (text := value(inner, "string").strip()):
                notes.append(
                    Note("watermark", "页面带有水印，请确认不是草稿或作废件。", quoted=text[:QUOTED])
                )
    return list(dict.fromkeys(notes))
