"""Rent, normalised to one row a contract year: the only form on which a fall, a missing rise and a floor can be tested.

What the words leave open has no amount: a price in rice, the market's price, a period that nothing names, days in a
leap year. Where unit rent, area, yearly rent and total disagree, the row amounts are unknown and the risk R06 says so."""

import re
from decimal import Decimal
from itertools import pairwise

from qingqu.domain.contracts import rates, schedule, steps, tables
from qingqu.domain.contracts.elements import DERIVED, Elements, Rate, Stage
from qingqu.domain.contracts.payment import read_free, read_payment
from qingqu.domain.contracts.rates import Sum
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Text
from qingqu.domain.contracts.tokens import Day, Money

_PER_YEAR = re.compile(r"每年|年租金|/年|按年|一年一|每一年|年度|逐年|年承包费|当年")


def read_rent(text: Text, parts: Parts, sums: list[Money], days: list[Day], found: Elements) -> None:
    """Fills `found.rent`."""
    rent, term = found.rent, found.term
    listed = rates.classify(text, parts, sums, days, term.start)
    steps.read_steps(text, parts, rent)
    read_free(text, parts, days, found)
    read_payment(text, parts, found, term.months)
    vague = steps.vague(text, parts)
    if vague is not None:
        found.facts["rent_vague"] = vague
    formula = rates.kind_formula(text, parts)
    if formula:
        rent.formula = formula[0]
        found.facts["rent_formula"] = formula[1]
    area = _area(found)
    _base(text, parts, listed, area, found)
    _stages(text, listed, tables.rent_tables(text, days, term.start), found)
    _check(area, listed, found)
    if term.start and term.end and term.months:
        rent.rows = schedule.rows(found, area)
        _totals(found)


def _area(found: Elements) -> dict[str, Decimal]:
    if "several_parcels" in found.facts:
        sums = {
            unit: sum((v for v, u in found.extents if u == unit), Decimal(0)) for _, unit in found.extents
        }
        return sums if len(sums) == 1 else {}
    area = {unit: value for value, unit in found.extents}
    if found.area_m2 is not None and len(area) == 1:
        area.setdefault("m2", found.area_m2)
        area.setdefault("mu", found.area_m2 * 3 / 2000)
    return area


