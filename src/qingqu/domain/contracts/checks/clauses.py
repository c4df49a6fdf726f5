"""C01 to C09: clauses that must be there, clauses that must not."""

import re
from collections.abc import Iterator

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.rules import Rule

_CRITICAL = re.compile(
    r"term|rent|area|location|price|deposit|amount|decision|.*\.name|(?:lessee|contractor|buyer)\.identifier|party\.name|date$"
)
_NAMES = {
    "term": "期限", "rent": "租金", "area": "面积", "location": "位置", "price": "价款", "deposit": "保证金", "amount": "金额", "decision": "会议情况",
    "date": "日期", "signed_date": "签订日期",
}  # fmt: skip

_SUM_OF_RENT = re.compile(
    r"(?:租金|租赁费|承包费|承包金|承包款|流转费)[^。]{0,120}?[0-9零〇一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]\s*(?:元|斤|公斤|吨|\t)"
)


@check("C01")
def core_clauses(case: Case, rule: Rule) -> Iterator[Hit]:
    """Object, quantity, rent, term; then use, due date, repair, breach, disputes."""
    e = case.e
    for conflict in e.conflicts:
        if conflict.path.startswith("object"):
            yield Hit(f"{conflict.shown}，前后不一。", conflict.spans, level="lock")
    if e.kind in {"lease", "land_contracting"}:
        yield from _core_of_lease(case)
        wanted: tuple[tuple[str, str], ...] = (
            ("use", "用途"),
            ("repair", "维修养护"),
            ("breach", "违约责任"),
            ("disputes", "争议解决"),
        )
    elif e.kind in {"works", "sale"}:
        if (
            e.price.total is None
            and not e.price.items
            and not any(c.path == "price.total" for c in e.conflicts)
        ):
            yield Hit("没有找到价款。", case.span("title"), level="lock")
        wanted = (("breach", "违约责任"), ("disputes", "争议解决"))
    else:
        return
    lacking = [name for fact, name in wanted if fact not in e.facts]
    if lacking:
        yield Hit(f"没有{'、'.join(lacking)}的条款。", case.span("title"))


def _core_of_lease(case: Case) -> Iterator[Hit]:
    e, rent = case.e, case.e.rent
    clashed = {c.path.split(".")[0] + "." + c.path.split(".")[1] for c in e.conflicts if "." in c.path}
    blanks = {blank.field for blank in e.blanks}
    lacking = []
    if e.object_class is None and e.location is None:
        lacking.append("标的")
    has_rent = (
        rent.rate
        or rent.annual
        or rent.total
        or rent.stages
        or rent.formula
        or clashed & {"rent.unit_amount", "rent.annual", "rent.total"}
    )
    if (
        not has_rent
        and e.nature != "family_contracting"
        and "rent" not in blanks
        and not any(d.path.startswith("rent") for d in e.doubts)
    ):
        if _SUM_OF_RENT.search(
            case.text.s
        ):  # it is there, in words that we cannot read: no lock for our own fault
            yield Hit("写了租金，但读不出怎么算，请人工核定。", case.span("title"), unsure=True)
        else:
            lacking.append("租金")
    if lacking:
        yield Hit(f"没有找到{'、'.join(lacking)}。", case.span("title"), level="lock")
    if (
        not e.extents
        and "object.area" not in clashed
        and "area" not in blanks
        and not any(d.path == "object.area" for d in e.doubts)
    ):
        yield Hit("没有找到面积（数量）。", case.span("title"), unsure=True)


@check("C02")
def free_sublease(case: Case, rule: Rule) -> Iterator[Hit]:
    """Sublease without consent."""
    if "sublease_free" in case.e.facts:
        yield Hit(f"“{case.words('sublease_free')}”：不经同意就能转租。", case.span("sublease_free"))


@check("C03")
def buy_back(case: Case, rule: Rule) -> Iterator[Hit]:
    """The village must buy the other side's investments at the end."""
    if "buyback" not in case.e.facts:
        return
    span = case.e.facts["buyback"]
    sentence = case.text.sentence_at(span.start)
    capped = re.search(r"不超过|以内|上限|最高|封顶", case.text.s[sentence.start : sentence.end])
    lock = (
        bool(rule.parameters.get("lock_uncapped"))
        and not capped
        and re.search(
            "市场价|市价|评估|投资|全额|造价|现价|收购|回购|购买", case.text.s[span.start : span.end]
        )
    )
    yield Hit(
        f"“{case.words('buyback')}”：期满由村里出钱{'，没有上限' if not capped else ''}。",
        (span,),
        level="lock" if lock else "warn",
    )


