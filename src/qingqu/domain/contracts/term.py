"""The contract's time: start, end, length. Both ends count; what is said in words is held against the dates.

Words that only look like a term are passed over: what the law allows, rent-free and building periods, stages of the
rent, times of payment, the former contract. A date that a calendar does not carry (after the harvest, lunar days,
2月30日) is named, never computed."""

import re
from datetime import date, timedelta
from itertools import pairwise

from qingqu.domain.contracts import tokens
from qingqu.domain.contracts.elements import CERTAIN, DERIVED, Elements
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text

KEY = re.compile(
    r"(?:租赁|承租|出租|承包|经营|流转|使用|合同|转包|租用|合作|转让|入股|租地|土地|发包|开发|出让|协议|租)(?:经营|使用|承包|租赁|有效)*(?:的)?(?:年限|期限|期间|期|时间|起止日期|起止时间)|租期|期限|年限|有效期|承包期|起止(?:时间|日期|年月)|租给|为期"
)
_NOT = re.compile(
    r"免租|免收|免交|免缴|免费|装修|建设期|建成|筹备|培育期|前[0-9一二三四五六七八九十]+年|后[0-9一二三四五六七八九十]+年|第[0-9一二三四五六七八九十]+(?:个|阶段|期|年)|阶段|公示|保修|质保|缺陷|宽限|原(?:合同|承包|租赁|协议|定)|上一轮|[一二三]轮|承包经营权(?:的)?(?:证书)?(?:剩余|期限)|剩余|续签|续租|续期|续约|展期|届满后|期满后|到期后|提前|逾期|满[0-9一二三四五六七八九十]|每满?[0-9一二三四五六七八九十]*$|任期|换届|交纳|缴纳|缴清|付清|付款|支付|预付|首期|首次|计租期|调整|递增|租金标准|单价|每亩|收益期|见效|补种|剩余期限|(?:承包地|家庭承包|承包权)[^，。]{0,8}期限|逾|内完成|内交|投资期|不变|工期|施工期|建设工期|合同工期"
)
_TO = re.compile(
    r"(?:\((?:含|包含|包括|不含)?(?:当日|本日|该日|当天)?\))?(?:零时|0时|00：00|早上|凌晨)?(?:\([^)\n]{0,8}\))?(?:开始计算|起算|开始|起始|起租|起|始|生效)?[，、]?(?:计算)?(?:直?至|到|-+|~|—|起至|截至|截止到?|终止于|止于|至于|(?:终止|结束|截止)(?:时间|日期|日)?(?:为|：)?)"
)
_FROM_SIGNING = re.compile(
    r"(?:自|从|于)?(?:本)?(?:合同|协议|双方)?(?:书)?(?:签订|签字|签署|签约|签章)(?:盖章)?(?:之日|当日|日|生效之日)?起"
)
_FROM_DELIVERY = re.compile(r"(?:自|从)[^，。；\n]{0,12}?(?:交付|交地|移交|接收)(?:使用)?(?:之日|当日|日)起")
_FROM_EFFECT = re.compile(r"(?:自|从)[^，。；\n]{0,8}?生效(?:之日|日)?起")


def month_end(start: date, months: int) -> date | None:
    """The last day of a term of so many months; None beyond the calendar."""
    y, m = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= y <= 9998:
        return None
    day = start.day
    while True:
        try:
            return date(y, m + 1, day) - timedelta(days=1 if day == start.day else 0)
        except ValueError:
            day -= 1


def months_between(start: date, end: date) -> tuple[int, int]:
    """Whole months from start to end, the end day counted, and the days beyond; one day either way is no difference."""
    months = (end.year - start.year) * 12 + end.month - start.month
    for count in (months + 1, months, months - 1):
        last = month_end(start, count)
        if last is None:
            continue
        gap = (end - last).days
        if gap >= -1:
            return count, max(0, gap - 1) and gap
    return months, 0


def read_term(text: Text, parts: Parts, days: list[tokens.Day], found: Elements) -> None:
    """Fills `found.term`."""
    term = found.term
    durations = tokens.durations(text)
    ranges = _ranges(text, parts, days)
    _settle_dates(text, ranges, found)
    if term.start is None and term.end is None and not ranges:
        _single_dates(text, parts, days, found)
    if found.kind == "supplement" and term.end is None:
        _extended(text, parts, days, found)
    _settle_length(text, parts, durations, ranges, days, found)
    _complete(text, parts, found)
    if found.nature in {"management_right_transfer", None}:
        _contracting(text, parts, days, found)


