"""A clerk uploads a wrong file, mends it and commits; an inspector finds the hospital red and opens the source row."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SHOTS

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]
HEAD = "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期,概算总投资（万元）\n"
ROW = "2026-990101-84-01-900001,栖川便民桥,县交通运输局,990101001,{day},2027-12-31,120\n"


def sign_in(browser: Browser, site: tuple[str, str], username: str, width: int) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN").new_page()
    page.goto(site[0] + "/")
    look(page, f"sign-in-{width}")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(site[1])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


def look(page: Page, name: str) -> None:
    """Keeps a picture, and holds the page to axe and to its width."""
    assert page.locator("main").count() == 1, f"{name}: a page within the page"
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)
    found = Axe().run(page).response["violations"]
    serious = [
        (item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in {"serious", "critical"}
    ]
    assert not serious, (name, serious)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{name} scrolls sideways"
    )


def upload(page: Page, address: str, day: str) -> None:
    page.goto(f"{address}/desk/data/projects/upload/")
    content = (HEAD + ROW.format(day=day)).encode("gb18030")
    page.locator("input[type=file]").set_input_files(
        {"name": "补报.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="检查文件").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_clerk_mends_a_wrong_file_and_commits(browser, site, width):
    page = sign_in(browser, site, "zhouyu", width)
    page.goto(f"{site[0]}/desk/data/")
    look(page, f"data-{width}")
    upload(page, site[0], "2027年13月1日")
    expect(page.get_by_text("日历上没有这一天")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("第 2 行").first).to_be_visible()
    look(page, f"wrong-{width}")
    page.get_by_role("link", name="上传改好的文件").click()
    look(page, f"upload-{width}")
    upload(page, site[0], "2027.3.1")
    expect(page.get_by_role("button", name="提交 1 行")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="提交 1 行").click()
    expect(page.get_by_text("已提交").first).to_be_visible()
    look(page, f"committed-{width}")
    page.goto(f"{site[0]}/desk/inbox/")
    expect(page.get_by_text("这里没有事项")).to_be_visible()
    look(page, f"empty-{width}")


@pytest.mark.parametrize("width", [1280, 360])
def test_an_inspector_finds_the_hospital_red_and_opens_the_source_row(browser, site, width):
    page = sign_in(browser, site, "chenli", width)
    look(page, f"inbox-{width}")
    page.get_by_role("link", name="县人民医院门诊楼").click()
    expect(page.get_by_text("红色预警").first).to_be_visible()
    expect(page.locator("p.lead")).to_contain_text("计划开工")
    look(page, f"warning-{width}")
    warning = page.url
    page.locator("table a").first.click()
    expect(page.locator("tr.here")).to_contain_text("县人民医院门诊楼")
    look(page, f"row-{width}")
    page.goto(warning)
    page.get_by_role("link", name="打开项目").click()
    look(page, f"project-{width}")
    page.goto(f"{site[0]}/desk/access/")
    look(page, f"access-{width}")
    page.get_by_role("button", name="English").click()
    expect(page.locator("a", has_text="Inbox").first).to_be_attached()  # a long menu folds on a phone


def test_the_neighbours_inspector_finds_nothing(browser, site):
    page = sign_in(browser, site, "qinmo", 1280)
    expect(page.get_by_text("这里没有事项")).to_be_visible()
    assert page.goto(f"{site[0]}/desk/warnings/W-2026-0001/").status == 404
    look(page, "not-found-1280")