def _same(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return False
    return abs(one - other) <= max(Decimal(1), abs(other) / 200)


def _base(text: Text, parts: Parts, listed: list[Sum], area: dict[str, Decimal], found: Elements) -> None:
    """The rate that holds for the whole term, the yearly sum, the sum for the whole term."""
    rent = found.rent
    plain = [s for s in listed if s.stage is None and not s.total]
    unit = [s for s in plain if s.rate.basis in {"mu", "m2", "room"}]
    lump = [s for s in plain if s.rate.basis == "lump" and s.rate.period]
    loose = [s for s in plain if s.rate.basis is None]
    totals = [s for s in listed if s.total and s.stage is None]
    for conflicting in (s for s in plain + totals if s.money.value is None):
        rent.spans.append(conflicting.money.span)
    chosen = _one(text, unit, "rent.unit_amount", "单位租金", found)
    annual = _one(text, [s for s in lump if s.rate.period == "year"], "rent.annual", "年租金", found)
    other = _one(text, [s for s in lump if s.rate.period != "year"], "rent.unit_amount", "租金", found)
    total = _one(text, totals, "rent.total", "租金总额", found)
    if total is not None:
        rent.total, rent.total_stated = total.money.value, True
        found.note("rent.total", total.money.span)
    if chosen is not None:
        _settle_period(text, parts, chosen, annual, total, area, found)
    annual, total_found = _settle_loose(text, parts, loose, chosen, annual, area, found)
    if total_found is not None and not rent.total_stated:
        rent.total, rent.total_stated = total_found.money.value, True
        found.note("rent.total", total_found.money.span)
    if annual is not None:
        rent.annual = annual.money.value
        found.note("rent.annual", annual.money.span)
        rent.spans.append(annual.money.span)
    main = chosen or other or annual
    if main is not None:
        rent.rate = main.rate
        rent.spans.append(main.money.span)
        if main.rate.value is not None:
            found.note("rent.unit_amount", main.money.span, main.rate.confidence)


def _one(text: Text, sums: list[Sum], path: str, name: str, found: Elements) -> Sum | None:
    """The one value that several sums agree on; else none, and a conflict."""
    unread = next((s for s in sums if s.money.value is None), None)
    if unread is not None:
        return unread
    distinct = {(s.money.value, s.rate.basis, s.rate.period or "year") for s in sums}
    if len(distinct) > 1:
        known = {s.rate.period for s in sums}
        if len({d[1:] for d in distinct}) > 1 and len({d[1:] for d in distinct}) == len(distinct):
            return sums[0]  # one rent in two units (by month and by day): held against each other later
        if _by_class(text, sums):
            found.doubt(path, f"{name}按地类分别约定，请人工核对每一类。", *[s.money.span for s in sums])
            return None
        if "year" in known or known:
            shown = "、".join(dict.fromkeys(text.words(s.money.span) for s in sums))
            found.clash(path, f"{name}前后写成{shown}", *[s.money.span for s in sums])
            return None
    return sums[0] if sums else None


_CLASS = re.compile("耕地|水田|旱地|旱田|林地|水面|鱼塘|山林|荒山|园地|菜地|房屋|场地|仓库|厂房|门面|办公")


def _by_class(text: Text, sums: list[Sum]) -> bool:
    """Whether each sum is for another kind of land or building."""
    names = [(_CLASS.findall(item.lead) or [""])[-1] for item in sums]
    return all(names) and len(set(names)) == len({item.money.value for item in sums})


def _settle_period(
    text: Text,
    parts: Parts,
    chosen: Sum,
    annual: Sum | None,
    total: Sum | None,
    area: dict[str, Decimal],
    found: Elements,
) -> None:
    """A unit rent that names no period: by the other sums, by the clause's words, else unknown."""
    rate = chosen.rate
    if rate.period is not None or rate.value is None or rate.basis is None:
        return
    product = rate.value * area[rate.basis] if rate.basis in area else None
    months = found.term.months
    clause = parts.clause_at(chosen.money.span.start)
    words = (
        text.s[clause.span.start : clause.span.end]
        if clause
        else text.s[chosen.money.span.start - 60 : chosen.money.span.end + 60]
    )
    if (annual is not None and _same(product, annual.money.value)) or (
        total is not None
        and product is not None
        and months
        and _same(product * months / 12, total.money.value)
    ):
        rate.period = "year"
    elif total is not None and _same(product, total.money.value):
        rate.period = "term"
    elif _PER_YEAR.search(words) and rate.basis != "m2":
        rate.period, rate.confidence = "year", 0.85
    else:
        found.doubt(
            "rent.unit_amount", "单位租金没有写明是每年、每月还是整个租期，请写明。", chosen.money.span
        )


def _settle_loose(
    text: Text,
    parts: Parts,
    loose: list[Sum],
    chosen: Sum | None,
    annual: Sum | None,
    area: dict[str, Decimal],
    found: Elements,
) -> tuple[Sum | None, Sum | None]:
    """Sums that name neither unit nor period: what they must be by reckoning or by the clause."""
    months, total = found.term.months, None
    by_unit = rates.scaled(chosen.rate, area) if chosen else None
    for item in loose:
        value = item.money.value
        yearly = annual.money.value if annual else by_unit
        years = Decimal(months) / 12 if months else None
        if value is not None and yearly is not None and _same(value, yearly):
            annual = annual or item
            item.rate.basis, item.rate.period = "lump", "year"
        elif value is not None and yearly is not None and years and (_same(value, yearly * years)):
            total = item
        elif chosen is None and annual is None and _rents_alone(item):
            clause = parts.clause_at(item.money.span.start)
            words = text.s[clause.span.start : clause.span.end] if clause else ""
            if found.rent.one_off:
                total = item
            elif re.search(r"每年[^。；]{0,30}(?:租金|承包费|流转费|支付|缴纳|交纳)|年租金|按年", words):
                item.rate.basis, item.rate.period, item.rate.confidence = "lump", "year", 0.85
                annual = item
            else:
                found.doubt("rent.annual", "租金没有写明是每年还是整个租期，请写明。", item.money.span)
        elif (
            chosen is not None
            and annual is None
            and value is not None
            and by_unit is not None
            and re.search(r"(?:共计|合计|总计|计|共)(?:人民币|为|：|租金)*$", item.lead)
        ):
            annual = item  # "800元/亩，共计…元" that does not multiply out: held against the unit rent
            item.rate.basis, item.rate.period = "lump", "year"
    return annual, total


def _rents_alone(item: Sum) -> bool:
    return (
        re.search(
            r"(?:租金|承包费|承包金|流转费|租赁费|承包款|使用费|转让费|价款)[^，。；]{0,16}$", item.lead
        )
        is not None
    )


def _stages(text: Text, listed: list[Sum], found_tables: list[tables.Table], found: Elements) -> None:
    """Stages from sentences, then from tables that say more; the first stage's rate where no other is named."""
    rent = found.rent
    last_end: int | None = 0
    previous: Rate | None = None
    for item in listed:
        if item.stage is None or item.total:
            continue
        if item.rate.basis is None or item.rate.period is None:
            _inherit(text, item, previous or rent.rate)
        bounds = _bounds(item, last_end, found.term.months)
        if bounds is None:
            continue
        same = next((s for s in rent.stages if (s.first, s.last) == bounds), None)
        if same is not None:
            _again(text, same, item.rate, found)
            continue
        rent.stages.append(Stage(*bounds, item.rate))
        rent.spans.append(item.rate.span)
        last_end, previous = bounds[1], item.rate
    _from_tables(found_tables, found)
    rent.stages.sort(key=lambda stage: stage.first)
    for one, two in pairwise(rent.stages):
        if one.last is None:
            one.last = two.first
    first = rent.stages[0].rate if rent.stages and rent.stages[0].first == 0 else None
    if first is not None and first.basis != "lump" and rent.rate is not None and rent.rate.basis == "lump":
        rent.rate = None  # the unit rent of the first years says more than a sum beside it
    if rent.stages and rent.rate is None and rent.stages[0].rate.value is not None:
        rent.rate = rent.stages[0].rate
        found.places.pop("rent.unit_amount", None)
        found.note("rent.unit_amount", rent.rate.span)


def _bounds(item: Sum, last_end: int | None, months: int | None) -> tuple[int, int | None] | None:
    first, last = item.stage or (0, None)
    if item.rest:
        first = last_end if last_end is not None else 0
    if first < 0 and months:
        first, last = months + first, months
    return None if first < 0 else (first, last)


def _again(text: Text, same: Stage, rate: Rate, found: Elements) -> None:
    """A second sum for the same years: the yearly sum beside the unit rent, or a contradiction."""
    if same.rate.basis == rate.basis and same.rate.value != rate.value:
        shown = f"同一时段的租金写成{text.words(same.rate.span)}和{text.words(rate.span)}"
        found.clash("rent.stages", shown, same.rate.span, rate.span)
    elif same.rate.basis == "lump" and rate.basis != "lump":
        same.annual, same.rate = same.rate.value, rate
    elif rate.basis == "lump" and same.rate.basis != "lump":
        same.annual = rate.value


def _from_tables(found_tables: list[tables.Table], found: Elements) -> None:
    rent = found.rent
    for table in found_tables:
        chosen = table.annual or table.unit
        if len(chosen) > len(rent.stages):
            rent.stages = list(chosen)
            rent.spans.append(table.span)
        if table.unit and rent.rate is None:
            rent.rate = table.unit[0].rate
            found.note("rent.unit_amount", rent.rate.span)


def _inherit(text: Text, item: Sum, known: Rate | None) -> None:
    """A staged sum without its unit takes the sentence's or the stage before's."""
    rate = item.rate
    sentence = text.sentence_at(item.money.span.start)
    words = text.s[max(0, sentence.start - 40) : item.money.span.start]
    if known is not None and rate.basis in {None, known.basis}:
        rate.basis, rate.period = rate.basis or known.basis, rate.period or known.period
    if rate.basis is None:
        rate.basis = (
            "mu"
            if re.search(r"每亩|元/亩", words)
            else "m2"
            if re.search(r"每平方米|每平米|元/(?:㎡|平方米)", words)
            else "lump"
            if re.search("年租金|每年|租金|承包费", words)
            else None
        )
    if rate.period is None:
        rate.period = (
            "month"
            if re.search("每月|月租金", words)
            else "year"
            if re.search(r"每年|年租金|/年|年承包费|年", words)
            else None
        )


def _check(area: dict[str, Decimal], listed: list[Sum], found: Elements) -> None:
    """Unit × area against the yearly sum, month against year; the stages too."""
    rent = found.rent
    for stage in rent.stages:
        product = rates.scaled(stage.rate, area)
        if (
            stage.annual is not None
            and product is not None
            and abs(product - stage.annual) > max(area.get("mu") or Decimal(1), stage.annual / 200)
        ):
            rent.mismatches.append(
                (
                    f"单价乘面积是每年{schedule.cents(product)}元，合同写的年租金是{schedule.cents(stage.annual)}元",
                    stage.rate.span,
                )
            )
    if rent.rate is None or rent.annual is None or rent.rate.period == "term":
        return
    yearly = rates.scaled(rent.rate, area)
    if yearly is None:
        return
    tolerance = max(Decimal(1) * (area.get("mu") or Decimal(1)), rent.annual / 200)
    if abs(yearly - rent.annual) > tolerance:
        rent.mismatches.append(
            (
                f"单价乘面积是每年{schedule.cents(yearly)}元，合同写的年租金是{schedule.cents(rent.annual)}元",
                rent.rate.span,
            )
        )


def _totals(found: Elements) -> None:
    rent = found.rent
    if not rent.rows or any(row.amount is None for row in rent.rows):
        return
    computed = sum((row.amount for row in rent.rows if row.amount is not None), Decimal(0))
    if rent.total_stated and rent.total is not None:
        if abs(computed - rent.total) > max(Decimal(len(rent.rows)), rent.total / 200):
            rent.mismatches.append(
                (
                    f"逐年租金合计{schedule.cents(computed)}元，合同写的总额是{schedule.cents(rent.total)}元",
                    found.places["rent.total"].span,
                )
            )
            rent.total = None
    elif not rent.total_stated:
        rent.total = computed
        if rent.spans:
            found.note("rent.total", rent.spans[0], DERIVED)
