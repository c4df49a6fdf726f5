"""The files about works beyond the four of `layouts`: stages, bids, contracts, settlements, change orders."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from qingqu.base.clock import start_of_day
from qingqu.demo.days import Days
from qingqu.demo.dossiers import Dossier
from qingqu.demo.files import Sent
from qingqu.demo.places import builder_code, owner_office
from qingqu.demo.projects import WAN
from qingqu.demo.sheets import Sheet, chinese, dotted, hundredths, slashed, write_book, write_csv
from qingqu.demo.society import Company
from qingqu.demo.words import BUILDERS


def write(folder: Path, dossiers: list[Dossier], firms: dict[str, Company], known: Days) -> Iterator[Sent]:
    """Writes all of them; `firms`: credit code → firm, for who signs a bid."""
    yield _stages(folder, dossiers, known)
    yield _bids(folder, dossiers, firms, known)
    yield _contracts(folder, dossiers, known)
    yield _plans(folder, dossiers, known)
    yield _settlements(folder, dossiers, known)
    yield _changes(folder, dossiers, known)


def _sent(folder: Path, name: str, dataset: str, department: str, day: date, rows: int) -> Sent:
    return Sent(dataset, department, folder / name, start_of_day(day), rows)


def _stages(folder: Path, dossiers: list[Dossier], known: Days) -> Sent:
    """业主: xlsx, 2026.3.1, one line a project and step."""
    rows = [
        (one.project.project_id, one.project.name, step.name, dotted(step.planned), dotted(step.actual))
        for one in dossiers
        for step in one.stages
    ]
    sent = _sent(
        folder, "项目节点推进表.xlsx", "project_stages", "project_owner", known.progress_reports, len(rows)
    )
    headers = ("项目编码", "工程名称", "节点名称", "计划完成时间", "实际完成时间")
    write_book(sent.path, known.progress_reports, [Sheet("节点", ("重点项目节点推进情况表",), headers, rows)])
    return sent


def _bids(folder: Path, dossiers: list[Dossier], firms: dict[str, Company], known: Days) -> Sent:
    """县公共资源交易中心: csv, GB18030, 1,234,500.00, times as 2026/3/1 8:05."""
    rows = []
    for one in dossiers:
        for bid in one.bids:
            firm = firms[builder_code(bid.firm)]
            rows.append((
                bid.tender_id, one.project.name, BUILDERS[bid.firm], firm.code, f"{bid.amount // 100:,}.{bid.amount % 100:02d}",
                f"{slashed(bid.day)} 8:{bid.minute:02d}", bid.status, firm.rep_name, firm.rep, bid.phone or firm.phone,
                f"{bid.firm * 7919 % 999_983:06d}-{bid.tender_id[-4:]}",
            ))  # fmt: skip
    sent = _sent(
        folder,
        f"投标情况一览{known.tenders:%Y%m%d}.csv",
        "bids",
        "public_resource_trading",
        known.tenders,
        len(rows),
    )
    headers = (
        "标段编号", "标段名称", "投标单位", "投标单位统一社会信用代码", "投标总报价", "投标文件递交时间", "评标结果", "委托代理人",
        "委托代理人身份证号", "联系电话", "制作机器码",
    )  # fmt: skip
    write_csv(
        sent.path,
        "gb18030",
        headers,
        rows,
        above=(f"明山县公共资源交易中心投标情况一览表（{chinese(known.tenders)}导出）",),
    )
    return sent


def _contracts(folder: Path, dossiers: list[Dossier], known: Days) -> Sent:
    """业主: xlsx in 万元 with a total below; real dates."""
    held = [(one, one.contract) for one in dossiers if one.contract]
    rows = []
    for number, (one, signed) in enumerate(held, 1):
        owner = owner_office(signed.owner, signed.town)
        rows.append((
            number, signed.contract_id, "建设工程施工合同", one.project.name, signed.project_id, signed.tender_id, owner.name,
            owner.credit_code, BUILDERS[signed.firm], builder_code(signed.firm), signed.amount / WAN, signed.signed,
            signed.start, signed.end,
        ))  # fmt: skip
    headers = (
        "序号", "合同编号", "合同类型", "工程名称", "项目编码", "标段编号", "发包人", "发包人统一社会信用代码", "承包人",
        "承包人统一社会信用代码", "签约合同价", "签订日期", "合同起始日期", "合同终止日期",
    )  # fmt: skip
    total = ("合计", f"{len(rows)}份", *[""] * 8, sum(signed.amount for _, signed in held) / WAN)
    sent = _sent(folder, "施工合同台账.xlsx", "contracts", "project_owner", known.progress_reports, len(rows))
    above = ("重点项目施工合同台账", "单位：万元")
    write_book(sent.path, known.progress_reports, [Sheet("合同", above, headers, rows, (total,))])
    return sent


def _plans(folder: Path, dossiers: list[Dossier], known: Days) -> Sent:
    """业主: csv in 万元, 2026/3/1; what the contracts make due, one line an instalment."""
    rows = [
        (one.project.project_id, one.project.name, slashed(day), f"{amount / WAN:.6f}")
        for one in dossiers
        for day, amount in one.plan(known.as_of)
    ]
    sent = _sent(
        folder, "合同款项付款计划.csv", "payment_plans", "project_owner", known.progress_reports, len(rows)
    )
    write_csv(sent.path, "utf-8-sig", ("项目编码", "工程名称", "计划付款日期", "应付金额（万元）"), rows)
    return sent


def _settlements(folder: Path, dossiers: list[Dossier], known: Days) -> Sent:
    rows = [
        (one.project.project_id, one.project.name, item.name, item.unit, hundredths(item.billed),
         hundredths(item.measured) if item.measured is not None else "/", item.price / 100,
         round(item.billed * item.price / 10_000, 2), one.project.accepted)
        for one in dossiers
        for item in one.items
    ]  # fmt: skip
    headers = (
        "项目编码",
        "工程名称",
        "分项工程名称",
        "计量单位",
        "结算工程量",
        "现场实测工程量",
        "综合单价（元）",
        "结算合价（元）",
        "结算审定日期",
    )
    sent = _sent(
        folder, "工程结算清单.xlsx", "settlements", "project_owner", known.progress_reports, len(rows)
    )
    write_book(
        sent.path,
        known.progress_reports,
        [Sheet("结算", ("竣工结算工程量清单",), headers, rows)],
        day_format="yyyy/m/d",
    )
    return sent


def _changes(folder: Path, dossiers: list[Dossier], known: Days) -> Sent:
    rows = [
        (
            one.project.project_id,
            change.change_id,
            datetime.combine(change.day, datetime.min.time()),
            change.amount / 100,
        )
        for one in dossiers
        for change in one.changes
    ]
    sent = _sent(
        folder, "工程变更审批表.xlsx", "change_orders", "project_owner", known.progress_reports, len(rows)
    )
    headers = ("项目编码", "变更单编号", "变更批准日期", "变更增加金额")
    write_book(sent.path, known.progress_reports, [Sheet("变更", (), headers, rows)])
    return sent
