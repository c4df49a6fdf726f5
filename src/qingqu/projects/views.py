"""The project file: the whole way on one strip, what comes next, and what each department says, with its original."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.base import clock
from qingqu.domain.values import show
from qingqu.exchange.contracts import load
from qingqu.orgs import access
from qingqu.orgs.models import Division, Organisation
from qingqu.projects.strip import DATASETS, Way, project_way

NUMBERS = {"money", "percent", "quantity", "integer"}


@require_safe
def project(request: HttpRequest, project_id: str) -> HttpResponse:
    """One project within the person's reach."""
    person, today = access.visitor(request.user, "projects.see"), clock.today()
    way = project_way(project_id, today)
    found = way.project
    owner = Organisation.objects.filter(name=found["owner_name"]).first() if found else None
    place = SimpleNamespace(
        division_code=found["division_code"] if found else "", organisation_code=owner.code if owner else "",
        subject=f"project:{project_id}",
    )  # fmt: skip
    if found is None or not access.may(person, "projects.see", place):
        raise Http404
    division = Division.objects.filter(code=found["division_code"]).first()
    may_open = access.may(person, "exchange.see")
    names = dict(Organisation.objects.values_list("code", "name"))
    context = {
        "project": {**found, "division": division.name if division else found["division_code"]}, "strip": way.cells,
        "next": way.next, "today": today,
        "sections": [_section(way, name, names, may_open=may_open) for name in DATASETS],
    }  # fmt: skip
    return render(request, "projects/project.html", context)


def _section(way: Way, dataset: str, names: dict[str, str], *, may_open: bool) -> dict[str, Any]:
    contract, found = load(dataset), way.rows[dataset]
    # What nobody has told is left out here; the strip above says what is missing. Numbers of persons stay out.
    shown = [
        field for field in contract.fields
        if field.name != "project_id" and not field.personal and any(row[field.name] is not None for row in found)
    ]  # fmt: skip
    lines = []
    for row in found:
        cells = [
            {"text": _text(row[field.name], field.type), "number": field.type in NUMBERS} for field in shown
        ]
        url = reverse("exchange-row", args=[row["_import"], row["_row"]]) + f"?sheet={row['_sheet'] or ''}"
        lines.append({
            "cells": cells, "url": url if may_open else "", "file": row["_file"], "number": row["_row"],
            "department": names.get(row["_department"], row["_department"]),
        })  # fmt: skip
    columns = [{"label": field.zh, "number": field.type in NUMBERS} for field in shown]
    return {"title": _("%s as delivered") % contract.title, "columns": columns, "rows": lines}


def _text(value: object, kind: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        return show.money(value) if kind == "money" else show.number(value)
    return value.isoformat() if isinstance(value, date) else str(value)
