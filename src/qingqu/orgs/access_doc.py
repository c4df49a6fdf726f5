"""The rights table as a page for the docs; the same rows that the platform asks."""

from qingqu.orgs.access import TABLE
from qingqu.orgs.matrix import RESOURCES, ROLE_NAMES, matrix


def access_markdown() -> str:
    """`docs/run/access.md`, whole. A test holds the file to it."""
    lines = [
        "# Who may do what",
        "",
        "Written from `orgs/access.py` and `orgs/matrix.py`; do not edit by hand.",
        "",
    ]
    lines += [
        "R read, m masked, S statistics, C create, U update own, A approve, T take a step, O own items only.",
        "",
    ]
    lines += [f"| role | {' | '.join(RESOURCES)} |", "|---" * (len(RESOURCES) + 1) + "|"]
    for role, cells in matrix().items():
        told = " | ".join(cells[resource] for resource in RESOURCES)
        lines.append(f"| {ROLE_NAMES[role]} `{role}` | {told} |")
    lines += [
        "",
        "## What follows for what is built",
        "",
        "| role | verb | scope | from |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{row.role}` | `{row.verb}` | {row.scope} | {row.cell} |" for row in TABLE]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import django

    django.setup()
    print(access_markdown(), end="")
