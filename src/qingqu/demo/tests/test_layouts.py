"""Each file as its sender writes it, looked at without our own reader."""

import csv
import hashlib
import unicodedata
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from qingqu.base.errors import Refusal
from qingqu.demo.county import county as whole_county
from qingqu.demo.files import Sent
from qingqu.demo.generate import SEED, generate, project_count, project_files
from qingqu.demo.layouts import HIDDEN, PAYMENT_HEADERS, PROJECT_HEADERS

AS_OF = date(2026, 6, 10)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    """The files about projects of a county of the usual size."""
    folder = tmp_path_factory.mktemp("county")
    made = whole_county(AS_OF, seed=SEED, people=50_000, project_count=project_count(300_000))
    return list(project_files(folder, made))


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def of(county: list[Sent], dataset: str) -> list[Path]:
    return [sent.path for sent in county if sent.dataset == dataset]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_day_and_seed_give_the_same_bytes(tmp_path):
    first, again, other = (
        generate(tmp_path / name, as_of=AS_OF, seed=seed, people=50_000, progress=quiet)
        for name, seed in (("first", SEED), ("again", SEED), ("other", SEED + 1))
    )
    told = digests(tmp_path / "first")
    assert told == digests(tmp_path / "again")
    assert first.stated == again.stated
    changed = {name for name, digest in digests(tmp_path / "other").items() if told[name] != digest}
    assert changed >= {sent.path.name for sent in other.files}
    assert len(told) == len(first.files) + 2, "the list of divisions and of what is stated"


def test_the_bureau_sends_titles_a_unit_line_a_hidden_column_mixed_dates_and_a_total(county):
    sheet = openpyxl.load_workbook(of(county, "projects")[-1]).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:S1", "A2:S2"}
    assert sheet["A1"].value == "明山县2026年重点建设项目清单"
    assert (sheet["A3"].value, sheet["S3"].value) == ("填报单位：明山县发展和改革局", "单位：万元")
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0] == PROJECT_HEADERS
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(HIDDEN + 1)].hidden
    starts = [row[PROJECT_HEADERS.index("计划开工日期")] for row in rows[1:-1]]
    assert {type(start) for start in starts} == {str, datetime}
    spellings = {
        f"{start.year}.{start.month}.{start.day}" if isinstance(start, datetime) else start
        for start in starts
    }
    assert "2026.3.1" in spellings
    amounts = [row[PROJECT_HEADERS.index("批复概算")] for row in rows[1:-1]]
    assert max(amounts) < 10_000, "in 万元"
    assert rows[-1][0] == "合计"
    assert rows[-1][PROJECT_HEADERS.index("批复概算")] == pytest.approx(sum(amounts))


def test_two_lists_a_month_apart_tell_different_things(county):
    earlier, later = ({row[1]: facts(row) for row in openpyxl.load_workbook(path).active.iter_rows(min_row=5, values_only=True)
                       if row[1]} for path in of(county, "projects"))  # fmt: skip
    assert set(earlier) < set(later)
    changed = [key for key, told in earlier.items() if told != later[key]]
    assert 10 < len(changed) < len(earlier) / 3
    assert [sent.known_at.date() for sent in county if sent.dataset == "projects"] == [
        date(2026, 5, 4),
        date(2026, 6, 3),
    ]


def facts(row: tuple[object, ...]) -> list[str]:
    """Amounts, dates and reason, dates in one spelling."""
    return [
        f"{cell.year}.{cell.month}.{cell.day}" if isinstance(cell, datetime) else str(cell)
        for cell in row[8:17]
    ]


def test_the_trading_centre_sends_gb18030_with_chinese_dates_and_grouped_yuan(county):
    raw = of(county, "tenders")[0].read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    header, *rows = csv.reader(raw.decode("gb18030").splitlines())
    assert header[0] == "招标项目编号"
    assert header.index("项目编码") > header.index("中标价")
    assert all(row[3].endswith("日") and "年" in row[3] for row in rows)
    assert any("," in row[2] for row in rows)
    assert all(row[2].endswith(".00元") for row in rows)
    assert any(not row[5] and not row[10] for row in rows), "a tender that is not awarded yet"


def test_finance_sends_packed_dates_and_some_full_width_digits(county):
    sheet = openpyxl.load_workbook(of(county, "payments")[0]).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == PAYMENT_HEADERS
    days = [row[0] for row in rows[1:]]
    wide = [day for day in days if not day.isascii()]
    assert 100 < len(wide) < len(days) / 5
    assert all(len(day) == 8 and unicodedata.normalize("NFKC", day).isascii() for day in days)
    assert {type(row[6]) for row in rows[1:]} >= {int, str}
    assert {row[7] for row in rows[1:]} >= {"预付款", "进度款", "工程进度款", "结算款", "质保金"}
    assert len({row[1] for row in rows[1:]}) == len(rows) - 1


def test_owners_send_one_row_a_project_and_month_with_bom_and_percent_signs(county):
    raw = of(county, "progress_reports")[0].read_bytes()
    assert raw.startswith("\ufeff".encode())
    _, *rows = csv.reader(raw.decode("utf-8-sig").splitlines())
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    assert all(row[1].endswith("月") and row[3].endswith("%") for row in rows)
    assert {row[4][-1] for row in rows} == {"%", "％"}


def test_sizes(county, tmp_path):
    rows = {sent.path.name: sent.rows for sent in county}
    assert sorted(rows.values())[-2] > 2_500
    assert project_count(300_000) == 260
    assert project_count(1_000_000) == 866
    for sent in county:
        if sent.path.suffix == ".csv":
            text = sent.path.read_text(
                "gb18030" if sent.department == "public_resource_trading" else "utf-8-sig"
            )
            assert len(text.splitlines()) == sent.rows + (2 if sent.dataset == "bids" else 1)


@pytest.mark.parametrize("people", [0, -1, 49_999, 1_000_001])
def test_sizes_that_nobody_tried_are_refused_in_words(people, tmp_path):
    with pytest.raises(Refusal, match="50000 至 1000000"):
        generate(tmp_path / "none", as_of=AS_OF, people=people)
    assert not (tmp_path / "none").exists()
