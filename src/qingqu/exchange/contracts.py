"""Dataset contracts: what a dataset's rows look like, from `packs/datasets/*.yml`, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qingqu.base import packs
from qingqu.base.packs import PackError
from qingqu.domain.values import KINDS

KEYS = {"dataset", "title", "owners", "roster", "key", "due_day", "max_age_days", "event_date", "fields"}
FIELD_KEYS = {"name", "zh", "type", "required", "event", "synonyms", "codes", "closed"}
SQL_TYPES = {"date": "DATE", "datetime": "TIMESTAMP", "money": "DECIMAL(18,2)", "quantity": "DECIMAL(18,4)",
             "percent": "DECIMAL(18,4)", "integer": "BIGINT"}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column: our name, official header and other names, type, and whether a row can do without it."""

    name: str
    zh: str
    type: str
    required: bool
    event: bool
    synonyms: tuple[str, ...]
    codes: Mapping[str, str]
    closed: bool

    @property
    def sql_type(self) -> str:
        """The column's type in the lake."""
        return SQL_TYPES.get(self.type, "VARCHAR")

    @property
    def names(self) -> tuple[str, ...]:
        """Every header that means this field."""
        return (self.zh, self.name, *self.synonyms)


@dataclass(frozen=True)
class Contract:
    """One dataset. `owners`: departments in the order in which they are believed. `event_date`: a row exists from
    that day on. `max_age_days`: our default, a county's file may say otherwise."""

    dataset: str
    title: str
    owners: tuple[str, ...]
    roster: bool
    key: tuple[str, ...]
    due_day: int | None
    max_age_days: int | None
    event_date: str | None
    fields: tuple[Field, ...]

    @property
    def schema(self) -> dict[str, str]:
        """Field → type."""
        return {field.name: field.type for field in self.fields}

    @property
    def events(self) -> frozenset[str]:
        """Dates that record what happened."""
        return frozenset(field.name for field in self.fields if field.event)


def names() -> list[str]:
    """Every dataset that has a contract."""
    return [path.removeprefix("datasets/").removesuffix(".yml") for path in packs.listing("datasets")]


def load(dataset: str) -> Contract:
    """The contract of a dataset; an unknown name is refused with the known ones."""
    if dataset not in names():
        raise PackError(f"没有数据集 {dataset[:40]}；现有：{'、'.join(names())}。", code="dataset")
    return _load(dataset, str(packs.find(f"datasets/{dataset}.yml")))


@lru_cache(maxsize=64)
def _load(dataset: str, file: str) -> Contract:
    data = _strict(packs.read(f"datasets/{dataset}.yml"), KEYS, file)
    fields = tuple(_field(item, f"{file} fields[{n}]") for n, item in enumerate(data["fields"]))
    known = {field.name: field for field in fields}
    for name in data["key"]:
        if name not in known or not known[name].required:
            raise PackError(f"{file}: key {name} 须是必填字段。", code="contract")
    return Contract(
        dataset=data["dataset"], title=data["title"], owners=tuple(data["owners"]), roster=bool(data.get("roster")),
        key=tuple(data["key"]), due_day=data.get("due_day"), max_age_days=data.get("max_age_days"),
        event_date=data.get("event_date"), fields=fields,
    )  # fmt: skip


def _strict(data: Any, allowed: set[str], place: str) -> Mapping[str, Any]:
    if not isinstance(data, dict) or set(data) - allowed:
        odd = sorted(set(data) - allowed)[0] if isinstance(data, dict) else "内容"
        raise PackError(f"{place}: 不认识 {odd}，请对照文档改正。", code="contract")
    return data


def _field(data: Any, place: str) -> Field:
    item = _strict(data, FIELD_KEYS, place)
    if item["type"] not in KINDS:
        raise PackError(f"{place}: 没有类型 {item['type']}。", code="contract")
    codes = {spelling: code for code, spellings in (item.get("codes") or {}).items()
             for spelling in (code, *(spellings or ()))}  # fmt: skip
    return Field(
        item["name"], item["zh"], item["type"], bool(item.get("required")), bool(item.get("event")),
        tuple(item.get("synonyms") or ()), codes, bool(item.get("closed")),
    )  # fmt: skip
