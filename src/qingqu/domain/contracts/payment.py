"""When rent is due and what stays free: first payment in months of rent, arrears, one-off payment, rent-free time."""

import re
from itertools import pairwise

from qingqu.domain.contracts.elements import Elements, Rent
from qingqu.domain.contracts.rates import RENT, months_from
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.contracts.tokens import Day
from qingqu.domain.values.numerals import number

_FEW = r"(?:[0-9]{1,3}|[一二三四五六七八九十两半壹贰叁肆伍陆柒捌玖拾]{1,3})(?![0-9])"
_PAY = re.compile(
    r"(?:支付|缴纳|交纳|付清|缴清|交清|付款|一付|一交|交付(?:租金|承包费)|预付|预交|付给|上交|上缴|交租|给付|打入|汇入|付租|收取|先付|先交|后付|后交)(?!方式|时间|期限|办法|标准)"
)
_ONE_OFF = re.compile(
    rf"一次性[^。；\n]{{0,10}}(?:支付|付清|缴清|交清|缴纳|交纳|付给|收取|交付|付)(?:全部|所有|合同期|{_FEW}年)?"
)
_ALL = re.compile(
    r"全部(?:租金|承包费|款|费用)|(?:租期|承包期|合同期)(?:内|限内)?(?:全部|的)?(?:租金|承包费)|总(?:租金|承包费|额|价款)|付清全|一次性(?:付清|缴清|交清|支付)(?:租金|承包费|承包款|流转费)?(?:给|[，。；]|$)"
)
_OFTEN = re.compile(
    r"(?:第[^条]{1,4}条|[0-9一二三四五六七八九十]{1,3}[、.])?(?:每(?:半年|季|月|年)|[一二三四五六七八九十]年一[付交]|一次性)"
)
_CURRENT = re.compile(
    r"当年|本年|下一?年|次年|每年|年度|半年|每季|每月|下一?(?:个)?(?:季|月)|首年|第一年|上年|各年"
)
_PREPAID = re.compile(
    rf"(?:预付|预交|首付|先付|先交|预先支付|首次支付|首期支付|首次缴纳|一次性(?:支付|付清|缴纳|交清|交纳|预付))[^。；，\n]{{0,8}}?(?:前)?({_FEW})(?:个)?年(?:的)?(?:租金|承包费|租|流转费|费用|承包款)|前({_FEW})(?:个)?年(?:的)?(?:租金|承包费|流转费|承包款)?[^。；\n]{{0,26}}?一次性|({_FEW})年一(?:付|交|次性|缴|结)|每({_FEW})年(?:支付|缴纳|交纳|付|交|缴)(?:一次)?"
)
_ARREARS = re.compile(
    r"先用后付|先用后交|先使用后|下打租|后付|年(?:底|终|末)(?:前)?(?:一次性)?(?:支付|付清|结清|缴纳|缴清|交清|交纳)|12月(?:31|30|25|20|底)[日号]?(?:之?前|止)?[^。；，\n]{0,8}(?:支付|付清|缴纳|缴清|交清|交纳)(?:当年|本年)|期满后(?:支付|付)|(?:收割|秋收|收获)[^。；，\n]{0,6}后[^。；，\n]{0,10}(?:支付|付|缴|交)(?!.{0,6}下)|支付上(?:一)?年|(?:支付|缴纳|交纳|付清)(?:上年|上一年)"
)
_AHEAD = re.compile(
    r"先付后用|先交后用|先交租后用|先缴后用|先交费后|先付款后|上打租|预付|提前[^。；，\n]{0,14}(?:支付|缴纳|交纳|付清|缴清|交清|付|交)|(?:支付|缴纳|交纳|付清|缴清|交清|交|付|缴)(?:清)?[^。；，\n]{0,4}(?:下一?年|次年|下一?(?:个)?(?:年度|季度|月))"
)
_FREQ = (
    ("6", re.compile(r"每半年|半年一|半年付|按半年|分两次|分二次|分两期|上半年|每年分2(?:次|期)|每年分两")),
    ("3", re.compile(r"每季|按季|季度(?:支付|付|缴|交)|一季一|每三个月|每3个月|分四次|分四期")),
    ("1", re.compile(r"每月|按月(?!租金)|月付|逐月|月初|月底前支付")),
    (
        "12",
        re.compile(
            r"每年|按年|年付|逐年|一年一|每一年|当年|本年|年度|次年|下一?年|每(?:个)?(?:承包|租赁)年|第一年|首年"
        ),
    ),
)
_DUE = re.compile(
    r"[0-9一二三四五六七八九十元]+月[0-9一二三四五六七八九十]*(?:日|号|底|初)?(?:之?前|以前|内)?|(?:签订|签字|签约|生效|交付|盖章)[^。；，\n]{0,10}(?:[0-9一二三四五六七八九十两]+(?:个)?(?:工作)?[日天]内|之日|当日|时|后|同时)|[0-9一二三四五六七八九十]+[日号](?:之?前|以前)|[0-9一二三四五六七八九十]+(?:个)?(?:工作)?(?:日|天)(?:之?内|以内|前)|提前[0-9一二三四五六七八九十]+(?:个)?(?:工作)?(?:日|天|月)|年初|年底|月初|月底|春节|清明|秋收|先付后用|先交后用"
)
_FREE = re.compile(
    rf"免租(?:金|装修|建设)?期(?:限)?(?:为|：|共|是|共计|计)*({_FEW})(?:\([^)]*\))?(个月|年|天|日)(?![0-9])|(?<![月0-9])({_FEW})(?:\([^)]*\))?(个月|年|天|日)(?![0-9])(?:的)?(?:为)?(?:免租|装修免租|建设免租|免收租金)|前({_FEW})(个月|年)(?![0-9])(?:的)?(?:为)?(?:免租|免收|免交|免缴|不收|租金免|装修期)[^。；\n]{{0,10}}|(?:给予|享有|享受)[^。；\n]{{0,8}}?({_FEW})(个月|年|天)(?![0-9])[^。；\n]{{0,6}}免租|免(?:收|交|缴|除)?(?:前)?({_FEW})(个月|年)(?![0-9])(?:的)?(?:租金|承包费)"
)  # fmt: skip
_FREE_FIRST = re.compile(r"(?:第一年|首年|头年)[^。；，\n]{0,6}(?:免租|免收|免交|免缴|不收|租金免)")


