"""One file on the bench: opened, checked, compared; and what is told of it."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from qingqu.base.errors import Refusal
from qingqu.exchange import checking, comparing, kept, lake, misplaced, parsing
from qingqu.exchange.checking import Checked
from qingqu.exchange.comparing import Compared, Delivery
from qingqu.exchange.contracts import Contract
from qingqu.exchange.history import history
from qingqu.exchange.kept import Stamp
from qingqu.exchange.lake import Bench, quoted
from qingqu.exchange.layout import Plan, Unmapped
from qingqu.exchange.parsing import Parsed
from qingqu.exchange.places import Places
from qingqu.exchange.remembered import Remembered
from qingqu.files.actions import keep
from qingqu.files.models import StoredFile
from qingqu.orgs.models import Division

LISTED_ERRORS = 1000

# Told the stage (reading, checking, comparing), rows done, and of how many if that is known.
Progress = Callable[[str, int, int | None], None]

log = logging.getLogger(__name__)


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Nobody watches."""


class Unworkable(Refusal):
    """The bench itself gave up: too little memory or disk, or a file that nobody foresaw."""


@dataclass(frozen=True)
class Wish:
    """How a file is to be taken. `known_at`: the moment from which its rows count as known (None: that of the commit).
    `organisation`: the sender's own code when the department is a collective one (`project_owner`)."""

    dataset: str
    department: str
    file_name: str
    period: str = ""
    known_at: datetime | None = None
    full: bool = False
    accept_good: bool = False
    organisation: str = ""


@dataclass
class Work:
    """A checked file on its bench."""

    made: Bench
    contract: Contract
    parsed: Parsed
    checked: Checked
    compared: Compared = field(default_factory=lambda: Compared(0, 0, 0, 0, 0))
    doubts: list[str] = field(default_factory=list)
    called: str = ""
    _totals: dict[str, str] | None = None

    def compare(
        self, wish: Wish, known_at: datetime, *, import_ref: str = "", strangers: tuple[str, ...] = ()
    ) -> Delivery:
        """Compares the good rows with the department's rows as known at the moment; fills `compared`."""
        delivery = Delivery(wish.department, import_ref, wish.file_name, known_at, wish.full, wish.period)
        comparing.stored(self.made, self.contract, history(wish.dataset, known_at), delivery)
        rejected = comparing.refuse_strangers(self.made, self.contract, strangers)
        self.checked.rejected = max(self.checked.rejected, rejected)
        self.checked.problems = self.made.number("SELECT count(*) FROM problems")
        self.doubts = misplaced.look(
            self.made, self.contract, self.plan, period=wish.period, known_at=known_at,
            organisation=wish.organisation or wish.department, called=self.called,
        )  # fmt: skip
        absent = [
            name
            for name in self.contract.by_name
            if all(name not in one.header.fields and name not in one.spoken for one in self.plan.sheets)
        ]
        sheets = [one.sheet.name for one in self.plan.sheets]
        self.compared = comparing.compare(self.made, self.contract, delivery, sheets, absent)
        return delivery

    def unmatched_divisions(self) -> int:
        """How many different division codes of the good rows are not loaded here."""
        codes: set[str] = set()
        for one in self.contract.fields:
            if one.type == "division_code":
                found = self.made.run(f"SELECT DISTINCT {quoted(one.name)} FROM good").fetchall()  # noqa: S608 - checked name
                codes |= {code for (code,) in found if code}
        known = Division.objects.filter(code__in=codes) if len(codes) < 900 else Division.objects.all()
        return len(codes - set(known.values_list("code", flat=True)))

    @property
    def plan(self) -> Plan:
        """What was read of the file."""
        return self.parsed.plan

    def keep(self, ref: str, sha256: str, period: str) -> None:
        """Keeps the compared rows for the page of an upload, and the check for its commit."""
        stamp = Stamp.of(sha256, self.contract, period)
        kept.keep(self.made, ref, self.contract, self.parsed, self.checked, stamp)

    def notes(self) -> list[str]:
        """What the sender should know, in the order of the work."""
        notes = [*self.doubts, *self.checked.notes]
        if self.compared.emptied:
            notes.append(
                f"文件里缺的列会使已存的 {self.compared.emptied:,} 个值变为空白；如不是本意，请补上这些列。"
            )
        return notes

    def errors(self) -> list[dict[str, object]]:
        """The listed wrong cells."""
        return checking.problems(self.made, self.contract, self.plan, LISTED_ERRORS)

    def told(self) -> dict[str, Any]:
        """Counts of rows and of problems, for the import's row."""
        return {
            "rows": self.checked.rows, "accepted": self.checked.accepted, "rejected": self.checked.rejected,
            **comparing.as_counts(self.compared), "problems": self.checked.problems,
            "unmatched_divisions": self.unmatched_divisions(),
        }  # fmt: skip

    def columns(self) -> list[dict[str, object]]:
        """Which column of which sheet is which field, for the page of a source row."""
        return [
            {"sheet": one.sheet.name, "index": column.index, "header": column.header, "field": column.field,
             "factor": str(one.factors.get(column.field or "", 1))}
            for one in self.plan.sheets for column in one.header.columns if column.field
        ]  # fmt: skip

    def question(self) -> dict[str, Any] | None:
        """The columns of the first sheet, for a person who wants to match them otherwise."""
        return self.plan.question.stored() if self.plan.question else None

    def totals(self) -> dict[str, str]:
        """Control totals of the good rows, once they are compared."""
        if self._totals is None:
            self._totals = comparing.totals(self.made, self.contract)
        return self._totals


