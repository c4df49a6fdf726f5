"""Which row is the header, and which column is which field: by name, never by position, and never by guessing."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LOOK_AT = 40
MONEY_UNITS = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
OTHER_UNITS = {
    "%": "percent", "平方米": "m2", "㎡": "m2", "m2": "m2", "亩": "mu", "公顷": "ha", "升": "l", "月": "month",
    "天": "day", "人": "person", "户": "household",
}  # fmt: skip
_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_UNIT_LINE = re.compile(r"单位[:：]?(?:人民币)?(百万元|千元|万元|亿元|元)(?![一-鿿])")
_TAIL = re.compile(r"^(.+?)[/／,，:：-]?(百万元|千元|万元|亿元)$")
_MARKS = re.compile(r"[*＊★※#]|必填|选填")
_EDGES = " :：,，.。;；、_-—"


@dataclass(frozen=True)
class Name:
    """A header cell taken apart: names to try in turn, and the unit that it states (`万元`, `%`, …)."""

    tries: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True)
class Column:
    """A column of the file: 0-based index, its header as written, the field that it is (or None), its stated unit."""

    index: int
    header: str
    field: str | None
    unit: str = ""


@dataclass(frozen=True)
class Header:
    """The header's rows (1-based, both ends) and columns. `unit` is a money unit stated above the table. `missing`:
    required fields without a column; `doubled`: field → columns that claim it equally well."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    unit: str = ""
    missing: tuple[str, ...] = ()
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Column]:
        """Field → its column."""
        return {column.field: column for column in self.columns if column.field}


def plain(text: str) -> str:
    """A header name as it is compared: full-width folded, no blanks, no marks of duty, lower case."""
    folded = unicodedata.normalize("NFKC", text)
    return _MARKS.sub("", re.sub(r"\s|​|﻿", "", folded)).strip(_EDGES).lower()


def name_of(text: str) -> Name:
    """Takes a header cell apart: `概算批复（万元）` → 概算批复 with unit 万元."""
    whole = plain(text)
    if not whole:
        return Name(())
    inside = [
        part.strip(_EDGES).removeprefix("单位:").removeprefix("单位") for part in _BRACKETS.findall(whole)
    ]
    bare = _BRACKETS.sub("", whole).strip(_EDGES)
    unit = next((part for part in inside if part in MONEY_UNITS or part in OTHER_UNITS), "")
    tries = [whole, bare] if bare else [whole]
    tail = _TAIL.match(bare)
    if tail and not unit:
        tries.append(tail[1].strip(_EDGES))
        unit = tail[2]
    return Name(tuple(dict.fromkeys(tries)), unit)


def synonyms(fields: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, int]]:
    """Plain name → (field, rank) from field → names, the official one first (rank 0)."""
    known: dict[str, tuple[str, int]] = {}
    for wanted, names in fields.items():
        for rank, name in enumerate((wanted, *names)):
            known.setdefault(plain(name), (wanted, min(rank, 2)))
    return known


def find(
    rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, tuple[str, int]], required: Sequence[str]
) -> Header | None:
    """The header among the file's first rows, or None when no row names a single field.

    The span that names the most required fields wins, then the most fields, then the earlier one (a header that is
    repeated on every printed page stands first where the table begins)."""
    best: tuple[tuple[int, int], Header] | None = None
    for first, last, texts in _spans(rows):
        header = _read(first, last, texts, known, required)
        score = (len(required) - len(header.missing), len(header.fields) + len(header.doubled))
        if score > (0, 0) and (best is None or score > best[0]):
            best = (score, header)
    if best is None:
        return None
    found = best[1]
    unit = _unit_above(rows, found.first_row)
    return Header(found.first_row, found.last_row, found.columns, unit, found.missing, found.doubled)


def _spans(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Candidates: (first row, last row, text of each column). Headers over two lines join here."""
    for number, cells in rows[:LOOK_AT]:
        if any(cells):
            yield number, number, cells


def _read(
    first: int, last: int, texts: Sequence[str], known: Mapping[str, tuple[str, int]], required: Sequence[str]
) -> Header:
    claims: dict[str, list[tuple[int, int]]] = {}
    names = [name_of(text) for text in texts]
    for index, name in enumerate(names):
        hit = next((known[attempt] for attempt in name.tries if attempt in known), None)
        if hit:
            claims.setdefault(hit[0], []).append((hit[1], index))
    taken: dict[int, str] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    for wanted, found in claims.items():
        best = min(rank for rank, _ in found)
        equal = [index for rank, index in found if rank == best]
        if len(equal) > 1:
            doubled[wanted] = tuple(equal)
        else:
            taken[equal[0]] = wanted
    columns = tuple(
        Column(index, str(texts[index]).strip(), taken.get(index), names[index].unit)
        for index in range(len(texts))
    )
    missing = tuple(name for name in required if name not in taken.values() and name not in doubled)
    return Header(first, last, columns, "", missing, doubled)


def _unit_above(rows: Sequence[tuple[int, Sequence[str]]], first_row: int) -> str:
    """The money unit that a line above the header states (单位：万元), the nearest one."""
    unit = ""
    for number, cells in rows:
        if number >= first_row:
            break
        for cell in cells:
            stated = _UNIT_LINE.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)))
            unit = stated[1] if stated else unit
    return unit


_TOTALS = {"合计", "总计", "小计", "共计", "累计", "本页小计", "本页合计", "total"}
_SIGNATURES = re.compile(
    r"^(制表|填表|填报|审核|复核|经办|负责|联系|单位负责|分管领导|主要领导|签字|盖章|打印|制单|注|备注|说明|填表说明|数据来源)"
    r"[^:：]{0,8}[:：]"
)


def footer(cells: Sequence[str], keys: Sequence[int]) -> str | None:
    """`total` or `signature` for a row below the table that is no data, else None. `keys`: columns of the key fields;
    a row whose key is filled in is data, whatever its first word."""
    first = next((index for index, cell in enumerate(cells) if cell.strip()), None)
    if first is None:
        return None
    if any(index != first and index < len(cells) and cells[index].strip() for index in keys):
        return None
    word = plain(cells[first])
    if word in _TOTALS:
        return "total"
    return "signature" if _SIGNATURES.match(word) else None
