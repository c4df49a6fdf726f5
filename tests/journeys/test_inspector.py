"""An inspector reads what happened since yesterday, follows a warning to the department's own row, changes a threshold
with a preview; a second person signs; the next day's run shows the change."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from qingqu.base import clock
from tests.journeys.test_first_path import look, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]
HOSPITAL = "县人民医院门诊楼"


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_news_to_the_source_row(browser, site, width):
    page = sign_in(browser, site, "chenli", width)
    page.goto(f"{site[0]}/desk/since-yesterday/")
    expect(page.get_by_role("heading", name="昨日以来")).to_be_visible()
    look(page, f"since-{width}")
    page.get_by_role("link", name=HOSPITAL).first.click()
    expect(page.locator("p.lead")).to_contain_text("计划开工")
    expect(page.get_by_text("现场核查什么")).to_be_visible()
    page.locator("table.evidence a").first.click()
    expect(page.locator("tr.here")).to_contain_text(HOSPITAL)
    for name, address in (
        ("overview", "/desk/dashboard/"),
        ("rules", "/desk/rules/"),
        ("stock", "/desk/inbox/?state=stock"),
    ):
        page.goto(site[0] + address)
        look(page, f"{name}-{width}")


def test_every_number_of_the_overview_opens_its_rows(browser, site):
    page = sign_in(browser, site, "chenli", 1280)
    page.goto(f"{site[0]}/desk/dashboard/")
    links = page.locator("table.counts td a")
    told = [(link.get_attribute("href"), int(link.inner_text().replace(",", ""))) for link in links.all()]
    assert told
    for address, number in told[:12]:
        page.goto(site[0] + address)
        rows = page.locator("table.tasks tbody tr").count()
        assert rows == min(number, 50), address


@pytest.mark.parametrize("width", [1280])
def test_a_threshold_is_changed_by_two_people_and_the_next_run_shows_it(browser, site, home, width):
    page = sign_in(browser, site, "chenli", width)
    page.goto(f"{site[0]}/desk/rules/P47/")
    look(page, f"rule-{width}")
    page.get_by_role("link", name="修改").first.click()
    page.get_by_label("红色线").fill("99")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("超出允许范围").first).to_be_visible()
    look(page, f"threshold-wrong-{width}")
    page.get_by_label("红色线").fill("12")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("逐条列出")).to_be_visible()
    expect(page.get_by_text(HOSPITAL)).to_be_visible()
    page.get_by_label("理由").fill("汛期施工窗口后移，县重点办同意放宽")
    look(page, f"threshold-preview-{width}")
    page.get_by_role("button", name="提交第二人签字").click()
    expect(page.get_by_text("提出人不能自己签")).to_be_visible()
    address = page.url
    second = sign_in(browser, site, "tangyue", 360)
    second.goto(address)
    look(second, "threshold-sign-360")
    second.get_by_role("button", name="签字，次日起生效").click()
    expect(second.get_by_text("已签字，次日起生效")).to_be_visible()
    look(second, "threshold-signed-360")
    _run_as_of_tomorrow(home)
    page.goto(f"{site[0]}/desk/since-yesterday/")
    expect(page.get_by_role("heading", name="降级")).to_be_visible()
    look(page, f"since-after-{width}")
    page.get_by_role("link", name=HOSPITAL).first.click()
    expect(page.get_by_text("规则参数有变").first).to_be_visible()
    expect(page.get_by_text("黄色预警").first).to_be_visible()
    look(page, f"fallen-{width}")


def _run_as_of_tomorrow(home):
    tomorrow = clock.today() + timedelta(days=1)
    variables = {**os.environ, "QINGQU_HOME": str(home), "DATABASE_URL": ""}
    variables.pop("QINGQU_SECRET_KEY", None)
    words = ["rules", "run", "--rule", "P47", "--as-of", tomorrow.isoformat()]
    subprocess.run([sys.executable, "-m", "qingqu", *words], env=variables, check=True, capture_output=True)
