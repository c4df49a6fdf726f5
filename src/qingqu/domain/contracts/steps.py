"""How the rent changes: rises and falls by percent or by a sum, every so many years, compound or on the first rent."""

import re
from decimal import Decimal

from qingqu.domain.contracts.elements import Rent, Step
from qingqu.domain.contracts.rates import RENT
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.values.numerals import NUM, number

_UP = "递增|上浮|增加|增长|上调|提高|上涨|调增|增幅|涨幅|递升|提升|加价|递涨|上升|增收|涨"
_DOWN = "递减|下调|下浮|降低|减少|减收|下降"
_PCT = rf"(?:[0-9]+(?:\.[0-9]+)?(?:%|个百分点)|百分之{NUM}|千分之{NUM}|{NUM}成)"
_SUM = rf"(?:人民币)?(?:{NUM})(?:\([^)]{{1,16}}\))?元"
_VALUE = rf"(?P<v>{_PCT}(?:(?:至|到|-+|~|—){_PCT})?|[0-9]+(?:\.[0-9]+)?(?:至|到|-+|~|—){_PCT}|{_SUM})"
_EVERY = rf"(?:每(?:满|隔|经|过)?(?P<n>{NUM})?(?:个)?(?:租赁|承包|合同)?(?P<u>年度?|周年)(?:为一(?:个)?(?:周期|阶段|期|递增期|租金调整期|调整周期|调价周期))?|逐(?P<each>年)|按(?P<peryear>年)|(?P<n2>{NUM})年(?:一(?:递增|调整|调|涨|个周期|周期)|(?=(?:递增|调整|上调|上浮|上涨)一次))|以(?P<n3>{NUM})年为(?:一(?:个)?)?(?:递增|调整|调价|租金)?(?:周期|期|阶段|档)|(?P<yearly>年)(?:均)?(?=(?:递增|增长|上浮|涨|[0-9.]+%的?(?:比例|幅度|速度)?递增))|(?P<month>每月))"
_GAP = r"(?:(?!每(?!次|期|亩|平))[^。；\n]){0,44}?"
_RISE = re.compile(rf"{_EVERY}{_GAP}(?P<dir>{_UP}|{_DOWN})(?:(?!每(?!次))[^。；\n0-9百千]){{0,16}}?{_VALUE}")
_RISE_BACK = re.compile(
    rf"{_EVERY}{_GAP}(?:按|以|在)?(?:(?!每)[^。；\n]){{0,20}}?{_VALUE}(?:的)?(?:比例|幅度|标准|速度)?(?:进行|逐年|予以|，)?(?P<dir>{_UP}|{_DOWN})"
)
_BARE = re.compile(
    rf"(?P<dir>{_UP}|{_DOWN})(?:率|幅度|比例|标准|额)?(?:为|是|：|按)?(?:每(?P<n>{NUM})?(?P<u>年)(?:为)?)?{_VALUE}"
)
_SHARE = re.compile(
    r"(?:为|按)(?:上一?年|上年|前一年|上一年度)(?:度)?(?:租金|承包费|流转费)?(?:标准)?的([0-9]{2,3}(?:\.[0-9]+)?)%(?!递|上|的)"
)
_START = re.compile(
    rf"(?:自|从)?第({NUM})(?:个)?(?:租赁|承包|合同|计租)?年(?:度)?(?:起|开始|始|以后)|(?:前|头|首)({NUM})(?:个)?年(?:租金|承包费|的)?(?:保持)?(?:不变|固定|不递增)|满({NUM})年后|({NUM})年(?:以|之)?后|(?:自|从)((?:19|20|21)[0-9]{{2}})年(?:1月1日)?(?:起|开始)"
)
_SIMPLE = re.compile(
    r"(?:以|按|在)?(?:首年|第一年|首期|起始|初始|第1年|基准|签约时|本合同约定的?|基础|合同签订时|首个年度|第一个[^，。]{0,4}年)(?:的)?(?:年)?(?:租金|承包费|价格|标准|金额|流转费)?(?:单价|标准|金额)?(?:为(?:基数|基准|基础)|的)"
)
_ONCE = re.compile(r"(?:递增|上浮|增加|上调|提高|调整)一次(?!，?(?:每|以后|之后))")
_NOT_RENT = re.compile(r"违约|滞纳|逾期|押金|保证金|补偿|赔偿|罚|利息|管理费|质保")
_RESET = re.compile(
    r"(?:每|满|隔)[0-9一二三四五六七八九十两]+年[^。；\n]{0,30}?(?:重新(?:协商|确定|议定|评估|核定|定价|约定)|协商(?:调整|确定)|另行(?:协商|确定)|按[^。；\n]{0,12}(?:市场|评估)[^。；\n]{0,8}(?:调整|确定))"
)
_FIXED = re.compile(
    r"(?:租金|承包费|流转费|租价|价格|标准)[^。；\n]{0,24}?(?:不变|不作调整|不做调整|不调整|固定不变|一定[0-9一二三四五六七八九十]+年|不予调整|保持不变)|(?:不得|无权|不再|不能|均不)(?:以任何理由)?[^，。；\n]{0,8}(?:提高|增加|上调|调高|提升|涨|上涨|调整|变更)[^，。；\n]{0,6}(?:租金|承包费|流转费|租价|费用)|(?:租金|承包费|流转费)[^，。；\n]{0,8}(?:不得|不再|不)(?:提高|增加|上涨|上调|调整|递增|涨)|不(?:得)?涨租|不递增"
)
_VAGUE = re.compile(
    r"(?:租金|承包费|流转费|价格)[^。；\n]{0,26}?(?:随行就市|按市场(?:行情|价格?)(?:调整|浮动|确定)?|根据市场(?:行情|价格|变化)|视市场|参照市场|酌情|适当(?:调整|上浮|提高|增加)|协商(?:调整|确定)|另行协商|另行约定|双方协商)"
)


