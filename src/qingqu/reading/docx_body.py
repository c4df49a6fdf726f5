"""Word's body as lines of marked text, as it would stand on paper with all tracked changes accepted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from qingqu.reading.blanks import shown
from qingqu.reading.characters import plain, visible
from qingqu.reading.docx_numbering import Numbering
from qingqu.reading.docx_symbols import drawn, raised
from qingqu.reading.docx_xml import Element, child, children, local, on, value, whole
from qingqu.reading.errors import Unreadable

PAGE_BREAK = "\f"
MAX_DEPTH = 120  # nested tables and boxes; Word itself stops far below
MAX_SPAN = 63  # columns: Word's own limit
A4_AREA = 7_560_000 * 10_692_000  # EMU²
LINKS = {
    "hyperlink",
    "smartTag",
    "customXml",
    "bdo",
    "dir",
    "ins",
    "moveTo",
    "fldSimple",
    "ruby",
    "rubyBase",
    "r",
}


class Piece(NamedTuple):
    """Some characters of a line with the same marks."""

    text: str
    underlined: bool = False
    blank: bool = False


Line = list[Piece]


@dataclass(slots=True)
class Style:
    """What a paragraph or character style says about reading."""

    based_on: str = ""
    number: tuple[str, int] | None = None
    underlined: bool | None = None
    hidden: bool | None = None
    struck: bool | None = None


@dataclass(slots=True)
class Left:
    """What is in the file and not in the flow, or not text."""

    deleted: list[str] = field(default_factory=list)
    inserted: bool = False
    hidden: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    white: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    large_images: int = 0
    objects: int = 0
    footnotes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """A complex field that is open: its code, whether its result has begun."""

    code: str = ""
    result: bool = False
    data: Element | None = None


class Body:
    """One walk through a part: `lines` is what stands there, `left` what was left out."""

    def __init__(self, styles: dict[str, Style], numbering: Numbering) -> None:
        self.styles = styles
        self.numbering = numbering
        self.left = Left()
        self.lines: list[Line] = []
        self._boxes: list[Line] = []
        self._carried: Line = []
        self._fields: list[_Field] = []
        self._depth = 0
        self._in_table = 0
        self._inline: dict[str, Callable[[Element, Style], Line]] = {
            "t": self._text, "tab": self._tab, "ptab": self._tab, "br": self._break, "cr": self._break,
            "noBreakHyphen": lambda _e, _s: [Piece("-")], "sym": self._symbol, "fldChar": self._field,
            "instrText": self._code, "footnoteReference": self._footnote, "endnoteReference": self._footnote,
            "lastRenderedPageBreak": lambda _e, _s: [Piece(PAGE_BREAK)], "drawing": self._drawing,
            "pict": self._drawing, "object": self._object, "AlternateContent": self._alternate,
        }  # fmt: skip

    def walk(self, root: Element) -> None:
        """Adds the blocks (paragraphs, tables, content controls) of an element to `lines`."""
        self._deeper()
        for element in root:
            self._block(element)
        self._depth -= 1

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(
                "文件的结构嵌套得不正常，不予打开；请用 Word 或 WPS 另存一份再交上来。", code="hostile"
            )

    def _block(self, element: Element) -> None:
        name = local(element)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self._in_table += 1
            for row in _through(element, "tr"):
                self._row(row)
            self._in_table -= 1
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
            content = child(element, "sdtContent") if name == "sdt" else element
            if content is not None:
                self.walk(content)
        elif name in {"del", "moveFrom"}:
            self.left.deleted.append(_all_text(element))
        elif name == "AlternateContent":
            self.walk(_choice(element))
        elif name == "altChunk":
            self.left.objects += 1

    def _paragraph(self, element: Element) -> None:
        properties = child(element, "pPr")
        style = self._style(value(child(properties, "pStyle")))
        line: Line = [Piece(PAGE_BREAK)] if on(properties, "pageBreakBefore") else []
        content = self._pieces(element, style)
        mark = child(properties, "rPr")
        label = self._label(properties, style)
        if label and any(piece.text.strip() for piece in content):
            line.append(Piece(label))
        line = [*self._carried, *line, *content]
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self._carried = line
        else:
            self._carried = []
            self.lines.append(line)
        waiting, self._boxes = self._boxes, []
        self.lines.extend(waiting)
        section = child(properties, "sectPr")
        if section is not None and value(child(section, "type")) != "continuous":
            self.lines.append([Piece(PAGE_BREAK)])

    def _label(self, properties: Element | None, style: Style) -> str:
        own = child(properties, "numPr")
        number, level = style.number or ("", 0)
        if own is not None:
            number = value(child(own, "numId")) or number
            level = whole(value(child(own, "ilvl")), level)
        return self.numbering.label(number, level) if number not in {"", "0"} else ""

    def _pieces(self, element: Element, style: Style) -> Line:
        """The text of a paragraph, hyperlink, insertion …: everything inline, in order."""
        self._deeper()
        pieces: Line = []
        for inner in element:
            name = local(inner)
            if name == "r":
                pieces += self._run(inner, style)
            elif name in {"del", "moveFrom"}:
                self.left.deleted.append(_all_text(inner))
            elif name == "sdt":
                pieces += self._control(inner, style)
            elif name == "AlternateContent":
                pieces += self._alternate(inner, style)
            elif name in LINKS:
                self.left.inserted = self.left.inserted or name in {"ins", "moveTo"}
                pieces += self._pieces(inner, style)
            elif name in {"oMath", "oMathPara"}:
                pieces.append(Piece(_all_text(inner)))
        self._depth -= 1
        return pieces

    def _run(self, element: Element, style: Style) -> Line:
        """One run: hidden, struck-out and white text is kept aside, everything else read."""
        look = self._look(child(element, "rPr"), style)
        pieces: Line = []
        for inner in element:
            read = self._inline.get(local(inner))
            if read is not None:
                pieces += read(inner, look)
            elif local(inner) == "ruby":
                pieces += self._pieces(inner, style)
        if value(child(child(element, "rPr"), "vertAlign")) == "superscript":
            pieces = [piece._replace(text=raised(piece.text)) for piece in pieces]
        words = "".join(piece.text for piece in pieces).strip()
        for flag, store in ((look.hidden, self.left.hidden), (look.struck, self.left.struck)):
            if flag:
                if words:
                    store.append(words)
                return [piece for piece in pieces if piece.text == PAGE_BREAK]
        if words and _white(child(element, "rPr")):
            self.left.white.append(words)
            return pieces if self._in_table else []
        return pieces

    def _look(self, properties: Element | None, style: Style) -> Style:
        own = self._style(value(child(properties, "rStyle")))
        look = Style(
            underlined=own.underlined if own.underlined is not None else style.underlined,
            hidden=own.hidden if own.hidden is not None else style.hidden,
            struck=own.struck if own.struck is not None else style.struck,
        )
        if properties is not None:
            read_look(properties, look)
        return look

    def _style(self, name: str) -> Style:
        return self.styles.get(name) or Style()

    def _text(self, element: Element, look: Style) -> Line:
        text = (element.text or "").replace("\n", " ").replace("\r", " ")
        if self._fields and not self._fields[-1].result:
            return []
        text = plain(visible(drawn(text)))
        if self._fields and "FORMTEXT" in self._fields[-1].code and not text.strip():
            return [Piece(shown(text), look.underlined is True, blank=True)]
        return [Piece(text, look.underlined is True)] if text else []

    def _tab(self, _element: Element, look: Style) -> Line:
        return [Piece("    ", underlined=True)] if look.underlined else [Piece("\t")]

    def _break(self, element: Element, _look: Style) -> Line:
        return [Piece(PAGE_BREAK if value(element, "type") == "page" else "\n")]

    def _symbol(self, element: Element, look: Style) -> Line:
        return [Piece(drawn(value(element, "char"), value(element, "font")), look.underlined is True)]

    def _code(self, element: Element, _look: Style) -> Line:
        if self._fields and not self._fields[-1].result:
            self._fields[-1].code += element.text or ""
        return []

    def _field(self, element: Element, _look: Style) -> Line:
        """A complex field: its code is no text, its result is; old form fields tell their state themselves."""
        kind = value(element, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(data=child(element, "ffData")))
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            return _form_state(self._fields.pop())
        return []

    def _control(self, element: Element, style: Style) -> Line:
        """A content control; its prompt ("click here to enter text") is an unfilled place."""
        pieces = self._pieces(content, style) if (content := child(element, "sdtContent")) is not None else []
        if child(child(element, "sdtPr"), "showingPlcHdr") is not None:
            return [Piece(shown("    "), underlined=True, blank=True)]
        return pieces

    def _footnote(self, element: Element, _look: Style) -> Line:
        self.left.footnotes.append((local(element).removesuffix("Reference"), value(element, "id")))
        return []

    def _drawing(self, element: Element, _look: Style) -> Line:
        """Boxes with text become lines after this paragraph; pictures are counted."""
        lines, self.lines = self.lines, []
        for box in _outermost(element, "txbxContent"):
            self.walk(box)
        boxes, self.lines = self.lines, lines
        self._boxes.extend(boxes)
        for inner in element.iter():
            if local(inner) in {"blip", "imagedata"}:
                self.left.images.append(value(inner, "embed") or value(inner, "id"))
                extent = next((each for each in element.iter() if local(each) == "extent"), None)
                area = whole(value(extent, "cx")) * whole(value(extent, "cy"))
                self.left.large_images += area * 4 >= A4_AREA
        return []

    def _object(self, element: Element, look: Style) -> Line:
        self.left.objects += 1
        return self._drawing(element, look)

    def _alternate(self, element: Element, look: Style) -> Line:
        chosen = _choice(element)
        pieces: Line = []
        for inner in chosen:
            if local(inner) in {"drawing", "pict"}:
                pieces += self._drawing(inner, look)
            elif local(inner) == "r":
                pieces += self._run(inner, look)
        return pieces

    def _row(self, row: Element) -> None:
        """A table's row: one line, cells parted by tabs; a row of one cell, or with long cells, reads as paragraphs."""
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            self.left.deleted.append(_all_text(row))
            return
        cells: list[list[Line]] = [
            [] for _ in range(min(whole(value(child(properties, "gridBefore"))), MAX_SPAN))
        ]
        for cell in _through(row, "tc"):
            marks = child(cell, "tcPr")
            if child(marks, "cellDel") is not None:
                self.left.deleted.append(_all_text(cell))
                continue
            merged = child(marks, "vMerge")
            follows = (merged is not None and value(merged) in {"", "continue"}) or (
                value(child(marks, "hMerge")) == "continue"
            )
            cells.append([] if follows else self._cell(cell))
            span = min(whole(value(child(marks, "gridSpan")), 1), MAX_SPAN)
            cells.extend([] for _ in range(span - 1))
        filled = [cell for cell in cells if any(_said(line) for line in cell)]
        if len(filled) == 1 and (len(cells) == 1 or _long(filled[0])):
            self.lines.extend(filled[0])
        elif any(_long(cell) for cell in filled):
            for long in filled:
                self.lines.extend(long)
        elif filled:
            self.lines.append(_joined(cells))

    def _cell(self, cell: Element) -> list[Line]:
        lines, self.lines = self.lines, []
        self.walk(cell)
        inside, self.lines = self.lines, lines
        return inside


