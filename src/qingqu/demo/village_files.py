"""The files about the collectives and the car pool, each in its sender's own layout."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from qingqu.base.clock import start_of_day
from qingqu.demo import people as folk
from qingqu.demo.days import Days
from qingqu.demo.files import Sent
from qingqu.demo.places import builder_code, village_name
from qingqu.demo.sheets import (
    Sheet,
    chinese,
    dotted,
    hundredths,
    packed,
    slashed,
    write_book,
    write_csv,
    yuan,
)
from qingqu.demo.villages import TANK, VILLAGES, Lease, Small, Villages
from qingqu.demo.words import BUILDERS, TOWNS

TOWN = VILLAGES // len(TOWNS)


def write(folder: Path, made: Villages, known: Days) -> Iterator[Sent]:
    """Writes all of them."""
    yield _leases(folder, made, known.payments)
    yield _small(folder, made, known.payments)
    yield _assets(folder, made, known.payments)
    yield _dues(folder, made, known.payments)
    yield _receipts(folder, made, known.payments)
    yield _lines(folder, made, known.payments)
    yield _fills(folder, made, known.payments)


def _sent(folder: Path, name: str, dataset: str, department: str, day: date, rows: int) -> Sent:
    return Sent(dataset, department, folder / name, start_of_day(day), rows)


def _collective(village: int) -> str:
    town, place = divmod(village, TOWN)
    return f"{TOWNS[town][1]}{village_name(town, place)}股份经济合作社"


def _of_town(rows: list[Lease], town: int) -> list[Lease]:
    return [one for one in rows if one.village // TOWN == town]


def _leases(folder: Path, made: Villages, day: date) -> Sent:
    """县农业农村局: xlsx, one sheet a town, 2026.3.1 and real dates mixed by column."""
    sent = _sent(
        folder,
        "农村集体资产资源租赁承包合同台账.xlsx",
        "contracts",
        "agriculture_rural",
        day,
        len(made.leases),
    )
    codes = folk.village_codes()
    headers = (
        "序号", "合同编号", "合同类别", "出租方", "承租方", "承租方证件号码", "村代码", "标的物类型", "租赁面积(平方米)",
        "租金标准", "合同总金额", "签订时间", "租赁起始日期", "租赁截止日期", "是否进入产权交易平台", "备注",
    )  # fmt: skip
    sheets = []
    for town, (_, name) in enumerate(TOWNS):
        rows = [
            (number, one.contract_id, "家庭承包经营" if one.kind == "家庭承包" else "租赁合同", _collective(one.village), one.lessee[1],
             one.lessee[0], codes[one.village], one.object_class, one.area / 100, one.rent / max(one.area, 1),
             one.rent * max(one.end.year - one.start.year, 1) / 100, one.start, dotted(one.start), dotted(one.end),
             "是" if number % 3 else "否", "")
            for number, one in enumerate(_of_town(made.leases, town), 1)
        ]  # fmt: skip
        sheets.append(
            Sheet(
                name,
                (f"{name}农村集体资产资源合同台账", "单位：元"),
                headers,
                [_rounded(row) for row in rows],
            )
        )
    write_book(sent.path, day, sheets)
    return sent


def _rounded(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(round(cell, 2) if isinstance(cell, float) else cell for cell in row)


def _small(folder: Path, made: Villages, day: date) -> Sent:
    """县农业农村局: csv of the villages' small works."""
    sent = _sent(folder, "村级小型工程合同.csv", "contracts", "agriculture_rural", day, len(made.small))
    codes = folk.village_codes()

    def row(one: Small) -> tuple[str, ...]:
        return (
            one.contract_id, "小型工程施工合同", _collective(one.village), codes[one.village], BUILDERS[one.firm],
            builder_code(one.firm), yuan(one.amount), slashed(one.signed),
        )  # fmt: skip

    headers = (
        "合同编号",
        "合同类型",
        "发包方",
        "所在村代码",
        "施工单位",
        "施工单位统一社会信用代码",
        "合同价款（元）",
        "签约日期",
    )
    write_csv(sent.path, "gb18030", headers, map(row, made.small))
    return sent


