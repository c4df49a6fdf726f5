"""What happened since a day, in five minutes: new, risen, fallen, closed, data that did not arrive, rules that change."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from qingqu.base.clock import start_of_day
from qingqu.desk.arrivals import Arrival, arrivals
from qingqu.desk.inbox import place_names
from qingqu.domain.calendar import MissingYear
from qingqu.orgs import access
from qingqu.orgs.models import Person
from qingqu.watch import showing
from qingqu.watch.models import RuleResult, Run, ThresholdChange, Warning, WarningEvent
from qingqu.watch.sections import calendar

SHOWN = 15  # of a kind: what one person reads in a minute
KINDS = ("raised", "risen", "fallen", "closed")
LONGEST = 92  # days back: a quarter; further back is not news


def since_day(text: str, today: date) -> date:
    """The day from which to tell: the one asked for within a quarter, else the last working day before today."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return last_working_day(today)
    return min(max(asked, today - timedelta(days=LONGEST)), today)


def last_working_day(today: date) -> date:
    """The working day before; plain yesterday where the year's days off are not known."""
    try:
        return calendar().add_working_days(today, -1)
    except MissingYear:
        return today - timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """One kind of news: how many there are, and the gravest of them."""

    kind: str
    title: str
    number: int
    rows: list[Any]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.rows)


class Since:
    """A person's news since a day."""

    def __init__(self, person: Person, day: date, today: date) -> None:
        self.person, self.day, self.today = person, day, today
        self.from_ = start_of_day(day)

    @cached_property
    def parts(self) -> list[Part]:
        """New, risen, fallen, closed. Stock is no news. Three queries."""
        visible = Warning.objects.visible_to(self.person).filter(stock=False)
        events = WarningEvent.objects.filter(
            at__gte=self.from_, kind__in=KINDS, warning__in=visible.values("pk")
        )
        numbers = dict(events.order_by().values_list("kind").annotate(Count("pk")))
        rank = Case(
            *(When(level=name, then=Value(n)) for n, name in enumerate(showing.LEVEL_ORDER)),
            output_field=IntegerField(),
        )
        place = Window(RowNumber(), partition_by=[F("kind")], order_by=[rank, "-pk"])
        rows: list[Any] = list(
            events.annotate(place_in_kind=place).filter(place_in_kind__lte=SHOWN).select_related("warning").order_by(rank, "-pk")
        )  # fmt: skip
        places = place_names(row.warning.division_code for row in rows)
        for row in rows:
            row.place = places.get(row.warning.division_code, row.warning.division_code)
            row.who = showing.subject_of(row.warning, place=row.place)
            row.told = showing.masked_numbers(row.text)
        return [
            Part(kind, title, numbers.get(kind, 0), [row for row in rows if row.kind == kind])
            for kind, title in self._titles()
        ]

    @staticmethod
    def _titles() -> list[tuple[str, str]]:
        return [("raised", _("New")), ("risen", _("Risen")), ("fallen", _("Fallen")), ("closed", _("Closed"))]

    @cached_property
    def _arrivals(self) -> list[Arrival]:
        return arrivals(self.person, self.today)

    @cached_property
    def late(self) -> list[Arrival]:
        """Data that were due and did not arrive."""
        return [one for one in self._arrivals if one.late]

    @cached_property
    def runs(self) -> list[Run]:
        """The runs since then, newest first."""
        return list(Run.objects.filter(at__gte=self.from_).order_by("-pk")[:5])

    @cached_property
    def held_up(self) -> list[RuleResult]:
        """Rules that the last run could not judge."""
        last = Run.objects.order_by("-pk").first()
        return list(last.results.exclude(held_up="").order_by("code")) if last else []

    @cached_property
    def changes(self) -> list[ThresholdChange]:
        """Thresholds signed since then or still waiting for a signature, for whoever may see rules."""
        if not access.may(self.person, "watch.see_rules"):
            return []
        found = ThresholdChange.objects.visible_to(self.person).order_by("-pk")
        return [
            one
            for one in found[:50]
            if one.state == "proposed" or (one.decided_at and one.decided_at >= self.from_)
        ]

    @cached_property
    def quiet(self) -> bool:
        """Whether nothing at all has happened."""
        return not any(part.number for part in self.parts) and not self.late and not self.changes
