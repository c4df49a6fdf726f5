"""A pack's own proof: every rule's cases, and the clean baseline on which the whole pack is silent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from qingqu.base import packs
from qingqu.base.errors import Refusal
from qingqu.domain.rules import Rule, RuleError
from qingqu.domain.rules.rule import check
from qingqu.engine.cases import Dataset, Failure, findings, try_cases
from qingqu.exchange.contracts import load, names
from qingqu.watch.rules import published


@dataclass(frozen=True)
class Tested:
    """What a pack's test found."""

    pack: str
    rules: int
    cases: int
    failures: tuple[Failure, ...]
    baseline_rows: int

    def as_json(self) -> dict[str, object]:
        """The document of `rules test --json`."""
        return {
            "pack": self.pack, "rules": self.rules, "cases": self.cases, "baseline_rows": self.baseline_rows,
            "passed": not self.failures,
            "failures": [{"rule": one.rule, "case": one.case, "why": one.why} for one in self.failures],
        }  # fmt: skip


def datasets() -> dict[str, Dataset]:
    """All standard datasets as cases see them."""
    return {
        name: Dataset(one.schema, one.key, one.event_date, one.events)
        for name, one in ((name, load(name)) for name in names())
    }


def test_pack(pack: str) -> Tested:
    """Runs the cases of every rule of a pack and the pack over its baseline; refuses a case file that cannot be read."""
    rules = published(pack)
    known = datasets()
    schemas = {name: one.schema for name, one in known.items()}
    failures: list[Failure] = []
    count = 0
    for rule in rules:
        path = f"rules/{pack}/cases/{rule.code}.yml"
        try:
            check(rule, schemas)
            told = packs.read(path) if path in packs.listing(f"rules/{pack}/cases") else {"cases": []}
            failures += try_cases(rule, told, known, path)
        except RuleError as error:
            failures.append(Failure(rule.code, "", str(error)))
            continue
        count += len(told["cases"])
    rows, noise = _baseline(pack, rules, known)
    return Tested(pack, len(rules), count, (*failures, *noise), rows)


def _baseline(pack: str, rules: tuple[Rule, ...], known: dict[str, Dataset]) -> tuple[int, list[Failure]]:
    folder = f"rules/{pack}/baseline"
    tables: dict[str, Any] = {}
    as_of: Any = None
    for path in packs.listing(folder):
        name = path.rpartition("/")[2].removesuffix(".yml")
        told = packs.read(path)
        if name == "_as_of":
            as_of = told
        else:
            tables[name] = told
    if not tables:
        return 0, []
    if type(as_of) is not date:
        raise Refusal(f"{folder}/_as_of.yml：应写一个日期，如 2026-06-10。", code="baseline")
    try:
        found = findings(rules, tables, known, as_of, folder, all_states=False)
    except RuleError as error:
        raise Refusal(f"{folder}：{error}", code="baseline") from error
    noise = [Failure(one.rule, "baseline", f"{one.subject_key}: {one.state} {one.message}") for one in found]
    return sum(len(rows) for rows in tables.values()), noise
