"""One rule: title, tree, parameters, ladder, and what an inspector needs to trust it. Read strictly: a key that is
not ours is refused, because a typing error in a threshold must not be silence."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from string import Formatter
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Expr, Parameter, fields_in, parse, walk
from qingqu.domain.rules.kinds import Kinds
from qingqu.domain.rules.params import Param, Scope, read_params
from qingqu.domain.rules.plan import Plan, exprs_of, names_of
from qingqu.domain.rules.shapes import expand
from qingqu.domain.rules.subject import Subject, read_subject
from qingqu.domain.rules.tables import strict

LEVELS = ("blue", "yellow", "orange", "red")
STATUS = ("trial", "test", "live", "retired")
REQUIRED = {
    "code", "version", "title", "sentence", "message", "subject", "shape", "logic", "levels", "unit", "basis",
}  # fmt: skip
RULE_KEYS = REQUIRED | {
    "params", "lists", "threshold", "source", "false_positives", "verify", "status", "routing", "evidence",
}  # fmt: skip
# What a message may speak of besides parameters and shown values.
ALWAYS_TOLD = frozenset({"as_of", "measured", "threshold", "name", "key"})


@dataclass(frozen=True)
class Level:
    """A rung of the ladder; the highest rung whose condition holds gives the colour."""

    level: str
    when: Expr | None


@dataclass(frozen=True)
class Rule:
    """A checked rule. `digest` identifies its content with the parameter values that are in force.

    `words`: list name → terms. `threshold`: the bar shown beside the measured value, an expression over parameters and
    shown values. `overrides`: where a county set parameters otherwise. `evidence`: the datasets whose rows are shown;
    None means all that are read. `routing`: the department that verifies first."""

    code: str
    version: int
    title: str
    sentence: str
    message: str
    subject: Subject
    shape: str
    plan: Plan
    params: Mapping[str, Param]
    levels: tuple[Level, ...]
    threshold: Expr | None
    unit: str
    basis: str
    verify: tuple[str, ...]
    false_positives: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    tree: Mapping[str, Any]
    evidence: tuple[str, ...] | None = None
    routing: str = ""
    overrides: Mapping[Scope, Mapping[str, Param]] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the rule's file content and its parameters' values, overrides included."""
        told: dict[str, Any] = {
            "rule": self.tree, "values": {name: str(param.value) for name, param in self.params.items()},
        }  # fmt: skip
        if self.overrides:
            told["overrides"] = [
                [scope.place, scope.kind, {name: str(param.value) for name, param in sorted(values.items())}]
                for scope, values in sorted(self.overrides.items())
            ]
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """Every dataset that the rule reads if it is there, names looked up included."""
        return tuple(dict.fromkeys((*self.plan.every_dataset, *self.subject.looked_up)))

    def with_values(self, values: Mapping[str, str], scope: Scope | None = None) -> "Rule":
        """The same rule with parameters set, everywhere or within a scope; an unknown name, a value out of range or a
        scope that the rule's subjects cannot show is refused."""
        scope = None if scope == Scope() else scope
        if scope is not None:
            for name, role in ((scope.place, "place"), (scope.kind, "type")):
                if name and role not in self.subject.roles:
                    raise RuleError(
                        f"{self.code}: 这条规则的对象没有{'地点' if role == 'place' else '类型'}，不能分别设值"
                    )
        params = dict(self.params) if scope is None else dict(self.overrides.get(scope, {}))
        for name, text in values.items():
            if name not in self.params:
                raise RuleError(
                    f"{self.code}.{name}: 规则没有这个参数；可设：{'、'.join(self.params) or '无'}"
                )
            try:
                params[name] = self.params[name].with_value(text)
            except RuleError as error:
                raise RuleError(f"{self.code}.{error}") from None
        if scope is None:
            return replace(self, params=params)
        return replace(self, overrides={**self.overrides, scope: params})

    def told(self) -> str:
        """The rule as a sentence with the values that are in force."""
        return self.sentence.format(**{name: param.value for name, param in self.params.items()})

    def not_valid_on(self, day: date) -> str | None:
        """Why a parameter does not hold on a day; None when all do."""
        for param in self.params.values():
            if (param.since and day < param.since) or (param.until and day > param.until):
                span = f"{param.since or '…'} 至 {param.until or '…'}"
                return f"参数 {param.title}（{param.name}）只在 {span} 有效，{day} 不能按它判断"
        return None


