"""The departments' files, each in its sender's own layout. Money comes in fen; the same rows give the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from qingqu.base.clock import start_of_day
from qingqu.demo.places import Place, agent_code, builder_code, owner_office
from qingqu.demo.projects import WAN, Project
from qingqu.demo.words import BUILDERS, KINDS
from qingqu.demo.works import Payment, Report

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
PROJECT_HEADERS = (
    "序号", "项目编码", "建设项目名称", "项目类别", "建设单位", "建设单位信用代码", "区划代码", "批复时间", "估算投资", "批复概算",
    "计划开工日期", "计划完工日期", "实际开工日期", "实际完工日期", "验收日期", "入统日期", "延期原因", "科室内部号", "备注",
)  # fmt: skip
HIDDEN = PROJECT_HEADERS.index("科室内部号")
TENDER_HEADERS = (
    "招标项目编号", "招标方式", "最高限价", "公告日期", "开标日期", "中标通知书日期", "中标价", "项目编码", "招标人信用代码",
    "代理机构信用代码", "中标单位信用代码",
)  # fmt: skip
PAYMENT_HEADERS = (
    "支付日期", "支付凭证号", "付款单位", "收款人全称", "收款单位信用代码", "收款人账号", "实付金额", "资金性质", "合同号", "项目编码",
)  # fmt: skip
REPORT_HEADERS = ("项目编码", "月份", "上报日期", "计划形象进度", "实际形象进度", "累计付款（万元）")


def write_divisions(path: Path, rows: Iterable[Place]) -> None:
    """The official-style list: csv, UTF-8 with BOM, as the statistics bureau publishes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("统计用区划代码", "城乡分类代码", "名称"))
        writer.writerows((row.code, row.rural_class, row.name) for row in rows)


def write_projects(path: Path, rows: Sequence[Project], sent: date) -> None:
    """县发改局: xlsx; two merged title rows, a line with sender and unit (万元), a hidden column, dates now real and now
    written 2026.3.1, a total below."""
    with _workbook(path, sent) as book:
        sheet = book.add_worksheet("重点项目")
        bold = book.add_format({"bold": True, "align": "center"})
        last = len(PROJECT_HEADERS) - 1
        sheet.merge_range(0, 0, 0, last, f"明山县{sent.year}年重点建设项目清单", bold)
        sheet.merge_range(1, 0, 1, last, f"（{sent.year}年{sent.month}月报）", bold)
        sheet.write_string(2, 0, "填报单位：明山县发展和改革局")
        sheet.write_string(2, last, "单位：万元")
        sheet.write_row(3, 0, PROJECT_HEADERS, bold)
        day = book.add_format({"num_format": "yyyy/m/d"})
        for number, one in enumerate(rows, 1):
            sheet.write_row(3 + number, 0, _project_cells(number, one))
            for column, when in enumerate(_project_dates(one), PROJECT_HEADERS.index("计划开工日期")):
                _day(sheet, 3 + number, column, when, day if (number + column) % 3 else None)
        below = 4 + len(rows)
        sheet.write_row(below, 0, ("合计", "", f"{len(rows)}个"))
        sheet.write_number(
            below, PROJECT_HEADERS.index("估算投资"), sum(one.feasibility for one in rows) / WAN
        )
        sheet.write_number(below, PROJECT_HEADERS.index("批复概算"), sum(one.amount for one in rows) / WAN)
        sheet.set_column(2, 2, 36)
        sheet.set_column(HIDDEN, HIDDEN, 8, None, {"hidden": True})


def _project_cells(number: int, one: Project) -> list[object]:
    owner = owner_office(one.owner, one.town)
    return [
        number, one.project_id, one.name, KINDS[one.kind].word, owner.name, owner.credit_code, one.division,
        _dotted(one.approved), one.feasibility / WAN, one.amount / WAN, *[""] * 6, one.reason, f"投{number:04d}", one.remark,
    ]  # fmt: skip


def _project_dates(one: Project) -> tuple[date | None, ...]:
    return one.planned_start, one.planned_finish, one.started, one.finished, one.accepted, one.statistics


def _day(sheet: Worksheet, row: int, column: int, when: date | None, real: object) -> None:
    if when is None:
        return
    if real is None:
        sheet.write_string(row, column, _dotted(when))
    else:
        sheet.write_datetime(row, column, when, real)


def write_tenders(path: Path, rows: Iterable[Project], sent: date) -> int:
    """县公共资源交易中心: csv in GB18030, its own column order, 2026年3月1日, 1,234,500.00元; what had happened before
    the day on which it was sent. Returns the number of rows."""
    written = 0
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TENDER_HEADERS)
        for one in rows:
            found = one.tender
            if found is None or found.published >= sent:
                continue
            awarded = found.awarded if found.awarded and found.awarded < sent else None
            writer.writerow((
                found.tender_id, found.method, _grouped(found.control), _chinese(found.published), _chinese(found.deadline),
                _chinese(awarded), _grouped(found.award) if awarded else "", one.project_id,
                owner_office(one.owner, one.town).credit_code, agent_code(found.agent),
                builder_code(found.winner) if awarded else "",
            ))  # fmt: skip
            written += 1
    return written


def write_payments(path: Path, rows: Sequence[Payment], sent: date) -> None:
    """县财政局: xlsx, one sheet, 20260301, some cells typed in full-width digits; in the order of payment."""
    with _workbook(path, sent) as book:
        sheet = book.add_worksheet("支付明细")
        sheet.write_row(0, 0, PAYMENT_HEADERS)
        for row, pay in enumerate(
            sorted(rows, key=lambda pay: (pay.paid, pay.project_id, pay.kind, pay.wages)), 1
        ):
            day, amount = f"{pay.paid:%Y%m%d}", f"{pay.amount / 100:.2f}"
            sheet.write_row(row, 0, (
                day.translate(FULL_WIDTH) if row % 7 == 0 else day, f"ZF{pay.paid.year}{row:06d}", "明山县国库支付中心",
                BUILDERS[pay.payee], builder_code(pay.payee), _account(pay),
            ))  # fmt: skip
            if row % 11 == 0:
                sheet.write_string(row, 6, amount.translate(FULL_WIDTH))
            else:
                sheet.write_number(row, 6, pay.amount / 100)
            sheet.write_row(
                row, 7, ("工程进度款" if pay.wages else pay.kind, pay.contract_id, pay.project_id)
            )


def _account(pay: Payment) -> str:
    return f"9901{'02' if pay.wages else '01'}{pay.payee:04d}{(pay.payee + 1) * 7919 % 1_000_000:06d}"


def write_reports(path: Path, rows: Iterable[Report]) -> None:
    """业主: csv, UTF-8 with BOM, 2026年3月, 35%; one row a project and month."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REPORT_HEADERS)
        for one in sorted(rows, key=lambda one: (one.month, one.project_id)):
            writer.writerow((
                one.project_id, f"{one.month.year}年{one.month.month}月", _chinese(one.reported), f"{one.planned}%",
                f"{one.physical}％" if one.month.month % 4 == 0 else f"{one.physical}%", f"{one.paid / WAN:.2f}",
            ))  # fmt: skip


def _workbook(path: Path, sent: date) -> xlsxwriter.Workbook:
    """A workbook whose properties hold the day of sending instead of this moment."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": start_of_day(sent)})
    return book


def _dotted(when: date) -> str:
    return f"{when.year}.{when.month}.{when.day}"


def _chinese(when: date | None) -> str:
    return f"{when.year}年{when.month}月{when.day}日" if when else ""


def _grouped(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}元"
