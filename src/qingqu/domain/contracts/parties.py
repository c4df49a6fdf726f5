"""Who contracts with whom. Roles come from what the text says a side does (出租方, 将…出租给…), never from 甲 and 乙:
the village may stand on either side."""

import re
from dataclasses import dataclass

from qingqu.domain.contracts.elements import Elements, Party
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import BLANK, Span, Text
from qingqu.domain.values import Unclean, clean

GIVERS = "出租方|出租人|出租户|发包方|发包人|发包单位|出让方|流出方|转出方|转让方|转包方|出卖人|出卖方|卖方|建设单位|委托方|委托人|招标人|业主|采购人|供地方|转让人"
TAKERS = "承租方|承租人|租赁方|承租户|承包方|承包人|承包单位|受让方|流入方|转入方|接包方|买受人|买受方|买方|施工单位|受托方|受托人|施工方|供应商|受让人|用地方"
_ROLE = {
    "出租": "lessor", "出让": "lessor", "流出": "lessor", "转出": "lessor", "转让": "lessor", "转包": "lessor", "供地": "lessor",
    "承租": "lessee", "租赁": "lessee", "受让": "lessee", "流入": "lessee", "转入": "lessee", "接包": "lessee", "用地": "lessee",
    "发包": "employer", "建设": "employer", "委托": "employer", "招标": "employer", "业主": "employer", "采购": "employer",
    "承包": "contractor", "施工": "contractor", "受托": "contractor", "供应": "contractor",
    "出卖": "seller", "卖方": "seller", "买受": "buyer", "买方": "buyer",
}  # fmt: skip
_SIDE = r"(?:甲|乙|丙)方?"
_SHORT = rf"\(?(?:以下|下称|以下统称|以下简称|简称)[^)\n]{{0,12}}?(?P<short>甲方|乙方|丙方|{GIVERS}|{TAKERS})[”\"』」]?\)?"
_LABEL = re.compile(
    rf"(?:^|(?<=[\n。，；\t：]))(?:[0-9一二]、)?(?P<label>(?:甲|乙|丙)方(?:\((?P<in>[^)\n]{{1,16}})\))?|(?P<bare>{GIVERS}|{TAKERS})(?:\((?P<in2>[^)\n]{{1,18}})\))?(?:\((?P<in3>[^)\n]{{1,18}})\))?)(?P<sep>[：\t]|(?:名称|姓名)[：\t])(?P<name>[^\n]*)"
)
_INLINE = re.compile(rf"(?:^|(?<=[\n。，；\t：]))(?P<name>[^\n。，；：\t]{{2,40}}?){_SHORT}")
_NAME_END = re.compile(
    rf"[，。；\t]|\((?:以下|下称|简称|盖章|签|公章|户主|[甲乙丙]方)|(?:以下|下称)简称|身份证|统一社会|信用代码|法定代表|负责人|法人代表|地址|住址|住所|电话|联系|性别|代表人|乙方[：(]|承租方[：(]|承包方[：(]|委托代理|户主|证件|(?:甲|乙|丙)方[：(]|{_SIDE}\(|手机"
)
_IDS = re.compile(
    r"(?P<what>(?:居民)?身份证(?:件)?(?:号码?|编号)?|公民身份号码|证件号码?|统一社会信用代码(?:证)?(?:号码?)?|社会信用代码|信用代码|营业执照(?:注册)?号码?|组织机构代码|身份证明号码|代码)(?:/[^：\n]{1,16}|\([^)\n]{1,16}\))?[：\t为]*(?P<value>[0-9A-Za-z*＊]{8,22}|＿)?"
)
_COLLECTIVE = re.compile(
    r"股份经济合作(?:社|联合社)|经济合作(?:社|联合社)|经济联合(?:总)?社|合作经济(?:社|联社)|集体经济组织|农工商|经联社|股份合作社|资产经营|经济合作总社"
)
_KINDS = (
    ("group", re.compile(r"(?:村民)?小组|(?:[0-9一二三四五六七八九十]+|生产)(?:组|队)$|自然村$|组村民|第[一二三四五六七八九十0-9]+组|村民组|生产队")),
    ("village_committee", re.compile(r"村民委员会|居民委员会|村委会|居委会|村村委|社区委员会|村委$|村民委$")),
    ("collective", _COLLECTIVE),
    ("company", re.compile(r"公司|企业|厂$|合作社|家庭农场|农场$|集团|中心$|商行|经营部|店$|工程队|事务所|工厂|农业园|合作联社|场$|超市|饭店|个体")),
    ("other", re.compile(r"人民政府|政府$|学校|医院|局$|委员会|协会|支部|办事处|信用社|银行|站$|所$")),
)  # fmt: skip
_PERSON = re.compile(r"[一-鿿·]{2,15}")
_FEW = re.compile(r"(?:等|及)(?:[0-9一二三四五六七八九十百]+)?(?:户|人|名)")


