"""What is let: place and area. An area that the text gives twice, differently, is none."""

import re
from decimal import Decimal

from qingqu.domain.contracts import tokens
from qingqu.domain.contracts.elements import DERIVED, Elements
from qingqu.domain.contracts.sections import Parts
from qingqu.domain.contracts.tables import blocks
from qingqu.domain.contracts.text import BLANK, Span, Text
from qingqu.domain.values.numerals import number

_NOT_OBJECT = re.compile(
    r"超过|不足|以上|以下|不得|每超|少于|多于|建筑面积不|户均|人均|赔偿|补偿|违约|看护房|管理房|征收|征用|占用|如有|若有|误差|交易|例如|道路|水渠|各|其中|绿化|村集体共有|全村|总户|超出|增加|减少|预留|附属|保底|产量|亩产"
)
_LEAD = re.compile(
    r"面积|合计|共计|总计|共有|共|计|总|承包地|土地|林地|水面|山林|耕地|房屋|厂房|商铺|约|的|约为|为|实际|实测|地块|宗地|鱼塘|占地|山场|门面|闲置|有|荒山|出租|将|用地|间|旱地|水田"
)
_PLACE_TITLES = re.compile(
    r"(?:标的|租赁物|土地|地块|房屋|鱼塘|承包地|林地|厂房|商铺|山林|水面|该地|出租|宗地|荒山|门面|租赁房屋|租赁土地|标的物|物业)?[^，。；：\n]{0,6}?(?:座落|坐落|位置|位于|地点|地址|所在地|地处)(?:名称|地点|位置|地址)?(?:于|在|为|：|是|\t)*(?P<place>[^，。；\n\t]{2,60})"
)
_NAMED_PLACE = re.compile(
    r"(?:将|把)(?:其|自己|本村|我村|村集体|集体|所有的|拥有的|合法|位于|座落于|坐落于|坐落在|座落在|在|依法)*(?P<place>[^，。；：\n\t]{2,40}?)(?:的)?(?:面积|共|约|计|合计|总|[0-9.]+(?:亩|平方米|㎡|间))"
)
_STOP = re.compile(
    r"[，。；()“”]|的(?:集体|国有|村集体|闲置|一块|一处|[0-9一二三四五六七八九十]+(?:块|处|口|间|栋|宗|座))|的?(?:集体|村集体)(?:所有的?)?(?:建设用地|土地|林地|山林|鱼塘|水面|厂房|房屋|荒山|耕地|农田|资产|商铺)|的?(?:面积|四至|东至|东临|共(?:计|有)?[0-9一二三四五六七八九十]|总面积|约?[0-9.]+(?:亩|平方米|㎡|间)|[零一二三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]+(?:亩|平方米|间)|(?:土地|茶园|果园|鱼塘|林地|厂房|房屋|商铺|荒山|耕地|水田|门面|集体土地|山林|水面)(?:共|约|计|[0-9]|出租|承包|租|发包|流转))"
)
_CONVERTED = re.compile(
    r"(?:\(?(?:合|折合|约合|折|计|即|约|折算|相当于|换算)(?:为|成|约|计)*|[=＝(])[：]?\(?$"
)


def read_object(text: Text, parts: Parts, found: Elements) -> None:
    """Sets location, extents, area in square metres."""
    _read_place(text, parts, found)
    candidates = _candidates(text, parts)
    if found.kind == "works":
        return
    if not candidates:
        candidates = _from_table(text)
    totals = [c for c in candidates if _is_total(text.s, c)]
    chosen = totals or candidates
    if not chosen:
        return
    by_unit: dict[str, list[tokens.Extent]] = {}
    for extent in chosen:
        by_unit.setdefault(extent.unit, []).append(extent)
    _settle(text, by_unit, candidates, bool(totals), found)