def _levels(given: object, code: str) -> tuple[Level, ...]:
    if not isinstance(given, list) or not given:
        raise RuleError(f"{code}.levels: 至少一级")
    levels = []
    for n, spec in enumerate(given):
        place = f"{code}.levels[{n}]"
        spec = strict(spec, {"level", "when"}, {"level"}, place)
        if spec["level"] not in LEVELS:
            raise RuleError(f"{place}: 颜色只能是 {'、'.join(LEVELS)}")
        if ("when" in spec) == (n == 0):
            raise RuleError(f"{place}: 最低一级不写 when，更高的每级都要写")
        levels.append(Level(spec["level"], parse(spec["when"], f"{place}.when") if "when" in spec else None))
    ranks = [LEVELS.index(level.level) for level in levels]
    if ranks != sorted(set(ranks)):
        raise RuleError(f"{code}.levels: 须由低到高，不重复")
    return tuple(levels)


def _words(given: object, code: str) -> dict[str, tuple[str, ...]]:
    place = f"{code}.lists"
    if not isinstance(given or {}, Mapping):
        raise RuleError(f"{place}: 应写成“名称: [词, …]”")
    words = {}
    for name, terms in (given or {}).items():  # type: ignore[attr-defined]
        if not isinstance(terms, list) or not terms or not all(isinstance(one, str) and one for one in terms):
            raise RuleError(f"{place}.{name}: 应为词的列表，至少一个")
        words[str(name)] = tuple(terms)
    return words


def _texts(top: Mapping[str, Any], code: str) -> None:
    for key in ("title", "sentence", "message", "unit", "basis", "source", "routing"):
        if key in top and (not isinstance(top[key], str) or (key != "unit" and not top[key].strip())):
            raise RuleError(f"{code}.{key}: 应为文字")
    for key in ("verify", "false_positives", "evidence"):
        if not isinstance(top.get(key, []), list) or not all(
            isinstance(one, str) for one in top.get(key, [])
        ):
            raise RuleError(f"{code}.{key}: 应为文字的列表")
    if type(top["version"]) is not int or top["version"] < 1:
        raise RuleError(f"{code}.version: 应为大于 0 的整数")
    if top.get("status", "live") not in STATUS:
        raise RuleError(f"{code}.status: 只能是 {'、'.join(STATUS)}")


def _speaks_of(text: str, known: frozenset[str], place: str) -> None:
    try:
        named = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise RuleError(f"{place}: 花括号没有写对（{error}）") from None
    for name in named:
        if name not in known:
            raise RuleError(f"{place}: 没有 {name!r}；可用的有 {'、'.join(sorted(known))}")


def load(tree: object) -> Rule:
    """A rule from its parsed file, checked as far as that is possible without the datasets (see `check`)."""
    code = str(tree.get("code", "规则")) if isinstance(tree, Mapping) else "规则"
    top = strict(tree, RULE_KEYS, REQUIRED, code)
    _texts(top, code)
    params = read_params(top.get("params"), code)
    plan = expand(str(top["shape"]), top["logic"], f"{code}.logic")
    threshold = top.get("threshold")
    bar = None
    if threshold is not None:
        bar = Parameter(threshold) if isinstance(threshold, str) else parse(threshold, f"{code}.threshold")
        if isinstance(threshold, str) and threshold not in params:
            raise RuleError(f"{code}.threshold: 没有参数 {threshold!r}")
    _speaks_of(top["sentence"], frozenset(params), f"{code}.sentence")
    _speaks_of(top["message"], ALWAYS_TOLD | frozenset(params) | frozenset(plan.shown), f"{code}.message")
    evidence = tuple(top["evidence"]) if "evidence" in top else None
    if evidence and (other := sorted(set(evidence) - set(plan.every_dataset))):
        raise RuleError(f"{code}.evidence: 规则没有用到数据集 {other[0]!r}")
    rule = Rule(
        code=code, version=top["version"], title=top["title"], sentence=top["sentence"], message=top["message"],
        subject=read_subject(top["subject"], f"{code}.subject"), shape=top["shape"], plan=plan, params=params,
        levels=_levels(top["levels"], code), threshold=bar, unit=top["unit"], basis=top["basis"],
        verify=tuple(top.get("verify", ())), false_positives=tuple(top.get("false_positives", ())),
        words=_words(top.get("lists"), code), tree=dict(top), evidence=evidence, routing=top.get("routing", ""),
    )  # fmt: skip
    if unused := sorted(set(params) - _params_used(rule)):
        raise RuleError(f"{code}.params: 参数 {unused[0]!r} 没有用到")
    return rule


