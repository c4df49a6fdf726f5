"""The county at a glance. Every number is a count of the inbox's own, so that the rows behind it add up to it."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.base.clock import start_of_day
from qingqu.desk.arrivals import arrivals
from qingqu.desk.inbox import Inbox, Wish, place_names, town_name
from qingqu.orgs import access
from qingqu.orgs.models import Person
from qingqu.watch import showing
from qingqu.watch.models import Run
from qingqu.watch.sections import sections

TOP_RULES = 12


class Dashboard:
    """What one person's area looks like today."""

    def __init__(self, person: Person, today: date) -> None:
        self.person, self.today = person, today
        self.inbox = Inbox(person, Wish(), today)

    @cached_property
    def last_run(self) -> Run | None:
        """The newest run."""
        return Run.objects.order_by("-pk").first()

    def _to_inbox(self, **wish: str) -> str:
        return reverse("desk-inbox") + Wish(**wish).address()

    @cached_property
    def chain(self) -> list[dict[str, Any]]:
        """The chain as far as it is built: collected, compared, warned, assigned, settled this month."""
        came = arrivals(self.person, self.today)
        owed, late = {one.dataset for one in came}, {one.dataset for one in came if one.late}
        results = list(self.last_run.results.values_list("held_up", flat=True)) if self.last_run else []
        month = f"{self.today:%Y-%m}"
        closed = self.inbox.visible.filter(
            state="closed", closed_at__gte=start_of_day(self.today.replace(day=1))
        ).count()  # fmt: skip
        may = access.granted(self.person, {"exchange.see", "watch.see_rules"})
        data = reverse("exchange-centre") if "exchange.see" in may else ""
        rules = reverse("watch-rules") if "watch.see_rules" in may else ""
        return [
            {"label": _("Datasets on time"), "number": len(owed - late), "of": len(owed), "url": data},
            {"label": _("Rules judged"), "number": sum(not held for held in results), "of": len(results), "url": rules},
            {"label": _("Open warnings"), "number": self.inbox.count(), "url": self._to_inbox()},
            {"label": _("Assigned"), "number": self.inbox.count(hand="assigned"), "url": self._to_inbox(hand="assigned")},
            {"label": _("Overdue"), "number": self.inbox.count(due="overdue"), "url": self._to_inbox(due="overdue"), "wrong": True},
            {"label": _("Closed this month"), "number": closed, "url": self._to_inbox(state="closed", month=month)},
        ]  # fmt: skip

    @cached_property
    def fields(self) -> dict[str, Any]:
        """Field × level, with sums."""
        rows = [(one.title, {"section": one.name}) for one in sections()]
        return self._table(rows)

    @cached_property
    def towns(self) -> dict[str, Any]:
        """Town × level, the gravest first."""
        codes = sorted({group.town for group in self.inbox.groups})
        names = place_names(code.ljust(12, "0") for code in codes)
        rows = [(town_name(code, names), {"town": code}) for code in codes]
        return self._table(rows, level_names=False)

    def _table(self, rows: list[tuple[str, dict[str, str]]], *, level_names: bool = True) -> dict[str, Any]:
        made: list[dict[str, Any]] = []
        for label, wish in rows:
            cells = [
                {"level": level, "number": self.inbox.count(level=level, **wish), "url": self._to_inbox(level=level, **wish)}
                for level in showing.LEVEL_ORDER
            ]  # fmt: skip
            made.append(
                {
                    "label": label,
                    "cells": cells,
                    "sum": self.inbox.count(**wish),
                    "url": self._to_inbox(**wish),
                }
            )
        if not level_names:
            made.sort(key=lambda row: [-cell["number"] for cell in row["cells"]])
        totals = [
            {"level": level, "number": self.inbox.count(level=level), "url": self._to_inbox(level=level)}
            for level in showing.LEVEL_ORDER
        ]
        return {"rows": made, "totals": totals, "sum": self.inbox.count(), "url": self._to_inbox()}

    @cached_property
    def rules(self) -> list[dict[str, Any]]:
        """The rules with the most open warnings."""
        counted = (
            self.inbox.visible.current().values_list("rule_code", "title")
            .annotate(n=Count("pk")).order_by("-n", "rule_code")[:TOP_RULES]
        )  # fmt: skip
        return [
            {"code": code, "title": title, "number": number, "url": self._to_inbox(rule=code)}
            for code, title, number in counted
        ]

    @cached_property
    def stock(self) -> dict[str, Any]:
        """What the rules' first looks found: not in the figures above."""
        return {"number": self.inbox.states["stock"], "url": self._to_inbox(state="stock")}