@check("C04")
def expropriation(case: Case, rule: Rule) -> Iterator[Hit]:
    """Who gets what when the land is taken."""
    if "land_money_to_taker" in case.e.facts:
        yield Hit(
            f"“{case.words('land_money_to_taker')}”：土地补偿不能归对方。", case.span("land_money_to_taker")
        )
    elif "expropriation" not in case.e.facts:
        yield Hit("没有写征收征用时补偿归谁。", case.span("title"))


@check("C05")
def pledged(case: Case, rule: Rule) -> Iterator[Hit]:
    """Collective property as security."""
    if "guarantee" in case.e.facts:
        yield Hit(f"“{case.words('guarantee')}”：不得用集体财产担保。", case.span("guarantee"))


@check("C06")
def bound_village(case: Case, rule: Rule) -> Iterator[Hit]:
    """The village may not end it, or bears every risk."""
    for fact in ("no_termination", "sole_risk"):
        if fact in case.e.facts:
            yield Hit(f"“{case.words(fact)}”：对村里不公平。", case.span(fact))
            return


@check("C07")
def open_blanks(case: Case, rule: Rule) -> Iterator[Hit]:
    """Blanks where it matters; those of the signature block are filled when it is signed."""
    critical = [
        b
        for b in case.e.blanks
        if not b.in_signature and _CRITICAL.fullmatch(b.field) and not b.field.endswith("signed_date")
    ]
    if critical:
        names = "、".join(dict.fromkeys(_named(b.field) for b in critical))
        yield Hit(f"{names}没有填写。", tuple(b.span for b in critical[:20]), shown(len(critical)), "0")
    for span in case.text.undecided:
        yield Hit("选项一个也没有勾选。", (span,), level="warn", unsure=True)
        return


def _named(path: str) -> str:
    if path.endswith(".name"):
        return "当事人名称"
    if path.endswith(".identifier"):
        return "证件号码"
    return _NAMES.get(path, "日期" if path.endswith("date") else "关键内容")


@check("C08")
def incomplete(case: Case, rule: Rule) -> Iterator[Hit]:
    """Annexes that are named and not there; pages that are missing."""
    pages = len(case.text.flow.pages)
    stated = case.e.pages_stated
    if stated is not None and case.text.flow.pages and pages > 1 and stated > pages:
        yield Hit(
            f"合同写明共{stated}页，交来{pages}页。", case.span("pages_stated"), shown(pages), shown(stated)
        )
    given = case.known.attachments
    absent = [(name, span) for name, span, there in case.e.annexes if not there]
    if given is not None:
        absent = [
            (name, span)
            for name, span in absent
            if not any(name[-4:] in item or item[:4] in name for item in given)
        ]
    if absent:
        names = "、".join(name for name, _ in absent[:4])
        yield Hit(
            f"合同提到{names}，没有随文件交来。",
            tuple(span for _, span in absent[:6]),
            level=None if given is not None else "warn",
            unsure=given is None,
        )


@check("C09")
def supplement(case: Case, rule: Rule) -> Iterator[Hit]:
    """A supplement that changes term, rent or area."""
    e, parent = case.e, case.known.parent
    changed = [
        name
        for name, there in (
            ("期限", e.term.months or e.term.end or e.term.stated_months),
            ("租金", e.rent.rate or e.rent.annual or e.rent.steps),
            ("面积", e.extents),
        )
        if there
    ]
    if parent is not None:
        changed = [name for name, differs in (
            ("期限", e.term.end is not None and e.term.end != parent.term.end),
            ("租金", bool(e.rent.rate and parent.rent.rate and e.rent.rate.value != parent.rent.rate.value)),
            ("面积", e.area_m2 is not None and e.area_m2 != parent.area_m2),
        ) if differs]  # fmt: skip
    if changed:
        yield Hit(
            f"补充协议改动{'、'.join(changed)}，要连同原合同重新审查。",
            case.span("term.end", "term.stated_months", "rent.unit_amount", "object.area_m2"),
        )
    elif parent is None:
        yield Hit("补充协议要连同原合同一起看。", case.span("title"), level="info", unsure=True)
