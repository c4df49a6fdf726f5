"""The county's divisions, offices and people: 12 towns, 180 villages, and one person at least for each kind of work."""

from dataclasses import dataclass

from qingqu.demo.codes import credit_code
from qingqu.demo.words import (
    AGENTS,
    BUILDERS,
    COUNTY,
    NEIGHBOUR,
    OWNERS,
    TOWN_OWNER,
    TOWNS,
    VILLAGE_FIRST,
    VILLAGE_LAST,
)

VILLAGES = 15  # in each town
RURAL, URBAN = "220", "112"  # statistical classes: a village; a community where town and country meet
_SEATS = {"道": "办事处", "镇": "人民政府", "乡": "人民政府"}
_OFFICES, _OWNERS, _TOWNS, _VILLAGE, _BUILDERS, _AGENTS = (
    100,
    200,
    300,
    400,
    1000,
    2000,
)  # numbers in credit codes


@dataclass(frozen=True)
class Place:
    """One line of the official list: 12-digit code, name, class (villages only)."""

    code: str
    name: str
    rural_class: str = ""


@dataclass(frozen=True)
class Office:
    """One organisation. `place`: the code of its division; empty `credit_code`: a collective name, no legal person."""

    code: str
    name: str
    kind: str
    place: str
    short_name: str = ""
    credit_code: str = ""


@dataclass(frozen=True)
class Member:
    """One account. `place`: the division that the post covers."""

    username: str
    name: str
    office: str
    role: str
    title: str
    place: str


def places() -> tuple[Place, ...]:
    """The county's official list, parents before children, and the neighbouring county's first line."""
    found = [Place(*COUNTY), Place(*NEIGHBOUR)]
    for town, (code, name) in enumerate(TOWNS):
        found.append(Place(code, name))
        found += [_village(town, number) for number in range(VILLAGES)]
    return tuple(found)


def _village(town: int, number: int) -> Place:
    code, street = TOWNS[town][0][:9], _street(town)
    return Place(
        f"{code}{(1 if street else 201) + number:03d}", village_name(town, number), URBAN if street else RURAL
    )


def _street(town: int) -> bool:
    return TOWNS[town][1].endswith("街道")


