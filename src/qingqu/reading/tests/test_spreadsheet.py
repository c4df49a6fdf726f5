"""Tables by content: what is read, what is refused, and that hostile files cost nothing."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from qingqu.reading import limits
from qingqu.reading.spreadsheet import Unreadable, open_table
from qingqu.reading.workbook import as_text


def rows(path, sheet=0):
    return [cells for _, cells in open_table(path).sheets[sheet].rows()]


@pytest.fixture
def book(tmp_path):
    """Writes a workbook by a function that gets it; returns its path."""

    def write(fill, name="a.xlsx"):
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as made:
            fill(made)
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_delimiter(tmp_path, encoding, delimiter):
    path = tmp_path / "a.xls"  # the name says nothing
    path.write_text(f"项目代码{delimiter}金额\nA-1{delimiter}1.5\n", encoding=encoding)
    assert rows(path) == [["项目代码", "金额"], ["A-1", "1.5"]]


def test_quoted_cells_keep_delimiters_and_line_breaks_and_rows_are_counted_as_excel_does(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"1,2","x\ny"\n\n3,4\n', encoding="utf-8")
    told = list(open_table(path).sheets[0].rows())
    assert told == [(1, ["a", "b"]), (2, ["1,2", "x\ny"]), (3, []), (4, ["3", "4"])]


def test_a_quote_that_never_closes_is_named_by_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n"3,4\n5,6\n', encoding="utf-8")
    with pytest.raises(Unreadable, match="第 3 行的引号"):
        rows(path)


def test_cells_of_a_workbook_come_as_people_see_them(book):
    def fill(made):
        sheet = made.add_worksheet("表")
        day, moment = (
            made.add_format({"num_format": "yyyy-mm-dd"}),
            made.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        part, shown = made.add_format({"num_format": "0.0%"}), made.add_format({"num_format": '0"%"'})
        sheet.write_row(0, 0, [1, 2.5, "  文 ", True, 110101199001010011])
        sheet.write_datetime(1, 0, date(2026, 3, 1), day)
        sheet.write_datetime(1, 1, datetime.fromisoformat("2026-03-01T08:30:00"), moment)
        sheet.write_number(1, 2, 0.355, part)
        sheet.write_number(1, 3, 35, shown)
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 1, "=1+1", None, 2)

    first, second, third = rows(book(fill))
    assert first == ["1", "2.5", "  文 ", "TRUE", "1.10101199001010E+17"]
    assert second == ["2026-03-01", "2026-03-01T08:30:00", "35.5%", "35"]
    assert third == ["#DIV/0!", "2"]


def test_a_formula_that_was_never_calculated_is_no_empty_cell(book, tmp_path):
    path = book(lambda made: made.add_worksheet("表").write_formula(0, 1, "=1+1", None, 2))
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>2</v>", b""))
    assert rows(bare) == [["", "#公式未计算"]]


def test_rows_and_columns_keep_their_numbers_when_a_table_starts_far_in(book):
    path = book(lambda made: made.add_worksheet("表").write(4, 3, "x"))
    assert list(open_table(path).sheets[0].rows())[-1] == (5, ["", "", "", "x"])


def test_hidden_sheets_and_columns_are_told(book):
    def fill(made):
        made.add_worksheet("明").write(0, 2, "x")
        made.get_worksheet_by_name("明").set_column(1, 2, None, None, {"hidden": True})
        made.add_worksheet("暗").hide()

    table = open_table(book(fill))
    assert [(sheet.name, sheet.hidden) for sheet in table.sheets] == [("明", False), ("暗", True)]
    assert table.sheets[0].hidden_columns == (1, 2)


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty_file", "空的"),
        (b"\xef\xbb\xbf \r\n", "empty_file", "空白"),
        (b"%PDF-1.7\n", "is_pdf", "PDF"),
        (b"PAR1....", "is_parquet", "Parquet"),
        (b"\x89PNG\r\n\x1a\n", "is_png", "图片"),
        (b"\x1f\x8b\x08\x00", "is_gzip", "gzip"),
        (b"<html><body>1</body></html>", "is_html", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "is_xml", "XML"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "密码"),
        (OLE2 + "Workbook\0".encode("utf-16-le"), "broken", "损坏"),
        (OLE2 + "WordDocument".encode("utf-16-le"), "is_ole2", "Office"),
        (zipped(word__document="x"), "is_docx", "Word"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "broken", "损坏"),
        (zipped(xl__workbook="x"), "is_zip", "压缩包"),
        (zipped(**{"表.xlsx": "x"}), "is_zip", "解压"),
        (b"PK\x03\x04 this is no zip at all", "broken", "损坏"),
        ("项目,金额\nA,1\x00\n".encode(), "nul_bytes", "NUL"),
        (bytes(range(1, 32)) * 40, "binary", "不是表格"),
        (b"\xff\xff\xfe" * 40, "encoding", "编码"),
    ],
)
def test_what_is_no_table_is_named_with_its_remedy(tmp_path, data, code, word):
    path = tmp_path / "项目.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        open_table(path)
    assert caught.value.code == code
    assert word in caught.value.sentence
    assert caught.value.sentence.endswith("。")


def many(made):
    sheet = made.add_worksheet("表")
    for number in range(500):
        sheet.write(number, 0, f"值{number}")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_told_as_broken(book, share):
    path = book(many)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(Unreadable) as caught:
        open_table(path)
    assert caught.value.code == "broken"


def test_a_workbook_with_a_flipped_byte_is_told_as_broken(book):
    path = book(many)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        entry = package.getinfo("xl/worksheets/sheet1.xml")
    data[entry.header_offset + 80] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(Unreadable) as caught:
        list(open_table(path).sheets[0].rows())
    assert caught.value.code == "broken"


def workbook(sheet, more=None):
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>',
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="BXA1048576"><v>1</v></c></row>', "too_sparse"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_wide"),
        ("<row r='1'><c r='XFD1'><v>1</v></c></row>", "too_wide"),
        ('<row r="9999999"><c r="A9999999"><v>1</v></c></row>', "too_sparse"),
        ('<row r="1048576">' + "<c/>" * 5000 + "</row>", "too_sparse"),
    ],
)  # fmt: skip
def test_far_away_cells_are_refused_before_they_cost_memory(tmp_path, sheet, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(sheet))
    with pytest.raises(Unreadable) as caught:
        open_table(path)
    assert caught.value.code == code


def test_a_small_hand_made_workbook_is_read(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook('<row r="2"><c r="B2" t="inlineStr"><is><t>甲</t></is></c></row>'))
    assert rows(path) == [[], ["", "甲"]]


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook("", {"xl/media/a.bin": b"\0" * (limits.RATIO_FLOOR * 2)}))
    with pytest.raises(Unreadable, match="压缩率"):
        open_table(path)


def test_a_workbook_that_unpacks_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("qingqu.reading.package.MAX_UNPACKED", 1000)
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook("", {"a.bin": bytes(range(256)) * 10}))
    with pytest.raises(Unreadable, match="超过"):
        open_table(path)


def test_too_many_parts_and_foreign_definitions_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook("", {f"x/{n}": "" for n in range(limits.MAX_ENTRIES)}))
    with pytest.raises(Unreadable, match="部件"):
        open_table(path)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>'
    path.write_bytes(workbook("", {"xl/styles.xml": bomb}))
    with pytest.raises(Unreadable, match="DOCTYPE"):
        open_table(path)


def test_a_million_columns_a_long_cell_and_a_long_row_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a" + ",a" * 1_000_000 + "\n", encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        open_table(path)
    assert caught.value.code == "too_wide"
    path.write_text("a,b\n1," + "字" * (limits.MAX_CELL + 1) + "\n", encoding="utf-8")
    with pytest.raises(Unreadable, match="第 2 行 B 列"):
        open_table(path)
    path.write_text("a,b\n" + ",".join(["字" * 30_000] * 40) + "\n", encoding="utf-8")
    with pytest.raises(Unreadable, match="第 2 行的文字太多"):
        open_table(path)


def test_letters_are_excels():
    assert [limits.letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (6222021234567891.0, "6222021234567891"), (6222021234567890.0, "6.22202123456789E+15"), (9007199254740991.0, "9007199254740991"),
        (9999999999999998.0, "1.00000000000000E+16"), (990101198001010011.0, "9.90101198001010E+17"), (123456789012345.0, "123456789012345"),
    ],
)  # fmt: skip
def test_a_long_number_is_whole_only_where_nothing_of_it_is_lost(number, shown):
    assert as_text(number) == shown
