"""The inbox's list: which warnings a person sees, in fields, and how many there are behind each filter.

One query groups the chosen state's warnings; every count beside a filter is summed from it, under the other filters
that are on, so that a count is what the click will show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber, Substr
from django.utils.translation import gettext as _

from qingqu.base.clock import start_of_day
from qingqu.orgs.models import Division, Person
from qingqu.watch import showing
from qingqu.watch.models import TOWN_DIGITS, Warning, WarningEvent, WarningQuerySet
from qingqu.watch.sections import OTHER, Section, days_left, sections

PAGE, SHORT, SOON_DAYS = 50, 8, 3
NOWHERE = "0"  # in place of a town: warnings whose place nobody told
STATES = ("current", "stock", "closed")
DUES = ("overdue", "soon", "later", "none")
HANDS = ("mine", "assigned", "free")
FILTERS = ("state", "section", "level", "due", "hand", "town", "rule", "month")


@dataclass(frozen=True)
class Wish:
    """The filters of an address; what it does not know counts as not said."""

    state: str = "current"
    section: str = ""
    level: str = ""
    due: str = ""
    hand: str = ""
    town: str = ""
    rule: str = ""
    month: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wish":
        """From the query string."""
        told = {name: given.get(name, "") for name in FILTERS}
        return cls(
            state=told["state"] if told["state"] in STATES else "current",
            section=told["section"] if told["section"] in {one.name for one in sections()} | {OTHER} else "",
            level=told["level"] if told["level"] in showing.LEVEL_ORDER else "",
            due=told["due"] if told["due"] in DUES else "",
            hand=told["hand"] if told["hand"] in HANDS else "",
            town=told["town"] if told["town"].isascii() and told["town"].isdigit() and len(told["town"]) <= TOWN_DIGITS else "",
            rule=told["rule"] if told["rule"].isascii() and told["rule"].isalnum() and len(told["rule"]) <= 20 else "",
            month=told["month"] if _month(told["month"]) else "",
        )  # fmt: skip

    def address(self, **changes: str) -> str:
        """The query string with some filters changed; what is as by default is left out."""
        told = {name: changes.get(name, getattr(self, name)) for name in FILTERS}
        return "?" + urlencode(
            {name: value for name, value in told.items() if value and (name, value) != ("state", "current")}
        )

    @property
    def plain(self) -> bool:
        """Nothing chosen: the short list of each field."""
        return self.address() == "?"


@dataclass(frozen=True)
class Group:
    """Warnings that share what filters ask for."""

    section: str
    level: str
    town: str
    due: str
    hands: tuple[str, ...]
    number: int


class Inbox:
    """A person's inbox under a wish, on a day."""

    def __init__(self, person: Person, wish: Wish, today: date) -> None:
        self.person, self.wish, self.today = person, wish, today
        self.visible = Warning.objects.visible_to(person)

    def _of_state(self) -> WarningQuerySet:
        state = self.wish.state
        found = self.visible.current() if state == "current" else self.visible.open().filter(stock=True)
        if state == "closed":
            found = self.visible.filter(state="closed")
        if self.wish.rule:
            found = found.filter(rule_code=self.wish.rule)
        if self.wish.month:
            first, after = _month(self.wish.month) or (self.today, self.today)
            name = "closed_at" if state == "closed" else "raised_at"
            found = found.filter(**{f"{name}__gte": start_of_day(first), f"{name}__lt": start_of_day(after)})
        return found

    @cached_property
    def groups(self) -> list[Group]:
        """All warnings of the state, grouped by what filters ask for. One query."""
        rows = (
            self._of_state()
            .annotate(town=Substr("division_code", 1, TOWN_DIGITS))
            .values_list("section", "level", "town", "due_date", "assigned_to")
            .annotate(n=Count("pk"))
            .order_by()
        )
        dues: dict[date | None, str] = {}
        found = []
        for section, level, town, due, hand, number in rows:
            if due not in dues:
                dues[due] = due_group(due, self.today)
            hands = (
                ("free",)
                if hand is None
                else ("mine", "assigned")
                if hand == self.person.pk
                else ("assigned",)
            )
            found.append(Group(section, level, town or NOWHERE, dues[due], hands, number))
        return found

    def count(self, **changes: str) -> int:
        """How many the address with these changes shows (state, rule and month as they are)."""
        wanted = {
            name: changes.get(name, getattr(self.wish, name))
            for name in ("section", "level", "due", "hand", "town")
        }
        return sum(group.number for group in self.groups if _fits(group, wanted))

    @cached_property
    def states(self) -> dict[str, int]:
        """How many there are of each state, whatever else is chosen. One query."""
        told = self.visible.aggregate(
            current=Count("pk", filter=~Q(state="closed") & Q(stock=False)),
            stock=Count("pk", filter=~Q(state="closed") & Q(stock=True)), closed=Count("pk", filter=Q(state="closed")),
        )  # fmt: skip
        return {name: int(told[name]) for name in STATES}

    def _chosen(self) -> WarningQuerySet:
        found, wish = self._of_state(), self.wish
        for name in ("section", "level"):
            if value := getattr(wish, name):
                found = found.filter(**{name: value})
        if wish.town:
            found = (
                found.filter(division_code="")
                if wish.town == NOWHERE
                else found.filter(division_code__startswith=wish.town)
            )
        if wish.hand:
            hands = {
                "mine": Q(assigned_to=self.person),
                "assigned": Q(assigned_to__isnull=False),
                "free": Q(assigned_to=None),
            }
            found = found.filter(hands[wish.hand])
        if wish.due:
            found = found.filter(_due_days(wish.due, self.today))
        last = WarningEvent.objects.filter(warning=OuterRef("pk")).order_by("-pk")
        return found.defer("sentence", "told_datasets").annotate(
            last_kind=Subquery(last.values("kind")[:1]), last_at=Subquery(last.values("at")[:1])
        )

    def page(self, number: str | None) -> Page[Any]:
        """One page of the chosen list."""
        ordered = (
            self._chosen().order_by("-closed_at", "pk")
            if self.wish.state == "closed"
            else self._chosen().order_by(*showing.order())
        )
        paginator = Paginator(ordered, PAGE)
        paginator.count = self.count()
        return paginator.get_page(number)

    def short(self) -> dict[str, list[Any]]:
        """Field → its first few. One query."""
        place = Window(RowNumber(), partition_by=[F("section")], order_by=showing.order())
        found: dict[str, list[Any]] = {}
        for item in (
            self._chosen()
            .annotate(place_in_section=place)
            .filter(place_in_section__lte=SHORT)
            .order_by(*showing.order())
        ):
            found.setdefault(item.section, []).append(item)
        return found

    def filters(self, places: Mapping[str, str]) -> list[dict[str, Any]]:
        """The column of filters with their counts and addresses."""
        made = [
            self._filter("", "state", [(name, word, self.states[name]) for name, word in _state_words()], every=False),
            self._filter(_("By field"), "section", [(one.name, one.title, self.count(section=one.name)) for one in self._sections()]),
            self._filter(_("By light"), "level", [(name, showing.level_word(name), self.count(level=name)) for name in showing.LEVEL_ORDER]),
        ]  # fmt: skip
        if self.wish.state == "current":
            made += [
                self._filter(_("By deadline"), "due", [(name, word, self.count(due=name)) for name, word in _due_words()]),
                self._filter(_("By hand"), "hand", [(name, word, self.count(hand=name)) for name, word in _hand_words()]),
            ]  # fmt: skip
        towns = sorted({group.town for group in self.groups})
        told = [(town, town_name(town, places), self.count(town=town)) for town in towns]
        return [*made, self._filter(_("By place"), "town", told)]

    def _sections(self) -> Iterable[Section]:
        yield from sections()
        if any(group.section == OTHER for group in self.groups):
            yield Section(OTHER, {"zh": "其他", "en": "Other"}, ())

    def _filter(
        self, title: str, name: str, told: list[tuple[str, str, int]], *, every: bool = True
    ) -> dict[str, Any]:
        chosen = getattr(self.wish, name)
        items = [
            {"label": label, "count": number, "active": value == chosen, "level": value if name == "level" else "",
             "late": value == "overdue" or (name == "level" and value == "red"),
             "url": self.wish.address(**{name: "" if value == chosen and every else value})}
            for value, label, number in told
        ]  # fmt: skip
        return {"title": title, "items": items, "name": name}

    @property
    def towns(self) -> set[str]:
        """Codes of the towns that the filters name."""
        return {group.town.ljust(12, "0") for group in self.groups}


