"""Data in: what is due, upload, the result of the check, commit, and the original row behind any value."""

import csv
from collections.abc import Callable, Mapping
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.exchange import actions, blank_forms, marked, showing, standing_lines
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.deliveries import deliveries
from qingqu.exchange.forms import Sought, Upload
from qingqu.exchange.freshness import Standing, standings
from qingqu.exchange.models import Import
from qingqu.exchange.sources import stored_row
from qingqu.exchange.work import Wish
from qingqu.files.actions import safe_name
from qingqu.orgs import access
from qingqu.orgs.models import Person
from qingqu.reading.limits import letter

RECENT = 60  # files that a state in the list of duties may come from
SHOWN_RECENT = 10
PAGE = 30


def _import(person: Person, ref: str) -> Import:
    seen = Import.objects.visible_to(person).select_related("by", "file", "organisation__division")
    return get_object_or_404(seen, ref=ref)


@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """What the reader owes, due when, last sent, state, one button; and what came in lately."""
    person, today = access.visitor(request.user, "exchange.see"), clock.today()
    contracts = [load(name) for name in names()]
    mine = actions.senders(person, contracts)
    own = [one for one in contracts if one.dataset in mine]
    reach = access.reach(person, "exchange.see")
    held = standings(own or contracts, today, reach=reach, own=mine, measured=False)
    recent = list(
        Import.objects.visible_to(person).select_related("by", "organisation").order_by("-pk")[:RECENT]
    )
    context = {
        "duties": standing_lines.duties([one for one in held if _is_mine(one, mine)], recent, today) if own else [],
        "late": standing_lines.lines([one for one in held if one.late], today), "sends": bool(own),
        "asked": sum(one.duty is not None for one in held),
        "recent": showing.recent(recent[:SHOWN_RECENT], {one.dataset: one.title for one in contracts}),
    }  # fmt: skip
    return render(request, "exchange/centre.html", context)


def _is_mine(one: Standing, mine: Mapping[str, tuple[str, str]]) -> bool:
    department, organisation = mine[one.contract.dataset]
    same = one.sender.organisation or one.sender.department
    return one.sender.department == department and same == (organisation or department)


@require_safe
def freshness(request: HttpRequest) -> HttpResponse:
    """Who owes what since when; how old and how full what came is."""
    person, today = access.visitor(request.user, "exchange.see"), clock.today()
    contracts = [load(name) for name in names()]
    mine = actions.senders(person, contracts)
    reach = access.reach(person, "exchange.see")
    held = standings(contracts, today, reach=reach, own={} if reach.everything else mine)
    chosen = request.GET.get("show", "")
    lines = standing_lines.lines(held, today)
    context = {
        "filters": standing_lines.filters(lines, chosen), "chosen": chosen, "today": today,
        "lines": [line for line in lines if not chosen or chosen in line["tags"]], "all": len(lines),
    }  # fmt: skip
    return render(request, "exchange/freshness.html", context)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every file that came in, newest first."""
    person = access.visitor(request.user, "exchange.see")
    titles = {name: load(name).title for name in names()}
    form = Sought(request.GET, titles=titles)
    rows = Import.objects.visible_to(person).select_related("by", "organisation").order_by("-pk")
    if form.is_valid():
        rows = form.narrow(rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page_of": page, "recent": showing.recent(page.object_list, titles), "form": form}
    return render(request, "exchange/history.html", context)


def _sending(request: HttpRequest, dataset: str) -> tuple[Person, Contract, tuple[str, str]]:
    """Who sends the dataset, and for which (department, organisation); refuses whoever may not."""
    person = access.visitor(request.user, "exchange.see")
    if dataset not in names():
        raise Http404
    contract = load(dataset)
    sender = actions.sender(person, contract)
    if sender is None:
        raise PermissionDenied
    return person, contract, sender


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, dataset: str) -> HttpResponse:
    """Takes a file in; the worker checks it."""
    person, contract, (department, organisation) = _sending(request, dataset)
    today = clock.today()
    sent = deliveries(today)
    owed = sent.owed(contract, sent.of(dataset, department, organisation), today)
    # A month's file is nearly always for the month that is due; a roster tells of today.
    month = owed.period if owed and not contract.roster and owed.period < f"{today:%Y-%m}" else ""
    form = Upload(request.POST or None, request.FILES or None, today=today, initial={"period": month})
    if request.method == "POST" and form.is_valid():
        told, now = form.cleaned_data, clock.now()
        wish = Wish(
            dataset, department, safe_name(str(told["file"].name)), told["period"], organisation=organisation
        )
        try:
            row = actions.receive_file(chunks=told["file"].chunks(), wish=wish, by=person, now=now)
        except Refusal as error:
            form.add_error(None, error.sentence)
        else:
            return redirect("exchange-import", row.ref)
    context = {
        "contract": contract, "form": form, "owed": owed, "required": [one for one in contract.fields if one.required],
        "optional": [one for one in contract.fields if not one.required],
    }  # fmt: skip
    return render(request, "exchange/upload.html", context, status=422 if form.errors else 200)


@require_safe
def result(request: HttpRequest, ref: str) -> HttpResponse:
    """What the check said, at a permanent address."""
    person = access.visitor(request.user, "exchange.see")
    row = _import(person, ref)
    contract, now = load(row.dataset), clock.now()
    chosen = request.GET.get("tab", "") or showing.first_tab(row)
    masked = access.reach(person, "exchange.see").masked
    same = Import.objects.visible_to(person).filter(
        file=row.file, dataset=row.dataset, state=Import.COMMITTED
    )
    context = {
        "row": row, "contract": contract, "state": showing.state_word(row.state), "counts": row.counts,
        "totals": showing.totals(row, contract, request.GET), "compared": any(key.startswith("own_") for key in request.GET),
        "tabs": showing.tabs(row, chosen), "tab": chosen, "errors": row.errors[: showing.SHOWN_ERRORS],
        "more_errors": max(row.count("problems") - showing.SHOWN_ERRORS, 0),
        "lines": showing.lines(row, contract, chosen, masked=masked), "shown": showing.SHOWN_ROWS,
        "may_act": access.may(person, "exchange.import_file", row), "waiting": row.state == Import.RECEIVED,
        "progress": showing.progress(row), "snapshot": row.written.first(),
        "same": same.exclude(pk=row.pk).filter(pk__lt=row.pk).order_by("-pk").first(),
        "asks_whole": row.open and not row.full and row.count("would_close") and actions.may_be_whole(row, contract),
        "withdraw_until": showing.withdraw_until(row, now),
    }  # fmt: skip
    return render(request, "exchange/import.html", context)


@require_safe
def errors(request: HttpRequest, ref: str) -> HttpResponse:
    """The wrong cells as a csv for the clerk's own desk."""
    row = _import(access.visitor(request.user, "exchange.see"), ref)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.ref}-errors.csv"'
    answer.write("\ufeff")
    csv.writer(answer).writerows(showing.csv_lines(row.errors))
    return answer


