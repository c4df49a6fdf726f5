"""The files about people, each in its sender's own layout."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qingqu.base.clock import start_of_day
from qingqu.demo import people as folk
from qingqu.demo.benefits import DISABLED, OLD_AGE, PENSIONS, Benefits, Payment
from qingqu.demo.days import Days
from qingqu.demo.files import Sent
from qingqu.demo.people import People
from qingqu.demo.places import VILLAGES, places
from qingqu.demo.sheets import Sheet, dotted, hundredths, packed, slashed, write_book, write_csv, yuan
from qingqu.demo.society import Society
from qingqu.demo.words import TOWNS

# how the senders call what the contracts call otherwise
FINANCE_WORDS = {"低保": "城乡低保", "特困供养": "特困人员救助供养", "耕地地力保护补贴": "耕地地力补贴"}
PENSION_WORDS = {
    "城乡居民基本养老保险": "城乡居民养老保险",
    "企业职工基本养老保险": "企业职工养老保险",
    "机关事业单位基本养老保险": "机关事业养老保险",
}
REGISTER_WORDS = {"低保": "最低生活保障", "特困供养": "特困人员供养"}
RELATION_WORDS = ("户主", "妻子", "长子", "长女", "父亲", "母亲")


class Desk(NamedTuple):
    """Where the files go, and the calendar."""

    folder: Path
    known: Days

    def sent(self, dataset: str, department: str, name: str, rows: int) -> Sent:
        """The receipt for a file of this month's delivery."""
        return Sent(dataset, department, self.folder / name, start_of_day(self.known.payments), rows)


def write(folder: Path, people: People, benefits: Benefits, society: Society, known: Days) -> Iterator[Sent]:
    """Writes all of them; each is told as soon as it lies there."""
    desk = Desk(folder, known)
    yield _population(desk, people)
    yield from _deaths(desk, benefits)
    yield _inmates(desk, society)
    yield _officials(desk, society)
    yield _cadres(desk, society)
    yield _kinship(desk, society)
    yield _companies(desk, society)
    yield _shares(desk, society)
    yield _insured(desk, society)
    yield _vehicles(desk, society)
    yield _houses(desk, society)
    yield from _register(desk, benefits)
    yield _land(desk, benefits)
    yield from _payments(desk, benefits)


@cache
def village_names() -> dict[str, str]:
    """Village code → name."""
    return {place.code: place.name for place in places()}


