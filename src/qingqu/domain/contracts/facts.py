"""Clauses that matter by their being there, and which way they point: sublease, buy-back, expropriation, guarantees,
oral agreements, renewal, use, repair, breach, disputes. Each fact is the place of the words that carry it."""

import re
from decimal import Decimal

from qingqu.domain.contracts.elements import Elements
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.text import Span, Text
from qingqu.domain.values.numerals import NUM, number

_NO = r"(?:不得|不能|不可|未经|禁止|不准|无权|须经|需经|应经|征得|经甲方|经出租方|经发包方|书面同意|同意后|方可)"
_FACTS: tuple[tuple[str, str, str | None], ...] = (
    # (fact, words that carry it, words in the same sentence that take it back)
    (
        "sublease_free",
        r"(?:乙方|承租方|承包方|承租人|承包人)?[^。；\n]{0,20}(?:可以?|有权|允许|自行|自由|随意)[^。；\n]{0,8}(?:转租|转包|转让|转借|再流转|分租)[^。；\n]{0,20}|(?:转租|转包|转让)[^。；\n]{0,10}(?:无需|不需|不必|无须|毋须|不用)[^。；\n]{0,6}(?:同意|批准)|自由转(?:租|让|包)",
        r"(?:须经|需经|应经|征得|经甲方|经出租|经发包|经村|经乙方同意|书面同意|同意后|同意的|(?<![甲乙])方可|不得|取得)[^无不]{0,20}|未经|在甲方同意|报甲方",
    ),
    ("sublease", r"转租|转包|转让(?!合同|方|费)", None),
    (
        "buyback",
        r"(?:甲方|出租方|发包方|村(?:集体|委会)?)[^。；\n]{0,24}(?:回购|收购|购买|买下|全额(?:补偿|赔偿)|作价(?:收购|补偿|接收)|按(?:市场价|评估价|投资额?|造价|市价)[^。；\n]{0,10}(?:补偿|收购|回购|购买|支付))[^。；\n]{0,24}|(?:期满|届满|到期|终止)[^。；\n]{0,30}(?:投资|附着物|建筑物|构筑物|设施|果树|树木|林木|苗木|房屋)[^。；\n]{0,30}(?:由甲方|甲方应?|由出租方|由发包方|由村)[^。；\n]{0,8}(?:作价|按|补偿|回购|收购|购买|赔偿)",
        r"无偿(?:归|交|移交|收回)|不予补偿|不补偿|无权要求|不得要求|违约|征收|征用|提前(?:终止|解除|收回)|单方",
    ),
    ("expropriation", r"征收|征用|征占|征地|国家建设|拆迁", None),
    (
        "land_money_to_taker",
        r"(?:土地补偿(?:费|款)?|征地补偿(?:费|款)?|安置补助费?|全部补偿(?:费|款)?|一切补偿|所有补偿)[^。；\n]{0,16}(?:归|由|属于?)(?:乙方|承租方|承包方|承租人|承包人)(?:所有|享有|领取)?",
        r"土地补偿(?:费|款)?(?:归|属于?|由)(?:甲方|村|集体|发包|出租)",
    ),
    (
        "guarantee",
        r"(?:以|将|用|把|可|可以|有权)[^。；\n]{0,20}(?:土地|房屋|鱼塘|集体资产|资产|租赁物|标的|承包地|所有权|厂房|林地)[^。；\n]{0,12}(?:抵押|担保|质押)|甲方[^。；\n]{0,10}(?:提供|承担|作|为)[^。；\n]{0,10}(?:担保|保证责任|抵押)",
        r"不得|禁止|不准|不能|无权|未经|经营权|林权",
    ),
    (
        "no_termination",
        r"甲方[^。；\n]{0,20}(?:不得|无权|不能)[^。；\n]{0,14}(?:解除|终止|收回)(?:本?合同|租赁|土地|承包)?|(?:无论|不论)[^。；\n]{0,16}(?:情况|理由|原因)[^。；\n]{0,16}(?:不得|无权)[^。；\n]{0,8}(?:解除|终止|收回)",
        r"(?:双方|任何一方|乙方)(?:均|都)?不得|擅自|随意|单方|无故|无正当|(?<!解)除(?:乙方|非|因|出现|不可|法)",
    ),
    (
        "sole_risk",
        r"(?:一切|全部|所有)(?:的)?(?:责任|损失|风险|债务|费用)[^。；\n]{0,8}(?:由|均由|概由)(?:甲方|出租方|发包方|村(?:集体|委会)?)(?:承担|负责)",
        None,
    ),
    (
        "auto_renewal",
        r"自动(?:续签|续租|续期|续约|延长|延续|顺延|延期)|(?:期满|届满|到期)[^。；\n]{0,16}(?:无异议|未提出|没有提出)[^。；\n]{0,16}(?:自动|视为)[^。；\n]{0,8}(?:续|延|顺延)|无条件续(?:租|签|期|约)",
        r"不自动|不得自动|非自动|自动终止",
    ),
    (
        "chained",
        r"(?:期满|届满|到期)后?[^。；\n]{0,24}(?:再|继续|另|续)(?:续签|续租|签订?|租|订|续|承租|承包)[^。；\n]{0,8}(?:"
        + NUM
        + r")年|同(?:时|日)(?:另行?)?签订[^。；\n]{0,20}(?:"
        + NUM
        + r")年|(?:续签|续租|续期|续约)[^。；\n]{0,8}(?:"
        + NUM
        + r")年",
        r"协商|不超过|优先权|另行约定",
    ),
    (
        "oral",
        r"口头(?:约定|协议|续|延长|通知即)|(?:口头|口头上)[^。；\n]{0,6}(?:有效|为准)",
        r"无效|不得|不能|视为无效",
    ),
    (
        "use",
        r"用途|用于|作为[^。；\n]{0,10}(?:使用|经营|种植|养殖|生产)|从事[^。；\n]{0,14}(?:种植|养殖|经营|生产|加工)|种植|养殖|经营范围|经营项目|发展",
        None,
    ),
    (
        "use_free",
        r"(?:用途|经营(?:项目|内容|范围)|使用(?:方式|用途))[^。；\n]{0,10}(?:不限|自定|自主决定|自行决定|由乙方(?:自行|自主)?(?:决定|安排|确定))|(?:自主|自由|任意)(?:选择|决定|改变|变更)[^。；\n]{0,6}(?:用途|经营项目|种植)|乙方(?:可以?|有权)(?:自由|任意|自行)(?:使用|改变)",
        r"不得|前提下|范围内|不改变",
    ),
    (
        "build",
        r"(?:建设|建造|修建|搭建|新建|兴建|建盖|建)(?:[^。；\n，]{0,10})(?:厂房|房屋|仓库|住宅|办公楼|宿舍|建筑物|构筑物|永久性|别墅|民宿|商铺|车间|硬化|加油站|停车场|物流)",
        r"不得|严禁|禁止|不准|不能|未经|违法|擅自|看护|管理用房|设施农用|附属|拆除|禁",
    ),
    (
        "build_permitted",
        r"规划许可|建设工程规划|乡村建设规划|农用地转用|用地审批|审批手续|设施农业用地备案|建设用地规划|合法审批|经批准",
        None,
    ),
    (
        "pond_on_farmland",
        r"(?:挖(?:塘|鱼塘|池)|开挖[^。；\n]{0,4}(?:塘|池)|改(?:建|造|为|成)?[^。；\n]{0,4}(?:鱼塘|虾塘|池塘|蟹塘)|挖塘养)",
        r"不得|严禁|禁止|不准|不能",
    ),
    (
        "fruit_on_farmland",
        r"(?:种(?:植)?|栽(?:种|植)?|发展)[^。；\n]{0,8}(?:果树|苗木|林木|果园|速生|绿化树|花卉|草皮|桉树|杨树|林果)",
        r"不得|严禁|禁止|不准|不能",
    ),
    ("basic_farmland", r"永久基本农田|基本农田", None),
    ("repair", r"维修|修缮|维护|保养|管护|疏浚|清淤|加固", None),
    ("breach", r"违约|违反(?:本)?合同|赔偿|滞纳金", None),
    ("disputes", r"争议|纠纷|仲裁|诉讼|起诉|人民法院|调解", None),
    ("consent_written", r"书面同意", None),
    ("published", r"公示|公告|张榜|村务公开|公布", None),
    (
        "filed",
        r"备案|鉴证|见证|报[^。；\n]{0,8}(?:镇|乡|街道|农经|经管)|(?:镇|乡|街道)[^。；\n]{0,8}(?:审核|审批|批准|同意|审查)",
        None,
    ),
    (
        "town_approval",
        r"(?:乡|镇)(?:\(镇\)|\(乡\)|\(街道\))?(?:人民政府)[^。；\n]{0,10}(?:批准|审批|审核同意|同意|批复)|报[^。；\n]{0,10}(?:政府|街道办事处|镇|乡)[^。；\n]{0,6}(?:批准|审批)",
        r"须|应报|需报|方可",
    ),
    (
        "party_meeting",
        r"党(?:支部|总支|组织|委)[^。；\n]{0,12}(?:提议|研究|讨论|会议|商议)|支委会|党员大会|四议两公开",
        None,
    ),
    (
        "traded",
        r"(?:产权交易|公共资源交易|交易中心|交易平台|农交所|公开(?:招标|招租|竞价|拍卖|竞标|挂牌|交易|发包)|招投标|招标(?:文件)?|挂牌|竞得|中标通知|拍卖成交)",
        r"未经|未通过|没有|不通过|免于",
    ),
    (
        "not_traded",
        r"(?:未经|未通过|没有通过|不通过|免于)[^。；\n]{0,10}(?:公开(?:招标|招租|竞价|交易|发包)|产权交易|交易平台|招投标|招标)",
        None,
    ),
    ("qualification", r"资格审查|项目审核|风险(?:防范|保障)金|准入审查|主体资格|资质审核", None),
    (
        "related",
        r"(?:系|为|是)[^。；\n]{0,8}(?:村主任|村支书|书记|村委会委员|两委|村干部|理事长|社长|监事)[^。；\n]{0,6}(?:本人|之子|之女|配偶|妻|丈夫|兄|弟|父|母|姐|妹|儿子|女儿|亲属|近亲属)|(?:乙方|承租方|承包方)(?:系|为|是)(?:本村)?(?:村主任|村支书|村(?:党支部)?书记|村委会委员|村干部|理事长)",
        None,
    ),
    ("related_disclosed", r"(?:已)?(?:回避|披露|公开说明|申报)", r"不得|应当"),
    ("authorised", r"授权委托|委托代理人|委托书|代理人", None),
    (
        "outsider",
        r"(?:乙方|承租方|承包方)[^。；\n]{0,10}(?:非本(?:村|集体)|不是本(?:村|集体)|系外(?:村|地|来)|本(?:村|集体经济组织)以外)|外(?:村|来)(?:人员|承包|投资)|本集体经济组织以外的",
        None,
    ),
    ("tax_clause", r"税", None),
    ("acceptance", r"验收", None),
    (
        "measure",
        r"按实(?:际)?(?:工程量|测量|完成)?(?:结算)?|据实结算|以实(?:际)?(?:测量|验收|完成|计量)|工程量(?:清单|以)|计量|实测实量|按(?:图|清单)",
        None,
    ),
    (
        "quantity_named",
        r"工程量|长(?:度)?[约]?[0-9]|宽(?:度)?[约]?[0-9]|厚(?:度)?[约]?[0-9]|面积[约]?[0-9]",
        None,
    ),
    (
        "subcontract_whole",
        r"(?:全部|整体|整个)[^。；\n]{0,8}(?:转包|分包)|(?:可以?|有权|允许)[^。；\n]{0,8}(?:转包|分包)",
        r"不得|严禁|禁止|不能|不准|未经",
    ),
    ("qualified", r"资质|营业执照|建筑业企业|施工资格|等级证书", None),
    ("unqualified", r"(?:无|没有|不具备|不需要?|不要求)[^。；\n]{0,6}(?:资质|施工资格)", None),
    (
        "tendered",
        r"招标|投标|中标|竞价|询价|比选|磋商|谈判|四议两公开",
        r"未经招标|未招标|不招标|没有招标|免招标|直接发包",
    ),
    ("not_tendered", r"(?:未经|未|没有|免于?|不)(?:公开)?招(?:标|投标)|直接(?:委托|发包|指定)", None),
    (
        "bid_departs",
        r"(?:不以|不按|不受)[^。；\n]{0,8}(?:中标|招标|投标)|(?:本合同|本协议)与(?:招标|投标|中标)文件不一致[^。；\n]{0,8}(?:以本|本)",
        None,
    ),
    (
        "group_land",
        r"(?:第?[0-9一二三四五六七八九十]+(?:村民)?小?组|村民小组|组集体|[^，。；\n]{1,6}组)(?:集体)?(?:所有|的集体|所属)(?:的)?(?:土地|林地|山林|水面|耕地|鱼塘|荒山)?",
        None,
    ),
    (
        "village_only_penalty",
        r"甲方(?:如|若)?(?:违约|单方|提前)[^。；\n]{0,24}(?:支付|赔偿|承担)[^。；\n]{0,24}",
        None,
    ),
    (
        "taker_penalty",
        r"(?<!支付)(?<!给)(?:乙方|承租方|承包方)[^。；\n]{0,20}(?:违约的|逾期|拖欠|(?:应|须)(?:当)?(?:支付|赔偿|承担)[^。；\n]{0,8}(?:违约|损失|滞纳))|(?:双方|任何一方|违约方|一方)[^。；\n]{0,14}(?:违约|赔偿|承担|支付)",
        None,
    ),
    ("penalty_both", r"(?:任何一方|双方|违约方|一方)", None),
    ("earnest", r"定金", r"不是定金|非定金"),
    ("boundary", r"四至|东至|东邻|东临|东到|界址|附图|宗地图|红线", None),
    (
        "start_works",
        r"(?:动工|开工|竣工)[^。；\n]{0,14}(?:时间|期限|日期|日|前|月)|(?:日|月|年)(?:之)?(?:前|内)(?:动工|开工|竣工)",
        None,
    ),
    ("planning_terms", r"规划条件|容积率|建筑密度|规划要求|双方权利义务", None),
    ("transfer_free_use", r"(?:乙方|承租方)(?:可|有权)[^。；\n]{0,6}继承", None),
)
_COMPILED = tuple(
    (name, re.compile(words), re.compile(against) if against else None) for name, words, against in _FACTS
)