@require_safe
def marked_file(request: HttpRequest, ref: str) -> FileResponse:
    """The sender's own workbook with the wrong cells marked. It holds every cell as it was sent, so it is for whoever
    may send for that department, and for nobody else."""
    person = access.visitor(request.user, "exchange.see")
    row = _import(person, ref)
    access.require(person, "exchange.import_file", row)
    path = marked.place(row.ref)
    if row.marked != Import.MARK_READY or not path.is_file():
        raise Http404
    name = safe_name(f"{row.file_name.rpartition('.')[0] or row.file_name}（标注）.xlsx")
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_safe
def template(request: HttpRequest, dataset: str) -> HttpResponse:
    """The dataset's empty form with the rows that are due."""
    person, contract, (department, organisation) = _sending(request, dataset)
    masked, today = access.reach(person, "exchange.see").masked, clock.today()
    sent = deliveries(today)
    owed = sent.owed(contract, sent.of(dataset, department, organisation), today)
    form = blank_forms.of(
        contract, department, organisation, period=owed.period if owed else f"{today:%Y-%m}",
        due=owed.due if owed else None, today=today, masked=masked,
    )  # fmt: skip
    answer = HttpResponse(form.content, content_type=blank_forms.CONTENT_TYPE)
    name = quote(form.name)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@require_POST
def commit(request: HttpRequest, ref: str) -> HttpResponse:
    """Commits a checked upload: all rows, or with `accept_good` the good ones."""
    good, full = bool(request.POST.get("accept_good")), request.POST.get("full") == "1"

    def act(row: Import, by: Person) -> Import:
        return actions.commit_import(row=row, by=by, now=clock.now(), accept_good=good, full=full)

    return _decide(request, ref, act, _("Committed. This page is your receipt."))


@require_POST
def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Puts an upload aside."""
    return _decide(
        request, ref, lambda row, by: actions.discard_import(row=row, by=by, now=clock.now()), _("Discarded.")
    )


@require_POST
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Takes a committed import back as one unit."""
    return _decide(
        request,
        ref,
        lambda row, by: actions.withdraw_import(row=row, by=by, now=clock.now()),
        _("Withdrawn."),
    )


def _decide(
    request: HttpRequest, ref: str, act: Callable[[Import, Person], object], done: str
) -> HttpResponse:
    person = access.visitor(request.user, "exchange.see")
    row = _import(person, ref)
    try:
        act(row, person)
        messages.success(request, done)
    except Refusal as error:
        messages.error(request, error.sentence)
    return redirect("exchange-import", ref)


@require_safe
def source_row(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The row of the department's own file that a value comes from, as it stood. Who may see the whole import sees its
    neighbours too; who may see only the place that the row is about sees the row alone."""
    person, sheet = access.visitor(request.user, "exchange.see"), request.GET.get("sheet", "")
    reach = access.reach(person, "exchange.see")
    whole = Import.objects.visible_to(person).filter(ref=ref).exists()
    row = get_object_or_404(Import.objects.select_related("file", "organisation", "by"), ref=ref)
    snapshot = row.written.filter(kind="import").first()
    stored = stored_row(snapshot, sheet, number) if snapshot else None
    here = (
        next((str(stored[one.name]) for one in load(row.dataset).fields if one.type == "division_code"), "")
        if stored
        else ""
    )
    if snapshot is None or not (whole or (here and reach.covers(here, None))):
        raise Http404
    if stored and access.recused(person, f"project:{stored.get('project_id')}"):
        raise Http404
    hidden = reach.masked and any(one.personal for one in load(row.dataset).fields)
    lines, width = showing.source_lines(row, snapshot, sheet, number, alone=not whole or hidden)
    if not lines:
        raise Http404
    own = next(line for line in lines if line["here"])
    contract = load(row.dataset)
    context = {
        "row": row, "contract": contract, "sheet": sheet, "number": number, "snapshot": snapshot,
        "lines": [] if hidden else lines, "letters": [letter(index) for index in range(width)],
        "pairs": showing.pairs(row, contract, sheet, own["cells"], stored, masked=reach.masked),
        "department": row.organisation or row.department, "whole": whole,
    }  # fmt: skip
    return render(request, "exchange/row.html", context)
