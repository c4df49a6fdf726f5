"""A clerk's month: the empty form taken, filled with seven mistakes, sent, read, the marked file taken and mended,
committed, withdrawn."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.test_first_path import look, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]
GOOD = {
    "项目代码*": "2026-990101-84-01-9{n}", "项目名称*": "栖川便民桥{n}号", "建设单位*": "县交通运输局",
    "行政区划代码*": "990101001000", "概算批复": 1200000.5, "批复日期": "2026-02-03", "计划开工时间*": "2027-03-01",
    "计划竣工时间*": "2027-12-31", "业主单位信用代码": None,
}  # fmt: skip
MISTAKES = (
    ("计划开工时间*", "2027年13月1日"), ("项目名称*", None), ("概算批复", "一百多万"), ("行政区划代码*", "99010"),
    ("业主单位信用代码", "91990101000000019X"), ("项目代码*", "1.10101E+17"), ("计划竣工时间*", "=1/0"),
)  # fmt: skip


def filled(path: Path, start: int, width: int) -> None:
    """Fills eight rows below what the form begins with: seven with one mistake each, one that is right."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number in range(len(MISTAKES) + 1):
        values = {
            name: value.format(n=f"{width}{number}") if isinstance(value, str) else value
            for name, value in GOOD.items()
        }
        if number < len(MISTAKES):
            values[MISTAKES[number][0]] = MISTAKES[number][1]
        for name, value in values.items():
            cell = sheet.cell(start + number, columns[name], value)
            if value == "=1/0":
                cell.value, cell.data_type = "#DIV/0!", "e"
    book.save(path)


def mended(path: Path, start: int, width: int) -> None:
    """Puts right what the marks say, in the marked file itself."""
    book = load_workbook(path)
    sheet = book.worksheets[1]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number, (name, _) in enumerate(MISTAKES):
        cell = sheet.cell(start + number, columns[name])
        assert cell.comment is not None, (number, name)
        right = GOOD[name]
        cell.value = right.format(n=f"{width}{number}") if isinstance(right, str) else right
    book.save(path)


def send(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="检查文件").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_clerks_month(browser, site, width, tmp_path):
    page = sign_in(browser, site, "zhouyu", width)
    page.goto(f"{site[0]}/desk/data/")
    look(page, f"clerk-1-owes-{width}")
    with page.expect_download() as taken:
        page.get_by_role("link", name="空白表 项目库").click()
    form = tmp_path / "2026年11月项目.xlsx"
    taken.value.save_as(form)
    start = load_workbook(form).worksheets[0].max_row + 1
    assert start > 20  # the list that was sent last time stands there already
    filled(form, start, width)

    page.get_by_role("link", name="上传 项目库").click()
    look(page, f"clerk-2-upload-{width}")
    send(page, form)
    expect(page.get_by_text("有误 7").first).to_be_visible(timeout=120_000)
    expect(page.get_by_role("link", name="下载标注后的原文件")).to_be_visible(timeout=240_000)
    rows = page.locator("table.stack tbody tr").filter(has=page.locator("td.error"))
    expect(rows).to_have_count(len(MISTAKES))
    look(page, f"clerk-3-wrong-{width}")

    with page.expect_download() as taken:
        page.get_by_role("link", name="下载标注后的原文件").click()
    marked = tmp_path / "标注.xlsx"
    taken.value.save_as(marked)
    assert taken.value.suggested_filename == "2026年11月项目（标注）.xlsx"
    mended(marked, start, width)
    page.get_by_role("link", name="上传改好的文件").click()
    send(page, marked)
    expect(page.get_by_role("button", name="提交")).to_be_visible(timeout=120_000)
    page.get_by_label("您的总数 行").fill("9999")
    page.get_by_role("button", name="比对").click()
    expect(page.get_by_text("您的多")).to_be_visible()
    look(page, f"clerk-4-preview-{width}")

    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("回执").first).to_be_visible()
    look(page, f"clerk-5-receipt-{width}")
    page.locator("details.panel.more summary").click()
    page.get_by_role("button", name="整份撤回").click()
    expect(page.get_by_text("已撤回").first).to_be_visible()
    look(page, f"clerk-6-withdrawn-{width}")
    page.goto(f"{site[0]}/desk/data/history/?dataset=projects")
    look(page, f"clerk-7-history-{width}")


@pytest.mark.parametrize("width", [1280, 360])
def test_who_owes_what_is_read_and_printed(browser, site, width):
    page = sign_in(browser, site, "chenli", width)
    page.goto(f"{site[0]}/desk/data/")
    look(page, f"county-1-centre-{width}")
    page.get_by_role("link", name="报送情况").click()
    look(page, f"county-2-owes-{width}")
    page.get_by_role("link", name="迟报").click()
    expect(page.locator("table.fresh tbody tr td .error").first).to_be_visible()
    page.emulate_media(media="print")
    look(page, f"county-3-print-{width}")


def test_the_pages_speak_english_too(browser, site):
    page = sign_in(browser, site, "zhouyu", 1280)
    page.goto(f"{site[0]}/desk/data/freshness/")
    page.get_by_role("button", name="English").click()
    page.goto(f"{site[0]}/desk/data/")
    expect(page.get_by_role("heading", name="What we send")).to_be_visible()
    look(page, "clerk-english-1280")


def test_a_file_is_sent_with_the_keyboard_alone(browser, site, tmp_path):
    page = sign_in(browser, site, "zhouyu", 1280)
    page.goto(f"{site[0]}/desk/data/projects/upload/")
    path = tmp_path / "a.csv"
    path.write_text("项目代码,项目名称\n1,桥\n", "utf-8")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("input[type=file]").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("缺少").first).to_be_visible(timeout=120_000)
    look(page, "clerk-failed-1280")
