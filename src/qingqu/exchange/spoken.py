"""Required columns that a file leaves out because the table says the value once for all its rows: the month in the
chosen period, a title or a name; the place in a title or the sheet's name. Anything less than one plain statement fills
nothing; two that differ are refused."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from qingqu.base.errors import Refusal
from qingqu.exchange import layout_notes, stated
from qingqu.exchange.contracts import Contract
from qingqu.reading.header import Header, plain
from qingqu.reading.spreadsheet import Sheet

PlaceNames = Mapping[str, tuple[str, ...]]  # a place's name → codes of the places of that name
# A column that nobody has recognised may hold the very thing: then a person has to look.
_MAY_HOLD = {
    "month": re.compile(r"月份|年月|所属期|账期|期[间次号]|缴费期|^月$"),
    "division_code": re.compile(r"[村镇乡组]|社区|街道|区划|所在地|地址|属地"),
}
_HAN = re.compile(r"[一-鿿]")
_BOUND = frozenset("省市县区乡镇道年月度份的")
LONG_ENOUGH = 3  # characters of a name that may stand amid other words; 新村 may be anything


class Spoken(Refusal):
    """A table that states two values where one is needed."""


def filled(
    sheet: Sheet, head: Header, contract: Contract, *, period: str, called: str, places: PlaceNames
) -> tuple[Header, dict[str, str]]:
    """The header without the missing fields that the table states, and their values; unchanged when one of its missing
    fields stays unknown. Raises `Spoken` when it states two months."""
    told: dict[str, str] = {}
    for name in head.missing:
        kind = contract.by_name[name].type
        if _may_stand_there(head, kind):
            return head, {}
        value = ""
        if kind == "month":
            value = _month(sheet, head, contract.by_name[name].zh, period, called)
        elif kind == "division_code":
            value = place(sheet, head, places)
        if not value:
            return head, {}
        told[name] = value
    return (replace(head, missing=()), told) if told else (head, {})


def _may_stand_there(head: Header, kind: str) -> bool:
    wanted = _MAY_HOLD.get(kind)
    return wanted is None or any(wanted.search(one.header) for one in head.columns if not one.field)


def _month(sheet: Sheet, head: Header, zh: str, period: str, called: str) -> str:
    found = sorted(stated.months(head, sheet, period, called))
    if len(found) > 1:
        raise Spoken(
            f"{layout_notes.place(sheet, head)}里没有“{zh}”一列，标题、工作表名、文件名和所选月份写的又不一致"
            f"（{'、'.join(found[:4])}）；请补上这一列，或只留一个月份。",
            code="month_unclear",
        )
    return found[0] if found else ""


def place(sheet: Sheet, head: Header, places: PlaceNames) -> str:
    """The code of the one town or village that the sheet's name and titles name; empty without one or with several."""
    found: set[str] = set()
    for text in stated.texts(head, sheet):
        for codes in _named(plain(text), places):
            if len(codes) != 1:
                return ""
            found.update(codes)
    finest = {
        one for one in found if not any(other != one and other.startswith(_stem(one)) for other in found)
    }
    return finest.pop() if len(finest) == 1 else ""


def _stem(code: str) -> str:
    """The digits that all places within a place share."""
    return code[:9] if code[9:] == "000" else code


def _named(text: str, places: PlaceNames) -> Iterator[tuple[str, ...]]:
    """The places named in a text, the longest names first found; a name within a longer word is none."""
    longest, at = max(map(len, places), default=0), 0
    free = True  # whether a name may begin here
    while at < len(text):
        size = next((n for n in range(min(longest, len(text) - at), 1, -1) if text[at : at + n] in places), 0)
        alone = at == 0 and size == len(text)
        if size and free and (size >= LONG_ENOUGH or alone):
            yield places[text[at : at + size]]
            at, free = at + size, True
        else:
            free = not _HAN.match(text[at]) or text[at] in _BOUND
            at += 1


def notes(sheet: str, told: Mapping[str, str], contract: Contract) -> list[str]:
    """One sentence a field that the table has stated for all its rows."""
    where = f"工作表“{sheet}”：" if sheet else ""
    said = {
        "month": "标题、名称或所选月份写明的 {} 读取",
        "division_code": "标题或工作表名里的地名读取（代码 {}）",
    }
    return [
        f"{where}文件里没有“{one.zh}”一列，每一行都按{said[one.type].format(value)}；不对请补上这一列。"
        for one, value in ((contract.by_name[name], value) for name, value in told.items())
    ]