def _checked(
    made: Bench, path: Path, contract: Contract, progress: Progress, sender: str, **said: Any
) -> Work:
    places = Places(sender)
    named = (
        places.named()
        if any(contract.by_name[name].type == "division_code" for name in contract.required)
        else {}
    )
    parsed = parsing.parse(
        path,
        contract,
        made.folder / "cells",
        progress=lambda rows: progress("reading", rows, None),
        places=named,
        **said,
    )
    rows = parsed.counts.get("d", 0)
    if not rows:
        raise Refusal("表头下面没有数据行；请填好后再交，或确认选对了工作表。", code="no_rows")
    progress("checking", 0, rows)
    checked = checking.check(made, contract, parsed, places)
    progress("comparing", 0, rows)
    return Work(made, contract, parsed, checked)


@contextmanager
def opened(
    path: Path,
    contract: Contract,
    called: str = "",
    *,
    remembered: Sequence[Remembered] = (),
    period: str = "",
    sender: str = "",
    progress: Progress = _silent,
    kept_as: tuple[str, str] | None = None,
) -> Iterator[Work]:
    """A file checked on a fresh bench. Raises a Refusal, which begins with the name that the file is `called`, when it
    cannot be read, does not hold the dataset, or holds no row. `remembered`: the sender's own layouts; `period`: the
    month that the file is said to be for; `sender`: the organisation in whose area a place's name is looked up;
    `kept_as`: (import, sha256) whose check may have been kept."""
    try:
        with lake.bench() as made:
            work = _again(made, contract, period, *kept_as) if kept_as else None
            try:
                said = {"remembered": tuple(remembered), "period": period, "called": called}
                work = work or _checked(made, path, contract, progress, sender, **said)
            except Unmapped as error:
                sentence = f"{called}：{error.sentence}" if called else error.sentence
                raise Unmapped(sentence, error.question) from error
            except Refusal as error:
                raise Refusal(
                    f"{called}：{error.sentence}" if called else error.sentence, code=error.code
                ) from error
            made.cells.update(lake.cells_of(work.parsed.parts, work.parsed.kinds))
            work.called = called
            yield work
    except lake.Failure as error:
        # The engine's own message may quote cells: its kind is all that a log may carry.
        log.error("bench failed: %s", type(error).__name__)  # noqa: TRY400
        raise Unworkable(
            "处理这份文件时出错（可能太大，或磁盘、内存不足）；请拆小后重试，仍不行请告诉系统管理员。",
            code="bench",
        ) from None


def _again(made: Bench, contract: Contract, period: str, ref: str, sha256: str) -> Work | None:
    found = kept.take(made, ref, contract, Stamp.of(sha256, contract, period))
    return Work(made, contract, *found) if found else None


def keep_as_read(path: Path, sha256: str, now: datetime) -> StoredFile:
    """Stores the file that has been read. What was changed meanwhile would be kept as the source of rows that it does
    not hold: refused."""
    stored = keep(chunks=lake.file_chunks(path), now=now)
    if stored.sha256 != sha256:
        raise Refusal("文件在读取的时候被改动了，没有导入；请等它写完后再交。", code="changed_meanwhile")
    return stored


def as_json(
    wish: Wish, *, sha256: str, counts: Mapping[str, Any], totals: Mapping[str, str], errors: list[dict[str, object]],
    notes: list[str], state: str, snapshot: str | None, import_ref: str | None,
) -> dict[str, Any]:  # fmt: skip
    """The document of `data import --json` (INTERFACES section 2)."""
    return {
        "dataset": wish.dataset, "department": wish.department, "file": wish.file_name, "sha256": sha256, "state": state,
        **{name: counts.get(name, 0) for name in (
            "rows", "accepted", "rejected", "inserted", "updated", "unchanged", "removed", "unmatched_divisions",
        )},
        "totals": dict(totals), "snapshot": snapshot, "import": import_ref, "errors": errors,
        "errors_total": counts.get("problems", 0), "notes": notes, "marked_file": None,
    }  # fmt: skip
