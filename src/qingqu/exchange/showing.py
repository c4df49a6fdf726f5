"""What the pages of an import show: words of its state, tabs with rows, a source row beside what we made of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingqu.domain.values import Unclean, clean, show
from qingqu.engine.runner import plain
from qingqu.exchange.contracts import Contract, Field
from qingqu.exchange.models import WITHDRAW_WITHIN, Import, Snapshot
from qingqu.exchange.sources import changed_rows, file_rows
from qingqu.reading.limits import letter

SHOWN_ROWS = 50
SHOWN_ERRORS = 200
NEIGHBOURS = 3
KINDS = {"new": "insert", "changed": "update", "closed": "close"}


def state_word(state: str) -> str:
    """An import's state in the reader's language."""
    return state_words()[state]


def state_words() -> dict[str, str]:
    """State → words, in the order of an import's life."""
    return {
        "received": _("being checked"), "unmapped": _("columns to be matched"), "previewed": _("checked, not yet committed"), "rejected": _("has wrong rows"),
        "committed": _("committed"), "discarded": _("discarded"), "withdrawn": _("withdrawn"),
        "failed": _("could not be read"),
    }  # fmt: skip


def tabs(row: Import, chosen: str) -> list[dict[str, Any]]:
    """The tabs of a result with their counts; the chosen one is marked."""
    told = [
        ("wrong", _("Wrong"), row.count("rejected")), ("new", _("New"), row.count("inserted")),
        ("changed", _("Changed"), row.count("updated")), ("unchanged", _("Unchanged"), row.count("unchanged")),
    ]  # fmt: skip
    if row.full:
        told.append(("closed", _("Closed"), row.count("removed")))
    elif row.count("would_close"):
        told.append(("closed", _("Not in the file"), row.count("would_close")))
    return [
        {"name": name, "label": label, "count": count, "here": name == chosen} for name, label, count in told
    ]


def first_tab(row: Import) -> str:
    """What the reader wants to see first: what is wrong, else what is new, else what changes."""
    for name, count in (
        ("wrong", "rejected"),
        ("new", "inserted"),
        ("changed", "updated"),
        ("closed", "removed"),
    ):
        if row.count(count):
            return name
    return "unchanged"


def lines(row: Import, contract: Contract, tab: str, *, masked: bool) -> list[dict[str, Any]]:
    """Rows of a tab: new and closed ones with their filled fields, changed ones with old → new."""
    if tab not in KINDS:
        return []
    found = []
    for told in changed_rows(row, KINDS[tab], SHOWN_ROWS):
        cells = []
        for one in contract.fields:
            new, old = told[one.name], told[f"old_{one.name}"]
            changed = tab == "changed" and new != old
            if changed or one.name in contract.key or (tab != "changed" and new is not None):
                cells.append({
                    "label": one.zh, "new": value_text(one, new, masked=masked), "changed": changed,
                    "old": value_text(one, old, masked=masked),
                })  # fmt: skip
        found.append({"sheet": told["_sheet"] or "", "number": told["_row"], "cells": cells})
    return found


def value_text(one: Field, value: object, *, masked: bool) -> str:
    """A stored value for the eye."""
    if value is None:
        return "—"
    text = plain(value, one.type) or "—"
    if masked and one.personal:
        return show.masked_account(text) if one.type == "text" else show.masked_id(text)
    return show.money(text) if one.type == "money" else text


def source_lines(
    row: Import, snapshot: Snapshot, sheet: str, number: int, *, alone: bool
) -> tuple[list[dict[str, Any]], int]:
    """The header, the row and (unless `alone`) its neighbours as they stand in the sender's file, and their width."""
    near = 0 if alone else NEIGHBOURS
    found = file_rows(snapshot, sheet, number - near, number + near)
    if number not in found:
        return [], 0
    width = max(_used(cells) for _, cells in found.values())
    told = [
        {"number": line, "cells": cells[:width], "here": line == number, "header": kind == "h"}
        for line, (kind, cells) in found.items()
    ]
    return told, width


def _used(cells: list[str]) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if cell), default=0)


