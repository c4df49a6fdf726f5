"""Plain text in the encodings that offices use."""

import pytest

from qingqu.reading.errors import Unreadable
from qingqu.reading.plain import read_text
from qingqu.reading.tests.papers_of import written

TEXT = "土地租赁合同\n第一条　租金每亩每年800元。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_usual_encoding_is_read(tmp_path, encoding):
    document = read_text(written(tmp_path / "a.txt", TEXT.replace("\n", "\r\n").encode(encoding)))
    assert document.flow().text.splitlines() == TEXT.splitlines()
    assert document.pages[0].box_of(0, 3) is None


def test_form_feeds_part_pages(tmp_path):
    document = read_text(written(tmp_path / "a.txt", "甲\f乙".encode()))
    assert [page.text for page in document.pages] == ["甲", "乙"]


def test_a_text_broken_to_a_fixed_width_is_joined(tmp_path):
    sentence = "甲方将集体农用地出租给乙方使用，租期自二〇二四年一月一日起至二〇四三年十二月三十一日止。" * 5
    lines = [sentence[at : at + 38] for at in range(0, len(sentence), 38)]
    document = read_text(written(tmp_path / "a.txt", "\n".join(lines).encode()))
    assert document.flow().text == sentence


def test_a_text_of_short_lines_keeps_them(tmp_path):
    assert read_text(written(tmp_path / "a.txt", TEXT.encode())).pages[0].wraps == ()


def test_blanks_are_marked(tmp_path):
    page = read_text(written(tmp_path / "a.txt", "租金___元，自2024  年起，至    年止".encode())).pages[0]
    assert page.text == "租金＿＿＿元，自2024  年起，至＿＿＿＿年止"
    assert [(run.start, run.end) for run in page.runs if run.blank] == [(2, 5), (18, 22)]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\x00\x01\x02" * 50, "not_text"), (b" \n ", "empty_file"), (bytes(range(128, 256)) * 9, "encoding")],
)
def test_what_is_no_text_is_refused_by_name(tmp_path, data, code):
    with pytest.raises(Unreadable) as refusal:
        read_text(written(tmp_path / "a.txt", data))
    assert refusal.value.code == code


def test_a_single_bad_byte_is_shown_and_told(tmp_path):
    document = read_text(written(tmp_path / "a.txt", TEXT.encode() * 20 + b"\xff"))
    assert "\ufffd" in document.pages[0].text
    assert document.needs_person
