"""Invented names. No place and no person here exists."""

TOWNS = (
    "明山镇",
    "青石镇",
    "赖溪镇",
    "云台镇",
    "柳坪镇",
    "沙河镇",
    "白鹭镇",
    "新河街道",
    "松岭乡",
    "梅园乡",
    "长塘乡",
    "石桥乡",
)
VILLAGE_FIRST = ("云", "柳", "松", "梅", "桃", "石", "清", "双", "上", "下", "东", "西", "新", "竹", "枫")
VILLAGE_LAST = (
    "溪村",
    "坪村",
    "塘村",
    "岭村",
    "湾村",
    "坝村",
    "口村",
    "冲村",
    "岗村",
    "洲村",
    "坳村",
    "垭村",
)
OWNERS = (
    ("county_hospital", "县人民医院"), ("county_education", "县教育局"), ("county_transport", "县交通运输局"),
    ("county_water", "县水利局"), ("county_housing", "县住房和城乡建设局"), ("county_agriculture", "县农业农村局"),
)  # fmt: skip
KINDS = {
    "county_hospital": ("卫生", ("门诊楼改造", "发热门诊", "污水处理站")),
    "county_education": ("教育", ("小学教学楼", "幼儿园", "学生食堂", "运动场")),
    "county_transport": ("道路", ("村道硬化", "桥梁加固", "通组公路")),
    "county_water": ("水利", ("水渠整治", "山塘除险", "供水管网")),
    "county_housing": ("住房", ("公租房维修", "老旧小区改造", "污水管网")),
    "county_agriculture": ("农业", ("高标准农田", "冷链库房", "机耕道")),
}
# user name, name, organisation, role, title, town (index) or county (None)
PEOPLE = (
    ("chenli", "陈立", "discipline_commission", "party_conduct_office", "党风政风监督室", None),
    ("wuping", "吴平", "discipline_commission", "inspection_office", "第一监督检查室", None),
    ("linhe", "林禾", "mingshan_discipline", "township_discipline", "镇纪委", 0),
    ("zhouyu", "周瑜青", "development_reform", "data_steward", "数据员", None),
    ("hefang", "何芳", "public_resource_trading", "data_steward", "数据员", None),
    ("luojing", "罗静", "finance", "data_steward", "数据员", None),
    ("fanmin", "范敏", "county_hospital", "project_owner", "基建科", None),
    ("shenan", "沈安", "audit", "auditor_log", "安全审计员", None),
    ("guowei", "郭伟明", "information_office", "sys_admin", "系统管理员", None),
    ("qinmo", "秦默", "neighbour_discipline", "party_conduct_office", "邻县党风政风监督室", None),
)  # fmt: skip
ORGANISATIONS = (
    ("discipline_commission", "明山县纪委监委", "纪委监委", "county_discipline"),
    ("mingshan_discipline", "明山镇纪委", "", "township_discipline"),
    ("development_reform", "明山县发展和改革局", "发改", "department"),
    ("public_resource_trading", "明山县公共资源交易中心", "公共资源交易中心", "department"),
    ("finance", "明山县财政局", "财政", "department"),
    ("project_owner", "项目业主（合称）", "业主", "department"),
    ("audit", "明山县审计局", "审计", "department"),
    ("information_office", "明山县信息中心", "", "department"),
    ("neighbour_discipline", "北川原县纪委监委（邻县）", "", "county_discipline"),
)
