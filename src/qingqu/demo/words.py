"""Invented names. No town, village, firm, office or person here is meant to be a real one."""

from typing import NamedTuple

COUNTY = ("990101000000", "明山县")
NEIGHBOUR = ("990102000000", "澄岭县")
# Official codes: street offices 001-099, towns 100-199, townships 200-399.
TOWNS = (
    ("990101001000", "栖川街道"), ("990101100000", "明山镇"), ("990101101000", "岚渡镇"), ("990101102000", "棠坞镇"),
    ("990101103000", "霁桥镇"), ("990101104000", "芦泮镇"), ("990101105000", "砚湾镇"), ("990101106000", "稻溪镇"),
    ("990101200000", "樟陌乡"), ("990101201000", "枫砻乡"), ("990101202000", "茶垄乡"), ("990101203000", "鹤坳乡"),
)  # fmt: skip
VILLAGE_FIRST = "棠岚樟榉砚稔菱芦茶枫鹤鹭桐槿藕荞芷苇"
VILLAGE_LAST = "坪湾坝冲垄坳溪埠畈陇"

# organisation code, name as the departments write it, nature (opening characters of its credit code)
OWNERS = (
    ("county_hospital", "县人民医院", "12"), ("county_maternity", "县妇幼保健院", "12"),
    ("county_education", "县教育局", "11"), ("county_transport", "县交通运输局", "11"),
    ("county_water", "县水利局", "11"), ("county_housing", "县住房和城乡建设局", "11"),
    ("county_culture", "县文化和旅游局", "11"), ("agriculture_rural", "县农业农村局", "11"),
    ("county_environment", "县城乡污水治理中心", "12"),
)  # fmt: skip
TOWN_OWNER = "town"


class Kind(NamedTuple):
    """What a kind of project is like. `word`: how the approving bureau writes it; `industry`: two digits of the project
    code; `owners`: organisation codes (TOWN_OWNER: the town's government); `days`: how long it takes; `size`: 万元."""

    word: str
    industry: str
    owners: tuple[str, ...]
    works: tuple[str, ...]
    days: tuple[int, int]
    size: tuple[int, int]


KINDS = {
    "道路": Kind("公路", "48", ("county_transport", TOWN_OWNER), ("通组公路硬化", "村道安防", "桥梁加固", "公路改建"), (180, 540), (45, 2600)),
    "学校": Kind("教育", "83", ("county_education",), ("小学教学楼", "中心幼儿园", "学生食堂", "运动场", "教师周转房"), (240, 660), (80, 3200)),
    "卫生": Kind("医疗卫生", "84", ("county_hospital", "county_maternity"), ("卫生院改扩建", "发热门诊", "标准化卫生室", "医用氧站"), (180, 690), (60, 2400)),
    "水利": Kind("水利", "76", ("county_water", TOWN_OWNER), ("山塘除险", "渠道防渗", "供水管网", "河道护岸"), (180, 540), (50, 1900)),
    "住房": Kind("保障性住房", "47", ("county_housing",), ("公租房维修", "老旧小区改造", "危房改造"), (210, 600), (90, 2800)),
    "文化": Kind("文化体育", "88", ("county_culture", TOWN_OWNER), ("文化活动中心", "文化礼堂", "戏台修缮", "图书馆分馆"), (150, 420), (30, 900)),
    "农业": Kind("农业", "01", ("agriculture_rural",), ("高标准农田", "冷链库房", "机耕道", "育秧中心"), (150, 480), (60, 1500)),
    "环保": Kind("环保", "77", ("county_environment", TOWN_OWNER), ("污水管网", "垃圾中转站", "人工湿地"), (180, 540), (70, 2200)),
}  # fmt: skip

FIRM_FIRST = ("稔丰", "岚拓", "砚基", "槿程", "鹤翔", "榉川", "芦垣", "霁安", "棠筑", "樟信", "荞合", "苇远")
BUILDERS = tuple(
    f"{first}{last}"
    for last in (
        "建设有限公司",
        "市政工程有限公司",
        "建筑工程有限公司",
        "水利工程有限公司",
        "路桥工程有限公司",
    )
    for first in FIRM_FIRST
)
ORDINARY = 48  # the builders from here on appear in stated cases only
SHOP_FIRST = "棠岚樟榉砚稔菱芦茶枫鹤鹭桐槿藕荞芷苇禾穗"
# what follows a firm's name, the register's word for its kind, the opening characters of its credit code
FIRM_LAST = (
    ("餐饮店", "个体工商户", "92"),
    ("商贸有限公司", "有限责任公司(自然人独资)", "91"),
    ("家庭农场", "个人独资企业", "91"),
    ("种植专业合作社", "农民专业合作社", "93"),
    ("五金经营部", "个体工商户", "92"),
    ("食品有限公司", "有限公司", "91"),
    ("日用百货店", "个体工商户", "92"),
    ("农业开发有限公司", "有限责任公司(自然人投资或控股)", "91"),
)
AGENTS = ("藕塘招标代理有限公司", "芷衡工程咨询有限公司", "桐鉴项目管理有限公司")

DELAY_REASONS = (
    "用地预审未办结，经县发改局批准顺延开工",
    "主汛期不宜施工，经县水利局同意延期",
    "上级补助资金调整，县政府常务会议同意缓建",
)
REMARKS = ("", "", "", "", "县级重点", "民生实事", "续建", "省级补助")
