"""Columns as a person has matched them to fields once: how a header is recognised again, whatever order it comes in."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qingqu.reading.header import Header, plain
from qingqu.reading.limits import letter


@dataclass(frozen=True)
class Remembered:
    """What somebody said of a header: column key → field, or "" for a column that is not used. `ref` names the row that
    keeps it, `day` when it was said."""

    ref: str
    day: str
    columns: Mapping[str, str]

    def fits(self, head: Header) -> bool:
        """Whether the header has every column that was matched. It may have more; those speak for themselves."""
        return set(self.columns) <= set(keys(head))

    def applied(self, head: Header, required: Sequence[str]) -> Header:
        """The header with the person's word over its own names."""
        said = {index: self.columns.get(key) for index, key in enumerate(keys(head))}
        taken = {field for field in said.values() if field}
        columns = tuple(
            replace(column, field=said[column.index] or None)
            if said[column.index] is not None
            else replace(column, field=None if column.field in taken else column.field)
            for column in head.columns
        )
        doubled = {
            field: left for field, indices in head.doubled.items() if field not in taken
            if len(left := tuple(index for index in indices if said[index] is None)) > 1
        }  # fmt: skip
        found = {column.field for column in columns} | set(doubled)
        missing = tuple(name for name in required if name not in found)
        return replace(head, columns=columns, doubled=doubled, missing=missing)


def keys(head: Header) -> list[str]:
    """What each column is remembered by: its plain name, numbered where the name stands twice, its letter where it has
    none."""
    found: list[str] = []
    for column in head.columns:
        name = plain(column.header) or f"@{letter(column.index)}"
        times = sum(1 for one in found if one.partition("#")[0] == name)
        found.append(f"{name}#{times + 1}" if times else name)
    return found


def signature(columns: Iterable[str]) -> str:
    """The digest of a header's column keys, in any order: one layout is remembered once."""
    return hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()


def names(one: Remembered) -> dict[str, tuple[str, int]]:
    """The matched names as the header search knows names; they beat the official ones."""
    return {key.replace("|", ""): (field, -1) for key, field in one.columns.items() if field}
