"""What a contract says, as values with their places. Everything is None until the text carries it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qingqu.domain.contracts.text import Span
from qingqu.domain.contracts.tokens import Money

CERTAIN = 0.99
DERIVED = 0.9
DOUBTFUL = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read and how surely; `words` replaces the document's wording where nothing stands there."""

    span: Span
    confidence: float = CERTAIN


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that the text carries twice, differently. `shown`: the readings, as a person would say them."""

    path: str
    shown: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that decides and cannot be read for certain; `sentence` tells a person what to look at."""

    path: str
    sentence: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """An unfilled place; `field` is a path of the interface or `other`."""

    field: str
    span: Span
    in_signature: bool = False


@dataclass
class Party:
    """One side. `role`: lessor | lessee | employer | contractor | seller | buyer, from what the text says it does."""

    label: str
    name: str | None
    role: str | None = None
    kind: str | None = None
    identifier: str | None = None
    identifier_wanted: bool = False
    identifier_problem: str | None = None
    name_span: Span | None = None
    identifier_span: Span | None = None
    signer: str | None = None
    legal: str | None = None


@dataclass
class Term:
    """The contract's time. `months` with the end day counted, `extra_days` what a whole number of months leaves over;
    `stated_months` the length in words; `problems` name what keeps a date from being one."""

    start: date | None = None
    end: date | None = None
    months: int | None = None
    extra_days: int = 0
    stated_months: int | None = None
    start_from: str | None = None
    problems: list[tuple[str, str, Span]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    contracting_end: date | None = None
    contracting_span: Span | None = None
    parts: int = 1


@dataclass
class Rate:
    """A rent: `value` yuan a `basis` (mu, m2, room, lump) a `period` (year, half, quarter, month, day, term).

    `formula` names why there is no value: in_kind | index | market | negotiated | share."""

    value: Decimal | None
    basis: str | None
    period: str | None
    span: Span
    formula: str | None = None
    confidence: float = CERTAIN


@dataclass
class Stage:
    """A rate for the months [first, last) of the term; `last` None: to the end. `annual`: the yearly sum beside it."""

    first: int
    last: int | None
    rate: Rate
    annual: Decimal | None = None


@dataclass
class Step:
    """A rise (or fall, negative; `unclear`: once or every year cannot be told) every `every` months from month `start` on: percent or yuan of the rate's own unit."""

    every: int | None
    start: int | None
    percent: Decimal | None
    amount: Decimal | None
    span: Span
    simple: bool = False
    once: bool = False
    range: tuple[Decimal, Decimal] | None = None
    amount_lump: bool = False
    unclear: bool = False


@dataclass
class Row:
    """One contract year: amount due for it, and the yearly rate behind it (free months not taken off)."""

    start: date
    end: date
    amount: Decimal | None
    rate: Decimal | None = None


@dataclass
class Rent:
    """The rent as worded and as it falls due by contract year."""

    rate: Rate | None = None
    annual: Decimal | None = None
    total: Decimal | None = None
    total_stated: bool = False
    stages: list[Stage] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    free_months: int = 0
    free_at: int = 0
    free_span: Span | None = None
    advance_months: int | None = None
    one_off: bool = False
    arrears: bool = False
    due_known: bool = False
    pay_span: Span | None = None
    reset: Span | None = None
    fixed: Span | None = None
    formula: str | None = None
    spans: list[Span] = field(default_factory=list)
    mismatches: list[tuple[str, Span]] = field(default_factory=list)


@dataclass
class Item:
    """A line of a works contract."""

    name: str
    unit: str
    price: Decimal | None
    quantity: Decimal | None = None
    sum: Decimal | None = None
    span: Span | None = None


@dataclass
class Price:
    """What a works or sale contract costs."""

    total: Decimal | None = None
    items: list[Item] = field(default_factory=list)
    retention: Decimal | None = None


@dataclass
class Decision:
    """The vote that the text recites."""

    day: date | None = None
    entitled: int | None = None
    attended: int | None = None
    agreed: int | None = None
    body: str | None = None
    span: Span | None = None
    claimed: bool = False
    denied: Span | None = None


@dataclass
class Elements:
    """All that was read out of one document."""

    kind: str = "other"
    nature: str | None = None
    nature_clash: str | None = None
    object_class: str | None = None
    location: str | None = None
    extents: list[tuple[Decimal, str]] = field(default_factory=list)
    area_m2: Decimal | None = None
    parties: list[Party] = field(default_factory=list)
    term: Term = field(default_factory=Term)
    delivery: date | None = None
    delivery_words: Span | None = None
    signed: date | None = None
    rent: Rent = field(default_factory=Rent)
    price: Price = field(default_factory=Price)
    deposit: Decimal | None = None
    deposit_kind: str | None = None
    sums: list[Money] = field(default_factory=list)
    decision: Decision | None = None
    blanks: list[Blank] = field(default_factory=list)
    annexes: list[tuple[str, Span, bool]] = field(default_factory=list)
    pages_stated: int | None = None
    facts: dict[str, Span] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def note(self, path: str, span: Span, confidence: float = CERTAIN) -> None:
        """Remembers where a value stands; the first place stays unless a surer one comes."""
        known = self.places.get(path)
        if known is None or confidence > known.confidence:
            self.places[path] = Place(span, confidence)

    def clash(self, path: str, shown: str, *spans: Span) -> None:
        """Notes a value carried twice, differently."""
        if not any(known.path == path for known in self.conflicts):
            self.conflicts.append(Conflict(path, shown, spans))

    def doubt(self, path: str, sentence: str, *spans: Span) -> None:
        """Notes what a person must look at."""
        if not any(known.path == path and known.sentence == sentence for known in self.doubts):
            self.doubts.append(Doubt(path, sentence, spans))

    def party(self, *roles: str) -> Party | None:
        """The first party in one of the roles."""
        return next((party for party in self.parties if party.role in roles), None)

    @property
    def giver(self) -> Party | None:
        """Who lets, contracts out or sells."""
        return self.party("lessor", "employer", "seller")

    @property
    def taker(self) -> Party | None:
        """Who rents, contracts or buys."""
        return self.party("lessee", "contractor", "buyer")
