"""Sums of rent as worded: which of a contract's sums are rent, for how much of what and how long (元/亩/年, 年租金, 每间每月,
sum for the whole term), and for which years of the term each holds."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingqu.domain.contracts.elements import Rate
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.contracts.tokens import Day, Money
from qingqu.domain.values.numerals import NUM, number

RENT = re.compile(
    r"租金|承包费|承包金|承包款|流转费|流转金|流转价款|流转价格|租赁费|租费|地租|租价|土地使用费|使用费|转让费|转包费|承包价款|承包费用|租赁价格|租赁价款|年租|月租|日租|上交款|上缴款|房租|塘租|山租|租赁金|有偿使用费|租用费|资源使用费|土地款|单价|标准"
)
_OTHER = re.compile(
    r"押金|保证金|定金|违约|滞纳金|赔偿|补偿|罚|管理费|水费|电费|水电|青苗|物业|奖励|工本|手续费|误工|卫生费|维修基金|服务费|附着物|搬迁|复垦|投资(?:额|不|总)|注册资|保险|税|底价|起拍价|评估价|评估|竞拍|粮食补贴|贷款|抵押|不低于|门槛|中标价|成交价|竞得|调解费|工资|设施费|配套费|转让金|入场费|材料|损失|原租金|原合同|原承包费|超出"
)
_CHANGE = re.compile(
    r"(?:增加|递增|上浮|提高|上调|增长|上涨|涨|减少|下调|降低|递减|加收|加|增|降)(?:租金)?(?:为|人民币|：)?$"
)
_MU = r"(?:每1?市?亩|每一亩|亩均|亩(?:租金|租价|承包费|流转费)|元/亩|按亩)"
_M2 = r"(?:每1?(?:平方米|㎡|平米|平方|m2|M2)|每一平方米|元/(?:平方米|㎡|平米|平方|m2|M2))"
_ROOM = r"(?:每1?间|每一间|单间|元/间)"
_BASES = (("mu", re.compile(_MU)), ("m2", re.compile(_M2)), ("room", re.compile(_ROOM)))
_AFTER_BASES = (
    (
        "mu",
        re.compile(
            r"^(?:人民币)?(?:整)?(?:[/·.]|每|一)(?:年[/·.]?|每年)?(?:市)?亩|^/年·?/?亩|^/年[·/.]亩|^一亩"
        ),
    ),
    ("m2", re.compile(r"^(?:[/·.]|每|一)(?:年|月|天|日)?[/·.]?(?:平方米|㎡|平米|平方|[mM][2²])")),
    ("room", re.compile(r"^(?:[/·.]|每|一)(?:年|月)?[/·.]?间")),
)
_PERIODS = (
    ("half", re.compile(r"每?半年(?:租金|度)?|半年(?=$)")),
    ("quarter", re.compile(r"每(?:个)?季度?|季租金|季度租金|一季度")),
    ("month", re.compile(r"每(?:个)?月|月租金?|月租|月承包费|按月计(?:租|算|收)")),
    ("day", re.compile(r"每[天日](?!前)|日租金|每日每|按[日天]计(?:租|算|收)")),
    ("year", re.compile(r"每(?:一)?(?:个)?(?:承包|租赁|合同)?年(?:度)?(?!内|底|[0-9])|(?<![0-9一二三四五六七八九十两贰叁伍拾])年(?:均)?(?:租金|租价|承包费|承包金|承包款|租|租赁费|流转费|流转费用|租费|使用费|固定租金|总租金|应交|缴纳|度租金|度承包费)|全年(?:租金|承包费)?|一年(?:租金|承包费)?|逐年|(?:年度|各年)(?:租金|承包费)?")),
)  # fmt: skip
_AFTER_PERIODS = (
    ("half", re.compile(r"^[/每]半年")),
    ("year", re.compile(r"^(?:整)?\(每年\)|^(?:整|人民币|\(含税\))*(?:[/·.每一](?:市?亩|平方米|㎡|平米|平方|[mM][2²]|间))?[/·.*×]?(?:[/每·.一]?(?:一)?(?:个)?年)(?!内|底|[0-9])|^[/每一]年[·/.]?(?:亩|平方米|㎡|间)?")),
    ("month", re.compile(r"^(?:整|人民币)*(?:[/·.每一](?:市?亩|平方米|㎡|平米|平方|[mM][2²]|间))?(?:[/·.每一](?:个)?月)|^[/每]月")),
    ("day", re.compile(r"^(?:整|人民币)*(?:[/·.每一](?:市?亩|平方米|㎡|平米|平方|[mM][2²]|间))?[/·.每一][天日](?!前)|^[/每][天日](?!前)")),
    ("quarter", re.compile(r"^(?:整|人民币)*(?:[/·.每一](?:个)?季度?)")),
)  # fmt: skip
_TERM_TOTAL = re.compile(
    rf"(?:租金|承包费|流转费|租赁费|承包金|承包款|合同|费用|使用费|转让费|价款)*总(?:额|金额|价款|价|租金|承包费|承包款|流转费|费用|款)|(?!一年|1年)(?<![0-9]){NUM}年(?:的)?(?:租金|承包费|流转费|使用费|租赁费|承包款)?(?:总共|一共|共计|合计|总计|共|计|总)|(?:合同期|租赁期|承包期|全部|整个|租期)(?:内|限内|间)?(?:租金|承包费|费用)?(?:总|共|合)|一次性(?:付清|支付|缴清|交清|缴纳|交纳|收取)|总计|租金合计|承包费合计"
)
_ANNUAL_SUM = re.compile(
    r"(?:(?<![0-9一二三四五六七八九十两贰叁伍拾])年|每年|全年|年度)(?:应付|应缴|应交|需付|需缴)?(?:的)?(?:总)?(?:租金|承包费|承包金|承包款|流转费|租赁费|费用|租赁总额|使用费|价款)?(?:总额|总计|共计|合计|总共|共|计|总|金额)*(?:为|是|人民币|：)*$"
)
_PLAIN_SUM = re.compile(r"(?:共计|合计|总计|总共|计|共)(?:人民币|为|：|租金|承包费)*$")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of rent with what stands around it. `stage`: (first month, last month or None) where words give years."""

    money: Money
    rate: Rate
    total: bool
    ambiguous_total: bool
    stage: tuple[int, int | None] | None
    rest: bool = False
    lead: str = ""


