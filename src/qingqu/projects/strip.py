"""A project's strip: what each department says of each step, as of a day."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingqu.exchange.contracts import load
from qingqu.exchange.sources import rows


def project_row(project_id: str) -> dict[str, Any] | None:
    """The project as the first department in precedence tells it."""
    found = rows("projects", project_id=project_id)
    return found[0] if found else None


def _step(
    label: str, actual: date | None, due: date | None, source: str, as_of: date, *, here: bool = False
) -> dict[str, Any]:
    done = actual is not None and actual <= as_of
    if done:
        level, text = "green", str(actual)
    elif due and due < as_of:
        level, text = "red", _("due %s") % due
    else:
        level, text = "grey", _("due %s") % due if due else _("none")
    return {
        "label": label,
        "level": level,
        "text": text,
        "source": source,
        "highlight": here and level == "red",
    }


def project_strip(project_id: str, as_of: date, *, highlight: str = "") -> list[dict[str, Any]]:
    """Approval, tender, award, start, payments, completion, acceptance. Missing steps are said to be missing."""
    project = project_row(project_id)
    if project is None:
        return []
    tenders = rows("tenders", project_id=project_id)
    paid = [row for row in rows("payments", project_id=project_id) if row["paid_date"] <= as_of]
    source = {name: load(name).title for name in ("projects", "tenders", "payments")}
    published = min((row["publish_date"] for row in tenders if row["publish_date"]), default=None)
    awarded = min((row["award_date"] for row in tenders if row["award_date"]), default=None)
    start = project["planned_start"]
    cells = [
        _step(_("Approval"), project["approved_date"], None, source["projects"], as_of),
        _step(_("Tender"), published, None, source["tenders"], as_of),
        _step(_("Award"), awarded, None, source["tenders"], as_of),
        _step(
            _("Start"), project["actual_start"], start, source["projects"], as_of, here=highlight == "start"
        ),
    ]
    total = sum(row["amount"] for row in paid)
    text = _("%s yuan") % f"{total:,.2f}" if paid else _("none")
    cells.append(
        {
            "label": _("Payments"),
            "level": "green" if paid else "grey",
            "text": text,
            "source": source["payments"],
        }
    )
    cells.append(
        _step(_("Completion"), project["actual_finish"], project["planned_finish"], source["projects"], as_of)
    )
    cells.append(_step(_("Acceptance"), project["acceptance_date"], None, source["projects"], as_of))
    return cells