def read_steps(text: Text, parts: Parts, rent: Rent) -> None:
    """Fills steps, reset, fixed, and marks ranges and vague words."""
    s, end = text.s, parts.signature.start
    seen: list[tuple[int, int]] = []
    for pattern in (_RISE, _RISE_BACK, _BARE):
        for match in pattern.finditer(s, 0, end):
            sentence = text.sentence_at(match.start())
            before = s[sentence.start : match.start()]
            value_at = match.start("v")
            if any(a <= value_at < b for a, b in seen) or _NOT_RENT.search(
                s[max(sentence.start, match.start() - 20) : match.end()]
            ):
                continue
            if not _about_rent(text, parts, match, before):
                continue
            step = _step(match, s[sentence.start : sentence.end], match.start() - sentence.start)
            if step is None:
                continue
            seen.append((match.start(), match.end()))
            rent.steps.append(step)
    for match in _SHARE.finditer(s, 0, end):
        percent = (number(match[1]) or Decimal(100)) - 100
        if percent and RENT.search(s[max(0, match.start() - 30) : match.end()]):
            rent.steps.append(Step(12, 12, percent, None, Span(*match.span())))
    rent.steps.sort(key=lambda step: step.span.start)
    for name, pattern in (("reset", _RESET), ("fixed", _FIXED)):
        for match in pattern.finditer(s, 0, end):
            sentence = text.sentence_at(match.start())
            words = s[sentence.start : sentence.end]
            if (
                re.search(r"前[0-9一二三四五六七八九十]+年|第[0-9一二三四五六七八九十]+年", match[0])
                and name == "fixed"
            ):
                continue
            if RENT.search(words) or RENT.search(parts.title_at(match.start())):
                setattr(rent, name, Span(*match.span()))
                break


def vague(text: Text, parts: Parts) -> Span | None:
    """Words that promise an adjustment without base and date."""
    for match in _VAGUE.finditer(text.s, 0, parts.signature.start):
        sentence = text.sentence_at(match.start())
        if not re.search(r"续|届满|期满|到期|终止", text.s[sentence.start : match.end()]):
            return Span(*match.span())
    return None


def _about_rent(text: Text, parts: Parts, match: re.Match[str], before: str) -> bool:
    words = before[-40:] + match[0]
    if RENT.search(words):
        return True
    title = parts.title_at(match.start())
    return bool(RENT.search(title) or re.search("价款|价格|费用|递增", title))


def _amounts(written: str) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """(percent, sum, upper end of a range of percents)."""
    plain = re.sub(r"\([^)]*\)", "", written)
    points = [_points(part) for part in re.findall(rf"{_PCT}|[0-9]+(?:\.[0-9]+)?(?=(?:至|到|-+|~|—))", plain)]
    known = [point for point in points if point is not None]
    if len(known) == 2:
        return known[0], None, known[1]
    if "元" in plain:
        return None, number(plain.replace("人民币", "").rstrip("元")), None
    return (known[0] if known else None), None, None


def _points(part: str) -> Decimal | None:
    if part.startswith("百分之"):
        return number(part[3:])
    if part.startswith("千分之"):
        value = number(part[3:])
        return value / 10 if value is not None else None
    if part.endswith("成"):
        value = number(part[:-1])
        return value * 10 if value is not None else None
    return number(part.replace("个百分点", "").rstrip("%"))


def _step(match: re.Match[str], sentence: str, at: int) -> Step | None:
    groups = match.groupdict()
    percent, amount, upper = _amounts(match["v"])
    if percent is None and amount is None:
        return None
    sign = -1 if re.fullmatch(_DOWN, match["dir"]) else 1
    written = groups.get("n") or groups.get("n2") or groups.get("n3")
    years = number(written) if written else Decimal(1)
    every: int | None = (
        int(years * 12) if years is not None and years == int(years) and years <= 100 else None
    )
    if groups.get("month"):
        return None
    if "n" in groups and not any(
        groups.get(k) for k in ("u", "each", "peryear", "n2", "n3", "yearly", "month")
    ):
        every = None  # 上浮5% without saying how often
    if groups.get("peryear") and every is None:
        every = 12
    unclear = amount is not None and match[0].startswith("每年")
    unclear = unclear and re.search(r"每(?:亩|平方米|㎡)$", sentence[:at]) is not None
    start = _start(sentence, at, match.end() - match.start() + at)
    lump = bool(
        amount is not None
        and not re.search(
            r"每亩|/亩|/㎡|每平方米|/平方米|每间", sentence[max(0, at - 30) : at + len(match[0]) + 6]
        )
    )
    around = sentence[max(0, at - 34) : at + len(match[0]) + 24]
    spread = (percent * sign, upper * sign) if percent is not None and upper is not None else None
    return Step(
        every, start, percent * sign if percent is not None and upper is None else None, amount * sign if amount is not None else None,
        Span(*match.span()), simple=bool(_SIMPLE.search(around)), once=every is None, unclear=unclear, range=spread, amount_lump=lump,
    )  # fmt: skip


def _start(sentence: str, at: int, end: int) -> int | None:
    """The month of the first step where the sentence names it."""
    found = None
    for match in _START.finditer(sentence[max(0, at - 40) : end]):
        found = match
    if found is None:
        return None
    if found[1]:
        value = number(found[1])
        return int(value - 1) * 12 if value is not None else None
    for group in (2, 3, 4):
        if found[group]:
            value = number(found[group])
            return int(value) * 12 if value is not None else None
    return -int(found[5])  # a calendar year, resolved where the start is known
