"""Blanks, annexes, page counts, signing and delivery dates, deposits: what completes a contract or leaves it open."""

import re

from qingqu.domain.contracts.elements import DERIVED, Blank, Elements
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import BLANK, Span, Text
from qingqu.domain.contracts.tokens import Day, Money
from qingqu.domain.values.numerals import NUM, number

_HOLE = re.compile(
    rf"{BLANK}|(?<![A-Za-z0-9])[xX×]{{2,6}}(?![A-Za-z0-9])|(?:19|20)(?:xx|XX|××|[xX×]{{2}})(?=年)|[\[【]\s*[\]】]|\(\)(?=年|月|日|元|亩|平方米)|某某|(?:\.{{4,}}|…{{2,}})"
)
_NEAR = (
    ("identifier", re.compile(r"身份证|信用代码|证件|营业执照|代码")),
    ("phone", re.compile(r"电话|联系方式|手机|邮编|传真|邮箱|开户|账号|帐号|户名|银行|编号")),
    ("address", re.compile(r"地址|住址|住所")),
    ("term", re.compile(r"期限|租期|年限|(?:自|从)[^，。]{0,6}$|起至|至$|(?:起|止)(?:始|日)?")),
    ("rent", re.compile(r"租金|承包费|流转费|每亩|单价|年租|元")),
    ("area", re.compile(r"面积|亩|平方米|㎡")),
    ("deposit", re.compile(r"押金|保证金|定金")),
    ("price", re.compile(r"造价|价款|总价|工程款")),
    ("location", re.compile(r"位于|坐落|座落|地点|位置|东至|南至|西至|北至|四至")),
    ("signed_date", re.compile(r"签订(?:日期|时间)|签约|签署|日期")),
    ("decision", re.compile(r"会议|表决|代表")),
)  # fmt: skip
_ANNEX_REF = re.compile(
    r"(?:附件|附表|附图)(?P<n>[一二三四五六七八九十]|[0-9]{1,2})?[：、《“\(]*(?P<name>[^，。；\n：]{2,24})?"
)
_PAGES = re.compile(rf"本合同(?:共|一共|正文共)(?:计)?({NUM})页|共({NUM})页")
_SIGNED = re.compile(
    r"(?:签订|签约|签署|签字|订立)(?:日期|时间|日|于|)(?:为|：|\t)*$|(?:本合同于|双方于|签于)$|(?:^|[\n。])(?:合同)?(?:日期|时间)(?:为|：|\t)*$"
)


def read_blanks(text: Text, parts: Parts, found: Elements) -> None:
    """Fills `found.blanks`."""
    for match in _HOLE.finditer(text.s):
        in_signature = match.start() >= parts.signature.start
        line = text.s.rfind("\n", 0, match.start()) + 1
        stop = text.s.find("\n", match.end())
        after = re.split(r"[，。；\n]", text.s[match.end() : stop if stop >= 0 else len(text.s)])[0][:8]
        before = re.split(r"[。；\t]", text.s[line : match.start()])[-1]
        if match[0].startswith(".") and before.endswith(("。", "：")) is False and not after:
            continue
        found.blanks.append(
            Blank(_field(text, parts, before, after, match.start(), found), Span(*match.span()), in_signature)
        )


def _field(text: Text, parts: Parts, before: str, after: str, at: int, found: Elements) -> str:
    near = re.split(r"[，、]", before)[-1]
    if re.match(r"亩|平方米|㎡|间", after):
        return "area"
    if re.match(r"亩|平方米|㎡|间", after):
        return "area"
    label = re.search(r"(?:甲方|乙方|丙方|出租方|承租方|发包方|承包方|出租人|承租人)", before)
    party = next((p for p in found.parties if p.label and label and (p.label == label[0])), None)
    role = party.role if party and party.role else None
    if label and role is None:
        role = {"出租": "lessor", "承租": "lessee", "发包": "employer", "承包": "contractor"}.get(
            label[0][:2]
        )
    if role is None:
        role = _role_before(text, at, found)
    if re.search(r"(?:甲方|乙方|出租方|承租方|发包方|承包方|出租人|承租人)(?:\([^)]*\))*：?$", before):
        return f"{role or 'party'}.name"
    for name, pattern in _NEAR:
        if pattern.search(near[-12:]):
            if name in {"identifier", "phone", "address"}:
                return f"{role or 'party'}.{name}"
            if name == "rent" and re.match("年|个月|月|日|天", after):
                continue
            return name
    title = parts.title_at(at)
    if re.match(r"年|月|日", after):
        return (
            "term"
            if re.search("期限|租期|起|至", before[-14:] + title)
            else "signed_date"
            if at >= parts.signature.start or re.search("签", before)
            else "date"
        )
    if re.match(r"元|万元|%", after):
        return (
            "deposit"
            if re.search("押金|保证金|定金", before[-14:])
            else "rent"
            if re.search("租金|承包费|费|款", before[-16:] + title)
            else "amount"
        )
    return "other"