def _candidates(text: Text, parts: Parts) -> list[tokens.Extent]:
    found = []
    for extent in tokens.areas(text):
        if extent.span.start >= parts.signature.start:
            break
        sentence = text.sentence_at(extent.span.start)
        before = text.s[sentence.start : extent.span.start]
        after = text.s[extent.span.end : extent.span.end + 6]
        near = before[-12:]
        if re.match(r"[/每]|以上|以下|以内|的建筑|及以", after) or near.endswith(
            ("每", "元/", "/", "满", "元", "每满")
        ):
            continue
        if _NOT_OBJECT.search(before[-16:]) or re.search(r"元(?:整)?[/每]?$", before):
            continue
        title = parts.title_at(extent.span.start)
        if re.search("违约|征收|征用|争议|权利|义务|变更|解除|其他|交付|付款", title) and not re.search(
            "面积", near
        ):
            continue
        money = re.search(r"租金|承包费|流转费|单价|价款", title) is not None
        if money and not re.search(r"面积|按|共|合计|×", near):
            continue
        if extent.unit == "room" and not re.search(r"房|铺|门面|厂|屋|共|计|店|楼|面", before[-12:] + after):
            continue
        if _LEAD.search(before[-14:]) or money or extent.unit != "room" or "\t" in before:
            found.append(extent)
    return found


def _from_table(text: Text) -> list[tokens.Extent]:
    """The area of a table of parcels: its total row, else the sum of its rows."""
    for block in blocks(text):
        head = block[0][0].split("\t")
        column = next((n for n, cell in enumerate(head) if re.search("面积|亩数", cell)), None)
        unit = re.search("亩|平方米|㎡", head[column]) if column is not None else None
        if column is None or unit is None:
            continue
        values: list[tuple[Decimal, Span]] = []
        for row in block[1:]:
            cells = row[0].split("\t")
            value = number(cells[column]) if column < len(cells) else None
            if value is None:
                continue
            at = row.start() + sum(len(cell) + 1 for cell in cells[:column])
            values.append((value, Span(at, at + len(cells[column]))))
            if re.search("合计|总计|小计", cells[0]):
                values = values[-1:]
                break
        if values:
            code = "mu" if unit[0] == "亩" else "m2"
            span = values[0][1] | values[-1][1]
            return [tokens.Extent(span, sum((value for value, _ in values), Decimal(0)), code)]
    return []


def _is_total(s: str, extent: tokens.Extent) -> bool:
    return (
        re.search(
            r"(?:合计|共计|总计|总面积|面积合计|总共|共|计|面积)(?:为|约|是|：|\t|共|计|约为|面积)*$",
            s[max(0, extent.span.start - 10) : extent.span.start],
        )
        is not None
    )


def _settle(
    text: Text,
    by_unit: dict[str, list[tokens.Extent]],
    candidates: list[tokens.Extent],
    total: bool,
    found: Elements,
) -> None:
    settled: dict[str, tokens.Extent] = {}
    for unit, extents in by_unit.items():
        one = _one(text, extents, candidates, total, found)
        if one is None:
            return
        settled[unit] = one
    if _two_units_disagree(text, settled, found):
        return
    order = sorted(settled, key=lambda unit: settled[unit].span.start)
    for n, unit in enumerate(order):
        extent = settled[unit]
        found.extents.append((extent.value or Decimal(0), unit))
        found.note(f"object.areas.{n}", extent.span, 0.9 if extent.approximate else 0.99)
        if extent.approximate:
            found.facts["approximate_area"] = extent.span
    measured = settled.get("m2") or settled.get("mu")
    if order[0] == "mu":
        measured = settled["mu"]
    if measured is not None and measured.m2 is not None:
        found.area_m2 = measured.m2
        found.note("object.area_m2", measured.span, DERIVED)


def _one(
    text: Text, extents: list[tokens.Extent], candidates: list[tokens.Extent], total: bool, found: Elements
) -> tokens.Extent | None:
    """The one area of a unit; None where there are several things, or readings that differ."""
    unread = next((e for e in extents if e.value is None), None)
    if unread is not None:
        if unread.approximate:
            found.doubt("object.area", "面积写的是“多”“余”，不是确数，请写明实测面积。", unread.span)
        else:
            found.clash("object.area", f"面积“{text.words(unread.span)}”大小写不一致", unread.span)
        return None
    if len({e.value for e in extents}) > 1:
        extents = _reduce(extents, candidates, total)
    if len({e.value for e in extents}) == 1:
        return extents[0]
    if _parcels(text, extents):
        _several(extents, found)
    else:
        shown = "、".join(dict.fromkeys(text.words(e.span) for e in extents))
        found.clash("object.area", f"面积前后写成{shown}", *[e.span for e in extents])
    return None