def _context(text: Text, parts: Parts, start: int) -> tuple[str, str]:
    """(title of the clause, words of the sentence before the offset)."""
    sentence = text.sentence_at(start)
    before = text.s[sentence.start : start]
    previous = text.s[max(0, sentence.start - 24) : sentence.start]
    label = re.search(r"([^\n。；]{2,12})[：\n]$", previous)
    return parts.title_at(start) + " " + (label[1] if label and len(before) < 6 else ""), before


def _speaks_of_term(text: Text, parts: Parts, start: int, reach: int = 26) -> bool:
    title, before = _context(text, parts, start)
    if parts.legal(start):
        return False
    keys = list(KEY.finditer(before))
    if not keys and re.search("租金|承包费|流转费|价款|付款|支付|费用", title):
        return False
    if keys and re.search("租金|承包费|流转费|元", before[keys[-1].end() :]):
        return False
    clause_words = re.split(r"[，；]", before)[-1]
    if _NOT.search(before[-reach:]) and not re.search(KEY.pattern + r"[^，]{0,4}$", clause_words):
        return False
    if re.search(r"免租|装修|建设|保修|支付|缴纳|交纳", clause_words) or _NOT.search(clause_words[-14:]):
        return False
    return bool(KEY.search(before[-reach:]) or KEY.search(title) or re.search("期限|租期", title))


_STAGED = re.compile(
    r"(?:日)?(?:止|期间|止期间)?([，：(]?)(?:期间)?(?:的)?(?:每年|年)?(?:年?租金|每亩|每平|年?承包费|年?流转费|按|租金)[^，。]{0,14}[0-9]"
)


def _ranges(text: Text, parts: Parts, days: list[tokens.Day]) -> list[tuple[tokens.Day, tokens.Day]]:
    found = []
    for first, second in pairwise(days):
        if second.span.start >= parts.signature.start or not _TO.fullmatch(
            text.s, first.span.end, second.span.start
        ):
            continue
        if not _speaks_of_term(text, parts, first.span.start):
            continue
        after = text.s[second.span.end : second.span.end + 24]
        if re.match(r"(?:日)?(?:止|期间|止期间)?[，：]?(?:为|是)?(?:免租|装修|建设|试)", after):
            continue
        money = _STAGED.match(after)
        near = _context(text, parts, first.span.start)[1][-12:]
        if money and (not money[1] or not KEY.search(near) or re.search("期内|期间内", near)):
            continue
        if second.problem == "no_year" and first.value and second.parts[1] and second.parts[2]:
            try:
                second = tokens.Day(second.span, date(first.value.year, second.parts[1], second.parts[2]))
            except ValueError:
                second = tokens.Day(second.span, None, "impossible", second.parts)
        found.append((first, second))
    return found


_WHY = {
    "impossible": "日历上没有这一天", "lunar": "是农历日期", "event": "不是日历日期", "month_only": "只写到月", "year_only": "只写到年",
    "ambiguous": "年份只写了两位", "no_year": "没有写年份", "blank": "没有填",
}  # fmt: skip


def _settle_dates(text: Text, ranges: list[tuple[tokens.Day, tokens.Day]], found: Elements) -> None:
    term = found.term
    for index, name in ((0, "start"), (1, "end")):
        readings = [pair[index] for pair in ranges]
        values = list(dict.fromkeys(day.value for day in readings if day.value))
        if len(values) > 1:
            if _split_by_class(text, ranges):
                term.parts = len(ranges)
                found.doubt(
                    "term", "各类土地的期限分别约定，请人工核对每一类。", *[day.span for day in readings]
                )
                continue
            shown = "、".join(value.isoformat() for value in values)
            found.clash(
                f"term.{name}",
                f"{'起' if index == 0 else '止'}日前后写成{shown}",
                *[day.span for day in readings],
            )
            continue
        for day in readings:
            if day.problem:
                term.problems.append((name, day.problem, day.span))
        if values and not any(day.problem in {"impossible"} for day in readings):
            day = next(day for day in readings if day.value)
            setattr(term, name, day.value)
            found.note(f"term.{name}", day.span, min(CERTAIN, text.confidence(day.span)))
            term.spans.append(day.span)


_CLASS = re.compile("耕地|林地|水面|水田|旱地|鱼塘|荒山|山林|园地|房屋|场地|仓库|厂房")


def _split_by_class(text: Text, ranges: list[tuple[tokens.Day, tokens.Day]]) -> bool:
    words = [
        (_CLASS.findall(text.s[max(0, first.span.start - 12) : first.span.start]) or [""])[-1]
        for first, _ in ranges
    ]
    return len(ranges) > 1 and all(words) and len(set(words)) == len(ranges)