def _role_before(text: Text, at: int, found: Elements) -> str | None:
    best, where = None, -1
    for party in found.parties:
        position = text.s.rfind(party.label, max(0, at - 160), at)
        if position > where:
            best, where = party.role, position
    return best if at - where < 160 and where >= 0 else None


def read_annexes(text: Text, parts: Parts, found: Elements) -> None:
    """Annexes that the text names, and whether they stand in the document; the number of pages it speaks of."""
    heads = {
        m[1] or ""
        for m in re.finditer(
            r"(?:^|\n)(?:附件|附表|附图)([一二三四五六七八九十0-9]*)[：、]?[^\n]{0,30}(?=\n|$)",
            text.s[parts.signature.start :],
        )
    }
    seen: set[str] = set()
    for match in _ANNEX_REF.finditer(text.s, 0, parts.signature.end):
        if not match["n"] and not match["name"]:
            continue
        name = match[0].strip("：《“(")
        key = match["n"] or name[2:8]
        if key in seen or re.match(r"(?:附件|附表|附图)(?:与|和|均|是|及|等|为本|具有|同等|同具)", match[0]):
            continue
        seen.add(key)
        body = text.s[parts.annex.start : parts.annex.end]
        present = ((match["n"] or "\0") in heads and len(body) > 40) or bool(
            match["name"] and match["name"][:6] in body
        )
        found.annexes.append((name[:30], Span(*match.span()), present))
    pages = _PAGES.search(text.s)
    if pages:
        value = number(pages[1] or pages[2])
        found.pages_stated = int(value) if value is not None else None
        found.facts["pages_stated"] = Span(*pages.span())


def read_signed(text: Text, parts: Parts, days: list[Day], found: Elements) -> None:
    """The date of signature: the signature block's, or the head's; two that differ are none."""
    block = [d for d in days if parts.signature.start <= d.span.start < parts.annex.start]
    named = [
        d
        for d in days
        if d.span.start < parts.signature.start
        and _SIGNED.search(text.s[max(0, d.span.start - 12) : d.span.start])
        and re.match(r"(?:在|于|签|订|日|，|\n|。|由|$)", text.s[d.span.end : d.span.end + 1] or "\n")
        and not re.search("公示|会议|审批|备案", text.s[max(0, d.span.start - 20) : d.span.start])
    ]
    named = [
        d
        for d in named
        if not text.s[max(0, d.span.start - 2) : d.span.start].endswith("于")
        or re.search(r"签订|订立|签署|签字", text.s[d.span.start - 14 : d.span.end + 14])
    ]
    readable = [d for d in [*block, *named] if d.value]
    if found.kind == "supplement" and any(d.value for d in block):
        readable = [d for d in block if d.value]  # other dates are the parent contract's
    values = list(dict.fromkeys(d.value for d in readable))
    if len(values) > 1:
        shown = "、".join(value.isoformat() for value in values if value)
        found.clash("signed_date", f"签订日期前后写成{shown}", *[d.span for d in readable])
        return
    if values and values[0]:
        found.signed = values[0]
        found.note("signed_date", readable[0].span)


_DELIVER = re.compile(r"(?:交付|移交|交地|交房|交给|交与|交接|提交)")


