"""The header: found by names, units read, ambiguity told."""

import pytest

from qingqu.reading import header

KNOWN = header.synonyms({
    "project_id": ("项目代码", "项目编码"), "amount": ("概算批复", "总投资"), "start": ("计划开工时间", "计划开工日期"),
    "progress": ("形象进度(%)", "形象进度"),
})  # fmt: skip
NEED = ("project_id", "start")


def find(*rows):
    return header.find(list(enumerate((list(row) for row in rows), start=1)), KNOWN, NEED)


def test_a_header_below_title_rows_and_blanks():
    found = find(
        ["2026年项目表"],
        [],
        ["单位：万元"],
        ["序号", "项目编码", "总投资", "计划开工日期"],
        ["1", "A", "2", "3"],
    )
    assert (found.first_row, found.last_row, found.unit, found.missing) == (4, 4, "万元", ())
    assert {name: column.index for name, column in found.fields.items()} == {
        "project_id": 1,
        "amount": 2,
        "start": 3,
    }


@pytest.mark.parametrize(
    ("text", "field", "unit"),
    [
        ("＊项 目 代 码：", "project_id", ""), ("项目代码(必填)", "project_id", ""), ("概算批复（万元）", "amount", "万元"),
        ("总投资/万元", "amount", "万元"), ("总投资【单位：元】", "amount", "元"), ("形象进度（％）", "progress", "%"),
        ("PROJECT_ID", "project_id", ""), ("总投资\n(万元)", "amount", "万元"),
    ],
)  # fmt: skip
def test_headers_as_people_write_them(text, field, unit):
    found = find([text, "计划开工时间"])
    assert found.columns[0].field == field
    assert found.columns[0].unit == unit


def test_missing_and_doubled_fields_are_told_not_guessed():
    assert find(["项目代码", "备注"]).missing == ("start",)
    found = find(["项目编码", "项目编码", "计划开工时间"])
    assert found.doubled == {"project_id": (0, 1)}
    assert "project_id" not in found.missing


def test_the_official_name_beats_a_synonym():
    found = find(["项目编码", "项目代码", "计划开工时间"])
    assert found.fields["project_id"].index == 1
    assert found.columns[0].field is None


def test_the_first_of_two_equal_headers_counts_and_no_header_is_none():
    assert find(["项目代码", "计划开工时间"], ["A", "1"], ["项目代码", "计划开工时间"]).first_row == 1
    assert find(["甲", "乙"], ["1", "2"]) is None
    assert find() is None


def test_a_unit_of_the_sender_is_no_money_unit():
    assert find(["填报单位：元山镇"], ["项目代码", "计划开工时间"]).unit == ""
    assert find(["填报单位：某局　　单位:元"], ["项目代码", "计划开工时间"]).unit == "元"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["合 计", "", "132.5"], "total"), (["", "总计：", "1"], "total"), (["制表人：张三", "", ""], "signature"),
        (["填表说明：一", ""], "signature"), (["A-1", "合计工程"], None), (["小计", "A-2"], None), (["备注", "x"], None),
        (["", ""], None),
    ],
)  # fmt: skip
def test_rows_below_the_table(cells, kind):
    assert header.footer(cells, [1]) == kind or header.footer(cells, [0]) == kind
