"""The text that the grammar reads: half-width, without blanks and noise, each character knowing its place on the page.

What is repaired, so that one pattern meets many spellings: full-width digits and letters, blanks between characters,
thousands commas, `、` typed for a decimal point (298000、00元), letters that OCR reads for digits (2O24, l0亩), 目 for 日
and 苗 for 亩 behind a digit, 染 for 柒 inside a numeral. A repaired character keeps its place and lowers the confidence
of whatever is read from it (`REPAIRED`). `＿` stands for an empty fill-in of any length; fill-in lines around a value
that is there are dropped; the options of a tick-one list that are not ticked are cut out.
"""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from qingqu.domain.contracts.layout import HEAD_OF_LINE, options, wraps
from qingqu.domain.papers.pages import Document, Flow

REPAIRED = 0.8
BLANK = "＿"

_NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)}
_NARROW |= {code: chr(code - 0xFEE0) for code in range(0xFF21, 0xFF3B)}
_NARROW |= {code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)}
_PAIRS = (
    "．. ％% ﹪% ＋+ －- –~ —~ ―~ −- ﹣- ─~ ／/ ⁄/ ＝= ✕× ✖× ＊× *× ∙· •· ￥¥ ＄$ （( ）) ［[ ］] 〔[ 〕] 【( 】) ∶： :： ;； ?？ ,， "
    "～~ 〜~ ﹍＿ _＿ ﹎＿ ○〇 ◯〇 ＂“ ﹐， ﹔； ﹕： ﹙( ﹚)"
)
_NARROW |= {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_GONE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x202A, 0x202F), ord("\r")], "")
_SPACE = re.compile("[ \\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000\f\v]")
_OLD_NEW = (
    "畝亩 號号 間间 萬万 億亿 參叁 叄叁 貳贰 弍贰 陸陆 圓圆 幣币 給给 貸贷 總总 額额 計计 為为 與与 雙双 兩两 個个 達达 應应 實实 際际 開开 發发 "
    "經经 營营 權权 轉转 讓让 賣卖 買买 處处 執执 證证 據据 簽签 訂订 書书 條条 約约 協协 議议 設设 備备 區区 東东 縣县 鄉乡 鎮镇 組组 織织 濟济 聯联 "
    "會会 員员 體体 農农 戶户 養养 場场 廠厂 樓楼 層层 塊块 價价 繳缴 納纳 當当 屆届 滿满 遞递 減减 調调 漲涨 業业 務务 過过 還还 違违 責责 終终 於于 "
    "從从 後后 時时 電电 話话 碼码 規规 劃划 國国 園园 產产 租租 賃赁 閒闲 長长 鬥斗 標标 準准 數数 稅税 費费 蓋盖 漁渔 魚鱼 種种 類类 質质 壹壹"
)
TRADITIONAL = {ord(pair[0]): pair[1] for pair in _OLD_NEW.split()}
CAPITALS = "零〇壹贰叁肆伍陆柒捌玖拾佰仟萬万亿"
NUMERAL = "零〇一二三四五六七八九十百千两廿卅" + CAPITALS


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the normalised text."""

    start: int
    end: int

    def __or__(self, other: "Span") -> "Span":
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass
class _Buffer:
    """Characters with their offset in the flow; `repaired` holds offsets that were not what they now are."""

    signs: list[str]
    repaired: set[int] = field(default_factory=set)

    def joined(self) -> tuple[str, list[int]]:
        return "".join(self.signs), [n for n, sign in enumerate(self.signs) if sign]

    def cut(self, pattern: re.Pattern[str], group: int = 0) -> None:
        """Drops what the pattern's group matches."""
        text, at = self.joined()
        for match in pattern.finditer(text):
            for n in range(*match.span(group)):
                self.signs[at[n]] = ""

    def put(self, pattern: re.Pattern[str], sign: str, *, repair: bool) -> None:
        """The matched character becomes `sign`; of a longer match only the first character stays."""
        text, at = self.joined()
        codes = [m.span() for m in _CODE.finditer(text)] if repair else []
        for match in pattern.finditer(text):
            if any(first <= match.start() < last for first, last in codes):
                continue
            for n in range(*match.span()):
                self.signs[at[n]] = sign if n == match.start() else ""
            if repair:
                self.repaired.add(at[match.start()])


