"""The warning, the rules and a threshold as people see and use them."""

import re
from datetime import timedelta

import pytest

from qingqu.exchange.actions import Wish, import_file
from qingqu.orgs.actions import add_person, declare_recusal, give_post, system_operator
from qingqu.orgs.models import Division, Organisation
from qingqu.watch.actions import assign_warning, run_rules
from qingqu.watch.models import ThresholdChange, Warning
from qingqu.watch.rules import published
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DEAD, ALIVE = "990101194211300011", "990101194304160011"
FILES = {
    ("deaths", "public_security"): f"身份证号,姓名,死亡日期\n{DEAD},段天火,2026-01-05\n",
    ("benefit_payments", "finance"): (
        "发放流水号,补贴项目,身份证号,姓名,区划代码,银行账号,发放金额,所属月份,发放日期\n"
        + "".join(f"L{n},高龄津贴,{DEAD},段天火,990101001201,6230000000000000{n},50,2026-0{n},2026-0{n}-22\n" for n in (3, 4, 5))
        + f"L9,高龄津贴,{ALIVE},贾天武,990101001201,62300000000000009,50,2026-05,2026-05-22\n"
    ),
    ("projects", "development_reform"): (
        "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期\nA,甲,县教育局,990101001,2026-04-15,2026-12-31\n"
    ),
}  # fmt: skip


@pytest.fixture
def cast(tmp_path):
    people = make_cast()
    for (dataset, department), text in FILES.items():
        path = tmp_path / f"{dataset}.csv"
        path.write_text(text, "utf-8")
        wish = Wish(dataset, department, path.name, "", NOW)
        import_file(path=path, wish=wish, by=system_operator(), now=NOW)
    rules = published(codes=["B01", "P47"])
    run_rules(rules=rules, as_of=NOW.date(), known_at=NOW, by=people["chen"], now=NOW, stock=False)
    return people


@pytest.fixture
def page(client, cast):
    def open_as(name, address, **given):
        client.force_login(cast[name], backend=BACKEND)
        return client.post(address, given) if given else client.get(address)

    return open_as


def about(code):
    return Warning.objects.get(rule_code=code)


def test_rows_of_several_datasets_stand_grouped_with_sum_and_without_numbers_of_persons(page):
    told = page("chen", f"/desk/warnings/{about('B01').ref}/").content.decode()
    assert "段天火（99**************11）" in told
    assert DEAD not in told
    assert not re.search(r"6230000000000000\d", told)
    assert "惠民补贴发放" in told
    assert "死亡登记" in told
    assert "3 行" in told
    assert "150.00" in told
    assert "2026-01-05" in told
    assert "贾天武" not in told


def test_a_closed_warning_tells_which_value_changed(page, cast, tmp_path):
    path = tmp_path / "p2.csv"
    path.write_text(
        "项目编码,建设项目名称,建设单位,区划代码,计划开工日期,计划完工日期,实际开工日期\nA,甲,县教育局,990101001,2026-04-15,2026-12-31,2026-06-10\n",
        "utf-8",
    )
    later = NOW + timedelta(days=1)
    wish = Wish("projects", "development_reform", path.name, "", later)
    import_file(path=path, wish=wish, by=system_operator(), now=later)
    run_rules(rules=published(codes=["P47"]), as_of=later.date(), known_at=later, by=cast["chen"], now=later)
    told = page("chen", f"/desk/warnings/{about('P47').ref}/").content.decode()
    assert "不再触发" in told
    assert re.search(r"实际开工时间 <del>空</del> → <b>2026-06-10</b>", told)


def test_a_warning_is_given_to_who_may_verify_it_there(page, cast):
    item = about("P47")
    address = f"/desk/warnings/{item.ref}/assign/"
    assert page("chen", address, to=cast["zhou"].ref).status_code == 302
    assert about("P47").assigned_to is None  # a clerk verifies nothing
    assert page("zhou", address, to=cast["mu"].ref).status_code == 404
    page("chen", address, to=cast["mu"].ref)
    item.refresh_from_db()
    assert (item.assigned_to, item.state) == (cast["mu"], "assigned")
    assert "mu" in page("chen", f"/desk/warnings/{item.ref}/").content.decode()


def test_who_has_stepped_back_is_not_given_it(cast):
    item = about("P47")
    declare_recusal(subject=item.subject, ground="kin", by=cast["mu"], now=NOW)
    with pytest.raises(Exception, match="无权核查"):
        assign_warning(warning=item, to=cast["mu"], by=cast["chen"], now=NOW)


def test_a_threshold_goes_from_preview_to_signature_on_the_pages(page, cast):
    county = Division.objects.get(code="990101000000")
    office = Organisation.objects.get(code="discipline_commission")
    cast["tang"] = add_person(
        username="tang", name="唐", password="for-tests-only-2", by=system_operator(), now=NOW
    )
    give_post(person=cast["tang"], organisation=office, role="approving_leader", division=county,
              valid_from=NOW.date(), by=system_operator(), now=NOW)  # fmt: skip
    address = "/desk/rules/P47/red_months/"
    wish = {"value": "5", "place": county.code, "kind": ""}
    told = page("chen", address, step="preview", **wish)
    assert told.status_code == 200
    assert "逐条列出" in told.content.decode()
    assert not ThresholdChange.objects.exists()
    assert page("chen", address, step="preview", **{**wish, "value": "99"}).status_code == 422
    assert page("chen", address, step="propose", reason="", **wish).status_code == 422
    page("chen", address, step="propose", reason="县重点办同意放宽", **wish)
    change = ThresholdChange.objects.get()
    here = f"/desk/thresholds/{change.ref}/"
    page("chen", f"{here}sign/", x="1")
    assert ThresholdChange.objects.get().state == "proposed"
    assert "签字" in page("tang", here).content.decode()
    page("tang", f"{here}sign/", x="1")
    assert ThresholdChange.objects.get().state == "signed"
    assert page("wu", here).status_code == 404


def test_a_rule_or_parameter_that_is_not_there_is_not_found(page):
    for address in (
        "/desk/rules/X99/",
        "/desk/rules/P47/nothing/",
        "/desk/rules/X99/red_months/",
        "/desk/thresholds/T-1999-0001/",
    ):
        assert page("chen", address).status_code == 404
