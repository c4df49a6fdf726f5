"""Works and sale contracts: price, quantities with unit prices, retention."""

import re
from decimal import Decimal

from qingqu.domain.contracts.elements import Elements, Item
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.contracts.tokens import Money, percents
from qingqu.domain.values.numerals import number

_TOTAL = re.compile(
    r"(?:合同|工程|承包|签约|总|中标|包干|货款|成交|暂定|施工)(?:总)?(?:价款?|造价|金额|价格|总额|总价|款|费用)(?:总额|总价|暂定|合计|共计|人民币|大写|小写|固定|\([^)]*\)|为|是|：|\t|，|计)*$|(?:总价款?|总造价|总金额|总额|合同额|总费用|包干价|一次性包干)(?:[^，。；]{0,10})$|(?:工程款|货款|价款)?(?:共计|合计|总计)(?:人民币|为|：|\t|大写|\(|\))*$|单价包干[^，。]{0,8}总价[^，。]{0,6}$"
)
_NOT_TOTAL = re.compile(
    r"违约|罚|保证金|质保金|保修金|预付|进度|定金|保险|押金|每天|每延|赔偿|审计|安全|工资|农民工|超过|以上|以下|低于|结算价|审定"
)
_UNIT = r"(?:平方米|㎡|m2|m²|平米|立方米|m3|m³|方|延米|延长米|公里|千米|米|吨|套|个|株|盏|座|项|根|处|台|块|棵|km|m|t|亩|户|樘|工日)"
_UNIT_PRICE = re.compile(
    rf"(?P<item>[^，。；：\n\t0-9]{{0,16}}?)(?:单价|综合单价|按|每|价格)?(?:为|：|每)?(?P<p>[0-9]+(?:\.[0-9]+)?)元[/每]?(?P<u>{_UNIT})|每(?P<u2>{_UNIT})(?:单价|造价|综合单价|价格|工程款)?(?:为|按|是|：|人民币|¥)*(?P<p2>[0-9]+(?:\.[0-9]+)?万?)元"
)
_CODES = {
    "平方米": "m2",
    "㎡": "m2",
    "m2": "m2",
    "m²": "m2",
    "平米": "m2",
    "立方米": "m3",
    "m3": "m3",
    "m³": "m3",
    "方": "m3",
    "延米": "m",
    "延长米": "m",
    "米": "m",
    "m": "m",
    "公里": "km",
    "千米": "km",
    "km": "km",
    "吨": "t",
    "t": "t",
    "亩": "mu",
}
_RETENTION = re.compile(
    r"质保金|质量保证金|保修金|质量保修金|质量保修款|预留|保留金|尾款|质保|扣留|余款|余下|剩余"
)


def read_works(text: Text, parts: Parts, sums: list[Money], found: Elements) -> None:
    """Fills `found.price`."""
    _total(text, parts, sums, found)
    _items(text, found)
    _table_items(text, found)
    _retention(text, parts, found)


def _total(text: Text, parts: Parts, sums: list[Money], found: Elements) -> None:
    hits = []
    for money in sums:
        if money.span.start >= parts.signature.start:
            break
        sentence = text.sentence_at(money.span.start)
        left = text.s[sentence.start : money.span.start][-40:]
        previous = [m for m in sums if m.span.end <= money.span.start and m.span.end > sentence.start]
        if previous:
            left = text.s[max(previous[-1].span.end, money.span.start - 40) : money.span.start]
        if (
            re.match(rf"[/每]{_UNIT}", text.s[money.span.end : money.span.end + 6])
            or _NOT_TOTAL.search(left[-16:])
            or re.search(rf"每{_UNIT}[^，]{{0,8}}$", left)
        ):
            continue
        if _TOTAL.search(left):
            hits.append((money, bool(re.search("结算|暂定|预算|控制价|审计", left))))
    firm = [money for money, soft in hits if not soft] or [money for money, _ in hits]
    values = list(dict.fromkeys(money.value for money in firm))
    if len(values) > 1:
        parts_sum = (
            values[-1] is not None
            and sum((v for v in values[:-1] if v is not None), Decimal(0)) == values[-1]
        )
        if not parts_sum:
            found.clash(
                "price.total",
                f"合同价前后写成{'、'.join(dict.fromkeys(text.words(m.span) for m in firm))}",
                *[m.span for m in firm],
            )
            return
        firm = [firm[-1]]
    if firm and firm[0].value is not None:
        found.price.total = firm[0].value
        found.note("price.total", firm[0].span)


