"""The sender's own workbook comes back with the wrong cells coloured and commented."""

import json
import shutil
import time

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from qingqu.exchange import lake, marked, marking
from qingqu.exchange.actions import import_file, mark_import, preview_import, receive_file
from qingqu.exchange.models import Import
from qingqu.exchange.tests.helpers import wish
from qingqu.reading.tests import making

HEAD = [
    "项目代码",
    "项目名称",
    "建设单位",
    "行政区划代码",
    "批复日期",
    "概算批复",
    "计划开工时间",
    "计划竣工时间",
    "备注",
]
ROAD = ["A-1", "通村路", "交通局", "990101003000", "2026-01-05", 1200000, "2026-03-01", "2026-12-31", "=1+1"]
WRONG = ["A-2", "桥", "交通局", "990101003000", "2026-13-05", "一百多", "2026-03-01", "2026-12-31", "好"]


@pytest.fixture
def own(tmp_path):
    """A clerk's workbook with a title, widths, a formula, a second sheet, a comment and a coloured cell of their own."""
    book = Workbook()
    sheet = book.active
    sheet.title = "重点项目"
    sheet.append(["2026年重点项目清单"])
    sheet.append(HEAD)
    sheet.append(ROAD)
    sheet.append(WRONG)
    sheet.column_dimensions["B"].width = 41
    sheet["E4"].comment = Comment("老王核过", "小李")
    sheet["A3"].fill = PatternFill("solid", fgColor="FF00FF00")
    book.create_sheet("说明")["A1"] = "本表由项目科填"
    path = tmp_path / "李明 35010119900101001X 的表.xlsx"
    book.save(path)
    return path


def told(path, cast, now, **more):
    return import_file(path=path, wish=wish(path, **more), by=cast.operator, now=now)


def test_the_command_line_leaves_the_marked_workbook_in_the_home_and_tells_where(own, cast, now, home):
    result = told(own, cast, now)
    path = result["marked_file"]
    assert path.startswith(str(home / "marked"))
    assert "李明" not in path
    assert "3501" not in path
    book = load_workbook(path)
    assert book.sheetnames == ["错误清单", "重点项目", "说明"]
    sheet = book["重点项目"]
    assert sheet.column_dimensions["B"].width == 41
    assert sheet["I3"].value == "=1+1"
    assert sheet["A3"].fill.fgColor.rgb == "FF00FF00"
    coloured = [
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == marking.COLOUR
    ]
    assert coloured == ["E4", "F4"]
    assert "日历上没有这一天" in sheet["E4"].comment.text
    assert "老王核过" in sheet["E4"].comment.text
    listed = book["错误清单"]
    assert listed["B3"].hyperlink.location == "'重点项目'!E4"
    assert listed["B3"].value == "重点项目 第 4 行 E 列"
    assert [ws.title for ws in book.worksheets if ws.sheet_view.tabSelected] == ["错误清单"]


def test_a_clean_file_and_a_dry_run_leave_nothing(own, cast, now, home, projects):
    assert (
        import_file(path=own, wish=wish(own), by=cast.operator, now=now, dry_run=True)["marked_file"] is None
    )
    clean = projects(",".join(str(cell) for cell in ROAD[:8]) + ",")
    assert told(clean, cast, now)["marked_file"] is None
    assert not list((home / "marked").glob("*")) if (home / "marked").exists() else True


