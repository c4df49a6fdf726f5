"""`python -m qingqu.orgs.access_doc > docs/run/access.md`: the permission table as a page. A test holds both equal."""

from collections.abc import Iterable, Iterator

from qingqu.orgs.matrix import LETTERS, RESOURCES, ROLE_NAMES, cells
from qingqu.orgs.rights import BUILT, SCOPES, TABLE

INTRODUCTION = """# Who may do what

Made by `python -m qingqu.orgs.access_doc` from `src/qingqu/orgs/matrix.py` and `rights.py`; do not edit. The same table
stands on the page `/desk/access/`.

Not knowing of a thing is 404, not being allowed is 403. Recusal removes everything about its subject, whatever the
rows say. Posts count on the day only; an account that is switched off has none. An area is the post's division and
everything below it in the tree, so a county's inspector reaches their own county and never the neighbour's."""


def access_markdown() -> str:
    """The page."""
    letters = "; ".join(f"`{letter}` {meaning}" for letter, meaning in LETTERS.items())
    scopes = "; ".join(f"`{scope}` {meaning}" for scope, meaning in SCOPES.items())
    lines = [
        INTRODUCTION, "", "## The matrix", "", f"Letters: {letters}; `-` none. Words after a letter limit it.", "",
        *_table(("role", "", *RESOURCES), ((role, ROLE_NAMES[role], *row.values()) for role, row in cells().items())),
        "", "## The rows", "",
        f"Scopes: {scopes}. Bold verbs are asked for by code today; the others wait for their capability.", "",
        *_table(("role", "verb", "scope", "personal columns", "from"), _rows()), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _rows() -> Iterator[tuple[str, ...]]:
    for row in sorted(TABLE, key=lambda one: (one.role, one.verb, one.scope)):
        verb = f"**{row.verb}**" if row.verb in BUILT else row.verb
        yield row.role, verb, row.scope, "masked" if row.mask else "", row.cell


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = tuple(header)
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    print(access_markdown(), end="")
