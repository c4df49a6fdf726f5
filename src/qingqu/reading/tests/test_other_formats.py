"""xls, ods and JSON lines: the same cells as from an xlsx, and the same refusals."""

from datetime import date, datetime

import pytest
import xlwt

from qingqu.reading import limits
from qingqu.reading.marks import FillDown
from qingqu.reading.spreadsheet import Unreadable, open_table
from qingqu.reading.tests.making import cell, sheet, write_ods, write_xls

MOMENT = datetime.fromisoformat("2026-03-01T08:30:00")
CELLS = [
    ["项目代码", "金额\n（万元）"],
    [1, 2.5, "  文 ", True, 110101199001010011],
    [],
    ["", "", date(2026, 3, 1), MOMENT],
]
AS_TEXT = [
    (1, ["项目代码", "金额\n（万元）"]), (2, ["1", "2.5", "  文 ", "TRUE", "1.10101199001010E+17"]), (3, []),
    (4, ["", "", "2026-03-01", "2026-03-01T08:30:00"]),
]  # fmt: skip


def told(path, at=0):
    return list(open_table(path).sheets[at].rows())


def everything(path):
    return [list(one.rows()) for one in open_table(path).sheets]


def refusal(path):
    with pytest.raises(Unreadable) as caught:
        everything(path)
    assert caught.value.sentence.endswith("。")
    return caught.value


def test_cells_of_xls_and_ods_are_those_of_an_xlsx_whatever_the_name(tmp_path):
    assert told(write_xls(tmp_path / "a.csv", {"表": CELLS})) == AS_TEXT
    assert told(write_ods(tmp_path / "b.xlsx", sheet("表", CELLS))) == AS_TEXT
    assert [open_table(tmp_path / name).kind for name in ("a.csv", "b.xlsx")] == ["xls", "ods"]


def test_what_an_xls_hides_merges_and_formats(tmp_path):
    book = xlwt.Workbook()
    made = book.add_sheet("表")
    made.write_merge(0, 0, 0, 2, "标题")
    made.write_merge(1, 2, 0, 0, "甲")
    made.write(1, 1, 0.355, xlwt.easyxf(num_format_str="0.0%"))
    made.write(2, 1, xlwt.Formula("1/0"))
    made.col(1).hidden = True
    made.row(2).hidden = True
    book.add_sheet("暗").visibility = 1
    book.save(str(tmp_path / "a.xls"))
    table = open_table(tmp_path / "a.xls")
    first = table.sheets[0]
    assert [one.hidden for one in table.sheets] == [False, True]
    assert (first.hidden_columns, first.hidden_rows) == ((1,), (3,))
    assert first.merges == ((1, 0, 1, 2), (2, 0, 3, 0))
    assert next(cells for row, cells in first.rows() if row == 2) == ["甲", "35.5%"]


def test_what_an_ods_hides_merges_and_repeats(tmp_path):
    rows = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-column table:number-columns-repeated="16381"/>'
        f'<table:table-row table:visibility="filter">{cell("甲", " table:number-rows-spanned=" + chr(34) + "2" + chr(34))}'
        f'{cell("x", " table:number-columns-repeated=" + chr(34) + "3" + chr(34))}<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:covered-table-cell/><table:table-cell office:value-type="percentage" office:value="0.35"><text:p>35%</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="float" calcext:value-type="error"><office:annotation><text:p>批注</text:p></office:annotation><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    styles = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    path = write_ods(
        tmp_path / "a.ods", f'<table:table table:name="明">{rows}</table:table>',
        sheet("暗", [["y"]], ' table:style-name="ta2"'), styles=styles,
    )  # fmt: skip
    shown, hidden = open_table(path).sheets
    assert list(shown.rows()) == [
        (1, ["甲", "x", "x", "x"]),
        (2, ["", "35%"]),
        (3, ["", "35%"]),
        (4, ["#DIV/0!"]),
    ]
    assert (shown.hidden_columns, shown.hidden_rows, shown.merges) == ((1, 2), (1,), ((1, 0, 2, 0),))
    assert hidden.hidden


