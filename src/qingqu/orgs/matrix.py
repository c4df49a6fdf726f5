"""The matrix of roles and resources, as in the domain handbook 1.5: letters say what a role may do.

`R` read, `m` masked read, `S` statistics, `C` create, `U` update own, `A` approve, `T` take a step, `O` own items
only, `E` emergency access; a word after the letters narrows them (`own`, `assigned`, `case`)."""

RESOURCES = (
    "public_item", "evidence", "beneficiary", "inquiry", "report", "reporter", "clue", "warning", "rules",
    "instruments", "recovery", "contract", "seal_log", "audit_log", "users",
)  # fmt: skip

ROLE_NAMES = {
    "visitor": "访客", "villager": "村民", "village_operator": "村公开员", "village_lead": "村主要负责人",
    "vsc_member": "村务监督委员会", "supervision_liaison": "监察联络员", "township_business": "乡镇业务站所",
    "township_discipline": "乡镇纪委", "project_owner": "项目业主", "data_steward": "部门数据员",
    "legality_reviewer": "合法性审查员", "seal_custodian": "印章保管员", "petition_office": "信访室",
    "case_supervision": "案件监督管理室", "party_conduct_office": "党风政风监督室",
    "inspection_office": "监督检查室", "investigation_office": "审查调查室", "trial_office": "案件审理室",
    "approving_leader": "审批领导", "cadre_supervision": "干部监督室", "auditor_log": "安全审计员",
    "sys_admin": "系统管理员", "sec_admin": "安全管理员", "system_operator": "服务器命令行",
}  # fmt: skip

# One line a role, one cell a resource in the order of RESOURCES, `|` between.
TABLE = """
visitor | R | - | - | R | C | - | - | - | - | - | - | - | - | - | -
villager | R | - | O | C | C,O status | O | - | - | R text | - | - | - | - | - | O
village_operator | R | C U | U own | T draft | - | - | - | O fix | - | R addressee | R | C | C request | - | -
village_lead | R | R A | m | T answer | - | - | - | O | - | R addressee | R | C A | A | - | -
vsc_member | R | R A | m | R | C | - | - | R | R text | - | R | R | R | - | -
supervision_liaison | R | R | - | R | C | - | - | R | - | - | R | R | R | - | -
township_business | R | R A | R | T | - | - | - | T explain | - | R addressee | U | R A | R | - | -
township_discipline | R | R | m | R | R assigned | R assigned | T assigned | R T | R | C own | U | R | R | - | -
project_owner | R | C U own | - | T own | - | - | - | T explain own | - | R addressee | U own | C own | - | - | -
data_steward | R | C U own | R own | - | - | - | - | O | C propose | R addressee | U own | - | - | - | -
legality_reviewer | R | R contract | - | - | - | - | - | - | R | - | - | A | - | - | -
seal_custodian | - | - | - | - | - | - | - | - | - | - | - | R | C T | - | -
petition_office | R | R | - | R | R C T | R | T forward | - | - | C | - | - | - | O | -
case_supervision | R | R | - | - | m | - | R A S | S | - | R A | S | - | - | R case | -
party_conduct_office | R | R | m | R | R assigned | - | T | R A T | C U A | C | U | R | R | - | -
inspection_office | R | R | R case | R | R assigned | R assigned | T | R T | C propose | C | U | R | R | - | -
investigation_office | R | R | R case | - | R assigned | R assigned | T | - | - | - | U | R | R | - | -
trial_office | - | R case | R case | - | - | - | R A | - | - | A | A | - | - | - | -
approving_leader | R | R | - | R | R submitted | R submitted | A | A red | A | A sign | A | - | - | - | -
cadre_supervision | - | - | - | - | R own staff | - | T own staff | - | - | - | - | - | - | R | -
auditor_log | - | - | - | - | - | - | - | - | - | - | - | - | - | R | -
sys_admin | - | - | - | - | - | - | - | - | C config | - | - | - | - | - | C accounts
sec_admin | - | - | - | - | - | - | - | - | C config | - | - | - | - | - | C grants
"""


def matrix() -> dict[str, dict[str, str]]:
    """Role → resource → cell text; empty cells are `-`."""
    cells: dict[str, dict[str, str]] = {}
    for line in TABLE.strip().splitlines():
        role, *rest = (part.strip() for part in line.split("|"))
        cells[role] = dict(zip(RESOURCES, rest, strict=True))
    return cells
