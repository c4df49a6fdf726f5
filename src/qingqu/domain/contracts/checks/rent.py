"""R01 to R14: the rent by year, its unit, its reckoning."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.checks.term import longest
from qingqu.domain.contracts.references import Reference, fitting, to_unit, unit_parts
from qingqu.domain.contracts.rules import Rule
from qingqu.domain.contracts.text import Span

NAMES = {"mu": "亩", "m2": "平方米", "room": "间"}
_PERIODS = {"year": "年", "half": "半年", "quarter": "季", "month": "月", "day": "天"}


@check("R01")
def falling(case: Case, rule: Rule) -> Iterator[Hit]:
    """Any year lower than one before."""
    rent = case.e.rent
    highest: Decimal | None = None
    for row in rent.rows:
        if row.rate is None:
            continue
        if highest is not None and row.rate < highest - Decimal("0.01"):
            yield Hit(
                f"从{row.start.isoformat()}起每年租金{row.rate:.2f}元，低于前面年份的{highest:.2f}元。",
                tuple(rent.spans), f"{row.rate:.2f}", f"{highest:.2f}",
            )  # fmt: skip
            return
        highest = row.rate if highest is None else max(highest, row.rate)
    down = next((s for s in rent.steps if (s.percent or s.amount or Decimal(0)) < 0), None)
    if down is not None:
        yield Hit(f"约定租金下调：“{case.text.words(down.span)}”。", (down.span,))
        return
    staged = [s.rate for s in rent.stages if s.rate.value is not None]
    for one, two in pairwise(staged):
        if (
            (one.basis, one.period) == (two.basis, two.period)
            and one.value is not None
            and two.value is not None
            and two.value < one.value
        ):
            yield Hit(
                f"后面的租金{two.value}元低于前面的{one.value}元。",
                (one.span, two.span),
                shown(two.value),
                shown(one.value),
            )
            return


def _rises(case: Case) -> bool:
    rent = case.e.rent
    rates = [row.rate for row in rent.rows if row.rate is not None]
    rising = any(later > earlier for earlier, later in pairwise(rates))
    stages = [s.rate.value for s in rent.stages if s.rate.value is not None]
    rising = rising or any(b > a for a, b in pairwise(stages))
    up = any(s.range or (s.percent or s.amount or Decimal(0)) > 0 for s in rent.steps)
    return rising or up or rent.reset is not None or rent.formula is not None or steps_vague(case) is not None


def steps_vague(case: Case) -> Span | None:
    """Words that leave the rent to the market or to a later agreement."""
    return case.e.facts.get("rent_vague")


@check("R02")
def never_rising(case: Case, rule: Rule) -> Iterator[Hit]:
    """Many years without a rise or a reset."""
    months, warn, lock = longest(case), rule.number("warn_months"), rule.number("lock_months")
    rent = case.e.rent
    if months is None or warn is None or lock is None or months < warn or _rises(case):
        return
    if rent.rate is None and rent.annual is None and not rent.stages and rent.total is None:
        return
    spans = (rent.fixed,) if rent.fixed else tuple(rent.spans[:1])
    mild = case.e.nature == "other_contracting" and case.e.object_class in (
        rule.parameters.get("mild_classes") or ()
    )
    long = months > lock
    level = "lock" if long and not mild else "warn"
    yield Hit(
        f"租期{int(months) // 12}年，租金没有递增，也没有约定重新定价。", spans, shown(months),
        shown(lock if long else warn), level, unsure=mild and long,
    )  # fmt: skip


def unit_rent(case: Case) -> tuple[Decimal, tuple[str, str]] | None:
    """The lowest unit rent of the term and its unit (basis, period); None where the text does not give one."""
    e, rent = case.e, case.e.rent
    rates = [row.rate for row in rent.rows if row.rate is not None]
    area = next(((value, unit) for value, unit in e.extents), None)
    if (
        rent.rate
        and rent.rate.value is not None
        and rent.rate.basis in {"mu", "m2", "room"}
        and rent.rate.period in _PERIODS
    ):
        value = rent.rate.value
        staged = [
            s.rate.value
            for s in rent.stages
            if s.rate.value is not None
            and (s.rate.basis, s.rate.period) == (rent.rate.basis, rent.rate.period)
        ]
        return min([value, *staged]), (rent.rate.basis, rent.rate.period)
    yearly = min(rates) if rates else rent.annual
    if yearly is not None and area is not None and area[0] > 0:
        return yearly / area[0], (area[1], "year")
    return None


def _said(value: Decimal, unit: tuple[str, str]) -> str:
    return f"{shown(value.quantize(Decimal('0.01')))}元/{NAMES.get(unit[0], unit[0])}/{_PERIODS[unit[1]]}"


def _floors(case: Case, rule: Rule) -> list[tuple[Decimal, tuple[str, str], str]]:
    found = []
    for row in case.local(rule):
        unit = unit_parts(str(row["unit"]))
        if unit:
            found.append((Decimal(str(row["floor"])), unit, str(row["source"])))
    for reference in _fitting(case):
        unit = unit_parts(reference.unit)
        if reference.floor and unit:
            found.append((reference.low, unit, reference.source))
    return found


def _fitting(case: Case) -> list[Reference]:
    return fitting(case.references or (), case.where, case.e.object_class, case.day)


@check("R03")
def under_the_floor(case: Case, rule: Rule) -> Iterator[Hit]:
    """A unit rent under the floor of its class and place."""
    rent = unit_rent(case)
    if rent is None:
        return
    value, unit = rent
    for floor, of, source in _floors(case, rule):
        limit = to_unit(floor, of, unit)
        if limit is None:
            continue
        if value < limit - Decimal("0.005"):
            yield Hit(
                f"租金{_said(value, unit)}，低于最低价{_said(limit, unit)}（{source}）。",
                case.span("rent.unit_amount", "rent.annual")[:1],
                shown(value),
                shown(limit),
            )
            return


@check("R04")
def outside_the_band(case: Case, rule: Rule) -> Iterator[Hit]:
    """A unit rent outside the band of like contracts; without references nobody can say."""
    rent, least = unit_rent(case), rule.number("min_count")
    if case.e.kind == "supplement":
        return
    if rent is None:
        yield Hit(
            "算不出单位租金，无法与同类合同比较。",
            case.span("rent.annual", "title")[:1],
            level="info",
            unsure=True,
        )
        return
    value, unit = rent
    spans = case.span("rent.unit_amount", "rent.annual")[:1]
    rows = _fitting(case)
    bands = [row for row in rows if not row.floor]
    judged = False
    for row in bands:
        of = unit_parts(row.unit)
        low = to_unit(row.low, of, unit) if of else None
        high = to_unit(row.high, of, unit) if of and row.high is not None else None
        if low is None:
            continue
        enough = row.count is not None and least is not None and row.count >= least
        judged = judged or enough
        if value < low - Decimal("0.005"):
            yield Hit(
                f"租金{_said(value, unit)}，低于同类合同的{_said(low, unit)}（{row.count or 0}份，{row.source}）。",
                spans,
                shown(value),
                shown(low),
                "lock" if enough else "warn",
                unsure=not enough,
            )
            return
        if high is not None and value > high + Decimal("0.005"):
            yield Hit(
                f"租金{_said(value, unit)}，高于同类合同的{_said(high, unit)}（{row.count or 0}份，{row.source}）。",
                spans,
                shown(value),
                shown(high),
            )
            return
    floors = any(row.floor for row in rows)
    if not judged and not floors:
        why = (
            "没有提供参考租金"
            if case.references is None
            else "参考租金里没有同一地方、同一类别、够八份的资料"
        )
        yield Hit(f"{why}，无法判断租金高低，请人工核定。", spans, shown(value), level="info", unsure=True)


@check("R05")
def under_the_last(case: Case, rule: Rule) -> Iterator[Hit]:
    """Lower than the previous contract of the same object."""
    rent, before = unit_rent(case), case.known.previous_unit
    if rent is not None and before is not None and rent[0] < before:
        yield Hit(
            f"租金{_said(*rent)}，低于上一份合同的{_said(before, rent[1])}。",
            case.span("rent.unit_amount"),
            shown(rent[0]),
            shown(before),
        )


@check("R06")
def sums_disagree(case: Case, rule: Rule) -> Iterator[Hit]:
    """Unit × area, yearly sums and total."""
    for sentence, span in case.e.rent.mismatches:
        yield Hit(f"{sentence}。", (span,))
    for conflict in case.e.conflicts:
        if conflict.path in {
            "rent.unit_amount",
            "rent.annual",
            "rent.total",
            "rent.stages",
            "price.total",
            "deposit",
            "price.retention_percent",
        }:
            yield Hit(f"{conflict.shown}，前后不一。", conflict.spans)


@check("R07")
def figures_and_words(case: Case, rule: Rule) -> Iterator[Hit]:
    """Figures against words."""
    for money in case.e.sums:
        if money.consistent is False:
            yield Hit(
                f"“{case.text.words(money.span)}”小写和大写不是同一个数。", (money.span,),
                shown(money.figures_value), shown(money.words_value),
            )  # fmt: skip


@check("R08")
def may_not_rise(case: Case, rule: Rule) -> Iterator[Hit]:
    """A clause that forbids raising the rent."""
    fixed = case.e.rent.fixed
    if fixed is not None and not any(s.first > 0 for s in case.e.rent.stages) and not case.e.rent.steps:
        yield Hit(f"“{case.text.words(fixed)[:40]}”：租金被固定，不得提高。", (fixed,))


@check("R09")
def vague_adjustment(case: Case, rule: Rule) -> Iterator[Hit]:
    """A range, or "the market", without base and date."""
    rent = case.e.rent
    for step in rent.steps:
        if step.range:
            yield Hit(
                f"“{case.text.words(step.span)[:40]}”只写了幅度范围，不知道每次调多少。",
                (step.span,),
                unsure=True,
            )
            return
        if step.unclear:
            yield Hit(
                f"“{case.text.words(step.span)[:40]}”看不清是只加一次还是每年都加。",
                (step.span,),
                unsure=True,
            )
            return
        if step.once and step.start is None:
            yield Hit(
                f"“{case.text.words(step.span)[:40]}”没有写从哪一年起、多久一次。", (step.span,), unsure=True
            )
            return
    vague = steps_vague(case)
    if vague is not None and not rent.steps:
        yield Hit(f"“{case.text.words(vague)[:40]}”没有写明基数和日期。", (vague,), unsure=True)
    elif rent.formula == "index":
        yield Hit("租金随价格变动，逐年金额无法确定。", case.span("rent_formula"), unsure=True)


@check("R10")
def in_kind(case: Case, rule: Rule) -> Iterator[Hit]:
    """Rent in kind without grade, price source, date."""
    if case.e.rent.formula != "in_kind":
        return
    span = case.e.facts["rent_formula"]
    sentence = case.text.sentence_at(span.start)
    words = case.text.s[sentence.start : min(len(case.text.s), sentence.end + 80)]
    lacking = [
        name
        for name, pattern in (
            ("等级", r"等|级|标准|国标|水分|品种"),
            ("价格来源", r"市场价|收购价|挂牌价|保护价|指导价|粮站|粮库|公布|国家"),
            ("计价日期", r"[0-9一二三四五六七八九十]+月|当日|当年|年底|收购时"),
        )
        if not re.search(pattern, words)
    ]
    if lacking:
        yield Hit(f"实物租金没有写明{'、'.join(lacking)}。", (span,), unsure=True)
    else:
        yield Hit("租金按实物折价，逐年金额要看当年价格。", (span,), level="info", unsure=True)


@check("R11")
def many_years_at_once(case: Case, rule: Rule) -> Iterator[Hit]:
    """Many years' rent in one payment."""
    ahead, warn, lock = case.e.rent.advance_months, rule.number("warn_months"), rule.number("lock_months")
    if ahead is None or warn is None or ahead <= warn:
        return
    level = "lock" if lock is not None and ahead > lock else "warn"
    spans = (case.e.rent.pay_span,) if case.e.rent.pay_span else ()
    yield Hit(f"一次收取{ahead // 12}年的租金。", spans, shown(ahead), shown(warn), level)


