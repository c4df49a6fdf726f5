"""Rent, normalised to one row a contract year: the only form on which a fall, a missing rise and a floor can be tested.

What the words leave open has no amount: a price in rice, the market's price, a period that nothing names, days in a
leap year. Where unit rent, area, yearly rent and total disagree, the row amounts are unknown and the risk R06 says so."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from qingqu.domain.contracts import rates, steps, tables
from qingqu.domain.contracts.elements import DERIVED, Elements, Rate, Rent, Row, Stage, Step
from qingqu.domain.contracts.payment import read_free, read_payment
from qingqu.domain.contracts.rates import Sum
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.term import month_end
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.contracts.tokens import Day, Money

CENT = Decimal("0.01")
_PER_YEAR = re.compile(r"每年|年租金|/年|按年|一年一|每一年|年度|逐年|年承包费|当年")


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, half up, as money is counted."""
    return value.quantize(CENT, ROUND_HALF_UP)


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
        rent.rows = _rows(found, area)
        _totals(found)


def _area(found: Elements) -> dict[str, Decimal]:
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
        if "year" in known or known:
            shown = "、".join(dict.fromkeys(text.words(s.money.span) for s in sums))
            found.clash(path, f"{name}前后写成{shown}", *[s.money.span for s in sums])
            return None
    return sums[0] if sums else None


def _settle_period(text: Text, parts: Parts, chosen: Sum, annual: Sum | None, total: Sum | None, area: dict[str, Decimal], found: Elements) -> None:
    """A unit rent that names no period: by the other sums, by the clause's words, else unknown."""
    rate = chosen.rate
    if rate.period is not None or rate.value is None or rate.basis is None:
        return
    product = rate.value * area[rate.basis] if rate.basis in area else None
    months = found.term.months
    clause = parts.clause_at(chosen.money.span.start)
    words = text.s[clause.span.start : clause.span.end] if clause else text.s[chosen.money.span.start - 60 : chosen.money.span.end + 60]
    if annual is not None and _same(product, annual.money.value):
        rate.period = "year"
    elif total is not None and product is not None and months and _same(product * months / 12, total.money.value):
        rate.period = "year"
    elif total is not None and _same(product, total.money.value):
        rate.period = "term"
    elif _PER_YEAR.search(words) and rate.basis != "m2":
        rate.period, rate.confidence = "year", 0.85
    else:
        found.doubt("rent.unit_amount", "单位租金没有写明是每年、每月还是整个租期，请写明。", chosen.money.span)


def _settle_loose(text: Text, parts: Parts, loose: list[Sum], chosen: Sum | None, annual: Sum | None, area: dict[str, Decimal], found: Elements) -> tuple[Sum | None, Sum | None]:
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
        elif chosen is not None and annual is None and value is not None and by_unit is not None and re.search(r"(?:共计|合计|总计|计|共)(?:人民币|为|：|租金)*$", item.lead):
            annual = item  # "800元/亩，共计…元" that does not multiply out: held against the unit rent
            item.rate.basis, item.rate.period = "lump", "year"
    return annual, total


def _rents_alone(item: Sum) -> bool:
    return re.search(r"(?:租金|承包费|承包金|流转费|租赁费|承包款|使用费|转让费|价款)[^，。；]{0,16}$", item.lead) is not None


def _stages(text: Text, listed: list[Sum], found_tables: list[tables.Table], found: Elements) -> None:
    rent = found.rent
    main = rent.rate
    last_end: int | None = 0
    previous: Rate | None = None
    for item in (s for s in listed if s.stage is not None and not s.total):
        assert item.stage is not None
        rate = item.rate
        if rate.basis is None or (rate.basis != "lump" and rate.period is None) or (rate.basis == "lump" and rate.period is None):
            _inherit(text, item, previous or main)
        first, last = item.stage
        if item.rest:
            first = last_end if last_end is not None else 0
        months = found.term.months
        if first < 0 and months:
            first, last = months + first, months
        if first < 0:
            continue
        same = next((s for s in rent.stages if (s.first, s.last) == (first, last)), None)
        if same is not None:
            if same.rate.basis == rate.basis and same.rate.value != rate.value:
                found.clash("rent.stages", f"同一时段的租金写成{text.words(same.rate.span)}和{text.words(rate.span)}", same.rate.span, rate.span)
            elif same.rate.basis == "lump" and rate.basis != "lump":
                same.rate = rate
            continue
        rent.stages.append(Stage(first, last, rate))
        rent.spans.append(rate.span)
        last_end, previous = last, rate
    for table in found_tables:
        chosen = table.annual or table.unit
        if len(chosen) > len(rent.stages):
            rent.stages = list(chosen)
            rent.spans.append(table.span)
        if table.unit and rent.rate is None:
            rent.rate = table.unit[0].rate
            found.note("rent.unit_amount", rent.rate.span)
    rent.stages.sort(key=lambda stage: stage.first)
    for one, two in zip(rent.stages, rent.stages[1:], strict=False):
        if one.last is None or one.last > two.first:
            one.last = two.first if one.last is None else one.last
    if rent.stages and rent.rate is None and rent.stages[0].rate.value is not None:
        rent.rate = rent.stages[0].rate
        found.note("rent.unit_amount", rent.rate.span)