def _reduce(
    extents: list[tokens.Extent], candidates: list[tokens.Extent], total: bool
) -> list[tokens.Extent]:
    """Parcels and their sum: where the largest is the sum of the others, it alone counts."""
    values = [e.value for e in extents if e.value is not None]
    largest = max(values)
    others = [v for v in values if v != largest]
    if sum(others) == largest and len(others) > 1:
        return [e for e in extents if e.value == largest]
    parcels = [
        e.value
        for e in candidates
        if e.unit == extents[0].unit and e.value is not None and e.value != largest
    ]
    if total and len(parcels) > 1 and sum(parcels) == largest:
        return [e for e in extents if e.value == largest]
    return extents


_KIND = re.compile(
    r"耕地|水田|旱地|旱田|林地|水面|鱼塘|山林|荒山|园地|菜地|房屋|场地|仓库|厂房|门面|[^，。；、：\n]{1,8}(?=[0-9.]+(?:亩|平方米|㎡))"
)


def _parcels(text: Text, extents: list[tokens.Extent]) -> bool:
    """Whether the areas are those of several things, listed in one sentence under a name each."""
    first = text.sentence_at(extents[0].span.start)
    names = []
    for extent in extents:
        if not first.start <= extent.span.start < first.end:
            return False
        lead = re.split(r"[，、；和及]", text.s[first.start : extent.span.start])[-1]
        names.append(re.sub(r"面积|共|约|计|[0-9]", "", lead))
    return (
        len(set(names)) == len(names) and all(names) and not any(re.search("总|合计|共计", n) for n in names)
    )


def _several(extents: list[tokens.Extent], found: Elements) -> None:
    for n, extent in enumerate(extents):
        if extent.value is not None:
            found.extents.append((extent.value, extent.unit))
            found.note(f"object.areas.{n}", extent.span)
    if all(extent.m2 is not None for extent in extents):
        found.area_m2 = sum((extent.m2 for extent in extents if extent.m2 is not None), Decimal(0))
        found.note("object.area_m2", extents[0].span | extents[-1].span, DERIVED)
    found.facts["several_parcels"] = extents[0].span | extents[-1].span


def _two_units_disagree(text: Text, settled: dict[str, tokens.Extent], found: Elements) -> bool:
    mu, square = settled.get("mu"), settled.get("m2")
    if mu is None or square is None or mu.m2 is None or square.m2 is None:
        return False
    if abs(mu.m2 - square.m2) <= max(mu.m2, square.m2) / 100:
        return False
    between = text.s[min(mu.span.end, square.span.end) : max(mu.span.start, square.span.start)]
    if re.search("建筑|房屋|厂房", between + text.s[square.span.start - 8 : square.span.start]):
        return False  # land in mu and a building in square metres are two things
    found.clash(
        "object.area", f"面积{text.words(mu.span)}与{text.words(square.span)}折算不符", mu.span, square.span
    )
    return True


def _read_place(text: Text, parts: Parts, found: Elements) -> None:
    skip = [p.name_span for p in found.parties if p.name_span]
    upto = parts.signature.start
    for pattern in (_PLACE_TITLES, _NAMED_PLACE):
        for match in pattern.finditer(text.s, 0, upto):
            if pattern is _PLACE_TITLES and _is_address(text, match, parts):
                continue
            raw = match["place"]
            stop = _STOP.search(raw)
            place = (raw[: stop.start()] if stop else raw).strip("：的于在 ")
            lead = raw.find(place) if place else 0
            start = match.start("place") + lead
            if len(place) < 2 or place.startswith(BLANK) or any(s.start <= start < s.end for s in skip):
                continue
            if re.fullmatch(r"(?:如下|见附件.*|以附图.*|附图|上述.*|下列.*)", place):
                continue
            found.location = place
            found.note("object.location", Span(start, start + len(place)), 0.95)
            return


def _is_address(text: Text, match: re.Match[str], parts: Parts) -> bool:
    """A party's address in the head is not the object's place."""
    line_start = text.s.rfind("\n", 0, match.start()) + 1
    words = match[0][: match.start("place") - match.start()]
    in_head = match.start() < parts.head.end
    own = re.search(r"(?:座落|坐落|位置|位于|地处|所在地|地点)", words)
    if own and not (in_head and re.search(r"所在地", words)):
        return False
    lead = text.s[line_start : match.start()] + words
    return (
        in_head
        or re.search(r"通讯|联系|送达|注册|户籍|住|甲方|乙方", lead) is not None
        or not re.search(r"土地|房屋|标的|租赁|地块|宗地|物业", lead)
    )
