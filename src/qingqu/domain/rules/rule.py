"""One rule: title, tree, parameters, ladder, and what an inspector needs to trust it. Read strictly: a key that is
not ours is refused, because a typing error in a threshold must not be silence."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from qingqu.domain.rules.expr import Expr, Kind, RuleError, fields_in, kind_of, parse
from qingqu.domain.rules.plan import Derive, Plan
from qingqu.domain.rules.shapes import SHAPES

LEVELS = ("blue", "yellow", "orange", "red")
RULE_KEYS = {
    "code", "version", "title", "sentence", "message", "subject", "shape", "logic", "params", "levels", "threshold",
    "unit", "basis", "source", "false_positives", "verify", "status", "cases",
}  # fmt: skip
REQUIRED = {
    "code",
    "version",
    "title",
    "sentence",
    "message",
    "subject",
    "shape",
    "logic",
    "levels",
    "unit",
    "basis",
}
SUBJECT_KEYS = {"kind", "key", "name", "place", "owner"}
PARAM_KEYS = {"title", "unit", "default", "min", "max", "basis"}


@dataclass(frozen=True)
class Param:
    """A threshold: exact decimal, unit, allowed range, and where the figure comes from."""

    name: str
    title: str
    unit: str
    value: Decimal
    low: Decimal
    high: Decimal
    basis: str

    def with_value(self, text: str) -> "Param":
        """The same parameter set to another value within its range."""
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise RuleError(f"{self.name}={text}: 不是数字") from None
        if not value.is_finite() or not self.low <= value <= self.high:
            raise RuleError(f"{self.name}={text}: 超出允许范围 {self.low} 至 {self.high} {self.unit}")
        return Param(self.name, self.title, self.unit, value, self.low, self.high, self.basis)


@dataclass(frozen=True)
class Level:
    """A rung of the ladder; the highest rung whose condition holds gives the colour."""

    level: str
    when: Expr | None


@dataclass(frozen=True)
class Rule:
    """A checked rule. `digest` identifies its content with the parameter values that are in force."""

    code: str
    version: int
    title: str
    sentence: str
    message: str
    subject: Mapping[str, str]
    shape: str
    plan: Plan
    params: Mapping[str, Param]
    levels: tuple[Level, ...]
    threshold: str | None
    unit: str
    basis: str
    verify: tuple[str, ...]
    false_positives: tuple[str, ...]
    tree: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 over the rule's file content and its parameters' values."""
        values = {name: str(param.value) for name, param in self.params.items()}
        text = json.dumps(
            {"rule": self.tree, "values": values}, sort_keys=True, ensure_ascii=False, default=str
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def with_values(self, values: Mapping[str, str]) -> "Rule":
        """The same rule with parameters set; an unknown name or a value out of range is refused."""
        params = dict(self.params)
        for name, text in values.items():
            if name not in params:
                raise RuleError(f"{self.code}.{name}: 规则没有这个参数；可设：{'、'.join(params) or '无'}")
            try:
                params[name] = params[name].with_value(text)
            except RuleError as error:
                raise RuleError(f"{self.code}.{error}") from None
        return Rule(**{**self.__dict__, "params": params})

    def told(self) -> str:
        """The rule as a sentence with the values that are in force."""
        return self.sentence.format(**{name: param.value for name, param in self.params.items()})


def _strict(mapping: object, allowed: set[str], required: set[str], place: str) -> Mapping[str, Any]:
    if not isinstance(mapping, Mapping):
        raise RuleError(f"{place}: 应为键值对")
    if unknown := set(mapping) - allowed:
        raise RuleError(f"{place}: 不认识的键 {sorted(map(str, unknown))[0]!r}")
    if missing := required - set(mapping):
        raise RuleError(f"{place}: 缺少 {sorted(missing)[0]!r}")
    return mapping


def _params(given: object, code: str) -> dict[str, Param]:
    params = {}
    for name, spec in _strict(given or {}, set(given or {}), set(), code).items():  # type: ignore[call-overload]
        place = f"{code}.params.{name}"
        spec = _strict(spec, PARAM_KEYS, PARAM_KEYS, place)
        try:
            low, high = Decimal(str(spec["min"])), Decimal(str(spec["max"]))
        except InvalidOperation:
            raise RuleError(f"{place}: 范围不是数字") from None
        shell = Param(name, spec["title"], spec["unit"], low, low, high, spec["basis"])
        params[name] = shell.with_value(str(spec["default"]))
    return params


def _levels(given: object, code: str) -> tuple[Level, ...]:
    if not isinstance(given, list) or not given:
        raise RuleError(f"{code}.levels: 至少一级")
    levels = []
    for n, spec in enumerate(given):
        place = f"{code}.levels[{n}]"
        spec = _strict(spec, {"level", "when"}, {"level"}, place)
        if spec["level"] not in LEVELS:
            raise RuleError(f"{place}: 颜色只能是 {'、'.join(LEVELS)}")
        levels.append(Level(spec["level"], parse(spec["when"], f"{place}.when") if "when" in spec else None))
    ranks = [LEVELS.index(level.level) for level in levels]
    if ranks != sorted(set(ranks)):
        raise RuleError(f"{code}.levels: 须由低到高，不重复")
    return tuple(levels)


def load(tree: object) -> Rule:
    """A rule from its parsed file, checked as far as that is possible without the datasets (see `check`)."""
    top = _strict(
        tree, RULE_KEYS, REQUIRED, str(tree.get("code", "规则")) if isinstance(tree, Mapping) else "规则"
    )
    code = str(top["code"])
    subject = _strict(top["subject"], SUBJECT_KEYS, {"kind", "key", "name"}, f"{code}.subject")
    if top["shape"] not in SHAPES:
        raise RuleError(f"{code}.shape: 没有形状 {top['shape']!r}")
    params = _params(top.get("params"), code)
    threshold = top.get("threshold")
    if threshold is not None and threshold not in params:
        raise RuleError(f"{code}.threshold: 没有参数 {threshold!r}")
    try:
        plan = SHAPES[top["shape"]](top["logic"], f"{code}.logic")
        levels = _levels(top["levels"], code)
        top["sentence"].format(**dict.fromkeys(params, ""))
    except (KeyError, IndexError) as error:
        raise RuleError(f"{code}.sentence: 没有参数 {error}") from None
    return Rule(
        code=code, version=int(top["version"]), title=top["title"], sentence=top["sentence"], message=top["message"],
        subject=dict(subject), shape=top["shape"], plan=plan, params=params, levels=levels, threshold=threshold,
        unit=top["unit"], basis=top["basis"], verify=tuple(top.get("verify", ())),
        false_positives=tuple(top.get("false_positives", ())), tree=dict(top),
    )  # fmt: skip


KIND_OF_TYPE: dict[str, Kind] = {
    "date": "date", "datetime": "date", "money": "number", "quantity": "number", "percent": "number",
    "integer": "number",
}  # fmt: skip


def check(rule: Rule, schemas: Mapping[str, Mapping[str, str]]) -> None:
    """Refuses a rule that reads a dataset or field that does not exist, or uses one in a way its type forbids.

    `schemas`: dataset → field → type name as in the dataset contracts."""
    for dataset in rule.plan.datasets:
        if dataset not in schemas:
            raise RuleError(f"{rule.code}: 没有数据集 {dataset!r}")
    fields: dict[str, Kind] = {
        name: KIND_OF_TYPE.get(kind, "text")
        for dataset in rule.plan.datasets
        for name, kind in schemas[dataset].items()
    }
    params: dict[str, Kind] = dict.fromkeys(rule.params, "number")
    for role in SUBJECT_KEYS - {"kind"}:
        if role in rule.subject and rule.subject[role] not in fields:
            raise RuleError(f"{rule.code}.subject.{role}: 没有字段 {rule.subject[role]!r}")
    wanted: list[tuple[Expr, Kind, str]] = [
        (rule.plan.hit, "truth", "logic"),
        (rule.plan.measured, "number", "logic.measure"),
    ]
    wanted += [(rule.plan.applies, "truth", "logic.applies")] if rule.plan.applies else []
    wanted += [(level.when, "truth", f"levels.{level.level}") for level in rule.levels if level.when]
    for step in rule.plan.steps:
        if isinstance(step, Derive):
            for name, expr in step.columns.items():
                kind_of(expr, fields, params, f"{rule.code}.{name}")
    for expr, kind, place in wanted:
        found = kind_of(expr, fields, params, f"{rule.code}.{place}")
        if found != kind:
            raise RuleError(f"{rule.code}.{place}: 应为 {kind}，却是 {found}")


def judged_by(rule: Rule) -> frozenset[str]:
    """The fields on which the rule's judgement rests: what a person must see to follow it."""
    return fields_in(rule.plan.hit) | fields_in(rule.plan.measured)


def fields_read(rule: Rule) -> frozenset[str]:
    """Every field that the rule's query needs."""
    exprs = [rule.plan.hit, rule.plan.measured, *rule.plan.shown.values()]
    exprs += [rule.plan.applies] if rule.plan.applies else []
    exprs += [level.when for level in rule.levels if level.when]
    names = frozenset[str]().union(*(fields_in(expr) for expr in exprs))
    return names | {rule.subject[role] for role in SUBJECT_KEYS - {"kind"} if role in rule.subject}