def _single_dates(text: Text, parts: Parts, days: list[tokens.Day], found: Elements) -> None:
    """自2024年1月1日起20年; 至2043年12月31日止; 起始日期：…."""
    term = found.term
    for day in days:
        if day.span.start >= parts.signature.start:
            break
        after = text.s[day.span.end : day.span.end + 8]
        _, before = _context(text, parts, day.span.start)
        ahead = re.match(
            r"(?:日)?(?:算)?(?:起|开始)[^，。；\n]{0,4}[，]?(?:本合同)?" + KEY.pattern,
            text.s[day.span.end : day.span.end + 16],
        )
        starts = re.match(r"(?:日)?(?:算|为)?(?:起|开始|始)", after) or re.search(
            r"(?:起始|开始|起租|起)(?:日期|时间|日)?(?:为|：|于|\t)*$", before
        )
        ends = re.match(r"(?:日)?(?:止|终止|届满|到期|为止|结束)", after) or re.search(
            r"(?:终止|截止|结束|届满|到期|止)(?:日期|时间|日)?(?:为|：|于|\t)*$|至$|到$", before
        )
        named = re.search(r"(?:起始|开始|起租|终止|截止|结束|到期)(?:日期|时间|日)(?:为|：|于|\t)*$", before)
        if not (starts or ends) or not (ahead or named or _speaks_of_term(text, parts, day.span.start)):
            continue
        name = "start" if starts else "end"
        if getattr(term, name) is None and day.value:
            setattr(term, name, day.value)
            found.note(f"term.{name}", day.span)
            term.spans.append(day.span)
        elif day.problem and not any(p[0] == name for p in term.problems):
            term.problems.append((name, day.problem, day.span))


def _extended(text: Text, parts: Parts, days: list[tokens.Day], found: Elements) -> None:
    """A supplement's new end: 延长至…."""
    for day in days:
        led = re.search(r"(?:延长|延期|顺延|展期|变更|续延)(?:至|到|为)$", text.s[: day.span.start][-6:])
        if day.value and led and day.span.start < parts.signature.start:
            found.term.end = day.value
            found.term.spans.append(day.span)
            found.note("term.end", day.span)
            return


def _lengths(
    text: Text, parts: Parts, durations: list[tokens.Duration], ranges: list[tuple[tokens.Day, tokens.Day]]
) -> list[tokens.Duration]:
    found = []
    ends = [pair[1].span.end for pair in ranges]
    for duration in durations:
        if duration.days is not None or duration.span.start >= parts.signature.start:
            continue
        start = duration.span.start
        after = text.s[duration.span.end : duration.span.end + 8]
        if re.match(
            r"(?:以内|以上|以下|内|后|前|之内|之后|一次|一调|一付|一交|一递增|为一|一个|租金|的?(?:承包费|租金|流转费)|免|一周期|时|期间的)",
            after,
        ):
            continue
        behind = next((end for end in ends if 0 <= start - end <= 14), None)
        if (
            behind is not None
            and re.fullmatch(
                r"(?:日)?(?:止|为止|终止|届满)?[，、。]?\(?(?:共计|合计|总计|共|计|为期|期限(?:为)?|租期(?:为)?|期|即|租赁期限?为?|承包期限?为?|为|总共)*[：]?",
                text.s[behind:start],
            )
        ) or (_speaks_of_term(text, parts, start, 20) and _directly(text, parts, start)):
            found.append(duration)
    return found


def _directly(text: Text, parts: Parts, start: int) -> bool:
    """The length stands right behind a word for the term, or first in the clause about it."""
    title, before = _context(text, parts, start)
    near = re.split(r"[，；]", before)[-1]
    if re.search(r"(?:起|租)满$", near):
        return True
    if re.search(r"(?:每|满|前|后|第|再|延长|增加|提前|隔|最后|首|头|过|近|达)$", near):
        return False
    if re.search(
        r"(?:期限|年限|租期|期|时间|有效期|为期|租给[^，]{0,6}|期间)(?:总共|一共|暂定|约定|确定|定|共计|合计|共|计|为|是|均为|：|\t|（|\(|即|、)*$",
        near,
    ):
        return True
    if re.search(
        r"(?:起|之日起|止|开始)[，]?(?:计算)?(?:，)?(?:共计|共|计|租期|为期|期限为?|有效期)*$", near
    ):
        return True
    plain = re.sub(r"^(?:第[0-9一二三四五六七八九十]+条|[一二三四五六七八九十0-9]+[、.])", "", before)
    return re.search("期限|租期|年限", title) is not None and len(
        re.sub(r"期限|年限|租期|[^一-鿿]", "", plain)
    ) <= 4 + len(title)


