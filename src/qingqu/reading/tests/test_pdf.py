"""PDF files with a text layer."""

import pytest

from qingqu.reading.errors import Unreadable
from qingqu.reading.pdf import NeedsRecognition, read_pdf
from qingqu.reading.tests.papers_of import pdf, written

LONG = "甲方将位于本村柳湾畈的集体农用地25.6亩出租给乙方使用，租期自2024年1月1日起至2043年12月31日止，租金每亩每年800元。"


def read(tmp_path, source, **more):
    return read_pdf(written(tmp_path / "a.pdf", pdf(source, **more)))


def test_wrapped_lines_are_one_sentence_and_paragraphs_stay_apart(tmp_path):
    document = read(
        tmp_path,
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true))\n"
        f"第一条　{LONG}\n\n第二条　{LONG}",
    )
    assert document.flow().text.replace("　", " ").splitlines() == [f"第一条 {LONG}", f"第二条 {LONG}"]


def test_the_box_of_a_number_is_where_it_stands(tmp_path):
    page = read(tmp_path, "#place(top + left, dx: 100pt, dy: 200pt)[租金800元]").pages[0]
    start = page.text.index("800")
    x0, y0, x1, y1 = page.box_of(start, start + 3)
    margin = 2.5 / 21 * 595.3
    assert x0 == pytest.approx(margin + 124, abs=1.5)
    assert 15 < x1 - x0 < 24
    assert y0 == pytest.approx(margin + 200, abs=4)
    assert 10 < y1 - y0 < 16


def test_headers_and_page_numbers_do_not_cut_clauses(tmp_path):
    source = (
        "#set page(header: [合同编号：青溪-17], footer: context [第 #counter(page).display() 页])\n"
        f"#set par(justify: true, first-line-indent: (amount: 2em, all: true))\n{LONG * 40}"
    )
    document = read(tmp_path, source)
    assert len(document.pages) > 1
    assert document.flow().text.replace("年800元。\n", "年800元。").strip() == LONG * 40
    assert {aside.kind for page in document.pages for aside in page.asides} == {"header", "page_number"}


def test_ruled_tables_keep_rows_and_cells(tmp_path):
    source = "#table(columns: 3, [年份], [单价（元/亩）], [租金（元）], [2024—2028], [800], [20,480.00], [2029—2033], [], [21,504.00])"
    assert read(tmp_path, source).pages[0].text.splitlines() == [
        "年份\t单价（元/亩）\t租金（元）", "2024—2028\t800\t20,480.00", "2029—2033\t\t21,504.00",
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other(tmp_path):
    left, right = "左栏" + LONG * 4, "右栏" + LONG * 4
    text = read(tmp_path, f"#columns(2)[{left}\n#colbreak()\n{right}]").flow().text
    assert text.index("左栏") < text.index("右栏")
    assert LONG in text[: text.index("右栏")].replace("\n", "")


def test_two_pages_side_by_side_are_read_one_after_the_other(tmp_path):
    table = "#table(columns: 2, [年份], [租金], [2024], [800], [2025], [840])"
    half = f"第一条　{LONG}\\n\\n{table}\\n第二条　{LONG}\\n\\n第三条　{LONG}"
    other = half.replace("一", "四").replace("二", "五").replace("三", "六").replace("800]", "900]")
    source = (
        f"#set page(flipped: true)\n#grid(columns: (1fr, 1fr), gutter: 2cm, [{half}], [{other}])".replace(
            "\\n", "\n"
        )
    )
    said = read(tmp_path, source).flow().text
    order = ["第一条", "2024\t800", "第二条", "第三条", "第四条", "2024\t900", "第五条", "第六条"]
    places = [said.index(each) for each in order]
    assert places == sorted(places)


def test_a_drawn_underline_without_words_is_a_blank(tmp_path):
    line = "#box(width: 6em, stroke: (bottom: 0.5pt))[]"
    page = read(tmp_path, f"承租方：{line}身份证号：#underline[330102198001010011]").pages[0]
    assert page.text.startswith("承租方：＿＿")
    assert any(run.blank for run in page.runs)
    start = page.text.index("3301")
    assert all(run.underlined and not run.blank for run in page.runs_in(start, start + 18))


def test_raised_digits_stay_raised(tmp_path):
    assert "17066.67m²）" in read(tmp_path, "（合17066.67m#super[2]）").pages[0].text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_its_file_turns_reads_as_shown(tmp_path, turn):
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(LONG * 3))
    for page in document:
        page.set_rotation(turn)
    saved = io.BytesIO()
    document.save(saved)
    document.close()
    text = read_pdf(written(tmp_path / "a.pdf", saved.getvalue())).flow().text
    assert LONG in text.replace("\n", "")


def test_a_watermark_is_told_and_not_read_as_text(tmp_path):
    mark = "#set page(background: rotate(-45deg, text(60pt, fill: luma(210))[草稿]))\n"
    document = read(tmp_path, mark + LONG)
    assert document.flow().text.replace("\n", "") == LONG
    assert [note.quoted for note in document.notes if note.code == "watermark"] == ["草稿"]


def test_white_text_is_told_and_not_read(tmp_path):
    document = read(tmp_path, f"{LONG}#text(fill: white)[另付五万元]")
    assert "五万" not in document.flow().text
    assert document.needs_person


def test_a_page_without_text_asks_for_recognition(tmp_path):
    with pytest.raises(NeedsRecognition):
        read(tmp_path, "#grid(columns: 10, ..range(80).map(i => circle(radius: 5pt)))")


def test_cut_and_locked_files_are_refused_by_name(tmp_path):
    whole = pdf(LONG)
    for data in (whole[:700], b"%PDF-1.7\n"):
        with pytest.raises(Unreadable) as refusal:
            read_pdf(written(tmp_path / "a.pdf", data))
        assert refusal.value.code == "broken"


def test_too_many_pages_are_refused(tmp_path):
    with pytest.raises(Unreadable) as refusal:
        read(tmp_path, "#for i in range(201) [第#(i)页#pagebreak(weak: true)]")
    assert refusal.value.code == "too_many_pages"
