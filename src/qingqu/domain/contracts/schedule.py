"""One row a contract year: the yearly rent in force in each month of the term, stages, rises and free months worked in."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from qingqu.domain.contracts import rates
from qingqu.domain.contracts.elements import Elements, Rate, Rent, Row, Step
from qingqu.domain.contracts.term import month_end

CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, half up, as money is counted."""
    return value.quantize(CENT, ROUND_HALF_UP)


def _annual_of(rate: Rate, rent: Rent, area: dict[str, Decimal], months: int) -> Decimal | None:
    if rate.value is None:
        return None
    if rate.period == "term":
        whole = rate.value * (
            area.get(rate.basis, Decimal(0)) if rate.basis in {"mu", "m2", "room"} else Decimal(1)
        )
        return whole * 12 / months if whole else None
    return rates.scaled(rate, area)


def rows(found: Elements, area: dict[str, Decimal]) -> list[Row]:
    """The rows of the schedule; [] where the term's dates or months are unknown."""
    rent, term = found.rent, found.term
    if term.start is None or term.end is None or not term.months:
        return []
    spoken = rent.rate or rent.annual or rent.total or rent.stages or rent.steps or rent.formula or rent.spans
    if not spoken and not any(c.path.startswith("rent") for c in found.conflicts):
        return []  # nothing is paid, as in family contracting
    months = term.months
    levels = _levels(found, area, months)
    listed = []
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
        listed.append(Row(begin, finish, cents(amount) if amount is not None else None, rate))
    return listed


def _row(
    levels: list[Decimal | None],
    first: int,
    last: int,
    rent: Rent,
    begin: date,
    finish: date,
    area: dict[str, Decimal],
) -> tuple[Decimal | None, Decimal | None]:
    rate = levels[first]
    if (
        rent.rate is not None
        and rent.rate.period == "day"
        and rent.annual is None
        and not rent.stages
        and rent.rate.value is not None
    ):
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
    blocked = (
        bool(rent.mismatches)
        or rent.formula is not None
        or any(c.path in {"rent.unit_amount", "rent.annual", "rent.stages"} for c in found.conflicts)
    )
    if blocked:
        return [None] * months
    base = (
        rent.annual
        if rent.annual is not None
        else _annual_of(rent.rate, rent, area, months)
        if rent.rate
        else None
    )
    if base is None and rent.rate is None and rent.total is not None and not rent.stages and not rent.steps:
        base = rent.total * 12 / months
    levels: list[Decimal | None] = [base] * months
    if rent.stages:
        staged: list[Decimal | None] = [None] * months
        for stage in rent.stages:
            value = stage.annual if stage.annual is not None else _annual_of(stage.rate, rent, area, months)
            for month in range(stage.first, min(stage.last if stage.last is not None else months, months)):
                staged[month] = value
        plain = base if rent.rate is not None and rent.rate not in [s.rate for s in rent.stages] else None
        levels = _filled(staged, plain, found)
    return _stepped(levels, found, area, months)


def _filled(staged: list[Decimal | None], plain: Decimal | None, found: Elements) -> list[Decimal | None]:
    """Months that no stage covers: the contract's plain rent, or the last stage's where a rule raises it from there on."""
    stages, months = found.rent.stages, len(staged)
    covered = [any(s.first <= m and (s.last is None or m < s.last) for s in stages) for m in range(months)]
    last = max((m for m in range(months) if covered[m]), default=-1)
    rising = any(step.every and not step.range for step in distinct(found.rent.steps))
    carried = staged[last] if rising and last >= 0 and plain is None else plain
    return [staged[m] if covered[m] else carried if m > last else plain for m in range(months)]


def _stepped(
    levels: list[Decimal | None], found: Elements, area: dict[str, Decimal], months: int
) -> list[Decimal | None]:
    rent, term = found.rent, found.term
    chosen = distinct(rent.steps)
    if not chosen:
        return levels
    if any(
        step.range
        or step.unclear
        or (step.once and step.start is None)
        or (step.every is not None and step.every <= 0)
        for step in chosen
    ):
        start = min((s.start or s.every or 0) if not s.range else (s.start or s.every or 12) for s in chosen)
        return [level if m < start else None for m, level in enumerate(levels)]
    if len(chosen) > 1:
        found.doubt("rent.escalation", "租金有几种递增办法，逐年金额请人工核定。", *[s.span for s in chosen])
        return [None] * months
    step = chosen[0]
    begin = _begin(step, term.start, _since(rent, months))
    if begin is None:
        return [None] * months
    unit = Decimal(1)
    if step.amount is not None and not step.amount_lump and rent.rate is not None:
        basis = _basis_of(step, rent)
        if basis is not None and basis not in area:
            return [level if m < begin else None for m, level in enumerate(levels)]
        unit = area.get(basis or "", Decimal(1)) * {"month": 12, "quarter": 4}.get(
            rent.rate.period or "year", 1
        )
    elif (
        step.amount is not None
        and rent.rate is not None
        and rent.rate.period == "month"
        and rent.annual is None
    ):
        unit = Decimal(12)
    found_levels: list[Decimal | None] = []
    for month, level in enumerate(levels):
        count = (
            0 if month < begin else 1 if step.once or not step.every else (month - begin) // step.every + 1
        )
        found_levels.append(level if level is None or count == 0 else _raised(level, step, count, unit))
    return found_levels


def _basis_of(step: Step, rent: Rent) -> str | None:
    """Of what unit a rise in yuan is: the rent's own, where that is a unit."""
    return rent.rate.basis if rent.rate is not None and rent.rate.basis in {"mu", "m2", "room"} else None


def _raised(level: Decimal, step: Step, count: int, unit: Decimal) -> Decimal:
    if step.amount is not None:
        return level + step.amount * unit * count
    share = (step.percent or Decimal(0)) / 100
    if step.simple:
        return level * (1 + share * count)
    return Decimal(level * (1 + share) ** count)


def _since(rent: Rent, months: int) -> tuple[int, bool]:
    """From which month a rise without a start counts; the flag: the stage before ended there, so it rises at once."""
    if not rent.stages:
        return 0, False
    last = rent.stages[-1]
    if last.last is not None and last.last < months and rent.rate in [s.rate for s in rent.stages]:
        return last.last, True
    return last.first, False


def _begin(step: Step, start: date | None, since: tuple[int, bool]) -> int | None:
    if step.start is not None and step.start < 0:
        if start is None or start.month != 1 or start.day != 1:
            return None
        return (-step.start - start.year) * 12
    if step.start is not None:
        return step.start
    if since[1]:
        return since[0]
    return since[0] + step.every if step.every else None


def distinct(found: list[Step]) -> list[Step]:
    """The rises that really differ."""
    kept: list[Step] = []
    for step in found:
        twin = next(
            (
                k
                for k in kept
                if (k.percent, k.amount, k.range) == (step.percent, step.amount, step.range)
                and (k.every == step.every or None in (k.every, step.every))
            ),
            None,
        )
        if twin is None:
            kept.append(step)
        elif twin.every is None:
            kept[kept.index(twin)] = step
    return kept


def escalation(rent: Rent) -> Step | None:
    """The one way in which the rent changes by rule; None where there is none or several."""
    chosen = distinct(rent.steps)
    return chosen[0] if len(chosen) == 1 and not (chosen[0].range or chosen[0].unclear) else None
