"""What a value would do, before anyone decides: the rule over today's data with the values in force and with the other
one, side by side. Nothing is written."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from qingqu.base.clock import SHANGHAI
from qingqu.domain.rules.rule import LEVELS
from qingqu.engine import runner
from qingqu.engine.spec import Finding
from qingqu.orgs.models import Division
from qingqu.watch.models import TOWN_DIGITS
from qingqu.watch.rules import specification
from qingqu.watch.system import why_held_up
from qingqu.watch.thresholds import Asked, asked

KINDS = ("new", "gone", "risen", "fallen", "same")


@dataclass(frozen=True)
class Line:
    """A subject and what would become of it: new, gone, risen, fallen, same. `before`, `after`: levels."""

    kind: str
    finding: Finding
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Preview:
    """The comparison, gravest changes first. `held_up`: why the rule cannot judge now (then there are no lines)."""

    as_of: str
    lines: tuple[Line, ...]
    held_up: str

    def counts(self) -> dict[str, int]:
        """Kind → subjects; `live` and `proposed`: how many fire with each value."""
        found = Counter(line.kind for line in self.lines)
        told = {kind: found[kind] for kind in KINDS}
        told["live"] = sum(line.before is not None for line in self.lines)
        told["proposed"] = sum(line.after is not None for line in self.lines)
        return told

    def by_town(self) -> dict[str, dict[str, int]]:
        """First nine digits of the place ("" where it is not known) → kind → subjects."""
        found: dict[str, Counter[str]] = {}
        for line in self.lines:
            found.setdefault((line.finding.place or "")[:TOWN_DIGITS], Counter())[line.kind] += 1
        return {town: {kind: told[kind] for kind in KINDS} for town, told in sorted(found.items())}

    def as_json(self) -> dict[str, Any]:
        """What is kept with a proposal: numbers only, no subjects."""
        return {
            "as_of": self.as_of,
            "counts": self.counts(),
            "by_town": self.by_town(),
            "held_up": self.held_up,
        }


def preview(wish: Asked, *, now: datetime) -> Preview:
    """Both looks at the data known now, as of today."""
    today = now.astimezone(SHANGHAI).date()
    prepared = specification((wish.live,), as_of=today, known_at=now)
    looks = []
    for rule in (wish.live, wish.proposed):
        findings = list(runner.run(replace(prepared, rules=(rule,))))
        held = next((why_held_up(one) for one in findings if one.subject_key is None), "")
        if held:
            return Preview(today.isoformat(), (), held)
        looks.append({one.subject_key: one for one in findings if one.state == "triggered"})
    return Preview(today.isoformat(), tuple(_compared(*looks)), "")


def _compared(live: dict[str | None, Finding], proposed: dict[str | None, Finding]) -> list[Line]:
    lines = []
    for key in live.keys() | proposed.keys():
        old, new = live.get(key), proposed.get(key)
        before, after = old.level if old else None, new.level if new else None
        lines.append(Line(_kind(before, after), new or old, before, after))  # type: ignore[arg-type] # one is there
    rank = {level: -n for n, level in enumerate(LEVELS)}
    return sorted(lines, key=lambda line: (
        KINDS.index(line.kind), rank.get(line.after or line.before or "", 0), line.finding.place or "", line.finding.subject_key or "",
    ))  # fmt: skip


def _kind(before: str | None, after: str | None) -> str:
    if before is None or after is None:
        return "new" if before is None else "gone"
    if before == after:
        return "same"
    return "risen" if LEVELS.index(after) > LEVELS.index(before) else "fallen"


def preview_of(
    *, rule_code: str, param: str, value: str, division: Division, subject_type: str, now: datetime
) -> Preview:
    """The preview of a wish in a person's words; refused where the rule does not allow it."""
    day = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return preview(asked(rule_code, param, value, division, subject_type, day=day), now=now)
