"""Who contracts with whom. Roles come from what the text says a side does (出租方, 将…出租给…), never from 甲 and 乙:
the village may stand on either side."""

import re

from qingqu.domain.contracts.elements import Elements, Party
from qingqu.domain.contracts.mentions import ROLES, SIDES, Mention, mentions, side_of
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import BLANK, Span, Text
from qingqu.domain.values import Unclean, clean

_IDS = re.compile(
    r"(?:(?:居民)?身份证(?:件)?(?:号码?|编号)?|公民身份号码|证件号码?|统一社会信用代码(?:证)?(?:号码?)?|社会信用代码|信用代码|营业执照(?:注册)?号码?|组织机构代码|身份证明号码|(?<![政编])代码)(?:/[^：\n\t0-9]{1,16}|\([^)\n]{1,16}\))?[：\t为是]*\(?(?P<value>[0-9A-Za-z*＊]{8,22}|＿)?"
)
_BARE_ID = re.compile(
    r"(?<![0-9A-Za-z])(?P<value>[1-9][0-9]{16}[0-9Xx]|[0-9NY9][0-9A-HJ-NPQRTUWXY]{17})(?![0-9A-Za-z])"
)
_COLLECTIVE = re.compile(
    r"股份经济合作(?:社|联合社)|经济合作(?:社|联合社)|经济联合(?:总)?社|合作经济(?:社|联社)|集体经济组织|农工商|经联社|股份合作社|资产经营|经济合作总社|联合社"
)
_KINDS = (
    ("group", re.compile(r"(?:村民)?小组$|(?:[0-9一二三四五六七八九十]+|生产)(?:组|队)$|自然村$|组村民$|村民组$|生产队$|社区[0-9一二三四五六七八九十]+组")),
    ("village_committee", re.compile(r"村民委员会|居民委员会|村委会|居委会|村村委|社区委员会|村委$|村民委$")),
    ("collective", _COLLECTIVE),
    ("company", re.compile(r"公司|企业|厂$|合作社|家庭农场|农场$|集团|商行|经营部|店$|工程队|事务所|工厂|农业园|林场$|养殖场$|超市|饭店|个体|幼儿园|中心$|工作室|种植场|场$")),
    ("other", re.compile(r"人民政府|政府$|学校|医院|局$|委员会|协会|支部|办事处|信用社|银行|站$|所$")),
)  # fmt: skip
_PERSON = re.compile(r"[一-鿿]{2,4}|[一-鿿]+·[一-鿿·]+")
_FEW = re.compile(r"(?:等|及)(?:[0-9一二三四五六七八九十百]+)?(?:户|人|名)(?:农户|村民)?$")
_OPPOSITE = {
    "lessor": "lessee",
    "lessee": "lessor",
    "employer": "contractor",
    "contractor": "employer",
    "seller": "buyer",
    "buyer": "seller",
}
_GIVES = {"lessor", "employer", "seller"}