def _left(text: Text, sums: list[Money], n: int) -> str:
    money = sums[n]
    sentence = text.sentence_at(money.span.start)
    begin = sentence.start
    if n and sums[n - 1].span.end > begin:
        begin = sums[n - 1].span.end
    left = text.s[begin : money.span.start]
    if len(left) < 2 and begin == sentence.start and sentence.start:
        left = text.s[max(0, sentence.start - 14) : sentence.start].rsplit("。", 1)[-1] + left
    return left


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], words: str, *, last: bool = False) -> str | None:
    best: tuple[int, str] | None = None
    for name, pattern in table:
        for match in pattern.finditer(words):
            if best is None or (match.start() > best[0] if last else match.start() < best[0]):
                best = (match.start(), name)
    return best[1] if best else None


def _is_rent(left: str, title: str, before: str) -> bool:
    other = [m.start() for m in _OTHER.finditer(left)]
    rent = [m.start() for m in RENT.finditer(left)]
    rent += [m.start() for m in re.finditer(r"每亩|每年|每月|/亩|每平方米|每平米|每㎡|每间|每m", left)]
    if _CHANGE.search(left) or (other and (not rent or max(other) > max(rent))):
        return False
    if rent:
        return True
    if _OTHER.search(before[-40:]) and not RENT.search(before[-30:]):
        return False
    return bool(RENT.search(title) or re.search("价款|费用|价格|支付|付款", title) or RENT.search(before))


def _is_rent_title(title: str) -> bool:
    return bool(RENT.search(title) or re.search(r"价款|费用|价格", title))


