"""Official letters measured as a reader with a ruler would: 28 characters, 22 lines, fonts inside, no empty boxes."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from qingqu.writing.fonts import Fonts, MissingGlyphs
from qingqu.writing.official import Official, Paragraph, Table, organ_size, pdf, title_lines
from qingqu.writing.word import TemplateWrong, docx

MM = 72 / 25.4
LONG = Paragraph("一二三四五六七八九十" * 70)
LETTER = Official(
    organ="明山县纪委监委", number="明纪监建〔2026〕3号", title="关于县人民医院门诊楼未按计划开工问题的监察建议书",
    to="县人民医院", signer="明山县监察委员会", day=date(2026, 6, 10), attachments=("实测工程量对照表", "合同扫描件"),
    copies_to="明山县发展和改革局", printed_by="明山县纪委监委办公室",
    body=(Paragraph("一、发现的问题", 1), Paragraph("（一）事实", 2), LONG,
          Table(("项目", "多付（元）"), (("混凝土路面", "28,800.00"),), (2, 1), frozenset({1}))),
)  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    return pypdfium2.PdfDocument(pdf(LETTER, Fonts()))


def lines_of(page):
    """Height of a line from the page's top in mm → its characters with their left edges."""
    text, found = page.get_textpage(), {}
    for at in range(text.count_chars()):
        character = text.get_text_range(at, 1)
        if character.strip():
            left, _bottom, _right, top = text.get_charbox(at, loose=True)
            found.setdefault(round((page.get_height() - top) / MM), []).append((left / MM, character))
    return found


def test_a_full_page_has_22_lines_of_28_characters(opened):
    lines = lines_of(opened[1])
    body = {height: row for height, row in lines.items() if height < 262 and len(row) > 20}
    assert {len(row) for row in body.values()} == {28}
    heights = sorted(body)
    pitch = (heights[-1] - heights[0]) / (len(heights) - 1)
    assert abs(pitch - 225 / 22) < 0.1
    assert min(min(row)[0] for row in body.values()) == pytest.approx(28, abs=1)
    assert 36 <= heights[0] <= 41


def test_the_letter_carries_its_parts_in_order(opened):
    text = "".join(page.get_textpage().get_text_range() for page in opened).replace("\r\n", "")
    places = [text.index(part) for part in (
        "明山县纪委监委", "明纪监建〔2026〕3号", "县人民医院：", "一、发现的问题", "28,800.00", "附件：1. 实测工程量对照表",
        "明山县监察委员会", "2026年6月10日", "抄送：明山县发展和改革局。",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "— 1 —" in text


def test_it_is_pdf_a_2a_with_embedded_fonts_and_the_same_bytes_each_time():
    first, second = pdf(LETTER, Fonts()), pdf(LETTER, Fonts())
    assert first == second
    assert b"pdfaid" in first
    assert first.count(b"/FontFile") >= 1


def test_a_rare_character_of_a_name_is_there():
    letter = replace(LETTER, body=(Paragraph("联系人：李𠮷、张㐂。"),))
    text = pypdfium2.PdfDocument(pdf(letter, Fonts()))[0].get_textpage().get_text_range()
    assert "𠮷" in text
    assert "㐂" in text


def test_a_character_that_no_font_has_stops_the_document():
    with pytest.raises(MissingGlyphs, match=r"U\+10FFFD"):
        pdf(replace(LETTER, to="\U0010fffd医院"), Fonts())


def test_a_draft_says_so():
    assert (
        "草"
        in pypdfium2.PdfDocument(pdf(replace(LETTER, draft=True), Fonts()))[0].get_textpage().get_text_range()
    )


def test_a_table_with_a_ragged_row_is_refused():
    with pytest.raises(ValueError, match="as many cells"):
        Table(("a", "b"), (("1",),), (1, 1))


@given(st.text("关于的县人民医院门诊楼未按计划开工问题监察建议书12026《》、", min_size=1, max_size=70))
def test_titles_lose_nothing_and_fit(title):
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(0 < len(line) <= 20 for line in lines)
    assert len(lines) == -(-len(title) // 20)


def test_titles_break_where_a_reader_pauses():
    assert title_lines("关于村道硬化工程结算不实的监察建议书（二〇二六年）") == [
        "关于村道硬化工程结算不实的",
        "监察建议书（二〇二六年）",
    ]
    assert organ_size("明山县纪委监委") > organ_size("中国共产党明山县纪律检查委员会明山县监察委员会") >= 20


def test_the_word_file_has_the_same_margins_fonts_and_text():
    made = Document(BytesIO(docx(LETTER)))
    section = made.sections[0]
    assert (section.left_margin, section.top_margin) == pytest.approx((Mm(28), Mm(37)), rel=0.001)
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[0] == "明山县纪委监委"
    assert "县人民医院：" in texts
    (body,) = [one for one in made.paragraphs if one.text == LONG.text]
    assert body.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert made.tables[0].rows[1].cells[1].text == "28,800.00"


def template(path, text):
    made = Document()
    made.add_paragraph(text)
    made.save(path)
    return path


def test_a_countys_own_template_is_filled(tmp_path):
    own = template(
        tmp_path / "own.docx", "{{ number }}|{{ to }}|{% for one in body %}{{ one.text }};{% endfor %}"
    )
    text = Document(BytesIO(docx(replace(LETTER, to="甲<乙>&丙"), own))).paragraphs[0].text
    assert text.startswith("明纪监建〔2026〕3号|甲<乙>&丙|一、发现的问题;")


@pytest.mark.parametrize("text", ["{{ nobody }}", "{% for %}", "{{ number.__class__.__mro__ }}"])
def test_a_wrong_or_hostile_template_is_refused(tmp_path, text):
    with pytest.raises(TemplateWrong):
        docx(LETTER, template(tmp_path / "bad.docx", text))


def test_a_template_that_is_no_word_file_is_refused(tmp_path):
    (tmp_path / "x.docx").write_text("no")
    with pytest.raises(TemplateWrong):
        docx(LETTER, tmp_path / "x.docx")
