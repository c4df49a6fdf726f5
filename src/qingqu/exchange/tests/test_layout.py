"""Which sheet, which header, which columns, which units: files as departments lay them out."""

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from qingqu.base.errors import Refusal
from qingqu.exchange import lake, work
from qingqu.exchange.contracts import load
from qingqu.reading.tests.making import sheet, write_ods, write_xls

TITLES = [["明山县重点项目推进表"], ["填报单位：发改局", "", "", "", "", "", "单位：万元"]]
HEAD = [
    ["序号", "项目编码", "项目名称", "建设单位", "区划代码", "计划时间", "", "投资", ""],
    ["", "", "", "", "", "开工", "竣工", "概算", "估算"],
]
ROWS = [
    [1, "A-1", "通村路", "交通局", "990101003000", "2026.1.5", "2026年12月1日", 120.5, 100],
    [2, "A-2", "门诊楼", "卫健局", "990101003000", date(2026, 2, 1), 46000, 30, ""],
]
BELOW = [["合计", "", "", "", "", "", "", 150.5, 100], ["制表人：某某"]]
SHEET = [*TITLES, *HEAD, *ROWS, *BELOW]


@pytest.fixture
def read():
    """Reads a file for a dataset: (good rows, errors, notes)."""

    def check(path, dataset="projects"):
        with work.opened(path, load(dataset)) as found:
            cursor = found.made.run("SELECT * FROM good ORDER BY _sheet, _row")
            names = [item[0] for item in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            return rows, found.errors(), found.notes()

    return check


def write_xlsx(path, rows, fill=None):
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        made = book.add_worksheet("项目")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                made.write(number, column, value)
        if fill:
            fill(made)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_titles_units_and_a_header_over_two_lines_in_every_workbook(read, tmp_path, kind):
    path = tmp_path / "项目表.dat"
    if kind == "xlsx":
        write_xlsx(path, SHEET)
    elif kind == "xls":
        write_xls(path, {"项目": SHEET})
    else:
        write_ods(path, sheet("项目", SHEET))
    rows, errors, notes = read(path)
    assert errors == []
    assert [row["project_id"] for row in rows] == ["A-1", "A-2"]
    assert [row["planned_start"] for row in rows] == [date(2026, 1, 5), date(2026, 2, 1)]
    assert [row["planned_finish"] for row in rows] == [date(2026, 12, 1), date(2025, 12, 9)]
    assert [row["approved_amount"] for row in rows] == [Decimal("1205000.00"), Decimal("300000.00")]
    assert [row["_row"] for row in rows] == [5, 6]
    told = " ".join(notes)
    assert "表头在第 3–4 行" in told
    assert "F 列“计划时间｜开工”→计划开工时间" in told
    assert "按“万元”读取" in told


def test_json_lines_and_parquet_are_read_by_their_names(read, tmp_path):
    lines = tmp_path / "a.csv"
    lines.write_text(
        '{"项目编码":"A-1","项目名称":"路","建设单位":"局","区划代码":990101003000,"计划开工日期":"20260105","计划竣工日期":"2026-12-01","总投资":1.50}\n',
        encoding="utf-8",
    )
    rows, errors, notes = read(lines)
    assert (errors, rows[0]["_row"], rows[0]["approved_amount"]) == ([], 1, Decimal("1.50"))
    assert "列名，认出 7 列" in notes[0]
    columnar = tmp_path / "b.csv"
    with lake.bench() as made:
        made.run(
            "COPY (SELECT 'A-1' AS 项目编码, '路' AS 项目名称, '局' AS owner_name, 990101003000 AS 区划代码, DATE '2026-01-05' AS"
            " 计划开工日期, TIMESTAMP '2026-12-01 00:00:00' AS 计划竣工日期, CAST(1.5 AS DOUBLE) AS 总投资)"
            f" TO '{made.folder / 'x.parquet'}' (FORMAT parquet)"
        )
        columnar.write_bytes((made.folder / "x.parquet").read_bytes())
    assert [list(row.values())[2:] for row in read(columnar)[0]] == [list(row.values())[2:] for row in rows]


def test_parquet_with_lists_or_damage_is_refused_in_a_sentence(read, tmp_path):
    path = tmp_path / "a.parquet"
    with lake.bench() as made:
        made.run(f"COPY (SELECT [1, 2] AS 项目编码) TO '{made.folder / 'x.parquet'}' (FORMAT parquet)")
        data = (made.folder / "x.parquet").read_bytes()
    path.write_bytes(data)
    with pytest.raises(Refusal, match="列“项目编码”里还套着"):
        read(path)
    for cut in (4, 40, len(data) - 2):
        path.write_bytes(data[:cut])
        with pytest.raises(Refusal, match="损坏"):
            read(path)


def test_a_merged_cell_speaks_for_its_rows_but_a_merged_amount_counts_once(read, tmp_path):
    def fill(made):
        made.merge_range(4, 3, 5, 3, "交通局")
        made.merge_range(4, 7, 5, 7, 120.5)

    second = [*ROWS[1][:3], None, *ROWS[1][4:7], None]
    rows, errors, notes = read(write_xlsx(tmp_path / "a.xlsx", [*TITLES, *HEAD, ROWS[0], second], fill))
    assert errors == []
    assert [row["owner_name"] for row in rows] == ["交通局", "交通局"]
    assert [row["approved_amount"] for row in rows] == [Decimal("1205000.00"), None]
    assert "第 5–6 行合并成一格" in " ".join(notes)


def test_hidden_rows_are_read_and_said(read, tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", SHEET, lambda made: made.set_row(5, None, None, {"hidden": True}))
    rows, _, notes = read(path)
    assert len(rows) == 2
    assert "第 6 行在文件里是隐藏的" in " ".join(notes)


@pytest.mark.parametrize(
    ("unit", "cell", "area"),
    [
        ("（亩）", "3.5", "3.5"), ("", "3.5", "3.5"), ("（平方米）", "2000", "3"), ("（公顷）", "0.2", "3"),
        ("(㎡)", "1000", "1.5"), ("（平方米）", "1,234.56", "1.8518"), ("", "2000平方米", "3"), ("（公顷）", "3亩", "3"),
    ],
)  # fmt: skip
def test_areas_come_in_the_contracts_unit(read, tmp_path, unit, cell, area):
    path = tmp_path / "a.csv"
    path.write_text(f'身份证号,确权面积{unit}\n110101199901010010,"{cell}"\n', encoding="utf-8")
    rows, errors, _ = read(path, "land_rights")
    assert errors == []
    assert rows[0]["area_mu"] == Decimal(area)


def test_a_conversion_that_does_not_come_out_even_is_said(read, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "单位：亩\n资产编号,资产类别,区划代码,面积,使用状态\nZ-1,耕地,990101003000,25.6,闲置\n",
        encoding="utf-8",
    )
    rows, errors, notes = read(path, "assets")
    assert errors == []
    assert rows[0]["area_m2"] == Decimal("17066.6667")
    assert "2,000/3" in " ".join(notes)


SOCIAL = "身份证号,参保单位信用代码,缴费月份\n110101199901010010,91330100MA27XW0P3K,{}\n"


@pytest.mark.parametrize(
    ("above", "cell", "month"),
    [
        ("2024年社保缴费明细", "3月", "2024-03"), ("2024年度社保缴费明细", "三月份", "2024-03"), ("社保缴费（2024年）", "03", "2024-03"),
        ("2023—2024年社保缴费", "3月", None), ("社保缴费明细", "3月", None), ("填报日期：2024年1月5日", "3月", None),
        ("2024年社保缴费明细", "2023年3月", "2023-03"), ("2024年社保缴费明细", "13月", None),
    ],
)  # fmt: skip
def test_months_without_a_year_take_it_from_the_title_only_where_it_is_certain(
    read, tmp_path, above, cell, month
):
    from qingqu.domain.values import clean
    from qingqu.exchange.tests.making import credit_code

    path = tmp_path / "a.csv"
    code = credit_code(7)
    assert clean("credit_code", code) == code
    path.write_text(f"{above}\n" + SOCIAL.format(cell).replace("91330100MA27XW0P3K", code), encoding="utf-8")
    rows, errors, notes = read(path, "social_insurance")
    assert [row["month"] for row in rows] == ([month] if month else [])
    assert bool(errors) is (month is None)
    assert ("2024 年" in " ".join(notes)) is (month == "2024-03")
