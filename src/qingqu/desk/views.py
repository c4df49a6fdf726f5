"""The desk's own pages: the inbox, what happened since yesterday, the county at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.base import clock, menu
from qingqu.desk.dashboard import Dashboard
from qingqu.desk.inbox import Inbox, Wish, place_names
from qingqu.desk.since import Since, since_day
from qingqu.orgs import access
from qingqu.watch import showing
from qingqu.watch.models import Run
from qingqu.watch.sections import OTHER, days_left, sections


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Sends everyone to the first page that is theirs."""
    entries = menu.entries(access.visitor(request.user, "access.see"))
    return redirect(entries[0].url_name if entries else "access-table")


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Warnings in fields, the gravest first; with a filter, the whole list of it."""
    person, today = access.visitor(request.user, "watch.see"), clock.today()
    wish = Wish.read(request.GET.dict())
    found = Inbox(person, wish, today)
    page = None if wish.plain else found.page(request.GET.get("page"))
    lists = found.short() if page is None else {"": list(page)}
    rows = [row for items in lists.values() for row in items]
    places = place_names({row.division_code for row in rows} | found.towns)
    for row in showing.told(rows, places):
        row.days_left = days_left(row.due_date, today)  # type: ignore[attr-defined]
        row.last_word = showing.event_word(row.last_kind) if row.last_kind else ""  # type: ignore[attr-defined]
    titles = {one.name: one.title for one in sections()} | {OTHER: _("Other"), "": ""}
    groups = [
        {"name": name, "title": titles[name], "rows": lists[name], "number": found.count(section=name) if name else 0,
         "url": wish.address(section=name)}
        for name in titles
        if lists.get(name)
    ]  # fmt: skip
    context = {
        "groups": groups, "page_of": page, "wish": wish, "filters": found.filters(places), "today": today,
        "states": found.states, "last_run": Run.objects.order_by("-pk").first(), "titles": titles,
    }  # fmt: skip
    return render(request, "desk/inbox.html", context)


@require_safe
def since_yesterday(request: HttpRequest) -> HttpResponse:
    """What is new, risen, fallen, closed, and what did not arrive: five minutes' reading, one sheet of paper."""
    person, today = access.visitor(request.user, "watch.see"), clock.today()
    day = since_day(request.GET.get("from", ""), today)
    return render(
        request, "desk/since.html", {"since": Since(person, day, today), "from": day, "today": today}
    )


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The county at a glance; every number opens the rows that it counts."""
    person, today = access.visitor(request.user, "watch.see"), clock.today()
    return render(request, "desk/dashboard.html", {"board": Dashboard(person, today), "today": today})
