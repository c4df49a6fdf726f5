"""The four departments' files, each in its sender's own layout, out of one seeded story. Dates are relative to
`as_of`; the same seed and day give the same files."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from qingqu.demo.words import KINDS, OWNERS, TOWNS

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SEED = 990101


@dataclass
class Project:
    """One invented project. `light`: what P47 must say of it (red, yellow or None)."""

    project_id: str
    name: str
    owner: str
    kind: str
    town: int
    approved: date
    planned_start: date
    planned_finish: date
    amount: int
    started: date | None = None
    reason: str = ""
    light: str | None = None
    tendered: date | None = None
    payments: list[tuple[date, int]] = field(default_factory=list)
    reports: list[tuple[str, date, int, int]] = field(default_factory=list)


def months_before(day: date, months: int, at: int = 1) -> date:
    """The `at`-th of the month that lies `months` before the day's month."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, at)


def projects(as_of: date, count: int, seed: int = SEED) -> list[Project]:
    """The county's projects: the hospital first, then the stated irregularities and near misses, then noise."""
    rng = random.Random(seed)
    made = [_stated(as_of, *case, rng) for case in STATED]
    for number in range(len(made) + 1, count + 1):
        owner, _ = rng.choice(OWNERS)
        kind, works = KINDS[owner]
        start = months_before(as_of, rng.randint(-4, 30), rng.randint(1, 28))
        town = rng.randrange(len(TOWNS))
        one = _blank(
            number,
            f"{TOWNS[town][:2]}{rng.choice(works)}{rng.choice('一二三四')}期",
            owner,
            kind,
            town,
            start,
            rng,
        )
        if start < as_of:
            one.started = min(start + timedelta(days=rng.choice((0, 0, 0, 5, 12, 40))), as_of)
        _story(one, as_of, rng)
        made.append(one)
    return made


# name, owner, town, months before, day of month, started after days, reason, expected light
STATED: tuple[tuple[str, str, int, int, int, int | None, str, str | None], ...] = (
    ("县人民医院门诊楼", "县人民医院", 0, 3, 1, None, "", "red"),
    ("青石镇中心幼儿园", "县教育局", 1, 1, 3, None, "", "yellow"),
    ("赖溪水渠整治", "县水利局", 2, 1, 15, None, "", "yellow"),
    ("云台通组公路", "县交通运输局", 3, 5, 10, None, "", "red"),
    ("柳坪冷链库房", "县农业农村局", 4, 4, 1, None, "征地手续未完成，县发改局批准延期", None),
    ("沙河桥梁加固", "县交通运输局", 5, 4, 1, 45, "", None),
    ("白鹭小学运动场", "县教育局", 6, -1, 1, None, "", None),
)


def _stated(
    as_of: date,
    name: str,
    owner: str,
    town: int,
    months: int,
    at: int,
    after: int | None,
    reason: str,
    light: str | None,
    rng: random.Random,
) -> Project:
    code = next(code for code, full in OWNERS if full == owner)
    start = months_before(as_of, months, at)
    number = next(n for n, case in enumerate(STATED, 1) if case[0] == name)
    one = _blank(number, name, code, KINDS[code][0], town, start, rng)
    one.started = start + timedelta(days=after) if after is not None else None
    one.reason, one.light = reason, light
    _story(one, as_of, rng)
    return one


def _blank(
    number: int, name: str, owner: str, kind: str, town: int, start: date, rng: random.Random
) -> Project:
    approved = start - timedelta(days=rng.randint(45, 120))
    return Project(
        f"{approved.year}-990101-84-01-{number:06d}", name, owner, kind, town, approved, start,
        start + timedelta(days=rng.randint(120, 500)), rng.randint(30, 4000) * 10_000,
    )  # fmt: skip


