"""The warning: one sentence with both values, then where each comes from, then what happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingqu.base import packs
from qingqu.domain.rules import load
from qingqu.domain.rules.rule import judged_by
from qingqu.exchange.contracts import load as contract
from qingqu.ledger.models import Entry
from qingqu.orgs import access
from qingqu.orgs.models import Organisation, Person
from qingqu.projects.strip import project_strip
from qingqu.watch.models import Warning


@require_safe
def warning(request: HttpRequest, ref: str) -> HttpResponse:
    """One warning within the person's reach."""
    person = access.visitor(request.user, "watch.see")
    item = get_object_or_404(Warning.objects.visible_to(person).select_related("run"), ref=ref)
    words = {
        "raised": _("raised"),
        "risen": _("level rose"),
        "fallen": _("level fell"),
        "closed": _("closed"),
        "assigned": _("assigned"),
    }
    events = [
        {"at": event.at, "word": words[event.kind], "text": event.text}
        for event in item.events.order_by("-pk")
    ]
    entry = Entry.objects.about(f"run:{item.run.ref}").first()
    rule = load(packs.read(f"rules/county/{item.rule_code}.yml"))
    context = {
        "warning": item, "events": events, "basis": rule.basis,
        "evidence": _evidence(item, judged_by(rule), person),
        "strip": project_strip(item.subject_key, item.as_of, highlight="start") if item.subject_kind == "project" else [],
        "proof": f"{entry.log}/{entry.index}" if entry else "",
    }  # fmt: skip
    return render(request, "watch/warning.html", context)


def _evidence(item: Warning, wanted: frozenset[str], person: Person) -> list[dict[str, Any]]:
    names = dict(Organisation.objects.values_list("code", "name"))
    may_open = access.may(person, "exchange.see")
    lines = []
    for row in item.evidence:
        spoken = contract(row["dataset"])
        url = reverse("exchange-row", args=[row["import"], row["file_row"]]) + f"?sheet={row['sheet']}"
        for field in spoken.fields:
            if field.name in wanted:
                lines.append({
                    "label": field.zh, "value": row["row"].get(field.name),
                    "source": f"{names.get(row['department'], row['department'])} · {spoken.title}",
                    "file": f"{row['file']} {row['sheet']}", "row": row["file_row"], "received": row["known_at"][:10],
                    "url": url if may_open else "",
                })  # fmt: skip
    return lines
