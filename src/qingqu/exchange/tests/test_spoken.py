"""Required columns that a file leaves out and the table states once."""

import pytest
import xlsxwriter

from qingqu.base.errors import Refusal
from qingqu.exchange import work
from qingqu.exchange.contracts import load
from qingqu.exchange.tests.making import credit_code, id_number
from qingqu.orgs.models import Division

SOCIAL = [["身份证号", "姓名", "单位信用代码"]] + [[id_number(n), "某某", credit_code(n)] for n in (1, 2)]
ASSETS = [
    ["序号", "资产编号", "资产类别", "使用状态"],
    [1, "Z-1", "房屋", "闲置"],
    [2, "Z-2", "房屋", "闲置"],
    ["合计", "2处"],
]


def taken(folder, sheets, dataset, called="表.xlsx", **said):
    """(values of a field of the good rows, errors, notes) of a workbook: sheet name → rows."""
    path = folder / "upload"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    field = "month" if dataset == "social_insurance" else "division_code"
    with work.opened(path, load(dataset), called, **said) as found:
        rows = found.made.run(f"SELECT {field} FROM good ORDER BY _sheet, _row").fetchall()
        return [value for (value,) in rows], found.errors(), " ".join(found.notes())


@pytest.mark.parametrize(
    ("name", "title", "called", "period"),
    [
        ("Sheet1", "2026年3月社保缴费明细", "表.xlsx", ""), ("2026年3月", "社保缴费明细", "表.xlsx", ""), ("3月", "2026年度社保缴费", "表.xlsx", ""),
        ("Sheet1", "社保缴费明细", "社保202603.xlsx", ""), ("Sheet1", "社保缴费明细", "社保2026-03_终稿.xlsx", ""), ("Sheet1", "社保缴费明细", "表.xlsx", "2026-03"),
        ("3月份", "社保缴费明细", "表.xlsx", "2026-03"), ("Sheet1", "二〇二六年三月社保缴费明细", "2026年3月.xlsx", "2026-03"), ("Sheet1", "费款所属期：2026.03", "a.xlsx", ""),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_month_stated_once_is_every_rows_and_a_note_says_so(tmp_path, name, title, called, period):
    values, errors, notes = taken(
        tmp_path, {name: [[title], *SOCIAL]}, "social_insurance", called, period=period
    )
    assert (values, errors) == (["2026-03", "2026-03"], [])
    assert "没有“缴费月份”一列" in notes
    assert "2026-03 读取" in notes
    assert "按空白处理：“缴费月份”" not in notes


@pytest.mark.parametrize(
    ("title", "called", "period", "code"),
    [
        ("2026年3月社保缴费明细", "社保202604.xlsx", "", "month_unclear"), ("2026年3月社保缴费明细", "表.xlsx", "2026-04", "month_unclear"),
        ("2026年1-3月社保缴费明细", "表.xlsx", "", "month_unclear"), ("2026年1月至2月社保", "表.xlsx", "", "month_unclear"),
        ("2026年一季度社保缴费明细", "表.xlsx", "", "unmapped"), ("社保缴费明细", "表20260405.xlsx", "", "unmapped"), ("填表日期：2026年4月", "表.xlsx", "", "unmapped"),
        ("3月社保缴费明细", "表.xlsx", "", "unmapped"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_months_that_differ_or_are_not_plainly_said_fill_nothing(tmp_path, title, called, period, code):
    with pytest.raises(Refusal, match="缴费月份") as refused:
        taken(tmp_path, {"Sheet1": [[title], *SOCIAL]}, "social_insurance", called, period=period)
    assert refused.value.code == code


@pytest.mark.django_db
def test_each_sheet_of_a_months_workbook_has_its_own_month(tmp_path):
    sheets = {"2026年1月": SOCIAL, "2026年2月": SOCIAL}
    values, errors, _ = taken(tmp_path, sheets, "social_insurance")
    assert (values, errors) == (["2026-01", "2026-01", "2026-02", "2026-02"], [])


@pytest.mark.django_db
def test_a_column_of_an_unknown_name_that_may_be_the_month_is_asked_about(tmp_path):
    rows = [["2026年3月"], [*SOCIAL[0], "业务期间"], [*SOCIAL[1], "202602"]]
    with pytest.raises(Refusal) as refused:
        taken(tmp_path, {"Sheet1": rows}, "social_insurance")
    assert refused.value.code == "unmapped"


@pytest.fixture
def villages(cast):
    """Two towns with a village of the same name, and one of its own."""
    county, town = Division.objects.get(code="990101000000"), Division.objects.get(code="990101003000")
    other = Division.objects.create(code="990101004000", name="白水镇", level="township", parent=county)
    for code, name, parent in (
        ("990101003201", "仙游村村民委员会", town), ("990101003202", "新村村民委员会", town), ("990101004201", "新村村民委员会", other),
        ("990101004203", "河西村村民委员会", other),
    ):  # fmt: skip
        Division.objects.create(code=code, name=name, level="village", parent=parent)


@pytest.mark.parametrize(
    ("sheet", "title", "code"),
    [
        ("仙游村", "集体资产登记表", "990101003201"), ("Sheet1", "明山县青石镇仙游村集体资产登记表", "990101003201"),
        ("Sheet1", "仙游村村民委员会集体资产登记表", "990101003201"), ("Sheet1", "青石镇新村集体资产登记表", "990101003202"), ("白水镇", "明山县集体资产登记表", "990101004000"),
        ("仙游村", "青石镇集体资产登记表", "990101003201"),
    ],
)  # fmt: skip
def test_the_one_place_that_sheet_or_title_names_is_every_rows(tmp_path, villages, sheet, title, code):
    values, errors, notes = taken(
        tmp_path, {sheet: [[title], *ASSETS]}, "assets", sender="development_reform"
    )
    assert (values, errors) == ([code, code], [])
    assert code in notes


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("新村", "集体资产登记表"), ("仙游村", "河西村集体资产登记表"), ("Sheet1", "大河西村集体资产登记表"), ("Sheet1", "明山县集体资产登记表"),
        ("Sheet1", "填报单位：青石镇人民政府"), ("Sheet1", "青石镇、白水镇集体资产登记表"),
    ],
)  # fmt: skip
def test_no_place_or_several_or_a_part_of_a_longer_name_is_asked_about(tmp_path, villages, sheet, title):
    with pytest.raises(Refusal, match="区划代码") as refused:
        taken(tmp_path, {sheet: [[title], *ASSETS]}, "assets", sender="development_reform")
    assert refused.value.code == "unmapped"


def test_a_sender_elsewhere_names_no_place_of_ours(tmp_path, villages):
    with pytest.raises(Refusal):
        taken(tmp_path, {"仙游村": ASSETS}, "assets", sender="next_discipline")
