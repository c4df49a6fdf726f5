"""Which fonts there are, and whether they have every character of a text.

In the order of preference: the county's own (real 仿宋, 小标宋), the Noto faces of the wheel that stand in for them, and
Debian's Hanazono for rare characters of names. A character that no font has must stop the document: an empty box where
a name should stand is worse than no document."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTCollection, TTFont, TTLibError

WHEEL = Path(pylopdf_fonts_zh_cn.__file__).resolve().parent
RARE = Path("/usr/share/fonts/truetype/hanazono")
ENDINGS = {".otf", ".ttf", ".ttc"}


class MissingGlyphs(ValueError):  # noqa: N818 - an answer, not a failure of ours
    """Characters that no font here has. `characters`: each once, in the order of the text."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = tuple(characters)
        told = "、".join(f"“{one}”（U+{ord(one):04X}）" for one in self.characters[:8])
        super().__init__(
            f"字体里没有这些字：{told}。请安装生僻字字体（Debian 的 fonts-hanazono），或把含有这些字的字体放进字体目录。"
        )


@dataclass(frozen=True)
class Fonts:
    """Folders that are looked through, the county's own first."""

    own: Path | None = None
    folders: tuple[Path, ...] = field(init=False)

    def __post_init__(self) -> None:
        every = ([self.own] if self.own is not None and self.own.is_dir() else []) + [WHEEL]
        object.__setattr__(self, "folders", (*every, *([RARE] if RARE.is_dir() else [])))

    def files(self) -> tuple[Path, ...]:
        """Every font file, in the order of preference."""
        return tuple(
            path
            for folder in self.folders
            for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in ENDINGS and path.is_file()
        )

    def require(self, texts: Iterable[str]) -> None:
        """Raises MissingGlyphs unless every visible character of the texts is in some font."""
        wanted = dict.fromkeys(one for text in texts for one in text if not _needs_no_glyph(one))
        left = list(wanted)
        for path in self.files():
            if not left:
                return
            has = characters(path, path.stat().st_mtime_ns)
            left = [one for one in left if ord(one) not in has]
        if left:
            raise MissingGlyphs(left)


def _needs_no_glyph(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}


@lru_cache(maxsize=32)
def characters(path: Path, _stamp: int) -> frozenset[int]:
    """Code points that a font file has; none where it cannot be read. `_stamp`: when the file changed last."""
    try:
        if path.suffix.lower() == ".ttc":
            with TTCollection(path, lazy=True) as faces:
                return frozenset(code for face in faces.fonts for code in face.getBestCmap() or ())
        with TTFont(path, lazy=True) as face:
            return frozenset(face.getBestCmap() or ())
    except (TTLibError, OSError, KeyError, AssertionError):
        return frozenset()
