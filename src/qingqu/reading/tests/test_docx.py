"""Word files as they would stand on paper."""

import pytest

from qingqu.reading.docx import read_docx
from qingqu.reading.errors import Unreadable
from qingqu.reading.tests.papers_of import p, r, word, written

NUMBERING = (
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
)


def listed(level):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr>'


def text_of(path):
    return read_docx(path).flow().text


def codes(document):
    return {note.code for note in document.notes}


def test_automatic_numbers_are_written_as_word_shows_them(tmp_path):
    body = "".join(
        [p(r("标的"), props=listed(0)), p(r("位置"), props=listed(1)), p(r("四至"), props=listed(1))]
        + [p(r(f"内容{n}"), props=listed(0)) for n in range(2, 12)]
        + [p(r("其他"), props=listed(1))]
    )
    text = text_of(word(tmp_path / "a.docx", body, numbering=NUMBERING))
    assert text.startswith("第一条 标的\n1.1 位置\n1.2 四至\n第二条 内容2\n")
    assert "第十一条 内容11\n11.1 其他\n" in text


def test_numbers_come_through_styles_too(tmp_path):
    styles = (
        '<w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Clause"><w:basedOn w:val="Base"/></w:style>'
    )
    body = p(r("租期"), props='<w:pStyle w:val="Clause"/>') * 2
    assert (
        text_of(word(tmp_path / "a.docx", body, numbering=NUMBERING, styles=styles))
        == "第一条 租期\n第二条 租期\n"
    )


def test_underlined_spaces_are_blanks_and_underlined_words_are_not(tmp_path):
    u = '<w:u w:val="single"/>'
    body = p(r("乙方："), r("        ", u), r("，电话："), r("  13800000000  ", u)) + p(
        r("租金____元，自20  年   月  日起")
    )
    page = read_docx(word(tmp_path / "a.docx", body)).pages[0]
    assert page.text.splitlines()[0] == "乙方：＿＿＿＿＿＿＿＿，电话：  13800000000"
    assert page.text.splitlines()[1] == "租金＿＿＿＿元，自20＿＿年＿＿＿月＿＿日起"
    blanks = [page.text[run.start : run.end] for run in page.runs if run.blank]
    assert blanks == ["＿" * 8, "＿" * 4, "＿" * 2, "＿" * 3, "＿" * 2]
    phone = page.text.index("138")
    assert all(run.underlined and not run.blank for run in page.runs_in(phone, phone + 11))


def test_tracked_changes_are_read_as_accepted_and_told(tmp_path):
    body = p(
        r("租期"),
        f"<w:ins>{r('二十')}</w:ins><w:del><w:r><w:delText>五十</w:delText></w:r></w:del>",
        r("年"),
    ) + p(r("甲"), props="<w:rPr><w:del/></w:rPr>") + p(r("乙"))  # fmt: skip
    document = read_docx(word(tmp_path / "a.docx", body))
    assert document.flow().text == "租期二十年\n甲乙\n"
    assert document.needs_person
    assert [note.quoted for note in document.notes if note.code == "deleted_text"] == ["五十"]


def test_tables_keep_their_cells_and_merged_cells_their_place(tmp_path):
    def row(*cells):
        return (
            "<w:tr>"
            + "".join(f"<w:tc><w:tcPr>{props}</w:tcPr>{p(r(text))}</w:tc>" for text, props in cells)
            + "</w:tr>"
        )

    body = "<w:tbl>" + row(("年份", ""), ("单价", ""), ("租金", "")) + row(
        ("2024", ""), ("800", '<w:vMerge w:val="restart"/>'), ("20480.00", "")
    ) + row(("2025", ""), ("", "<w:vMerge/>"), ("20480.00", "")) + row(
        ("合计", '<w:gridSpan w:val="2"/>'), ("40960.00", "")
    ) + "</w:tbl>"  # fmt: skip
    assert text_of(word(tmp_path / "a.docx", body)).splitlines() == [
        "年份\t单价\t租金", "2024\t800\t20480.00", "2025\t\t20480.00", "合计\t\t40960.00",
    ]  # fmt: skip


def test_a_contract_inside_a_table_cell_reads_as_paragraphs(tmp_path):
    long = "".join(p(r(f"第{n}条 双方应当遵守本合同的约定，不得擅自变更或者解除。")) for n in "一二三四")
    body = f"<w:tbl><w:tr><w:tc>{p(r('条款'))}</w:tc><w:tc>{long}</w:tc></w:tr></w:tbl>"
    assert len(text_of(word(tmp_path / "a.docx", body)).splitlines()) == 5


