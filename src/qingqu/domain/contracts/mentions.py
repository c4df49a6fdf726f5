"""Where a contract names its sides: 甲方：…, 出租方（甲方）：…, …（以下简称乙方）, in lines, tables and running text."""

import re
from dataclasses import dataclass

from qingqu.domain.contracts.text import BLANK, Span, Text

GIVERS = "出租方|出租人|出租户|发包方|发包人|发包单位|出让方|流出方|转出方|转让方|转包方|出卖人|出卖方|卖方|建设单位|委托方|委托人|招标人|业主|采购人|供地方|转让人|出让人|出租单位|卖出方|房主|产权人|所有权人"
TAKERS = "承租方|承租人|租赁方|承租户|承包方|承包人|承包单位|受让方|流入方|转入方|接包方|买受人|买受方|买方|施工单位|受托方|受托人|施工方|供应商|受让人|用地方|承租单位|租用方|承建方|承建单位|承揽方|购买方|经营者"
SIDES = ("甲方", "乙方", "丙方")
ROLES = {
    "出租": "lessor", "出让": "lessor", "流出": "lessor", "转出": "lessor", "转让": "lessor", "转包": "lessor", "供地": "lessor", "房主": "lessor", "产权": "lessor", "所有": "lessor",
    "承租": "lessee", "租赁": "lessee", "受让": "lessee", "流入": "lessee", "转入": "lessee", "接包": "lessee", "用地": "lessee", "租用": "lessee", "经营": "lessee",
    "发包": "employer", "建设": "employer", "委托": "employer", "招标": "employer", "业主": "employer", "采购": "employer",
    "承包": "contractor", "施工": "contractor", "受托": "contractor", "供应": "contractor", "承建": "contractor", "承揽": "contractor",
    "出卖": "seller", "卖方": "seller", "卖出": "seller", "买受": "buyer", "买方": "buyer", "购买": "buyer",
}  # fmt: skip
_IN = r"(?:\([^)\n]{1,20}\))"
_WORD = rf"(?:[甲乙丙]方|{GIVERS}|{TAKERS})"
_LABEL = re.compile(
    rf"(?:^|(?<=[\n。，；\t：)])|(?={_WORD}{_IN}?(?:名称|姓名)?：))(?:[0-9一二三]{{1,2}}[、.])?(?:本合同)?"
    rf"(?P<label>{_WORD}(?:[/·(（]?{_WORD}[)）]?)?{_IN}{{0,2}}(?:单位|农户)?(?:名称|姓名|全称)?{_IN}?)(?P<sep>[：\t]+)(?P<more>(?:{_WORD}[：]|\((?:{_WORD})\)[：]?)?)(?P<name>[^\n]*)"
)
_LOOSE = re.compile(
    rf"(?:^|(?<=\n))(?P<label>[甲乙丙]方|[甲乙丙]方\((?:{GIVERS}|{TAKERS})\)|(?:{GIVERS}|{TAKERS})(?:\([甲乙丙]方\))?)(?P<name>[一-鿿]{{2,4}}|[一-鿿][一-鿿()]{{1,30}}(?:委员会|合作社|联合社|联社|公司|小组|村委会|农场|厂|社|店|场))(?=\n|身份证|统一社会|，)"
)
_PAREN = re.compile(
    rf"(?P<name>[一-鿿]{{2,30}})\([^()\n]{{1,60}}?(?:以下|下称)?简称[：为“\"'「]*(?P<x1>{_WORD})[”\"'」]*\)"
)
_SHORT = re.compile(
    rf"[(](?:以下|下称|以下统称|以下简称|简称|下简称|又称)*[：为是“”\"'‘「『]*(?P<short>{_WORD})[”\"’」』]?[^)\n]{{0,6}}[)]|，?(?:以下|下称|以下统称|以下简称|简称)+[：为“”\"'「『]*(?P<short2>{_WORD})[”\"」』]?"
)
_INLINE = re.compile(
    rf"(?:^|(?<=[\n。，；\t：由与和]))(?P<name>[^\n。，；：\t(]{{2,36}})(?:{_SHORT.pattern.replace('short2', 'x2').replace('short', 'x1')})"
)
_NAME_END = re.compile(
    rf"[，。；\t]|\((?:以下|下称|简称|盖章|签|公章|户主|章|代表|名单|详见|见附|[甲乙丙]方|{GIVERS}|{TAKERS})|(?:以下|下称|下)简称|(?:居民)?身份证|统一社会|社会信用|信用代码|法定代表|负责人|法人代表|法人：|地址|住址|住所|住：|电话|联系|性别|代表人|委托代理|户主|证件|手机|组织机构|营业执照|{_WORD}(?:{_IN})?："
)
_VERBS = re.compile(r"将|应当|应于|须|同意|按照|有权|不得|负责|如果|保证|确认|签字|盖章|承担|支付|提供")


