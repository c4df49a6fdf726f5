"""Shape "relation path": from a row over at most three joins to somebody it ought not to lead to. Arguments: `rows`,
`paths` (each `via` in words, `hops` of `to`, `match`, optional `take`, and optional `when`), optional `unknown_when` (over the
row: the link is missing, so that without another path nothing can be said). See docs/rules/relation_path.md."""

from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import TRUE, Call, Text, Unknown, parse
from qingqu.domain.rules.plan import Judgement
from qingqu.domain.rules.shapes.outline import Outline, itself
from qingqu.domain.rules.tables import Tables, checked, pairs, strict

MOST_HOPS = 3


def outline(tables: Tables, logic: Any, place: str) -> Outline:
    """Each path is judged by its own condition; any of them is enough."""
    told = checked(logic, {"rows", "paths", "unknown_when"}, ("rows", "paths"), place)
    rows = tables.find(told["rows"], f"{place}.rows")
    if not isinstance(told["paths"], list) or not told["paths"]:
        raise RuleError(f"{place}.paths: 至少一条路径")
    judgements = [
        _path(tables, rows, path, f"{place}.paths[{number}]") for number, path in enumerate(told["paths"])
    ]
    if "unknown_when" in told:
        missing = parse(told["unknown_when"], f"{place}.unknown_when")
        judgements.append(Judgement(rows, Call("all", (missing, Unknown())), values={"via": Text("")}))
    return Outline(tuple(judgements), parse({"count": "rows"}, place), itself("via"), everyone=rows)


def _path(tables: Tables, rows: str, given: object, place: str) -> Judgement:
    told = strict(given, {"via", "hops", "when"}, {"via", "hops"}, place)
    hops = told["hops"]
    if not isinstance(hops, list) or not 1 <= len(hops) <= MOST_HOPS:
        raise RuleError(f"{place}.hops: 一至 {MOST_HOPS} 步")
    source = rows
    for number, hop in enumerate(hops):
        here = f"{place}.hops[{number}]"
        step = strict(hop, {"to", "match", "take"}, {"to", "match"}, here)
        take = pairs(step["take"], f"{here}.take") if "take" in step else {}
        source = tables.join(
            source, tables.find(step["to"], f"{here}.to"), pairs(step["match"], f"{here}.match"), take, "must"
        )
    when = parse(told["when"], f"{place}.when") if "when" in told else TRUE
    return Judgement(source, when, values={"via": Text(str(told["via"]))})
