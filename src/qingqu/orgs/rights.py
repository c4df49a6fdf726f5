"""From the matrix to rows: role × verb × scope. Every row names the cell that it comes from; what no cell gives is
written out under `EXTRA` with its reason. `access` is the door: only the pages and the document that print the table
read this module beside it.

Readings that the printed letters leave open, decided here once:
- "Draft + evidence" is two things. For discipline organs and for whoever delivers data it is the departments' files
  (`exchange`), for villages and townships the drafts of what is published (`disclosure`).
- Personal columns follow "Beneficiary PII": whoever has no plain R there sees departments' rows masked.
- To take a step on something, or to approve it, one must see it: T and A bring the verb of seeing with them.
- A project's page may be opened by whoever reads published items or sees warnings there."""

from collections.abc import Iterator
from dataclasses import dataclass

from qingqu.orgs.matrix import ROLE_NAMES, Part, cells, parts

SIGNED_IN, STAFF = "signed_in", "staff"  # anyone with an account in use; anyone who holds a post on the day
ORGANS = frozenset({
    "township_discipline", "petition_office", "case_supervision", "party_conduct_office", "inspection_office",
    "investigation_office", "trial_office", "approving_leader",
})  # fmt: skip
UNITS = frozenset({"project_owner", "data_steward"})
PUBLIC = frozenset({"visitor", "villager"})  # they walk in at the villagers' site and hold no post
ADMINISTRATORS = frozenset(
    {"sys_admin", "sec_admin", "auditor_log"}
)  # split three ways; none sees business data
DRAFTERS = frozenset(ROLE_NAMES) - UNITS
DESK = frozenset(ROLE_NAMES) - PUBLIC
SCOPES = {
    "own": "what one made oneself",
    "unit": "one's own organisation",
    "division": "the post's area and everything below it",
    "assigned": "what is assigned to one",
    "all": "everything here",
}


@dataclass(frozen=True)
class Row:
    """A role may do a verb within a scope (a key of `SCOPES`); `mask`: personal columns are masked. `cell` is
    `resource: printed cell`, or the reason of a row that no cell gives."""

    role: str
    verb: str
    scope: str
    mask: bool
    cell: str


@dataclass(frozen=True)
class Reading:
    """What a letter in a resource's column allows: verbs, for these limits and these roles (None: any)."""

    resource: str
    letters: str
    verbs: tuple[str, ...]
    limits: frozenset[str] | None = None
    roles: frozenset[str] | None = None


def _read(
    resource: str, letters: str, verbs: str, *limits: str, roles: frozenset[str] | None = None
) -> Reading:
    return Reading(resource, letters, tuple(verbs.split()), frozenset(limits) or None, roles)


