"""The stated cases about works, tenders and money, as data: one project each, in which one fact is changed. The lights
that follow from late stages (P110) are stated with each project by `troubles`."""

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["blue", "yellow", "orange", "red"]
Frame = Literal["running", "finished", "accepted"]


@dataclass(frozen=True)
class Trouble:
    """`levels`: rule → level (none: must stay silent); `frame`: how far the works are; `twist`: what is changed, with
    `facts`; `amount` in 万元; `why` in words."""

    name: str
    kind: str
    owner: str
    town: int
    frame: Frame
    twist: str
    levels: dict[str, Level]
    why: str
    facts: dict[str, object] = field(default_factory=dict)
    amount: int = 300
    village: int | None = None


TROUBLES = (
    # P48: behind the plan
    Trouble("岚渡镇高标准农田", "农业", "agriculture_rural", 2, "running", "behind", {"P48": "yellow"},
            "进度比计划慢 10 个百分点：正好到黄色线", {"points": 10}),
    Trouble("棠坞镇垃圾中转站", "环保", "county_environment", 3, "running", "behind", {"P48": "yellow"},
            "慢 30 个百分点：仍是黄色", {"points": 30}),
    Trouble("霁桥镇小学教学楼", "学校", "county_education", 4, "running", "behind", {"P48": "red"},
            "慢 31 个百分点：红色", {"points": 31}),
    Trouble("芦泮镇机耕道", "农业", "agriculture_rural", 5, "running", "behind", {}, "慢 9 个百分点", {"points": 9}),
    # P53: last month's report is missing
    Trouble("砚湾镇渠道防渗", "水利", "county_water", 6, "running", "unreported", {"P53": "yellow"}, "上个月的进度月报没有交"),
    # P54: overdue
    Trouble("稻溪镇供水管网", "水利", "county_water", 7, "running", "overdue", {"P54": "yellow"},
            "计划竣工已过 40 天，没有竣工也没有验收", {"days": 40}),
    Trouble("樟陌乡危房改造", "住房", "county_housing", 8, "running", "overdue", {"P54": "yellow"},
            "超期正好 90 天：还不到红色线", {"days": 90}),
    Trouble("枫砻乡戏台修缮", "文化", "county_culture", 9, "running", "overdue", {"P54": "red"}, "超期 91 天", {"days": 91}),
    Trouble("茶垄乡育秧中心", "农业", "agriculture_rural", 10, "running", "overdue", {}, "计划今天竣工，今天还没有过", {"days": 0}),
    # P62, P65, P66, P64, P63: money
    Trouble("鹤坳乡卫生院改扩建", "卫生", "county_maternity", 11, "accepted", "paid", {"P62": "red"},
            "支付总额超过概算批复", {"award": 108, "share": 97}),
    Trouble("栖川街道图书馆分馆", "文化", "county_culture", 0, "accepted", "paid", {}, "支付正好等于概算批复",
            {"award": 100, "share": 100}),
    Trouble("明山镇污水管网", "环保", "county_environment", 1, "accepted", "paid", {"P65": "red"}, "支付比合同金额多 2%",
            {"award": 90, "share": 102}),
    Trouble("岚渡镇发热门诊", "卫生", "county_hospital", 2, "finished", "paid", {"P66": "red"},
            "还没有验收，已付合同的 98%", {"award": 94, "share": 98}),
    Trouble("棠坞镇运动场", "学校", "county_education", 3, "finished", "paid", {}, "还没有验收，付到 97%：质保金留足了",
            {"award": 94, "share": 97}),
    Trouble("霁桥镇冷链库房", "农业", "agriculture_rural", 4, "running", "paid_ahead", {"P64": "orange"},
            "付款比形象进度超前 12 个百分点", {"points": 12}),
    Trouble("芦泮镇公租房维修", "住房", "county_housing", 5, "running", "paid_ahead", {}, "付款超前正好 10 个百分点",
            {"points": 10}),
    Trouble("砚湾镇文化礼堂", "文化", "county_culture", 6, "running", "unpaid", {"P63": "orange"},
            "工程已完成三成，一分钱没有付", {"physical": 30}),
    Trouble("稻溪镇人工湿地", "环保", "county_environment", 7, "running", "unpaid", {}, "完成 29%，还没有付款", {"physical": 29}),
    # P67, P111: quantities
    Trouble("荞坳村村道硬化工程", "道路", "town", 1, "accepted", "measured", {"P67": "red"},
            "结算比实测多 240 平方米，基层薄 5 厘米，验收组没有核对工程量清单",
            {"items": (("C25混凝土路面", "m2", 360_000, 336_000, 9_850), ("碎石基层(设计厚20cm)", "m3", 72_000, 50_400, 16_200),
                       ("土方开挖", "m3", 96_000, 95_800, 1_860))}, 62, 15),
    Trouble("岚渡镇山塘除险", "水利", "county_water", 2, "accepted", "measured", {"P67": "red"}, "浆砌石结算比实测多 2.5%",
            {"items": (("浆砌片石挡墙", "m3", 41_000, 40_000, 38_600), ("土方开挖", "m3", 88_000, 88_000, 1_860))}),
    Trouble("棠坞镇桥梁加固", "道路", "county_transport", 3, "accepted", "measured", {}, "结算比实测正好多 2%",
            {"items": (("C25混凝土路面", "m2", 102_000, 100_000, 9_850), ("钢筋制安", "t", 1_200, 1_200, 562_000))}),
    Trouble("霁桥镇村道安防", "道路", "county_transport", 4, "accepted", "measured", {"P111": "orange"},
            "已经验收，一项工程量没有人实测",
            {"items": (("波形护栏", "m", 180_000, None, 15_600), ("土方开挖", "m3", 30_000, 30_000, 1_860))}),
    # P69: split to stay below the limit
    Trouble("樟陌乡樟陌河护岸（一段）", "水利", "county_water", 8, "running", "untendered", {}, "未招标", {}, 236),
    Trouble("樟陌乡樟陌河护岸（二段）", "水利", "county_water", 8, "running", "untendered", {"P69": "orange"},
            "同一业主、同一地点、同名两段，各自不到 400 万，合起来超过，都没有招标", {"with": "樟陌乡樟陌河护岸（一段）"}, 218),
    Trouble("枫砻乡枫砻路改造（一段）", "道路", "county_transport", 9, "running", "untendered", {}, "未招标", {}, 198),
    Trouble("枫砻乡枫砻路改造（二段）", "道路", "county_transport", 9, "running", "untendered", {},
            "两段合起来 399 万：不到限额", {}, 201),
    # P72: signed late
    Trouble("茶垄乡标准化卫生室", "卫生", "county_maternity", 10, "running", "signed", {"P72": "yellow"},
            "中标后第 31 天才签合同", {"days": 31}),
    Trouble("鹤坳乡教师周转房", "学校", "county_education", 11, "running", "signed", {}, "中标后第 30 天签合同", {"days": 30}),
    # P75: bids in a pattern (fen, relative to the award)
    Trouble("栖川街道中心幼儿园", "学校", "county_education", 0, "running", "bids", {"P75": "orange"}, "两家报价分毫不差",
            {"amounts": (0, 4_120_000, 4_120_000)}),
    Trouble("明山镇老旧小区改造", "住房", "county_housing", 1, "running", "bids", {"P75": "orange"}, "三家报价成等差：每家差 5 万元",
            {"amounts": (0, 5_000_000, 10_000_000)}),
    Trouble("岚渡镇河道护岸", "水利", "county_water", 2, "running", "bids", {"P75": "orange"}, "三家报价成固定倍数：1.02",
            {"times": 102}),
    Trouble("棠坞镇通组公路硬化", "道路", "county_transport", 3, "running", "bids", {}, "三家报价差一分钱就成等差",
            {"amounts": (0, 5_000_000, 10_000_001)}),
    # P77, P80: bidders that belong together
    Trouble("霁桥镇中心幼儿园", "学校", "county_education", 4, "running", "linked", {"P77": "red"},
            "甲公司的法定代表人是乙公司的股东", {"link": "person"}),
    Trouble("芦泮镇文化活动中心", "文化", "county_culture", 5, "running", "linked", {"P77": "red"},
            "两家公司有同一个股东", {"link": "shareholder"}),
    Trouble("砚湾镇人工湿地", "环保", "county_environment", 6, "running", "linked", {"P80": "orange"},
            "两家投标留的是同一个联系电话", {"link": "contact"}),
    Trouble("稻溪镇小学运动场", "学校", "county_education", 7, "running", "linked", {"P80": "orange"},
            "两家公司登记在同一个地址", {"link": "address"}),
    # P87: public employees behind the contractor
    Trouble("樟陌乡卫生院综合楼", "卫生", "county_maternity", 8, "running", "insider", {"P87": "red"},
            "施工单位的法定代表人签约时在财政供养名册上", {"how": "rep"}),
    Trouble("枫砻乡图书馆分馆", "文化", "county_culture", 9, "running", "insider", {"P87": "red"},
            "施工单位给一名在编人员缴社保", {"how": "insured"}),
    Trouble("茶垄乡医用氧站", "卫生", "county_hospital", 10, "running", "insider", {}, "股东签约前两年已离开单位", {"how": "left"}),
    # P49: paid less than was due
    Trouble("鹤坳乡机耕道", "农业", "agriculture_rural", 11, "running", "withheld", {"P49": "orange"},
            "到期的款项只付了 79%", {"of_due": 79}),
    Trouble("栖川街道供水管网", "水利", "county_water", 0, "running", "withheld", {"P49": "red"},
            "到期的款项只付了四成", {"of_due": 40}),
    Trouble("明山镇公租房维修", "住房", "county_housing", 1, "running", "withheld", {}, "到期的款项付了 81%", {"of_due": 81}),
)  # fmt: skip
