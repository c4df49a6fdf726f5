"""The Chinese of the screen is whole: every message of templates and code has its translation, none is a guess."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

import qingqu

PACKAGE = Path(qingqu.__file__).parent
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# What a translator must carry over: %s, %d and %(name)s.
PLACE = re.compile(r"%(?:\([a-z_]+\))?[sd]")
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
STRING = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
# What `templatize` writes for a tag: gettext(u'…') or pgettext('context', u'…') or ngettext(u'…', u'…', count).
CALL = re.compile(rf"\b(?:gettext|_|pgettext|ngettext|npgettext)\({STRING}(?:, *{STRING})*(?:, *count)?\)")


def unquoted(block: str, keyword: str) -> str | None:
    """A field of an entry, its continued lines joined; None where the entry has no such field."""
    found = re.search(rf'^{re.escape(keyword)} ((?:"(?:[^"\\]|\\.)*"\n?)+)', block, re.MULTILINE)
    if found is None:
        return None
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', found[1])
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


@cache
def entries() -> list[tuple[str, str, str]]:
    """(context, message, translation) of each entry after the header."""
    found = []
    for block in CATALOGUE.read_text("utf-8").split("\n\n")[1:]:
        message = unquoted(block, "msgid")
        if message:
            told = unquoted(block, "msgstr[0]") if "msgid_plural" in block else unquoted(block, "msgstr")
            found.append((unquoted(block, "msgctxt") or "", message, told or ""))
    return found


def test_the_catalogue_has_something_to_say():
    assert len(entries()) > 100


def test_no_translation_is_empty():
    assert [message for _, message, told in entries() if not told.strip()] == []


def test_no_translation_is_a_guess_or_left_over():
    lines = CATALOGUE.read_text("utf-8").splitlines()
    assert [
        line for line in lines if line.startswith("#~") or (line.startswith("#,") and "fuzzy" in line)
    ] == []


def test_no_message_stands_twice():
    keys = [(context, message) for context, message, _ in entries()]
    assert len(keys) == len(set(keys))


def test_each_translation_is_chinese_and_keeps_the_places_for_values():
    wrong = [
        message
        for _, message, told in entries()
        if not re.search(r"[\u4e00-\u9fff：]", told)
        or sorted(PLACE.findall(message)) != sorted(PLACE.findall(told))
    ]
    assert wrong == []


def code_of(path: Path) -> str:
    """Python as it stands; of a template the calls that its translation tags amount to."""
    text = path.read_text("utf-8")
    return text if path.suffix == ".py" else templatize(text, origin=str(path))


def spoken(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(context, message) of each gettext call with a literal message."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name in PLAIN and texts:
            yield "", texts[0]
        elif name in WITH_CONTEXT and len(texts) > 1:
            yield texts[0], texts[1]


def template_calls(text: str) -> Iterator[tuple[str, str]]:
    """The same for what `templatize` makes of a template, which is no valid Python as a whole."""
    for call in CALL.finditer(text):
        yield from spoken(ast.parse(call[0]))


def test_every_message_of_code_and_templates_is_in_the_catalogue():
    known = {(context, message) for context, message, _ in entries()}
    missing = []
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]):
        if "tests" in path.parts:
            continue
        code = code_of(path)
        found = spoken(ast.parse(code)) if path.suffix == ".py" else template_calls(code)
        missing += [
            (path.name, context, message) for context, message in found if (context, message) not in known
        ]
    assert missing == []
