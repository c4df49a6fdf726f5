"""Text: what changes so that two departments' words compare equal, and what is refused."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingqu.domain.values import Unclean, blank, clean
from qingqu.domain.values.text import MAX, narrow, packed


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  建设　路\u00a0改造 \n 一期\t", "建设 路 改造 一期"),
        ("Ａ１２３－４５", "A123-45"),
        ("某某(集团)有限公司", "某某（集团）有限公司"),
        ("某某（集团）有限公司", "某某（集团）有限公司"),
        ("ABC（１）", "ABC(1)"),
        ("道路，桥梁；涵洞：是？", "道路，桥梁；涵洞：是？"),
        ("零\u200b宽\ufeff度\u00ad", "零宽度"),
        ("\u202e反转\u202c", "反转"),
        ("2024\u2011001", "2024-001"),
        ("阿•依", "阿·依"),
        ("阿・依", "阿·依"),
        ("\ue863", "䶮"),
        ("\u2f00\u2f00", "一一"),
        ("\uf9d1", "六"),
        ("面积㎡①", "面积㎡①"),
        ("\ue001", "\ue001"),
        ("e\u0301", "é"),
    ],
)
def test_text_is_brought_to_one_spelling(raw, stored):
    assert clean("text", raw) == stored


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        (" \u200b\n", "empty"),
        ("a\x00b", "control_character"),
        ("a\x1cb", "control_character"),
        ("\ud800", "control_character"),
        ("a\uffff", "control_character"),
        ("道\ufffd路", "broken_encoding"),
        ("锟斤拷锟斤拷", "broken_encoding"),
        ("字" * (MAX + 1), "too_long"),
        (" " * 200_000, "too_long"),
    ],
)
def test_text_that_is_damaged_or_endless_is_refused(raw, code):
    with pytest.raises(Unclean) as refused:
        clean("text", raw)
    assert refused.value.code == code


def test_two_thousand_characters_pass():
    assert clean("text", "字" * MAX) == "字" * MAX


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(deadline=None, max_examples=400)
def test_cleaned_text_stays_as_it_is_and_has_nothing_hidden(raw):
    try:
        once = clean("text", raw)
    except Unclean:
        return
    assert clean("text", once) == once
    assert once == once.strip()
    assert "  " not in once
    assert unicodedata.is_normalized("NFC", once)
    assert not blank(once)


def test_a_cell_of_invisible_signs_is_blank():
    assert blank("")
    assert blank(" \u3000\u200b\ufeff\n")
    assert not blank("-")


def test_a_blank_stays_only_where_it_parts_two_digits():
    assert narrow("2024 年 1 月") == "2024年1月"
    assert narrow("１ ２") == "1 2"
    assert narrow("12 元") == "12元"


def test_marks_that_keep_excel_away_are_taken_off():
    assert packed("'001x") == "001X"
    assert packed('="0012 3"') == "00123"
    assert packed("‘12") == "12"