def _params_used(rule: Rule) -> set[str]:
    return {part.name for expr in _every_expr(rule) for part in walk(expr) if isinstance(part, Parameter)}


def _every_expr(rule: Rule) -> list[Expr]:
    plan = rule.plan
    found: list[Expr | None] = [plan.measured, *plan.shown.values(), rule.threshold, *rule.subject.exprs]
    found += [expr for step in plan.steps for expr in exprs_of(step)]
    found += [level.when for level in rule.levels]
    for one in plan.judgements:
        found += [one.hit, one.applies, *one.values.values()]
    return [expr for expr in found if expr is not None]


def check(rule: Rule, schemas: Mapping[str, Mapping[str, str]]) -> Kinds:
    """Refuses a rule that reads a dataset or field that does not exist, or uses one in a way its type forbids; gives the
    kinds of all columns.

    `schemas`: dataset → field → type name as in the dataset contracts."""
    code, plan = rule.code, rule.plan
    kinds = Kinds(frozenset(rule.params), frozenset(rule.words), schemas)
    for step in plan.steps:
        kinds.take(step, f"{code}.logic.tables")
    everything: dict[str, Any] = {}
    for number, one in enumerate(plan.judgements):
        place = f"{code}.logic" if len(plan.judgements) == 1 else f"{code}.logic[{number}]"
        own = kinds.steps[one.source]
        kinds.row(one.hit, own, "truth", place)
        if one.applies is not None:
            kinds.row(one.applies, own, "truth", f"{place}.applies")
        values = {name: kinds.row(expr, own, None, f"{place}.{name}") for name, expr in one.values.items()}
        rule.subject.check(kinds, own, f"{code}.subject")
        for name, kind in (own | values).items():
            if everything.setdefault(name, kind) != kind and name in _judged_fields(rule):
                raise RuleError(f"{place}.{name}: 各部分的类型不同")
    kinds.values = {
        name: kinds.of(expr, everything, f"{code}.logic.show.{name}") for name, expr in plan.shown.items()
    }
    kinds.measured = kinds.needs(plan.measured, everything, "number", f"{code}.logic.measure")
    for level in rule.levels:
        if level.when is not None:
            kinds.row(level.when, {}, "truth", f"{code}.levels.{level.level}")
    if rule.threshold is not None:
        kinds.row(rule.threshold, {}, "number", f"{code}.threshold")
    return kinds


def _judged_fields(rule: Rule) -> frozenset[str]:
    return fields_in(rule.plan.measured, *rule.plan.shown.values())


def judged_by(rule: Rule) -> frozenset[str]:
    """The fields on which the rule's judgement rests: what a person must see to follow it."""
    plan = rule.plan
    named = frozenset[str]().union(*(names_of(step) for step in plan.steps))
    return named | fields_in(*_every_expr(rule)) - rule.subject.told_only


def fields_read(rule: Rule) -> frozenset[str]:
    """Every column that the rule's question names: which fields of a dataset must be read at all."""
    named = frozenset[str]().union(*(names_of(step) for step in rule.plan.steps))
    return named | fields_in(*_every_expr(rule)) | rule.subject.fields