def _assets(folder: Path, made: Villages, day: date) -> Sent:
    sent = _sent(folder, "集体资产资源清查表.xlsx", "assets", "agriculture_rural", day, len(made.assets))
    codes = folk.village_codes()
    headers = (
        "序号",
        "资产资源编号",
        "资产资源类别",
        "所属村代码",
        "面积（平方米）",
        "关联合同编号",
        "使用现状",
    )
    sheets = []
    for town, (_, name) in enumerate(TOWNS):
        own = [one for one in made.assets if one.village // TOWN == town]
        rows = [
            (number, one.asset_id, one.kind, codes[one.village], one.area / 100, one.contract_id, one.status)
            for number, one in enumerate(own, 1)
        ]  # fmt: skip
        total = ("合计", "", "", "", sum(one.area for one in own) / 100)
        sheets.append(Sheet(name, ("农村集体资产资源清查登记表",), headers, rows, (total,)))
    write_book(sent.path, day, sheets)
    return sent


def _dues(folder: Path, made: Villages, day: date) -> Sent:
    sent = _sent(folder, "合同应收租金明细.csv", "rents_due", "agriculture_rural", day, len(made.dues))
    rows = ((one.contract_id, chinese(one.day), yuan(one.amount)) for one in made.dues)
    write_csv(sent.path, "utf-8-sig", ("合同编号", "约定收款日期", "本期应收金额"), rows)
    return sent


def _receipts(folder: Path, made: Villages, day: date) -> Sent:
    """农商行: csv, GB18030, packed days, a title and a total."""
    told = sorted(made.receipts, key=lambda one: (one.day, one.contract_id))
    sent = _sent(folder, "集体账户入账流水（农商行）.csv", "receipts", "rural_bank", day, len(told))
    rows = ((f"NS{packed(one.day)}{number:06d}", packed(one.day), yuan(one.amount), one.contract_id)
            for number, one in enumerate(told, 1))  # fmt: skip
    write_csv(
        sent.path, "gb18030", ("银行流水号", "交易日期", "贷方发生额", "合同号"), rows,
        above=("明山县农村商业银行村级集体账户入账流水",), below=(("合计", "", yuan(sum(one.amount for one in told)), ""),),
    )  # fmt: skip
    return sent


def _lines(folder: Path, made: Villages, day: date) -> Sent:
    """县农业农村局: csv from the towns' bookkeeping platform."""
    sent = _sent(
        folder, "村级三资平台收支明细.csv", "village_entries", "agriculture_rural", day, len(made.lines)
    )
    codes = folk.village_codes()
    rows = (
        (f"{codes[one.village][6:]}-{packed(one.day)}-{number:05d}", codes[one.village], one.day.isoformat(),
         "收" if one.income else "支", yuan(one.amount), one.payee[1], one.payee[0], one.subject, f"FP{number:08d}")
        for number, one in enumerate(made.lines, 1)
    )  # fmt: skip
    headers = (
        "凭证号",
        "账套代码",
        "凭证日期",
        "收支类型",
        "发生金额",
        "对方名称",
        "对方证件号",
        "摘要",
        "发票号码",
    )
    write_csv(sent.path, "utf-8", headers, rows)
    return sent


def _fills(folder: Path, made: Villages, day: date) -> Sent:
    sent = _sent(
        folder, "公务用车加油明细.xlsx", "fuel_fills", "government_affairs_service", day, len(made.fills)
    )
    rows = [
        (number, f"JY{number:06d}", one.plate, f"{slashed(one.at.date())} {one.at:%H:%M}", float(hundredths(one.litres)), TANK)
        for number, one in enumerate(sorted(made.fills), 1)
    ]  # fmt: skip
    headers = ("序号", "加油流水号", "车牌号", "加油时间", "加油量（升）", "油箱容积（升）")
    write_book(sent.path, day, [Sheet("加油卡", ("公务用车加油卡消费明细",), headers, rows)])
    return sent