@check("R12")
def in_arrears(case: Case, rule: Rule) -> Iterator[Hit]:
    """Paid afterwards, or no day to pay."""
    rent = case.e.rent
    spans = (rent.pay_span,) if rent.pay_span else ()
    if rent.arrears:
        yield Hit("约定先用后付。", spans)
    elif not rent.due_known:
        yield Hit("没有写明哪一天付租金。", spans)


@check("R13")
def free_for_long(case: Case, rule: Rule) -> Iterator[Hit]:
    """A long time without rent."""
    free, months = case.e.rent.free_months, longest(case)
    limit, share = rule.number("max_months"), rule.number("max_percent")
    if not free or limit is None or case.e.rent.free_span is None:
        return
    if free > limit or (months and share is not None and Decimal(free) * 100 / months > share):
        yield Hit(f"免租{free}个月。", (case.e.rent.free_span,), shown(free), shown(limit))


@check("R14")
def under_the_result(case: Case, rule: Rule) -> Iterator[Hit]:
    """Less than the price at which the tender or the exchange accepted."""
    accepted, rates = case.known.tender_price, [row.rate for row in case.e.rent.rows if row.rate is not None]
    yearly = rates[0] if rates else case.e.rent.annual
    if accepted is not None and yearly is not None and yearly < accepted - Decimal("0.01"):
        yield Hit(
            f"合同年租金{yearly:.2f}元，低于成交价{accepted:.2f}元。",
            case.span("rent.annual", "rent.unit_amount")[:1],
            f"{yearly:.2f}",
            f"{accepted:.2f}",
        )


__all__ = ["steps_vague", "unit_rent"]
