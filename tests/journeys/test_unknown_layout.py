"""A file of unknown columns: matched once on the page, recognised the next month, seen and forgotten."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_first_path import look, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]
HEAD = ("立项文号", "工程", "用款方", "属地", "批文时间点", "起算", "了结", "盘子（万元）", "经办电话")
SAID = {
    "立项文号": "项目代码（必填）", "工程": "项目名称（必填）", "用款方": "建设单位（必填）", "属地": "行政区划代码（必填）",
    "起算": "计划开工时间（必填）", "了结": "计划竣工时间（必填）", "盘子": "概算批复", "批文时间点": "批复日期", "经办电话": "不使用",
}  # fmt: skip


def file(path: Path, month: str, width: int) -> Path:
    """A month's file in the sender's own words, its columns in another order each month."""
    line = (
        f"XK-{width}-{month}",
        "栖川机耕路",
        "县农业农村局",
        "990101001000",
        "2026.2.3",
        "2027年3月1日",
        "20271231",
        "85.5",
        "13800000000",
    )
    order = range(9) if month == "05" else reversed(range(9))
    order = list(order)
    rows = (["新建项目情况表"], [HEAD[at] for at in order], [line[at] for at in order], ["合计"])
    path.write_text("\n".join(",".join(row) for row in rows), encoding="gb18030")
    return path


def send(page: Page, site: tuple[str, str], path: Path) -> None:
    page.goto(f"{site[0]}/desk/data/projects/upload/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="检查文件").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_columns_are_matched_once_and_recognised_the_next_month(browser, site, width, tmp_path):
    page = sign_in(browser, site, "zhouyu", width)
    send(page, site, file(tmp_path / "五月.xls", "05", width))
    expect(page.get_by_role("link", name="对应列")).to_be_visible(timeout=30_000)
    look(page, f"layout-1-unknown-{width}")
    page.get_by_role("link", name="对应列").click()
    look(page, f"layout-2-columns-{width}")
    for header, field in SAID.items():
        page.get_by_label(header).select_option(label=field)
    page.get_by_role("button", name="记住并检查文件").click()
    expect(page.get_by_role("button", name="提交")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("855,000.00").first).to_be_visible()
    look(page, f"layout-3-preview-{width}")

    send(page, site, file(tmp_path / "六月.txt", "06", width))
    expect(page.get_by_role("button", name="提交")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("列名按本单位记住的对应认出")).to_be_visible()
    look(page, f"layout-4-recognised-{width}")

    page.goto(f"{site[0]}/desk/data/layouts/")
    look(page, f"layout-5-remembered-{width}")
    page.get_by_role("button", name="不再使用").first.click()
    expect(page.get_by_text("还没有记住任何列")).to_be_visible()
    look(page, f"layout-6-forgotten-{width}")