@dataclass
class _Mention:
    label: str
    role_words: str | None
    name: str
    span: Span
    at: int


def kind_of(name: str) -> str:
    """The kind of a party by how its name ends; a farmers' group stands before the committee it belongs to."""
    plain = re.sub(r"\(.*?\)$", "", name)
    collective = _COLLECTIVE.search(plain)
    if collective and plain.endswith(("社", "织", "司")) and not plain.endswith("专业合作社"):
        return "collective"
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            return kind
    bare = _FEW.sub("", plain)
    return "person" if (_PERSON.fullmatch(bare) and 2 <= len(bare) <= 4) or "·" in bare else "other"


def _clean_name(raw: str) -> tuple[str, int]:
    stop = _NAME_END.search(raw)
    name = raw[: stop.start()] if stop else raw
    lead = len(name) - len(name.lstrip(f"：、（{BLANK} "))
    name = name[lead:].rstrip(f"{BLANK}：、")
    if raw.startswith(BLANK) and len(name) < 8:
        return "", lead
    if name.count("(") > name.count(")"):
        name = name[: name.rfind("(")]
    return name.strip(), lead


def _mentions(text: Text, upto: int) -> list[_Mention]:
    found = []
    for match in _LABEL.finditer(text.s, 0, upto):
        name, lead = _clean_name(match["name"])
        inner = match["in"] or match["in2"] or ""
        words = match["bare"] or next(iter(re.findall(f"{GIVERS}|{TAKERS}", inner)), None)
        short = re.search(r"甲方|乙方|丙方", (match["label"] or "") + (match["in3"] or ""))
        tail = re.search(_SHORT, match["name"])
        label = (
            short[0]
            if short
            else tail["short"]
            if tail and tail["short"] in {"甲方", "乙方", "丙方"}
            else match["label"].split("(")[0]
        )
        if words is None and tail and tail["short"] not in {"甲方", "乙方", "丙方"}:
            words = tail["short"]
        start = match.start("name") + lead
        if len(name) > 40 or re.search("将|应|须|负责|同意|按|有权|不得", name):
            continue
        found.append(_Mention(label, words, name, Span(start, start + len(name)), match.start()))
    for match in _INLINE.finditer(text.s, 0, upto):
        if _LABEL.match(text.s, match.start()) or re.search("：", match["name"]):
            continue
        name = match["name"].lstrip("由与和及是、")
        if (
            any(mention.span.start <= match.end("name") <= mention.span.end + 14 for mention in found)
            or len(name) < 2
        ):
            continue
        start = match.end("name") - len(name)
        label = match["short"]
        found.append(
            _Mention(
                label,
                label if label[1:] != "方" or label not in {"甲方", "乙方", "丙方"} else None,
                name,
                Span(start, start + len(name)),
                match.start(),
            )
        )
    return sorted(found, key=lambda mention: mention.at)


