"""Which reads can be narrowed to the subjects asked for, without changing what is said of them."""

from qingqu.domain.rules.expr import Expr, Field
from qingqu.domain.rules.plan import (
    Derive,
    Filter,
    Group,
    Join,
    Latest,
    Months,
    Read,
    Series,
    Step,
    Union,
    Within,
)
from qingqu.domain.rules.rule import Rule


def restricted(rule: Rule) -> dict[str, str]:
    """Read → the field that equals the subject's key in every row that matters. A read that anything uses in another
    way is left whole."""
    key = rule.subject.key
    if not isinstance(key, Field):
        return {}
    asked: dict[str, set[str | None]] = {}
    for one in rule.plan.judgements:
        asked.setdefault(one.source, set()).add(key.name)
    for step in reversed(rule.plan.steps):
        columns = asked.get(step.name, set())
        single = next(iter(columns)) if len(columns) == 1 else None
        for source, name in _below(step, single):
            asked.setdefault(source, set()).add(name)
    found = {}
    for step in rule.plan.steps:
        if isinstance(step, Read) and len(asked.get(step.name, ())) == 1:
            (name,) = asked[step.name]
            if name is not None:
                found[step.name] = name
    return found


def _below(step: Step, name: str | None) -> list[tuple[str, str | None]]:
    match step:
        case Read():
            return []
        case Join():
            return _joined(step, name)
        case Union(_, parts):
            return [(source, _plain(columns.get(name)) if name else None) for source, columns in parts]
        case Group(_, source, by, _):
            return [(source, _plain(by.get(name)) if name else None)]
        case Derive(_, source, columns):
            return [(source, None if name in columns else name)]
        case Latest() | Within() | Series():
            return [(step.source, name if name in step.by else None)]
        case Months():
            return [(step.source, None if name == step.column else name)]
        case Filter(_, source, _):
            return [(source, name)]


def _joined(step: Join, name: str | None) -> list[tuple[str, str | None]]:
    if name is None:
        return [(step.source, None), (step.other, None)]
    if name in step.take:
        there = step.take[name]
        here = next((left for left, right in step.on.items() if right == there), None)
        return [(step.source, here if step.how == "must" else None), (step.other, there)]
    return [(step.source, name), (step.other, step.on.get(name))]


def _plain(expr: Expr | None) -> str | None:
    return expr.name if isinstance(expr, Field) else None