def pairs(
    row: Import,
    contract: Contract,
    sheet: str,
    cells: list[str],
    stored: dict[str, Any] | None,
    *,
    masked: bool,
) -> list[dict[str, str]]:
    """Each used column: letter, header and cell as in the file, our field and what we stored."""
    made = []
    for column in row.columns:
        if column["sheet"] != sheet:
            continue
        one = contract.by_name.get(column["field"])
        if one is None:
            continue
        index = int(column["index"])
        cell = cells[index] if index < len(cells) else ""
        made.append({
            "letter": letter(index), "header": column["header"], "cell": hidden(one, cell) if masked else cell,
            "field": one.zh, "value": value_text(one, stored[one.name], masked=masked) if stored else "",
        })  # fmt: skip
    return made


def hidden(one: Field, cell: str) -> str:
    """A raw cell for somebody who may see the row but not personal numbers."""
    if not one.personal:
        return cell
    return show.masked_account(cell) if one.type == "text" else show.masked_id(cell)


def csv_lines(errors: Iterable[dict[str, Any]]) -> Iterable[list[str]]:
    """The wrong cells as rows of a csv that no spreadsheet program takes for formulas."""
    yield [
        _("Sheet"),
        _("Row"),
        _("Column"),
        _("Header"),
        _("What stands there"),
        _("What is wrong"),
        _("What to do"),
    ]
    for error in errors:
        names = ("sheet", "row", "column", "header", "value", "message", "fix")
        yield [harmless(str(error.get(name, ""))) for name in names]


def harmless(text: str) -> str:
    """A cell that Excel shows and never runs: an apostrophe before the signs that begin a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def recent(rows: Iterable[Import], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Files as a list shows them."""
    return [
        {"row": row, "title": titles.get(row.dataset, row.dataset), "state": state_word(row.state), "summary": summary(row)}
        for row in rows
    ]  # fmt: skip


def summary(row: Import) -> str:
    """`212 rows, 7 wrong`."""
    if not row.counts:
        return ""
    rows, wrong = f"{row.count('rows'):,}", f"{row.count('rejected'):,}"
    if row.count("rejected"):
        return _("%(rows)s rows, %(wrong)s wrong") % {"rows": rows, "wrong": wrong}
    return _("%(rows)s rows") % {"rows": rows}


def totals(row: Import, contract: Contract, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Row count and control totals beside the sender's own (`own_<field>`): equal, different by how much, or not to be
    read."""
    told: list[dict[str, Any]] = [
        {"name": "rows", "label": _("Rows"), "value": str(row.count("rows")), "money": False}
    ]
    told += [
        {"name": name, "label": contract.by_name[name].zh, "value": value, "money": True}
        for name, value in row.totals.items() if name in contract.by_name
    ]  # fmt: skip
    for one in told:
        one["own"] = own = str(given.get(f"own_{one['name']}", "")).strip()[:40]
        if own:
            one |= _against(Decimal(one["value"]), own)
    return told


def _against(ours: Decimal, own: str) -> dict[str, Any]:
    try:
        theirs = Decimal(clean("money", own))
    except Unclean as error:
        return {"verdict": "unreadable", "words": f"{error.message}，{error.fix}"}
    if theirs == ours:
        return {"verdict": "equal", "words": _("equal")}
    gap = show.number(abs(theirs - ours))
    words = _("yours is %s more") if theirs > ours else _("yours is %s less")
    return {"verdict": "different", "words": words % gap}


def progress(row: Import) -> dict[str, Any]:
    """How far the check is: words and, where known, a share of 100."""
    told: Mapping[str, Any] = getattr(row, "progress", None) or {}
    words = {
        "reading": _("reading the file"), "checking": _("checking the rows"), "comparing": _("comparing with what is stored"),
        "writing": _("writing"),
    }.get(str(told.get("stage", "")), _("waiting for its turn"))  # fmt: skip
    done, total = int(told.get("done") or 0), int(told.get("total") or 0)
    return {
        "words": words,
        "done": done,
        "total": total,
        "percent": min(100 * done // total, 100) if total else None,
    }


def withdraw_until(row: Import, now: datetime) -> datetime | None:
    """Until when a committed import can be taken back, None when that is over."""
    if row.state != Import.COMMITTED or row.decided_at is None:
        return None
    until = row.decided_at + WITHDRAW_WITHIN
    return until if until >= now else None
