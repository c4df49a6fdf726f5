"""Shape "mutually exclusive lists": nobody may stand in two of these lists under the same key. Arguments: `lists` (name
shown to people: table), `match` (the fields that make one key). See docs/rules/exclusive_lists.md."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Field, Number, Text
from qingqu.domain.rules.plan import Group, Judgement, Union
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, names


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Unites the lists under their names and counts the different names of each key."""
    told = checked(logic, {"lists", "match"}, ("lists", "match"), place)
    on = names(told["match"], f"{place}.match")
    lists = told["lists"]
    if not isinstance(lists, Mapping) or len(lists) < 2:
        raise RuleError(f"{place}.lists: 至少两个名单，写成“名称: 表”")
    parts = tuple(
        (tables.find(table, f"{place}.lists.{label}"), {**itself(*on), "list_name": Text(str(label))})
        for label, table in lists.items()
    )
    united = tables.add(Union(tables.fresh("union"), parts))
    take = {
        "lists": Call("count_distinct", (Field("list_name"),)), "which": Call("listed", (Field("list_name"),)),
    }  # fmt: skip
    source = tables.add(Group(tables.fresh("group"), united, itself(*on), take))
    hit = Call("more_than", (Field("lists"), Number(Decimal(1))))
    return Outline((Judgement(source, hit),), Field("lists"), itself("which"), everyone=source)