def classify(text: Text, parts: Parts, sums: list[Money], days: list[Day], start: date | None) -> list[Sum]:
    """The sums that are rent, each with its unit, period and years."""
    found: list[Sum] = []
    for n, money in enumerate(sums):
        if money.span.start >= parts.signature.start or _in_table(text, money):
            continue
        sentence = text.sentence_at(money.span.start)
        before = text.s[sentence.start : money.span.start]
        left = _left(text, sums, n)
        title = parts.title_at(money.span.start)
        if re.search(r"违约|保证金|押金|定金|其他|征收|征用|争议|补偿|解除", title) and not re.search(
            r"(?:年|月)?租金(?:为|：|标准)|承包费(?:为|：)", left
        ):
            continue
        if not _is_rent(left, title, before) or parts.legal(money.span.start):
            continue
        if re.search(r"(?:滞纳金|违约金|赔偿|补偿)[^，]*$", left):
            continue
        found.append(_sum(text, sums, n, left, before, days, start, found))
    return found


def _in_table(text: Text, money: Money) -> bool:
    line_start = text.s.rfind("\n", 0, money.span.start) + 1
    line_end = text.s.find("\n", money.span.end)
    line = text.s[line_start : line_end if line_end >= 0 else len(text.s)]
    return line.count("\t") >= 2


def _sum(
    text: Text,
    sums: list[Money],
    n: int,
    left: str,
    before: str,
    days: list[Day],
    start: date | None,
    known: list[Sum],
) -> Sum:
    money = sums[n]
    inside = re.search(r"元(?:整)?([/每·][^()\n]{1,12})\(", text.s[money.span.start : money.span.end])
    after = (inside[1] if inside else "") + text.s[money.span.end : money.span.end + 26]
    near = left[-34:]
    basis = _first(_AFTER_BASES, after) or _first(_BASES, near, last=True)
    period = _first(_AFTER_PERIODS, after) or _first(_PERIODS, near, last=True)
    if (
        basis is None
        and _first(_AFTER_PERIODS, after) is None
        and re.search(r"(?:年|每年|全年|年度)[^，]{0,6}(?:租金|承包费|流转费|费用)", near)
    ):
        period = period or "year"
    total = bool(_TERM_TOTAL.search(near)) and not _ANNUAL_SUM.search(near)
    if re.match(r"^(?:整)?[/每]", after) and period:
        total = False
    ambiguous = basis is None and period is None and (bool(_PLAIN_SUM.search(near)) or total is False)
    stage, rest = _stage(text, near, after, money, days, start)
    if (
        stage is None
        and basis is None
        and known
        and known[-1].stage is not None
        and known[-1].rate.basis in {"mu", "m2", "room"}
    ):
        between = text.s[known[-1].money.span.end : money.span.start]
        if (
            not re.search("[；。\n]", between)
            and len(between) < 24
            and re.search("年|计|共|合", between)
            and not total
        ):
            stage, rest, period = known[-1].stage, known[-1].rest, "year"
    if basis is not None and total and not re.search(r"总", near[-6:]):
        total = False
    if stage is not None and total and basis is None:
        total = not re.search(r"每年|年租金|/年", near)
    if total:
        period, basis = "term", basis or "lump"
    elif basis is None:
        basis = "lump" if period is not None else None
    span = money.span
    return Sum(
        money, Rate(money.value, basis, period, span), total, ambiguous and not total, stage, rest, near
    )


