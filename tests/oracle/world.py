"""The tables that a run may see on a day: rows dated later do not exist, later events have not happened."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]
EXISTS_FROM = {
    "benefit_payments": "paid_date", "benefit_register": "start_date", "bids": "submitted_at",
    "change_orders": "approved_date", "companies": "founded_date", "contracts": "signed_date", "deaths": "death_date",
    "fuel_fills": "filled_at", "inmates": "start_date", "payments": "paid_date", "progress_reports": "reported_at",
    "projects": "approved_date", "public_employees": "start_date", "receipts": "received_date",
    "settlements": "settled_date", "tenders": "publish_date", "village_cadres": "start_date", "village_entries": "date",
}  # fmt: skip
HAPPENED = {
    "projects": ("actual_start", "actual_finish", "acceptance_date"), "tenders": ("award_date",),
    "project_stages": ("actual_date",),
}  # fmt: skip
POVERTY = {"低保", "特困供养", "临时救助"}
PENSIONS = {"城乡居民基本养老保险", "企业职工基本养老保险", "机关事业单位基本养老保险"}


def day_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


class World:
    """Datasets as of a day; `None` is unknown."""

    def __init__(self, tables: dict[str, list[Row]], as_of: date) -> None:
        self.as_of = as_of
        self.tables = {
            name: [self._seen(name, row) for row in rows if self._exists(name, row)]
            for name, rows in tables.items()
        }

    def _exists(self, name: str, row: Row) -> bool:
        value = row.get(EXISTS_FROM.get(name, ""))
        return value is None or day_of(value) <= self.as_of

    def _seen(self, name: str, row: Row) -> Row:
        later = [
            field
            for field in HAPPENED.get(name, ())
            if row.get(field) is not None and row[field] > self.as_of
        ]
        return row | dict.fromkeys(later)

    def __getitem__(self, name: str) -> list[Row]:
        return self.tables.get(name, [])

    def by(self, name: str, *fields: str) -> dict[Any, list[Row]]:
        """Rows by the value of a field (or a tuple of several)."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self[name]:
            key = tuple(row.get(field) for field in fields)
            found[key[0] if len(fields) == 1 else key].append(row)
        return found

    def one(self, name: str, field: str) -> dict[Any, Row]:
        return {row[field]: row for row in self[name]}
