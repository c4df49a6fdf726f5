"""The small words of a contract: sums of money, dates, spans of time, areas, percents. Each knows its place; one that
is carried twice differently has no value and says so; one that no calendar has says so too."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingqu.domain.contracts.text import BLANK, Span, Text
from qingqu.domain.values.numerals import ARABIC, CHINESE, NUM, money_words, number


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in yuan. `figures`, `words`: as written; `value` is None where the two differ (`consistent` False)."""

    span: Span
    value: Decimal | None
    figures: str | None = None
    words: str | None = None
    words_value: Decimal | None = None
    figures_value: Decimal | None = None

    @property
    def consistent(self) -> bool | None:
        """Whether figures and words agree; None where only one of them stands there."""
        if self.figures is None or self.words is None:
            return None
        return self.words_value is not None and self.figures_value == self.words_value


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written. `problem`: impossible | lunar | event | blank | no_year | month_only | year_only | ambiguous."""

    span: Span
    value: date | None
    problem: str | None = None
    parts: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time in months (or days); `value` None where figure and word differ or the number is blank."""

    span: Span
    months: int | None
    days: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """An area: `value` in `unit` (mu, m2, room), and in m2 where that is a matter of reckoning."""

    span: Span
    value: Decimal | None
    unit: str
    approximate: bool = False

    @property
    def m2(self) -> Decimal | None:
        """Square metres, 1 mu = 2000/3."""
        if self.value is None or self.unit == "room":
            return None
        return self.value if self.unit == "m2" else self.value * 2000 / 3


_BOTH = rf"({NUM})(?:\((?:大写|小写|即)?：?({NUM})\))?"
_FIG = re.compile(
    r"(?P<lead>¥|小写(?:为|人民币)?[：¥]*(?:人民币)?¥?)?(?P<n>[0-9]+(?:\.[0-9]+)?(?:[万千百亿](?:[0-9]+(?:\.[0-9]+)?[千百])*)?)"
    r"(?:\((?P<mid>[零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)\))?(?P<u>(?:多|余)?元|圆|块钱?)?(?P<e>整|正)?"
)
_CAPS = "[零〇一二三四五六七八九十百千两廿卅壹贰叁肆伍陆柒捌玖拾佰仟万亿]"
_WORDS = re.compile(
    rf"(?P<lead>大写(?:金额|为|人民币)*[：]?(?:人民币)?[：]?)?(?P<n>{_CAPS}+)(?:\((?P<mid>[0-9]+(?:\.[0-9]+)?)\))?(?P<u>元|圆|块钱?)?(?P<r>(?:零?{_CAPS}角)?(?:零?{_CAPS}分)?)(?P<e>整|正)?"
)
_BETWEEN = re.compile(r"(?:/年|/月|每年|/亩|/㎡|/平方米)?(?:[()：，¥/]|即|计|合|人民币|大写|小写|金额|为)*")


def _figure_tokens(text: str) -> list[Money]:
    found = []
    for match in _FIG.finditer(text):
        if not match["u"] and not match["lead"]:
            continue
        before = text[match.start() - 1 : match.start()]
        if before and (before.isdigit() or (before in ".第/-" and not match["lead"])):
            continue
        if text[match.end() : match.end() + 1].isdigit() or (
            not match["u"] and text[match.end() : match.end() + 1] in "年月日%亩-"
        ):
            continue
        value = number(match["n"])
        words = match["mid"]
        worth = number(words) if words else None
        if value is None:
            continue
        agreed = value if not words or worth == value else None
        found.append(Money(Span(*match.span()), agreed, match["n"], words, worth, value))
    return found


def _word_tokens(text: str) -> list[Money]:
    found = []
    for match in _WORDS.finditer(text):
        if not match["u"] and not match["lead"]:
            continue
        if text[match.start() - 1 : match.start()] in tuple("第0123456789.几数") and not match["lead"]:
            continue
        worth = money_words(match["n"] + "元" + (match["r"] or ""))
        figure = number(match["mid"]) if match["mid"] else None
        agreed = worth if figure is None or figure == worth else None
        written = match["n"] + (match["u"] or "") + (match["r"] or "") + (match["e"] or "")
        found.append(Money(Span(*match.span()), agreed, match["mid"], written, worth, figure))
    return found


