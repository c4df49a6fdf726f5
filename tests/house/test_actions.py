"""One verb, one transaction, one entry; every right that an action asks for stands in the table."""

import ast
import re
from pathlib import Path

from qingqu.orgs import access

SOURCE = Path(__file__).resolve().parents[2] / "src/qingqu"
ACTIONS = [path for path in sorted(SOURCE.glob("*/actions.py")) if path.parent.name != "ledger"]


def functions():
    for path in ACTIONS:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and "durable=True" in ast.unparse(node):
                yield path, node


def called(node: ast.AST) -> list[str]:
    return [
        call.func.id
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    ]


def test_every_action_writes_one_entry_in_its_one_transaction():
    seen = 0
    for path, node in functions():
        seen += 1
        writes = [name for name in called(node) if name == "record" or name.endswith("_within")]
        assert len(writes) == 1, f"{path}:{node.name} {writes}"
        assert ast.unparse(node).count("durable=True") == 1, f"{path}:{node.name}"
        named = {arg.arg for arg in node.args.kwonlyargs}
        assert "now" in named, f"{path}:{node.name}"
        assert not node.args.args, f"{path}:{node.name} takes positional parameters"
    assert seen >= 12


def test_every_step_within_writes_one_entry():
    for path in ACTIONS:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_within"):
                assert called(node).count("record") == 1, f"{path}:{node.name}"


def test_every_action_by_a_person_asks_for_a_right_that_the_table_has():
    verbs = {row.verb for row in access.TABLE}
    for path, node in functions():
        asked = re.findall(r"access\.require\(by, '([a-z_.]+)'", ast.unparse(node))
        if "by" in {arg.arg for arg in node.args.kwonlyargs}:
            assert asked, f"{path}:{node.name} asks for no right"
        assert set(asked) <= verbs, f"{path}:{node.name}"


def test_every_right_that_a_page_asks_for_is_in_the_table():
    verbs = {row.verb for row in access.TABLE}
    for path in SOURCE.rglob("*.py"):
        if "/tests/" not in str(path):
            asked = re.findall(
                r"access\.(?:may|require|reach)\(\s*[\w.]+,\s*\"([a-z_.]+)\"", path.read_text("utf-8")
            )
            assert set(asked) <= verbs, path
