"""U01 to U04: what the land and buildings are used for."""

import re
from collections.abc import Iterator

from qingqu.domain.contracts.case import Case, Hit, check
from qingqu.domain.contracts.rules import Rule


@check("U01")
def farmland_for_something_else(case: Case, rule: Rule) -> Iterator[Hit]:
    """Building, ponds or orchards on farmland."""
    facts = case.e.facts
    if "build" in facts:
        yield Hit(f"耕地上约定建设：“{case.words('build')}”。", case.span("build"))
    elif "pond_on_farmland" in facts:
        yield Hit(f"耕地上约定挖塘：“{case.words('pond_on_farmland')}”。", case.span("pond_on_farmland"))
    elif (
        "fruit_on_farmland" in facts
        and "basic_farmland" in facts
        and not re.search(r"(?:不属于|非|不是|不占用)(?:永久)?基本农田", case.text.s)
    ):
        yield Hit(
            f"永久基本农田上约定种树：“{case.words('fruit_on_farmland')}”。",
            case.span("fruit_on_farmland", "basic_farmland"),
        )
    elif "fruit_on_farmland" in facts:
        yield Hit(
            f"耕地上约定种果树苗木：“{case.words('fruit_on_farmland')}”，请核对是否永久基本农田。",
            case.span("fruit_on_farmland"),
            level="warn",
            unsure=True,
        )


@check("U02")
def building_without_permit(case: Case, rule: Rule) -> Iterator[Hit]:
    """A right to build without a planning permit."""
    if (
        "build" in case.e.facts
        and "build_permitted" not in case.e.facts
        and case.e.object_class != "farmland"
    ):
        yield Hit(f"约定建房（“{case.words('build')}”），没有写规划许可。", case.span("build"))


@check("U03")
def construction_land_contents(case: Case, rule: Rule) -> Iterator[Hit]:
    """What the land law wants in a contract on construction land of the collective."""
    e, text = case.e, case.text.s
    lacking = [
        name
        for name, there in (
            ("界址", "boundary" in e.facts), ("面积", bool(e.extents)), ("动工期限", "start_works" in e.facts),
            ("使用期限", e.term.months is not None), ("用途", "use" in e.facts), ("规划条件", "planning_terms" in e.facts or "规划" in text),
        )
        if not there
    ]  # fmt: skip
    if not lacking:
        return
    word = str(rule.parameters.get("statutory_word") or "")
    statutory = word and word in text
    yield Hit(
        f"建设用地合同没有写{'、'.join(lacking)}。",
        case.span("object.class", "title")[:1],
        level=None if statutory else "warn",
        unsure=bool(statutory is False),
    )


@check("U04")
def free_use(case: Case, rule: Rule) -> Iterator[Hit]:
    """No purpose, or any purpose."""
    if "use_free" in case.e.facts:
        yield Hit(f"用途不受限制：“{case.words('use_free')}”。", case.span("use_free"))
    elif "use" not in case.e.facts:
        yield Hit("没有写明用途。", case.span("title"))
