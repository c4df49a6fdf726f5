"""Data in: what is due, upload, the result of the check, commit, and the original row behind any value."""

from pathlib import PurePosixPath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.exchange import actions, lake
from qingqu.exchange.checking import letter
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.forms import Upload
from qingqu.exchange.models import Import, Snapshot
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person) or not access.may(request.user, "exchange.see"):
        raise PermissionDenied
    return request.user


def _state(row: Import) -> str:
    return {
        "received": _("being checked"), "checked": _("checked, not yet committed"), "committed": _("committed"),
        "discarded": _("discarded"), "failed": _("could not be read"),
    }[row.state]  # fmt: skip


def _department(person: Person, contract: Contract) -> str | None:
    """For which department this person may deliver the dataset: an owner in the contract; owners of projects deliver
    as `project_owner`."""
    found = access.reach(person, "exchange.import_file")
    held = set(found.organisations)
    if any(post.role == "project_owner" for post in access.posts(person)):
        held.add("project_owner")
    return next((owner for owner in contract.owners if found.everything or owner in held), None)


@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """Datasets and recent files."""
    person = _person(request)
    titles = {name: load(name) for name in names()}
    newest = {snapshot.dataset: snapshot for snapshot in Snapshot.objects.order_by("sequence")}
    departments = dict(Organisation.objects.values_list("code", "name"))
    datasets = [
        {"contract": contract, "owner": departments.get(contract.owners[0], contract.owners[0]),
         "newest": newest.get(name), "mine": _department(person, contract)}
        for name, contract in titles.items()
    ]  # fmt: skip
    recent = [
        {"row": row, "title": titles[row.dataset].title, "state": _state(row)}
        for row in Import.objects.visible_to(person).order_by("-pk")[:20]
    ]
    return render(request, "exchange/centre.html", {"datasets": datasets, "recent": recent})


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, dataset: str) -> HttpResponse:
    """Takes a file in; the worker checks it."""
    person = _person(request)
    if dataset not in names():
        raise Http404
    contract = load(dataset)
    department = _department(person, contract)
    if department is None:
        raise PermissionDenied
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name = PurePosixPath(str(file.name).replace("\\", "/")).name[:200]
        now = clock.now()
        wish = actions.Wish(dataset, department, name, form.cleaned_data["period"], now)
        try:
            row = actions.receive_file(chunks=file.chunks(), wish=wish, by=person, now=now)
        except Refusal as error:
            form.add_error(None, error.sentence)
        else:
            return redirect("exchange-import", row.ref)
    status = 422 if form.errors else 200
    return render(request, "exchange/upload.html", {"contract": contract, "form": form}, status=status)


@require_safe
def result(request: HttpRequest, ref: str) -> HttpResponse:
    """What the check said, at a permanent address."""
    person = _person(request)
    row = get_object_or_404(Import.objects.visible_to(person).select_related("by", "file"), ref=ref)
    contract = load(row.dataset)
    titles = {field.name: field.zh for field in contract.fields}
    totals = [{"label": titles[name], "value": value} for name, value in row.result.get("totals", {}).items()]
    context = {
        "row": row, "result": row.result, "contract": contract, "totals": totals, "state": _state(row),
        "errors": row.result.get("errors", [])[:200], "may_act": access.may(person, "exchange.import_file", row),
    }  # fmt: skip
    return render(request, "exchange/import.html", context)


@require_POST
def commit(request: HttpRequest, ref: str) -> HttpResponse:
    """Commits a checked upload."""
    person = _person(request)
    row = get_object_or_404(Import.objects.visible_to(person), ref=ref)
    try:
        done = actions.commit_import(
            row=row, by=person, now=clock.now(), accept_good=bool(request.POST.get("accept_good"))
        )
        messages.success(request, _("Committed: %s rows.") % done.result["accepted"])
    except Refusal as error:
        messages.error(request, error.sentence)
    return redirect("exchange-import", ref)


@require_POST
def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Puts an upload aside."""
    person = _person(request)
    row = get_object_or_404(Import.objects.visible_to(person), ref=ref)
    try:
        actions.discard_import(row=row, by=person, now=clock.now())
    except Refusal as error:
        messages.error(request, error.sentence)
    return redirect("exchange-import", ref)


@require_safe
def source_row(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The row of the department's own file that a value comes from, as it stood."""
    person = _person(request)
    row = get_object_or_404(Import.objects.visible_to(person).select_related("file", "snapshot"), ref=ref)
    snapshot = getattr(row, "snapshot", None)
    sheet = request.GET.get("sheet", "")
    found = lake.file_rows(lake.folder_of(row.dataset, snapshot.ref), sheet, number) if snapshot else {}
    if number not in found:
        raise Http404
    width = max(len(cells) for cells in found.values())
    lines = [
        {"number": n, "cells": [*cells, *[""] * (width - len(cells))], "here": n == number}
        for n, cells in found.items()
    ]
    organisation = Organisation.objects.filter(code=row.department).first()
    context = {
        "row": row, "sheet": sheet, "number": number, "lines": lines, "letters": [letter(n) for n in range(width)],
        "department": organisation or row.department,
    }  # fmt: skip
    return render(request, "exchange/row.html", context)
