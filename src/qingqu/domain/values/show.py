"""Values as people read them. Nothing here can be turned back where it hides something."""

from datetime import date
from decimal import Decimal

STARS = "****"


def money(value: Decimal | str | int) -> str:
    """1234.5 as `1,234.50`; the unit is the page's business."""
    return f"{Decimal(value):,.2f}"


def number(value: Decimal | str | int) -> str:
    """A quantity with thousands commas, no trailing noughts: 1200.50 as `1,200.5`."""
    written = f"{Decimal(value):,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def full_date(day: date) -> str:
    """2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date) -> str:
    """3月1日, where the year stands nearby."""
    return f"{day.month}月{day.day}日"


def month(text: str) -> str:
    """The canonical month 2026-03 as 2026年3月."""
    year, _, number = text.partition("-")
    return f"{year}年{int(number)}月"


def days_between(start: date, end: date) -> int:
    """Calendar days from start to end, the start day not counted; negative when the end is earlier."""
    return (end - start).days


def masked_id(text: str) -> str:
    """An ID number with its first two and last two characters, for people who must tell rows apart.

    What is no full number shows nothing: of a short or mistyped one, four characters could be the most of it."""
    plain = text.strip()
    return f"{plain[:2]}{'*' * 14}{plain[-2:]}" if len(plain) == 18 else "*" * 18


def masked_account(text: str) -> str:
    """An account's last four digits, without its length; nothing of one shorter than twelve."""
    plain = "".join(text.split())
    return f"{STARS}{plain[-4:]}" if len(plain) >= 12 else STARS