def kind_of(name: str) -> str:
    """The kind of a party by how its name ends; a farmers' group stands before the committee it belongs to."""
    plain = re.sub(r"\([^)]*\)$", "", name)
    if _COLLECTIVE.search(plain) and not plain.endswith(("专业合作社", "有限公司")):
        return "collective" if not _KINDS[0][1].search(plain) else "group"
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            return kind
    return "person" if _PERSON.fullmatch(_FEW.sub("", plain)) else "other"


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one party: a shorter form of the same words is the same."""
    short = [
        re.sub(r"[()“”\"·.、＿]|有限责任|有限", "", name)
        .replace("村委会", "村民委员会")
        .replace("村村民", "村民")
        for name in (one, other)
    ]
    return short[0] == short[1] or short[0].endswith(short[1]) or short[1].endswith(short[0])


def read_parties(text: Text, parts: Parts, found: Elements) -> None:
    """Fills the parties: label, name, role, kind, identifier."""
    head = max(parts.head.end, 600) if parts.clauses else 1500
    head = min(head, parts.signature.start, len(text.s))
    listed = mentions(text, 0, head)
    if not any(m.name for m in listed) and parts.signature.start < len(text.s):
        listed += mentions(text, parts.signature.start, parts.signature.end)
    keys = _keys(listed)
    parties: dict[str, Party] = {}
    for mention, key in zip(listed, keys, strict=True):
        _enter(parties, key, mention, found)
    found.parties = list(parties.values())
    _roles(text, parts, parties, found)
    _identifiers(text, listed, keys, parties, parts, found)
    _signatures(text, parts, keys, listed, parties, found)
    for party in found.parties:
        party.kind = kind_of(party.name) if party.name else None
        if party.name_span and party.role:
            found.note(f"{party.role}.name", party.name_span)
        if party.identifier_span and party.role:
            found.note(f"{party.role}.identifier", party.identifier_span)


def _keys(listed: list[Mention]) -> list[str]:
    """One key a side: 甲方 and 出租方 are one where some line says so, or where both bear one name."""
    alias: dict[str, str] = {m.label: m.side for m in listed if m.label in SIDES and m.side}
    names = {m.side: m.name for m in listed if m.label not in SIDES and m.side and m.name}
    for mention in listed:
        if mention.label in SIDES and mention.label not in alias and mention.name:
            for side, name in names.items():
                if side and same_name(name, mention.name):
                    alias[mention.label] = side
    sides = list(alias.values())
    found: list[str] = []
    for mention in listed:
        key = alias.get(mention.label) if mention.label in SIDES else mention.side
        if mention.label in SIDES and key and sides.count(key) > 1:
            key = None  # two sides called by one role: keep them apart
        found.append(key or mention.label)
    return found


def _enter(parties: dict[str, Party], key: str, mention: Mention, found: Elements) -> None:
    role = ROLES.get((mention.role_words or "")[:2])
    known = parties.get(key)
    if known is None:
        parties[key] = Party(
            mention.label, mention.name or None, role, name_span=mention.span if mention.name else None
        )
        return
    known.role = known.role or role
    if mention.label in SIDES:
        known.label = mention.label
    if role and known.role and (role in _GIVES) != (known.role in _GIVES):
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


_BY_VERB = (
    (re.compile(r"(甲方|乙方)[^。\n]{0,110}?(出租|租赁|租|发包|承包|流转|转包|转让|出让|租让|卖|出售|交|委托)(?:经营|使用)?(?:给|予|于|与)(?:了)?(?:甲方|乙方)"), False),
    (re.compile(r"(甲方|乙方)(?:自愿|同意|愿意|决定|依法|现)*(?:将|把)[^。\n]{0,110}?(出租|发包|流转|转包|转让|出让|出售|委托)"), False),
    (re.compile(r"(甲方|乙方)(?:自愿|同意|愿意|决定|依法|现|向[^，。\n]{0,6}|经[^，。\n甲乙]{1,8}|通过[^，。\n甲乙]{1,8})*(承租|租用|承包|受让|租赁|租种|承建|承揽|施工|购买)(?:了)?(?!期|费|金|人|方|物|地的|合同|单位|现场|安全)"), True),
    (re.compile(r"由(甲方|乙方)(?:负责|自愿)?(承租|租用|承包|承建|承揽|施工|经营)(?!期|费|金|人|合同|单位)"), True),
)  # fmt: skip


def _by_verb(s: str) -> tuple[str, str] | None:
    """(which of 甲方, 乙方 gives, the verb), by the operative sentence."""
    for pattern, takes in _BY_VERB:
        match = pattern.search(s)
        if match:
            other = "乙方" if match[1] == "甲方" else "甲方"
            return (other if takes else match[1]), match[2]
    return None


def _roles(text: Text, parts: Parts, parties: dict[str, Party], found: Elements) -> None:
    by_label = {party.label: party for party in parties.values()}
    first, second = by_label.get("甲方"), by_label.get("乙方")
    verb = _by_verb(text.s[: parts.body.end])
    if first and second and verb:
        give, take = _pair(verb[1], found.kind)
        for party in (first, second):
            wanted = give if party.label == verb[0] else take
            if party.role is None:
                party.role = wanted
            elif (wanted in _GIVES) != (party.role in _GIVES):
                found.clash(
                    "parties.roles",
                    f"{party.label}的称呼与“由谁{verb[1]}给谁”的写法相反",
                    party.name_span or Span(0, 0),
                )
                found.doubt("parties.roles", "双方谁是出租（发包）方写得前后不一，请人工确认。")
    pair = list(parties.values())[:2]
    if len(pair) == 2:
        _complete(pair[0], pair[1], found)
    if any(c.path == "parties.roles" for c in found.conflicts):
        for party in parties.values():
            party.role = None


def _complete(one: Party, two: Party, found: Elements) -> None:
    if one.role and two.role is None:
        two.role = _OPPOSITE[one.role]
    elif two.role and one.role is None:
        one.role = _OPPOSITE[two.role]
    if one.role and two.role and (one.role in _GIVES) == (two.role in _GIVES):
        found.clash("parties.roles", "双方被写成了同一身份", one.name_span or Span(0, 0))
        found.doubt("parties.roles", "双方被写成了同一身份，请人工确认谁是出租（发包）方。")


def _pair(verb: str, kind: str) -> tuple[str, str]:
    if kind == "sale" or verb in {"卖", "出售", "购买"}:
        return "seller", "buyer"
    if kind in {"works", "land_contracting"} or verb in {"发包", "承包", "委托", "承建", "承揽", "施工"}:
        return "employer", "contractor"
    return "lessor", "lessee"


def _identifiers(
    text: Text,
    listed: list[Mention],
    keys: list[str],
    parties: dict[str, Party],
    parts: Parts,
    found: Elements,
) -> None:
    for n, mention in enumerate(listed):
        party = parties[keys[n]]
        stop = next(
            (later.at for later, key in zip(listed[n + 1 :], keys[n + 1 :], strict=True) if key != keys[n]),
            None,
        )
        if stop is None:
            stop = min(parts.signature.start, mention.at + 400, max(parts.head.end, mention.at + 60))
        _read_id(text, party, Span(mention.at, stop), found)
    for party in parties.values():
        if party.identifier is None:  # beside the name in the signature block
            for match in re.finditer(
                rf"{re.escape(party.label)}[^\n]*\n?[^\n]*",
                text.s[parts.signature.start : parts.signature.end],
            ):
                start = parts.signature.start + match.start()
                _read_id(text, party, Span(start, parts.signature.start + match.end()), found)


def _read_id(text: Text, party: Party, within: Span, found: Elements) -> None:
    labelled = list(_IDS.finditer(text.s, within.start, within.end))
    for match in labelled or list(
        _BARE_ID.finditer(text.s, within.start, min(within.end, within.start + 160))
    ):
        value = match["value"]
        if value in {None, BLANK}:
            party.identifier_wanted = True
            continue
        value = value.upper()
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
        party.identifier, party.identifier_problem = value, _problem(value)
        party.identifier_span = Span(*match.span("value"))


def _problem(value: str) -> str | None:
    try:
        clean("id_or_credit_code", value)
    except Unclean as error:
        return error.code
    return None


_HEADS = re.compile(
    r"(?P<what>法定代表人|法人代表|负责人|代表人|代表|委托代理人|代理人)(?:\([^)\n]{1,12}\)|/[^：\n]{1,10})*[：\t](?P<name>[一-鿿]{2,4})(?=[\n，。；\t(]|身份证|电话|联系|乙方|承租|承包|$)"
)


def _signatures(
    text: Text,
    parts: Parts,
    keys: list[str],
    listed: list[Mention],
    parties: dict[str, Party],
    found: Elements,
) -> None:
    """Names in the signature block against the head's; who signs for a body against who heads it."""
    by_label = {mention.label: key for mention, key in zip(listed, keys, strict=True)}
    for mention in mentions(text, parts.signature.start, parts.signature.end):
        key = by_label.get(mention.label) or (side_of(mention.role_words) if mention.role_words else None)
        party = parties.get(key or "")
        if party is None or not mention.name or not party.name or kind_of(mention.name) == "other":
            continue
        differs = not same_name(party.name, mention.name) and kind_of(mention.name) == kind_of(party.name)
        if differs and text.confidence(mention.span) >= 0.9:
            shown = f"{party.label}首部写“{party.name}”，落款写“{mention.name}”"
            found.clash(f"{party.label}.name", shown, mention.span)
    for zone, attribute in ((Span(0, parts.head.end), "legal"), (parts.signature, "signer")):
        places = mentions(text, zone.start, zone.end)
        for match in _HEADS.finditer(text.s, zone.start, zone.end):
            before = [m for m in places if m.at < match.start()]
            key = by_label.get(before[-1].label) if before else None
            party = parties.get(key or "")
            if party is None or party.name is None or kind_of(party.name) == "person":
                continue
            if "代理" in match["what"]:
                found.facts.setdefault("authorised", Span(*match.span()))
            elif getattr(party, attribute) is None:
                setattr(party, attribute, match["name"])