def _population(desk: Desk, people: People) -> Sent:
    """县公安局: csv, GB18030, codes for the sex, days as 19650312."""
    sent = desk.sent("population", "public_security", "户籍人口信息.csv", len(people.ids))
    days = (people.born - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype(str)
    packed_days = np.char.replace(days, "-", "").tolist()
    codes = folk.village_codes()
    numbers = [folk.household_no(number) for number in people.household.tolist()]
    rows = zip(
        numbers, people.names, ["2" if one == folk.FEMALE else "1" for one in people.sex.tolist()], people.ids,
        packed_days, [_relation(a, b) for a, b in zip(people.relation.tolist(), people.sex.tolist(), strict=True)],
        [codes[village] for village in people.village.tolist()],
        ["居民家庭户口" if village < VILLAGES else "农业家庭户口" for village in people.village.tolist()], strict=True,
    )  # fmt: skip
    headers = ("户号", "姓名", "性别", "公民身份号码", "出生日期", "与户主关系", "村(居)委会代码", "户口类别")
    write_csv(sent.path, "gb18030", headers, rows)
    return sent


def _relation(relation: int, sex: int) -> str:
    return "丈夫" if relation == folk.SPOUSE and sex == folk.MALE else RELATION_WORDS[relation]


def _deaths(desk: Desk, benefits: Benefits) -> Iterator[Sent]:
    """县公安局: xlsx, 2026.3.1; 县民政局: csv of the crematorium, partly the same people."""
    police = [one for one in benefits.deaths if one.source == "公安"]
    other = [one for one in benefits.deaths if one.source == "民政"] + police[::6]
    sent = desk.sent("deaths", "public_security", "死亡注销人员名单.xlsx", len(police))
    rows = [
        (number, one.name, one.person, dotted(one.day), "户籍注销") for number, one in enumerate(police, 1)
    ]
    headers = ("序号", "死亡人员姓名", "公民身份号码", "死亡时间", "注销来源")
    write_book(
        sent.path, desk.known.payments, [Sheet("死亡注销", ("明山县死亡注销人员名单",), headers, rows)]
    )
    yield sent
    sent = desk.sent("deaths", "civil_affairs", "殡葬火化登记.csv", len(other))
    write_csv(
        sent.path, "utf-8-sig", ("逝者姓名", "逝者身份证号", "去世日期", "信息来源", "火化炉号"),
        ((one.name, one.person, slashed(one.day), "殡仪馆", f"{number % 3 + 1}号炉") for number, one in enumerate(other)),
    )  # fmt: skip
    yield sent


def _inmates(desk: Desk, society: Society) -> Sent:
    sent = desk.sent("inmates", "justice", "服刑人员信息表.xlsx", len(society.inmates))
    rows = [
        (number, one.name, one.person, one.start, one.end or "")
        for number, one in enumerate(society.inmates, 1)
    ]
    below = (("制表人：骆安",),)
    headers = ("序号", "罪犯姓名", "罪犯身份证号码", "刑期起始日期", "刑期截止日期")
    sheet = Sheet("在册", ("明山县司法局服刑人员信息表",), headers, rows, below)
    write_book(sent.path, desk.known.payments, [sheet], day_format="yyyy年m月d日")
    return sent


def _officials(desk: Desk, society: Society) -> Sent:
    """县财政局: xlsx; a header of two lines (人员信息, 任职信息), days as text 2026-03-01."""
    sent = desk.sent("public_employees", "finance", "财政供养人员花名册.xlsx", len(society.officials))
    rows = [
        (number, one.employer, one.name, one.person, one.post, one.start.isoformat(), one.end.isoformat() if one.end else "")
        for number, one in enumerate(society.officials, 1)
    ]  # fmt: skip
    headers = ("序号", "预算单位名称", "职工姓名", "身份证号码", "职务职级", "进入单位日期", "减员日期")
    above = ("明山县财政供养人员花名册", "单位：人　　（工资统发口径，含本月减员）")
    groups = (("人员信息", 2, 3), ("任职信息", 4, 6))
    write_book(sent.path, desk.known.payments, [Sheet("花名册", above, headers, rows, (), groups)])
    return sent


def _cadres(desk: Desk, society: Society) -> Sent:
    """县委组织部: xlsx, one sheet a town."""
    sent = desk.sent(
        "village_cadres", "organization_department", "村（社区）两委成员台账.xlsx", len(society.cadres)
    )
    headers = (
        "序号",
        "村（社区）",
        "村级代码",
        "姓名",
        "公民身份号码",
        "现任职务",
        "任职时间",
        "离任时间",
        "备注",
    )
    names = village_names()
    sheets = []
    for code, town in TOWNS:
        own = [one for one in society.cadres if one.village.startswith(code[:9])]
        rows = [
            (number, names[one.village], one.village, one.name, one.person, one.post, dotted(one.start), dotted(one.end), "")
            for number, one in enumerate(own, 1)
        ]  # fmt: skip
        sheets.append(Sheet(town, (f"{town}村（社区）“两委”成员台账",), headers, rows))
    write_book(sent.path, desk.known.payments, sheets)
    return sent


def _kinship(desk: Desk, society: Society) -> Sent:
    sent = desk.sent("kinship", "organization_department", "村干部亲属报告表.xlsx", len(society.kinship))
    headers = ("报告人身份证号", "称谓", "家庭成员身份证号码")
    rows = [(one.person, one.relation, one.relative) for one in society.kinship]
    write_book(sent.path, desk.known.payments, [Sheet("Sheet1", (), headers, rows)])
    return sent


def _companies(desk: Desk, society: Society) -> Sent:
    """县市场监督管理局: csv, GB18030, its own words for types and states."""
    sent = desk.sent("companies", "market_regulation", "市场主体登记信息.csv", len(society.companies))
    headers = (
        "市场主体名称", "统一社会信用代码", "市场主体类型", "法定代表人(负责人)", "法定代表人(负责人)证件号码", "联系电话",
        "住所(经营场所)", "成立日期", "登记状态", "登记机关",
    )  # fmt: skip
    rows = (
        (one.name, one.code, one.kind, one.rep_name, one.rep, one.phone, one.address, one.founded.isoformat(), one.status,
         "明山县市场监督管理局")
        for one in society.companies
    )  # fmt: skip
    write_csv(sent.path, "gb18030", headers, rows)
    return sent


def _shares(desk: Desk, society: Society) -> Sent:
    sent = desk.sent("shareholders", "market_regulation", "企业股东出资信息.xlsx", len(society.shares))
    headers = ("统一社会信用代码", "投资人证件号码", "出资比例(%)")
    rows = [(one.code, one.person, one.share) for one in society.shares]
    write_book(sent.path, desk.known.payments, [Sheet("股东", ("企业股东（出资人）信息",), headers, rows)])
    return sent


def _insured(desk: Desk, society: Society) -> Sent:
    """县人力资源和社会保障局: csv, UTF-8, months as 202603."""
    sent = desk.sent("social_insurance", "human_resources", "职工社保缴费明细.csv", len(society.insured))
    rows = (
        (one.employer, one.person, f"{one.month:%Y%m}", "企业养老", "正常缴费") for one in society.insured
    )
    headers = ("单位统一社会信用代码", "社会保障号码", "费款所属期", "险种", "缴费类型")
    write_csv(sent.path, "utf-8", headers, rows)
    return sent


def _vehicles(desk: Desk, society: Society) -> Sent:
    """县公安局交警大队: csv, prices in 万元."""
    sent = desk.sent("vehicles", "traffic_police", "机动车登记信息.csv", len(society.vehicles))
    rows = (
        (one.plate, one.kind, one.owner, slashed(one.registered), f"{one.price / 1_000_000:.4f}")
        for one in society.vehicles
    )
    headers = ("机动车号牌号码", "车辆类型", "身份证明号码", "初次登记日期", "购车价格（万元）")
    write_csv(sent.path, "gb18030", headers, rows)
    return sent


def _houses(desk: Desk, society: Society) -> Sent:
    sent = desk.sent("properties", "natural_resources", "不动产登记簿导出.xlsx", len(society.houses))
    headers = ("不动产单元号", "权利人证件号", "规划用途", "建筑面积（平方米）", "登簿时间")
    rows = [(one.unit, one.owner, one.kind, one.area / 100, one.day) for one in society.houses]
    write_book(sent.path, desk.known.payments, [Sheet("登记簿", (), headers, rows)], day_format="yyyy/m/d")
    return sent


def _register(desk: Desk, benefits: Benefits) -> Iterator[Sent]:
    """县民政局: 低保 and 特困 in a workbook with one sheet a town and totals below; allowances in a csv."""
    allowances = [one for one in benefits.register if one.programme in (OLD_AGE, DISABLED)]
    relief = [one for one in benefits.register if one.programme not in (OLD_AGE, DISABLED)]
    headers = (
        "序号",
        "救助类别",
        "户号",
        "保障对象",
        "身份证号码",
        "纳入日期",
        "停保日期",
        "月保障金额（元）",
    )
    sheets = []
    for code, town in TOWNS:
        own = [one for one in relief if one.village.startswith(code[:9])]
        rows = [
            (number, REGISTER_WORDS.get(one.programme, one.programme), one.household, one.name, one.person, one.start,
             one.end or "", one.standard / 100)
            for number, one in enumerate(own, 1)
        ]  # fmt: skip
        total = ("合计", "", "", f"{len(own)}人", "", "", "", sum(one.standard for one in own) / 100)
        above = (f"{town}城乡低保、特困人员在册名单", "填报单位：明山县民政局")
        sheets.append(Sheet(town, above, headers, rows, (total,)))
    sent = desk.sent("benefit_register", "civil_affairs", "城乡低保特困在册名单.xlsx", len(relief))
    write_book(sent.path, desk.known.payments, sheets, day_format="yyyy-mm")
    yield sent
    sent = desk.sent("benefit_register", "civil_affairs", "高龄津贴和残疾人补贴对象.csv", len(allowances))
    rows_below = (
        (
            one.programme,
            one.person,
            one.name,
            one.household,
            slashed(one.start),
            slashed(one.end),
            yuan(one.standard),
        )
        for one in allowances
    )
    write_csv(
        sent.path, "utf-8-sig", ("补贴类型", "对象身份证号", "姓名", "家庭户号", "享受起始日期", "停发时间", "补贴标准"), rows_below
    )  # fmt: skip
    yield sent


def _land(desk: Desk, benefits: Benefits) -> Sent:
    sent = desk.sent("land_rights", "agriculture_rural", "农村土地承包经营权确权登记.csv", len(benefits.land))
    rows = ((one.village, one.name, one.person, hundredths(one.area)) for one in benefits.land)
    headers = ("发包方代码", "承包方代表姓名", "承包方代表证件号码", "确权总面积（亩）")
    write_csv(sent.path, "gb18030", headers, rows)
    return sent


def _payments(desk: Desk, benefits: Benefits) -> Iterator[Sent]:
    """县财政局 “一卡通”: a csv a month with a title and a total; 县人社局: pensions of all months in one csv."""
    pensions = [one for one in benefits.payments if one.programme in PENSIONS]
    by_month: dict[date, list[Payment]] = {}
    for one in benefits.payments:
        if one.programme not in PENSIONS:
            by_month.setdefault(one.month, []).append(one)
    for first, rows in sorted(by_month.items()):
        yield _card(desk, first, rows)
    sent = desk.sent("benefit_payments", "human_resources", "养老金社会化发放明细.csv", len(pensions))
    told = (
        (f"YL{one.month:%Y%m}{number:07d}", PENSION_WORDS[one.programme], one.name, one.person, one.account, one.name,
         yuan(one.amount), f"{one.month:%Y%m}", one.paid.isoformat(), "成功")
        for number, one in enumerate(pensions, 1)
    )  # fmt: skip
    headers = (
        "业务流水号",
        "险种类型",
        "领取人姓名",
        "社会保障号码",
        "银行账户",
        "开户名",
        "实发金额",
        "待遇年月",
        "银行发放日期",
        "发放状态",
    )
    write_csv(sent.path, "utf-8", headers, told)
    yield sent


def _card(desk: Desk, first: date, rows: Sequence[Payment]) -> Sent:
    name = f"{first.year}年{first.month}月惠民惠农补贴发放明细.csv"
    sent = desk.sent("benefit_payments", "finance", name, len(rows))
    told = (
        (number, f"{first:%Y%m}{number:07d}", FINANCE_WORDS.get(one.programme, one.programme), one.village, one.name,
         one.person, one.account, one.name, hundredths(one.area) if one.area is not None else "", yuan(one.amount),
         f"{one.month.year}年{one.month.month}月", packed(one.paid))
        for number, one in enumerate(rows, 1)
    )  # fmt: skip
    headers = (
        "序号", "发放流水号", "补贴项目名称", "村代码", "补贴对象", "身份证号码", "一卡通账号", "户名", "补贴面积（亩）", "实发金额（元）",
        "补贴月份", "打卡日期",
    )  # fmt: skip
    total = (
        "合计",
        "",
        "",
        "",
        f"{len(rows)}笔",
        "",
        "",
        "",
        "",
        yuan(sum(one.amount for one in rows)),
        "",
        "",
    )
    title = f"明山县惠民惠农财政补贴资金“一卡通”发放明细表（{first.year}年{first.month}月）"
    write_csv(sent.path, "gb18030", headers, told, above=(title,), below=(total,))
    return sent
