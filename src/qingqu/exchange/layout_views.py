"""Columns matched to fields once, and the layouts that are remembered."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.exchange import actions
from qingqu.exchange.contracts import Contract, load, names
from qingqu.exchange.layout_forms import Columns
from qingqu.exchange.models import Import, RememberedLayout
from qingqu.exchange.suggesting import Question
from qingqu.orgs import access
from qingqu.orgs.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, ref: str) -> HttpResponse:
    """Which column of an upload is which field: its names and samples, a choice beside each."""
    person = access.visitor(request.user, "exchange.see")
    row = get_object_or_404(
        Import.objects.visible_to(person).select_related("organisation__division"), ref=ref
    )
    access.require(person, "exchange.remember_layout", row)
    if not row.mappable or row.question is None:
        raise Http404
    contract, question = load(row.dataset), Question.read(row.question)
    form = Columns(request.POST or None, contract=contract, question=question)
    if request.method == "POST" and form.is_valid():
        try:
            actions.remember_layout(row=row, columns=form.said, by=person, now=clock.now())
        except Refusal as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("Remembered. The file is being checked again."))
            return redirect("exchange-import", ref)
    context = {
        "row": row, "contract": contract, "question": question, "form": form, "lines": form.lines(),
        "missing": [contract.by_name[name].zh for name in question.missing],
    }  # fmt: skip
    return render(request, "exchange/columns.html", context, status=422 if form.errors else 200)


@require_safe
def layouts(request: HttpRequest) -> HttpResponse:
    """The layouts that are remembered, by dataset and sender."""
    person = access.visitor(request.user, "exchange.see")
    seen = RememberedLayout.objects.visible_to(person).filter(forgotten_at=None)
    contracts = {name: load(name) for name in names()}
    reach = access.reach(person, "exchange.forget_layout")
    shown = [
        _shown(one, contracts[one.dataset], mine=reach.covers(one.division_code, one.sender))
        for one in seen.select_related("by", "organisation__division").order_by("dataset", "-pk")
        if one.dataset in contracts
    ]
    return render(request, "exchange/layouts.html", {"layouts": shown})


def _shown(one: RememberedLayout, contract: Contract, *, mine: bool) -> dict[str, Any]:
    pairs = [
        {"header": key.partition("#")[0], "field": contract.by_name[field].zh}
        for key, field in one.columns.items() if field in contract.by_name
    ]  # fmt: skip
    unused = [key.partition("#")[0] for key, field in one.columns.items() if not field]
    return {"layout": one, "contract": contract, "pairs": pairs, "unused": unused, "mine": mine}


@require_POST
def forget(request: HttpRequest, ref: str) -> HttpResponse:
    """The sender's next file of this layout is asked about again."""
    person = access.visitor(request.user, "exchange.see")
    layout = _layout(person, ref)
    try:
        actions.forget_layout(layout=layout, by=person, now=clock.now())
        messages.success(request, _("Forgotten. The next file of this kind is asked about again."))
    except Refusal as error:
        messages.error(request, error.sentence)
    return redirect("exchange-layouts")


def _layout(person: Person, ref: str) -> RememberedLayout:
    seen = RememberedLayout.objects.visible_to(person).select_related("organisation__division")
    return get_object_or_404(seen, ref=ref)