def town_name(town: str, places: Mapping[str, str]) -> str:
    """What the first nine digits of a place are called."""
    return _("Place unknown") if town == NOWHERE else places.get(town.ljust(12, "0"), town)


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → name of the divisions that are known here. One query."""
    return dict(Division.objects.filter(code__in=set(codes)).values_list("code", "name"))


def due_group(due: date | None, today: date) -> str:
    """Which group of deadlines a due day belongs to."""
    left = days_left(due, today)
    if left is None:
        return "none"
    return "overdue" if left < 0 else "soon" if left <= SOON_DAYS else "later"


def _due_days(group: str, today: date) -> Q:
    """The same as a filter, so that a list shows what was counted."""
    if group == "none":
        return Q(due_date=None)
    near = [day for n in range(40) if due_group(day := today + timedelta(days=n), today) == "soon"]
    last = max(near, default=today)
    return {
        "overdue": Q(due_date__lt=today),
        "soon": Q(due_date__gte=today, due_date__lte=last),
        "later": Q(due_date__gt=last),
    }[group]


def _fits(group: Group, wanted: Mapping[str, str]) -> bool:
    return (
        (not wanted["section"] or group.section == wanted["section"])
        and (not wanted["level"] or group.level == wanted["level"])
        and (not wanted["due"] or group.due == wanted["due"])
        and (not wanted["hand"] or wanted["hand"] in group.hands)
        and group.town.startswith(wanted["town"])
    )


def _month(text: str) -> tuple[date, date] | None:
    """First day of a month `YYYY-MM` and of the next one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first, (first + timedelta(days=31)).replace(day=1)


def _state_words() -> list[tuple[str, str]]:
    return [("current", _("Open")), ("stock", _("Stock list")), ("closed", _("Closed"))]


def _due_words() -> list[tuple[str, str]]:
    return [
        ("overdue", _("Overdue")), ("soon", _("Within 3 working days")), ("later", _("Later")), ("none", _("No deadline")),
    ]  # fmt: skip


def _hand_words() -> list[tuple[str, str]]:
    return [("mine", _("In my hands")), ("assigned", _("Assigned")), ("free", _("Not assigned"))]
