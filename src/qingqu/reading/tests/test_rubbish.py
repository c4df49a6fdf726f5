"""Whatever comes in, the answer is a table or one sentence: never another error."""

import zipfile
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.reading.spreadsheet import Unreadable, open_table

SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip


def read(path: Path) -> None:
    """Reads everything; lets only `Unreadable` pass, and only with a whole sentence."""
    refused = None
    try:
        for sheet in open_table(path).sheets:
            for number, cells in sheet.rows():
                assert number > 0
                assert all(isinstance(cell, str) for cell in cells)
    except Unreadable as error:
        refused = error
    assert refused is None or (refused.code and refused.sentence.endswith("。"))


@SLOW
@given(data=st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    read(path)


@SLOW
@given(text=st.text(max_size=300), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_text(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding, "ignore"))
    read(path)


@SLOW
@given(place=st.integers(min_value=0, max_value=10**6), byte=st.integers(min_value=0, max_value=255))
def test_a_workbook_with_any_byte_changed(tmp_path: Path, place: int, byte: int) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        for row in range(20):
            sheet.write_row(row, 0, [row, f"值{row}", row / 7])
    data = bytearray(path.read_bytes())
    data[place % len(data)] = byte
    path.write_bytes(bytes(data))
    read(path)


@SLOW
@given(body=st.text(alphabet="<>/row c=\"'A19XFDtsv0e\n", max_size=200))
def test_a_workbook_with_any_sheet_inside(tmp_path: Path, body: str) -> None:
    path, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("表").write(0, 0, 1)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", body.encode() + b"</sheetData>")
            new.writestr(name, data)
    read(other)