def read_facts(text: Text, parts: Parts, found: Elements) -> None:
    """Fills `found.facts`."""
    end = max(parts.signature.start, parts.body.end)
    for name, pattern, against in _COMPILED:
        for match in pattern.finditer(text.s, 0, end):
            if against is not None:
                sentence = text.sentence_at(match.start())
                begin = max(sentence.start, match.start() - 24)
                if against.search(text.s, begin, min(sentence.end, match.end() + 12)):
                    continue
            found.facts.setdefault(name, Span(*match.span()))
            break
    _penalty(text, parts, found)


_DAILY = re.compile(
    rf"(?:每(?:逾期|延迟|拖欠|超过|迟延)?(?:一|1)?[日天]|逾期(?:一|1)[日天]|按日|每日)[^。；\n]{{0,26}}?(?:(?P<p>[0-9]+(?:\.[0-9]+)?)%|(?P<k>[0-9]+(?:\.[0-9]+)?)‰|千分之(?P<kw>{NUM})|百分之(?P<pw>{NUM})|万分之(?P<w>{NUM}))"
)
_FIXED = re.compile(rf"违约金[^。；\n]{{0,30}}?(?:(?P<p>[0-9]+(?:\.[0-9]+)?)%|百分之(?P<pw>{NUM}))")


_SCALES = {"p": Decimal(1), "pw": Decimal(1), "k": Decimal("0.1"), "kw": Decimal("0.1"), "w": Decimal("0.01")}


def _share(match: re.Match[str]) -> Decimal | None:
    """Percent behind whichever group matched."""
    for key, written in match.groupdict().items():
        value = number(written) if written else None
        if value is not None:
            return value * _SCALES[key]
    return None


def _penalty(text: Text, parts: Parts, found: Elements) -> None:
    for name, pattern in (("penalty_daily", _DAILY), ("penalty_fixed", _FIXED)):
        for match in pattern.finditer(text.s, 0, parts.signature.start):
            sentence = text.sentence_at(match.start())
            if name == "penalty_fixed" and _DAILY.search(text.s, sentence.start, match.end()):
                continue
            value = _share(match)
            if value is not None and value > found.numbers.get(name, Decimal(0)):
                found.numbers[name] = value
                found.facts[name] = Span(*match.span())
