"""The matrix of roles and resources, printed as in the domain handbook 1.5, and how its cells are read.

A cell holds letters; the words after a letter limit it ("R if assigned"). `parts` reads a cell into (letter, limit)
pairs. A few cells are prose in the handbook: `PROSE` says in letters what each of them means, so that the printed
text stays as it is."""

from typing import NamedTuple

RESOURCES = (
    "public_item", "evidence", "beneficiary", "inquiry", "report", "reporter", "clue", "warning", "rules",
    "instruments", "recovery", "contract", "seal_log", "audit_log", "users",
)  # fmt: skip

LETTERS = {
    "R": "read", "m": "masked read", "S": "statistics only", "C": "create", "U": "update own draft", "A": "approve",
    "T": "take a step", "O": "own items only", "E": "emergency access by two persons",
}  # fmt: skip

ROLE_NAMES = {
    "visitor": "访客", "villager": "村民（已核验）", "village_operator": "村报账员/公开员", "village_lead": "村主要负责人",
    "vsc_member": "村务监督委员会成员", "supervision_liaison": "监察联络员", "township_business": "乡镇业务站所",
    "township_discipline": "乡镇纪委", "project_owner": "项目业主", "data_steward": "部门数据员",
    "legality_reviewer": "合法性审查员", "seal_custodian": "印章保管员", "petition_office": "信访室",
    "case_supervision": "案件监督管理室", "party_conduct_office": "党风政风监督室",
    "inspection_office": "监督检查室", "investigation_office": "审查调查室", "trial_office": "案件审理室",
    "approving_leader": "分管/主要负责人", "cadre_supervision": "干部监督室", "auditor_log": "安全审计员",
    "sys_admin": "系统管理员", "sec_admin": "安全管理员",
}  # fmt: skip

# One line a role, one cell a resource in the order of RESOURCES, `|` between: the handbook's table letter for letter.
# Its last line stands for two roles and gives each a word of its own ("sys: accounts; sec: grants").
PRINTED = """
visitor | R | - | - | R | C | - | - | - | - | - | - | - | - | - | -
villager | R | - | O | C | C,O-status | O | - | - | R-text | - | - | - | - | - | O
village_operator | R | C U | U-own village | T-draft | - | - | - | O-fix | - | R if addressee | R | C | C-request | - | -
village_lead | R | R A | m | T-answer | - | - | - | O | - | R if addressee | R | C A | A | - | -
vsc_member | R | R A(sign) | m | R | C | - | - | R | R-text | - | R | R | R | - | -
supervision_liaison | R | R | - | R | C | - | - | R | - | - | R | R | R | - | -
township_business | R | R A | R | T | - | - | - | T-explain | - | R if addressee | U | R A | R | - | -
township_discipline | R | R | m | R | R if assigned | - (R if assigned real-name) | T assigned | R T | R | C (own level) | U | R | R | - | -
project_owner | R | C U own | - | T own | - | - | - | T-explain own | - | R if addressee, reply | U own | C own | - | - | -
data_steward | R | C U own data | R own data | - | - | - | - | O | propose | R if addressee, reply | U own | - | - | - | -
legality_reviewer | R | R contract only | - | - | - | - | - | - | R | - | - | A | - | - | -
seal_custodian | - | - | - | - | - | - | - | - | - | - | - | R doc | C T | - | -
petition_office | R | R | - | R | R C T | R (need-to-know) | register, forward | - | - | C letter of assignment | - | - | - | O | -
case_supervision | R | R | - | - | m summary | - | R all, A extension, S | S | - | R all, urge | S | - | - | R case log | -
party_conduct_office | R | R | m | R | R if assigned | - | T | R A T | C U, 2nd approves | C | U | R | R | - | -
inspection_office | R | R | R if case-bound | R | R if assigned | R if assigned | T | R T | propose | C | U | R | R | - | -
investigation_office | R | R | R if case-bound | - | R if assigned | R if assigned | T | - | - | - | U | R | R | - | -
trial_office | - | R case | R case | - | - | - | R file, A opinion | - | - | A text | A | - | - | - | -
approving_leader | R | R | - | R | R on submission | R on submission | A | A red | A | A sign | A | - | - | - | -
cadre_supervision | - | - | - | - | R about own staff | R | T own staff | - | - | - | - | - | - | R | -
auditor_log | - | - | - | - | - | - | - | - | - | - | - | - | - | R | -
sys_admin | - | - | - | - | - | - | - | - | config | - | - | - | - | - | sys: accounts
sec_admin | - | - | - | - | - | - | - | - | config | - | - | - | - | - | sec: grants
"""

PROSE = {
    "C,O-status": "C O status",
    "R if addressee, reply": "R if addressee T reply",
    "register, forward": "T register, forward",
    "R all, urge": "R all T urge",
    "R all, A extension, S": "R all A extension S",
    "C U, 2nd approves": "C U A second person",
    "R file, A opinion": "R file A opinion",
    "propose": "C proposal",
    "config": "C configuration",
    "sys: accounts": "C accounts",
    "sec: grants": "C grants",
}


class Part(NamedTuple):
    """A letter of a cell and the words that limit it (empty: no limit but the role's own area)."""

    letter: str
    limit: str


def cells() -> dict[str, dict[str, str]]:
    """Role → resource → cell as printed; `-` is none."""
    found = {}
    for line in PRINTED.strip().splitlines():
        role, *printed = (text.strip() for text in line.split(" | "))
        found[role] = dict(zip(RESOURCES, printed, strict=True))
    return found


def parts(cell: str) -> tuple[Part, ...]:
    """The letters of a printed cell with their limits, in the order of the cell; none for `-`."""
    words = PROSE.get(cell, cell).replace("(", " ").replace(")", " ").split()
    found: list[list[str]] = []
    for word in (piece for token in words for piece in _pieces(token)):
        if word in LETTERS:
            found.append([word])
        elif found:
            found[-1].append(word)
        elif word != "-":
            raise ValueError(f"cell {cell!r}: {word!r} stands before any letter")
    return tuple(Part(letter, " ".join(limit)) for letter, *limit in found)


def _pieces(token: str) -> list[str]:
    """`T-explain` is the letter T, limited to explaining; `need-to-know` is one word."""
    letter, dash, rest = token.partition("-")
    return [letter, rest] if dash and rest and letter in LETTERS else [token]
