"""The inbox: what is red today, in one's own area."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.base import menu
from qingqu.orgs import access
from qingqu.orgs.models import Division, Person
from qingqu.watch.models import Run, Warning, WarningQuerySet

ORDER = {"red": 0, "orange": 1, "yellow": 2, "blue": 3}
PAGE = 50


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Sends everyone to the first page that is theirs."""
    assert isinstance(request.user, Person)  # noqa: S101
    entries = menu.entries(request.user)
    return redirect(entries[0].url_name if entries else "access-table")


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Open warnings by light and town, the gravest first."""
    person = request.user
    assert isinstance(person, Person)  # noqa: S101
    if not access.may(person, "watch.see"):
        raise PermissionDenied
    every = Warning.objects.visible_to(person).open()
    level, town = request.GET.get("level", ""), request.GET.get("town", "")
    chosen = every.filter(level=level) if level in ORDER else every
    chosen = chosen.filter(division_code__startswith=town) if town.isdigit() else chosen
    rank = Case(*(When(level=name, then=Value(n)) for name, n in ORDER.items()), output_field=IntegerField())
    page = Paginator(chosen.order_by(rank, "raised_at", "pk"), PAGE).get_page(request.GET.get("page"))
    places = dict(
        Division.objects.filter(code__in={row.division_code for row in page}).values_list("code", "name")
    )
    for row in page:
        row.place = places.get(row.division_code, row.division_code)  # type: ignore[attr-defined]
    query = {name: value for name, value in (("level", level), ("town", town)) if value}
    context = {
        "warnings": page, "query": urlencode(query), "last_run": Run.objects.order_by("-pk").first(),
        "filters": _filters(every, level, town),
    }  # fmt: skip
    return render(request, "desk/inbox.html", context)


def _filters(every: WarningQuerySet, level: str, town: str) -> list[dict[str, object]]:
    counts = dict(every.values_list("level").annotate(n=Count("pk")))
    words = {
        "red": _("Red warning"),
        "orange": _("Orange warning"),
        "yellow": _("Yellow warning"),
        "blue": _("Notice"),
    }
    lights = [
        {"label": _("All"), "count": sum(counts.values()), "url": "?", "active": not level and not town}
    ]
    lights += [
        {"label": f"{shape} {words[name]}", "count": counts.get(name, 0), "url": f"?level={name}", "active": level == name}
        for name, shape in (("red", "▲"), ("orange", "◆"), ("yellow", "■"), ("blue", "ⓘ"))
    ]  # fmt: skip
    by_town: dict[str, int] = {}
    for code in every.values_list("division_code", flat=True):
        by_town[code[:9]] = by_town.get(code[:9], 0) + 1
    names = dict(
        Division.objects.filter(code__in=[code.ljust(12, "0") for code in by_town]).values_list(
            "code", "name"
        )
    )
    towns = [
        {
            "label": names.get(code.ljust(12, "0"), code),
            "count": n,
            "url": f"?town={code}",
            "active": town == code,
        }
        for code, n in sorted(by_town.items())
        if code
    ]
    return [{"title": _("By light"), "items": lights}, {"title": _("By place"), "items": towns}]
