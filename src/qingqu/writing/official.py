"""An official letter: its parts, and the letter as PDF in the layout of GB/T 9704-2012 (PDF/A-2a, fonts embedded)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst

from qingqu.writing.fonts import Fonts

TEMPLATE = Path(__file__).with_name("official.typ")
TITLE_WIDTH = 20  # characters of size 2 that fit into 156 mm
ORGAN_WIDTH = 442  # points of the type area, for the name of the organ in the red head
GOOD_END = frozenset("的、，》）”")  # a line of the title may well end after these
BAD_START = frozenset("的了和与及、，。》）”：；")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body. `level`: 0 text, 1 `一、` (黑体), 2 `（一）` (楷体), 3 `1.`, 4 `（1）`."""

    text: str
    level: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        return {"kind": "text", "text": self.text, "level": self.level}


@dataclass(frozen=True)
class Table:
    """A table in the body; cells are text, `numbers` the columns that stand right, `widths` their shares."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    numbers: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if {len(self.header), len(self.widths)} | {len(row) for row in self.rows} != {len(self.header)}:
            raise ValueError("every row of a table has as many cells as its header")

    def as_json(self) -> dict[str, Any]:
        """For the template."""
        rows = [list(row) for row in self.rows]
        return {"kind": "table", "header": list(self.header), "rows": rows, "widths": list(self.widths), "numbers": sorted(self.numbers)}  # fmt: skip


@dataclass(frozen=True)
class Official:
    """An official letter. `organ`: the red head; `number`: 明纪监建〔2026〕3号; `to`: main addressee, without colon;
    `draft`: marked as one across the page."""

    organ: str
    number: str
    title: str
    to: str
    body: tuple[Paragraph | Table, ...]
    signer: str
    day: date
    attachments: tuple[str, ...] = ()
    copies_to: str = ""
    printed_by: str = ""
    draft: bool = False

    @property
    def day_words(self) -> str:
        """2026年6月10日."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"

    def texts(self) -> Iterator[str]:
        """Every text of it that will be printed."""
        yield from (
            self.organ,
            self.number,
            self.title,
            self.to,
            self.signer,
            self.day_words,
            self.copies_to,
            self.printed_by,
        )
        yield from self.attachments
        for block in self.body:
            if isinstance(block, Table):
                yield from block.header
                for row in block.rows:
                    yield from row
            else:
                yield block.text


def pdf(letter: Official, fonts: Fonts) -> bytes:
    """The letter as PDF/A-2a; the same letter gives the same bytes. Raises MissingGlyphs."""
    fonts.require(letter.texts())
    told = {
        "organ": letter.organ, "organ_size": organ_size(letter.organ), "number": letter.number, "title": letter.title,
        "title_lines": title_lines(letter.title), "to": letter.to, "body": [block.as_json() for block in letter.body],
        "signer": letter.signer, "day": [letter.day.year, letter.day.month, letter.day.day], "day_words": letter.day_words,
        "attachments": list(letter.attachments), "copies_to": letter.copies_to.rstrip("。"), "printed_by": letter.printed_by,
        "draft": letter.draft,
    }  # fmt: skip
    made = typst.compile(
        str(TEMPLATE), font_paths=[str(folder) for folder in fonts.folders], ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(told, ensure_ascii=False)}, pdf_standards=["a-2a"],
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


def organ_size(organ: str) -> int:
    """Points of the red head: as large as the standard allows (less than 22 mm) and as the line holds."""
    return max(20, min(52, ORGAN_WIDTH // max(len(organ), 1)))


def title_lines(title: str, width: int = TITLE_WIDTH) -> list[str]:
    """The title in as few lines as hold it, about equally long, broken where a reader would pause."""
    count = -(-len(title) // width)
    lines, rest = [], title
    for left in range(count, 1, -1):
        ideal = -(-len(rest) // left)
        cut = min(
            range(max(1, len(rest) - width * (left - 1)), min(width, len(rest) - 1) + 1),
            key=lambda at: _cost(rest, at, ideal),
        )
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest]


def _cost(text: str, at: int, ideal: int) -> int:
    cost = 2 * abs(at - ideal)
    if text[at] in BAD_START or text[at - 1] in "《（“":
        cost += 100
    if text[at - 1].isascii() and text[at].isascii():  # no break inside a number or a date
        cost += 50
    return cost - (5 if text[at - 1] in GOOD_END else 0)
