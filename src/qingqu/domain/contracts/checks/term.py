"""T01 to T14: how long, from when, until when."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.rules import Rule
from qingqu.domain.contracts.term import month_end

_TERM = ("term.start", "term.end", "term.stated_months")


def length(case: Case) -> Decimal | None:
    """Months of the term for comparing with a cap, days beyond whole months counted; one day is no difference."""
    term = case.e.term
    if term.months is None:
        return None
    beyond = term.extra_days if term.extra_days > 1 else 0
    return Decimal(term.months) + Decimal(beyond) / 31


def longest(case: Case) -> Decimal | None:
    """The longer of dates and stated length: a contract that contradicts itself is judged by its worse reading."""
    stated = case.e.term.stated_months
    found = [
        value
        for value in (length(case), Decimal(stated) if stated is not None else None)
        if value is not None
    ]
    return max(found, default=None)


def over(case: Case, cap: Decimal, name: str) -> Iterator[Hit]:
    """A hit where the term is longer than a cap."""
    months = longest(case)
    if months is not None and months > cap:
        yield Hit(
            f"期限{_years(months)}，超过{name}{_years(cap)}。", case.span(*_TERM), shown(months), shown(cap)
        )


def _years(months: Decimal) -> str:
    whole = int(months)
    if whole % 12 == 0 and whole == months:
        return f"{whole // 12}年"
    return f"{whole // 12}年{whole % 12 or ''}{'个月' if whole % 12 else '多'}"


@check("T01")
def lease_too_long(case: Case, rule: Rule) -> Iterator[Hit]:
    """A lease of more than twenty years."""
    cap = rule.number("max_months")
    if cap is not None:
        yield from over(case, cap, "租赁最长")


@check("T02")
def renewed_too_long(case: Case, rule: Rule) -> Iterator[Hit]:
    """Automatic renewal or a second contract that carries a lease past twenty years."""
    cap, months = rule.number("max_months"), longest(case)
    facts = case.e.facts
    if cap is None:
        return
    chained = case.known.chained_months
    if chained is not None and chained > cap:
        yield Hit(
            f"与前后合同连起来共{_years(Decimal(chained))}，超过二十年。",
            case.span(*_TERM),
            shown(chained),
            shown(cap),
        )
        return
    spans = case.span("auto_renewal", "chained")
    if "chained" in facts and months is not None:
        extra = _chained(case)
        if extra is None:
            yield Hit("约定期满后再签若干年，看不清连起来多久。", spans, level="warn", unsure=True)
        elif months + extra > cap:
            yield Hit(
                f"期满后再续，连起来{_years(months + extra)}，超过二十年。",
                spans,
                shown(months + extra),
                shown(cap),
            )
    elif "auto_renewal" in facts and months is not None:
        if months * 2 > cap:
            yield Hit(
                f"期满自动续期，续一次就是{_years(months * 2)}，超过二十年。",
                spans,
                shown(months * 2),
                shown(cap),
            )
        else:
            yield Hit("期满自动续期，没有次数限制，实际租期没有上限。", spans, level="warn")


def _chained(case: Case) -> Decimal | None:
    from qingqu.domain.contracts.tokens import durations

    span = case.e.facts["chained"]
    inside = [
        d.months for d in durations(case.text) if span.start <= d.span.start < span.end + 4 and d.months
    ]
    return Decimal(inside[-1]) if inside else None


@check("T03")
def beyond_contracting(case: Case, rule: Rule) -> Iterator[Hit]:
    """A transfer that runs past the farmers' own contracting."""
    term = case.e.term
    cap = rule.number("longest_contracting_months")
    months = longest(case)
    if term.contracting_end is not None and term.end is not None:
        if term.end > term.contracting_end:
            spans = (*case.span("term.end"), *([term.contracting_span] if term.contracting_span else []))
            yield Hit(
                f"流转到{term.end.isoformat()}，承包期到{term.contracting_end.isoformat()}为止。",
                spans,
                term.end.isoformat(),
                term.contracting_end.isoformat(),
            )
        return
    if cap is not None and months is not None and months > cap and case.e.object_class == "farmland":
        yield Hit(
            f"流转{_years(months)}，耕地承包期最长三十年，必然超过剩余期限。",
            case.span(*_TERM),
            shown(months),
            shown(cap),
        )
        return
    yield Hit(
        "合同没有写明农户承包期到哪一天，无法确定流转期限是否超过剩余期限。",
        case.span(*_TERM),
        level="info",
        unsure=True,
    )


