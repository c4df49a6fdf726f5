"""An official letter as a Word file: our own layout after GB/T 9704-2012, or a county's own template.

A template is a docx with these fields between double braces: organ, number, title, to, signer, day, copies_to,
printed_by, and the lists `body` (each with text and level) and `attachments`."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from qingqu.writing.official import Official, Paragraph, Table, organ_size, title_lines

SONG, HEI, KAI, HEAD = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
LINE = Mm(225 / 22)
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
RED = RGBColor(0xC8, 0x10, 0x2E)
FACES = {0: SONG, 1: HEI, 2: KAI}


class TemplateWrong(ValueError):  # noqa: N818 - an answer about the county's file
    """A county's template that cannot be filled; the message says where."""


def docx(letter: Official, template: Path | None = None) -> bytes:
    """The letter as docx. Raises TemplateWrong for a template that cannot be read or names unknown fields."""
    return _filled(letter, template) if template is not None else _own(letter)


def _filled(letter: Official, template: Path) -> bytes:
    values: dict[str, Any] = {
        "organ": letter.organ, "number": letter.number, "title": letter.title, "to": letter.to, "signer": letter.signer,
        "day": letter.day_words, "copies_to": letter.copies_to, "printed_by": letter.printed_by,
        "attachments": list(letter.attachments),
        "body": [
            {"text": block.text, "level": block.level} if isinstance(block, Paragraph)
            else {"text": "", "level": 0, "header": list(block.header), "rows": [list(row) for row in block.rows]}
            for block in letter.body
        ],
    }  # fmt: skip
    try:
        made = DocxTemplate(template)
        unknown = made.get_undeclared_template_variables() - values.keys()
        if unknown:
            raise TemplateWrong(
                f"模板 {template.name} 里有不认识的字段 {sorted(unknown)[0]}；可用的有：{'、'.join(sorted(values))}。"
            )
        made.render(values, SandboxedEnvironment(autoescape=True), autoescape=True)
        stream = BytesIO()
        made.save(stream)
    except (TemplateError, BadZipFile, OSError, KeyError, ValueError) as error:
        if isinstance(error, TemplateWrong):
            raise
        raise TemplateWrong(
            f"模板 {template.name} 读不了或写法有误，请改正，或移走它用平台自带的版式。"
        ) from error
    return stream.getvalue()


def _own(letter: Official) -> bytes:
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    made.core_properties.title, made.core_properties.author = letter.title, letter.signer
    _page_number(section.footer.paragraphs[0])
    head = _line(made, letter.organ, HEAD, Pt(organ_size(letter.organ)), center=True, exact=False)
    head.runs[0].font.color.rgb = RED
    number = _line(made, letter.number, center=True)
    _ruled(number)
    for text in title_lines(letter.title):
        _line(made, text, HEAD, SIZE_2, center=True)
    _line(made, "")
    _line(made, f"{letter.to}：")
    for block in letter.body:
        if isinstance(block, Table):
            _table(made, block)
        else:
            _line(made, block.text, FACES.get(block.level, SONG), indent=True)
    for at, name in enumerate(letter.attachments, start=1):
        label = "附件：" if at == 1 else "\u3000\u3000\u3000"
        _line(made, f"{label}{f'{at}. ' if len(letter.attachments) > 1 else ''}{name}", indent=True)
    _line(made, "")
    for text in (letter.signer, letter.day_words):
        _line(made, text, right=True)
    if letter.copies_to:
        _line(made, f"抄送：{letter.copies_to.rstrip('。')}。", size=SIZE_4)
    if letter.printed_by:
        _line(made, f"{letter.printed_by}\u3000\u3000{letter.day_words} 印发", size=SIZE_4)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def _line(
    made: Any, text: str, face: str = SONG, size: Pt = SIZE_3, *, center: bool = False, right: bool = False,
    indent: bool = False, exact: bool = True,
) -> Any:  # fmt: skip
    paragraph = made.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    if exact:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        shape.first_line_indent = size * 2
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        shape.right_indent = size * 4
    _faced(paragraph.add_run(text), face, size)
    return paragraph


def _faced(run: Any, face: str, size: Pt) -> None:
    run.font.name, run.font.size = face, size
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)


def _table(made: Any, block: Table) -> None:
    table = made.add_table(rows=0, cols=len(block.header), style="Table Grid")
    for number, cells in enumerate((block.header, *block.rows)):
        for at, (cell, text) in enumerate(zip(table.add_row().cells, cells, strict=True)):
            paragraph = cell.paragraphs[0]
            _faced(paragraph.add_run(text), HEI if number == 0 else SONG, SIZE_4)
            if number and at in block.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    total = sum(block.widths)
    for column, width in zip(table.columns, block.widths, strict=True):
        for cell in column.cells:
            cell.width = Mm(156 * width / total)


def _ruled(paragraph: Any) -> None:
    """A red line under the paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", "C8102E")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _faced(paragraph.add_run("— "), SONG, SIZE_4)
    for kind, text in (("begin", None), (None, " PAGE "), ("end", None)):
        run = paragraph.add_run()
        _faced(run, SONG, SIZE_4)
        mark = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        else:
            mark.set(qn("w:fldCharType"), str(kind))
        run._r.append(mark)
    _faced(paragraph.add_run(" —"), SONG, SIZE_4)
