"""A document's elements: the readers in their order."""

from qingqu.domain.contracts import facts, gaps, nature, objects, parties, rent, term, tokens, votes, works
from qingqu.domain.contracts.elements import Elements
from qingqu.domain.contracts.sections import Parts, parts
from qingqu.domain.contracts.text import Text
from qingqu.domain.papers.pages import Document


def read(document: Document) -> tuple[Elements, Text]:
    """What a document says. Never raises for what it says; what cannot be read stays None with a doubt or a conflict."""
    text = Text.of(document)
    return read_text(text), text


def read_text(text: Text) -> Elements:
    """The elements of a text."""
    found = Elements()
    where: Parts = parts(text)
    days, found.sums = tokens.days(text), tokens.sums(text)
    nature.read_nature(text, where, found)
    parties.read_parties(text, where, found)
    gaps.read_signed(text, where, days, found)
    gaps.read_delivery(text, where, days, found)
    term.read_term(text, where, days, found)
    objects.read_object(text, where, found)
    if found.kind in {"works", "sale"} or found.nature == "works":
        works.read_works(text, where, found.sums, found)
    else:
        rent.read_rent(text, where, found.sums, days, found)
    gaps.read_deposit(text, where, found.sums, found)
    votes.read_decision(text, where, days, found)
    facts.read_facts(text, where, found)
    gaps.read_blanks(text, where, found)
    gaps.read_annexes(text, where, found)
    return found
