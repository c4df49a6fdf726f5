"""The parts of a contract: head, numbered clauses with their titles, signature block, annexes; and the sentences that
only quote the law, which say nothing about this contract."""

import bisect
import re
from dataclasses import dataclass

from qingqu.domain.contracts.text import Span, Text

_MARK = re.compile(
    r"(?:^|(?<=[\n。；]))(?:(?P<a>第[0-9一二三四五六七八九十百零〇]{1,4}条)|(?P<b>[一二三四五六七八九十]{1,3})[、.，：]|(?P<c>[0-9]{1,2})[、.](?![0-9]))(?P<rest>[^\n]*)"
)
_TITLE = re.compile(r"[、.：，]?([^，。；：\n\t0-9]{2,18})(?:[：\n]|$)")
_SIGN = re.compile(r"\n(?=[^\n]{0,24}(?:签字|签章|盖章|签名|公章|手印|指印|捺印|签署)[^\n]{0,40}(?:\n|$))")
_PARTY_LINE = re.compile(r"\n(?=(?:甲方|出租方|出租人|发包方|发包人)[^\n。]{0,30}(?:\n|\t|乙方))")
_ANNEX = re.compile(
    r"\n(?=(?:附件|附表)[一二三四五六七八九十0-9]*(?:[：、 ].{0,30})?(?:\n|$)|附图\n|补充条款\n)"
)
_LIMIT = r"(?:(?:不得|不能|不应|不准|最长不|最高不|均不|不)(?:超过|多于|长于|高于|低于|少于)|最长(?:期限)?(?:为|是)|法定(?:最长|期限)|以上的?部分无效)"
_LAW = (
    re.compile(r"(?<=[规条定法典：])[“\"][^”\"\n]{8,}[”\"]|[“\"][^”\"\n]{8,}[”\"](?=的?(?:规定|要求|条款))"),
    re.compile(rf"[^，。；\n]*{_LIMIT}[^，。；\n]*"),
    re.compile(
        r"(?:法|典|条例|办法|条|款|法律|政策)[》)]?(?:明确|之|的|对此)*规定[，：]?(?:的)?(?:耕地|林地|草地|租赁|承包|土地|其)[^，。；\n]{0,12}(?:期|期限)(?:为|是|最长|：)[^，。；\n]*"
    ),
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause with its title (possibly empty)."""

    span: Span
    title: str
    number: str = ""


@dataclass
class Parts:
    """Where the parts of a document lie."""

    clauses: list[Clause]
    head: Span
    body: Span
    signature: Span
    annex: Span
    law: list[Span]

    def legal(self, offset: int) -> bool:
        """Whether the words at an offset only quote the law."""
        return any(span.start <= offset < span.end for span in self.law)

    def title_at(self, offset: int) -> str:
        """The title of the clause around an offset."""
        clause = self.clause_at(offset)
        return clause.title if clause else ""

    def clause_at(self, offset: int) -> Clause | None:
        """The clause around an offset."""
        n = bisect.bisect_right([clause.span.start for clause in self.clauses], offset) - 1
        return self.clauses[n] if n >= 0 and offset < self.clauses[n].span.end else None


def _clauses(s: str, end: int) -> list[Clause]:
    marks = list(_MARK.finditer(s, 0, end))
    named = [m for m in marks if m["a"]]
    listed = [m for m in marks if m["b"]]
    top = named if len(named) >= 2 else listed if len(listed) >= 2 else [m for m in marks if m["c"]]
    found = []
    for n, match in enumerate(top):
        stop = top[n + 1].start() if n + 1 < len(top) else end
        title = _TITLE.match(match["rest"]) if match["rest"] else None
        words = title[1] if title else ""
        if not match["rest"]:  # the title stands on the next line
            following = re.match(r"\n([^，。；：\n\t0-9]{2,18})\n", s[match.end() : match.end() + 24])
            words = following[1] if following else ""
        elif not words:
            first = re.match(
                r"[、.：]?([^，。；：\n\t0-9]{2,12})(?:[0-9]|[1１][.、]|自|从|：)", match["rest"]
            )
            words = first[1] if first else ""
        found.append(Clause(Span(match.start(), stop), words, match["a"] or match["b"] or match["c"] or ""))
    return found


def parts(text: Text) -> Parts:
    """Finds the parts; a document without clause marks is all body."""
    s = text.s
    marks = list(_MARK.finditer(s))
    last_mark = max((m.start() for m in marks if m["a"] or m["b"]), default=len(s) // 3)
    floor = min(last_mark, int(len(s) * 0.9))
    signs = [m.start() for m in _SIGN.finditer(s) if m.start() > max(floor, len(s) // 4)]
    if not signs:  # clauses of an annex may stand behind the signatures
        signs = [m.start() for m in _SIGN.finditer(s) if m.start() > len(s) // 4]
    if not signs:
        signs = [m.start() for m in _PARTY_LINE.finditer(s) if m.start() > max(floor, len(s) // 2)]
    sign = signs[0] if signs else len(s)
    annexes = [
        m.start()
        for m in _ANNEX.finditer(s)
        if m.start() > min(sign, int(len(s) * 0.95)) or m.start() > last_mark
    ]
    annex = min((a for a in annexes if a > sign), default=len(s)) if sign < len(s) else len(s)
    clauses = _clauses(s, sign)
    first = clauses[0].span.start if clauses else min(len(s), 400)
    return Parts(
        clauses,
        Span(0, first),
        Span(first if clauses else 0, sign),
        Span(sign, annex),
        Span(annex, len(s)),
        _legal(s),
    )


def _legal(s: str) -> list[Span]:
    """Stretches that say what the law allows, not what is agreed."""
    found = [Span(*match.span()) for pattern in _LAW for match in pattern.finditer(s)]
    return [
        span
        for span in found
        if not re.search("本合同(?:的)?(?:租赁|承包)?期限为|甲乙双方(?:约定|商定)", s[span.start : span.end])
    ]
