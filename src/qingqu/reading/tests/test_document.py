"""Papers read through the limited process: every kind, every refusal."""

import io
import time
import zipfile

import pypdfium2
import pytest
from PIL import Image

from qingqu.domain.papers.codec import pack, unpack
from qingqu.reading.children import Child, Pool
from qingqu.reading.document import read_document
from qingqu.reading.errors import Unreadable
from qingqu.reading.tests.papers_of import p, pdf, r, word, written

LEASE = (
    "#align(center)[#text(18pt)[土地租赁合同]]\n#set par(justify: true, first-line-indent: (amount: 2em, all: true))\n"
    "第一条　甲方将集体农用地25.6亩出租给乙方使用，租期自2024年1月1日起至2043年12月31日止。\n\n"
    "第二条　租金每亩每年850元，合计人民币21,760.00元（大写：贰万壹仟柒佰陆拾元整）。\n"
)
SAID = [
    "25.6亩",
    "2024年1月1日起至2043年12月31日止",
    "每亩每年850元",
    "21,760.00元（大写：贰万壹仟柒佰陆拾元整）",
]


@pytest.fixture(scope="module")
def pool():
    pool = Pool()
    yield pool
    pool.close()


def picture(turn=0, scale=150 / 72):
    document = pypdfium2.PdfDocument(pdf(LEASE, page="a5"))
    image = (
        document[0].render(scale=scale).to_pil().convert("RGB").rotate(-turn, expand=True, fillcolor="white")
    )
    document.close()
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_is_read_however_it_lies(tmp_path, pool, turn):
    document = read_document([written(tmp_path / "a.png", picture(turn))], pool=pool)
    flow = document.flow()
    assert document.source == "scan"
    assert [said for said in SAID if said not in flow.text] == []
    assert document.pages[0].rotation == -turn % 360
    start = flow.text.index("850")
    (place,) = flow.places(start, start + 3)
    x0, y0, x1, y1 = place.box
    assert ((x1 - x0) > (y1 - y0)) == (turn % 180 == 0)
    ink = (
        Image.open(io.BytesIO(picture(turn))).convert("L").crop((int(x0), int(y0), int(x1) + 1, int(y1) + 1))
    )
    assert ink.getextrema()[0] < 100
    assert flow.confidence(start, start + 3) > 0.8


def test_pictures_are_the_pages_of_one_paper_in_their_order(tmp_path, pool):
    paths = [written(tmp_path / f"{name}.png", picture()) for name in "ab"]
    assert [page.number for page in read_document(paths, pool=pool).pages] == [1, 2]


def test_a_pdf_of_pictures_is_recognised_and_says_so(tmp_path, pool):
    data = io.BytesIO()
    Image.open(io.BytesIO(picture())).save(data, "PDF", resolution=150)
    document = read_document([written(tmp_path / "a.pdf", data.getvalue())], pool=pool)
    assert "每亩每年850元" in document.flow().text
    assert document.source == "scan"
    assert [note.code for note in document.notes] == ["recognised"]
    width = document.pages[0].width
    start = document.pages[0].text.index("25.6")
    box = document.pages[0].box_of(start, start + 4)
    assert 0 < box[0] < box[2] < width == pytest.approx(419.5, abs=2)


def test_every_kind_comes_out_of_the_process_as_it_went_in(tmp_path, pool):
    files = [
        word(tmp_path / "a.docx", p(r("租金800元"))),
        written(tmp_path / "a.pdf", pdf("租金800元")),
        written(tmp_path / "a.txt", "租金800元\n".encode()),
    ]
    for path in files:
        document = read_document(path, pool=pool)
        assert document.flow().text.strip() == "租金800元"
        assert unpack(pack(document)).flow() == document.flow()


def encrypted():
    document = io.BytesIO()
    Image.new("RGB", (10, 10)).save(document, "PDF")
    trailer = document.getvalue().replace(
        b"trailer\n<<", b"trailer\n<</Encrypt <</Filter/Standard/V 1/R 2/O(x)/U(y)/P -4>> "
    )
    return (
        trailer
        if trailer != document.getvalue()
        else document.getvalue().replace(b"/Root", b"/Encrypt 99 0 R /Root")
    )


def zipped(name, data=b"x"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04 and no more", "broken"),
        (b"%PDF-1.7 and no more", "broken"),
        (b"\x89PNG\r\n\x1a\n and no more", "broken"),
        (b"\xff\xd8\xff\xe0 and no more", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "is_doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"{\\rtf1 hello}", "is_rtf"),
        (b"MZ\x90\x00", "is_exe"),
        (b"<html><body>x</body></html>", "is_html"),
        (zipped("a.txt"), "is_zip"),
        (zipped("xl/workbook.xml"), "is_xlsx"),
        (b"\x00\x00\x00\x18ftypheic", "is_heic"),
        (b"\x00\x01" * 500, "not_text"),
        (encrypted(), "encrypted"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path, pool, data, code):
    with pytest.raises(Unreadable) as refusal:
        read_document(written(tmp_path / "合同.docx", data), pool=pool)
    assert refusal.value.code == code
    assert "；" in refusal.value.sentence


def test_a_picture_of_nothing_says_so(tmp_path, pool):
    data = io.BytesIO()
    Image.new("RGB", (800, 1000), "white").save(data, "PNG")
    document = read_document(written(tmp_path / "a.png", data.getvalue()), pool=pool)
    assert document.needs_person
    assert [note.code for note in document.notes] == ["unread_page"]


def test_several_files_of_which_one_is_no_picture_are_refused(tmp_path, pool):
    paths = [written(tmp_path / "a.png", picture()), written(tmp_path / "b.txt", b"text")]
    with pytest.raises(Unreadable) as refusal:
        read_document(paths, pool=pool)
    assert refusal.value.code == "mixed_files"


class Stuck(Child):
    def ask(self, question, seconds):
        return super().ask({**question, "paths": ["/dev/zero"]}, 0.3)


class Dying(Child):
    def ask(self, question, seconds):
        self._process.kill()
        return super().ask(question, seconds)


def test_a_process_that_hangs_or_dies_is_ended_and_the_next_file_is_read(tmp_path):
    path = written(tmp_path / "a.txt", "租金800元".encode())
    for kind, codes in ((Stuck, {"too_slow", "too_large", "broken"}), (Dying, {"crashed"})):
        children = [kind]
        pool = Pool(make=lambda work, left=children: (left.pop() if left else Child)(work))
        started = time.monotonic()
        with pytest.raises(Unreadable) as refusal:
            read_document(path, pool=pool)
        assert refusal.value.code in codes
        assert read_document(path, pool=pool).flow().text == "租金800元"
        assert time.monotonic() - started < 15
        pool.close()


def test_an_old_word_file_is_converted_where_libreoffice_is_installed(tmp_path, pool, monkeypatch):
    docx = word(tmp_path / "made.docx", p(r("租金800元")))
    command = tmp_path / "soffice"
    command.write_text(f'#!/bin/sh\nfor last; do :; done\nmkdir "$7"\ncp {docx} "$7/paper.docx"\n')
    command.chmod(0o755)
    old = written(
        tmp_path / "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    )
    monkeypatch.setattr("qingqu.reading.office.shutil.which", lambda name: str(command))
    document = read_document(old, pool=pool)
    assert document.flow().text == "租金800元\n"
    assert [note.code for note in document.notes] == ["converted"]
    command.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(Unreadable) as refusal:
        read_document(old, pool=pool)
    assert refusal.value.code == "is_doc"