def sums(text: Text) -> list[Money]:
    """Every sum of money; a figure and the words beside it are one."""
    tokens = sorted(
        [*_figure_tokens(text.s), *_word_tokens(text.s)], key=lambda m: (m.span.start, -m.span.end)
    )
    found: list[Money] = []
    for token in tokens:
        last = found[-1] if found else None
        if last and token.span.start < last.span.end:
            continue
        if last and _pair(text.s, last, token):
            figures, words = (last, token) if last.words is None else (token, last)
            closed = text.s[token.span.end : token.span.end + 1] == ")"
            value = figures.figures_value if figures.figures_value == words.words_value else None
            found[-1] = Money(
                Span(last.span.start, token.span.end + closed), value,
                figures.figures, words.words, words.words_value, figures.figures_value,
            )  # fmt: skip
            continue
        found.append(token)
    return found


def _pair(s: str, first: Money, second: Money) -> bool:
    if (first.words is None) == (second.words is None) or (first.figures is None) == (second.figures is None):
        return False
    between = s[first.span.end : second.span.start]
    if len(between) > 14 or _BETWEEN.fullmatch(between) is None:
        return False
    lead = s[second.span.start : second.span.start + 2]
    marked = "(" in between or "写" in between + lead or "¥" in between + lead or between in {")", "，即"}
    return marked or between == ""


_Y = r"(?P<y>[12][0-9]{3}|[零〇一二三四五六七八九]{4}|[壹贰叁肆伍陆柒捌玖零]{4})"
_ND = r"(?:[0-9]{1,2}|[元正一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]{1,3})"
_DATE = re.compile(
    rf"(?P<lunar>农历|阴历|古历|旧历)?(?:公元)?{_Y}年(?P<lunar2>\(?(?:农历|阴历|古历|旧历)\)?)?(?:(?P<m>{_ND}|腊|冬)月(?:(?P<d>初?{_ND})[日号]|(?P<ld>初[一二三四五六七八九十])|(?P<tail>底|末|初|中旬|上旬|下旬)?)|(?P<ytail>年?底|年?末|年?初)?)(?!(?![0-9]{{1,2}}[时点：])[0-9])"
)
_ISO = re.compile(
    r"(?:(?<![0-9.\-/])|(?<=\.[0-9]-)|(?<=\.[0-9][0-9]-)|(?<=[日号止起至]-))(?P<y>(?:19|20|21)[0-9]{2})(?P<p>[-./])(?P<m>[0-9]{1,2})(?P=p)(?P<d>[0-9]{1,2})(?![0-9])(?!(?:元|亩|平))"
)
_SHORT = re.compile(rf"(?<![0-9年])(?P<lunar>农历|阴历)?(?P<m>{_ND})月(?P<d>{_ND})[日号]")
_TWO = re.compile(r"(?<![0-9])(?P<y>[0-9]{2})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日号]")
_EMPTY = re.compile(
    rf"(?:(?:19|20|二〇|二零)?(?:{BLANK}|[xX×]{{1,4}})|(?:19|20)[0-9]?(?={BLANK}?年{BLANK}))年?(?:(?:{BLANK}|[xX×]{{1,2}}|[0-9]{{1,2}})?月)?(?:(?:{BLANK}|[xX×]{{1,2}}|[0-9]{{1,2}})?[日号])?|{_Y.replace('?P<y>', '?:')}年(?:{BLANK}|[xX×]{{1,2}})月(?:(?:{BLANK}|[xX×]{{1,2}}|[0-9]{{1,2}})?[日号])?|{_Y.replace('?P<y>', '?:')}年[0-9]{{1,2}}月(?:{BLANK}|[xX×]{{1,2}})[日号]"
)
_EVENT = re.compile(
    r"(?:[12][0-9]{3}年)?(?:春节|清明节?|端午节?|中秋节?|冬至|霜降|立春|立冬|小满|秋收|夏收|麦收|收割|秋播|春耕|收获|早稻|晚稻)(?:收割|登场|归仓|结束|完毕)?(?:前|后|之前|之后|时)?"
)