def village_name(town: int, number: int) -> str:
    """The name of a village (0 to 14 in each town); no two in the county are alike. A street's are communities."""
    index = town * VILLAGES + number
    first = index % len(VILLAGE_FIRST)
    last = (index // len(VILLAGE_FIRST) + 3 * first) % len(VILLAGE_LAST)
    return f"{VILLAGE_FIRST[first]}{VILLAGE_LAST[last]}{'社区' if _street(town) else '村'}"


def owner_code(owner: str, town: int) -> str:
    """The owning organisation's code; a town's government has its own."""
    return f"town_government_{TOWNS[town][0][6:9]}" if owner == TOWN_OWNER else owner


def owner_office(owner: str, town: int) -> Office:
    """The owning organisation: one of the county's, or the town's government."""
    return _BY_CODE[owner_code(owner, town)]


def builder_code(number: int) -> str:
    """The credit code of a firm in BUILDERS."""
    return credit_code("91", _BUILDERS + number)


def agent_code(number: int) -> str:
    """The credit code of a firm in AGENTS."""
    return credit_code("91", _AGENTS + number)


def offices() -> tuple[Office, ...]:
    """Every organisation of the demo."""
    return tuple(_BY_CODE.values())


def firms() -> tuple[tuple[str, str], ...]:
    """(credit code, name) of the builders and agents that the files name."""
    builders = tuple((builder_code(number), name) for number, name in enumerate(BUILDERS))
    return builders + tuple((agent_code(number), name) for number, name in enumerate(AGENTS))


def _county_offices() -> list[Office]:
    rows = (
        ("discipline_commission", "明山县纪委监委", "county_discipline", "纪委监委"),
        ("development_reform", "明山县发展和改革局", "department", "发改"),
        ("public_resource_trading", "明山县公共资源交易中心", "department", "公共资源交易中心"),
        ("finance", "明山县财政局", "department", "财政"),
        ("audit", "明山县审计局", "department", "审计"),
        ("information_office", "明山县信息中心", "department", ""),
        ("public_security", "明山县公安局", "department", "公安"),
        ("traffic_police", "明山县公安局交通警察大队", "department", "交警"),
        ("civil_affairs", "明山县民政局", "department", "民政"),
        ("justice", "明山县司法局", "department", "司法"),
        ("human_resources", "明山县人力资源和社会保障局", "department", "人社"),
        ("organization_department", "中共明山县委组织部", "department", "组织"),
        ("market_regulation", "明山县市场监督管理局", "department", "市监"),
        ("natural_resources", "明山县自然资源局", "department", "自然资源"),
        ("government_affairs_service", "明山县机关事务服务中心", "department", "机关事务"),
        ("rural_bank", "明山县农村商业银行", "department", "农商行"),
    )
    return [
        Office(code, name, kind, COUNTY[0], short, credit_code("11", _OFFICES + number))
        for number, (code, name, kind, short) in enumerate(rows)
    ]


def _all() -> dict[str, Office]:
    town_code, town_name = TOWNS[HOSPITAL_TOWN]
    village = _village(HOSPITAL_TOWN, 0)
    rows = [
        *_county_offices(),
        Office("neighbour_discipline", f"{NEIGHBOUR[1]}纪委监委", "county_discipline", NEIGHBOUR[0]),
        Office("project_owner", "项目业主（合称）", "department", COUNTY[0], "业主"),
        Office("town_discipline", f"{town_name}纪委", "township_discipline", town_code),
        Office("village_committee", f"{town_name}{village.name}村民委员会", "village_committee", village.code,
               village.name, credit_code("55", _VILLAGE)),
        *(Office(code, name, "project_owner", COUNTY[0], "", credit_code(nature, _OWNERS + number))
          for number, (code, name, nature) in enumerate(OWNERS)),
        *(Office(owner_code(TOWN_OWNER, town), f"{name}{_SEATS[name[-1]]}", "township_government", code, "",
                 credit_code("11", _TOWNS + town)) for town, (code, name) in enumerate(TOWNS)),
    ]  # fmt: skip
    return {row.code: row for row in rows}


HOSPITAL_TOWN = 1
_BY_CODE = _all()


def members() -> tuple[Member, ...]:
    """The people to sign in as."""
    county, town, village = COUNTY[0], TOWNS[HOSPITAL_TOWN][0], _village(HOSPITAL_TOWN, 0).code
    return (
        Member("chenli", "陈立", "discipline_commission", "party_conduct_office", "党风政风监督室", county),
        Member("wuping", "吴平", "discipline_commission", "inspection_office", "第一监督检查室", county),
        Member("tangyue", "唐越", "discipline_commission", "approving_leader", "分管领导", county),
        Member("linhe", "林禾", "town_discipline", "township_discipline", "纪检干部", town),
        Member("zhouyu", "周予", "development_reform", "data_steward", "数据员", county),
        Member("hefang", "贺舫", "public_resource_trading", "data_steward", "数据员", county),
        Member("luojing", "骆静", "finance", "data_steward", "数据员", county),
        Member("bailu", "白鹭", "civil_affairs", "data_steward", "数据员", county),
        Member("yanhe", "晏禾", "agriculture_rural", "data_steward", "数据员", county),
        Member("guqian", "顾乾", "public_security", "data_steward", "数据员", county),
        Member("xuwei", "许苇", "market_regulation", "data_steward", "数据员", county),
        Member("fanmin", "范旻", "county_hospital", "project_owner", "基建科", county),
        Member("miaoqin", "苗沁", "village_committee", "village_operator", "报账员", village),
        Member("shenan", "沈桉", "audit", "auditor_log", "安全审计员", county),
        Member("guowei", "郭蔚", "information_office", "sys_admin", "系统管理员", county),
        Member("qixun", "戚洵", "information_office", "sec_admin", "安全管理员", county),
        Member(
            "qinmo",
            "秦陌",
            "neighbour_discipline",
            "party_conduct_office",
            "党风政风监督室（邻县）",
            NEIGHBOUR[0],
        ),
    )
