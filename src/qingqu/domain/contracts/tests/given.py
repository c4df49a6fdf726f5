"""What the tests of contracts share: the rules of our own pack, a text as a document, a review."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qingqu.domain.contracts.case import Known
from qingqu.domain.contracts.judge import Review, review
from qingqu.domain.contracts.references import Reference
from qingqu.domain.contracts.rules import Rule, load
from qingqu.domain.papers.pages import Document, Page

ON = date(2026, 11, 25)
TEXTS = Path(__file__).parent / "texts"
PACK = Path(__file__).resolve().parents[3] / "packs" / "contract_rules"


@cache
def rules() -> dict[str, Rule]:
    """The pack's rules."""
    return load(row for path in sorted(PACK.glob("*.yml")) for row in yaml.safe_load(path.read_text("utf-8")))


def document(text: str) -> Document:
    """One page without places."""
    return Document("text", (Page(1, text),))


def judged(
    text: str, references: Iterable[Reference] | None = None, known: Known | None = None, on: date = ON
) -> Review:
    """The review of a text."""
    return review(document(text), rules(), on=on, references=references, known=known)


def text_of(name: str) -> str:
    """One of the contracts written by hand."""
    return (TEXTS / f"{name}.txt").read_text("utf-8")


def locks(text: str, **given: Any) -> set[str]:
    """The codes of the lock-level risks of a text."""
    return {risk.code for risk in judged(text, **given).risks if risk.level == "lock"}
