"""Shape "in a list, or not in it, by key". Arguments: `rows`, `list`, `match` (field here: field there), optional `take`
(fields of the list's row), `present` (false: the row must *not* be in the list), `when` (what else must hold). Where the
list is a list of words, or the row alone decides, `list` and `match` are left out and `when` says it all.
See docs/rules/in_list.md."""

from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import TRUE, Call, Expr, Field, all_of, parse
from qingqu.domain.rules.plan import Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, pairs


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """In: rows that find a row of the list, judged by `when`. Not in: rows that find none; a missing key is unknown."""
    told = checked(logic, {"rows", "list", "match", "take", "present", "when"}, ("rows",), place)
    if ("list" in told) != ("match" in told) or (
        "list" not in told and ("when" not in told or "take" in told)
    ):
        raise RuleError(f"{place}: 写 list 和 match；没有名单就只写 when")
    present = told.get("present", True)
    if not isinstance(present, bool):
        raise RuleError(f"{place}.present: 应为 true 或 false")
    if not present and "take" in told:
        raise RuleError(f"{place}.take: 不在名单里的行没有可取的字段")
    when = parse(told["when"], f"{place}.when") if "when" in told else None
    return joined(tables, told, when, present, place)


def joined(tables: Tables, told: Any, when: Expr | None, present: bool, place: str) -> Outline:
    """The rows and the list brought together, judged by a condition."""
    rows = tables.find(told["rows"], f"{place}.rows")
    if "list" not in told:
        return Outline((Judgement(rows, when or TRUE),), parse({"count": "rows"}, place), everyone=rows)
    other = tables.find(told["list"], f"{place}.list")
    on = pairs(told["match"], f"{place}.match")
    take = pairs(told["take"], f"{place}.take") if "take" in told else {}
    source = tables.join(rows, other, on, take, "must" if present else "not_in")
    conditions: list[Expr] = [when] if when is not None else []
    if not present:
        conditions += [Call("same", (Field(name), Field(name))) for name in on]
    hit = all_of(conditions) if conditions else TRUE
    return Outline((Judgement(source, hit),), parse({"count": "rows"}, place), itself(*take), everyone=rows)
