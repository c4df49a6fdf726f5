"""The stated cases about people, as data: what each rule must find, with its level, and what comes near and must stay
silent. Months count back from the last month that the monthly files tell of (0); each case has a household of its own."""

from dataclasses import dataclass, field
from typing import Literal

from qingqu.demo.benefits import DIBAO, ENTERPRISE, OFFICE, OLD_AGE, RELIEF, RESIDENT

Level = Literal["blue", "yellow", "orange", "red"]


@dataclass(frozen=True)
class PersonCase:
    """`levels`: rule → level (none: the case must stay silent); `plant`: which facts are laid (`planting`), `facts`: with
    what values; `why`: in words."""

    plant: str
    levels: dict[str, Level]
    why: str
    facts: dict[str, object] = field(default_factory=dict)


PEOPLE_CASES = (
    # B01, B02: paid after death
    PersonCase(
        "paid_after_death",
        {"B01": "red"},
        "去世三个多月后仍在领高龄津贴",
        {"programmes": (OLD_AGE,), "died": (3, 5)},
    ),
    PersonCase(
        "paid_after_death",
        {"B01": "red"},
        "去世一个月零一天后还有一笔高龄津贴：只过宽限期一天",
        {"programmes": (OLD_AGE,), "died": (1, 21)},
    ),
    PersonCase(
        "paid_after_death",
        {},
        "去世整一个月时到账的高龄津贴：正好在宽限期内",
        {"programmes": (OLD_AGE,), "died": (1, 22)},
    ),
    PersonCase(
        "paid_after_death",
        {"B01": "red", "B02": "red"},
        "去世后高龄津贴和居民养老金都没有停",
        {"programmes": (OLD_AGE, RESIDENT), "died": (2, 9)},
    ),
    PersonCase(
        "paid_after_death",
        {"B02": "red"},
        "去世两个多月后仍在领城乡居民养老金",
        {"programmes": (RESIDENT,), "died": (2, 3)},
    ),
    PersonCase(
        "paid_after_death",
        {"B02": "red"},
        "去世后企业职工养老金照发，按月数千元",
        {"programmes": (ENTERPRISE,), "died": (3, 11)},
    ),
    PersonCase(
        "paid_after_death",
        {"B02": "red"},
        "去世后机关事业养老金照发",
        {"programmes": (OFFICE,), "died": (2, 17)},
    ),
    PersonCase(
        "paid_after_death",
        {},
        "去世当月的养老金在去世后几天到账",
        {"programmes": (RESIDENT,), "died": (0, 15)},
    ),
    # B04: pension in prison
    PersonCase("in_prison", {"B04": "red"}, "服刑两年多，养老金一直在发", {"sentence": ((30, 4), (-20, 4))}),
    PersonCase(
        "in_prison", {"B04": "red"}, "刑满在领养老金的头一个月：那个月仍重叠", {"sentence": ((26, 4), (2, 1))}
    ),
    PersonCase("in_prison", {}, "上一个领养老金的月份之前已刑满释放", {"sentence": ((26, 4), (3, -1))}),
    # B05: one pension twice for one month
    PersonCase("twice", {"B05": "red"}, "同一个月的居民养老金发了两笔", {"months": (1, 1), "days": (22, 22)}),
    PersonCase(
        "twice", {"B05": "red"}, "重发的一笔隔了八天，仍是同一个月的", {"months": (1, 1), "days": (14, 22)}
    ),
    PersonCase("twice", {}, "同一天补发两个月，各月一笔", {"months": (2, 1), "days": (22, 22), "paid_in": 1}),
    # B10: a household on 低保 behind an active company
    PersonCase(
        "company_behind", {"B10": "orange"}, "低保户的儿子是一家在营公司的法定代表人", {"role": "rep"}
    ),
    PersonCase(
        "company_behind", {"B10": "orange"}, "低保户的儿媳持有一家在营公司四成股份", {"role": "share"}
    ),
    PersonCase("company_behind", {}, "低保户家里的公司已经注销", {"role": "rep", "status": "注销"}),
    PersonCase("company_behind", {}, "家里有在营公司，低保去年已退出", {"role": "rep", "ended": 8}),
    # B13: 低保 and a salary
    PersonCase("earning", {"B13": "red"}, "领低保的月份里在财政供养名册上", {"how": "treasury"}),
    PersonCase("earning", {"B13": "red"}, "领低保的月份里有单位给他缴社保", {"how": "insured", "month": 0}),
    PersonCase("earning", {}, "早已离开单位，后来才领低保", {"how": "treasury", "left": 14}),
    PersonCase("earning", {}, "有过一个月社保，那时还没有领低保", {"how": "insured", "month": 3, "from": 2}),
    # B16: cadres and their families
    PersonCase(
        "cadre_family", {"B16": "red"}, "在任村干部本人领临时救助", {"paid": "head", "programme": RELIEF}
    ),
    PersonCase(
        "cadre_family", {"B16": "red"}, "村干部的妻子领低保，同一户", {"paid": "wife", "programme": DIBAO}
    ),
    PersonCase(
        "cadre_family",
        {"B16": "red"},
        "村干部报告的父亲在另一户领低保",
        {"paid": "elder", "programme": DIBAO, "elsewhere": True},
    ),
    PersonCase(
        "cadre_family", {}, "领低保时早已不是村干部", {"paid": "head", "programme": DIBAO, "left": 12}
    ),
    PersonCase(
        "cadre_family", {}, "村干部的父亲领高龄津贴：不是困难救助", {"paid": "elder", "programme": OLD_AGE}
    ),
    # B28: more land than registered (hundredths of a 亩)
    PersonCase(
        "land_subsidy", {"B28": "orange"}, "确权 6 亩，补贴按 8.5 亩发", {"land": 600, "paid": (850,)}
    ),
    PersonCase(
        "land_subsidy",
        {"B28": "orange"},
        "一年分两笔，合起来超过确权面积 5%",
        {"land": 1000, "paid": (600, 460)},
    ),
    PersonCase("land_subsidy", {}, "正好多 5%：不超过允许的误差", {"land": 800, "paid": (840,)}),
    # B31, B32: accounts
    PersonCase("shared_account", {"B31": "orange"}, "两位老人的高龄津贴进了同一个账户", {}),
    PersonCase("one_account", {}, "一个人的养老金和高龄津贴进同一个账户", {}),
    PersonCase("several_accounts", {"B32": "yellow"}, "同一个月的低保分两笔进两个账户", {"months": (0, 0)}),
    PersonCase("several_accounts", {}, "三个月以前换过账户", {"months": (3, 0)}),
)

# B40 has no person: the subsidies for disabled people were not paid for one month (`benefits.SKIPPED_BACK`).
SKIPPED = "残疾人两项补贴有一个月没有发，已拖过 60 天"
