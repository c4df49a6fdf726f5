"""What the demo county's data are made to show, as data: the projects that P47 must find, with the level, and those
that come near and must stay silent. Everything else in the county is in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qingqu.demo.days import Days, deliveries, month
from qingqu.demo.words import KINDS

When = Callable[[Days], date]


def of_month(back: int, at: int) -> When:
    """The `at`-th of the month that lies `back` months before the demo's day (-1: its last day)."""
    return lambda known: month(known.as_of, back, at)


def off(count: int) -> When:
    """So many days from the demo's day."""
    return lambda known: known.as_of + timedelta(days=count)


def told(count: int = 0) -> When:
    """So many days from the last day of which the newest project list can tell."""
    return lambda known: known.told + timedelta(days=count)


@dataclass(frozen=True)
class Case:
    """One project with a stated result. `town`: index in TOWNS; `level`: what P47 says of it (None: nothing); `lead`:
    days from approval to the planned start; `amount` in 万元; `reason`: recorded by the approving authority, with
    `late_reason` only between the last two deliveries."""

    name: str
    kind: str
    owner: str
    town: int
    planned: When
    level: Literal["red", "yellow"] | None
    why: str
    amount: int
    lead: int = 150
    started: When | None = None
    reason: str = ""
    late_reason: bool = False
    tender: Literal["none", "published", "awarded"] = "none"


CASES = (
    Case("县人民医院门诊楼", "卫生", "county_hospital", 1, of_month(3, 1), "red",
         "计划三个月前的 1 日开工，至今没有发布招标公告，也没有开工", 4860),
    Case("岚渡镇至棠坞镇公路改建", "道路", "county_transport", 2, of_month(5, 10), "red",
         "招标公告发了，没有定标，没有开工", 2380, tender="published"),
    Case("芦泮镇卫生院综合楼", "卫生", "county_maternity", 5, of_month(2, -1), "red",
         "计划两个月前的最后一天开工：从计划当月数起正好第三个月", 1260),
    Case("茶垄乡渠道防渗工程", "水利", "county_water", 10, of_month(11, 20), "red",
         "早已定标，将近一年没有开工", 690, tender="awarded"),
    Case("中心幼儿园教学楼", "学校", "county_education", 6, of_month(1, 15), "yellow",
         "计划上月 15 日开工", 980, tender="published"),
    Case("稻溪镇文化活动中心", "文化", "county_culture", 7, off(-1), "yellow", "计划昨天开工", 320, tender="awarded"),
    Case("樟陌乡公租房维修", "住房", "county_housing", 8, of_month(1, 1), "yellow",
         "计划上月 1 日开工：从计划当月数起第二个月，还不到红色线", 410, tender="awarded"),
    Case("枫砻乡污水管网", "环保", "county_environment", 9, off(-2), "yellow", "计划前天开工", 760, tender="awarded"),
    Case("鹤坳乡桥梁加固", "道路", "county_transport", 11, of_month(4, 1), None,
         "过期四个月，但批准机关记录了延期原因", 530, reason="用地预审未办结，经县发改局批准顺延开工", tender="awarded"),
    Case("霁桥镇河道护岸", "水利", "county_water", 4, of_month(2, 12), None,
         "延期原因是最近一次报送才补记的", 870, reason="主汛期不宜施工，经县水利局同意延期", late_reason=True,
         tender="awarded"),
    Case("棠坞镇冷链库房", "农业", "agriculture_rural", 3, of_month(1, 5), None,
         "上月到期，有延期原因", 460, reason="上级补助资金调整，县政府常务会议同意缓建", tender="published"),
    Case("砚湾镇小学运动场", "学校", "county_education", 6, of_month(4, 1), None,
         "晚开工 45 天，但已经开工", 260,
         started=lambda known: month(known.as_of, 4) + timedelta(days=45), tender="awarded"),
    Case("栖川街道老旧小区改造", "住房", "county_housing", 0, of_month(9, 1), None,
         "晚开工五个月，但已经开工", 1780,
         started=lambda known: month(known.as_of, 9) + timedelta(days=150), tender="awarded"),
    Case("岚渡镇污水管网", "环保", "county_environment", 2, off(0), None, "计划今天开工，今天还没有过", 640, tender="awarded"),
    Case("芦泮镇村道安防", "道路", "county_transport", 5, off(1), None, "计划明天开工", 180, tender="awarded"),
    Case("中心幼儿园教学楼", "学校", "county_education", 11, told(-12), None,
         "与砚湾镇的亮灯项目同名、同业主，在另一个乡，按期开工", 940, started=told(-12), tender="awarded"),
    Case("明山镇文化礼堂", "文化", "county_culture", 1, off(20), None, "提前开工", 150, lead=260,
         started=told(-6), tender="awarded"),
    Case("稻溪镇高标准农田", "农业", "agriculture_rural", 7, of_month(2, 1), None,
         "发改局报送的前一天才开工", 720, started=told(), tender="awarded"),
)  # fmt: skip


@dataclass(frozen=True)
class Irregularity:
    """One line of the stated list."""

    rule: str
    subject_key: str
    level: str
    name: str
    why: str


def approved(case: Case, known: Days) -> date:
    """When the case's project was approved."""
    return case.planned(known) - timedelta(days=case.lead)


def project_id(case: Case, known: Days) -> str:
    """The case's project code: year of approval, county, industry, class, number (its place in the list)."""
    return code(approved(case, known).year, case.kind, CASES.index(case) + 1)


def code(year: int, kind: str, number: int) -> str:
    """A project code in the national form."""
    return f"{year}-990101-{KINDS[kind].industry}-01-{number:06d}"


def project_cases(as_of: date) -> tuple[Irregularity, ...]:
    """What the rules about projects must find."""
    known = deliveries(as_of)
    return tuple(
        Irregularity("P47", project_id(case, known), case.level, case.name, case.why)
        for case in CASES
        if case.level is not None
    )