_ORD = rf"(?:{NUM})"
_STAGES = (
    (re.compile(rf"第({_ORD})(?:个)?(?:租赁|承包|合同|计租)?(?:年度?)?(?:至|到|-+|~|—)第?({_ORD})(?:个)?(?:租赁|承包|合同|计租)?年(?:度)?"), "range"),
    (re.compile(rf"第({_ORD})(?:个)?(?:租赁|承包|合同|计租)?年(?:度)?(?:开始|起)(?:至|到)(?:第)?({_ORD})年"), "range"),
    (re.compile(rf"第({_ORD})(?:个)?({_ORD})(?:个)?年"), "nth"),
    (re.compile(rf"第({_ORD})(?:个)?(?:租赁|承包|合同|计租)?年(?:度)?(?:起|开始|以后|及以后|之后|后|以后各年)"), "from"),
    (re.compile(rf"(?:满)?({_ORD})(?:个)?年(?:以|之)?后"), "after"),
    (re.compile(rf"(?:前|头|首|起始|开始的?|最初)(?:的)?({_ORD})(?:个)?年"), "head"),
    (re.compile(rf"(?:后|最后|末|余下|剩余|其余|后续|余)(?:的)?({_ORD})(?:个)?年"), "tail"),
    (re.compile(rf"第({_ORD})(?:个)?(?:租赁|承包|合同|计租)?年(?:度)?|(首年|头年|当年|头一年)"), "one"),
    (re.compile(r"(?:其余|剩余|余下|此后|以后|之后|其后|往后|后期)(?:的)?(?:各|每)?(?:年限|年度|年份|期限|租期|期间|年)?"), "rest"),
)  # fmt: skip
_YEAR_SPAN = re.compile(
    r"((?:19|20|21)[0-9]{2})年?(?:度)?(?:至|到|-+|~|—)((?:19|20|21)[0-9]{2})年(?:度)?(?![0-9]{1,2}月)"
)
_YEAR_ONE = re.compile(r"((?:19|20|21)[0-9]{2})年(?:度)?(?![0-9]{1,2}月|底|末)")


def stage_of(words: str, start: date | None) -> tuple[tuple[int, int | None] | None, bool]:
    """Years of the term that words name: months [first, last), last None = to the end; negative first = the last years.

    The flag says that it is "the rest", whose beginning is where the stage before ended."""
    best: tuple[int, tuple[int, int | None], bool] | None = None
    for pattern, kind in _STAGES:
        for match in pattern.finditer(words):
            span = _months_of(match, kind)
            if span is not None and (best is None or (match.start() > best[0] and match.end() > best[0] + 1)):
                best = (match.start(), span, kind == "rest")
        if best is not None and kind in {"range", "nth"}:
            break
    if start is not None:
        for match in _YEAR_SPAN.finditer(words):
            first, last = (int(match[1]) - start.year) * 12, (int(match[2]) - start.year) * 12
            if first >= 0 and last > first - 1:
                # with terms that begin in January a calendar year is a contract year; otherwise years are only bounds
                return (first, last + 12 if start.month == 1 and start.day == 1 else last), False
        if best is None and start.month == 1 and start.day == 1:
            hits = list(_YEAR_ONE.finditer(words))
            if hits:
                first = (int(hits[-1][1]) - start.year) * 12
                return ((first, first + 12), False) if first >= 0 else (None, False)
    return (best[1], best[2]) if best else (None, False)


def _months_of(match: re.Match[str], kind: str) -> tuple[int, int | None] | None:
    numbers = [
        number(group) for group in match.groups() if group and group not in {"首年", "头年", "当年", "头一年"}
    ]
    if any(value is None or value != int(value) or value > 150 for value in numbers):
        return None
    counts = [int(value) for value in numbers if value is not None]
    if kind == "range":
        return ((counts[0] - 1) * 12, counts[1] * 12) if len(counts) == 2 and counts[0] <= counts[1] else None
    if kind == "nth":
        return ((counts[0] - 1) * counts[1] * 12, counts[0] * counts[1] * 12) if len(counts) == 2 else None
    if kind == "from":
        return ((counts[0] - 1) * 12, None)
    if kind == "after":
        return (counts[0] * 12, None)
    if kind == "head":
        return (0, counts[0] * 12)
    if kind == "tail":
        return (-counts[0] * 12, None)
    if kind == "one":
        first = counts[0] if counts else 1
        return ((first - 1) * 12, first * 12)
    return (0, None)


