"""Departments' files as they come: layouts, units, spellings, wrong cells; and canonical tables in any layout."""

import codecs
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.base.errors import Refusal
from qingqu.exchange import checking, lake, work
from qingqu.exchange.contracts import load

LINE = ["A-1", "通村路", "交通局", "990101003000", "2026.1.5", "120.5", "2026年3月1日", "20261231", ""]
HEAD = [
    "项目编码",
    "建设项目名称",
    "业主单位",
    "区划代码",
    "批复时间",
    "概算批复(万元)",
    "计划开工日期",
    "计划竣工日期",
    "开工日期",
]


@pytest.fixture
def checked():
    """Checks a file for a dataset: (result, good rows as dictionaries, listed errors)."""

    def check(path, dataset="projects"):
        contract = load(dataset)
        with work.opened(path, contract) as found:
            cursor = found.made.run("SELECT * FROM good ORDER BY _sheet, _row")
            names = [item[0] for item in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            return found.checked, rows, found.errors()

    return check


def test_an_office_workbook_with_titles_units_totals_and_signatures(checked, workbook):
    path = workbook({
        "填表须知": [["请如实填写"]],
        "项目": [["明山县重点项目表"], ["填报单位：发改局    单位：万元"], ["序号", *HEAD[:5], "总投资", *HEAD[6:]],
               [1, *LINE], [2, "A-2", "桥", "交通局", 990101003000, date(2026, 1, 6), 99.99, date(2026, 4, 1), date(2026, 12, 1)],
               [], ["合计", "", "", "", "", "", 220.49], ["制表人：某某"]],
    })  # fmt: skip
    result, rows, errors = checked(path)
    assert errors == []
    assert [row["approved_amount"] for row in rows] == [Decimal("1205000.00"), Decimal("999900.00")]
    assert rows[1]["division_code"] == "990101003000"
    assert [row["_row"] for row in rows] == [4, 5]
    notes = " ".join(result.notes)
    for word in ("10,000", "合计", "填表须知", "“序号”"):
        assert word in notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_files_with_full_width_digits_and_units_in_cells(checked, projects, encoding):
    line = "Ａ－１,通村路,交通局,９９０１０１００３０００,２０２６－０１－０５,120万元,2026/3/1,2026-12-31 00:00:00,"
    path = projects(line, head=",".join([*HEAD[:5], "概算批复", *HEAD[6:]]), encoding=encoding)
    _, rows, errors = checked(path)
    assert errors == []
    assert rows[0]["project_id"] == "A-1"
    assert rows[0]["approved_amount"] == Decimal("1200000.00")
    assert rows[0]["planned_start"] == date(2026, 3, 1)


def test_each_wrong_cell_is_named_with_place_value_and_remedy(checked, projects):
    wrong = ["", "通村路", "交通局", "99", "2026-02-30", "一百", "3月5日", "/", "#REF!"]
    _, rows, errors = checked(projects(",".join(wrong), ",".join(LINE), head=",".join(HEAD)))
    assert len(rows) == 1
    assert {(error["column"], error["code"]) for error in errors} >= {
        ("A", "required"),
        ("H", "required"),
        ("I", "formula_error"),
    }
    assert {error["column"] for error in errors} == {"A", "D", "E", "F", "G", "H", "I"}
    assert {error["row"] for error in errors} == {2}
    assert all(error["message"] and str(error["fix"]).endswith("。") for error in errors)
    assert [error["column"] for error in errors] == sorted(error["column"] for error in errors)


def test_same_keys_are_told_on_every_row_but_the_first_of_equal_ones(checked, projects):
    equal, other = ",".join(LINE), ",".join(["A-2", *LINE[1:]])
    changed = ",".join(["A-2", "桥", *LINE[2:]])
    _, rows, errors = checked(projects(equal, equal, other, changed, head=",".join(HEAD)))
    assert [row["project_id"] for row in rows] == ["A-1"]
    assert [(error["row"], error["code"]) for error in errors] == [
        (3, "duplicate_row"), (4, "duplicate_key"), (5, "duplicate_key"),
    ]  # fmt: skip
    assert "第 2 行" in errors[0]["message"]
    assert "第 5 行" in errors[1]["message"]


def test_codes_are_mapped_by_synonym_kept_when_open_refused_when_closed(checked, projects):
    head = "项目编码,项目名称,建设单位,区划代码,计划开工,计划竣工,项目类型"
    result, rows, _ = checked(projects(
        "A,路,局,990101003000,2026-1-1,2026-2-1,农村公路", "B,路,局,990101003000,2026-1-1,2026-2-1,冰场", head=head
    ))  # fmt: skip
    assert [row["kind"] for row in rows] == ["道路", "冰场"]
    assert any("不在代码表里" in note for note in result.notes)
    _, rows, errors = checked(projects("T-1,竞争性磋商", "T-2,公开", head="招标编号,采购方式"), "tenders")
    assert [row["method"] for row in rows] == ["公开招标"]
    assert errors[0]["code"] == "code_unknown"
    assert "公开招标" in errors[0]["fix"]


def test_personal_numbers_never_stand_in_an_error(checked, projects):
    head = "支付流水号,收款人信用代码,收款人账号,支付金额,支付日期,收款人"
    number, account = "110101199001011234", "6222020200112233445"
    path = projects(f"P-1,{number},{account},{account},{number},甲", head=head)
    _, _, errors = checked(path, "payments")
    assert {error["field"] for error in errors} == {"payee_id", "amount", "paid_date"}
    told = str(errors)
    assert number not in told
    assert account not in told


def test_two_sheets_with_units_of_their_own(checked, workbook):
    head = [*HEAD[:5], "总投资", *HEAD[6:]]
    path = workbook({
        "甲": [["单位：万元"], head, LINE],
        "乙": [[*HEAD[:5], "总投资（元）", *HEAD[6:]], ["A-2", *LINE[1:]]],
    })  # fmt: skip
    _, rows, _ = checked(path)
    assert [row["approved_amount"] for row in rows] == [Decimal("1205000.00"), Decimal("120.50")]


def test_a_percent_cell_of_a_workbook_is_what_it_shows(checked, tmp_path):
    import xlsxwriter

    path = tmp_path / "进度.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("进度")
        sheet.write_row(0, 0, ["项目代码", "月份", "填报日期", "形象进度"])
        sheet.write_row(1, 0, ["A-1", "2026年3月", "2026-04-01"])
        sheet.write_number(1, 3, 0.35, book.add_format({"num_format": "0%"}))
    _, rows, _ = checked(path, "progress_reports")
    assert rows[0]["physical_percent"] == Decimal("35.0000")


def test_rows_wider_than_the_header_keep_their_cells(checked, projects):
    result, rows, _ = checked(
        projects(",".join(LINE) + ",x" * 40, ",".join(["A-2", *LINE[1:]]), head=",".join(HEAD))
    )
    assert (result.rows, len(rows)) == (2, 2)


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (",".join(HEAD[1:]), "项目代码"),
        (",".join([*HEAD, "项目编码"]), "分不清"),
        ("甲,乙,丙", "没认出的列：A 列“甲”"),
        ("1,2,3", "没有找到"),
        (",".join([*HEAD[:5], "概算批复(亩)", *HEAD[6:]]), "单位"),
    ],
)
def test_a_table_without_a_usable_header_is_refused_in_a_sentence(checked, projects, head, word):
    with pytest.raises(Refusal, match=word):
        checked(projects(",".join([*LINE, "A-1"]), head=head))