def test_hidden_struck_and_white_text_is_kept_out_and_told(tmp_path):
    body = p(
        r("租金每年800元"),
        r("，另付5000元", "<w:vanish/>"),
        r("（含税）", "<w:strike/>"),
        r("作废", '<w:color w:val="FFFFFF"/>'),
    )
    document = read_docx(word(tmp_path / "a.docx", body))
    assert document.flow().text == "租金每年800元\n"
    assert {"hidden_text", "struck_text", "white_text"} <= codes(document)
    assert document.needs_person


def test_fields_show_their_result_and_empty_form_fields_are_blanks(tmp_path):
    def field(code, result, data=""):
        return (
            f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    checked = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    body = p(
        r("面积"), field("FORMTEXT", "25.6"), r("亩，电话"), field(" FORMTEXT ", "     "),
        field("FORMCHECKBOX", "", checked), r("现金"),
    )  # fmt: skip
    assert text_of(word(tmp_path / "a.docx", body)) == "面积25.6亩，电话＿＿＿＿＿☑现金\n"


def test_content_controls_give_their_text_and_prompts_are_blanks(tmp_path):
    def control(inner, props=""):
        return f"<w:sdt><w:sdtPr>{props}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = p(
        r("承租方："),
        control(r("王小明")),
        r("，住址："),
        control(r("单击此处输入文字"), "<w:showingPlcHdr/>"),
    )
    assert text_of(word(tmp_path / "a.docx", body)) == "承租方：王小明，住址：＿＿＿＿\n"


def test_headers_stand_aside_and_footnotes_follow(tmp_path):
    note = f'<w:footnote w:id="2">{p(r("不含税"))}</w:footnote>'
    body = p(r("租金800元"), '<w:r><w:footnoteReference w:id="2"/></w:r>', r("每亩"))
    document = read_docx(word(tmp_path / "a.docx", body, footnotes=note, header1=p(r("合同编号：17"))))
    assert document.pages[0].text.startswith("合同编号：17\n")
    assert document.flow().text == "租金800元每亩\n注1：不含税\n"


def test_pages_end_where_word_last_laid_them_out(tmp_path):
    body = (
        p(r("自2024年"), "<w:r><w:lastRenderedPageBreak/></w:r>", r("1月1日起"))
        + p('<w:r><w:br w:type="page"/></w:r>')
        + p(r("附件"))
    )
    document = read_docx(word(tmp_path / "a.docx", body))
    assert [page.text.strip() for page in document.pages] == ["自2024年", "1月1日起", "附件"]
    assert document.flow().text == "自2024年1月1日起\n附件\n"


def test_signs_of_symbol_fonts_and_raised_digits_are_what_they_look_like(tmp_path):
    raised = '<w:vertAlign w:val="superscript"/>'
    body = p(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', r("实物 667m"), r("2", raised), r("⽉租")
    )
    assert text_of(word(tmp_path / "a.docx", body)) == "☑实物 667m²月租\n"


def test_text_boxes_are_read_once(tmp_path):
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{p(r('补充：押金2000元'))}</w:txbxContent>"
    body = p(r("正文"), f"<w:r><mc:AlternateContent {mc}><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
                        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>")  # fmt: skip
    assert text_of(word(tmp_path / "a.docx", body)) == "正文\n补充：押金2000元\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"PK\x03\x04 cut", "broken"), (b"PK\x05\x06" + b"\0" * 18, "broken")],
    ids=["cut", "no parts"],
)
def test_a_broken_package_is_refused_by_name(tmp_path, data, code):
    with pytest.raises(Unreadable) as refusal:
        read_docx(written(tmp_path / "a.docx", data))
    assert refusal.value.code == code


def test_entities_and_bombs_are_refused(tmp_path):
    path = word(tmp_path / "a.docx", p(r("a" * 30_000_000)))
    with pytest.raises(Unreadable) as refusal:
        read_docx(path)
    assert refusal.value.code == "zip_bomb"
    path = word(tmp_path / "b.docx", p(r("x")), numbering="<!DOCTYPE a>")
    with pytest.raises(Unreadable) as refusal:
        read_docx(path)
    assert refusal.value.code == "hostile"


@pytest.mark.parametrize(
    ("open", "close"),
    [("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")],
)
def test_endless_nesting_is_refused(tmp_path, open, close):
    with pytest.raises(Unreadable) as refusal:
        read_docx(word(tmp_path / "a.docx", p(r("浅")) + open * 400 + p(r("深")) + close * 400))
    assert refusal.value.code == "hostile"


def test_spans_beyond_any_table_cost_nothing(tmp_path):
    body = (
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr><w:tc>'
        + p(r("表"))
        + "</w:tc></w:tr></w:tbl>"
    )
    assert text_of(word(tmp_path / "a.docx", body)).strip() == "表"