def test_the_marked_workbook_mended_goes_in_and_marked_twice_keeps_no_old_mark(own, cast, now, tmp_path):
    book = load_workbook(told(own, cast, now)["marked_file"])
    book["重点项目"]["F4"] = 1000000
    again = tmp_path / "改一半.xlsx"
    book.save(again)
    second = load_workbook(told(again, cast, now)["marked_file"])
    assert second.sheetnames == ["错误清单", "重点项目", "说明"]
    assert second["重点项目"]["F4"].comment is None
    assert second["重点项目"]["F4"].fill.fgColor.rgb != marking.COLOUR
    assert "日历上" in second["重点项目"]["E4"].comment.text
    assert second["重点项目"]["E4"].comment.text.count("日历上") == 1
    second["重点项目"]["E4"] = "2026-12-05"
    mended = tmp_path / "改好.xlsx"
    second.save(mended)
    result = told(mended, cast, now)
    assert (result["rejected"], result["accepted"], result["marked_file"]) == (0, 2, None)
    assert not any("错误清单" in note for note in result["notes"])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_csv_comes_back_as_a_workbook_with_the_same_cells(cast, now, projects, encoding):
    path = projects(
        "A-1,=cmd|'/c calc'!A0,交通局,990101003000,2026-01-05,1200000,2026-03-01,2026-12-31,",
        "350101199001010017,桥,交通局,990101003000,2026.1.5,一百多,2026-03-01,2026-12-31,",
        encoding=encoding,
    )
    book = load_workbook(told(path, cast, now)["marked_file"])
    assert book.sheetnames == ["错误清单", "数据"]
    sheet = book["数据"]
    assert sheet["A3"].value == "350101199001010017"
    assert sheet["F3"].fill.fgColor.rgb == marking.COLOUR
    assert sheet["F3"].comment.author == marking.AUTHOR
    assert sheet["B2"].data_type == "s"  # what looks like a formula came as text and stays text
    assert book["错误清单"]["B3"].hyperlink.location == "'数据'!F3"


@pytest.fixture
def kinds(tmp_path):
    """The same two rows as JSON lines and as Parquet."""
    rows = [dict(zip(HEAD[:8], map(str, row[:8]), strict=True)) for row in (ROAD, WRONG)]
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    columns = tmp_path / "a.parquet"
    with lake.bench() as made:
        told = ", ".join(
            "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in row.values()) + ")"
            for row in rows
        )
        names = ", ".join(f'"{name}"' for name in HEAD[:8])
        made.run(
            f"COPY (SELECT * FROM (VALUES {told}) t({names})) TO '{made.folder}/a.parquet' (FORMAT parquet)"
        )
        shutil.move(made.folder / "a.parquet", columns)
    return {"jsonl": lines, "parquet": columns}


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_file_whose_names_stand_on_no_row_comes_back_with_a_header(kinds, cast, now, kind):
    result = told(kinds[kind], cast, now)
    assert [error["row"] for error in result["errors"]] == [2, 2]
    sheet = load_workbook(result["marked_file"])["数据"]
    assert [cell.value for cell in sheet[1]] == HEAD[:8]
    assert sheet["A3"].value == "A-2"
    assert sheet["F3"].comment
    assert load_workbook(result["marked_file"])["错误清单"]["B4"].hyperlink.location == "'数据'!F3"


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_old_or_open_workbook_comes_back_with_its_sheets(cast, now, tmp_path, kind):
    rows = [["2026年重点项目清单"], HEAD[:8], ROAD[:8], WRONG[:8]]
    path = tmp_path / f"表.{kind}"
    if kind == "xls":
        making.write_xls(path, {"重点项目": rows, "说明": [["本表由项目科填"]]})
    else:
        making.write_ods(path, making.sheet("重点项目", rows), making.sheet("说明", [["本表由项目科填"]]))
    book = load_workbook(told(path, cast, now)["marked_file"])
    assert book.sheetnames == ["错误清单", "重点项目", "说明"]
    sheet = book["重点项目"]
    assert (sheet["A1"].value, sheet["A4"].value, sheet["D3"].value) == (
        "2026年重点项目清单",
        "A-2",
        "990101003000",
    )
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["E4", "F4"]
    again = tmp_path / "再交.xlsx"
    sheet["E4"], sheet["F4"] = "2026-01-05", "100"
    book.save(again)
    assert told(again, cast, now)["accepted"] == 2


def test_good_rows_taken_still_give_back_the_wrong_ones(own, cast, now):
    result = told(own, cast, now, accept_good=True)
    assert (result["inserted"], result["rejected"]) == (1, 1)
    assert load_workbook(result["marked_file"])["重点项目"]["F4"].comment