def _counted(raw: str | None) -> int | None:
    if raw is None:
        return None
    if raw in {"元", "正"}:
        return 1
    value = number(raw.lstrip("初"))
    return int(value) if value is not None else None


def _day_of(match: re.Match[str]) -> Day:
    groups = match.groupdict()
    span = Span(*match.span())
    year, month, day = _counted(groups.get("y")), _counted(groups.get("m")), _counted(groups.get("d"))
    parts = (year, month, day)
    lunar_day = (groups.get("d") or "").startswith(("初", "廿", "卅")) or groups.get("ld")
    if groups.get("lunar") or groups.get("lunar2") or groups.get("m") in {"正", "腊", "冬"} or lunar_day:
        return Day(span, None, "lunar", parts)
    if year is None:
        return Day(span, None, "no_year", parts)
    if day is not None and month is not None:
        try:
            return Day(span, date(year, month, day), None, parts)
        except ValueError:
            return Day(span, None, "impossible", parts)
    if month is not None:
        if not 1 <= month <= 12:
            return Day(span, None, "impossible", parts)
        if groups.get("tail") in {"底", "末"}:
            return Day(span, date(year, month, monthrange(year, month)[1]), None, parts)
        return Day(span, None, "month_only", parts)
    if (groups.get("ytail") or "").endswith(("底", "末")):
        return Day(span, date(year, 12, 31), None, parts)
    return Day(span, None, "year_only", parts)


def days(text: Text) -> list[Day]:
    """Every date, the unreadable ones too; overlapping readings keep the longest."""
    found: list[Day] = []
    for pattern in (_DATE, _ISO, _TWO, _SHORT):
        for match in pattern.finditer(text.s):
            day = _day_of(match)
            if pattern is _TWO:
                day = Day(day.span, None, "ambiguous", day.parts)
            found.append(day)
    for pattern, problem in ((_EMPTY, "blank"), (_EVENT, "event")):
        for match in pattern.finditer(text.s):
            if problem == "blank" and not re.search("[月年]", match[0]):
                continue
            found.append(Day(Span(*match.span()), None, problem))
    found.sort(key=lambda day: (day.span.start, -day.span.end))
    kept: list[Day] = []
    for day in found:
        if kept and day.span.start < kept[-1].span.end:
            last = kept[-1]
            longer = day.span.end - day.span.start > last.span.end - last.span.start
            if longer:
                kept[-1] = day
            continue
        kept.append(day)
    return kept


_YEARS = re.compile(
    rf"(?<![第0-9.\-])(?<!年至)(?<!年到)(?P<n>{NUM}|{BLANK})(?:\((?:大写)?：?(?P<n2>{NUM})\))?(?:个)?(?:整|周)?年(?P<half>半)?(?:零|又|加)?(?:(?P<m>{NUM})个月)?(?:\((?P<n3>{NUM})(?:个?整?年|个月)?\))?(?![0-9]{{1,2}}月|初|度的|(?:至|到|-|~)[0-9一二三四五六七八九十]+年)"
)
_MONTHS = re.compile(rf"(?<![第0-9.年零])(?P<n>{NUM}|{BLANK}|半)(?:\((?:大写)?：?(?P<n2>{NUM})\))?个月")
_DAYS = re.compile(
    rf"(?<![第0-9.月])(?P<n>{NUM}|{BLANK})(?:\((?P<n2>{NUM})\))?(?:个)?(?P<u>日历天|工作日|天|日)(?![0-9期])"
)


