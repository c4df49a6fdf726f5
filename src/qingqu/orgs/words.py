"""What the codes of roles, resources, letters and scopes are called on pages. Role names are the handbook's own
Chinese (they are names of offices); the rest goes through gettext."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingqu.orgs import rights
from qingqu.orgs.matrix import ROLE_NAMES

Text = str | Promise

ROLES: dict[str, Text] = {
    **ROLE_NAMES,
    "signed_in": _("Everyone who signs in"),
    "staff": _("Everyone who holds a post"),
    "system_operator": _("Command line of the server"),
}

RESOURCE_NAMES: dict[str, Text] = {
    "public_item": _("Public item"),
    "evidence": _("Draft + evidence"),
    "beneficiary": _("Beneficiaries' personal data"),
    "inquiry": _("Inquiry (public questions)"),
    "report": _("Report content"),
    "reporter": _("Reporter identity"),
    "clue": _("Clue + verification"),
    "warning": _("Warning"),
    "rules": _("Rules"),
    "instruments": _("Instruments"),
    "recovery": _("Recovery"),
    "contract": _("Contract + legality"),
    "seal_log": _("Seal log"),
    "audit_log": _("Audit log"),
    "users": _("Users"),
}

LETTER_NAMES: dict[str, Text] = {
    "R": _("read"),
    "m": _("masked read"),
    "S": _("statistics only"),
    "C": _("create"),
    "U": _("update own draft"),
    "A": _("approve"),
    "T": _("take a step"),
    "O": _("own items only"),
    "E": _("emergency access by two persons"),
}

SCOPE_NAMES: dict[str, Text] = {
    "own": _("one's own"),
    "unit": _("one's own organisation"),
    "division": _("the post's area and all below it"),
    "assigned": _("what is assigned to one"),
    "all": _("everything here"),
}

_REASONS: dict[str, Text] = {
    rights.OPEN_TABLE: _("who may do what is no secret among those who sign in"),
    rights.SELF_DECLARED: _("handbook 1.6: recusal is declared by oneself"),
    rights.RE_RUN: _("a re-run is a step on warnings (warning: R T)"),
    rights.SERVER: _(
        "the server's own command line: whoever has its shell has its files, and this way it stands in the record"
    ),
}


def reason(text: str) -> Text:
    """The reason of a row that no cell gives, in the reader's language."""
    return _REASONS.get(text, text)
