"""The matrix as printed, how its cells are read, and the rows that follow."""

import ast
import re
from pathlib import Path

import pytest

from qingqu.orgs.access_doc import access_markdown
from qingqu.orgs.matrix import LETTERS, RESOURCES, ROLE_NAMES, Part, cells, parts
from qingqu.orgs.rights import ADMINISTRATORS, BUILT, EXTRA, POST_ROLES, SCOPES, TABLE, masked, readings_of

ROOT = Path(__file__).resolve().parents[4]
ASKS = {"require", "may", "reach", "register", "_person"}


def rows(role, verb):
    return [(row.scope, row.mask) for row in TABLE if (row.role, row.verb) == (role, verb)]


def test_the_matrix_has_every_role_and_every_resource():
    found = cells()
    assert list(found) == list(ROLE_NAMES)
    assert len(found) == 23
    assert all(tuple(row) == RESOURCES for row in found.values())


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("-", ()),
        ("R A T", (Part("R", ""), Part("A", ""), Part("T", ""))),
        ("R A(sign)", (Part("R", ""), Part("A", "sign"))),
        ("T-explain own", (Part("T", "explain own"),)),
        ("C (own level)", (Part("C", "own level"),)),
        ("R (need-to-know)", (Part("R", "need-to-know"),)),
        ("- (R if assigned real-name)", (Part("R", "if assigned real-name"),)),
        ("C,O-status", (Part("C", ""), Part("O", "status"))),
        ("R all, A extension, S", (Part("R", "all"), Part("A", "extension"), Part("S", ""))),
        ("register, forward", (Part("T", "register, forward"),)),
        ("U-own village", (Part("U", "own village"),)),
    ],
)
def test_a_cell_is_read_into_letters_and_their_limits(cell, wanted):
    assert parts(cell) == wanted


def test_a_cell_that_begins_with_a_stray_word_is_a_mistake_and_not_a_silence():
    with pytest.raises(ValueError, match="stands before any letter"):
        parts("see R")


def test_every_letter_of_every_cell_becomes_at_least_one_row():
    for role, row in cells().items():
        for resource, cell in row.items():
            for part in parts(cell):
                assert part.letter in LETTERS
                assert readings_of(role, resource, part), f"{role} {resource} {part}"


def test_every_row_names_a_cell_of_its_role_or_says_why_it_is_there():
    printed = cells()
    for row in TABLE:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", row.verb)
        assert row.scope in SCOPES
        if row in EXTRA:
            assert len(row.cell) > 20
        else:
            resource, _colon, cell = row.cell.partition(": ")
            assert printed[row.role][resource] == cell != "-"
    assert len({(row.role, row.verb, row.scope) for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize(
    ("role", "verb", "wanted"),
    [
        ("party_conduct_office", "watch.see", [("division", True)]),
        ("party_conduct_office", "watch.run", [("division", False)]),
        ("inspection_office", "watch.run", [("division", False)]),
        ("township_discipline", "watch.run", []),
        ("approving_leader", "watch.see", [("division", True)]),
        ("case_supervision", "watch.see", []),
        ("case_supervision", "watch.count", [("division", False)]),
        ("data_steward", "exchange.import_file", [("unit", False)]),
        ("data_steward", "exchange.see", [("unit", False)]),
        ("data_steward", "watch.run", []),
        ("project_owner", "exchange.import_file", [("unit", False)]),
        ("project_owner", "watch.see", [("unit", True)]),
        ("village_operator", "exchange.import_file", []),
        ("village_operator", "disclosure.draft_item", [("division", False)]),
        ("village_lead", "watch.see", [("division", True)]),
        ("inspection_office", "watch.propose_threshold", [("division", False)]),
        ("data_steward", "watch.propose_threshold", []),
        ("approving_leader", "watch.publish_rule", [("division", False)]),
        ("legality_reviewer", "exchange.see", []),
        ("trial_office", "exchange.see", [("assigned", True)]),
        ("party_conduct_office", "exchange.see", [("division", True)]),
        ("cadre_supervision", "clues.see_reporter", [("division", False)]),
        ("auditor_log", "ledger.see", [("all", False)]),
        ("case_supervision", "ledger.see", [("assigned", False)]),
        ("sys_admin", "orgs.give_post", []),
        ("sec_admin", "orgs.give_post", [("all", False)]),
        ("sec_admin", "orgs.load_divisions", []),
        ("visitor", "projects.see", []),
    ],
)
def test_the_rows_of_this_issue_are_as_the_cells_say(role, verb, wanted):
    assert rows(role, verb) == wanted


def test_personal_columns_are_open_only_to_whoever_reads_beneficiaries_without_a_case():
    assert not masked("data_steward")
    assert not masked("township_business")
    assert masked("inspection_office")
    assert masked("township_discipline")
    assert masked("project_owner")


def test_no_administrator_touches_business():
    for row in TABLE:
        if row.role in ADMINISTRATORS:
            assert row.verb.split(".")[0] in {"orgs", "ops", "ledger"}, row


def test_a_visitor_is_not_a_post():
    assert "visitor" not in POST_ROLES
    assert "villager" not in POST_ROLES


def test_every_verb_that_code_asks_for_is_in_the_table_and_marked_as_built():
    asked = set()
    for path in (ROOT / "src/qingqu").rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in ASKS
            ):
                words = [word.value for word in node.args if isinstance(word, ast.Constant)]
                asked |= {word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", str(word))}
    assert asked >= {"watch.run", "exchange.import_file", "orgs.see"}
    assert asked <= {row.verb for row in TABLE}
    assert asked <= BUILT


def test_the_page_in_the_docs_is_the_table():
    assert (ROOT / "docs/run/access.md").read_text("utf-8") == access_markdown()