def _settle_length(
    text: Text,
    parts: Parts,
    durations: list[tokens.Duration],
    ranges: list[tuple[tokens.Day, tokens.Day]],
    days: list[tokens.Day],
    found: Elements,
) -> None:
    term = found.term
    lengths = _lengths(text, parts, durations, ranges)
    for length in lengths:
        if length.problem == "differs":
            found.clash("term.stated_months", f"期限“{text.words(length.span)}”大小写不一致", length.span)
            return
        if length.problem == "blank":
            term.problems.append(("length", "blank", length.span))
    known = [length for length in lengths if length.months]
    values = list(dict.fromkeys(length.months for length in known))
    if len(values) > 1:
        if term.parts > 1:
            return
        shown = "、".join(dict.fromkeys(text.words(length.span) for length in known))
        found.clash("term.stated_months", f"期限前后写成{shown}", *[length.span for length in known])
        return
    if values:
        term.stated_months = values[0]
        found.note("term.stated_months", known[0].span)
        term.spans.append(known[0].span)


def _complete(text: Text, parts: Parts, found: Elements) -> None:
    """Start from the signature or delivery, end from the length, months from both."""
    term = found.term
    bad = {c.path.split(".")[1] for c in found.conflicts if c.path.startswith("term.")}
    bad |= {p[0] for p in term.problems}
    if term.start is None and "start" not in bad:
        _start_in_words(text, parts, found)
    if term.start and term.end is None and "end" not in bad and term.stated_months:
        term.end = month_end(term.start, term.stated_months)
        if term.end:
            found.note("term.end", found.places["term.stated_months"].span, DERIVED)
    elif (
        term.end and term.start is None and "start" not in bad and term.stated_months and not term.start_from
    ):
        back = month_end(term.end + timedelta(days=1), -term.stated_months)
        if back:
            term.start = back + timedelta(days=1)
            found.note("term.start", found.places["term.stated_months"].span, DERIVED)
    if term.start and term.end and term.end > term.start:
        term.months, term.extra_days = months_between(term.start, term.end)
    elif term.stated_months and term.start is None and term.end is None and not bad & {"start", "end"}:
        term.months = term.stated_months
    for name, problem, span in term.problems:
        if problem != "impossible":
            side = {"start": "起日", "end": "止日", "length": "期限"}[name]
            why = _WHY.get(problem, "看不清")
            found.doubt(f"term.{name}", f"{side}“{text.words(span)}”{why}，算不出日历日期。", span)


_GOES_ON = re.compile(r"[，]?(?:计算)?[，]?(?:至|到|共|计|[0-9一二三四五六七八九十贰叁伍壹廿卅])")


def _start_in_words(text: Text, parts: Parts, found: Elements) -> None:
    """自签订之日起, 自交付之日起: the day itself where the text gives it elsewhere."""
    term = found.term
    sources = (
        (_FROM_SIGNING, "signing", found.signed), (_FROM_DELIVERY, "delivery", found.delivery), (_FROM_EFFECT, "effect", None),
    )  # fmt: skip
    for pattern, source, value in sources:
        for match in pattern.finditer(text.s, 0, parts.signature.start):
            title, before = _context(text, parts, match.start())
            if not KEY.search(before[-20:] + title) or not _GOES_ON.match(text.s, match.end()):
                continue
            span = Span(*match.span())
            term.start_from = source
            term.spans.append(span)
            if value is not None:
                term.start = value
                found.note("term.start", span, DERIVED)
            return


def _contracting(text: Text, parts: Parts, days: list[tokens.Day], found: Elements) -> None:
    """Until when the farmers' own contract runs, where the text says so."""
    pattern = re.compile(
        r"(?:承包经营权证|家庭承包|二轮|第二轮|三轮|第三轮|承包经营权|原承包|土地承包期|承包合同|承包权|延包|承包期限?|承包期间)[^。\n]{0,40}?(?:期限|承包期|至|到|届满|到期|止)"
    )
    for match in pattern.finditer(text.s, 0, parts.signature.start):
        sentence = text.sentence_at(match.start())
        own = {(span.start, span.end) for span in found.term.spans}
        inside = [
            d for d in days
            if match.start() <= d.span.start < sentence.end and d.value and (d.span.start, d.span.end) not in own
        ]  # fmt: skip
        if inside:
            found.term.contracting_end, found.term.contracting_span = inside[-1].value, inside[-1].span
            return
