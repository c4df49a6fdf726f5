"""P01 to P07: who may let, who takes, who signs."""

import re
from collections.abc import Iterator

from qingqu.domain.contracts.case import Case, Hit, check
from qingqu.domain.contracts.elements import Party
from qingqu.domain.contracts.parties import same_name
from qingqu.domain.contracts.rules import Rule
from qingqu.domain.contracts.text import Span

_LAND = {"farmland", "forest", "wasteland", "pond", "construction_land"}


def _place(*parties: Party | None) -> tuple[Span, ...]:
    return tuple(p.name_span for p in parties if p is not None and p.name_span is not None)


@check("P01")
def not_the_owner(case: Case, rule: Rule) -> Iterator[Hit]:
    """Group land let by the village."""
    giver = case.e.giver
    if (
        giver is None
        or giver.kind not in {"village_committee", "collective"}
        or "group_land" not in case.e.facts
    ):
        return
    if case.e.object_class not in _LAND or re.search(r"小组|[0-9一二三四五六七八九十]+组", giver.name or ""):
        return
    if re.search(r"委托|授权|代表|共同", case.text.s[: case.e.facts["group_land"].end + 200]) and re.search(
        r"小组[^。]{0,20}(?:委托|授权|盖章|会议)", case.text.s
    ):
        yield Hit(
            f"土地属于小组（“{case.words('group_land')}”），由村里代签，请核对小组的会议和委托书。",
            case.span("group_land"),
            level="warn",
            unsure=True,
        )
        return
    yield Hit(
        f"土地属于小组（“{case.words('group_land')}”），小组不是合同一方。",
        (*case.span("group_land"), *_place(giver)),
    )


@check("P02")
def committee_signs(case: Case, rule: Rule) -> Iterator[Hit]:
    """The committee lets what the collective organisation should."""
    giver = case.e.giver
    if giver is None or giver.kind != "village_committee" or case.known.collective_exists is False:
        return
    known = case.known.collective_exists or re.search(r"经济(?:合作|联合)社|股份合作社", case.text.s)
    text = (
        "村里已有集体经济组织，却由村民委员会签约。"
        if known
        else "由村民委员会签约，请核对村里是否已成立集体经济组织。"
    )
    yield Hit(text, _place(giver), level=None if known else "info")


@check("P03")
def who_is_it(case: Case, rule: Rule) -> Iterator[Hit]:
    """Identifiers missing or wrong, names that differ, roles that nobody can tell."""
    e = case.e
    for conflict in e.conflicts:
        if conflict.path.endswith((".name", ".identifier", "parties.roles", "signature")):
            yield Hit(f"{conflict.shown}。", conflict.spans)
    for party in e.parties:
        if party.identifier_problem and party.identifier_span:
            certain = case.text.confidence(party.identifier_span) >= 0.85
            yield Hit(
                f"{party.label}的证件号码{_why(party.identifier_problem)}。",
                (party.identifier_span,),
                level=None if certain else "warn",
                unsure=not certain,
            )
    taker = e.taker or (
        e.parties[1] if len(e.parties) > 1 and all(p.role is None for p in e.parties) else None
    )
    if e.kind == "other" and not e.parties:
        return
    if taker is None or taker.name is None:
        yield Hit("没有找到承租（承包）方的名称。", case.span("title"), unsure=True)
    elif taker.identifier is None:
        public = taker.kind in {"village_committee", "other", "group"}
        family = e.nature == "family_contracting" or e.kind == "supplement"
        level = "warn" if family or public else None
        yield Hit(f"{taker.label}“{taker.name}”没有身份证号或统一社会信用代码。", _place(taker), level=level)
    if e.giver is not None and e.giver.name is None:
        yield Hit("没有找到出租（发包）方的名称。", case.span("title"), unsure=True)
    if e.giver and taker and e.giver.name and taker.name and same_name(e.giver.name, taker.name):
        yield Hit("双方写成了同一个名称。", _place(e.giver, taker))


def _why(problem: str) -> str:
    if "check" in problem:
        return "校验位不对"
    if "birth" in problem:
        return "出生日期不存在"
    return "位数或格式不对"


@check("P04")
def kin(case: Case, rule: Rule) -> Iterator[Hit]:
    """The other side is a cadre or near to one."""
    disclosed = "related_disclosed" in case.e.facts
    if case.known.related:
        yield Hit(f"{case.known.related}。", _place(case.e.taker), level="warn" if disclosed else "lock")
    elif "related" in case.e.facts:
        yield Hit(
            f"合同写明“{case.words('related')}”，请核对是否公开说明并回避。",
            case.span("related"),
            level="warn",
            unsure=not disclosed,
        )


@check("P05")
def who_signs(case: Case, rule: Rule) -> Iterator[Hit]:
    """A signer who is neither the head nor authorised."""
    for party in case.e.parties:
        if not (party.signer and party.legal) or same_name(party.signer, party.legal):
            continue
        if "authorised" in case.e.facts:
            yield Hit(
                f"{party.label}由{party.signer}签字，法定代表人是{party.legal}，请核对授权委托书。",
                _place(party),
                level="warn",
                unsure=True,
            )
        else:
            yield Hit(
                f"{party.label}由{party.signer}签字，法定代表人是{party.legal}，没有授权委托。", _place(party)
            )


@check("P06")
def outsider(case: Case, rule: Rule) -> Iterator[Hit]:
    """Contracting out to someone beyond the collective."""
    e, taker = case.e, case.e.taker
    outside = "outsider" in e.facts or (
        taker is not None
        and taker.kind == "company"
        and e.object_class in {"farmland", "forest", "wasteland", "pond"}
    )
    if not outside:
        return
    made = e.decision
    voted = made is not None and made.claimed and made.denied is None
    if voted and "town_approval" in e.facts:
        return
    lacking = "、".join(
        name
        for name, there in (
            ("成员或代表三分之二以上同意", voted),
            ("乡镇政府批准", "town_approval" in e.facts),
        )
        if not there
    )
    certain = "outsider" in e.facts
    yield Hit(
        f"发包给本集体以外的单位或个人，合同里没有{lacking}。",
        (*case.span("outsider"), *_place(taker)),
        level=None if certain else "warn",
        unsure=True,
    )


@check("P07")
def business_on_farmland(case: Case, rule: Rule) -> Iterator[Hit]:
    """A company on farmland without a review."""
    taker = case.e.taker
    if (
        taker is not None
        and taker.kind == "company"
        and not re.search(r"合作社|家庭农场", taker.name or "")
        and "qualification" not in case.e.facts
    ):
        yield Hit("企业租用耕地，没有写资格审查和项目审核。", _place(taker))
