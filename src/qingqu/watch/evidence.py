"""What stands behind a warning, for the eye: its frozen rows by dataset, each value with department, file, row and day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from qingqu.base.packs import PackError
from qingqu.domain.values import show
from qingqu.engine.runner import plain
from qingqu.exchange.contracts import Contract, Field, load
from qingqu.exchange.sources import rows as stored_rows
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person
from qingqu.watch.models import Warning

PAGE, FEW = 50, 3  # rows of a page; of our own checks, up to so many rows are told value by value
COMPARED = 5  # rows of a closed warning that are looked up again
Line = Mapping[str, Any]


class Shown:
    """The evidence of a warning as one person may see it. `judged`: the fields on which the rule rests."""

    def __init__(self, item: Warning, person: Person, judged: Sequence[str], *, masked: bool) -> None:
        self.item, self.judged, self.masked = item, frozenset(judged), masked
        self.lines = item.evidence
        self.names = dict(Organisation.objects.values_list("code", "name"))
        self.may_open = access.may(person, "exchange.see")

    def page(self, number: str | None) -> Page[Any]:
        """A page of rows, all datasets one after another."""
        ordered = sorted(self.lines, key=lambda line: str(line["dataset"]))
        return Paginator(ordered, PAGE).get_page(number)

    def groups(self, page: Page[Any]) -> list[dict[str, Any]]:
        """The page's rows by dataset: few are told value by value, many as a table; totals over all its rows."""
        by_dataset: dict[str, list[Line]] = {}
        for line in page:
            by_dataset.setdefault(str(line["dataset"]), []).append(line)
        return [self._group(name, lines) for name, lines in by_dataset.items()]

    def _group(self, name: str, lines: Sequence[Line]) -> dict[str, Any]:
        every = [line for line in self.lines if line["dataset"] == name]
        try:
            contract = load(name)
        except PackError:
            return {"title": name, "number": len(every), "facts": [], "columns": [], "rows": [], "sums": []}
        fields = self._fields(contract, every)
        told: dict[str, Any] = {
            "title": contract.title,
            "number": len(every),
            "facts": [],
            "columns": [],
            "rows": [],
            "sums": [],
        }
        if len(every) == 1 or (not self.judged and len(every) <= FEW):
            told["facts"] = [self._fact(contract, field, line) for field in fields for line in lines]
            return told
        told["columns"] = [{"label": field.zh, "number": field.type in NUMBERS} for field in fields]
        told["rows"] = [
            {"cells": [{"text": self.text(field, line["row"].get(field.name)), "number": field.type in NUMBERS, "label": field.zh} for field in fields],
             **self._origin(line)}
            for line in lines
        ]  # fmt: skip
        told["sums"] = [
            {"label": field.zh, "value": show.money(sum(amounts, Decimal(0)))}
            for field in fields
            if field.type == "money" and (amounts := _amounts(every, field.name))
        ]
        return told

    def _fields(self, contract: Contract, lines: Sequence[Line]) -> list[Field]:
        """What a person must see to follow the judgement: the deciding fields, what names a row, and where nothing is
        said to decide (our own checks) the fields that differ. Codes that only join rows are left out where a name
        stands beside them."""
        filled = {name for line in lines for name, value in line["row"].items() if value is not None}
        wanted = self.judged & contract.by_name.keys()
        if not wanted:
            wanted = frozenset(
                name for name in contract.by_name if len({line["row"].get(name) for line in lines}) > 1
            )
        shown = (
            wanted
            | ({contract.name or "", contract.event_date or ""} & filled)
            | (frozenset() if wanted else frozenset(contract.key))
        )
        joining = {field.name for field in contract.fields if field.type in JOINING}
        if contract.name in filled:
            joining |= set(contract.key) - {field.name for field in contract.fields if field.type == "month"}
        joining |= {
            name for name in shown if {line["row"].get(name) for line in lines} == {self.item.subject_key}
        }
        kept = [field for field in contract.fields if field.name in shown and field.name not in joining]
        return kept or [field for field in contract.fields if field.name in shown]

    def text(self, field: Field, value: str | None) -> str:
        """A frozen value; empty stays empty."""
        if value is None:
            return ""
        if self.masked and field.personal:
            return show.masked_account(value) if field.type == "text" else show.masked_id(value)
        return f"{show.money(value)}" if field.type == "money" else value

    def _fact(self, contract: Contract, field: Field, line: Line) -> dict[str, Any]:
        value = self.text(field, line["row"].get(field.name))
        unit = "元" if field.type == "money" and value else "%" if field.type == "percent" and value else ""
        return {
            "label": field.zh,
            "value": value,
            "unit": unit,
            **self._origin(line),
            "source": self._source(contract, line),
        }

    def _source(self, contract: Contract, line: Line) -> str:
        return f"{self.names.get(line['department'], line['department'])} · {contract.title}"

    def _origin(self, line: Line) -> dict[str, Any]:
        sheet = line.get("sheet") or ""
        url = (
            reverse("exchange-row", args=[line["import"], line["file_row"]]) + f"?sheet={sheet}"
            if self.may_open
            else ""
        )
        return {
            "file": f"{line['file']} {sheet}".strip(), "row": line["file_row"], "received": str(line["known_at"])[:10],
            "department": self.names.get(line["department"], line["department"]), "url": url,
        }  # fmt: skip


# Codes by which rows are joined: a person reads the name beside them.
JOINING = frozenset({"division_code", "credit_code", "id_or_credit_code"})
NUMBERS = frozenset({"money", "quantity", "percent", "integer"})


def _amounts(lines: Sequence[Line], name: str) -> list[Decimal]:
    found = []
    for line in lines:
        value = line["row"].get(name)
        if value is not None:
            try:
                found.append(Decimal(value))
            except InvalidOperation:
                return []
    return found


def cleared_by(item: Warning, judged: Sequence[str], shown: Shown) -> list[dict[str, str]]:
    """What newer data say of the rows that a closed warning was raised by: deciding fields that read differently now,
    as known when it was closed. Of the first rows only."""
    if item.state != "closed":
        return []
    known_at = datetime.fromisoformat(item.run.known_at)
    found = []
    for line in shown.lines[:COMPARED]:
        try:
            contract = load(str(line["dataset"]))
        except PackError:
            continue
        key = {name: str(line["row"][name]) for name in contract.key if line["row"].get(name) is not None}
        now = stored_rows(
            contract.dataset, known_at=known_at, department=str(line["department"]), limit=1, **key
        )
        for field in (contract.by_name[name] for name in contract.by_name if name in set(judged)):
            old = line["row"].get(field.name)
            new = plain(now[0][field.name], field.type) if now else None
            if not now or old != new:
                found.append({
                    "label": field.zh, "old": shown.text(field, old), "new": shown.text(field, new), "gone": "" if now else "1",
                })  # fmt: skip
    return found
