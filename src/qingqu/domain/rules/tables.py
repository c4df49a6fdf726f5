"""The named tables of a rule: `from` a dataset or an earlier table, then join, add, where, then one of group, latest,
within, series, months. They become steps of the plan; `docs/rules/writing.md` tells a rule's author."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Expr, Field, aggregates, name_like, parse
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

ENDINGS = ("group", "latest", "within", "series", "months")
KEYS = {"from", "join", "add", "where", "union", *ENDINGS}
HOW = ("must", "may", "in", "not_in")


def strict(given: object, allowed: set[str], required: set[str], place: str) -> Mapping[str, Any]:
    """A mapping with only allowed and all required keys; refused with the place otherwise."""
    if not isinstance(given, Mapping):
        raise RuleError(f"{place}: 应写成“名称: 内容”")
    if unknown := {str(key) for key in given} - allowed:
        raise RuleError(f"{place}: 不认识 {sorted(unknown)[0]!r}；可用的有 {'、'.join(sorted(allowed))}")
    if missing := required - set(given):
        raise RuleError(f"{place}: 缺少 {sorted(missing)[0]!r}")
    return given


def names(given: object, place: str) -> tuple[str, ...]:
    """One name or a list of names."""
    told = given if isinstance(given, list) else [given]
    if not told or not all(isinstance(one, str) and name_like(one) for one in told):
        raise RuleError(f"{place}: 应为字段名或字段名的列表")
    return tuple(told)


def pairs(given: object, place: str) -> dict[str, str]:
    """Names that are the same on both sides (a list), or here: there (a mapping)."""
    if isinstance(given, Mapping):
        told = {str(here): str(there) for here, there in given.items()}
        names(list(told), place)
        names(list(told.values()), place)
        return told
    return {name: name for name in names(given, place)}


def exprs(given: object, place: str) -> dict[str, Expr]:
    """Name: expression."""
    if not isinstance(given, Mapping):
        raise RuleError(f"{place}: 应写成“名称: 表达式”")
    names(list(given) or None, place)
    return {str(name): parse(tree, f"{place}.{name}") for name, tree in given.items()}


def columns(given: object, place: str) -> dict[str, Expr]:
    """Names that stand for themselves, or name: expression."""
    if isinstance(given, Mapping):
        return exprs(given, place)
    return {name: Field(name) for name in names(given, place)}


class Tables:
    """Collects the steps of one rule."""

    def __init__(self, given: object, place: str) -> None:
        self.steps: list[Step] = []
        self.known: set[str] = set()
        self.place = f"{place}.tables"
        told = given if given is not None else {}
        if not isinstance(told, Mapping):
            raise RuleError(f"{self.place}: 应写成“名称: 内容”")
        self.declared = set(told)
        for name, spec in told.items():
            names(name, self.place)
            self.table(name, spec, f"{self.place}.{name}")

    def add(self, step: Step) -> str:
        """Adds a step; returns its name."""
        self.steps.append(step)
        self.known.add(step.name)
        return step.name

    def fresh(self, base: str) -> str:
        """A step name that nobody has yet."""
        number = 1
        while f"{base}__{number}" in self.known:
            number += 1
        return f"{base}__{number}"

    def find(self, given: object, place: str) -> str:
        """The step of a table or dataset; a dataset that nobody has read yet is read. A mapping is a nameless table."""
        if isinstance(given, Mapping):
            return self.table(self.fresh("rows"), given, place)
        (name,) = names(given, place)
        if name in self.known:
            return name
        if name in self.declared:
            raise RuleError(f"{place}: 表 {name} 要写在用到它的表前面，名称也不能与数据集相同")
        return self.add(Read(name, name))

    def table(self, name: str, spec: object, place: str) -> str:
        """Adds the steps of one table, the last of which bears its name."""
        told = strict(spec, KEYS, set(), place)
        if ("from" in told) == ("union" in told):
            raise RuleError(f"{place}: from 和 union 写且只写一个")
        endings = [key for key in ENDINGS if key in told]
        if len(endings) > 1:
            raise RuleError(f"{place}: {'、'.join(endings)} 只能写一个；请分成两个表")
        if "union" in told:
            last = self._union(told["union"], place)
        else:
            last = self.find(told["from"], f"{place}.from")
        for number, join in enumerate(told.get("join", ())):
            last = self._join(last, join, f"{place}.join[{number}]")
        if "add" in told:
            last = self.add(Derive(self.fresh(name), last, exprs(told["add"], f"{place}.add")))
        if "where" in told:
            last = self.add(Filter(self.fresh(name), last, parse(told["where"], f"{place}.where")))
        for key in endings:
            last = self.add(ENDING[key](self.fresh(name), last, told[key], f"{place}.{key}"))
        return self._called(name, last, place)

    def _called(self, name: str, last: str, place: str) -> str:
        if name in self.known:
            raise RuleError(f"{place}: 名称 {name} 已经用过")
        if self.steps and self.steps[-1].name == last and not isinstance(self.steps[-1], Read):
            step = self.steps.pop()
            self.known.discard(last)
            return self.add(type(step)(**{**step.__dict__, "name": name}))
        return self.add(Derive(name, last, {}))

    def _join(self, source: str, given: object, place: str) -> str:
        told = strict(given, {"to", "match", "take", "how", "silent"}, {"to", "match"}, place)
        how = told.get("how", "must")
        if how not in HOW:
            raise RuleError(f"{place}.how: 只能是 {'、'.join(HOW)}")
        take = pairs(told["take"], f"{place}.take") if "take" in told else {}
        if take and how in {"in", "not_in"}:
            raise RuleError(f"{place}.take: how 为 {how} 时不取字段")
        silent = told.get("silent", False)
        if not isinstance(silent, bool):
            raise RuleError(f"{place}.silent: 应为 true 或 false")
        other = self.find(told["to"], f"{place}.to")
        return self.join(source, other, pairs(told["match"], f"{place}.match"), take, how, silent=silent)

    def join(
        self, source: str, other: str, match: Mapping[str, str], take: Mapping[str, str], how: str, *,
        silent: bool = False,
    ) -> str:  # fmt: skip
        """Adds a join."""
        kind = cast(Literal["must", "may", "in", "not_in"], how)
        silent = silent or how in {"in", "not_in"}
        return self.add(Join(self.fresh("join"), source, other, match, take, kind, silent))

    def _union(self, given: object, place: str) -> str:
        if not isinstance(given, list) or not given:
            raise RuleError(f"{place}.union: 应为列表")
        parts = []
        for number, part in enumerate(given):
            here = f"{place}.union[{number}]"
            told = strict(part, {"from", "take"}, {"from", "take"}, here)
            parts.append((self.find(told["from"], f"{here}.from"), columns(told["take"], f"{here}.take")))
        if len({tuple(sorted(part)) for _, part in parts}) > 1:
            raise RuleError(f"{place}.union: 各部分取的字段名须相同")
        return self.add(Union(self.fresh("union"), tuple(parts)))


def _group(name: str, source: str, given: object, place: str) -> Step:
    told = strict(given, {"by", "take"}, {"by"}, place)
    take = exprs(told["take"], f"{place}.take") if "take" in told else {}
    for column, expr in take.items():
        if not aggregates(expr):
            raise RuleError(f"{place}.take.{column}: 要说明怎样汇总，如 {{max: …}}")
    return Group(name, source, columns(told["by"], f"{place}.by"), take)


def _latest(name: str, source: str, given: object, place: str) -> Step:
    told = strict(given, {"by", "order"}, {"by", "order"}, place)
    return Latest(name, source, names(told["by"], f"{place}.by"), names(told["order"], f"{place}.order")[0])


def _within(name: str, source: str, given: object, place: str) -> Step:
    told = strict(given, {"by", "at", "days", "hours", "take"}, {"by", "at", "take"}, place)
    if ("days" in told) == ("hours" in told):
        raise RuleError(f"{place}: days 和 hours 写且只写一个")
    unit: Literal["days", "hours"] = "days" if "days" in told else "hours"
    return Within(
        name, source, names(told["by"], f"{place}.by"), names(told["at"], f"{place}.at")[0],
        parse(told[unit], f"{place}.{unit}"), unit, exprs(told["take"], f"{place}.take"),
    )  # fmt: skip


def _series(name: str, source: str, given: object, place: str) -> Step:
    told = strict(given, {"by", "value", "step", "at_least"}, {"by", "value", "step", "at_least"}, place)
    if told["step"] not in {"difference", "ratio"}:
        raise RuleError(f"{place}.step: 只能是 difference、ratio")
    return Series(
        name, source, names(told["by"], f"{place}.by"), names(told["value"], f"{place}.value")[0], told["step"],
        parse(told["at_least"], f"{place}.at_least"),
    )  # fmt: skip


def _months(name: str, source: str, given: object, place: str) -> Step:
    told = strict(given, {"first", "last", "as"}, {"first", "last", "as"}, place)
    first, last = (parse(told[key], f"{place}.{key}") for key in ("first", "last"))
    return Months(name, source, first, last, names(told["as"], f"{place}.as")[0])


ENDING: dict[str, Callable[[str, str, object, str], Step]] = {
    "group": _group, "latest": _latest, "within": _within, "series": _series, "months": _months,
}  # fmt: skip


def checked(logic: object, own: set[str], required: Sequence[str], place: str) -> Mapping[str, Any]:
    """The arguments of a shape: its own and those that every shape takes."""
    common = {"tables", "optional", "measure", "show", "applies", "also"}
    return strict(logic, own | common, set(required), place)