_D = "0-9"
_CODE = re.compile("[0-9A-Za-z]{15,20}")
_REPAIRS = (
    (re.compile(rf"(?<=[{_D}])[Oo〇](?=[{_D}OoQ年月日元亩平米㎡%.,，整个间])|(?<![A-Za-z{_D}])[O](?=[{_D}][{_D}年月日元亩平㎡%.])"), "0"),
    (re.compile(rf"(?<=[{_D}])[Oo](?=[{_D}Oo])"), "0"),
    (re.compile(rf"(?<=[{_D}])[lI|!](?=[{_D}年月日元亩平㎡%])|(?<=[年月])[lI|](?=[{_D}月日])|(?<![A-Za-z])[lI](?=[{_D}][{_D}]*[年月日元亩平])"), "1"),
    (re.compile(rf"(?<=月[{_D}])目|(?<=月[{_D}][{_D}])目"), "日"),
    (re.compile(rf"(?<=[{_D}])苗(?![木圃])|(?<=[每/])苗(?=[每年，。一按])"), "亩"),
    (re.compile(rf"(?<=[{_D}])无(?=整|正|[,，。；)]|$)"), "元"),
    (re.compile(f"(?<=[{CAPITALS}])染(?=[{CAPITALS}元圆])|染(?=[拾佰仟万]元?)"), "柒"),
    (re.compile(f"(?<=[{_D}])、(?=00(?![{_D}]))"), "."),
)  # fmt: skip
_BETWEEN = re.compile(rf"(?<=[{_D}])，(?=[{_D}]{{3}}(?![{_D}]))")
_VALUE = re.compile(r"[0-9零〇一二三四五六七八九十百千两廿卅壹贰叁肆伍陆柒捌玖拾佰仟万亿☑√]")
_LABELS = re.compile(
    r"(?:年|月|日|号|元|圆|亩|分|厘|平方米|㎡|米|间|份|户|人|个月|至|到|自|为|止|起|村|组|乡|镇|县|市|省|区|%|整|人民币|共|计|第|每|按|由|于|在|于|的|与|和|及|(?:大写)|小写|万|仟|佰|拾|角|电话|[东南西北]至?)+"
)
_SPACED_UNIT = re.compile(
    r"(?<=[^0-9零〇一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟 \n\t条款项、.])(?:[ ]{2,}|\u3000{2,})(?=(?:年|月|日|元|亩|平方米|㎡|%|个月|份|万元)(?![度租均内后承流应支使]))|(?<=年)[ \u3000]{2,}(?=月)|(?<=月)[ \u3000]{2,}(?=日)"
)
_AFTER_LABEL = re.compile(r"(?<=[：])[ \u3000]{3,}(?=[，。；\n(]|$)")
_PAGE_LINE = re.compile(
    r"(?m)^[ \u3000]*(?:-+ *\d{1,3} *-+|第 *\d{1,3} *页(?:[ ,，/]*共 *\d{1,3} *页)?|\d{1,3} */ *\d{1,3})[ \u3000]*$"
)


_SIDE_GAP = re.compile(
    r"(?m)^((?:[甲乙丙]方|(?:出租|承租|发包|承包|流出|流入|转出|转入|出让|受让)[方人])(?:[（(][^）)\n盖签章公]{1,12}[）)])?)[ \u3000]{2,}(?![甲乙丙]方|出租|承租|发包|承包|代表)(?=[\u4e00-\u9fff])"
)


def _blanks(raw: str) -> str:
    """Blank runs that stand for a fill-in become fill-in signs (same length), before blanks go."""
    raw = _SIDE_GAP.sub(lambda m: m[1] + "：" + " " * (len(m[0]) - len(m[1]) - 1), raw)
    raw = re.sub(r"(?<=[0-9])[ \u3000]{2,}(?=[0-9])", lambda m: "\t" * len(m[0]), raw)
    for pattern in (_SPACED_UNIT, _AFTER_LABEL):
        raw = pattern.sub(lambda m: BLANK * len(m[0]), raw)
    return raw


_BESIDE = re.compile(
    f"{BLANK}(?={_VALUE.pattern})|(?<={_VALUE.pattern})(?:(?<!20)(?<!19)(?<!20[0-9])(?<!二〇)|(?!{BLANK}年[{BLANK}0-9]{{0,3}}月)){BLANK}"
)
_WITHIN = re.compile(f"(?<={BLANK})([^{BLANK}\n，。；：\t]{{2,}})(?={BLANK})")


def _drop_padding(buffer: _Buffer) -> None:
    """Fill-in lines around a value go; those that are empty become one sign."""
    buffer.cut(re.compile(f"(?<={BLANK}){BLANK}+"))
    text, at = buffer.joined()
    drop = {match.start() for match in _BESIDE.finditer(text)}
    for match in _WITHIN.finditer(text):
        if not _LABELS.fullmatch(match[1].strip("()")):
            drop |= {match.start() - 1, match.end()}
    for n in drop:
        buffer.signs[at[n]] = ""


def _drop_options(buffer: _Buffer) -> list[int]:
    """Cuts unticked options where one of the list is ticked; returns flow offsets of lists where none is."""
    text, at = buffer.joined()
    drop, fills, undecided = options(text)
    for n in drop:
        buffer.signs[at[n]] = ""
    for n in fills:
        buffer.signs[at[n]] = BLANK  # □ as a fill-in: □亩, 第□年
    return [at[n] for n in sorted(undecided)]


