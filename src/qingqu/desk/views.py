"""The inbox: what is red today, in one's own area."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.base import menu
from qingqu.orgs import access
from qingqu.orgs.models import Division
from qingqu.watch.models import Run, Warning

ORDER = {"red": 0, "orange": 1, "yellow": 2, "blue": 3}
PAGE = 50
Counts = list[tuple[str, str, int]]  # level, division code, how many


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Sends everyone to the first page that is theirs."""
    entries = menu.entries(access.visitor(request.user, "access.see"))
    return redirect(entries[0].url_name if entries else "access-table")


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Open warnings by light and town, the gravest first."""
    person = access.visitor(request.user, "watch.see")
    every = Warning.objects.visible_to(person).open()
    level, town = request.GET.get("level", ""), request.GET.get("town", "")
    chosen = every.filter(level=level) if level in ORDER else every
    chosen = chosen.filter(division_code__startswith=town) if town.isdigit() else chosen
    rank = Case(*(When(level=name, then=Value(n)) for name, n in ORDER.items()), output_field=IntegerField())
    page = Paginator(chosen.order_by(rank, "raised_at", "pk"), PAGE).get_page(request.GET.get("page"))
    counts = list(every.values_list("level", "division_code").annotate(n=Count("pk")))
    codes = {row.division_code for row in page} | {code[:9].ljust(12, "0") for _level, code, _n in counts}
    places = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    for row in page:
        row.place = places.get(row.division_code, row.division_code)  # type: ignore[attr-defined]
    query = {name: value for name, value in (("level", level), ("town", town)) if value}
    context = {
        "warnings": page, "query": urlencode(query), "last_run": Run.objects.order_by("-pk").first(),
        "filters": [_lights(counts, level, town), _towns(counts, places, town)],
    }  # fmt: skip
    return render(request, "desk/inbox.html", context)


def _lights(counts: Counts, level: str, town: str) -> dict[str, object]:
    words = {
        "red": _("Red warning"), "orange": _("Orange warning"), "yellow": _("Yellow warning"), "blue": _("Notice"),
    }  # fmt: skip
    by_level = dict.fromkeys(words, 0)
    for name, _code, number in counts:
        by_level[name] += number
    every = sum(by_level.values())
    items: list[dict[str, object]] = [
        {"label": _("All"), "count": every, "url": "?", "active": not level and not town}
    ]
    items += [
        {
            "level": name,
            "label": word,
            "count": by_level[name],
            "url": f"?level={name}",
            "active": level == name,
        }
        for name, word in words.items()
    ]
    return {"title": _("By light"), "items": items}


def _towns(counts: Counts, places: dict[str, str], town: str) -> dict[str, object]:
    by_town: dict[str, int] = {}
    for _level, code, number in counts:
        by_town[code[:9]] = by_town.get(code[:9], 0) + number
    items = [
        {
            "label": places.get(code.ljust(12, "0"), code),
            "count": number,
            "url": f"?town={code}",
            "active": town == code,
        }
        for code, number in sorted(by_town.items())
        if code
    ]
    return {"title": _("By place"), "items": items}
