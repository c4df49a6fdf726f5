"""From elements to risks and a verdict: locked, needs_person, clear.

Any risk of level lock locks. Else whatever decides and cannot be read for certain goes to a person: doubts of the
reading, values carried twice, critical words read with little confidence, notes of the reader. Else it is clear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingqu.domain.contracts import checks, output
from qingqu.domain.contracts.case import CHECKS, Case, Hit, Known, applies
from qingqu.domain.contracts.elements import Elements
from qingqu.domain.contracts.read import read
from qingqu.domain.contracts.references import Reference
from qingqu.domain.contracts.rules import Rule
from qingqu.domain.contracts.text import Text
from qingqu.domain.papers.pages import Document

LOW = 0.8
_CRITICAL = (
    "term.start",
    "term.end",
    "term.stated_months",
    "rent.unit_amount",
    "rent.annual",
    "rent.total",
    "object.areas.0",
    "lessee.name",
    "contractor.name",
    "price.total",
)
# Under which rule a doubt of the reading is told.
_DOUBTS = {
    "nature": "T06",
    "term": "T10",
    "object": "C01",
    "parties": "P03",
    "rent.free": "R13",
    "rent.escalation": "R09",
    "rent": "R12",
    "reading": "C01",
}


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk as told."""

    code: str
    level: str
    hit: Hit
    law: str
    remedy: str
    release: str


@dataclass(frozen=True, slots=True)
class Review:
    """Elements, risks, verdict of one document."""

    elements: Elements
    text: Text
    risks: tuple[Risk, ...]
    verdict: str

    def as_json(self) -> dict[str, Any]:
        """Section 4 of INTERFACES without file, sha256, pages and source."""
        found = output.elements(self.elements, self.text)
        found["risks"] = [
            {
                "code": r.code, "level": r.level, "message": r.hit.message, "law": r.law, "remedy": r.remedy,
                "spans": output.spans(self.text, r.hit.spans), "measured": r.hit.measured, "threshold": r.hit.threshold,
                "release": r.release,
            }
            for r in self.risks
        ]  # fmt: skip
        found["verdict"] = self.verdict
        return found


def review(
    document: Document,
    rules: Mapping[str, Rule],
    *,
    on: date,
    references: Iterable[Reference] | None = None,
    known: Known | None = None,
) -> Review:
    """Reads and judges a document by the law in force when it was signed (`on` where that is unknown)."""
    elements, text = read(document)
    day = elements.signed or on
    case = Case(elements, text, day, tuple(references) if references is not None else None, known or Known())
    risks = list(judge(case, rules))
    risks += _uncertain(case, rules, document)
    order = {"lock": 0, "warn": 1, "info": 2}
    risks.sort(key=lambda risk: (order[risk.level], risk.code))
    return Review(elements, text, tuple(risks), verdict(elements, risks, document))


def judge(case: Case, rules: Mapping[str, Rule]) -> Iterable[Risk]:
    """Every risk of every rule that applies and whose law was in force."""
    for code, rule in rules.items():
        function = CHECKS.get(code)
        if function is None or not applies(case, rule) or not rule.in_force(case.day):
            continue
        for hit in function(case, rule):
            yield Risk(code, hit.level or rule.level, hit, rule.law_on(case.day), rule.remedy, rule.release)


def _uncertain(case: Case, rules: Mapping[str, Rule], document: Document) -> list[Risk]:
    found = []
    told = []
    for doubt in case.e.doubts:
        code = next((c for path, c in _DOUBTS.items() if doubt.path.startswith(path)), "C01")
        told.append((code, Hit(doubt.sentence, doubt.spans, level="info", unsure=True)))
    for path in _CRITICAL:
        place = case.e.places.get(path)
        if place is None:
            continue
        if case.text.handwritten(place.span):
            told.append(
                (
                    "C07",
                    Hit(
                        f"“{case.text.words(place.span)}”是手写的，请确认。",
                        (place.span,),
                        level="info",
                        unsure=True,
                    ),
                )
            )
        elif case.text.confidence(place.span) <= LOW:
            told.append(
                (
                    "C01",
                    Hit(
                        f"“{case.text.words(place.span)}”看得不够清楚，请对照原件。",
                        (place.span,),
                        level="info",
                        unsure=True,
                    ),
                )
            )
    if case.e.kind == "other":
        told.append(("C01", Hit("看不出这是哪一种合同，请人工审查。", level="info", unsure=True)))
    for note in document.notes:
        if note.needs_person:
            told.append(("C08", Hit(note.sentence, level="info", unsure=True)))
    for code, hit in told:
        rule = rules.get(code)
        found.append(
            Risk(
                code,
                "info",
                hit,
                rule.law_on(case.day) if rule else "",
                rule.remedy if rule else "",
                rule.release if rule else "by_two",
            )
        )
    return found


def verdict(elements: Elements, risks: Iterable[Risk], document: Document) -> str:
    """locked, needs_person or clear."""
    risks = list(risks)
    if any(risk.level == "lock" for risk in risks):
        return "locked"
    if any(risk.hit.unsure for risk in risks) or elements.conflicts or document.needs_person:
        return "needs_person"
    return "clear"


__all__ = ["Review", "Risk", "checks", "judge", "review", "verdict"]
