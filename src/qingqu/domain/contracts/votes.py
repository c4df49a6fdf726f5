"""The village's decision as the contract recites it: which meeting, when, how many of how many."""

import re

from qingqu.domain.contracts.elements import Decision, Elements
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.contracts.tokens import Day
from qingqu.domain.values.numerals import NUM, number

_MEETING = re.compile(
    r"(?:村民代表(?:会议|大会)|村民会议|村民大会|成员代表(?:会议|大会)|社员代表(?:会议|大会)|社员大会|成员大会|成员会议|股东代表(?:会议|大会)|股东大会|村民小组(?:会议|大会)|小组会议|户代表会议?|户主会议?|两委(?:会议|会)|“?两委”?(?:会议|会|联席会)|村两委|党员大会|民主议定|民主议事|四议两公开|理事会(?:会议)?|集体讨论|民主决策|党员和村民代表)"
)
_PASSED = re.compile(r"讨论|表决|通过|同意|研究|决定|议定|决议|召开|审议")
_DENIED = re.compile(
    r"(?:未经|没有经过|尚未(?:经|召开)|暂未|未召开|没有召开|未(?:进行)?(?:民主)?(?:表决|讨论)|待[^。；]{0,8}(?:追认|补办|补开)|会后补)[^。；\n]{0,16}(?:会议|大会|讨论|表决|追认|决议)?"
)
_COUNT = rf"(?P<n>{NUM})(?:\([^)]*\))?(?:名|人|户|票|位)?"
_ENTITLED = re.compile(
    rf"(?:应到(?:会|代表|成员|人数|户数|社员|股东|户)*|应参会|应出席|应参加(?:表决|会议)?|(?:共有|全体|现有|总)(?:村民)?(?:代表|成员|社员|股东|户代表|户数|户)(?:总数|人数|共|为)*|代表总数|成员总数|有表决权的?(?:成员|代表)?)(?:村民代表|代表|成员|社员|股东|户代表|人数|户|人)*(?:为|：|共|计)*{_COUNT}"
)
_ATTENDED = re.compile(
    rf"(?:实到(?:会|代表|成员|人数|户数|社员|股东|户)*|实际(?:到会|出席|参会|参加)|(?<!应)到会(?:代表|成员|村民代表|人数|社员|户)*|(?<!应)出席(?:会议|代表|成员|人数)*|(?<!应)参会(?:代表|成员|人数)*|(?<!应)参加(?:会议|表决)(?:的)?(?:代表|人数)*)(?:村民代表|代表|成员|社员|股东|户代表|人数|户|人)*(?:为|：|共|计)*{_COUNT}"
)
_AGREED = re.compile(
    rf"(?:同意|赞成)(?:票|的)?(?:代表|成员|人数|社员|户)*(?:为|：|共|有)*{_COUNT}|(?P<n2>{NUM})(?:名|人|户|票|位)?(?:村民)?(?:代表|成员|社员|户)?(?:投票)?(?:表示)?(?:一致)?(?:同意|赞成|签字同意)|{NUM}票(?:同意|赞成)|表决同意(?P<n3>{NUM})"
)
_ALL = re.compile(
    r"全票(?:通过|同意)|一致(?:通过|同意)|全部同意|全体(?:与会|到会|出席)?[^，。；]{0,6}(?:同意|通过)"
)


def read_decision(text: Text, parts: Parts, days: list[Day], found: Elements) -> None:
    """Fills `found.decision`; a bare claim ("经会议讨论同意") has neither day nor counts."""
    denied = next(
        (
            m
            for m in _DENIED.finditer(text.s, 0, parts.annex.end)
            if _MEETING.search(m[0]) or re.search("会议|大会|表决|追认", m[0])
        ),
        None,
    )
    best: Decision | None = None
    for match in _MEETING.finditer(text.s):
        sentence = text.sentence_at(match.start())
        window = Span(sentence.start, min(len(text.s), _until(text, sentence)))
        words = text.s[window.start : window.end]
        if not _PASSED.search(words) or re.search(
            r"(?:须|应|需|应当|必须|方可|才能|如需|若需)[^。；]{0,16}" + re.escape(match[0]), words
        ):
            continue
        made = _decision(text, window, days, match[0])
        score = sum(value is not None for value in (made.day, made.entitled, made.attended, made.agreed))
        if best is None or score > sum(
            value is not None for value in (best.day, best.entitled, best.attended, best.agreed)
        ):
            best = made
    if denied is not None:
        best = best or Decision()
        best.denied = Span(*denied.span())
    found.decision = best
    if best and best.span:
        found.note("decision", best.span, 0.95)


def _until(text: Text, sentence: Span) -> int:
    """Counts often follow in the next sentence."""
    following = text.sentence_at(sentence.end) if sentence.end < len(text.s) else sentence
    words = text.s[following.start : following.end]
    return following.end if re.search("应到|实到|同意|赞成|到会", words) else sentence.end


def _number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    group = next((value for key, value in match.groupdict().items() if value), None)
    value = number(group) if group else None
    return int(value) if value is not None and value == int(value) else None


def _decision(text: Text, window: Span, days: list[Day], body: str) -> Decision:
    entitled = _number(_ENTITLED.search(text.s, window.start, window.end))
    attended = _number(_ATTENDED.search(text.s, window.start, window.end))
    agreed_hits = [_number(m) for m in _AGREED.finditer(text.s, window.start, window.end)]
    agreed = next((value for value in agreed_hits if value is not None), None)
    if agreed is None and attended is not None and _ALL.search(text.s, window.start, window.end):
        agreed = attended
    day = next((d.value for d in days if window.start <= d.span.start < window.end and d.value), None)
    return Decision(day, entitled, attended, agreed, body, window, claimed=True)
