"""W01 to W05: works."""

from collections.abc import Iterator
from decimal import Decimal

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.rules import Rule


@check("W01")
def not_tendered(case: Case, rule: Rule) -> Iterator[Hit]:
    """At or above the threshold without a tender; the local threshold where it is lower."""
    total = case.e.price.total
    limits = [Decimal(str(row["min_total"])) for row in case.local(rule)]
    national = rule.number("min_total")
    if total is None or national is None:
        return
    limit = min([national, *limits])
    if total < limit:
        return
    if "not_tendered" in case.e.facts and "tendered" not in case.e.facts:
        yield Hit(
            f"合同价{total:.2f}元，达到招标标准，没有招标。",
            case.span("price.total", "not_tendered"),
            f"{total:.2f}",
            shown(limit),
        )
    elif "tendered" not in case.e.facts:
        yield Hit(
            f"合同价{total:.2f}元，达到招标标准，合同没有写招标。",
            case.span("price.total"),
            f"{total:.2f}",
            shown(limit),
        )


@check("W02")
def departs_from_bid(case: Case, rule: Rule) -> Iterator[Hit]:
    """Another price than the bid's, or words that put the bid aside."""
    accepted, total = case.known.tender_price, case.e.price.total
    if accepted is not None and total is not None and accepted != total:
        yield Hit(
            f"合同价{total:.2f}元，中标价{accepted:.2f}元。",
            case.span("price.total"),
            f"{total:.2f}",
            f"{accepted:.2f}",
        )
    elif "bid_departs" in case.e.facts:
        yield Hit(f"“{case.words('bid_departs')}”：合同抛开了中标文件。", case.span("bid_departs"))


@check("W03")
def who_builds(case: Case, rule: Rule) -> Iterator[Hit]:
    """No qualification, or all of it passed on."""
    for fact in ("subcontract_whole", "unqualified"):
        if fact in case.e.facts:
            yield Hit(f"“{case.words(fact)}”。", case.span(fact))
            return
    taker = case.e.taker
    if taker is not None and taker.kind == "person" and case.e.price.total is not None:
        yield Hit(
            f"施工方“{taker.name}”是个人，请核对是否须有资质。",
            case.span("contractor.name"),
            level="warn",
            unsure=True,
        )


@check("W04")
def quantities(case: Case, rule: Rule) -> Iterator[Hit]:
    """Quantities times prices against the total; settlement by measurement; acceptance."""
    price = case.e.price
    lines = [
        item.price * item.quantity
        for item in price.items
        if item.price is not None and item.quantity is not None
    ]
    for item in price.items:
        if (
            item.price is not None
            and item.quantity is not None
            and item.sum is not None
            and abs(item.price * item.quantity - item.sum) > 1
        ):
            yield Hit(
                f"{item.name}：{shown(item.quantity)}×{shown(item.price)}不等于{shown(item.sum)}。",
                (item.span,) if item.span else (),
                shown(item.price * item.quantity),
                shown(item.sum),
            )
            return
    share = rule.number("tolerance_percent") or Decimal("0.5")
    if price.total is not None and price.items and len(lines) == len(price.items):
        whole = sum(lines, Decimal(0))
        if abs(whole - price.total) > max(Decimal(1), price.total * share / 100):
            yield Hit(
                f"各项合计{whole:.2f}元，合同价{price.total:.2f}元。",
                case.span("price.total"),
                f"{whole:.2f}",
                f"{price.total:.2f}",
            )
            return
    lacking = [
        name
        for fact, name in (("measure", "按实测工程量结算"), ("acceptance", "验收"))
        if fact not in case.e.facts
    ]
    if lacking:
        yield Hit(f"没有写{'、'.join(lacking)}。", case.span("title"))


@check("W05")
def retention(case: Case, rule: Rule) -> Iterator[Hit]:
    """No retention, or too much."""
    kept, limit = case.e.price.retention, rule.number("max_percent")
    if any(c.path == "price.retention_percent" for c in case.e.conflicts) or limit is None:
        return
    if kept is None:
        yield Hit("没有约定质保金。", case.span("title"), None, shown(limit))
    elif kept > limit:
        yield Hit(
            f"质保金{shown(kept)}%，超过{shown(limit)}%。",
            case.span("price.retention_percent"),
            shown(kept),
            shown(limit),
        )
