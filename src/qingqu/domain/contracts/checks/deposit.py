"""D01 to D03: earnest money, bonds, penalties."""

from collections.abc import Iterator
from decimal import Decimal

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.rules import Rule


def yearly(case: Case) -> Decimal | None:
    """The first year's rent as agreed."""
    rates = [row.rate for row in case.e.rent.rows if row.rate is not None]
    return rates[0] if rates else case.e.rent.annual


@check("D01")
def earnest_money(case: Case, rule: Rule) -> Iterator[Hit]:
    """定金 above a fifth of the price."""
    e, limit = case.e, rule.number("max_percent")
    whole = e.price.total if e.kind in {"works", "sale"} else e.rent.total or e.rent.annual
    if e.deposit is None or limit is None or not e.deposit_kind or "定金" not in e.deposit_kind or not whole:
        return
    share = e.deposit * 100 / whole
    if share > limit:
        yield Hit(
            f"定金{e.deposit:.2f}元，是价款的{share:.1f}%，超过{limit}%的部分不具定金效力。",
            case.span("deposit"),
            shown(share),
            shown(limit),
        )


@check("D02")
def no_bond(case: Case, rule: Rule) -> Iterator[Hit]:
    """A high rent without any bond."""
    rent, limit = yearly(case), rule.number("min_annual")
    if rent is not None and limit is not None and rent > limit and "deposit" not in case.e.facts:
        yield Hit(
            f"年租金{rent:.2f}元，没有约定保证金。",
            case.span("rent.annual", "rent.unit_amount")[:1],
            f"{rent:.2f}",
            shown(limit),
        )


@check("D03")
def hard_penalty(case: Case, rule: Rule) -> Iterator[Hit]:
    """A penalty out of proportion, by the day or as a share."""
    daily, fixed = case.e.numbers.get("penalty_daily"), case.e.numbers.get("penalty_fixed")
    per_day, share = rule.number("max_daily_percent"), rule.number("max_percent")
    if daily is not None and per_day is not None and daily > per_day:
        yield Hit(
            f"“{case.words('penalty_daily')}”：每天{shown(daily)}%，明显过高。",
            case.span("penalty_daily"),
            shown(daily),
            shown(per_day),
        )
    elif fixed is not None and share is not None and fixed > share:
        yield Hit(
            f"“{case.words('penalty_fixed')}”：违约金{shown(fixed)}%，超过可能损失的三成。",
            case.span("penalty_fixed"),
            shown(fixed),
            shown(share),
        )
    elif "village_only_penalty" in case.e.facts and "taker_penalty" not in case.e.facts:
        yield Hit(
            f"“{case.words('village_only_penalty')}”：违约责任只约束村里。", case.span("village_only_penalty")
        )
