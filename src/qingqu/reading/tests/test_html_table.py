"""Web pages saved under the name of a spreadsheet."""

from contextlib import suppress

import pytest

from qingqu.reading.spreadsheet import Unreadable, open_table

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html; charset={}">
<title>导出</title><style>td {{mso-number-format:"\\@"}}</style><script>document.write("<table><tr><td>假</td></tr></table>")</script></head>
<body onload="x()"><h2>明山县项目表</h2><img src="http://example.invalid/a.png">
<!--[if gte mso 9]><xml><x:Name>Sheet1</x:Name></xml><![endif]-->
<table border=1><tr><th rowspan=2>项目代码<th colspan="2">时间</tr><tr><th>开工</th><th>竣工</th></tr>
<tr><td>A-1</td><td>2026-01-05</td><td>2026&#45;12-31&nbsp;</td></tr>
<tr style="display: none"><td>A-2<td>第一行<br>第二行<td></tr></table><p>制表人：某某</p></body></html>"""


def opened(tmp_path, data):
    path = tmp_path / "导出.xls"
    path.write_bytes(data)
    return open_table(path)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("utf-8", "utf-8-sig"), ("gbk", "utf-16")],
)
def test_a_page_is_read_as_excel_shows_it(tmp_path, charset, encoding):
    table = opened(tmp_path, PAGE.format(charset).encode(encoding))
    (sheet,) = table.sheets
    assert table.kind == "html"
    assert [cells for _, cells in sheet.rows()] == [
        ["明山县项目表"], ["项目代码", "时间"], ["", "开工", "竣工"], ["A-1", "2026-01-05", "2026-12-31"], ["A-2", "第一行\n第二行"],
        ["制表人：某某"],
    ]  # fmt: skip
    assert sheet.merges == ((2, 0, 3, 0), (2, 1, 2, 2))
    assert sheet.hidden_rows == (5,)


def test_a_table_within_a_table_begins_on_a_row_of_its_own(tmp_path):
    page = "<table><tr><td>标题<table><tr><td>a<td>b</table></td><td>后</td></tr></table>"
    rows = [cells for _, cells in opened(tmp_path, page.encode()).sheets[0].rows()]
    assert rows == [["标题"], ["a", "b"], ["后"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<html><body>没有表格</body></html>", "is_html"), ("<table>" * 30, "nested"), ("<table><tr><td colspan=99999>x", "too_wide"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "is_mhtml"), ("<table><tr><td>" + "长" * 200_000, "row_too_long"),
        ("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "is_xml"), ("<?xml version='1.0'?><a/>", "is_xml"),
        ("<table><tr>" + "<td colspan=2000>x</td></tr><tr>" * 6000, "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_table_or_too_much_is_refused_in_a_sentence(tmp_path, data, code):
    with pytest.raises(Unreadable) as refused:
        list(opened(tmp_path, data.encode()).sheets[0].rows())
    assert refused.value.code == code


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td",
        "<table></td></tr></table></table>",
        "<table><tr><td rowspan=-1 colspan=x>1",
        "<table><td>1<![CDATA[",
        "<table><tr><td>&#xD800;&#99999999;",
    ],
)
def test_damaged_pages_end_in_rows_or_a_sentence(tmp_path, page):
    path = tmp_path / "a.xls"
    path.write_text(page, encoding="utf-8")
    with suppress(Unreadable):
        assert all(len(cells) <= 1 for _, cells in open_table(path).sheets[0].rows())
