"""A project's strip: what each department says of each step, as of a day, each cell with who said it and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingqu.domain.values import show
from qingqu.exchange.contracts import load
from qingqu.exchange.sources import rows
from qingqu.orgs.models import Organisation
from qingqu.projects.process import Next, next_step, process

DATASETS = ("projects", "tenders", "contracts", "payments", "progress_reports", "settlements")
WORKS = "施工"
# Which step a rule is about, by the fields that it judges by; the first that fits.
FIELDS = (
    ("start", {"planned_start", "actual_start"}), ("completion", {"planned_finish", "actual_finish"}),
    ("progress", {"physical_percent", "planned_percent"}), ("settlement", {"billed_qty", "measured_qty"}),
    ("contract", {"signed_date"}), ("award", {"award_date"}), ("tender", {"publish_date"}),
    ("acceptance", {"acceptance_date"}), ("payments", {"paid_date"}), ("approval", {"approved_amount"}),
)  # fmt: skip


TOLD_BY = (
    ("settlements", "settlement"),
    ("payments", "payments"),
    ("progress_reports", "progress"),
    ("bids", "tender"),
)


@dataclass(frozen=True)
class Way:
    """A project's way: cells of the strip, the first department's row, every row by dataset, and what comes next."""

    cells: list[dict[str, Any]]
    project: dict[str, Any] | None
    rows: dict[str, list[dict[str, Any]]]
    next: Next | None


def step_of(judged: Collection[str], datasets: Collection[str] = ()) -> str:
    """The step that a rule is about: by the datasets of its evidence, else by the fields; nothing where none fits."""
    by_data = (step for dataset, step in TOLD_BY if dataset in datasets)
    return next(by_data, "") or next((step for step, fields in FIELDS if fields & set(judged)), "")


def project_row(project_id: str) -> dict[str, Any] | None:
    """The project as the first department in precedence tells it."""
    found = rows("projects", project_id=project_id)
    return found[0] if found else None


def project_strip(project_id: str, as_of: date, *, highlight: str = "") -> list[dict[str, Any]]:
    """The cells alone; none where nobody has told of the project."""
    return project_way(project_id, as_of, highlight=highlight).cells


def project_way(project_id: str, as_of: date, *, highlight: str = "") -> Way:
    """Approval, tender, award, contract, start, progress, payments, completion, acceptance, settlement. What nobody has
    told is said to be missing; what is dated later has not happened yet."""
    told = {name: rows(name, project_id=project_id) for name in DATASETS}
    project = next(iter(told["projects"]), None)
    if project is None:
        return Way([], None, told, None)
    return _Strip(project, told, as_of, highlight).way()


class _Strip:
    def __init__(
        self, project: dict[str, Any], told: dict[str, list[dict[str, Any]]], as_of: date, highlight: str
    ) -> None:
        self.project, self.told, self.as_of, self.highlight = project, told, as_of, highlight
        self.names = dict(Organisation.objects.values_list("code", "short_name"))
        self.full = dict(Organisation.objects.values_list("code", "name"))

    def way(self) -> Way:
        """Cells, and what comes next."""
        works = [row for row in self.told["contracts"] if row["kind"] == WORKS]
        first = {
            "approval": self._first("projects", "approved_date"), "tender": self._first("tenders", "publish_date"),
            "award": self._first("tenders", "award_date"), "start": self._first("projects", "actual_start"),
            "contract": self._earliest(works or self.told["contracts"], "signed_date"),
            "completion": self._first("projects", "actual_finish"), "acceptance": self._first("projects", "acceptance_date"),
            "settlement": self._first("settlements", "settled_date"),
        }  # fmt: skip
        planned = {"start": self.project["planned_start"], "completion": self.project["planned_finish"]}
        cells = [
            self._dated("approval", _("Approval"), first["approval"], "projects"),
            self._dated("tender", _("Tender"), first["tender"], "tenders"),
            self._dated("award", _("Award"), first["award"], "tenders"),
            self._dated("contract", _("Contract"), first["contract"], "contracts"),
            self._dated("start", _("Start"), first["start"], "projects", planned["start"]),
            self._progress(), self._payments(),
            self._dated("completion", _("Completion"), first["completion"], "projects", planned["completion"]),
            self._dated("acceptance", _("Acceptance"), first["acceptance"], "projects"),
            self._dated("settlement", _("Settlement"), first["settlement"], "settlements"),
        ]  # fmt: skip
        done = {name: row[field] if row else None for name, (row, field) in first.items()}
        return Way(cells, self.project, self.told, next_step(process(), done, planned))

    def _first(self, dataset: str, field: str) -> tuple[dict[str, Any] | None, str]:
        """The row with the earliest such day that has come; of projects the first department's only."""
        found = [self.project] if dataset == "projects" else self.told[dataset]
        return self._earliest(found, field)

    def _earliest(self, found: list[dict[str, Any]], field: str) -> tuple[dict[str, Any] | None, str]:
        happened = [row for row in found if row[field] is not None and row[field] <= self.as_of]
        return min(happened, key=lambda row: row[field], default=None), field

    def _dated(
        self,
        step: str,
        label: str,
        told: tuple[dict[str, Any] | None, str],
        dataset: str,
        due: date | None = None,
    ) -> dict[str, Any]:
        row, field = told
        if row is not None:
            return self._cell(step, label, "green", str(row[field]), row, dataset)
        source = self.project if dataset == "projects" else None
        if due is not None and due < self.as_of:
            return self._cell(step, label, "red", _("due %s") % due, source, dataset)
        return self._cell(step, label, "grey", _("due %s") % due if due else _("none"), source, dataset)

    def _progress(self) -> dict[str, Any]:
        found = [row for row in self.told["progress_reports"] if row["month"] <= f"{self.as_of:%Y-%m}"]
        row = max(found, key=lambda one: one["month"], default=None)
        text = f"{show.number(row['physical_percent'])}%" if row else _("none")
        return self._cell(
            "progress", _("Progress"), "green" if row else "grey", text, row, "progress_reports"
        )

    def _payments(self) -> dict[str, Any]:
        paid = [row for row in self.told["payments"] if row["paid_date"] <= self.as_of]
        row = max(paid, key=lambda one: one["paid_date"], default=None)
        total = sum((one["amount"] for one in paid), Decimal(0))
        text = _("%s yuan") % show.money(total) if paid else _("none")
        return self._cell("payments", _("Payments"), "green" if paid else "grey", text, row, "payments")

    def _cell(
        self, step: str, label: str, level: str, text: str, row: dict[str, Any] | None, dataset: str
    ) -> dict[str, Any]:
        return {
            "step": step, "label": label, "level": level, "text": text, "highlight": step == self.highlight,
            "source": self._source(row, dataset),
        }  # fmt: skip

    def _source(self, row: dict[str, Any] | None, dataset: str) -> str:
        """Who said it and when it came in; without a row, whose it would be to say."""
        code = row["_department"] if row else load(dataset).owners[0]
        who = self.names.get(code) or self.full.get(code) or code
        return f"{who} {row['_known_at']:%m-%d}" if row else who
