"""Rents staged in a table, in the ways people write years; what cannot be read is never called missing."""

import pytest

from qingqu.domain.contracts.tests.given import judged

LEASE = """土地租赁合同
出租方（甲方）：明山镇荞坳村股份经济合作社
承租方（乙方）：明山县青禾农业有限公司
第一条 甲方将位于荞坳村北山的耕地25.6亩出租给乙方用于种植。
第二条 租赁期限自2024年1月1日起至2033年12月31日止，共10年。
第三条 租金标准如下：
年份\t亩数\t单价（元/亩）\t年租金（元）
{first}\t25.6\t800\t20,480.00
{second}\t25.6\t840\t21,504.00
租金每年1月10日前付清。
签订日期：2023年12月20日
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024—2028", "2029—2033"), ("2024-2028年", "2029-2033年"), ("2024年至2028年", "2029年至2033年"),
        ("2024年度—2028年度", "2029年度—2033年度"), ("第1-5年", "第6-10年"), ("2024.1.1-2028.12.31", "2029.1.1-2033.12.31"),
    ],
)  # fmt: skip
def test_years_of_a_row_in_many_spellings(first, second):
    rent = judged(LEASE.format(first=first, second=second)).as_json()["rent"]
    assert [row["amount"] for row in rent["schedule"]] == ["20480.00"] * 5 + ["21504.00"] * 5
    assert (rent["unit_amount"], rent["unit"], rent["total"]) == ("800", "yuan/mu/year", "209920.00")


def test_a_rent_that_stands_there_and_cannot_be_read_goes_to_a_person_and_is_not_called_missing():
    found = judged(LEASE.format(first="甲期", second="乙期")).as_json()
    assert found["rent"]["schedule"] == []
    told = [risk for risk in found["risks"] if risk["code"] == "C01" and "租金" in risk["message"]]
    assert [(risk["level"], risk["message"]) for risk in told] == [
        ("warn", "写了租金，但读不出怎么算，请人工核定。")
    ]