def _stage(
    text: Text, near: str, after: str, money: Money, days: list[Day], start: date | None
) -> tuple[tuple[int, int | None] | None, bool]:
    if start is not None:
        dated = _dated_stage(text, near, money, days, start)
        if dated is not None:
            return dated, False
    clean = re.sub(
        r"第[0-9一二三四五六七八九十]+年(?:起)?(?:至|到)(?:期满|届满|到期|合同期满|租期届满|结束)|每(?:满|隔)?[0-9一二三四五六七八九十两]+年|[0-9一二三四五六七八九十两]+年一",
        "",
        near,
    )
    found, rest = stage_of(clean, start)
    if found is None:
        bracket = re.match(r"^(?:整)?(?:[/每·][^，。(]{1,6})*\(([^)]*年[^)]*)\)", after)
        if bracket:
            return stage_of(bracket[1], start)
    return found, rest


def _dated_stage(
    text: Text, near: str, money: Money, days: list[Day], start: date
) -> tuple[int, int | None] | None:
    from_ = money.span.start - len(near)
    inside = [d for d in days if d.span.start >= from_ and d.span.end <= money.span.start]
    if len(inside) >= 2 and all(d.value for d in inside[-2:]):
        first, last = inside[-2].value, inside[-1].value
        if first is None or last is None or last <= first or first < start:
            return None
        begin = months_from(start, first)
        end = months_from(start, date.fromordinal(last.toordinal() + 1))
        if end is None and last.day == start.day:
            end = months_from(start, last)  # 1 January to 1 January: people who do not count the end day
        return (begin, end) if begin is not None and end is not None else None
    if len(inside) == 1 and inside[0].value and re.search(r"起[^0-9]*$", near):
        begin = months_from(start, inside[0].value)
        return (begin, None) if begin is not None and begin >= 0 else None
    return None


def months_from(start: date, day: date) -> int | None:
    """Whole months from start to a day; None where days are left over."""
    if day.day != start.day:
        return None
    return (day.year - start.year) * 12 + day.month - start.month


def kind_formula(text: Text, parts: Parts) -> tuple[str, Span] | None:
    """Rent in kind, by an index or the market price, or by shares of the crop: (formula, place)."""
    patterns = (
        ("in_kind", r"(?:每亩|每年|年)[^。；\n]{0,24}?(?:稻谷|水稻|大米|粳稻|早稻|晚稻|粳米|籼稻|小麦|玉米|粮食|黄谷|稻子|原粮|中稻|实物|干谷|谷子|大豆)[^。；\n]{0,14}?(?:" + NUM + r")(?:\([^)]*\))?(?:市?斤|公斤|千克|kg|吨)|(?:" + NUM + r")(?:\([^)]*\))?(?:市?斤|公斤|千克|kg)(?:\([^)]*\))?(?:的)?(?:稻谷|水稻|大米|粳稻|小麦|玉米|粮食|黄谷|中稻|干谷|籼稻)"),
        ("index", r"(?:按|以|参照|依照|随|依据)[^。；\n]{0,24}?(?:市场价|收购价|挂牌价|保护价|指导价|中间价|物价指数|CPI|价格指数)[^。；\n]{0,14}?(?:折算|折价|计算|折合|结算|计付|折款|折现|浮动|调整|确定|计价)"),
        ("share", r"(?:按|以)[^。；\n]{0,16}?(?:产量|产值|收益|利润|收入|营业额)的?[^。；\n]{0,8}?(?:分成|比例|%|成)"),
    )  # fmt: skip
    for name, pattern in patterns:
        for match in re.finditer(pattern, text.s[: parts.signature.start]):
            sentence = text.sentence_at(match.start())
            before = text.s[sentence.start : match.end()]
            if RENT.search(before) or RENT.search(parts.title_at(match.start())):
                if re.search(r"补偿|赔偿|违约|期满|届满|续租|续签|青苗|征收", before):
                    continue
                return name, Span(*match.span())
    return None


def scaled(rate: Rate, area: dict[str, Decimal]) -> Decimal | None:
    """Yuan a year behind a rate; None where a unit's quantity or the period is unknown, or days do not make a year."""
    if rate.value is None or rate.basis is None or rate.period is None:
        return None
    times = {"year": 1, "half": 2, "quarter": 4, "month": 12}.get(rate.period)
    quantity = Decimal(1) if rate.basis == "lump" else area.get(rate.basis)
    if times is None or quantity is None:
        return None
    return rate.value * quantity * times
