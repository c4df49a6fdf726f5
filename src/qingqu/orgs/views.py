"""Who may do what (for everyone to read), who holds which post, and one's own recusals."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.orgs import access, words
from qingqu.orgs.actions import declare_recusal
from qingqu.orgs.forms import GROUND_NAMES, KINDS, RecusalForm
from qingqu.orgs.matrix import RESOURCES, cells
from qingqu.orgs.models import Post, Recusal
from qingqu.orgs.rights import BUILT, TABLE

POSTS_A_PAGE = 100


@require_safe
def access_table(request: HttpRequest) -> HttpResponse:
    """The matrix as printed, and the rows that follow from it; `?role=` shows one role's rows."""
    person = access.visitor(request.user, "access.see")
    roles = [role for role in words.ROLES if any(row.role == role for row in TABLE)]
    mine = [post.role for post in access.posts(person)]
    chosen = request.GET.get("role", "")
    chosen = chosen if chosen in roles else (mine or roles)[0]
    context = {
        "resources": [words.RESOURCE_NAMES[resource] for resource in RESOURCES],
        "matrix": [
            {"role": role, "name": words.ROLES[role], "cells": list(row.values()), "mine": role in mine}
            for role, row in cells().items()
        ],
        "rows": [_row(row) for row in TABLE if row.role == chosen],
        "roles": [{"role": role, "name": words.ROLES[role]} for role in roles],
        "chosen": {"role": chosen, "name": words.ROLES[chosen]},
        "letters": list(words.LETTER_NAMES.items()),
    }
    return render(request, "orgs/access.html", context)


def _row(row: access.Row) -> dict[str, Any]:
    resource, colon, cell = row.cell.partition(": ")
    known = colon and resource in words.RESOURCE_NAMES
    return {
        "verb": row.verb,
        "scope": words.SCOPE_NAMES[row.scope],
        "mask": row.mask,
        "built": row.verb in BUILT,
        "cell": f"{words.RESOURCE_NAMES[resource]}: {cell}" if known else words.reason(row.cell),
    }


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The posts in force, by organisation; `?q=` looks in names, titles and organisations."""
    person = access.visitor(request.user, "orgs.see")
    wanted = request.GET.get("q", "").strip()[:60]
    held = Post.objects.visible_to(person).in_force(clock.today()).filter(person__is_active=True)
    if wanted:
        held = held.filter(
            Q(person__name__icontains=wanted)
            | Q(person__username__icontains=wanted)
            | Q(title__icontains=wanted)
            | Q(organisation__name__icontains=wanted)
        )
    held = held.select_related("person", "organisation", "division")
    page = Paginator(
        held.order_by("organisation__name", "organisation_id", "person__name", "pk"), POSTS_A_PAGE
    )
    shown = page.get_page(request.GET.get("page"))
    groups = [
        {"organisation": organisation, "posts": [{"post": post, "role": words.ROLES.get(post.role, post.role)} for post in some]}
        for organisation, some in groupby(shown, key=lambda post: post.organisation)
    ]  # fmt: skip
    return render(request, "orgs/people.html", {"groups": groups, "shown": shown, "wanted": wanted})


@require_http_methods(["GET", "HEAD", "POST"])
def recusals(request: HttpRequest) -> HttpResponse:
    """One's own recusals, and the form to declare one."""
    person = access.visitor(request.user, "orgs.declare_recusal")
    form = RecusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            declare_recusal(
                subject=form.subject(),
                ground=values["ground"],
                note=values["note"],
                by=person,
                now=clock.now(),
            )
        except Refusal as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("Recorded. From now on this does not exist for you."))
            return redirect("orgs-recusals")
    own = [_recusal(recusal) for recusal in Recusal.objects.visible_to(person).order_by("-raised_at", "-pk")]
    return render(
        request, "orgs/recusals.html", {"form": form, "recusals": own}, status=422 if form.errors else 200
    )


def _recusal(recusal: Recusal) -> dict[str, Any]:
    """The number is shown without a link: the page behind it does not exist for this person."""
    kind, _colon, ref = recusal.subject.partition(":")
    ground = GROUND_NAMES.get(recusal.ground, recusal.ground)
    return {"recusal": recusal, "kind": KINDS.get(kind, kind), "ref": ref, "ground": ground}
