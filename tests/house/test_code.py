"""What holds for all code: sizes, migrations, words, documented settings."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for path in (ROOT / "src").rglob("*.py") if "/migrations/" not in str(path))


def test_modules_and_functions_stay_small():
    large = []
    for path in FILES:
        text = path.read_text("utf-8")
        if len(text.splitlines()) > 500:
            large.append(str(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
                large.append(f"{path}:{node.name}")
    assert not large


def test_public_functions_and_modules_say_what_they_are():
    silent = []
    for path in FILES:
        if "/tests/" in str(path):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{path}:{node.name}")
    assert not silent


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_chinese_words_are_complete():
    text = (ROOT / "src/qingqu/locale/zh_Hans/LC_MESSAGES/django.po").read_text("utf-8")
    entries = [
        block
        for block in text.split("\n\n")
        if re.search(r'^msgid "."*', block, re.M) and 'msgid ""\n' not in block
    ]
    assert entries
    assert not [
        block for block in entries if re.search(r'^msgstr(\[0\])? ""$', block, re.M) or "fuzzy" in block
    ]


def test_every_setting_is_documented():
    settings = (ROOT / "src/qingqu/settings.py").read_text("utf-8")
    names = set(re.findall(r'(?:text|flag|names)\("([A-Z_]+)"', settings)) | {"QINGQU_SECRET_KEY"}
    page = (ROOT / "docs/run/settings.md").read_text("utf-8")
    assert not [name for name in sorted(names) if f"`{name}`" not in page]


def test_every_command_is_documented():
    from qingqu.cli import SECTIONS

    page = (ROOT / "docs/run/commands.md").read_text("utf-8")
    assert not [name for names in SECTIONS.values() for name in names if f"qingqu {name}" not in page]