def durations(text: Text) -> list[Duration]:
    """Spans of years and months, and of days; years of the calendar (2024年) are none."""
    found = []
    for match in _YEARS.finditer(text.s):
        if match["n"] == BLANK:
            found.append(Duration(Span(*match.span()), None, problem="blank"))
            continue
        years, extra = number(match["n"]), number(match["m"]) if match["m"] else Decimal(0)
        if (
            years is None
            or extra is None
            or years > 150
            or (years != int(years) and years * 12 != int(years * 12))
        ):
            continue
        again = [number(match[key]) for key in ("n2", "n3") if match[key]]
        problem = "differs" if any(other not in {years, years * 12} for other in again) else None
        months = int(years * 12 + extra) + (6 if match["half"] else 0)
        found.append(Duration(Span(*match.span()), None if problem else months, problem=problem))
    for match in _MONTHS.finditer(text.s):
        count = number(match["n"]) if match["n"] not in {BLANK, "半"} else None
        twin = number(match["n2"]) if match["n2"] else None
        if (
            count is not None
            and count == int(count)
            and not any(d.span.start <= match.start() < d.span.end for d in found)
        ):
            problem = "differs" if twin not in {None, count} else None
            found.append(Duration(Span(*match.span()), None if problem else int(count), problem=problem))
    for match in _DAYS.finditer(text.s):
        count = number(match["n"]) if match["n"] != BLANK else None
        if count is not None and count == int(count):
            found.append(Duration(Span(*match.span()), None, int(count)))
    return sorted(found, key=lambda d: d.span.start)


_AREA = re.compile(
    rf"(?P<about>约(?:为|计)?|大约|近)?(?<![0-9A-Za-z.第])(?P<n>{NUM})(?:\((?:大写)?：?(?P<n2>{NUM})\))?(?P<more>多|余)?(?P<u>市?亩|公顷|平方米|平方公尺|㎡|[mM][2²]|平米|平方(?!公里|千米|厘)|间)(?:(?P<fen>[0-9一二三四五六七八九壹贰叁肆伍陆柒捌玖](?:\.[0-9]+)?)分)?(?:(?P<li>[0-9一二三四五六七八九壹贰叁肆伍陆柒捌玖])厘)?(?P<after>左右|上下)?"
)
_FEN = re.compile(r"(?<![0-9.亩元角百千])(?P<n>[0-9](?:\.[0-9]+)?|[一二三四五六七八九])分(?:地|田)")
_SIDES = re.compile(rf"(?:长)?(?P<a>{ARABIC})米?[×xX乘](?:宽)?(?P<b>{ARABIC})米")


def areas(text: Text) -> list[Extent]:
    """Every area and count of rooms."""
    found = []
    for match in _AREA.finditer(text.s):
        value = number(match["n"])
        twin = number(match["n2"]) if match["n2"] else None
        if value is None:
            continue
        unit = match["u"]
        code = "mu" if unit.endswith("亩") else "room" if unit == "间" else "m2"
        if match["fen"] or match["li"]:
            value += (number(match["fen"]) or Decimal(0) if match["fen"] else Decimal(0)) / 10
            value += (number(match["li"]) or Decimal(0) if match["li"] else Decimal(0)) / 100
        if unit == "公顷":
            value *= 10000
        differs = twin is not None and twin != value
        about = bool(match["about"] or match["more"] or match["after"])
        found.append(Extent(Span(*match.span()), None if differs or match["more"] else value, code, about))
    for match in _SIDES.finditer(text.s):
        if "米" in text.s[match.end() : match.end() + 1]:
            continue
        one, other = number(match["a"]), number(match["b"])
        if one and other:
            found.append(Extent(Span(*match.span()), one * other, "m2"))
    return sorted(found, key=lambda extent: extent.span.start)


_PERCENT = re.compile(
    rf"(?P<n>[0-9]+(?:\.[0-9]+)?)(?:\(?(?:%|个百分点)\)?)|百分之(?P<w>{NUM})|(?P<t>{NUM})成(?![员立功为果交])|千分之(?P<k>{NUM})|(?P<p>[0-9]+(?:\.[0-9]+)?)‰|万分之(?P<z>{NUM})"
)


def percents(text: Text) -> list[tuple[Span, Decimal]]:
    """Every percentage, in points (5 for 5 %)."""
    found = []
    for match in _PERCENT.finditer(text.s):
        for key, factor in (
            ("n", 1),
            ("w", 1),
            ("t", 10),
            ("k", Decimal("0.1")),
            ("p", Decimal("0.1")),
            ("z", Decimal("0.01")),
        ):
            if match[key]:
                value = number(match[key])
                if value is not None:
                    found.append((Span(*match.span()), value * factor))
    return found


__all__ = ["CHINESE", "Day", "Duration", "Extent", "Money", "areas", "days", "durations", "percents", "sums"]
