"""The project file: what four departments say, side by side, each row with its original."""

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
from qingqu.exchange.contracts import load
from qingqu.exchange.sources import rows
from qingqu.orgs import access
from qingqu.orgs.models import Division, Organisation
from qingqu.projects.strip import project_row, project_strip


@require_safe
def project(request: HttpRequest, project_id: str) -> HttpResponse:
    """One project within the person's reach."""
    person = access.visitor(request.user, "projects.see")
    found = project_row(project_id)
    owner = Organisation.objects.filter(name=found["owner_name"]).first() if found else None
    place = SimpleNamespace(
        division_code=found["division_code"] if found else "", organisation_code=owner.code if owner else "",
        subject=f"project:{project_id}",
    )  # fmt: skip
    if found is None or not access.may(person, "projects.see", place):
        raise Http404
    division = Division.objects.filter(code=found["division_code"]).first()
    may_open = access.may(person, "exchange.see")
    context = {
        "project": {**found, "division": division.name if division else found["division_code"]},
        "strip": project_strip(project_id, clock.today(), highlight="start"),
        "sections": [_section(name, project_id, may_open=may_open) for name in ("projects", "tenders", "payments", "progress_reports")],
    }  # fmt: skip
    return render(request, "projects/project.html", context)


def _section(dataset: str, project_id: str, *, may_open: bool) -> dict[str, Any]:
    contract = load(dataset)
    shown = [
        field for field in contract.fields if field.name not in {"project_id", "payee_account", "payee_id"}
    ]
    found = rows(dataset, project_id=project_id)
    # What nobody has told is left out here; the strip above says what is missing.
    shown = [field for field in shown if any(row[field.name] is not None for row in found)]
    lines = []
    for row in found:
        cells = [
            {"text": _text(row[field.name]), "number": isinstance(row[field.name], Decimal)}
            for field in shown
        ]
        url = reverse("exchange-row", args=[row["_import"], row["_row"]]) + f"?sheet={row['_sheet'] or ''}"
        lines.append(
            {"cells": cells, "url": url if may_open else "", "file": row["_file"], "number": row["_row"]}
        )
    columns = [{"label": field.zh, "number": field.type in {"money", "percent"}} for field in shown]
    return {"title": _("%s as delivered") % contract.title, "columns": columns, "rows": lines}


def _text(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)