@dataclass(frozen=True, slots=True)
class Mention:
    """One naming of a side. `label`: 甲方, 乙方, 丙方 or the role words; `role_words`: what it is called by role."""

    label: str
    role_words: str | None
    name: str
    span: Span
    at: int

    @property
    def side(self) -> str | None:
        """giver or taker by its role words."""
        return side_of(self.role_words) if self.role_words else None


def side_of(words: str) -> str | None:
    """giver or taker."""
    return "giver" if re.fullmatch(GIVERS, words) else "taker" if re.fullmatch(TAKERS, words) else None


def mentions(text: Text, start: int, end: int) -> list[Mention]:
    """Every naming of a side in a stretch of text, in order."""
    found: list[Mention] = []
    at = start
    while match := _LABEL.search(text.s, at, end):
        mention = _labelled(match)
        if mention is None:
            at = match.start("name")
            continue
        found.append(mention)
        at = max(mention.span.end, match.start("name"))
    for match in _LOOSE.finditer(text.s, start, end):
        words = next(iter(re.findall(f"{GIVERS}|{TAKERS}", match["label"])), None)
        found.append(
            Mention(match["label"][:2], words, match["name"], Span(*match.span("name")), match.start())
        )
    for match in _INLINE.finditer(text.s, start, end):
        mention = _inline(match)
        if mention is not None and not any(
            (m.label == mention.label and m.span.start <= mention.span.start <= m.span.end + 16)
            or m.span.start == mention.span.start
            or mention.span.start <= m.at < mention.span.end
            for m in found
        ):
            found.append(mention)
    return sorted(found, key=lambda mention: mention.at)


def _labelled(match: re.Match[str]) -> Mention | None:
    words = match["label"] + match["more"]
    name, lead = clean_name(match["name"])
    tail = match["name"][: len(name) + lead + 24]
    short = _SHORT.search(tail)
    if short and short.start() <= len(name) + lead + 22:
        words += short["short"] or short["short2"] or ""
    side = next((label for label in SIDES if label in words), None)
    role = next(iter(re.findall(f"{GIVERS}|{TAKERS}", words)), None)
    if len(name) > 44 or _VERBS.search(name) or (side is None and role is None):
        return None
    start = match.start("name") + lead
    return Mention(side or role or "", role, name, Span(start, start + len(name)), match.start("label"))


def _bracketed(match: re.Match[str]) -> Mention:
    name = (
        re.split("[由与和及]", match["name"])[-1]
        if len(match["name"]) > 5
        else match["name"].lstrip("由与和及")
    )
    start = match.end("name") - len(name)
    label = match["x1"]
    return Mention(
        label, None if label in SIDES else label, name, Span(start, start + len(name)), match.start()
    )


def _inline(match: re.Match[str]) -> Mention | None:
    name = re.sub(r"^(?:本|立)?(?:合同|协议)(?:书)?(?:由|人|双方|：)*", "", match["name"]).lstrip(
        "由与和及是、兹有经"
    )
    label = match["x1"] or match["x2"]
    if len(name) < 2 or _VERBS.search(name) or re.fullmatch(_WORD, name) or re.search("[0-9]{6}", name):
        return None
    start = match.end("name") - len(name)
    return Mention(
        label, None if label in SIDES else label, name, Span(start, start + len(name)), match.start()
    )


def clean_name(raw: str) -> tuple[str, int]:
    """(the name at the beginning of a line's rest, characters before it); "" behind a blank."""
    stop = _NAME_END.search(raw)
    name = raw[: stop.start()] if stop else raw
    lead = len(name) - len(name.lstrip("：、 "))
    name = name[lead:]
    if name.startswith(BLANK):
        return "", lead
    name = name.strip(f"{BLANK}：、 ").rstrip("(")
    if name.count("(") > name.count(")"):
        name = name[: name.rfind("(")]
    name = name.split(BLANK)[0]
    return ("", lead) if re.fullmatch(r"\(?(?:章|盖章|签字|签章|签名|手印|公章)\)?", name) else (name, lead)