def test_a_header_without_rows_and_a_hidden_sheet_are_refused(checked, projects, workbook):
    with pytest.raises(Refusal, match="没有数据行"):
        checked(projects(head=",".join(HEAD)))
    with pytest.raises(Refusal, match="隐藏"):
        checked(workbook({"表": [["说明"]], "暗": [HEAD, LINE]}, hidden=("暗",)))


def test_the_engine_giving_up_is_a_sentence_and_its_words_stay_out_of_the_log(
    checked, projects, monkeypatch, caplog
):
    def give_up(*_: object) -> None:
        raise lake.Failure("Conversion Error: 110101199001011234")

    monkeypatch.setattr(checking, "check", give_up)
    with pytest.raises(Refusal, match="处理这份文件时出错"):
        checked(projects(",".join(LINE), head=",".join(HEAD)))
    assert "110101199001011234" not in caplog.text


amounts = st.decimals(min_value=0, max_value=10**9, places=2)
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))
words = st.text(alphabet="明山县通村路门诊楼甲乙丙（）ABCabc012-", min_size=1, max_size=12).filter(
    lambda t: t.strip("-") != ""
)
rows_of = st.lists(st.tuples(words, amounts, days, days, st.one_of(st.none(), days)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=rows_of, order=st.permutations(range(7)), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "\t"]), title=st.booleans(), total=st.booleans(),
    date_format=st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y/%m/%d"]),
    wan=st.booleans(),
)  # fmt: skip
def test_any_canonical_table_in_any_layout_comes_back_equal(
    checked, tmp_path, table, order, encoding, delimiter, title, total, date_format, wan
):
    def shown(day):
        return day.strftime(date_format) if day else ""

    # Three places are needed to write a cent in 万元: the sender's column must hold what it says.
    def amount(value):
        return format(value / 10_000, "f") if wan else f"{value:,.2f}"

    names = [
        "项目编码",
        "工程名称",
        "业主",
        "区划代码",
        "总投资（万元）" if wan else "总投资",
        "计划开工日期",
        "计划竣工日期",
    ]
    lines = [
        [f"K-{n}", name, "局", "990101003000", amount(money), shown(start), shown(finish)]
        for n, (name, money, start, finish, _) in enumerate(table)
    ]
    told = [[names[i] for i in order]] + [[line[i] for i in order] for line in lines]
    told = ([["明山县项目表"], []] if title else []) + told + ([["合计"], ["制表人：某"]] if total else [])
    text = "\n".join(delimiter.join(f'"{cell}"' if cell else "" for cell in line) for line in told)
    path = tmp_path / "表.csv"
    path.write_bytes(codecs.encode(text, encoding))
    _, rows, errors = checked(path)
    assert errors == []
    assert [(r["name"], r["approved_amount"], r["planned_start"], r["planned_finish"]) for r in rows] == [
        (_text(name), money, start, finish) for name, money, start, finish, _ in table
    ]


def _text(name):
    from qingqu.domain.values import clean

    return clean("text", name)