PLAIN = ""
READINGS = (
    _read("public_item", "R", "disclosure.see"),
    _read("public_item", "R", "projects.see", roles=DESK),
    _read("evidence", "R", "exchange.see", PLAIN, "case", roles=ORGANS),
    _read("evidence", "R", "disclosure.see_draft", PLAIN, "case", roles=DRAFTERS),
    _read("evidence", "R", "contracts.see", "contract only"),
    _read("evidence", "C", "exchange.import_file exchange.see", roles=UNITS),
    _read(
        "evidence",
        "U",
        "exchange.withdraw_import exchange.remember_layout exchange.forget_layout",
        roles=UNITS,
    ),
    _read("evidence", "C", "disclosure.draft_item", roles=DRAFTERS),
    _read("evidence", "U", "disclosure.change_draft", roles=DRAFTERS),
    _read("evidence", "A", "disclosure.approve_item", PLAIN),
    _read("evidence", "A", "disclosure.sign_item", "sign"),
    _read("beneficiary", "RmO", "disclosure.see_beneficiaries"),
    _read("beneficiary", "U", "disclosure.change_beneficiaries"),
    _read("inquiry", "R", "clues.see_inquiry"),
    _read("inquiry", "C", "clues.ask"),
    _read("inquiry", "T", "clues.see_inquiry clues.draft_answer", "draft"),
    _read("inquiry", "T", "clues.see_inquiry clues.answer", PLAIN, "answer", "own"),
    _read("report", "C", "clues.report"),
    _read("report", "Rm", "clues.see_report"),
    _read("report", "O", "clues.follow_report"),
    _read("report", "T", "clues.advance_report"),
    _read("reporter", "R", "clues.see_reporter"),
    _read("reporter", "O", "clues.see_own_identity"),
    _read("clue", "R", "cases.see"),
    _read("clue", "S", "cases.count"),
    _read("clue", "T", "cases.see cases.take_step", PLAIN, "assigned", "own staff"),
    _read("clue", "T", "cases.register", "register, forward"),
    _read("clue", "A", "cases.see cases.decide", PLAIN, "opinion"),
    _read("clue", "A", "cases.extend", "extension"),
    _read("warning", "R", "watch.see projects.see"),
    _read("warning", "S", "watch.count"),
    _read("warning", "O", "watch.see projects.see"),
    _read("warning", "O", "watch.explain", "fix"),
    _read("warning", "T", "watch.see projects.see watch.explain", "explain", "explain own"),
    _read("warning", "T", "watch.see projects.see watch.verify watch.assign", PLAIN),
    _read("warning", "A", "watch.see projects.see watch.decide"),
    _read("rules", "R", "watch.see_rules"),
    _read("rules", "C", "watch.see_rules watch.draft_rule watch.propose_threshold watch.run", PLAIN),
    _read("rules", "C", "watch.see_rules watch.propose_rule", "proposal"),
    _read("rules", "C", "watch.propose_threshold", "proposal", roles=ORGANS),
    _read("rules", "C", "ops.configure", "configuration"),
    _read("rules", "C", "orgs.load_divisions", "configuration", roles=frozenset({"sys_admin"})),
    _read("rules", "U", "watch.change_rule"),
    _read("rules", "A", "watch.see_rules watch.publish_rule"),
    _read("instruments", "R", "cases.see_instrument"),
    _read("instruments", "C", "cases.see_instrument cases.issue_instrument"),
    _read("instruments", "A", "cases.see_instrument cases.sign_instrument"),
    _read("instruments", "T", "cases.reply_to_instrument", "reply"),
    _read("instruments", "T", "cases.urge", "urge"),
    _read("recovery", "R", "cases.see_recovery"),
    _read("recovery", "S", "cases.count_recovery"),
    _read("recovery", "U", "cases.see_recovery cases.record_recovery"),
    _read("recovery", "A", "cases.see_recovery cases.approve_recovery"),
    _read("contract", "R", "contracts.see"),
    _read("contract", "C", "contracts.see contracts.submit"),
    _read("contract", "A", "contracts.see contracts.decide"),
    _read("seal_log", "R", "seals.see"),
    _read("seal_log", "C", "seals.see seals.request", "request"),
    _read("seal_log", "C", "seals.see seals.record_use", PLAIN),
    _read("seal_log", "T", "seals.see seals.release"),
    _read("seal_log", "A", "seals.see seals.approve"),
    _read("audit_log", "R", "ledger.see ledger.verify"),
    _read("audit_log", "O", "ledger.see"),
    _read("users", "C", "orgs.see orgs.add_organisation orgs.add_person orgs.deactivate_person", "accounts"),
    _read("users", "C", "orgs.see orgs.give_post orgs.end_post", "grants"),
    _read("users", "O", "orgs.see_own_account"),
)

