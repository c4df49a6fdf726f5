"""Shape "in a list with date order": the row finds its key in a list, and the dates stand in a forbidden order.
Arguments: `rows`, `list`, `match`, `take`, `order` (the condition over both rows' dates). See docs/rules/in_list_by_date.md."""

from typing import Any

from qingqu.domain.rules.expr import parse
from qingqu.domain.rules.shapes.in_list import joined
from qingqu.domain.rules.shapes.outline import Outline
from qingqu.domain.rules.tables import Tables, checked


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Rows that find their key in the list, judged by the order of dates; a missing date is unknown."""
    keys = ("rows", "list", "match", "take", "order")
    told = checked(logic, set(keys), keys, place)
    return joined(tables, told, parse(told["order"], f"{place}.order"), True, place)