def _roles_by_verb(s: str) -> dict[str, str]:
    """Which of 甲方, 乙方 gives and which takes, by the operative sentence."""
    patterns = (
        (
            r"(甲方|乙方)[^。\n]{0,90}?(出租|租赁|租|发包|承包|流转|转包|转让|出让|租让|交|委托)(?:经营|使用)?(?:给|予|于|与)(?:了)?(?:甲方|乙方)",
            None,
        ),
        (
            r"(甲方|乙方)(?:自愿|同意|愿意|决定|依法|现)*(?:将|把)[^。\n]{0,90}?(出租|发包|流转|转包|转让|出让)",
            None,
        ),
        (
            r"(甲方|乙方)(?:自愿|同意|愿意|决定|依法|现|向[^，。\n]{0,6})*(承租|租用|承包|受让|租赁|租种)(?:了)?(?!期|费|金|人|方|物|地的|合同)",
            "taker",
        ),
    )
    given: dict[str, str] = {}
    for pattern, side in patterns:
        for match in re.finditer(pattern, s):
            other = "乙方" if match[1] == "甲方" else "甲方"
            giver = other if side == "taker" else match[1]
            verb = match[2]
            given.setdefault("giver", giver)
            given.setdefault("verb", verb)
            if given["giver"] != giver and pattern is patterns[0][0]:
                given["clash"] = giver
        if "giver" in given:
            break
    return given


def _verb_roles(verb: str, nature: str | None, kind: str) -> tuple[str, str]:
    if kind in {"works", "land_contracting"} or verb in {"发包", "承包"}:
        return "employer", "contractor"
    if kind == "sale":
        return "seller", "buyer"
    return "lessor", "lessee"


def read_parties(text: Text, parts: Parts, found: Elements) -> None:
    """Fills the parties: label, name, role, kind, identifier."""
    head = max(parts.head.end, min(len(text.s), 600)) if parts.clauses else min(len(text.s), 1500)
    head = min(head, parts.signature.start)
    mentions = _mentions(text, head)
    parties: dict[str, Party] = {}
    for mention in mentions:
        key = (
            mention.label
            if mention.label in {"甲方", "乙方", "丙方"}
            else _side_key(mention.role_words or mention.label)
        )
        known = parties.get(key)
        role = _ROLE.get((mention.role_words or "")[:2])
        if known is None:
            parties[key] = Party(
                mention.label, mention.name or None, role, name_span=mention.span if mention.name else None
            )
        else:
            _merge(known, mention, role, found)
    _assign_roles(text, parts, parties, found)
    _identifiers(text, parties, mentions, parts, found)
    found.parties = list(parties.values())
    for party in found.parties:
        if party.name:
            party.kind = kind_of(party.name)
            if party.name_span and party.role:
                found.note(f"{party.role}.name", party.name_span)