def _items(text: Text, found: Elements) -> None:
    for match in _UNIT_PRICE.finditer(text.s):
        price = number(match["p"] or match["p2"])
        line = text.s.rfind("\n", 0, match.start()) + 1
        if text.s[line : match.start()].count("\t") or price is None:
            continue
        unit = match["u"] or match["u2"]
        name = re.sub(
            r"^(?:其中|和|及|、|综合|按|的|单价)+|(?:综合)?单价|按$|为$|的$", "", match["item"] or ""
        )
        after = text.s[match.end() : match.end() + 30]
        before = text.s[max(0, match.start() - 30) : match.start() + len(match["item"] or "")]
        if re.search("罚|违约|逾期|延期|工期", before[-14:]):
            continue
        quantity = re.search(
            rf"([0-9]+(?:\.[0-9]+)?){re.escape(unit)}[，×x]?(?:单价|综合单价|，|按|每[^，]{{1,4}}|×)*$",
            before,
        ) or re.match(rf"[，×x]?(?:共|计|工程量|约|数量|为)*([0-9]+(?:\.[0-9]+)?){re.escape(unit)}", after)

        found.price.items.append(
            Item(
                name,
                _CODES.get(unit, unit),
                price,
                number(quantity[1]) if quantity else None,
                None,
                Span(*match.span()),
            )
        )


def _table_items(text: Text, found: Elements) -> None:

    head: dict[str, int] | None = None
    for line in re.finditer(r"[^\n]*\t[^\n]*", text.s):
        cells = line[0].split("\t")
        columns = _columns(cells)
        if columns is not None:
            head = columns
            continue
        if head is None or len(cells) <= max(head.values()):
            continue
        price, quantity = (
            number(cells[head["price"]].removesuffix("元")),
            number(cells[head["quantity"]]) if "quantity" in head else None,
        )
        whole = number(cells[head["sum"]].removesuffix("元")) if "sum" in head else None
        name = cells[head["item"]]
        if price is None or re.search("合计|小计|总计", "".join(cells[:2])):
            continue
        unit = cells[head["unit"]] if "unit" in head else ""
        found.price.items.append(
            Item(name, _CODES.get(unit, unit), price, quantity, whole, Span(*line.span()))
        )


def _columns(cells: list[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for n, cell in enumerate(cells):
        for key, pattern in (
            ("price", r"单价"),
            ("quantity", r"数量|工程量"),
            ("sum", r"合价|金额|总价|小计"),
            ("item", r"项目|名称|内容"),
            ("unit", r"^(?:计量)?单位$"),
        ):
            if key not in found and re.search(pattern, cell):
                found[key] = n
                break
    return found if {"price", "item"} <= set(found) else None


def _retention(text: Text, parts: Parts, found: Elements) -> None:
    hits = []
    for span, value in percents(text):
        sentence = text.sentence_at(span.start)
        if span.start >= parts.signature.start:
            break
        words = text.s[sentence.start : sentence.end]
        near = text.s[max(sentence.start, span.start - 26) : min(sentence.end, span.end + 22)]
        strong = re.search(r"质保金|质量保证金|保修金|质量保修|保留金|质保", near)
        clause = (
            re.split("[，；]", text.s[sentence.start : span.start])[-1]
            + re.split("[，；。]", text.s[span.end : sentence.end])[0]
        )
        weak = re.search(r"预留|留|余|剩余|尾款", clause) and re.search(
            r"质保|保修|一年后|两年后|无质量|缺陷|期满", words
        )
        if (
            strong
            and re.search(r"质保|保证金|保修|保留|留|余|剩余|作为", clause)
            and not re.search(r"违约金|履约", clause)
        ):
            hits.append((2, span, value))
        elif weak:
            hits.append((1, span, value))
    if not hits:
        return
    best = max(hit[0] for hit in hits)
    values = {value for weight, _, value in hits if weight == best}
    chosen = next(hit for hit in hits if hit[0] == best)
    if len(values) > 1:
        found.clash(
            "price.retention_percent", "质保金比例前后不一致", *[hit[1] for hit in hits if hit[0] == best]
        )
        return
    found.price.retention = chosen[2]
    found.note("price.retention_percent", chosen[1])