def _joined(cells: list[list[Line]]) -> Line:
    row: Line = []
    for index, cell in enumerate(cells):
        if index:
            row.append(Piece("\t"))
        said = [line for line in cell if _said(line)]
        for at, line in enumerate(said):
            row += [Piece(" ")] if at else []
            row += [piece._replace(text=piece.text.replace("\t", " ").replace("\n", " ")) for piece in line]
    return row


def _said(line: Line) -> bool:
    return any(piece.text.strip() for piece in line)


def _long(cell: list[Line]) -> bool:
    """Whether a cell holds paragraphs rather than a value."""
    said = ["".join(piece.text for piece in line) for line in cell if _said(line)]
    return len(said) > 1 and (sum(map(len, said)) > 80 or len(said) > 4)


def read_look(properties: Element, look: Style) -> None:
    """Writes underline, hidden and struck-out of run properties into `look`, where they say anything."""
    for element in properties:
        name = local(element)
        if name == "u":
            look.underlined = value(element) not in {"none", "words", ""}
        elif name in {"vanish", "webHidden"}:
            look.hidden = on(properties, name)
        elif name in {"strike", "dstrike"}:
            look.struck = on(properties, "strike") or on(properties, "dstrike")


def _white(properties: Element | None) -> bool:
    color = value(child(properties, "color")).upper()
    return color == "FFFFFF" and child(properties, "shd") is None and child(properties, "highlight") is None