SERVER = (
    "the server's own command line: whoever has its shell has its files, and this way it stands in the record"
)
OPEN_TABLE = "who may do what is no secret among those who sign in"
SELF_DECLARED = "handbook 1.6: recusal is declared by oneself"
RE_RUN = "a re-run is a step on warnings (warning: R T)"
EXTRA = (
    Row(SIGNED_IN, "access.see", "all", False, OPEN_TABLE),
    Row(STAFF, "orgs.declare_recusal", "own", False, SELF_DECLARED),
    Row("inspection_office", "watch.run", "division", False, RE_RUN),
    *(
        Row("system_operator", verb, "all", False, SERVER)
        for verb in (
            "exchange.see", "exchange.import_file", "exchange.remember_layout", "exchange.forget_layout", "projects.see",
            "watch.see", "watch.run", "ledger.see",
            "ledger.verify", "orgs.see", "orgs.load_divisions", "orgs.add_organisation", "orgs.add_person",
            "orgs.deactivate_person", "orgs.give_post", "orgs.end_post",
        )
    ),
)  # fmt: skip

# Verbs that code asks for today; the others stand in the table because the matrix is complete.
BUILT = frozenset({
    "access.see", "exchange.see", "exchange.import_file", "exchange.remember_layout", "exchange.forget_layout", "projects.see", "watch.see", "watch.run", "watch.assign", "watch.verify",
    "watch.see_rules", "watch.propose_threshold", "watch.publish_rule", "orgs.see", "orgs.load_divisions", "orgs.declare_recusal", "orgs.add_organisation", "orgs.add_person",
    "orgs.deactivate_person", "orgs.give_post", "orgs.end_post",
})  # fmt: skip

_ASSIGNED = frozenset({
    "if assigned", "if assigned real-name", "assigned", "if addressee", "reply", "on submission", "case",
    "if case-bound", "file", "case log", "need-to-know",
})  # fmt: skip
_UNIT_LIMITS = frozenset({"own level", "own staff", "about own staff"})
_SHOWS_PERSONS = frozenset({"exchange.see", "projects.see", "watch.see"})


def scope_of(role: str, resource: str, part: Part) -> str:
    """How far a letter reaches: the limit's words decide, else where the role is at home."""
    if part.limit in _ASSIGNED or role == "trial_office":
        return "assigned"
    if part.limit in _UNIT_LIMITS:
        return "unit"
    if part.letter == "O" and (role in PUBLIC or resource == "audit_log"):
        return "own"
    if role in UNITS or role == "seal_custodian":
        return "unit"
    whole = role in PUBLIC or role in ADMINISTRATORS or resource == "audit_log"
    return "all" if whole else "division"


def masked(role: str) -> bool:
    """Whether departments' rows are shown to the role with their personal columns masked."""
    found = parts(cells()[role]["beneficiary"])
    return not any(part.letter == "R" and part.limit not in _ASSIGNED for part in found)


def readings_of(role: str, resource: str, part: Part) -> tuple[Reading, ...]:
    """The readings that apply to a letter of a role's cell; a letter that nothing reads is a gap in the table."""
    return tuple(
        reading
        for reading in READINGS
        if reading.resource == resource
        and part.letter in reading.letters
        and (reading.limits is None or part.limit in reading.limits)
        and (reading.roles is None or role in reading.roles)
    )


def _derived() -> Iterator[Row]:
    for role, row in cells().items():
        for resource, cell in row.items():
            for part in parts(cell):
                scope = scope_of(role, resource, part)
                for verb in (verb for reading in readings_of(role, resource, part) for verb in reading.verbs):
                    mask = part.letter == "m" or (verb in _SHOWS_PERSONS and masked(role))
                    yield Row(role, verb, scope, mask, f"{resource}: {cell}")


def _table() -> tuple[Row, ...]:
    """One row a role, verb and scope: of two cells that give the same, the first is named."""
    kept: dict[tuple[str, str, str], Row] = {}
    for row in (*_derived(), *EXTRA):
        kept.setdefault((row.role, row.verb, row.scope), row)
    return tuple(kept.values())


TABLE = _table()
# Roles that a post can carry.
POST_ROLES = tuple(role for role in ROLE_NAMES if role not in PUBLIC)
