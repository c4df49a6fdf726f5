"""Who may do what, for everyone to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingqu.orgs import access
from qingqu.orgs.matrix import RESOURCES, ROLE_NAMES, matrix


@require_safe
def access_table(request: HttpRequest) -> HttpResponse:
    """The matrix and the rows that follow from it."""
    cells = [
        {"role": role, "name": ROLE_NAMES[role], "cells": [row[resource] for resource in RESOURCES]}
        for role, row in matrix().items()
    ]
    rows = [{"row": row, "name": ROLE_NAMES.get(row.role, "所有人")} for row in access.TABLE]
    return render(request, "orgs/access.html", {"resources": RESOURCES, "cells": cells, "rows": rows})
