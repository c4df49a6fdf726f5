"""A unit that is stated only below the table (注：金额单位为万元) counts as one above it; one that differs is refused."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from qingqu.base.errors import Refusal
from qingqu.exchange import units
from qingqu.exchange.contracts import Contract
from qingqu.exchange.layout import Plan, SheetPlan

_MONEY = re.compile(
    r"单位(?:均?[为是])?[:：]?(?:人民币)?(百万元|千元|万元|亿元|元)(?![/一-鿿])|(?:以|按)(百万元|千元|万元|亿元|元)(?:为单位|计)"
)
_AREA = re.compile(
    r"单位(?:均?[为是])?[:：]?(亩|平方米|㎡|m2|公顷)(?![/一-鿿])|(?:以|按)(亩|平方米|公顷)(?:为单位|计)"
)


class TwoUnits(Refusal):
    """A table that states one unit above and another below."""


def applied(plan: Plan, contract: Contract, below: Sequence[tuple[int, str]]) -> Plan:
    """The plan with the units that lines below its tables state; `below`: number of the sheet, text. Raises `TwoUnits`
    when they differ among each other or from the one above."""
    sheets, notes = list(plan.sheets), list(plan.notes)
    for number, one in enumerate(plan.sheets):
        texts = [
            re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) for sheet, text in below if sheet == number
        ]
        head = one.header
        money, area = _stated(one, _MONEY, head.unit, texts), _stated(one, _AREA, head.area, texts)
        if (money, area) == (head.unit, head.area):
            continue
        head = replace(head, unit=money, area=area)
        try:
            changed = {
                name: by
                for name, column in head.fields.items()
                if contract.by_name[name].type in {"money", "quantity"}
                and (by := units.factor(contract.by_name[name], column, head)) != one.factors.get(name, 1)
            }
        except units.Unconvertible:
            raise TwoUnits(
                _where(one) + "表格下面注明的单位，有一列不收；请换算后重新交。", code="unit"
            ) from None
        sheets[number] = replace(one, header=head, factors={**one.factors, **changed})
        notes += [f"表格下面注明了单位：{said}" for said in units.told(changed, head, contract)]
    return replace(plan, sheets=tuple(sheets), notes=tuple(notes))


def _stated(one: SheetPlan, pattern: "re.Pattern[str]", above: str, texts: Sequence[str]) -> str:
    found = {first or second for text in texts for first, second in pattern.findall(text)}
    found |= {above} if above else set()
    if len(found) > 1:
        raise TwoUnits(
            f"{_where(one)}写了不同的单位（{'、'.join(sorted(found))}），分不清用哪一个；请把单位写进各列的表头。",
            code="unit",
        )
    return found.pop() if found else ""


def _where(one: SheetPlan) -> str:
    return f"工作表“{one.sheet.name}”：" if one.sheet.name else ""
