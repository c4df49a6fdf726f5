"""What must hold for the platform to run, each in words with what to do."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection

from qingqu.base import packs
from qingqu.domain.calendar import Calendar
from qingqu.exchange import contracts
from qingqu.ledger import guards
from qingqu.watch.rules import published, unfit

FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Condition:
    """One condition: its name, whether it holds, and a sentence."""

    name: str
    ok: bool
    sentence: str


def conditions(today: date) -> list[Condition]:
    """Every start-up condition."""
    checks: tuple[Callable[[date], Condition], ...] = (
        _database, _locale, _fonts, _disk, _keys, _guards, _calendar, _contracts, _rules,
    )  # fmt: skip
    return [check(today) for check in checks]


def _database(_: date) -> Condition:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Condition("database", True, f"数据库可用（{connection.vendor}）")


def _locale(_: date) -> Condition:
    built = (Path(settings.LOCALE_PATHS[0]) / "zh_Hans/LC_MESSAGES/django.mo").exists()
    return Condition(
        "locale", built, "中文界面文字已就绪" if built else "缺少中文界面文字，请运行 make setup"
    )


def _fonts(_: date) -> Condition:
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh"], capture_output=True, text=True, timeout=20, check=False
        )
        found = bool(listed.stdout.strip())
    except OSError:
        found = False
    return Condition("fonts", found, "有中文字体" if found else "没有中文字体，请安装 fonts-noto-cjk")


def _disk(_: date) -> Condition:
    free = shutil.disk_usage(settings.QINGQU_HOME).free
    text = f"磁盘还有 {free // 1024**3} GB"
    return Condition("disk", free >= FREE_BYTES, text if free >= FREE_BYTES else f"{text}，请腾出至少 2 GB")


def _keys(_: date) -> Condition:
    folder = Path(settings.QINGQU_HOME) / "keys"
    private = folder.is_dir() and folder.stat().st_mode & 0o077 == 0
    return Condition(
        "keys", private, "密钥目录只有本用户可读" if private else f"{folder} 别人也能读，请执行 chmod 700"
    )


def _guards(_: date) -> Condition:
    gone = guards.missing(connection)
    held = "账本的防改触发器都在"
    return Condition(
        "guards",
        not gone,
        held if not gone else f"账本缺少触发器 {'、'.join(gone)}，请查是谁删的，再联系维护者",
    )


def _calendar(today: date) -> Condition:
    years = Calendar.from_mapping(packs.read("calendar/cn.yml")).years
    if today.year not in years:
        return Condition("calendar", False, f"没有 {today.year} 年的节假日安排，请补入 packs/calendar/cn.yml")
    if today.month >= 11 and today.year + 1 not in years:
        return Condition(
            "calendar", True, f"{today.year} 年已录入；{today.year + 1} 年的放假通知发布后请补入"
        )
    return Condition("calendar", True, f"{today.year} 年的节假日安排已录入")


def _contracts(_: date) -> Condition:
    names = contracts.names()
    for name in names:
        contracts.load(name)
    return Condition("datasets", bool(names), f"{len(names)} 个数据集约定可用")


def _rules(_: date) -> Condition:
    rules = published()
    why = unfit(rules)
    return Condition("rules", not why, why[0] if why else f"{len(rules)} 条规则通过检查")