def read_payment(text: Text, parts: Parts, found: Elements, months: int | None) -> None:
    """Fills the payment fields of `found.rent`."""
    rent = found.rent
    for sentence in text.sentences:
        if sentence.start >= parts.signature.start:
            break
        words = text.s[sentence.start : sentence.end]
        title = parts.title_at(sentence.start)
        if not _PAY.search(words) or (
            re.search("违约金|滞纳金|押金|保证金|定金|征收|补偿|赔偿", words) and not RENT.search(words)
        ):
            continue
        titled = re.search("支付|付款|交纳|缴纳|租金|承包费|价款|交付方式|付租", title)
        if not (RENT.search(words) or titled or _OFTEN.match(words)):
            continue
        if re.search(r"逾期|拖欠|未按|如(?:不|未)|违约|水电|终止|解除", words) and not re.search(
            "每年|一次性|分[两二三四]", words
        ):
            continue
        rent.pay_span = rent.pay_span or sentence
        _payment(words, rent, months)


def _payment(words: str, rent: Rent, months: int | None) -> None:
    rent.due_known = rent.due_known or bool(_DUE.search(words))
    prepaid = _PREPAID.search(words)
    if prepaid:
        value = next((number(group) for group in prepaid.groups() if group), None)
        if value is not None and value == int(value):
            span = int(value) * 12
            rent.advance_months = max(rent.advance_months or 0, span)
            rent.one_off = rent.one_off or (months is not None and span >= months)
            return
    one = _ONE_OFF.search(words)
    if (
        one
        and not _CURRENT.search(words[max(0, one.start() - 14) : one.end() + 12])
        and (_ALL.search(words) or not _CURRENT.search(words))
    ):
        rent.one_off = True
        rent.advance_months = months
        return
    if rent.advance_months is not None:
        return
    if _ARREARS.search(words) and not _AHEAD.search(words):
        rent.arrears, rent.advance_months = True, 0
        return
    for count, pattern in _FREQ:
        if pattern.search(words):
            if _AHEAD.search(words) or re.search(r"前|内|初|先|当日|时|同时", words):
                rent.advance_months = int(count)
            return


def read_free(text: Text, parts: Parts, days: list[Day], found: Elements) -> None:
    """Rent-free time at the beginning (or from a dated range)."""
    rent, start = found.rent, found.term.start
    for match in _FREE.finditer(text.s, 0, parts.signature.start):
        pairs = [g for g in match.groups() if g]
        count = number(pairs[0])
        if count is None or count != int(count):
            continue
        if pairs[1] in {"天", "日"}:
            if int(count) % 30:
                found.doubt(
                    "rent.free", "免租期按天计，租金按月折算不出整数，请人工核定。", Span(*match.span())
                )
                rent.free_span = Span(*match.span())
                return
            rent.free_months = int(count) // 30
        else:
            rent.free_months = int(count) * (12 if pairs[1] == "年" else 1)
        rent.free_span = Span(*match.span())
        return
    first = _FREE_FIRST.search(text.s, 0, parts.signature.start)
    if first:
        rent.free_months, rent.free_span = 12, Span(*first.span())
        return
    for one, two in pairwise(days):
        led = re.search(
            r"(?:免租|装修)[^。；\n]{0,10}$", text.s[max(0, one.span.start - 14) : one.span.start]
        )
        followed = re.match(
            r"(?:日)?(?:止|期间)?[，]?(?:为|是)?(?:免租|装修免租)", text.s[two.span.end : two.span.end + 10]
        )
        if start and one.value and two.value and two.span.start - one.span.end < 6 and (led or followed):
            begin = months_from(start, one.value)
            end = months_from(start, type(start).fromordinal(two.value.toordinal() + 1))
            if begin is not None and end is not None and 0 <= begin < end:
                rent.free_at, rent.free_months, rent.free_span = begin, end - begin, one.span | two.span
            return