@check("T04")
def family_term(case: Case, rule: Rule) -> Iterator[Hit]:
    """Family contracting outside the years that the law sets for the kind of land."""
    months = length(case)
    limits = rule.parameters.get(f"{case.e.object_class}_months")
    if months is None or not isinstance(limits, list):
        return
    low, high = Decimal(str(limits[0])), Decimal(str(limits[1]))
    if not low - 1 <= months <= high + 1:
        yield Hit(
            f"家庭承包期{_years(months)}，法定为{_years(low)}{'' if low == high else '至' + _years(high)}。",
            case.span(*_TERM),
            shown(months),
            shown(high if months > high else low),
        )


@check("T05")
def waste_land_term(case: Case, rule: Rule) -> Iterator[Hit]:
    """Other contracting of waste land beyond the local cap; without a known cap only what is longer than any goes to a person."""
    rows = case.local(rule)
    for row in rows:
        yield from over(case, Decimal(str(row["max_months"])), f"当地（{row['source']}）最长")
    months, look = longest(case), rule.number("look_months")
    if not rows and months is not None and look is not None and months > look:
        yield Hit(
            f"承包期{_years(months)}，比各地见过的上限都长，请核对当地规定。",
            case.span(*_TERM),
            shown(months),
            shown(look),
            "warn",
            unsure=True,
        )


@check("T06")
def unclear_nature(case: Case, rule: Rule) -> Iterator[Hit]:
    """Lease or contracting cannot be told, and the term would be too long for a lease."""
    if case.e.kind in {"sale", "works"} or case.e.nature is not None:
        return
    months, cap = longest(case), rule.number("max_months")
    why = case.e.nature_clash or "看不清是租赁还是承包"
    if months is not None and cap is not None and months > cap:
        yield Hit(
            f"{why}，期限{_years(months)}超过租赁的上限，要由人判断。",
            case.span("title", *_TERM),
            shown(months),
            shown(cap),
            unsure=True,
        )
    elif case.e.kind != "other" or case.e.term.months:
        yield Hit(f"{why}，请人工确认。", case.span("title"), level="info", unsure=True)


@check("T07")
def local_cap(case: Case, rule: Rule) -> Iterator[Hit]:
    """A local cap without a higher approval."""
    for row in case.local(rule):
        for hit in over(case, Decimal(str(row["max_months"])), f"当地（{row['source']}）上限"):
            if "town_approval" in case.e.facts:
                yield Hit(
                    hit.message + "合同写有上级批准，请核对批文。",
                    hit.spans,
                    hit.measured,
                    hit.threshold,
                    "warn",
                    unsure=True,
                )
            else:
                yield hit


@check("T08")
def no_term(case: Case, rule: Rule) -> Iterator[Hit]:
    """No term, or only one of start, end, length."""
    term = case.e.term
    if any(c.path.startswith("term") for c in case.e.conflicts):
        return
    if term.start is None and term.end is None and term.stated_months is None:
        if not term.problems:
            yield Hit("没有找到起止日期和年数。", case.span("title"), unsure=True)
    elif term.months is None or term.start is None:
        if term.start_from:
            yield Hit(
                "起日要看签订（生效、交付）的日子，合同里没有这个日期。",
                tuple(term.spans),
                level="warn",
                unsure=True,
            )
        elif not term.problems:
            yield Hit("起日、止日、年数没有写全，算不出哪天到期。", tuple(term.spans), unsure=True)