_SIDE_ALONE = re.compile(
    r"(?:[甲乙丙]方|(?:出租|承租|发包|承包|流出|流入|转出|转入|出让|受让)[方人])(?:\([^)\n]{1,12}\))?(?:名称|姓名)?：?"
)


def _join_lines(buffer: _Buffer) -> None:
    """A line end inside a word goes, where what stands around it cannot be two lines."""
    text, at = buffer.joined()
    offset = 0
    for this, following in pairwise(text.split("\n")):
        offset += len(this) + 1
        if not this or not following or "\t" in this or "\t" in following or HEAD_OF_LINE.match(following):
            continue
        label = _SIDE_ALONE.fullmatch(this) and len(following) <= 40 and "：" not in following
        open_end = label or this[-1] in "，、(" or following[0] in "，。；、)：%元亩年月日"
        token = this[-1].isdigit() and following[0] in "0123456789年月日元亩.%万平"
        if open_end or token:
            buffer.signs[at[offset - 1]] = ""


@dataclass
class Text:
    """The normalised text `s` of a document. Patterns run over `s`; `place` gives the page's own words and box."""

    s: str
    flow: Flow
    _at: list[int]
    _repaired: list[int]
    undecided: tuple[Span, ...] = ()

    @classmethod
    def of(cls, document: Document) -> "Text":
        """Reads a document's flow."""
        flow = document.flow()
        raw = flow.text
        for match in _PAGE_LINE.finditer(raw):
            raw = raw[: match.start()] + "\0" * len(match[0]) + raw[match.end() :]
        broken = wraps(raw)
        raw = _blanks(raw)
        signs = [("" if sign == "\0" else sign) for sign in raw.translate(TRADITIONAL)]
        signs = [_NARROW.get(ord(sign), _GONE.get(ord(sign), sign)) if sign else "" for sign in signs]
        signs = ["" if _SPACE.match(sign) else sign for sign in signs]
        for offset in broken:
            signs[offset] = ""
        buffer = _Buffer(signs)
        buffer.cut(re.compile(r"(?:(?<=\n)|^)\n+|\t+(?=\n)"))
        undecided = _drop_options(buffer)
        _drop_padding(buffer)
        _join_lines(buffer)
        for pattern, sign in _REPAIRS:
            buffer.put(pattern, sign, repair=True)
        buffer.cut(_BETWEEN)
        s, at = buffer.joined()
        open_lists = (bisect.bisect_left(at, offset) for offset in undecided)
        return cls(
            s, flow, at, sorted(buffer.repaired), tuple(Span(n, n + 1) for n in open_lists if n < len(at))
        )

    def flow_range(self, span: Span) -> tuple[int, int]:
        """The characters of the flow behind a span."""
        if span.start >= span.end or not self._at:
            return 0, 0
        return self._at[span.start], self._at[min(span.end, len(self._at)) - 1] + 1

    def words(self, span: Span) -> str:
        """The document's own wording behind a span."""
        start, end = self.flow_range(span)
        return self.flow.text[start:end]

    def confidence(self, span: Span) -> float:
        """The reader's confidence in a span, lower where a character was repaired."""
        start, end = self.flow_range(span)
        low = bisect.bisect_left(self._repaired, start)
        repaired = low < len(self._repaired) and self._repaired[low] < end
        return min(self.flow.confidence(start, end), REPAIRED if repaired else 1.0)

    def handwritten(self, span: Span) -> bool:
        """Whether any of it was written by hand."""
        return self.flow.handwritten(*self.flow_range(span))

    def place(self, span: Span) -> dict[str, Any]:
        """The span as the interface prints it: page, start and end in the page's text, box."""
        start, end = self.flow_range(span)
        places = self.flow.places(start, end)
        if not places:
            return {"page": 1, "start": 0, "end": 0, "box": None}
        first = places[0]
        box = [round(edge, 2) for edge in first.box] if first.box else None
        return {"page": first.page, "start": first.start, "end": first.end, "box": box}

    @cached_property
    def sentences(self) -> list[Span]:
        """Stretches between 。；！ and line ends, in order."""
        found, start = [], 0
        for match in re.finditer(r"[。；！？\n]", self.s):
            if match.start() > start:
                found.append(Span(start, match.end()))
            start = match.end()
        if start < len(self.s):
            found.append(Span(start, len(self.s)))
        return found

    def sentence_at(self, offset: int) -> Span:
        """The sentence around an offset."""
        starts = [span.start for span in self.sentences]
        n = max(0, bisect.bisect_right(starts, offset) - 1)
        return self.sentences[n] if self.sentences else Span(0, 0)

    def find(self, pattern: re.Pattern[str], within: Span | None = None) -> Iterator[re.Match[str]]:
        """Matches of a pattern inside a span."""
        return pattern.finditer(self.s, within.start, within.end) if within else pattern.finditer(self.s)
