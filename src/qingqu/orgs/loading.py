"""What an official list changes: compares it with what is stored and writes the difference, in flat time.

Used by `actions.load_divisions` inside its transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F

from qingqu.orgs import division_tree
from qingqu.orgs.division_list import DivisionRow
from qingqu.orgs.models import LEVELS, Division, subtree

BATCH = 2000
UPDATES = 200  # one statement names each of its rows several times


@dataclass(frozen=True, slots=True)
class Stored:
    """What of a stored division a list can change; `parent` is a code."""

    pk: int
    name: str
    rural_class: str
    parent: str
    valid_from: date | None
    valid_to: date | None


@dataclass
class Difference:
    """What a list asks for: rows that are new, rows that differ, codes to close, and every parent afterwards."""

    fresh: list[DivisionRow] = field(default_factory=list)
    changed: list[DivisionRow] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    parent_of: dict[str, str] = field(default_factory=dict)


def stored() -> dict[str, Stored]:
    """All divisions by code."""
    columns = ("pk", "code", "name", "rural_class", "parent_id", "valid_from", "valid_to")
    lines = list(Division.objects.values_list(*columns))
    codes = {line[0]: line[1] for line in lines}
    return {
        code: Stored(pk, name, rural_class, codes.get(parent, ""), valid_from, valid_to)
        for pk, code, name, rural_class, parent, valid_from, valid_to in lines
    }


def difference(rows: Mapping[str, DivisionRow], known: Mapping[str, Stored], *, replaces: bool) -> Difference:
    """Compares a checked list with what is stored. `replaces`: the list is the whole of the areas at its top, so what
    it no longer names below them is closed."""
    codes = known.keys() | rows.keys()
    given = division_tree.parents(rows, codes)
    found = Difference(parent_of=dict(given))
    for code, row in rows.items():
        old = known.get(code)
        if old is None:
            found.fresh.append(row)
        elif _differs(row, given[code], old):
            found.changed.append(row)
    for code, old in known.items():
        if code not in rows:
            by_digits = old.parent == division_tree.natural(code, known)
            # A township that arrives later takes its villages from the county that held them until now.
            found.parent_of[code] = division_tree.natural(code, codes) if by_digits else old.parent
    if replaces:
        found.closing = [
            code
            for code, old in known.items()
            if code not in rows and old.valid_to is None and _under(code, found.parent_of, rows)
        ]
    return found


def write(found: Difference, known: Mapping[str, Stored], today: date) -> None:
    """Writes a difference; parents before children."""
    keys = {code: old.pk for code, old in known.items()}
    for digits in sorted(LEVELS):
        level = [row for row in found.fresh if len(subtree(row.code)) == digits]
        made = [_division(row, keys.get(found.parent_of[row.code])) for row in level]
        Division.objects.bulk_create(made, batch_size=BATCH)
        keys |= {division.code: division.pk for division in made}
    again = [_division(row, keys.get(found.parent_of[row.code]), known[row.code]) for row in found.changed]
    columns = ["name", "rural_class", "parent", "valid_from", "valid_to"]
    Division.objects.bulk_update(again, columns, batch_size=UPDATES)
    listed = {row.code for row in found.changed}
    moved = [
        Division(pk=old.pk, parent_id=keys.get(found.parent_of[code]))
        for code, old in known.items()
        if code not in listed and found.parent_of[code] != old.parent
    ]
    Division.objects.bulk_update(moved, ["parent"], batch_size=UPDATES)
    close(found.closing, today - timedelta(days=1))
    _write_areas(found.parent_of)


def close(codes: Sequence[str], last_day: date) -> None:
    """Ends divisions after a day; one that began later ends on the day on which it began."""
    for start in range(0, len(codes), UPDATES):
        some = Division.objects.filter(code__in=codes[start : start + UPDATES])
        some.filter(valid_from__gt=last_day).update(valid_to=F("valid_from"))
        some.filter(valid_to=None).update(valid_to=last_day)


def _write_areas(parent_of: Mapping[str, str]) -> None:
    wanted = division_tree.areas(parent_of)
    present = dict(Division.objects.exclude(area="").values_list("code", "area"))
    for code in wanted.keys() | present.keys():
        if present.get(code, "") != wanted.get(code, ""):
            Division.objects.filter(code=code).update(area=wanted.get(code, ""))


def _under(code: str, parent_of: Mapping[str, str], rows: Mapping[str, DivisionRow]) -> bool:
    """Whether something above a division, by the tree, stands in the list."""
    while code := parent_of.get(code, ""):
        if code in rows:
            return True
    return False


def _differs(row: DivisionRow, parent: str, old: Stored) -> bool:
    """A column that a list does not have leaves what is stored."""
    return (
        row.name != old.name
        or parent != old.parent
        or old.valid_to is not None
        or (row.rural_class or old.rural_class) != old.rural_class
        or (row.valid_from or old.valid_from) != old.valid_from
    )


def _division(row: DivisionRow, parent_id: int | None, old: Stored | None = None) -> Division:
    return Division(
        pk=old.pk if old else None,
        code=row.code,
        name=row.name,
        rural_class=row.rural_class or (old.rural_class if old else ""),
        level=LEVELS[len(subtree(row.code))],
        parent_id=parent_id,
        valid_from=row.valid_from or (old.valid_from if old else None),
        valid_to=None,
    )