@check("T09")
def length_against_dates(case: Case, rule: Rule) -> Iterator[Hit]:
    """The years in words against the two dates."""
    term, tolerance = case.e.term, rule.number("tolerance_months") or Decimal(1)
    for conflict in case.e.conflicts:
        if conflict.path.startswith("term"):
            yield Hit(f"{conflict.shown}，前后不一。", conflict.spans)
    if term.start and term.end and term.stated_months is not None and term.months is not None:
        wanted = month_end(term.start, term.stated_months)
        gap = abs(term.months - term.stated_months)
        days = abs((term.end - wanted).days) if wanted else 0
        if gap > tolerance or (gap == tolerance and days > 31):
            yield Hit(
                f"写的是{_years(Decimal(term.stated_months))}，按起止日期算是{_years(Decimal(term.months))}。",
                case.span(*_TERM), shown(term.months), shown(term.stated_months),
            )  # fmt: skip


@check("T10")
def impossible_dates(case: Case, rule: Rule) -> Iterator[Hit]:
    """End before start, days that no calendar has, lunar and harvest dates."""
    term = case.e.term
    if term.start and term.end and term.end <= term.start:
        yield Hit(
            "止日不晚于起日。",
            case.span("term.start", "term.end"),
            term.end.isoformat(),
            term.start.isoformat(),
        )
    impossible = [p for p in term.problems if p[1] == "impossible"]
    for _, _, span in impossible:
        yield Hit(f"“{case.text.words(span)}”日历上没有这一天。", (span,))
    for _, problem, span in term.problems:
        if problem in {"lunar", "event", "month_only", "year_only", "ambiguous", "no_year"}:
            yield Hit(
                f"“{case.text.words(span)}”不是完整的公历日期，算不出期限。",
                (span,),
                level="warn",
                unsure=True,
            )


@check("T11")
def late_start(case: Case, rule: Rule) -> Iterator[Hit]:
    """Signed long before it begins."""
    limit, start, signed = rule.number("max_months"), case.e.term.start, case.e.signed
    if limit is None or start is None or signed is None:
        return
    last = month_end(signed, int(limit))
    if last is not None and start > last + timedelta(days=1):
        yield Hit(
            f"{signed.isoformat()}签订，{start.isoformat()}才开始，相隔六个月以上。",
            case.span("signed_date", "term.start"),
            start.isoformat(),
            last.isoformat(),
        )


@check("T12")
def earlier_start(case: Case, rule: Rule) -> Iterator[Hit]:
    """Begins before it is signed."""
    start, signed, days = case.e.term.start, case.e.signed, rule.number("tolerance_days")
    if start and signed and days is not None and (signed - start).days > days:
        yield Hit(
            f"起日{start.isoformat()}早于签订日{signed.isoformat()}。",
            case.span("term.start", "signed_date"),
            start.isoformat(),
            signed.isoformat(),
        )


@check("T13")
def spoken(case: Case, rule: Rule) -> Iterator[Hit]:
    """What is left to word of mouth."""
    months, limit = longest(case), rule.number("written_from_months")
    if "oral" in case.e.facts and (months is None or limit is None or months >= limit):
        yield Hit(f"“{case.words('oral')}”：六个月以上的租赁不能靠口头约定。", case.span("oral"))


@check("T14")
def beyond_office(case: Case, rule: Rule) -> Iterator[Hit]:
    """Rent for many years taken by one term of office."""
    limit, ahead, months = rule.number("max_prepaid_months"), case.e.rent.advance_months, longest(case)
    if limit is not None and ahead is not None and ahead > limit and months is not None and months > limit:
        spans = (case.e.rent.pay_span,) if case.e.rent.pay_span else ()
        yield Hit(
            f"一次收取{_years(Decimal(ahead))}的租金，超过一届任期。", spans, shown(ahead), shown(limit)
        )