def _inherit(text: Text, item: Sum, known: Rate | None) -> None:
    """A staged sum without its unit takes the sentence's or the stage before's."""
    rate = item.rate
    sentence = text.sentence_at(item.money.span.start)
    words = text.s[max(0, sentence.start - 40) : item.money.span.start]
    if known is not None and rate.basis in {None, known.basis}:
        rate.basis, rate.period = rate.basis or known.basis, rate.period or known.period
    if rate.basis is None:
        rate.basis = "mu" if re.search(r"每亩|元/亩", words) else "m2" if re.search(r"每平方米|每平米|元/(?:㎡|平方米)", words) else "lump" if re.search("年租金|每年|租金|承包费", words) else None
    if rate.period is None:
        rate.period = "month" if re.search("每月|月租金", words) else "year" if re.search(r"每年|年租金|/年|年承包费|年", words) else None


def _check(area: dict[str, Decimal], listed: list[Sum], found: Elements) -> None:
    """Unit × area against the yearly sum, month against year."""
    rent = found.rent
    if rent.rate is None or rent.annual is None or rent.rate.period == "term":
        return
    yearly = rates.scaled(rent.rate, area)
    if yearly is None:
        return
    tolerance = max(Decimal(1) * (area.get("mu") or Decimal(1)), rent.annual / 200)
    if abs(yearly - rent.annual) > tolerance:
        rent.mismatches.append((f"单价乘面积是每年{cents(yearly)}元，合同写的年租金是{cents(rent.annual)}元", rent.rate.span))


def _annual_of(rate: Rate, rent: Rent, area: dict[str, Decimal], months: int) -> Decimal | None:
    if rate.value is None:
        return None
    if rate.period == "term":
        whole = rate.value * (area.get(rate.basis, Decimal(0)) if rate.basis in {"mu", "m2", "room"} else Decimal(1))
        return whole * 12 / months if whole else None
    return rates.scaled(rate, area)


def _rows(found: Elements, area: dict[str, Decimal]) -> list[Row]:
    rent, term = found.rent, found.term
    assert term.start is not None
    assert term.end is not None
    months = term.months or 0
    levels = _levels(found, area, months)
    rows = []
    for first in range(0, months, 12):
        last = min(first + 12, months)
        before = month_end(term.start, first) if first else None
        begin = before + timedelta(days=1) if before else term.start
        finish = term.end if last == months else month_end(term.start, last)
        if finish is None:
            break
        amount, rate = _row(levels, first, last, rent, begin, finish, area)
        if last == months and term.extra_days > 1:
            amount = None
        rows.append(Row(begin, finish, cents(amount) if amount is not None else None, rate))
    return rows


def _row(levels: list[Decimal | None], first: int, last: int, rent: Rent, begin: date, finish: date, area: dict[str, Decimal]) -> tuple[Decimal | None, Decimal | None]:
    rate = levels[first]
    if rent.rate is not None and rent.rate.period == "day" and rent.annual is None and not rent.stages and rent.rate.value is not None:
        quantity = Decimal(1) if rent.rate.basis == "lump" else area.get(rent.rate.basis or "")
        days = (finish - begin).days + 1
        if quantity is None or days == 366 or rent.free_months or rent.steps or last - first < 12:
            return None, None
        return rent.rate.value * quantity * days, None
    total = Decimal(0)
    for month in range(first, last):
        level = levels[month]
        free = rent.free_at <= month < rent.free_at + rent.free_months
        if level is None:
            return (None, None) if not free else (None, rate)
        total += Decimal(0) if free else level
    charged = [levels[m] for m in range(first, last)]
    if len(set(charged)) == 1 and rate is not None:
        paid = sum(1 for m in range(first, last) if not rent.free_at <= m < rent.free_at + rent.free_months)
        return rate * paid / 12, rate
    return total / 12, rate


