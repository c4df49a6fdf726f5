"""The shapes: each one file that turns its arguments into steps and a judgement. A rule names its shape and gives the
arguments; `any_of` puts several beside each other, any of which is enough."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr, Field, aggregates, parse, whole
from qingqu.domain.rules.plan import Plan
from qingqu.domain.rules.shapes import (
    due_against_actual,
    duplicate,
    exclusive_lists,
    in_list,
    in_list_by_date,
    out_of_order,
    peer_outlier,
    ratio_of_sums,
    reconcile,
    relation_path,
    rolling_sum,
    shared_attribute,
)
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, exprs, names, strict

SHAPES: dict[str, Callable[[Tables, Any, str], Outline]] = {
    "in_list": in_list.outline,
    "in_list_by_date": in_list_by_date.outline,
    "duplicate": duplicate.outline,
    "exclusive_lists": exclusive_lists.outline,
    "due_against_actual": due_against_actual.outline,
    "ratio_of_sums": ratio_of_sums.outline,
    "rolling_sum": rolling_sum.outline,
    "shared_attribute": shared_attribute.outline,
    "peer_outlier": peer_outlier.outline,
    "out_of_order": out_of_order.outline,
    "relation_path": relation_path.outline,
    "reconcile": reconcile.outline,
}
ANY_OF = "any_of"


def expand(shape: str, logic: object, place: str) -> Plan:
    """The plan of a rule's shape and arguments; what is unknown or missing is refused with its place."""
    if shape != ANY_OF and shape not in SHAPES:
        raise RuleError(
            f"{place.removesuffix('.logic')}.shape: 没有形状 {shape!r}；可用的有 {'、'.join([*SHAPES, ANY_OF])}"
        )
    if not isinstance(logic, Mapping):
        raise RuleError(f"{place}: 应写成“名称: 内容”")
    tables = Tables(logic.get("tables"), place)
    made = _any_of(tables, logic, place) if shape == ANY_OF else _one(tables, shape, logic, place)
    measured = parse(logic["measure"], f"{place}.measure") if "measure" in logic else made.measured
    if measured is None:
        raise RuleError(f"{place}: 缺少 measure")
    shown = dict(made.shown) | (exprs(logic["show"], f"{place}.show") if "show" in logic else {})
    optional = (
        frozenset(names(logic["optional"], f"{place}.optional")) if "optional" in logic else frozenset[str]()
    )
    plan = Plan(
        steps=tuple(tables.steps), judgements=made.judgements, measured=whole(measured),
        shown={name: whole(expr) for name, expr in shown.items()}, everyone=made.everyone, optional=optional,
    )  # fmt: skip
    if unread := sorted(optional - set(plan.every_dataset)):
        raise RuleError(f"{place}.optional: 规则没有用到数据集 {unread[0]!r}")
    return plan


def _one(tables: Tables, shape: str, logic: Mapping[str, Any], place: str) -> Outline:
    made = SHAPES[shape](tables, logic, place)
    also = [parse(tree, f"{place}.also[{number}]") for number, tree in enumerate(logic.get("also", ()))]
    applies = parse(logic["applies"], f"{place}.applies") if "applies" in logic else None
    return replace(made, judgements=tuple(
        replace(one, hit=Call("all", (one.hit, *also)) if also else one.hit, applies=applies) for one in made.judgements
    ))  # fmt: skip


def _any_of(tables: Tables, logic: Mapping[str, Any], place: str) -> Outline:
    told = strict(logic, {"tables", "optional", "measure", "show", "parts"}, {"parts"}, place)
    if not isinstance(told["parts"], list) or len(told["parts"]) < 2:
        raise RuleError(f"{place}.parts: 至少两部分")
    made = []
    for number, part in enumerate(told["parts"]):
        here = f"{place}.parts[{number}]"
        spec = strict(part, {"shape", "logic", "values"}, {"shape", "logic"}, here)
        if spec["shape"] not in SHAPES:
            raise RuleError(f"{here}.shape: 没有形状 {spec['shape']!r}")
        if extra := {"tables", "optional", "show"} & set(spec["logic"]):
            raise RuleError(f"{here}.logic: {sorted(extra)[0]} 写在规则的 logic 里")
        values = exprs(spec["values"], f"{here}.values") if "values" in spec else {}
        made.append((_part(tables, spec, values, here), values))
    common = set.intersection(*(set(values) for _, values in made))
    judgements = tuple(one for outline, _ in made for one in outline.judgements)
    shown = itself(*sorted(common))
    return Outline(judgements, Field("part_measure"), shown, everyone=made[0][0].everyone)


def _part(tables: Tables, spec: Mapping[str, Any], values: Mapping[str, Expr], place: str) -> Outline:
    outline = _one(tables, spec["shape"], spec["logic"], f"{place}.logic")
    given = spec["logic"].get("measure")
    measured = parse(given, f"{place}.logic.measure") if given is not None else outline.measured
    judgements = []
    for one in outline.judgements:
        told = {**one.values, **values}
        if measured is not None and not aggregates(measured):
            own = measured.name if isinstance(measured, Field) else None
            told["part_measure"] = one.values.get(own, measured) if own else measured
        judgements.append(replace(one, values=told))
    return replace(outline, judgements=tuple(judgements))
