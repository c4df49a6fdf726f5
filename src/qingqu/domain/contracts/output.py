"""The review as the interface prints it (INTERFACES, section 4): names to the letter, money with two places, quantities
without trailing noughts, unknown as null."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from qingqu.domain.contracts.elements import Elements, Party, Rate, Rent
from qingqu.domain.contracts.schedule import escalation
from qingqu.domain.contracts.text import Span, Text

_PERIODS = {
    "year": "year",
    "half": "half_year",
    "quarter": "quarter",
    "month": "month",
    "day": "day",
    "term": "term",
}


def money(value: Decimal | None) -> str | None:
    """Two places."""
    return None if value is None else f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def quantity(value: Decimal | None, places: str = "0.0001") -> str | None:
    """Up to four places, no trailing noughts."""
    if value is None:
        return None
    written = f"{value.quantize(Decimal(places), ROUND_HALF_UP):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def day(value: date | None) -> str | None:
    """ISO."""
    return value.isoformat() if value else None


def unit_of(rate: Rate | None) -> str | None:
    """yuan/mu/year and its like; None where the period is unknown."""
    if rate is None or rate.basis is None or rate.period is None:
        return None
    period = _PERIODS[rate.period]
    return f"yuan/{period}" if rate.basis == "lump" else f"yuan/{rate.basis}/{period}"


def spans(text: Text, many: tuple[Span, ...] | list[Span]) -> list[dict[str, Any]]:
    """Places on the pages."""
    return [text.place(span) for span in many if span.end > span.start]


def elements(found: Elements, text: Text) -> dict[str, Any]:
    """All of section 4 but file, sha256, pages, source, risks and verdict."""
    return {
        "kind": found.kind,
        "nature": found.nature,
        "object": {
            "class": found.object_class, "location": found.location,
            "areas": [{"value": quantity(value), "unit": unit} for value, unit in found.extents],
            "area_m2": quantity(found.area_m2, "0.01"),
        },
        "parties": [
            {"role": p.role, "label": p.label, "name": _name(p, text), "kind": p.kind, "identifier": p.identifier}
            for p in found.parties
        ],
        "term": {
            "start": day(found.term.start), "end": day(found.term.end),
            "months": found.term.months, "stated_months": found.term.stated_months,
        },
        "delivery_date": day(found.delivery),
        "signed_date": day(found.signed),
        "rent": _rent(found.rent),
        "price": _price(found),
        "deposit": money(found.deposit),
        "amounts": _amounts(found, text),
        "decision": _decision(found),
        "blanks": [{"field": blank.field, "span": text.place(blank.span)} for blank in found.blanks],
        "fields": {
            path: {
                "text": text.words(place.span),
                "confidence": round(min(place.confidence, text.confidence(place.span)), 2),
                "span": text.place(place.span),
            }
            for path, place in sorted(found.places.items())
        },
    }  # fmt: skip


def _name(party: Party, text: Text) -> str | None:
    """The name in the document's own characters (the grammar reads simplified ones)."""
    if party.name is None or party.name_span is None:
        return party.name
    own = re.sub(r"\s", "", text.words(party.name_span))
    return own if len(own) == len(party.name) and "(" not in party.name else party.name


def _rent(rent: Rent) -> dict[str, Any]:
    step = escalation(rent)
    stated = rent.rate is not None and rent.rate.value is not None
    return {
        "unit_amount": quantity(rent.rate.value) if rent.rate and stated else None,
        "unit": unit_of(rent.rate) if rent.rate else None,
        "advance_months": rent.advance_months,
        "schedule": [{"from": day(r.start), "to": day(r.end), "amount": money(r.amount)} for r in rent.rows],
        "total": money(rent.total),
        "escalation": None
        if step is None
        else {"every_months": step.every, "percent": quantity(step.percent), "amount": money(step.amount)},
        "formula": rent.formula,
    }


def _price(found: Elements) -> dict[str, Any]:
    price = found.price
    return {
        "total": money(price.total),
        "unit_prices": [
            {"item": i.name, "unit": i.unit, "amount": money(i.price), "quantity": quantity(i.quantity)}
            for i in price.items
        ],
        "retention_percent": quantity(price.retention),
    }


def _amounts(found: Elements, text: Text) -> list[dict[str, Any]]:
    return [
        {
            "figures": money(m.figures_value), "words": m.words, "words_value": money(m.words_value),
            "consistent": m.consistent, "span": text.place(m.span),
        }
        for m in found.sums
    ]  # fmt: skip


def _decision(found: Elements) -> dict[str, Any] | None:
    made = found.decision
    if made is None or not made.claimed:
        return None
    return {
        "date": day(made.day),
        "entitled": made.entitled,
        "attended": made.attended,
        "agreed": made.agreed,
    }
