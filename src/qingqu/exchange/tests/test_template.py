"""The empty form of a dataset: filled in and sent, it goes in without a question."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from qingqu.exchange import blank_forms, layout
from qingqu.exchange.actions import department_code, import_file
from qingqu.exchange.contracts import load, names
from qingqu.exchange.tests.helpers import wish
from qingqu.orgs.models import Organisation

TODAY = date(2026, 6, 10)
VALUES = {
    "id_number": "11010519491231002X", "credit_code": "91990101000000019M", "id_or_credit_code": "11010519491231002X",
    "division_code": "990101003000", "date": "2026-05-05", "datetime": "2026-05-05 10:30", "month": "2026-05",
    "money": 12345.67, "quantity": 2.5, "percent": 35, "integer": 3, "yes_no": "是", "text": "A-1",
}  # fmt: skip


def form(dataset: str, department: str, organisation: str = "", masked: bool = False):
    return blank_forms.of(
        load(dataset),
        department,
        organisation,
        period="2026-05",
        due=date(2026, 6, 5),
        today=TODAY,
        masked=masked,
    )


def opened(made):
    return load_workbook(io.BytesIO(made.content))


def value(field):
    return next(iter(field.codes.values), "其他") if field.codes else VALUES[field.type]


@pytest.mark.parametrize("dataset", names())
def test_a_form_filled_in_goes_in_without_a_question(dataset, cast, now, tmp_path: Path):
    contract = load(dataset)
    book = opened(form(dataset, contract.owners[0]))
    sheet = book.worksheets[0]
    assert book.active is sheet
    for column, field in enumerate(contract.fields, start=1):
        sheet.cell(2, column, value(field))
    path = tmp_path / "填好.xlsx"
    book.save(path)
    given = wish(path, dataset=dataset, department=department_code(contract, None))
    result = import_file(path=path, wish=given, by=cast.operator, now=now)
    assert (result["rows"], result["inserted"], result["errors"]) == (1, 1, [])
    assert not [
        note for note in result["notes"] if "没有读取" in note or "没有用到" in note or "没有这些列" in note
    ]


@pytest.mark.parametrize("dataset", names())
def test_required_columns_are_marked_and_long_numbers_are_text(dataset, cast):
    contract = load(dataset)
    book = opened(form(dataset, contract.owners[0]))
    sheet = book.worksheets[0]
    for column, field in enumerate(contract.fields, start=1):
        head = sheet.cell(1, column)
        assert head.value == field.zh + ("*" if field.required else "")
        assert head.comment.text.startswith("必填" if field.required else "可以不填")
        if field.type not in {"date", "datetime", "money", "quantity", "percent", "integer"}:
            assert sheet.column_dimensions[head.column_letter].number_format == "@"
    lists = {str(one.sqref): one for one in sheet.data_validations.dataValidation if one.type == "list"}
    for one in lists.values():
        assert one.formula1.startswith(("list_", '"是'))
    for name, range_ in book.defined_names.items():
        terms = [cell[0].value for cell in book[layout.LISTS][range_.attr_text.split("!")[1]]]
        assert terms, name
    if layout.LISTS in book.sheetnames:
        assert book[layout.LISTS].sheet_state == "veryHidden"


def test_a_list_longer_than_excel_takes_inline_is_a_named_range(cast):
    from qingqu.orgs.models import Division

    town = Division.objects.get(code="990101003000")
    for number in range(1, 80):
        Division.objects.create(
            code=f"990101003{number:03}", name=f"第{number}村", level="village", parent=town
        )
    book = opened(form("projects", "development_reform"))
    assert book.defined_names["list_places"].attr_text.endswith("$81")
    places = book[layout.PLACES]
    assert [places["A1"].value, places["B1"].value] == ["990101000000", "明山县"]
    assert places["B3"].value == "青石镇 第1村"


@pytest.fixture
def known(cast, now, projects):
    """The hospital's two projects, one of them finished; the school's one; a report of April for each."""
    hospital = Organisation.objects.get(code="public_hospital")
    hospital.credit_code = "12990101000000019T"
    hospital.save()
    head = "项目代码,项目名称,建设单位,业主单位信用代码,行政区划代码,计划开工时间,计划竣工时间,实际竣工时间,实际开工时间"
    path = projects(
        "H-1,门诊楼,县医院,12990101000000019T,990101000000,2026-01-01,2026-12-31,,2026-02-01",
        "H-2,旧楼,县医院,12990101000000019T,990101000000,2024-01-01,2025-12-31,2025-12-30,2024-02-01",
        "H-3,宿舍,县医院,12990101000000019T,990101000000,2026-09-01,2026-12-31,,",
        "S-1,教学楼,单位3,,990101000000,2026-01-01,2026-12-31,,2026-02-01", head=head,
    )  # fmt: skip
    import_file(path=path, wish=wish(path), by=cast.operator, now=now)
    head = "项目代码,填报月份,填报时间,计划进度(%),形象进度(%),累计支付"
    path = projects("H-1,2026-03,2026-04-03,10,12,100", "H-1,2026-04,2026-05-03,20,18,250.5", head=head)
    given = wish(path, dataset="progress_reports", department="project_owner")
    import_file(path=path, wish=given, by=cast.operator, now=now)


def test_an_owners_form_lists_the_running_projects_with_the_last_values(known):
    made = form("progress_reports", "project_owner", "public_hospital")
    assert made.rows == 1
    sheet = opened(made).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["H-1", "2026-05", None, 20, 18, 250.5]
    assert sheet["E2"].font.italic
    assert not sheet["A2"].font.italic
    assert "上期" in sheet["E1"].comment.text
    school = opened(form("progress_reports", "project_owner", "middle_school")).worksheets[0]
    assert [cell.value for cell in school[2]][:5] == ["S-1", "2026-05", None, None, None]


def test_an_untouched_prefilled_row_is_not_taken_for_a_report(known, cast, now, tmp_path):
    path = tmp_path / "没填.xlsx"
    path.write_bytes(form("progress_reports", "project_owner", "public_hospital").content)
    given = wish(path, dataset="progress_reports", department="project_owner")
    result = import_file(path=path, wish=given, by=cast.operator, now=now)
    assert [error["field"] for error in result["errors"]] == ["reported_at"]


def test_a_roster_begins_with_the_departments_own_list(known):
    sheet = opened(form("projects", "development_reform")).worksheets[0]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["H-1", "H-2", "H-3"]
    assert sheet.cell(2, 10).value is not None
    assert opened(form("projects", "finance")).worksheets[0].max_row == 1


def test_whoever_may_not_see_personal_numbers_gets_no_list_of_people(known, monkeypatch):
    monkeypatch.setattr(blank_forms, "due_rows", lambda *_, **__: pytest.fail("asked for rows"))
    assert form("payments", "finance", masked=True).rows == 0


def test_the_page_gives_the_form_of_the_month_that_is_due(client, cast, known):
    client.force_login(cast.hospital)
    answer = client.get(reverse("exchange-template", args=["progress_reports"]))
    assert answer.headers["Content-Type"] == blank_forms.CONTENT_TYPE
    assert "filename*=UTF-8''%E8%BF%9B" in answer.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(answer.content)).worksheets[0]["A2"].value == "H-1"
    client.force_login(cast.finance)
    assert client.get(reverse("exchange-template", args=["progress_reports"])).status_code == 403
    assert client.get(reverse("exchange-template", args=["nothing"])).status_code == 404
