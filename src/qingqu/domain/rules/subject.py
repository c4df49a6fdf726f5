"""Whom a rule's result is about: kind and key, and how name, place, owner and type are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qingqu.domain.rules.errors import RuleError
from qingqu.domain.rules.expr import Call, Expr, fields_in, parse
from qingqu.domain.rules.kinds import Columns, Kinds
from qingqu.domain.rules.tables import names, strict

KINDS = (
    "person", "household", "company", "project", "contract", "village", "tender", "account", "asset", "vehicle",
    "programme", "process", "buyer", "procuring_entity", "tenderer",
)  # fmt: skip
ROLES = ("name", "place", "owner", "type")


@dataclass(frozen=True)
class Lookup:
    """A field of the dataset's row whose field `match` is the subject's key; the dataset need not be there."""

    dataset: str
    on: str
    field: str
    where: Expr | None = None


@dataclass(frozen=True)
class Subject:
    """`key`: an expression over the judged row. `roles`: role → ways to find it, the first known counts."""

    kind: str
    key: Expr
    roles: Mapping[str, tuple[Expr | Lookup, ...]]

    @cached_property
    def lookups(self) -> tuple[Lookup, ...]:
        """All lookups, in order."""
        return tuple(way for ways in self.roles.values() for way in ways if isinstance(way, Lookup))

    @property
    def looked_up(self) -> tuple[str, ...]:
        """Datasets that are only looked up."""
        return tuple(dict.fromkeys(way.dataset for way in self.lookups))

    @property
    def exprs(self) -> tuple[Expr, ...]:
        """The expressions over the judged row."""
        return (
            self.key,
            *(way for ways in self.roles.values() for way in ways if not isinstance(way, Lookup)),
        )

    @property
    def fields(self) -> frozenset[str]:
        """The fields that lookups read."""
        return frozenset(name for way in self.lookups for name in (way.on, way.field)) | fields_in(
            *(way.where for way in self.lookups)
        )

    @property
    def told_only(self) -> frozenset[str]:
        """Fields that name the subject and judge nothing."""
        return fields_in(
            *(way for ways in self.roles.values() for way in ways if not isinstance(way, Lookup))
        )

    def check(self, kinds: Kinds, columns: Columns, place: str) -> None:
        """Refuses a key or role that the judged rows do not carry; lookups in datasets that have no contract too."""
        kinds.row(self.key, columns, "text", f"{place}.key")
        for role, ways in self.roles.items():
            for way in ways:
                if isinstance(way, Lookup):
                    _check_lookup(kinds, way, f"{place}.{role}")
                else:
                    kinds.row(way, columns, "text", f"{place}.{role}")


def _check_lookup(kinds: Kinds, way: Lookup, place: str) -> None:
    schema = kinds.schemas.get(way.dataset)
    if schema is None:
        raise RuleError(f"{place}: 没有数据集 {way.dataset!r}")
    for name in (way.on, way.field):
        if name not in schema:
            raise RuleError(f"{place}: 数据集 {way.dataset} 没有字段 {name!r}")
    if way.where is not None:
        kinds.row(way.where, dict.fromkeys(schema, "text"), "truth", f"{place}.where")


def read_subject(given: object, place: str) -> Subject:
    """The `subject` of a rule file."""
    told = strict(given, {"kind", "key", *ROLES}, {"kind", "key"}, place)
    if told["kind"] not in KINDS:
        raise RuleError(f"{place}.kind: 只能是 {'、'.join(KINDS)}")
    parts = [
        parse(tree, f"{place}.key")
        for tree in (told["key"] if isinstance(told["key"], list) else [told["key"]])
    ]
    key = parts[0] if len(parts) == 1 else Call("joined", tuple(parts))
    roles = {role: _ways(told[role], f"{place}.{role}") for role in ROLES if role in told}
    return Subject(told["kind"], key, roles)


def _ways(given: Any, place: str) -> tuple[Expr | Lookup, ...]:
    ways = given if isinstance(given, list) else [given]
    if not ways:
        raise RuleError(f"{place}: 至少写一种取法")
    return tuple(_way(way, place) for way in ways)


def _way(given: Any, place: str) -> Expr | Lookup:
    if not isinstance(given, Mapping) or "from" not in given:
        return parse(given, place)
    told = strict(given, {"from", "match", "field", "where"}, {"from", "match", "field"}, place)
    dataset, on, field = (names(told[key], f"{place}.{key}")[0] for key in ("from", "match", "field"))
    return Lookup(dataset, on, field, parse(told["where"], f"{place}.where") if "where" in told else None)