def test_a_workbook_that_cannot_be_kept_comes_back_with_its_cells(own, cast, now, monkeypatch, tmp_path):
    marks = (marking.Mark("重点项目", 4, 5, "概算批复", "一百多", "“概算批复”不是金额", "=请改"),)
    monkeypatch.setattr(marking, "load_workbook", lambda *_, **__: 1 / 0)
    job = marking.Job(str(own), str(tmp_path / "out.xlsx"), marks, 1, {"重点项目": (2, 2)}, 30)
    assert marking.Job.load(job.dump()) == job
    marking.mark(job)
    book = load_workbook(tmp_path / "out.xlsx")
    assert book["重点项目"]["F4"].comment
    assert (book["错误清单"]["F3"].value, book["错误清单"]["F3"].data_type) == ("=请改", "s")


def test_of_a_very_large_file_only_the_header_and_the_wrong_rows_come_back(own, tmp_path, monkeypatch):
    monkeypatch.setattr(marking, "OPENED_CELLS", 10)
    marks = (marking.Mark("重点项目", 4, 5, "概算批复", "一百多", "“概算批复”不是金额", ""),)
    marking.mark(marking.Job(str(own), str(tmp_path / "out.xlsx"), marks, 9000, {"重点项目": (2, 2)}, 30))
    book = load_workbook(tmp_path / "out.xlsx")
    sheet = book["重点项目"]
    assert [[cell.value for cell in row[:3]] for row in sheet.iter_rows()] == [
        ["原行号", "项目代码", "项目名称"],
        ["4", "A-2", "桥"],
    ]
    assert sheet["G2"].comment
    assert book["错误清单"]["B3"].hyperlink.location == "'重点项目'!G2"
    assert "9,000 处有误" in book["错误清单"]["A1"].value


def test_an_upload_is_marked_by_the_worker_and_only_its_senders_take_it(client, own, cast, now, home):
    row = receive_file(chunks=[own.read_bytes()], wish=wish(own), by=cast.reform, now=now)
    row = preview_import(ref=row.ref, now=now)
    assert row.marked == Import.MARK_WAITING
    address = reverse("exchange-marked", args=[row.ref])
    client.force_login(cast.reform)
    assert client.get(address).status_code == 404
    assert mark_import(ref=row.ref).marked == Import.MARK_READY
    answer = client.get(address)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    client.force_login(cast.inspector)
    assert client.get(address).status_code == 403
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
    assert [path.name for path in (home / "marked").iterdir()] == [f"{row.ref}.xlsx"]
    assert (home / "marked").stat().st_mode & 0o77 == 0


def test_a_failure_to_mark_is_told_and_leaves_nothing(client, own, cast, now, monkeypatch, home, caplog):
    row = receive_file(chunks=[own.read_bytes()], wish=wish(own), by=cast.reform, now=now)
    row = preview_import(ref=row.ref, now=now)
    monkeypatch.setattr(marked, "make", lambda wanted: False)
    assert mark_import(ref=row.ref).marked == Import.MARK_FAILED
    assert not list((home / "marked").iterdir())
    client.force_login(cast.reform)
    assert (
        reverse("exchange-errors", args=[row.ref])
        in client.get(reverse("exchange-import", args=[row.ref])).content.decode()
    )


def test_the_process_that_fails_leaves_neither_file_nor_words_of_the_cells(tmp_path, settings, home, caplog):
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"%PDF-1.7 350101199001010017")
    job = marking.Job(str(source), str(marked.place("I-1")), (), 0, {}, 1)
    assert not marked.make(job)
    assert not marked.place("I-1").exists()
    assert "3501" not in caplog.text
    assert json.loads(job.dump())["cells"] == 1


def test_old_workbooks_go_after_a_month(home):
    old = marked.place("I-2026-0001")
    old.write_bytes(b"x")
    assert marked.sweep() == 0
    assert marked.sweep(now=time.time() + marked.KEPT + 10) == 1