def _levels(found: Elements, area: dict[str, Decimal], months: int) -> list[Decimal | None]:
    """The yearly rent in force in each month of the term."""
    rent = found.rent
    blocked = bool(rent.mismatches) or rent.formula is not None or any(c.path in {"rent.unit_amount", "rent.annual", "rent.stages"} for c in found.conflicts)
    if blocked:
        return [None] * months
    base = rent.annual if rent.annual is not None else _annual_of(rent.rate, rent, area, months) if rent.rate else None
    if base is None and rent.rate is None and rent.total is not None and not rent.stages and not rent.steps:
        base = rent.total * 12 / months
    levels: list[Decimal | None] = [base] * months
    if rent.stages:
        staged: list[Decimal | None] = [None] * months
        for stage in rent.stages:
            value = _annual_of(stage.rate, rent, area, months)
            for month in range(stage.first, min(stage.last if stage.last is not None else months, months)):
                staged[month] = value
        covered = [any(s.first <= m and (s.last is None or m < s.last) for s in rent.stages) for m in range(months)]
        plain = base if rent.rate is not None and rent.rate not in [s.rate for s in rent.stages] else None
        levels = [staged[m] if covered[m] else plain for m in range(months)]
    return _stepped(levels, found, area, months)


def _stepped(levels: list[Decimal | None], found: Elements, area: dict[str, Decimal], months: int) -> list[Decimal | None]:
    rent, term = found.rent, found.term
    chosen = _distinct(rent.steps)
    if not chosen:
        return levels
    if any(step.range or (step.once and step.start is None) or (step.every is not None and step.every <= 0) for step in chosen):
        start = min((s.start or s.every or 0) if not s.range else (s.start or s.every or 12) for s in chosen)
        return [level if m < start else None for m, level in enumerate(levels)]
    if len(chosen) > 1:
        found.doubt("rent.escalation", "租金有几种递增办法，逐年金额请人工核定。", *[s.span for s in chosen])
        return [None] * months
    step = chosen[0]
    first_stage = rent.stages[-1].first if rent.stages and rent.stages[-1].first > 0 else 0
    begin = _begin(step, term.start, first_stage)
    if begin is None:
        return [None] * months
    unit = Decimal(1)
    if step.amount is not None and not step.amount_lump and rent.rate is not None:
        unit = area.get(rent.rate.basis or "", Decimal(1)) * {"month": 12, "quarter": 4}.get(rent.rate.period or "year", 1)
    elif step.amount is not None and rent.rate is not None and rent.rate.period == "month" and rent.annual is None:
        unit = Decimal(12)
    found_levels: list[Decimal | None] = []
    for month, level in enumerate(levels):
        count = 0 if month < begin else 1 if step.once or not step.every else (month - begin) // step.every + 1
        found_levels.append(level if level is None or count == 0 else _raised(level, step, count, unit))
    return found_levels


def _raised(level: Decimal, step: Step, count: int, unit: Decimal) -> Decimal:
    if step.amount is not None:
        return level + step.amount * unit * count
    assert step.percent is not None
    if step.simple:
        return level * (1 + step.percent / 100 * count)
    return Decimal(level * (1 + step.percent / 100) ** count)


def _begin(step: Step, start: date | None, first_stage: int) -> int | None:
    if step.start is not None and step.start < 0:
        if start is None or start.month != 1 or start.day != 1:
            return None
        return (-step.start - start.year) * 12
    if step.start is not None:
        return step.start
    return first_stage + step.every if step.every else None


def _distinct(found: list[Step]) -> list[Step]:
    kept: list[Step] = []
    for step in found:
        twin = next((k for k in kept if (k.percent, k.amount, k.range) == (step.percent, step.amount, step.range) and (k.every == step.every or None in (k.every, step.every))), None)
        if twin is None:
            kept.append(step)
        elif twin.every is None:
            kept[kept.index(twin)] = step
    return kept


def escalation(rent: Rent) -> Step | None:
    """The one way in which the rent changes by rule; None where there is none or several."""
    chosen = _distinct(rent.steps)
    return chosen[0] if len(chosen) == 1 and not chosen[0].range else None


def _totals(found: Elements) -> None:
    rent = found.rent
    if not rent.rows or any(row.amount is None for row in rent.rows):
        return
    computed = sum((row.amount for row in rent.rows if row.amount is not None), Decimal(0))
    if rent.total_stated and rent.total is not None:
        if abs(computed - rent.total) > max(Decimal(len(rent.rows)), rent.total / 200):
            rent.mismatches.append((f"逐年租金合计{cents(computed)}元，合同写的总额是{cents(rent.total)}元", found.places["rent.total"].span))
            rent.total = None
    elif not rent.total_stated:
        rent.total = computed
        if rent.spans:
            found.note("rent.total", rent.spans[0], DERIVED)


