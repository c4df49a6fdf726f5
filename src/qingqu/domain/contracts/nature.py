"""What kind of contract this is: kind, nature and land class. The cap on the term hangs on it, so the evidence is
weighed from what the document is called, what its parties are called and what one does to the other's benefit, and
where they disagree the nature stays unknown (the Supreme Court's cases turn on exactly that, 出租 against 承包)."""

import re

from qingqu.domain.contracts.elements import Elements
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text

_TITLE_WORDS = re.compile(r"合同|协议|契约")
_WORKS = re.compile(
    r"施工|工程(?!机械|车)|建筑安装|修建|硬化|改造|装修工程|修缮|安装|新建|扩建|承揽|绿化工程|道路"
)
_SUPPLEMENT = re.compile(r"补充|变更(?:协议|合同)|修订协议|续签协议")
_SALE = re.compile(r"买卖|购销|出售|采购|销售|拍卖成交")
_LEASE = re.compile(r"租赁|出租|承租|租用|租地|租房|租山|房租|转租|招租|场地租|租凭")
_CONTRACTING = re.compile(r"承包|发包|转包")
_RIGHT = re.compile(
    r"经营权(?:的)?(?:流转|转让|出租|入股|转包|租赁|出让)|土地流转|流转(?:合同|协议)|林权流转|转包|转让合同|流转经营"
)
_VERBS = (
    ("lease", re.compile(r"(?:出租|租赁|租)(?:给|予|于)?(?:乙方|甲方|承租|丙方)|承租(?:甲|乙|出租)方?|(?:乙|甲)方(?:自愿)?(?:承租|租赁|租用)|出租方|承租方|出租人|承租人")),
    ("contracting", re.compile(r"(?:发包|承包)(?:给|予|于)(?:乙方|甲方|承包)|(?:乙|甲)方(?:自愿|经[^，。\n甲乙]{1,8}|通过[^，。\n甲乙]{1,8})?承包|发包方|发包人|承包方|承包人|发包给|承包给|发包")),
    ("right", re.compile(r"流转(?:给|予|至)|转包给|经营权(?:流转|出租|转让|入股)|流出方|流入方|转出方|转入方|出让方.{0,40}经营权|转让方|受让方")),
)  # fmt: skip
_FAMILY = re.compile(
    r"家庭承包|承包方代表|家庭成员|承包农户|农户家庭|土地承包经营权证|延包|第[一二三]轮(?:土地)?承包|[一二三]轮承包|户主(?!会|代表)|承包共有人|以家庭|自留山|责任山|责任田|承包方家庭|按户承包|家庭经营"
)
_OTHER = re.compile(
    r"其他方式承包|其它方式承包|招标|拍卖|公开协商|竞价|竞标|中标|四荒|“四荒”|荒山|荒沟|荒丘|荒滩|荒地|荒坡|荒塘|承包费|承包金|承包款|机动地|上交款|上缴"
)
_FARMERS = re.compile(
    r"(?:农户|承包户|原承包|家庭承包)[^。\n]{0,30}(?:委托|流转|经营权|转包|承包地)|承包经营权证(?:书)?(?:编)?号|土地经营权|受农户委托|农户委托|委托流转"
)

_CLASSES = (
    ("construction_land", re.compile(r"建设用地|工业用地|商业用地|建设(?:项目)?用地使用权|企业用地|集体经营性建设用地|厂区用地")),
    ("factory", re.compile(r"厂房|车间|仓库|生产用房|标准厂|厂区")),
    ("shop", re.compile(r"商铺|门面|店面|店铺|铺面|门市|商业用房|摊位|营业房|沿街房|市场摊|商铺房|商用房")),
    ("pond", re.compile(r"鱼塘|池塘|水塘|山塘|水面|水库|塘坝|虾塘|蟹塘|养殖池|坑塘|堰塘|藕塘|荷塘")),
    ("wasteland", re.compile(r"荒山|荒沟|荒丘|荒滩|荒地|荒坡|四荒|荒岭|滩涂|未利用地|荒塘")),
    ("forest", re.compile(r"林地|山林|林权|果园|茶园|山场|林木|竹林|经济林|林场|毛竹|山地|山坡地|桑园|橘园|杉木|自留山|责任山|苗圃|山岭|园地")),
    ("farmland", re.compile(r"耕地|农田|水田|旱地|旱田|稻田|田地|农用地|责任田|机动地|土地经营权|承包地|农村土地|土地|菜地|大田|田块|口粮田|大棚")),
    ("house", re.compile(r"房屋|房产|住房|校舍|办公楼|办公用房|民房|楼房|平房|农房|祠堂|礼堂|村部|旧校|公寓|宿舍|闲置房|用房")),
)  # fmt: skip
_WEAK = re.compile(r"土地|用房|园地")


def title_of(text: Text) -> Span | None:
    """The first line that calls itself a contract; a cover page may carry other lines before it."""
    for sentence in re.finditer(r"[^\n]+", text.s[:1500]):
        if (
            _TITLE_WORDS.search(sentence[0])
            and len(sentence[0]) <= 40
            and not re.search("编号|签订|：|备案", sentence[0])
        ):
            return Span(*sentence.span())
    return None


