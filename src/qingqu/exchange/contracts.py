"""Dataset contracts: what a dataset holds, how its senders call it, who owns it and how often it is due.

Files `packs/datasets/<dataset>.yml`, read strictly: an unknown key or value is an error with file and place, never
silence. A county's own file of the same path replaces ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from qingqu.base import packs
from qingqu.base.packs import PackError
from qingqu.domain.values import KINDS
from qingqu.exchange import wordings
from qingqu.reading import header

UNITS = ("yuan", "percent", "m2", "mu", "l", "month", "yuan/month")
PERSONAL_KINDS = ("id_number", "id_or_credit_code")
FOLDER = "datasets"
WEAK = 3  # rank of a word that names a field only where no better column stands
SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class CodeList:
    """Allowed terms with what senders write for them. An open list keeps other terms verbatim and flags them."""

    open: bool
    values: Mapping[str, tuple[str, ...]]

    @cached_property
    def spelling(self) -> dict[str, str]:
        """Plain spelling → our term."""
        return {header.plain(name): term for term, names in self.values.items() for name in (term, *names)}


@dataclass(frozen=True)
class Field:
    """A field: official header `zh`, other headers, kind of value (`type`, a kind of `domain.values`). `weak`: words
    that name it only where no better column stands (补贴金额 beside 实发金额)."""

    name: str
    zh: str
    type: str
    synonyms: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    required: bool = False
    event: bool = False
    unit: str = ""
    personal: bool = False
    codes: CodeList | None = None


@dataclass(frozen=True)
class Contract:
    """A dataset's contract. `owners`: departments in the order in which they are believed when they disagree, the
    first one owns it. `due_day`: the day of each month by which it is due. `event_date`: a row exists from that day
    on. `name`: the field that names a row to people. `max_age_days`: our default, a county's file may say otherwise.
    `aged_by_delivery`: a whole list tells of the day of its delivery, however long ago its newest row began."""

    dataset: str
    titles: Mapping[str, str]
    owners: tuple[str, ...]
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    roster: bool = False
    due_day: int | None = None
    max_age_days: int | None = None
    aged_by_delivery: bool = False
    event_date: str | None = None
    name: str | None = None

    @property
    def title(self) -> str:
        """The Chinese title."""
        return self.titles["zh"]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Name → field, in the contract's order."""
        return {one.name: one for one in self.fields}

    @property
    def schema(self) -> dict[str, str]:
        """Field → kind of value, in the contract's order."""
        return {one.name: one.type for one in self.fields}

    @property
    def events(self) -> frozenset[str]:
        """Dates that record what happened."""
        return frozenset(one.name for one in self.fields if one.event)

    @property
    def required(self) -> tuple[str, ...]:
        """Fields that every row must have."""
        return tuple(one.name for one in self.fields if one.required)

    @property
    def money(self) -> tuple[str, ...]:
        """Fields that are summed into control totals."""
        return tuple(one.name for one in self.fields if one.type == "money")

    @property
    def period_field(self) -> str | None:
        """The field by which a row belongs to a month: a month of the key, else the event date."""
        months = [name for name in self.key if self.by_name[name].type == "month"]
        return months[0] if months else self.event_date

    @cached_property
    def headers(self) -> dict[str, tuple[str, int]]:
        """Plain header name → (field, rank), for `reading.header.find`."""
        known = header.synonyms({one.name: (one.zh, *one.synonyms) for one in self.fields})
        weak = {header.plain(word): (one.name, WEAK) for one in self.fields for word in one.weak}
        return self._following(weak | known) | weak | known

    def _following(self, taken: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
        """Wordings that follow from the listed ones and that no other field has or could have as well."""
        found: dict[str, set[str]] = {}
        for one in self.fields:
            for word in wordings.following(one.type, (one.zh, *one.synonyms)):
                found.setdefault(header.plain(word), set()).add(one.name)
        return {
            word: (names.pop(), WEAK)
            for word, names in found.items()
            if len(names) == 1 and word not in taken
        }


_cache: dict[tuple[str, int], Contract] = {}


def load(name: str) -> Contract:
    """The contract of a dataset; `PackError` when there is none or its file is wrong."""
    if not SLUG.fullmatch(name):
        raise PackError(f"没有数据集这样的名称；可用的有：{'、'.join(names())}。", code="dataset_unknown")
    path = f"{FOLDER}/{name}.yml"
    if path not in packs.listing(FOLDER):
        raise PackError(f"没有数据集 {name}；可用的有：{'、'.join(names())}。", code="dataset_unknown")
    file = packs.find(path)
    stamp = (str(file), file.stat().st_mtime_ns)
    if stamp not in _cache:
        _cache[stamp] = _Reader(str(file)).contract(packs.read(path), name)
    return _cache[stamp]


def names() -> list[str]:
    """All datasets that have a contract, sorted."""
    return [path.removeprefix(f"{FOLDER}/").removesuffix(".yml") for path in packs.listing(FOLDER)]


class _Reader:
    """Reads one file strictly; every complaint names the file and the place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, place: str, why: str) -> NoReturn:
        raise PackError(f"{self.file}：{place} {why}", code="contract")

    def contract(self, data: Any, name: str) -> Contract:
        allowed = {
            "dataset", "title", "departments", "roster", "key", "due", "max_age_days", "age_from", "event_date",
            "name", "fields",
        }  # fmt: skip
        self.keys("文件", data, allowed, {"dataset", "title", "departments", "key", "fields"})
        if data["dataset"] != name:
            self.wrong("dataset", f"应写 {name}，与文件名一致。")
        self.keys("title", data["title"], {"zh", "en"}, {"zh", "en"})
        if not isinstance(data["fields"], dict) or not data["fields"]:
            self.wrong("fields", "应是“字段名: 内容”的列表。")
        fields = {str(one): self.field(str(one), told) for one, told in data["fields"].items()}
        self.distinct(fields)
        made = Contract(
            dataset=name, titles={k: self.text(f"title.{k}", v) for k, v in data["title"].items()},
            owners=self.texts("departments", data["departments"]), key=self.texts("key", data["key"]),
            fields=tuple(fields.values()), roster=self.flag("roster", data.get("roster", False)),
            due_day=self.due(data.get("due")), max_age_days=self.days(data.get("max_age_days")),
            aged_by_delivery=self.age_from(data.get("age_from")), event_date=data.get("event_date"), name=data.get("name"),
        )  # fmt: skip
        self.consistent(made)
        return made

    def consistent(self, made: Contract) -> None:
        fields = made.by_name
        if not made.key or not made.owners:
            self.wrong("key、departments", "各至少写一个。")
        for key in made.key:
            if key not in fields or not fields[key].required:
                self.wrong(f"key 里的 {key}", "应是一个必填（required: true）的字段。")
        if made.event_date and (
            made.event_date not in fields or fields[made.event_date].type not in {"date", "datetime"}
        ):
            self.wrong("event_date", "应是一个日期字段。")
        if made.name and made.name not in fields:
            self.wrong("name", "应是一个字段名。")

    def field(self, name: str, told: Any) -> Field:
        place = f"fields.{name}"
        allowed = {"zh", "synonyms", "weak", "type", "required", "event", "unit", "personal", "codes"}
        self.keys(place, told, allowed, {"zh", "type"})
        kind = told["type"]
        if not SLUG.fullmatch(name):
            self.wrong(place, "字段名只用小写英文、数字和下划线。")
        if kind not in KINDS:
            self.wrong(f"{place}.type", f"不认识 {kind}；可用的有：{'、'.join(KINDS)}。")
        if (kind == "code") != ("codes" in told):
            self.wrong(place, "type 是 code 才有 codes，而且必须有。")
        unit = told.get("unit", "")
        if unit and unit not in UNITS:
            self.wrong(f"{place}.unit", f"不认识 {unit}；可用的有：{'、'.join(UNITS)}。")
        event = self.flag(f"{place}.event", told.get("event", False))
        if event and kind not in {"date", "datetime"}:
            self.wrong(f"{place}.event", "只用于日期字段。")
        if told.get("personal") not in {None, "account", "name"}:
            self.wrong(f"{place}.personal", "只能写 account 或 name。")
        return Field(
            name=name, zh=self.text(f"{place}.zh", told["zh"]), type=kind,
            synonyms=self.texts(f"{place}.synonyms", told.get("synonyms", [])),
            weak=self.texts(f"{place}.weak", told.get("weak", [])),
            required=self.flag(f"{place}.required", told.get("required", False)), event=event, unit=unit,
            personal=kind in PERSONAL_KINDS or told.get("personal") == "account",
            codes=self.codes(place, told["codes"]) if kind == "code" else None,
        )  # fmt: skip

    def codes(self, place: str, told: Any) -> CodeList:
        self.keys(f"{place}.codes", told, {"open", "values"}, {"open"})
        values = told.get("values", {})
        if not isinstance(values, dict):
            self.wrong(f"{place}.codes.values", "应写成“词: [同义词, …]”。")
        read = {
            self.text(f"{place}.codes.values", term): self.texts(f"{place}.codes.values.{term}", names or [])
            for term, names in values.items()
        }
        made = CodeList(self.flag(f"{place}.codes.open", told["open"]), read)
        if len(made.spelling) != sum(1 + len(names) for names in read.values()):
            self.wrong(f"{place}.codes.values", "里有重复的词或同义词。")
        if not made.open and not read:
            self.wrong(f"{place}.codes.values", "封闭的代码表不能是空的。")
        return made

    def distinct(self, fields: Mapping[str, Field]) -> None:
        """A header must name one field only."""
        owner: dict[str, str] = {}
        for one in fields.values():
            for word in (one.name, one.zh, *one.synonyms, *one.weak):
                first = owner.setdefault(header.plain(word), one.name)
                if first != one.name:
                    self.wrong(f"fields.{one.name}", f"的表头“{word}”已是 {first} 的表头，只能留一个。")

    def due(self, told: Any) -> int | None:
        if told is None:
            return None
        self.keys("due", told, {"every", "day"}, {"every", "day"})
        if told["every"] != "month" or type(told["day"]) is not int or not 1 <= told["day"] <= 28:
            self.wrong("due", "应写 {every: month, day: 1 至 28}。")
        return int(told["day"])

    def days(self, told: Any) -> int | None:
        if told is not None and (type(told) is not int or told < 1):
            self.wrong("max_age_days", "应是大于 0 的整数（天）。")
        return told if told is None else int(told)

    def age_from(self, told: Any) -> bool:
        if told not in {None, "event_date", "delivery"}:
            self.wrong("age_from", "只能写 event_date（最新一行的日期）或 delivery（最近一次报送）。")
        return bool(told == "delivery")

    def keys(self, place: str, told: Any, allowed: set[str], needed: set[str]) -> None:
        if not isinstance(told, dict):
            self.wrong(place, "应写成“名称: 内容”。")
        unknown = sorted(str(key) for key in told if key not in allowed)
        if unknown:
            self.wrong(place, f"有不认识的项：{'、'.join(unknown)}；可用的有：{'、'.join(sorted(allowed))}。")
        missing = sorted(needed - told.keys())
        if missing:
            self.wrong(place, f"缺少：{'、'.join(missing)}。")

    def text(self, place: str, told: Any) -> str:
        if not isinstance(told, str) or not told.strip():
            self.wrong(place, "应是文字。")
        return told.strip()

    def texts(self, place: str, told: Any) -> tuple[str, ...]:
        if not isinstance(told, list):
            self.wrong(place, "应写成 [甲, 乙]。")
        read = tuple(self.text(place, one) for one in told)
        if len(set(read)) != len(read):
            self.wrong(place, "里有重复的词。")
        return read

    def flag(self, place: str, told: Any) -> bool:
        if not isinstance(told, bool):
            self.wrong(place, "应写 true 或 false。")
        return told