def test_an_ods_that_repeats_content_a_million_times_is_refused_at_once(tmp_path):
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell("x", " table:number-columns-repeated=" + chr(34) + "1000" + chr(34))}</table:table-row>'
    assert refusal(write_ods(tmp_path / "a.ods", f"<table:table>{row}</table:table>")).code == "too_sparse"
    wide = f"<table:table-row>{cell('x', ' table:number-columns-repeated=' + chr(34) + '1000000' + chr(34))}</table:table-row>"
    assert refusal(write_ods(tmp_path / "b.ods", f"<table:table>{wide}</table:table>")).code == "too_wide"


def test_entities_passwords_and_broken_parts_of_an_ods_are_told(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    assert refusal(write_ods(tmp_path / "a.ods", sheet("表", [["x"]]), head=bomb)).code == "doctype"
    locked = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert refusal(write_ods(tmp_path / "b.ods", manifest=locked)).code == "encrypted"
    assert refusal(write_ods(tmp_path / "c.ods", "<table:table>")).code == "broken"
    assert refusal(write_ods(tmp_path / "d.ods")).code == "no_sheets"
    deep = "<table:table>" + "<text:p>" * 300 + "</text:p>" * 300 + "</table:table>"
    assert refusal(write_ods(tmp_path / "e.ods", deep)).code == "broken"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_truncated_and_damaged_xls_and_ods_are_told_as_broken(tmp_path, share):
    rows = [[f"值{number}", number] for number in range(3000)]
    old, opened = (
        write_xls(tmp_path / "a.xls", {"表": rows}),
        write_ods(tmp_path / "a.ods", sheet("表", rows)),
    )
    for path in (old, opened):
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
    assert refusal(opened).code == "broken"
    assert refusal(old).code in {"broken", "is_ole2"}


def test_json_lines_keep_numbers_as_written_and_columns_in_order(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(
        '\ufeff{"项目代码": 110101199001010011, "金额": 1.10}\n\n{"备注": "x", "项目代码": null, "是": true}\n'.encode()
    )
    assert told(path) == [
        (0, ["项目代码", "金额", "备注", "是"]), (1, ["110101199001010011", "1.10"]), (3, ["", "", "x", "TRUE"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{"a": 1}\n{"a": [1]}\n', "第 2 行“a”里还套着"), ('{"a": 1}\n{"a": \n', "第 2 行不是完整"), ('{"a": 1}\n[1]\n', "第 2 行不是 JSON 对象"),
        ('{"a": 1, "a": 2}', "写了两次"), ('{"a": NaN}', "第 1 行不是完整"), ('{"a":' * 100_000, "第 1 行不是完整"),
        ('{"a": "' + "x" * 1_000_001, "太长"), ('{"a": "' + "x" * 40_000 + '"}', "第 1 行 A 列的文字超过"),
        ('[{"a": 1}]', "一行写一个对象"),
    ],
)  # fmt: skip
def test_wrong_json_lines_are_named_by_their_line(tmp_path, text, word):
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    assert word in refusal(path).sentence


def test_too_many_names_in_json_lines(tmp_path, monkeypatch):
    monkeypatch.setattr("qingqu.reading.json_lines.MAX_COLUMNS", 3)
    path = tmp_path / "a.jsonl"
    path.write_text('{"a":1,"b":2}\n{"c":1,"d":2}\n', encoding="utf-8")
    assert "第 2 行" in refusal(path).sentence
    assert limits.MAX_COLUMNS == 2000


def test_merged_cells_speak_for_their_rows_and_blank_ones_stay_blank():
    fill = FillDown([(1, 0, 3, 0), (1, 1, 2, 1), (1, 2, 2, 4)], [0])
    assert [fill.fill(row, cells) for row, cells in ((1, ["甲", "1"]), (2, ["", "", "x"]), (3, []), (4, ["", "2"]))] == [
        ["甲", "1"], ["甲", "", "x"], ["甲"], ["", "2"],
    ]  # fmt: skip