def read_nature(text: Text, parts: Parts, found: Elements) -> None:
    """Sets kind, nature, object class."""
    title_span = title_of(text)
    title = text.s[title_span.start : title_span.end] if title_span else ""
    if title_span:
        found.facts["title"] = title_span
    body = text.s[parts.head.start : parts.body.end]
    read_class(text, parts, title, found)
    if title and _SUPPLEMENT.search(title):
        found.kind = "supplement"
    votes = _votes(body, title)
    operative = max(votes, key=lambda key: votes[key]) if any(votes.values()) else _named(title)
    if _is_works(title, body, votes):
        found.kind = found.kind if found.kind == "supplement" else "works"
        found.nature = "works"
    elif title and _SALE.search(title) and not (_LEASE.search(title) or _CONTRACTING.search(title)):
        found.kind = "sale" if found.kind != "supplement" else found.kind
    elif operative:
        _decide(body, title, votes, operative, found)
    if title_span and found.nature:
        found.note("nature", title_span, 0.95 if not found.nature_clash else 0.5)
    if title_span:
        found.note("kind", title_span)


def _votes(body: str, title: str) -> dict[str, int]:
    return {name: len(pattern.findall(body)) for name, pattern in _VERBS}


def _is_works(title: str, body: str, votes: dict[str, int]) -> bool:
    named = (
        bool(_WORKS.search(title))
        and not _LEASE.search(title)
        and not re.search("土地|山林|鱼塘|林地", title)
    )
    speaks = len(re.findall("工程|施工|竣工|验收|工期|质保金|工程款", body)) >= 6
    rents = len(re.findall("租金|承包费|租赁期|承包期限|流转费", body))
    return (named and speaks) or (
        speaks and rents == 0 and not votes["lease"] and len(re.findall("施工|工程", body)) >= 6
    )


def _named(title: str) -> str | None:
    if _RIGHT.search(title):
        return "right"
    lease, contracting = _LEASE.search(title), _CONTRACTING.search(title)
    if bool(lease) != bool(contracting):
        return "lease" if lease else "contracting"
    return None


def _decide(body: str, title: str, votes: dict[str, int], operative: str, found: Elements) -> None:
    named = _named(title)
    strongest = votes[operative]
    if named and named != operative and votes[named] * 2 >= strongest:
        operative = named  # the text uses its own title's words as well
    supplement = found.kind == "supplement"
    transfer = (
        operative == "right"
        or named == "right"
        or (
            bool(_FARMERS.search(body))
            and operative != "contracting"
            and found.object_class in {"farmland", "forest", None}
        )
    )
    if operative == "lease" and not transfer:
        found.kind = "lease" if not supplement else "supplement"
        found.nature = "lease"
    elif transfer:
        found.kind = "lease" if not supplement else "supplement"
        found.nature = "management_right_transfer"
    else:
        found.kind = "land_contracting" if not supplement else "supplement"
        found.nature = _contracting(body, found)
    clash = {operative, named} == {"lease", "contracting"} and named is not None
    mixed = {"lease", "contracting"} <= {key for key, count in votes.items() if count >= 2} and not transfer
    if clash or (
        mixed
        and votes["lease"] >= 2
        and votes["contracting"] >= 2
        and min(votes["lease"], votes["contracting"]) * 3 >= max(votes["lease"], votes["contracting"])
    ):
        found.nature_clash = "出租和承包两种说法并用"
        found.nature = None
        found.doubt("nature", "合同里出租和承包两种说法并用，看不清是租赁还是承包，期限上限无法确定。")


def _contracting(body: str, found: Elements) -> str | None:
    if found.object_class in {"house", "shop", "factory", "construction_land"}:
        found.nature_clash = "名为承包，标的是房屋或建设用地"
        found.doubt("nature", "名为承包，标的却是房屋或建设用地，实为租赁还是承包要由人判断。")
        return None
    family, other = len(_FAMILY.findall(body)), len(_OTHER.findall(body))
    if family and family * 2 >= other:
        return "family_contracting"
    if other:
        return "other_contracting"
    found.doubt("nature", "看不出是家庭承包还是其他方式承包，期限上限无法确定。")
    return None


def read_class(text: Text, parts: Parts, title: str, found: Elements) -> None:
    """The class of the object: from the title, then from the object clause and the operative sentence, then by number."""
    object_text = ""
    place = None
    for clause in parts.clauses:
        if re.search(
            "标的|租赁物|面积|位置|座落|坐落|承包地|范围|概况|房屋|土地|地块|租赁房|基本情况|对象",
            clause.title,
        ):
            object_text += text.s[clause.span.start : min(clause.span.end, clause.span.start + 500)]
            place = place or clause.span
    sentence = re.search(
        r"[^。\n]{0,80}(?:出租|租赁|发包|承包|流转|转包|转让|租)(?:给|予|于|经营)[^。，；\n]{0,14}", text.s
    )
    chosen = None
    for source in (
        (sentence[0] if sentence else "") + object_text[:160],
        title,
        object_text,
        text.s[: parts.body.end],
    ):
        chosen = _best(source)
        if chosen:
            break
    land = re.search("土地(?!管理法|承包法|补偿|经营权流转管理)", text.s[: parts.body.end])
    chosen = chosen or ("farmland" if land else None)
    found.object_class = chosen
    if chosen:
        pattern = dict(_CLASSES)[chosen]
        hit = pattern.search(text.s)
        if hit:
            found.note("object.class", Span(*hit.span()), 0.95)


def _best(source: str) -> str | None:
    """The class whose own words are the most, weak words (土地, 用房) not counted; the earlier of the list wins a tie."""
    scored = {
        name: sum(1 for hit in pattern.findall(source) if not _WEAK.fullmatch(hit))
        for name, pattern in _CLASSES
    }
    best = max(scored.values())
    return next(name for name, score in scored.items() if score == best) if best else None
