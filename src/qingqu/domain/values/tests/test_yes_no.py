"""Yes and no."""

import pytest

from qingqu.domain.values import Unclean, clean


@pytest.mark.parametrize("raw", ["是", " 是 ", "Y", "yes", "TRUE", "１", "√", "有"])
def test_yes_in_its_spellings(raw):
    assert clean("yes_no", raw) == "是"


@pytest.mark.parametrize("raw", ["否", "N", "False", "0", "×", "无", "没有"])
def test_no_in_its_spellings(raw):
    assert clean("yes_no", raw) == "否"


@pytest.mark.parametrize("raw", ["□", "是否", "2", "可能", "-"])
def test_anything_else_is_neither(raw):
    with pytest.raises(Unclean) as refused:
        clean("yes_no", raw)
    assert refused.value.code == "yes_no_unreadable"
