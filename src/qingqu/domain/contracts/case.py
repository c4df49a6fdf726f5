"""What a check sees of a contract, and what it answers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qingqu.domain.contracts.elements import Elements
from qingqu.domain.contracts.references import Reference
from qingqu.domain.contracts.rules import Rule
from qingqu.domain.contracts.text import Span, Text


@dataclass(frozen=True, slots=True)
class Known:
    """What the contract store knows beyond the text. None: not asked, so nothing is concluded from it.

    `attachments`: names of what was handed in with it; `previous_unit`: the last contract's unit rent of the same
    object, in this contract's unit; `tender_price`: the accepted price a year; `related`: the other side is or is near
    to a cadre; `siblings_total`: with this one, what the same parties agreed on the same object within the window."""

    attachments: tuple[str, ...] | None = None
    previous_unit: Decimal | None = None
    tender_price: Decimal | None = None
    related: str | None = None
    siblings_total: Decimal | None = None
    chained_months: int | None = None
    parent: Elements | None = None
    collective_exists: bool | None = None
    traded: bool | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A contract before its checks: elements, text, references, what else is known, the day by whose law it is judged."""

    e: Elements
    text: Text
    day: date
    references: tuple[Reference, ...] | None = None
    known: Known = field(default_factory=Known)

    @property
    def where(self) -> str:
        """Names of places in the contract: the object's, the parties'."""
        names = [self.known.place, *(party.name or "" for party in self.e.parties), self.e.location or ""]
        return "；".join(names)

    def span(self, *paths: str) -> tuple[Span, ...]:
        """Places of fields and facts, as far as they are there."""
        found = []
        for path in paths:
            place = self.e.places.get(path)
            if place is not None:
                found.append(place.span)
            elif path in self.e.facts:
                found.append(self.e.facts[path])
        return tuple(found)

    def words(self, fact: str) -> str:
        """The document's own words of a fact, shortened."""
        return self.text.words(self.e.facts[fact]).replace("\n", "")[:40]

    def local(self, rule: Rule) -> list[dict[str, object]]:
        """The rule's local rows that fit this contract's place and class."""
        return [
            dict(row)
            for row in rule.local
            if str(row.get("place", "\0")) in self.where
            and (not row.get("class") or self.e.object_class in row["class"])
        ]


@dataclass(frozen=True, slots=True)
class Hit:
    """A risk: `level` None means the rule's own; `unsure`: a person must look, whatever the level."""

    message: str
    spans: tuple[Span, ...] = ()
    measured: str | None = None
    threshold: str | None = None
    level: str | None = None
    unsure: bool = False


Check = Callable[[Case, Rule], Iterable[Hit]]
CHECKS: dict[str, Check] = {}


def check(code: str) -> Callable[[Check], Check]:
    """Enters a function as the check of a rule."""

    def enter(function: Check) -> Check:
        CHECKS[code] = function
        return function

    return enter


def shown(value: Decimal | int | None) -> str | None:
    """A number for measured and threshold, without trailing noughts."""
    if value is None:
        return None
    written = f"{Decimal(value).quantize(Decimal('0.0001')):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def applies(case: Case, rule: Rule) -> bool:
    """Whether a rule is about this contract at all."""
    e, wanted = case.e, rule.applies
    giver = e.giver.kind if e.giver else None
    return (
        ("kind" not in wanted or e.kind in wanted["kind"])
        and ("not_kind" not in wanted or e.kind not in wanted["not_kind"])
        and ("nature" not in wanted or e.nature in wanted["nature"])
        and ("class" not in wanted or e.object_class in wanted["class"])
        and ("giver" not in wanted or giver is None or giver in wanted["giver"])
        and (not rule.places or any(place in case.where for place in rule.places))
    )


__all__ = ["CHECKS", "Case", "Check", "Hit", "Iterator", "Known", "applies", "check", "shown"]
