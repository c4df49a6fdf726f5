"""Field by field: how much of the gold the review finds, what is wrong without a flag, which locks are found or false."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bench.contracts.make import Made
from qingqu.domain.contracts.judge import Review, review
from qingqu.domain.contracts.rules import Rule, load
from qingqu.domain.papers.pages import Document, Page

PACK = Path(__file__).resolve().parents[2] / "src/qingqu/packs/contract_rules"
ON = date(2026, 11, 25)


@cache
def rules() -> dict[str, Rule]:
    """The pack's rules."""
    return load(row for path in sorted(PACK.glob("*.yml")) for row in yaml.safe_load(path.read_text("utf-8")))


def judged(text: str) -> Review:
    """The review of a text."""
    return review(Document("text", (Page(1, text),)), rules(), on=ON)


def _number(value: Any) -> Any:
    return None if value is None else Decimal(str(value)).normalize()


def _party(found: dict[str, Any], role: str, key: str) -> Any:
    return next((party[key] for party in found["parties"] if party["role"] == role), None)


def fields(made: Made) -> dict[str, Callable[[dict[str, Any]], tuple[Any, Any]]]:
    """For each field a function giving (wanted, found)."""
    gold = made.gold
    table: dict[str, Callable[[dict[str, Any]], tuple[Any, Any]]] = {
        "nature": lambda o: (gold["nature"], o["nature"]),
        "class": lambda o: (gold["class"], o["object"]["class"]),
        "term.start": lambda o: (gold["start"], o["term"]["start"]),
        "term.end": lambda o: (gold["end"], o["term"]["end"]),
        "term.months": lambda o: (gold["months"], o["term"]["months"]),
        "term.stated": lambda o: (gold["stated_months"], o["term"]["stated_months"]),
        "area": lambda o: (_number(gold["area_m2"]), _number(o["object"]["area_m2"])),
        "rent.unit": lambda o: (
            (_number(gold["unit_amount"]), gold["unit"]) if gold["unit_amount"] else None,
            (_number(o["rent"]["unit_amount"]), o["rent"]["unit"]) if o["rent"]["unit_amount"] else None,
        ),
        "signed": lambda o: (gold["signed_date"], o["signed_date"]),
        "delivery": lambda o: (gold.get("delivery_date"), o["delivery_date"]),
        "deposit": lambda o: (_number(gold.get("deposit")), _number(o["deposit"])),
        "decision": lambda o: (gold.get("decision"), o["decision"]),
        "advance": lambda o: (gold["advance_months"], o["rent"]["advance_months"]),
    }
    for party in gold["parties"]:
        for key in ("name", "identifier"):
            table[f"{party['role']}.{key}"] = lambda o, party=party, key=key: (
                party[key],
                _party(o, party["role"], key),
            )
    if gold["rows"]:
        table["schedule"] = lambda o: (gold["rows"], [row["amount"] for row in o["rent"]["schedule"]])
    return table


def score(contracts: Iterable[Made], *, show: int = 0) -> dict[str, Any]:
    """Counts over contracts; `show`: how many failures to print in full."""
    right, all_, wrong_silent, told = Counter(), Counter(), Counter(), []
    locks_found = locks_wanted = false_locks = lawful = 0
    for made in contracts:
        result = judged(made.text)
        found = result.as_json()
        flagged = found["verdict"] == "locked" or any(
            r.hit.unsure and r.code != "R04" and r.code != "V01" for r in result.risks
        )
        for name, pair in fields(made).items():
            wanted, got = pair(found)
            all_[name] += 1
            if wanted == got:
                right[name] += 1
                continue
            silent = got is not None and not flagged and not (isinstance(got, list) and None in got)
            wrong_silent[name] += silent
            told.append((name, wanted, got, silent, made))
        locks = {risk.code for risk in result.risks if risk.level == "lock"}
        wanted_locks = set(made.gold["locks"])
        locks_wanted += len(wanted_locks)
        locks_found += len(wanted_locks & locks)
        if wanted_locks - locks:
            told.append(("LOCK MISSED", sorted(wanted_locks - locks), sorted(locks), True, made))
        extra = locks - wanted_locks
        if not wanted_locks:
            lawful += 1
            false_locks += bool(extra)
        if extra:
            told.append(
                (
                    "LOCK EXTRA",
                    sorted(wanted_locks),
                    [(r.code, r.hit.message) for r in result.risks if r.level == "lock" and r.code in extra],
                    True,
                    made,
                )
            )
    for name, wanted, got, silent, made in told[:show]:
        print(
            f"--- {name}{' SILENT' if silent else ''}: wanted {wanted} got {got} trap={made.trap}",
            file=sys.stderr,
        )
    return {
        "right": right, "all": all_, "silent": wrong_silent, "locks": (locks_found, locks_wanted), "false_locks": (false_locks, lawful), "told": told,
    }  # fmt: skip