def _story(one: Project, as_of: date, rng: random.Random) -> None:
    if one.started is None:
        return
    one.tendered = one.started - timedelta(days=40)
    days = max((one.planned_finish - one.planned_start).days, 1)
    for back in range(12, 0, -1):
        month = months_before(as_of, back)
        if month < one.started.replace(day=1):
            continue
        planned = max(0, min(100, round((month - one.planned_start).days * 100 / days)))
        physical = max(0, min(100, planned - rng.choice((0, 0, 2, 4, 6))))
        one.reports.append(
            (f"{month.year}年{month.month}月", months_before(as_of, back - 1, 3), planned, physical)
        )
        if physical and back % 3 == 0 and month > one.started:
            one.payments.append((month + timedelta(days=18), one.amount * min(physical, 80) // 100 // 6))


def write_projects(path: Path, made: Sequence[Project], title: str) -> None:
    """发改: two title rows, merged; 万元; real dates and written ones; a total below; a hidden column."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("项目清单")
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.merge_range(0, 0, 0, 11, title)
    sheet.merge_range(1, 0, 1, 11, "填报单位：明山县发展和改革局        单位：万元")
    headers = ("序号", "项目编码", "建设项目名称", "项目类别", "建设单位", "区划代码", "批复时间", "概算总投资",
               "计划开工日期", "计划完工日期", "实际开工日期", "延期原因", "备注")  # fmt: skip
    sheet.write_row(2, 0, headers)
    names = dict(OWNERS)
    for n, one in enumerate(made):
        row = 3 + n
        sheet.write_row(
            row, 0, (n + 1, one.project_id, one.name, one.kind, names[one.owner], f"990101{one.town + 1:03d}")
        )
        sheet.write_string(row, 6, f"{one.approved.year}.{one.approved.month}.{one.approved.day}")
        sheet.write_number(row, 7, one.amount / 10_000)
        for column, when in ((8, one.planned_start), (9, one.planned_finish), (10, one.started)):
            if when is not None:
                sheet.write_datetime(row, column, when, day)
        sheet.write_string(row, 11, one.reason)
    sheet.write_row(3 + len(made), 0, ("合计", "", f"{len(made)} 个"))
    sheet.set_column(12, 12, 8, None, {"hidden": True})
    book.close()


def write_tenders(path: Path, made: Sequence[Project]) -> None:
    """交易中心: csv in GB18030, other order, 2026年3月1日, 1,234.00元."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("招标项目编号", "招标方式", "最高限价", "公告日期", "中标通知书日期", "中标价", "项目编号")
        )
        for one in made:
            if one.tendered:
                award = one.tendered + timedelta(days=28)
                writer.writerow((
                    f"ZB{one.project_id[:4]}{one.project_id[-6:]}", "公开招标", f"{one.amount:,}.00元",
                    f"{one.tendered.year}年{one.tendered.month}月{one.tendered.day}日",
                    f"{award.year}年{award.month}月{award.day}日", f"{one.amount * 95 // 100:,}.00元", one.project_id,
                ))  # fmt: skip


def write_payments(path: Path, made: Sequence[Project]) -> None:
    """财政: xlsx, 20260301, some digits full-width."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("支付明细")
    sheet.write_row(0, 0, ("支付日期", "支付凭证号", "付款单位", "实付金额", "款项性质", "项目编号"))
    row = 1
    for one in made:
        for when, amount in one.payments:
            text = f"{when:%Y%m%d}"
            sheet.write_string(row, 0, text.translate(FULL_WIDTH) if row % 7 == 0 else text)
            sheet.write_row(row, 1, (f"ZF{row:07d}", "明山县财政局"))
            sheet.write_number(row, 3, amount)
            sheet.write_row(row, 4, ("进度款", one.project_id))
            row += 1
    book.close()


def write_reports(path: Path, made: Sequence[Project]) -> None:
    """业主: csv UTF-8 with BOM, months and percents as words."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("项目编号", "月份", "上报日期", "序时进度", "实际形象进度"))
        for one in made:
            for month, sent, planned, physical in one.reports:
                writer.writerow((one.project_id, month, sent.isoformat(), f"{planned}%", f"{physical}％"))
