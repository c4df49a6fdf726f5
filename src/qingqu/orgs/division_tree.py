"""The tree of divisions: parents by the digits or as given, and the areas of those whose digits do not tell the tree.
Asks no database; codes are 12 digits, a parent of "" is none."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from qingqu.orgs.division_list import BadList, DivisionRow, numbered
from qingqu.orgs.models import subtree

NEEDED = {12: 9, 9: 6}
"""A village needs its township, a township its county (or what stands under the county's digits: some cities have
townships of their own). A county may follow its province directly: the civil-affairs list has no rows between."""


def checked(rows: Sequence[DivisionRow]) -> dict[str, DivisionRow]:
    """Code → row; refuses an empty list, a wrong code, a missing name, a code given twice."""
    if not rows:
        raise BadList("名单是空的，请换用有内容的名单。", code="empty")
    found: dict[str, DivisionRow] = {}
    for where, row in numbered(rows):
        if not re.fullmatch(r"(?!00)[0-9]{12}", row.code, re.ASCII):
            raise BadList(f"{where}：代码应为 12 位数字，请改正。", code="division_code")
        if not row.name.strip() or len(row.name) > 60:
            raise BadList(f"{where}：名称要有 1 到 60 个字，请改正。", code="division_name")
        if row.code in found:
            raise BadList(f"{where}：代码 {row.code} 与前面重复，请去掉重复行。", code="duplicate_code")
        found[row.code] = row
    return found


def natural(code: str, known: Collection[str]) -> str:
    """The nearest division above that shares the digits, or none."""
    for digits in (9, 6, 4, 2):
        above = code[:digits].ljust(12, "0")
        if above != code and above in known:
            return above
    return ""


def parents(rows: Mapping[str, DivisionRow], known: Collection[str]) -> dict[str, str]:
    """Code → parent for each row of a list, given all codes known with it. Refuses a parent that is unknown or not
    above, and a row whose parent is missing although the list reaches further up."""
    top = min(len(subtree(code)) for code in rows)
    found = {}
    for where, row in numbered(list(rows.values())):
        digits = len(subtree(row.code))
        if row.parent:
            if row.parent not in known or len(subtree(row.parent)) >= digits:
                raise BadList(
                    f"{where}：上级 {row.parent} 不在名单里，或级别不高于本级，请改正上级代码。",
                    code="division_parent",
                )
            found[row.code] = row.parent
            continue
        above = natural(row.code, known)
        needed = row.code[: NEEDED[digits]].ljust(12, "0") if digits in NEEDED else above
        if digits > top and needed not in known:
            raise BadList(
                f"{where}：{row.code} 的上级不在名单里，请补上它的上级，或填写“上级代码”一列。",
                code="division_parent",
            )
        found[row.code] = above
    return found


def areas(parent_of: Mapping[str, str]) -> dict[str, str]:
    """Code → `Division.area` for each division whose prefix is not its subtree; the others are not in the answer.

    A stray is a division whose parent is not the one that its digits say. It is extra under the one and missing
    under the other, so all above it, by tree and by digits, are written out child by child."""
    strays = [code for code, parent in parent_of.items() if parent and natural(code, parent_of) != parent]
    touched = {above for code in strays for above in _above(code, parent_of)}
    children: dict[str, list[str]] = {code: [] for code in touched}
    for code, parent in parent_of.items() if touched else ():
        if parent in children:
            children[parent].append(code)

    def cover(code: str) -> Iterator[str]:
        if code not in touched:
            yield subtree(code)
            return
        yield code
        for child in sorted(children[code]):
            yield from cover(child)

    return {code: " ".join(cover(code)) for code in touched}


def _above(code: str, parent_of: Mapping[str, str]) -> set[str]:
    """Everything above a stray: by the digits, and by the tree."""
    found = {code[:digits].ljust(12, "0") for digits in (2, 4, 6, 9)} & parent_of.keys()
    found.discard(code)
    while code := parent_of.get(code, ""):
        found.add(code)
    return found
