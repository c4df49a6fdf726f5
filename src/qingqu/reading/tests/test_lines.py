"""Lines below a header: what is data and what is not."""

import pytest

from qingqu.reading import header
from qingqu.reading.lines import Kinds

KNOWN = header.synonyms({"id": ("项目代码",), "name": ("项目名称",), "amount": ("金额",)})
ROWS = [["明山县项目表"], ["单位：万元"], ["序号", "项目代码", "项目名称", "金额"], ["", "", "", "（万元）"]]
HEAD = header.find(list(enumerate(ROWS, start=1)), KNOWN, ("id",))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "A-1", "通村路", "3"], "d"), (["1", "A-1", "合计工程", "3"], "d"), (["2", "", "通村路", "3"], "d"),
        (["合 计", "", "", "132.5"], "f"), (["", "总计：", "", "1"], "f"), (["青石镇小计", "", "", "9"], "f"),
        (["合计（元）", "", "", "9"], "f"), (["", "", "本页合计", "9"], "f"), (["共12个项目"], "f"), (["1", "小计", "", "4"], "f"),
        (["制表人：张三", "", "审核人：李四"], "f"), (["填表说明：一"], "f"), (["制表人：张三", "审核人：李四"], "f"), (["注：数据截至六月"], "f"), (["（盖章）"], "f"),
        (["第2页 共5页"], "f"), (["一、道路类"], "s"), (["（二）学校类"], "s"), (["青石镇"], "d"),
        (["序号", "项目代码", "项目名称", "金额"], "r"), (["序号", "项 目 代 码", "项目名称", "金额"], "r"),
        (["", "", "", "（万元）"], "r"), (["明山县项目表"], "r"), (["单位：万元"], "r"), (["设计院"], "d"), ([" ", ""], "b"),
        (["合计", "254份", "", "9"], "f"), (["总计", "共 12 个", "", "9"], "f"), (["合计", "A-254", "", "9"], "d"), (["1", "254份", "", "9"], "d"),
    ],
)  # fmt: skip
def test_the_kind_of_a_line_below_the_header(cells, kind):
    assert Kinds(HEAD, [1]).of(9, cells) == kind


def test_a_heading_is_known_by_its_merge():
    assert Kinds(HEAD, [1], [(9, 0, 9, 3)]).of(9, ["青石镇"]) == "s"


def test_with_two_keys_a_total_in_one_of_them_is_no_data():
    assert Kinds(HEAD, [1, 2]).of(9, ["", "A-1", "小计", "3"]) == "f"
    assert Kinds(HEAD, [1, 2]).of(9, ["", "A-1", "设计费合计", "3"]) == "d"
