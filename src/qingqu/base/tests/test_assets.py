"""What we ship of others is what they published; our own pages need nothing from outside and no inline code."""

import hashlib
import re
from pathlib import Path

import pytest

import qingqu

PACKAGE = Path(qingqu.__file__).parent
ASSETS = PACKAGE / "base" / "assets"
VENDOR = ASSETS / "vendor"
LISTED = dict(
    reversed(line.split("  ", 1))
    for line in (VENDOR / "VENDORED.txt").read_text("utf-8").splitlines()
    if re.match(r"[0-9a-f]{64}  ", line)
)
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
USED_ICON = re.compile(r'{%\s*icon "([a-z0-9-]+)"')


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_vendored_file_is_byte_for_byte_the_one_we_listed(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == LISTED[name]


def test_no_vendored_file_is_without_its_line():
    here = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert here - {"VENDORED.txt"} == {name for name in LISTED if not name.startswith("..")}


def test_every_icon_that_a_page_uses_is_in_the_sprite():
    sprite = (ASSETS / "icons.svg").read_text("utf-8")
    used = {name for path in TEMPLATES for name in USED_ICON.findall(path.read_text("utf-8"))}
    assert used
    assert {name for name in used if f'id="{name}"' not in sprite} == set()


def test_the_tokens_stay_small():
    assert (ASSETS / "tokens.css").stat().st_size <= 8 * 1024


def test_every_name_that_the_styles_use_is_a_token():
    styles = (ASSETS / "tokens.css").read_text("utf-8") + (ASSETS / "desk.css").read_text("utf-8")
    told = set(re.findall(r"(--[a-z0-9-]+)\s*:", styles))
    assert {name for name in re.findall(r"var\((--[a-z0-9-]+)", styles) if name not in told} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_page_carries_no_inline_code_and_asks_nobody_outside(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:|<style|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` or `#rgb`, as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The WCAG ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((name, f"{name}-soft") for name in ("red", "orange", "yellow", "green", "grey", "blue")),
        *((name, ground) for name in ("ink", "muted", "brand", "red") for ground in ("paper", "ground")),
        ("on-brand", "brand"), ("ink", "yellow-soft"), ("muted", "grey-soft"), ("brand", "brand-soft"),
    ],
)  # fmt: skip
def test_words_stand_out_from_what_they_stand_on(ink, ground):
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", (ASSETS / "tokens.css").read_text("utf-8")))
    assert contrast(tokens[ink], tokens[ground]) >= 4.5
