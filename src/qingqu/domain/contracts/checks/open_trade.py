"""O01, O02: open trading."""

from collections.abc import Iterator
from decimal import Decimal

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.rules import Rule


def _over(case: Case, row: dict[str, object], total: Decimal | None) -> tuple[str, Decimal, Decimal] | None:
    limit, area = row.get("total"), row.get("area_mu")
    if limit is not None and total is not None and total >= Decimal(str(limit)):
        return "合同总额", total, Decimal(str(limit))
    extent = case.e.area_m2 * 3 / 2000 if case.e.area_m2 is not None else None
    if area is not None and extent is not None and extent >= Decimal(str(area)):
        return "面积（亩）", extent, Decimal(str(area))
    return None


@check("O01")
def not_traded(case: Case, rule: Rule) -> Iterator[Hit]:
    """At or above the local threshold, and not traded openly."""
    if case.known.traded or ("traded" in case.e.facts and "not_traded" not in case.e.facts):
        return
    if "not_traded" in case.e.facts:
        yield Hit(
            f"合同写明“{case.words('not_traded')}”，请核对是否达到公开交易的标准。",
            case.span("not_traded"),
            level="warn",
            unsure=not case.local(rule),
        )
    for row in case.local(rule):
        over = _over(case, row, case.e.rent.total)
        if over is not None:
            yield Hit(
                f"{over[0]}{shown(over[1])}，达到{row['source']}的标准，没有公开交易。",
                case.span("rent.total", "object.area_m2"),
                shown(over[1]),
                shown(over[2]),
            )
            return


@check("O02")
def split(case: Case, rule: Rule) -> Iterator[Hit]:
    """Several contracts that together reach the threshold."""
    together = case.known.siblings_total
    own = case.e.rent.total if case.e.rent.total is not None else case.e.price.total
    if together is not None and (own is None or together > own):
        yield Hit(
            f"十二个月内同一对象、同一对方的几份合同合计{together:.2f}元，请合并核对。",
            case.span("rent.total", "price.total"),
            f"{together:.2f}",
            unsure=True,
        )
