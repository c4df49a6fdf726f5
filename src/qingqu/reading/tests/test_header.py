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


TWO = header.synonyms({
    "project_id": ("项目代码",), "name": ("项目名称",), "start": ("计划开工时间", "计划开工"), "finish": ("计划竣工时间", "计划竣工"),
    "started": ("实际开工时间", "开工时间", "实际开工"), "amount": ("概算批复", "概算批复金额"), "owner": ("建设单位", "建设单位名称"),
    "owner_id": ("建设单位信用代码",),
})  # fmt: skip


def two(*rows, merges=()):
    told = list(enumerate((list(row) for row in rows), start=1))
    return header.find(told, TWO, ("project_id", "start", "finish"), merges)


GROUPED = (
    ["", "项目代码", "项目名称", "计划时间", "", "实际时间", "金额（万元）"],
    ["", "", "", "开工", "竣工", "开工", "概算批复"],
    ["", "A-1", "路", "2026-1-1", "2026-2-1", "", "3"],
)
WANTED = {"project_id": 1, "name": 2, "start": 3, "finish": 4, "started": 5, "amount": 6}


@pytest.mark.parametrize("merges", [(), ((1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4))])
def test_a_header_over_two_lines_is_joined_top_down(merges):
    found = two(*GROUPED, merges=merges)
    assert {name: column.index for name, column in found.fields.items()} == WANTED
    assert (found.first_row, found.last_row, found.columns[3].header) == (1, 2, "计划时间｜开工")
    assert found.columns[6].unit == "万元"


def test_a_header_over_three_lines_with_titles_above_it():
    found = two(
        ["明山县重点项目表"], ["单位：万元"], ["基本情况", "", "", "进度", "", ""],
        ["项目代码", "项目名称", "建设单位", "计划", "", "实际"], ["", "", "", "开工时间", "竣工时间", "开工时间"],
        ["A", "路", "局", "1", "2", ""],
    )  # fmt: skip
    assert (found.first_row, found.last_row, found.unit) == (4, 5, "万元")
    assert {name: column.index for name, column in found.fields.items()} == {
        "project_id": 0, "name": 1, "owner": 2, "start": 3, "finish": 4, "started": 5,
    }  # fmt: skip


def test_lines_of_units_and_of_column_numbers_belong_to_the_header():
    found = two(
        ["序号", "项目代码", "计划开工", "计划竣工", "概算批复"], ["", "", "", "", "（万元）"], ["1", "2", "3", "4", "5=3+4"],
        ["1", "A", "2026-1-1", "2026-2-1", "3"],
    )  # fmt: skip
    assert (found.first_row, found.last_row) == (1, 3)
    assert found.fields["amount"].unit == "万元"


def test_words_that_make_another_thing_of_a_name_are_never_dropped():
    found = two(["项目代码", "计划开工时间", "计划竣工时间", "开工时间（预计）"])
    assert "started" not in found.fields
    found = two(["项目代码", "变更后", "", "计划竣工"], ["", "开工时间", "竣工时间", ""])
    assert "started" not in found.fields
    assert two(["项目代码", "开工时间（计划）"]).fields["start"].index == 1


def test_a_group_whose_columns_are_named_after_it_and_one_whose_name_is_a_field():
    found = two(
        ["项目代码", "建设单位", "", "计划开工", "计划竣工"],
        ["", "名称", "信用代码", "", ""],
        ["A", "x", "y", "1", "2"],
    )
    assert (found.fields["owner"].index, found.fields["owner_id"].index) == (1, 2)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("补助标准（元/月）", "元/月"), ("租金(万元/年)", "万元/年"), ("金额（单位：万元）", "万元"), ("造价（万美元）", "万美元"),
        ("面积（亩）", "亩"), ("金额[人民币：元]", "元"), ("数量（个）", ""),
    ],
)  # fmt: skip
def test_units_in_headers(text, unit):
    assert two(["项目代码", text]).columns[1].unit == unit


def test_numbered_names_and_units_above_the_table():
    found = two(["（单位：亩、万元）"], ["1.项目代码", "（2）计划开工", "③计划竣工"])
    assert set(found.fields) == {"project_id", "start", "finish"}
    assert found.area == "亩"
    assert two(["2026年项目资金表（万元）"], ["项目代码", "计划开工"]).unit == "万元"