def _side_key(words: str) -> str:
    return "giver" if re.fullmatch(GIVERS, words) else "taker" if re.fullmatch(TAKERS, words) else words


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one party: a shorter form of the same words is the same."""
    plain = [
        re.sub(
            r"[()“”\"·.、＿]|村民委员会|村委会|有限责任公司|有限公司",
            lambda m: {"村委会": "村民委员会"}.get(m[0], "" if len(m[0]) == 1 else m[0]),
            name,
        )
        for name in (one, other)
    ]
    return plain[0] == plain[1] or plain[0].endswith(plain[1]) or plain[1].endswith(plain[0])


def _merge(known: Party, mention: _Mention, role: str | None, found: Elements) -> None:
    known.role = known.role or role
    if (
        role
        and known.role
        and role != known.role
        and {role, known.role} not in ({"lessor", "employer"}, {"lessee", "contractor"})
    ):
        found.clash("parties.roles", "同一方前后身份不一致", mention.span)
    if not mention.name:
        return
    if known.name is None:
        known.name, known.name_span = mention.name, mention.span
    elif not same_name(known.name, mention.name):
        found.clash(
            f"{known.label}.name", f"{known.label}前后写成“{known.name}”和“{mention.name}”", mention.span
        )
    elif len(mention.name) > len(known.name):
        known.name, known.name_span = mention.name, mention.span


def _assign_roles(text: Text, parts: Parts, parties: dict[str, Party], found: Elements) -> None:
    for key, party in parties.items():
        if key in {"giver", "taker"} and party.role is None:
            party.role = None
    verbs = _roles_by_verb(text.s[: parts.body.end])
    first, second = parties.get("甲方"), parties.get("乙方")
    if first is None or second is None:
        return
    if "giver" in verbs:
        give, take = _verb_roles(verbs["verb"], found.nature, found.kind)
        by_verb = {"甲方": give, "乙方": take} if verbs["giver"] == "甲方" else {"甲方": take, "乙方": give}
        for label, party in (("甲方", first), ("乙方", second)):
            wanted = by_verb[label]
            gives = wanted in {"lessor", "employer", "seller"}
            if party.role is None:
                party.role = wanted
            elif gives != (party.role in {"lessor", "employer", "seller"}):
                found.clash(
                    "parties.roles",
                    f"{label}的称呼与“由谁{verbs['verb']}给谁”的写法相反",
                    party.name_span or Span(0, 0),
                )
                found.doubt("parties.roles", "双方谁是出租（发包）方写得前后不一，请人工确认。")
                party.role = None
    opposite = {
        "lessor": "lessee",
        "lessee": "lessor",
        "employer": "contractor",
        "contractor": "employer",
        "seller": "buyer",
        "buyer": "seller",
    }
    if first.role and second.role is None and not any(c.path == "parties.roles" for c in found.conflicts):
        second.role = opposite[first.role]
    elif second.role and first.role is None and not any(c.path == "parties.roles" for c in found.conflicts):
        first.role = opposite[second.role]
    if first.role and first.role == second.role:
        found.clash("parties.roles", "双方被写成了同一身份", first.name_span or Span(0, 0))
        found.doubt("parties.roles", "双方被写成了同一身份，请人工确认谁是出租（发包）方。")
        first.role = second.role = None


def _identifiers(
    text: Text, parties: dict[str, Party], mentions: list[_Mention], parts: Parts, found: Elements
) -> None:
    starts = [m for m in mentions if m.name or m.label]
    for n, mention in enumerate(starts):
        key = mention.label if mention.label in parties else _side_key(mention.role_words or mention.label)
        party = parties.get(key)
        if party is None:
            continue
        stop = next((later.at for later in starts[n + 1 :] if later.label != mention.label), None)
        stop = (
            stop
            if stop is not None
            else min(parts.signature.start, mention.at + 400, max(parts.head.end, mention.at + 60))
        )
        _read_id(text, party, Span(mention.at, stop), found)
    for label, party in parties.items():  # the number may stand beside the name in the signature block
        if party.identifier is None:
            pattern = re.compile(rf"{re.escape(party.label)}[^\n]*\n(?:[^\n]*\n){{0,3}}?[^\n]*?身份证")
            match = (
                pattern.search(text.s, parts.signature.start, parts.signature.end)
                if label in {"甲方", "乙方"}
                else None
            )
            if match:
                _read_id(
                    text, party, Span(match.end() - 3, min(match.end() + 40, parts.signature.end)), found
                )


def _read_id(text: Text, party: Party, within: Span, found: Elements) -> None:
    for match in _IDS.finditer(text.s, within.start, within.end):
        value = match["value"]
        if value in {None, BLANK}:
            party.identifier_wanted = True
            continue
        value = value.upper()
        try:
            clean("id_or_credit_code", value)
            problem = None
        except Unclean as error:
            problem = error.code
        if party.identifier is not None:
            if (
                party.identifier != value
                and len(value) == 18 == len(party.identifier)
                and kind_of(party.name or "") == "person"
            ):
                found.clash(
                    f"{party.label}.identifier",
                    f"{party.label}的证件号前后不一致",
                    Span(*match.span("value")),
                )
            continue
        party.identifier, party.identifier_problem = value, problem
        party.identifier_span = Span(*match.span("value"))
        if party.role:
            found.note(f"{party.role}.identifier", party.identifier_span)
