"""OFD files, written by hand after the standard."""

import zipfile

import pytest

from qingqu.reading.errors import Unreadable
from qingqu.reading.ofd import read_ofd

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text(x, y, words, delta=""):
    size = 4.23
    delta = delta or f"g {len(words) - 1} {size}"
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} 150 6" Size="{size}">'
        f'<ofd:TextCode X="0" Y="4" DeltaX="{delta}">{words}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0, y0, x1, y1):
    return (
        f'<ofd:PathObject ID="2" Boundary="{min(x0, x1)} {min(y0, y1)} {abs(x1 - x0) + 0.1} {abs(y1 - y0) + 0.1}">'
        f"<ofd:AbbreviatedData>M 0 0 L {abs(x1 - x0)} {abs(y1 - y0)}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def ofd(path, *contents):
    pages = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/{n}.xml"/>' for n in range(len(contents)))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "OFD.xml",
            f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        package.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            f"</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
        )
        for number, content in enumerate(contents):
            package.writestr(
                f"Doc_0/Pages/{number}.xml",
                f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>",
            )
    return path


def test_lines_numbers_and_their_places_are_read(tmp_path):
    digits = "第一条　租金800元"
    page = ofd(
        tmp_path / "a.ofd", text(30, 40, "土地租赁合同") + text(30, 60, digits, "g 5 4.23 2.1 2.1 2.1")
    )
    document = read_ofd(page)
    assert document.flow().text.splitlines() == ["土地租赁合同", digits]
    start = document.pages[0].text.index("800")
    x0, y0, x1, y1 = document.pages[0].box_of(start, start + 3)
    assert x0 == pytest.approx((30 + 6 * 4.23 - 4.23 + 4.23) * 72 / 25.4, abs=13)
    assert y0 < 64 * 72 / 25.4 < y1
    assert 0 < x1 - x0 < 30


def test_ruled_tables_keep_their_cells(tmp_path):
    cells = [(31, "年份"), (71, "租金")], [(31, "2024"), (71, "800")]
    content = "".join(
        text(x, 100 + 10 * row + 2, words) for row, line_ in enumerate(cells) for x, words in line_
    )
    content += "".join(line(30, y, 110, y) for y in (100, 110, 120)) + "".join(
        line(x, 100, x, 120) for x in (30, 70, 110)
    )
    assert read_ofd(ofd(tmp_path / "a.ofd", content)).flow().text.splitlines() == ["年份\t租金", "2024\t800"]


def test_a_file_without_text_or_parts_is_refused_by_name(tmp_path):
    with pytest.raises(Unreadable) as refusal:
        read_ofd(ofd(tmp_path / "a.ofd", "<ofd:ImageObject/>"))
    assert refusal.value.code == "no_text"
    with zipfile.ZipFile(tmp_path / "b.ofd", "w") as package:
        package.writestr("OFD.xml", "<OFD/>")
    with pytest.raises(Unreadable) as refusal:
        read_ofd(tmp_path / "b.ofd")
    assert refusal.value.code == "broken"