def read_delivery(text: Text, parts: Parts, days: list[Day], found: Elements) -> None:
    """The day on which the object is handed over: a date, or days after the signature or the start where those stand."""
    for day in days:
        if day.span.start >= parts.signature.start or day.value is None:
            continue
        sentence = text.sentence_at(day.span.start)
        before, after = (
            text.s[max(sentence.start, day.span.start - 40) : day.span.start],
            text.s[day.span.end : min(sentence.end, day.span.end + 34)],
        )
        money = re.search(
            r"租金|承包费|价款|押金|保证金|款|续|期满|届满|终止|归还|收回|返还|会议",
            before[-30:] + after[:14],
        )
        hit = re.search(
            r"(?:交付|移交|交地|交房|交接)(?:使用)?(?:的)?(?:日期|时间|期限)(?:为|：|\t|是|定于|于)*$", before
        )
        aim = re.match(
            r"(?:日)?(?:之?前|以前|当日|当天|零时)?[，]?(?:由)?(?:甲方|出租方|发包方|出租人|发包人)?(?:应|须|负责|必须)?(?:将|把|一次性)?[^，。；]{0,24}?(?:交付|移交|交地|交房|交给|交与|交接)",
            after,
        )
        led = not before or re.search(r"(?:于|在|前|交付|移交|[，。；、.：\n)]|条)$|于[^，]{0,4}$", before)
        if hit or (aim and not money and led):
            found.delivery = day.value
            found.delivery_words = day.span
            found.note("delivery_date", day.span)
            return
    _delivery_in_words(text, parts, found)


def _delivery_in_words(text: Text, parts: Parts, found: Elements) -> None:
    pattern = re.compile(
        rf"(?:签订|签字|生效|签署)(?:之日|之日起|之后|当日|后)?(?:起)?(?:({NUM})(?:\([^)]*\))?(?:个)?(工作)?(?:日|天)(?:之?内|以内))?[^。；\n]{{0,24}}?(?:交付|移交|交地|交接|交给(?:乙方|承租方|承包方))"
    )
    match = pattern.search(text.s, 0, parts.signature.start)
    if match and not re.search("租金|承包费|押金|保证金|款", match[0]):
        found.delivery_words = Span(*match.span())
        if found.signed and re.search("之日交|当日", match[0]) and not match[1]:
            found.delivery = found.signed
        elif found.signed and match[1] and not match[2]:
            count = number(match[1])
            if count is not None and count < 400:
                found.facts["delivery_latest"] = Span(*match.span())
        if found.delivery:
            found.note("delivery_date", found.delivery_words, DERIVED)


def read_deposit(text: Text, parts: Parts, sums: list[Money], found: Elements) -> None:
    """押金, 保证金 or 定金, and how much."""
    values: list[tuple[Money, str]] = []
    for money in sums:
        if money.span.start >= parts.signature.start:
            break
        sentence = text.sentence_at(money.span.start)
        left = text.s[max(sentence.start, money.span.start - 30) : money.span.start]
        after = text.s[money.span.end : money.span.end + 14]
        hit = list(
            re.finditer(
                r"押金|(?:履约|租赁|承包|合同|风险|信誉|经营|房屋|违约|安全|复垦|租金)?保证金|定金|押租", left
            )
        )
        behind = re.match(
            r"(?:整)?(?:的|作为|为|做)+(?:本合同)?(?:履约|租赁|合同|承包|风险|复垦)?(?P<k>押金|保证金|定金)",
            after,
        )
        if not hit and not behind:
            continue
        kind = behind["k"] if behind else hit[-1][0]
        between = left[hit[-1].end() :] if hit else ""
        if re.search(
            r"投标|竞买|质量|质保|工资|退还|没收|扣除|违约金|(?:租金|承包费)(?!，?即)", kind + between
        ) or re.search("投标|竞买|质量|农民工", left[-20:]):
            continue
        if re.search(r"[，；]", between) and not re.search(r"金额|为|计|共|即", between):
            continue
        values.append((money, kind))
    if not values:
        return
    distinct = {money.value for money, _ in values}
    found.deposit_kind = values[0][1]
    found.facts["deposit"] = values[0][0].span
    if len(distinct) > 1:
        found.clash(
            "deposit",
            f"押金（保证金）前后写成{'、'.join(dict.fromkeys(text.words(m.span) for m, _ in values))}",
            *[m.span for m, _ in values],
        )
        return
    found.deposit = values[0][0].value
    if found.deposit is not None:
        found.note("deposit", values[0][0].span)
