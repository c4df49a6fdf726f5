"""Rent tables: rows of years with a sum each, cells parted by tabs."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingqu.domain.contracts.elements import Rate, Stage
from qingqu.domain.contracts.rates import RENT, months_from, stage_of
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.contracts.tokens import Day
from qingqu.domain.values.numerals import NUM, number

_ROW = re.compile(r"[^\n]*\t[^\n]*")
_UNIT = (
    ("mu", re.compile(r"元/亩|每亩|亩单价|/亩|亩租金")),
    ("m2", re.compile(r"元/(?:㎡|平方米|平米|m2|m²)|每平方米|/㎡")),
    ("room", re.compile(r"元/间|每间")),
)
_MONTHLY = re.compile(r"/月|月租|每月|·月")
_MONEY_HEAD = re.compile(r"租金|金额|承包费|单价|流转费|标准|元")
_YEARS = re.compile(r"([12][0-9]{3})年?度?(?:-|—|－|–|~|～|至|到)+([12][0-9]{3})年?度?")
_PLAIN = re.compile(rf"(?:¥|人民币)?({NUM})(?:元)?(?:整)?(?:/[^\n\t]*)?")


@dataclass(frozen=True, slots=True)
class Table:
    """Stages of one table: the rates by unit and, where it has such a column, the sums by year."""

    unit: tuple[Stage, ...]
    annual: tuple[Stage, ...]
    span: Span


def blocks(text: Text) -> list[list[re.Match[str]]]:
    """The tables of a text: runs of lines with cells, one match a line."""
    found: list[list[re.Match[str]]] = []
    for match in _ROW.finditer(text.s):
        if found and match.start() - found[-1][-1].end() <= 1:
            found[-1].append(match)
        else:
            found.append([match])
    return found


def rent_tables(text: Text, days: list[Day], start: date | None) -> list[Table]:
    """The tables that stage a rent."""
    found = []
    for block in blocks(text):
        head = block[0][0].split("\t")
        joined = block[0][0] + text.s[max(0, block[0].start() - 60) : block[0].start()]
        if len(block) < 2 or not (RENT.search(joined) or "元" in block[0][0]):
            continue
        unit: list[Stage] = []
        annual: list[Stage] = []
        for row in block:
            cells, offset = row[0].split("\t"), row.start()
            stage, where = _years(text, cells, offset, days, start)
            if stage is None:
                continue
            at = offset
            for n, cell in enumerate(cells):
                title = head[n] if n < len(head) and head is not cells else ""
                rate = _rate(cell, title, Span(at, at + len(cell)), block[0][0]) if n != where else None
                at += len(cell) + 1
                if rate is not None:
                    (annual if rate.basis == "lump" else unit).append(Stage(stage[0], stage[1], rate))
        if len(unit) >= 2 or len(annual) >= 2:
            found.append(Table(tuple(unit), tuple(annual), Span(block[0].start(), block[-1].end())))
    return found


def _years(
    text: Text, cells: list[str], offset: int, days: list[Day], start: date | None
) -> tuple[tuple[int, int | None] | None, int]:
    at = offset
    for n, cell in enumerate(cells[:4]):
        inside = [d for d in days if at <= d.span.start < at + len(cell) and d.value]
        if start and len(inside) == 2 and inside[0].value and inside[1].value:
            first = months_from(start, inside[0].value)
            last = months_from(start, date.fromordinal(inside[1].value.toordinal() + 1))
            if first is not None and last is not None and last > first:
                return (first, last), n
        spanned = _YEARS.fullmatch(re.sub(r"\s", "", cell))
        if spanned:
            (first_year, _), (last_year, _) = (stage_of(f"{year}年", start) for year in spanned.groups())
            if first_year is not None and last_year is not None:
                return (first_year[0], last_year[1]), n
        stage, _ = (
            stage_of(cell if "年" in cell else cell + "年", start)
            if re.search(r"年|^[0-9]{4}$|^[0-9]{1,2}-[0-9]{1,2}$", cell)
            else (None, False)
        )
        bare = re.fullmatch(r"(?:第)?([0-9]{1,2})(?:年)?(?:(?:-|至|~|—)(?:第)?([0-9]{1,2}))?年?", cell)
        if stage is None and bare and re.search("年", cells[0] + cell) and number(bare[1]):
            stage = ((int(bare[1]) - 1) * 12, int(bare[2] or bare[1]) * 12)
        if stage is not None:
            return stage, n
        at += len(cell) + 1
    return None, -1


def _rate(cell: str, title: str, span: Span, head: str) -> Rate | None:
    match = _PLAIN.fullmatch(cell)
    if match is None or not (_MONEY_HEAD.search(title) or "元" in cell):
        return None
    if re.search("面积|亩数|累计|序号|押金", title) and "元" not in title:
        return None
    value = number(match[1])
    if value is None:
        return None
    if re.search("万元", title) and "元" not in cell:
        value *= Decimal(10000)
    words = title + cell
    basis = next((name for name, pattern in _UNIT if pattern.search(words)), "lump")
    period = "month" if _MONTHLY.search(words) else "year"
    if basis == "lump" and re.search("单价|标准", title) and any(p.search(head) for _, p in _UNIT):
        basis = next(name for name, pattern in _UNIT if pattern.search(head))
    if re.search("合计|小计|总额|总计", title) and not re.search("年", title):
        return None
    return Rate(value, basis, period, span)
