"""One fact, said in the ways that village contracts say it: always the same value."""

import pytest

from qingqu.domain.contracts.tests.given import judged

TERM = "租赁期限9年，自2026年1月1日起至2034年12月31日止。"
RENT = "租金为每亩每年500元，年租金15000元。"
PLOT = "甲方将位于柳林村西洼的土地30亩出租给乙方种菜。"
SIDES = "甲方（出租方）：柳林村股份经济合作社\n乙方（承租方）：周德明\n身份证号码：990108199209053792"


def lease(*, sides: str = SIDES, term: str = TERM, rent: str = RENT, plot: str = PLOT) -> str:
    return (
        f"土地租赁合同\n{sides}\n第一条 {plot}\n第二条 {term}\n第三条 {rent}\n第四条 每年1月10日前付清当年租金。\n"
        "甲方（盖章）： 乙方（签字）：\n2025年12月10日\n"
    )


@pytest.mark.parametrize("rent", [
    "租金500元/亩/年。", "年租金每亩500元。", "租金单价为每亩500元，按年支付。", "租金标准：人民币伍佰元/亩·年。", "每亩每年租金人民币500元（大写：伍佰元整）。",
    "租金：500元/年/亩。", "租金计算：30亩×500元/亩=15000元/年。", "租金每亩500元，每年共15000元。", "年租金1.5万元。", "租金每年一万五千元。", "租金每半年7500元。",
    "租金每季度3750元。", "月租金为人民币1250元整，年租金15000元。", "九年租金总计135000元，一次性付清。", "每年租金15,000元整。",
])  # fmt: skip
def test_fifteen_thousand_a_year(rent):
    rows = judged(lease(rent=rent)).as_json()["rent"]["schedule"]
    assert [row["amount"] for row in rows] == ["15000.00"] * 9


@pytest.mark.parametrize("rise", [
    "租金每三年递增一次，递增幅度为5%。", "租金每3年涨5%。", "租金三年一涨，涨幅5%。", "第四年起租金上浮5%，以后每三年上浮5%。", "每满三年，租金按上期标准的5%递增。",
    "租金以三年为一个周期递增，递增率为5%。", "租金三年递增一次，每次5%。", "自2029年1月1日起，租金每三年递增5%。", "前三年租金不变，第四年起每三年递增5%。", "每三年递增5个百分点。",
])  # fmt: skip
def test_five_percent_every_three_years(rise):
    rows = judged(lease(rent=RENT + rise)).as_json()["rent"]["schedule"]
    assert [row["amount"] for row in rows] == ["15000.00"] * 3 + ["15750.00"] * 3 + ["16537.50"] * 3


@pytest.mark.parametrize("term", [
    "租期：2026年1月1日-2034年12月31日。", "租赁起止时间：2026.01.01-2034.12.31。", "租赁期限：\n起：2026年1月1日\n止：2034年12月31日",
    "租期自2026年1月1日零时起至2034年12月31日24时止。", "租赁年限为九年整，自2026年元月1日起至2034年12月底止。", "租赁期限共108个月，自2026年1月1日起。",
    "从2026年1月1日开始租赁，租赁期限九年。", "租期从2026年1月1日起，租满9年为止。", "租赁期限为九年，以2026年1月1日为起租日。",
])  # fmt: skip
def test_nine_years_from_2026(term):
    found = judged(lease(term=term)).as_json()["term"]
    assert (found["start"], found["end"], found["months"]) == ("2026-01-01", "2034-12-31", 108)


@pytest.mark.parametrize("plot", [
    "土地面积叁拾亩整，甲方出租给乙方种菜。", "甲方将土地叁拾（30）亩出租给乙方种菜。", "甲方将柳林村土地两块，东块12亩，西块18亩，共30亩租给乙方种菜。",
    "甲方将2公顷土地出租给乙方种菜。", "甲方将村西20,000㎡土地租给乙方种菜。", "地块情况：\n地块\t面积（亩）\n东块\t12\n西块\t18\n合计\t30\n甲方将上述土地出租给乙方种菜。",
])  # fmt: skip
def test_thirty_mu(plot):
    assert judged(lease(plot=plot, rent="年租金15000元。")).as_json()["object"]["area_m2"] == "20000"


@pytest.mark.parametrize("sides", [
    "甲   方：柳林村股份经济合作社\n乙   方：周德明  身份证号：990108199209053792", "甲方\n柳林村股份经济合作社\n乙方\n周德明\n身份证号：990108199209053792",
    "甲方（出租方）\t柳林村股份经济合作社\n乙方（承租方）\t周德明\n身份证号/统一社会信用代码\t990108199209053792", "甲方【出租方】：柳林村股份经济合作社\n乙方【承租方】：周德明\n身份证号码：【990108199209053792】",
    "立合同人：柳林村股份经济合作社（以下简称甲方）\n周德明（以下简称乙方）身份证号：990108199209053792", "甲方（出租方）柳林村股份经济合作社\n乙方（承租方）周德明\n身份证号码：990108199209053792",
])  # fmt: skip
def test_the_same_two_sides(sides):
    found = {party["role"]: party for party in judged(lease(sides=sides)).as_json()["parties"]}
    assert (found["lessor"]["name"], found["lessee"]["name"], found["lessee"]["identifier"]) == (
        "柳林村股份经济合作社",
        "周德明",
        "990108199209053792",
    )