def _form_state(closed: _Field) -> Line:
    if "FORMCHECKBOX" in closed.code:
        box = child(closed.data, "checkBox")
        state = child(box, "checked")
        state = child(box, "default") if state is None else state
        return [Piece("☑" if state is not None and value(state) not in {"0", "false"} else "☐")]
    if "FORMDROPDOWN" in closed.code:
        choices = child(closed.data, "ddList")
        entries = [value(entry) for entry in children(choices, "listEntry")]
        chosen = whole(value(child(choices, "result")))
        return [Piece(entries[chosen])] if 0 <= chosen < len(entries) else []
    return []


def _choice(element: Element) -> Element:
    """Of two spellings of the same drawing the one that holds text; never both."""
    options = [*children(element, "Choice"), *children(element, "Fallback")]
    for option in options:
        if any(local(inner) == "txbxContent" for inner in option.iter()):
            return option
    return options[0] if options else element


def _through(element: Element, name: str) -> Iterator[Element]:
    """Rows or cells, also inside content controls and insertions."""
    for inner in element:
        if local(inner) == name:
            yield inner
        elif local(inner) in {"sdt", "sdtContent", "ins", "moveTo", "customXml"}:
            yield from _through(inner, name)


def _outermost(element: Element, name: str) -> Iterator[Element]:
    waiting = [element]
    while waiting:
        this = waiting.pop(0)
        if local(this) == name:
            yield this
        elif local(this) == "AlternateContent" and this is not element:
            waiting.insert(0, _choice(this))
        else:
            waiting[:0] = list(this)


def _all_text(element: Element) -> str:
    return "".join(inner.text or "" for inner in element.iter() if local(inner) in {"t", "delText"})


def words(lines: Iterable[Line]) -> str:
    """The bare text of some lines."""
    return "\n".join("".join(piece.text for piece in line) for line in lines).strip()
