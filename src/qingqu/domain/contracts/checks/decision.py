"""V01 to V10: the village's decision. Counts are held against all who were entitled, not against those present."""

import re
from collections.abc import Iterator

from qingqu.domain.contracts.case import Case, Hit, check, shown
from qingqu.domain.contracts.rules import Rule
from qingqu.domain.contracts.text import Span

_OWNED = {"village_committee", "collective", "group"}


def _spans(case: Case) -> tuple[Span, ...]:
    made = case.e.decision
    return (made.span,) if made is not None and made.span is not None else ()


def _collective(case: Case) -> bool:
    giver = case.e.giver
    return giver is not None and giver.kind in _OWNED


@check("V01")
def no_decision(case: Case, rule: Rule) -> Iterator[Hit]:
    """No decision at all, or only a claim. That a text is silent does not prove that no meeting was held."""
    if not _collective(case):
        return
    made, given = case.e.decision, case.known.attachments
    if made is not None and made.denied is not None:
        yield Hit(f"合同写明没有经过会议：“{case.text.words(made.denied)}”。", (made.denied,))
        return
    attached = given is not None and any(re.search("决议|会议|表决|记录", name) for name in given)
    if attached:
        return
    if given is not None:
        yield Hit("没有交会议记录或表决表。", _spans(case))
    elif made is None or not made.claimed:
        strict = rule.parameters.get("unnamed") == "lock"
        yield Hit(
            "合同没有写经过哪次会议决定，请附会议记录。", level=None if strict else "warn", unsure=not strict
        )
    elif made.day is None and made.entitled is None:
        yield Hit("只写了经会议同意，没有日期和人数，请附会议记录。", _spans(case), level="warn", unsure=True)


@check("V02")
def too_few_agreed(case: Case, rule: Rule) -> Iterator[Hit]:
    """Fewer than two thirds of all who were entitled."""
    made = case.e.decision
    if made is None or not made.claimed or made.agreed is None:
        return
    if made.entitled is None:
        if made.attended is not None and made.agreed * 3 < made.attended * 2:
            yield Hit(
                f"到会{made.attended}人，同意{made.agreed}人，连到会的三分之二也不到。",
                _spans(case),
                shown(made.agreed),
                shown(-(-made.attended * 2 // 3)),
            )
        else:
            yield Hit(
                "写了同意人数，没有写应到人数，无法核算三分之二。", _spans(case), level="info", unsure=True
            )
        return
    if made.agreed * 3 < made.entitled * 2:
        needed = -(-made.entitled * 2 // 3)
        yield Hit(
            f"应到{made.entitled}人，同意{made.agreed}人，不足三分之二（{needed}人）。",
            _spans(case),
            shown(made.agreed),
            shown(needed),
        )


@check("V03")
def no_quorum(case: Case, rule: Rule) -> Iterator[Hit]:
    """Fewer than two thirds came."""
    made = case.e.decision
    if made is None or made.entitled is None or made.attended is None:
        return
    if made.attended > made.entitled or (made.agreed is not None and made.agreed > made.attended):
        yield Hit(
            f"应到{made.entitled}人、实到{made.attended}人、同意{made.agreed}人，数目自相矛盾。", _spans(case)
        )
    elif made.attended * 3 < made.entitled * 2:
        needed = -(-made.entitled * 2 // 3)
        yield Hit(
            f"应到{made.entitled}人，实到{made.attended}人，不足三分之二（{needed}人）。",
            _spans(case),
            shown(made.attended),
            shown(needed),
        )


@check("V04")
def not_for_delegates(case: Case, rule: Rule) -> Iterator[Hit]:
    """A contracting plan decided by representatives."""
    made = case.e.decision
    delegated = (
        made is not None and made.claimed and "代表" in (made.body or "") and "户" not in (made.body or "")
    )
    if made is not None and delegated and re.search("承包方案|延包方案|调整方案", case.text.s):
        yield Hit(f"土地承包方案由{made.body}决定，应由成员大会决定。", _spans(case))


@check("V05")
def construction_land(case: Case, rule: Rule) -> Iterator[Hit]:
    """Construction land without two thirds."""
    made = case.e.decision
    if not _collective(case) or (made is not None and made.agreed is not None and made.entitled is not None):
        return  # counts are V02's
    if made is not None and made.claimed and made.denied is None:
        yield Hit(
            "建设用地出租须三分之二以上同意，合同没有写人数，请附表决表。",
            _spans(case),
            level="warn",
            unsure=True,
        )
    elif made is not None and made.denied is not None:
        yield Hit("建设用地出租没有经过三分之二以上成员或代表同意。", (made.denied,))
    else:
        yield Hit("建设用地出租须三分之二以上同意，合同没有写表决情况。", level="warn", unsure=True)


@check("V06")
def forest_land(case: Case, rule: Rule) -> Iterator[Hit]:
    """Forest that nobody contracted, without two thirds and publication."""
    made = case.e.decision
    if not _collective(case):
        return
    if made is not None and made.denied is not None:
        yield Hit("未承包的集体林地没有经过三分之二以上同意。", (made.denied,))
    elif made is None or not made.claimed or "published" not in case.e.facts:
        lacking = "公示" if made is not None and made.claimed else "表决和公示"
        yield Hit(
            f"集体林地流转要经三分之二以上同意并公示，合同没有写{lacking}情况。",
            _spans(case),
            level="warn",
            unsure=True,
        )


@check("V07")
def notice_before_vote(case: Case, rule: Rule) -> Iterator[Hit]:
    """Fewer than fifteen days' notice before the vote."""
    if not _collective(case) or case.e.decision is None:
        return
    match = re.search(r"公示[^。；\n]{0,16}?([0-9]{1,2})(?:个)?(?:工作)?(?:日|天)", case.text.s)
    limit = rule.number("min_days")
    if match and limit is not None and int(match[1]) < limit:
        yield Hit(
            f"表决前公示{match[1]}天，不足十五天。", (Span(*match.span()),), match[1], shown(int(limit))
        )


@check("V08")
def decision_differs(case: Case, rule: Rule) -> Iterator[Hit]:
    """Decided after signing."""
    made, signed = case.e.decision, case.e.signed
    if made is not None and made.claimed and made.day and signed and made.day > signed:
        yield Hit(
            f"{signed.isoformat()}签订，{made.day.isoformat()}才开会决定。",
            (*_spans(case), *case.span("signed_date")),
            made.day.isoformat(),
            signed.isoformat(),
        )


@check("V09")
def party_first(case: Case, rule: Rule) -> Iterator[Hit]:
    """No discussion in the village's Party organisation on record."""
    if _collective(case) and "party_meeting" not in case.e.facts:
        yield Hit("合同没有写村党组织先行研究。")


@check("V10")
def publish_and_file(case: Case, rule: Rule) -> Iterator[Hit]:
    """Neither published nor filed."""
    if _collective(case) and not {"published", "filed"} & set(case.e.facts):
        yield Hit("合同没有写公示，也没有写报乡镇（街道）备案。")
