"""Rows of several pages → pages of text: headers and page numbers set aside, sentences joined across pages."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from qingqu.domain.papers.pages import Aside, AsideKind, Box, Note, Page, Run
from qingqu.reading.blanks import gaps, shown
from qingqu.reading.joining import goes_on
from qingqu.reading.segments import Row, Segment

MARGIN = 0.12  # the share of the page's height in which headers and footers stand
NUMBER = re.compile(
    r"[-—–－·\s]*(?:第\s*)?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*(?:页)?"
    r"(?:\s*[/／,，、共]*\s*(?:共\s*)?[0-9一二三四五六七八九十]{1,3}\s*页?)?[-—–－·\s]*|page\s*[0-9]+(?:\s*(?:of|/)\s*[0-9]+)?",
    re.I,
)


@dataclass(slots=True)
class Sheet:
    """One page before its text is written: its rows in reading order, and what stands across it."""

    width: float
    height: float
    rows: list[Row] = field(default_factory=list)
    letter: float = 1.0
    rotation: int = 0
    watermarks: list[Segment] = field(default_factory=list)
    place: Callable[[Box], Box] | None = None  # from the coordinates of the rows to those that are told
    wide: float = 0.0  # the size of the page in the rows' coordinates, where it differs
    tall: float = 0.0

    @property
    def reach(self) -> tuple[float, float]:
        """Width and height in the rows' coordinates."""
        return self.wide or self.width, self.tall or self.height


def pages_of(sheets: Sequence[Sheet]) -> tuple[list[Page], list[Note]]:
    """The pages, numbered from 1, and what must be said about them."""
    kinds = furniture(sheets)
    pages: list[Page] = []
    for index, sheet in enumerate(sheets):
        last = next((row for row in reversed(sheet.rows) if id(row) not in kinds), None)
        after = sheets[index + 1] if index + 1 < len(sheets) else None
        first = next((row for row in after.rows if id(row) not in kinds), None) if after else None
        runs_on = bool(last and first and goes_on(last, first, sheet.letter))
        if last is not None and runs_on:
            last.wraps = True
        pages.append(_page(index + 1, sheet, kinds, runs_on))
    notes = [
        Note("watermark", "页面带有水印，请确认不是草稿或作废件。", quoted=text)
        for text in dict.fromkeys(mark.text for sheet in sheets for mark in sheet.watermarks)
    ]
    return pages, notes


def furniture(sheets: Sequence[Sheet]) -> dict[int, AsideKind]:
    """The rows (by id) that are headers, footers or page numbers: a bare number at the edge of the page; the same
    words, apart from numbers, at the same height of the edge of at least two pages and half of them."""
    kinds: dict[int, AsideKind] = {}
    seen: Counter[tuple[str, int]] = Counter()
    edges: list[tuple[Row, tuple[str, int], AsideKind]] = []
    for sheet in sheets:
        rows = sorted((row for row in sheet.rows if not row.table), key=lambda row: row.top)
        for row in (*rows[:3], *rows[-3:]):
            kind = _edge(row, sheet)
            if kind is None:
                continue
            text = row.text.strip()
            if NUMBER.fullmatch(text) and row.right - row.left < 0.3 * sheet.reach[0]:
                kinds[id(row)] = "page_number"
                continue
            key = (re.sub(r"[0-9]+|第.{1,3}页|共.{1,3}页", "#", text), round(row.top / sheet.reach[1] * 40))
            edges.append((row, key, kind))
    for key in {key for _, key, _ in edges}:
        seen[key] = len({id(row) for row, other, _ in edges if _alike(other, key)})
    for row, key, kind in edges:
        if seen[key] >= 2 and seen[key] * 2 >= len(sheets):
            kinds[id(row)] = kind
    return kinds


def _alike(first: tuple[str, int], second: tuple[str, int]) -> bool:
    return first[0] == second[0] and abs(first[1] - second[1]) <= 1


def _edge(row: Row, sheet: Sheet) -> AsideKind | None:
    if row.bottom < MARGIN * sheet.reach[1]:
        return "header"
    return "footer" if row.top > (1 - MARGIN) * sheet.reach[1] else None


def _page(number: int, sheet: Sheet, kinds: dict[int, AsideKind], runs_on: bool) -> Page:
    text, runs, wraps, asides = "", [], [], []
    for row in sheet.rows:
        start = len(text)
        for index, piece in enumerate(row.pieces):
            text += "\t" * row.tabs.get(index, 0)
            runs += _runs(piece, len(text))
            text += piece.text
        text = text[:start] + _fill(text[start:], start, runs)
        if row.wraps:
            wraps.append(len(text))
        text += "\n"
        if kind := kinds.get(id(row)):
            asides.append(Aside(start, len(text), kind))
    for mark in sheet.watermarks:
        start = len(text)
        runs += _runs(mark, start)
        text += mark.text + "\n"
        asides.append(Aside(start, len(text), "watermark"))
    if sheet.place is not None:
        runs = [_placed(run, sheet.place) for run in runs]
    return Page(
        number,
        text,
        tuple(runs),
        sheet.width,
        sheet.height,
        tuple(wraps),
        runs_on,
        tuple(asides),
        sheet.rotation,
    )


def _placed(run: Run, place: Callable[[Box], Box]) -> Run:
    """The run where the page shows it; its characters share the box from then on."""
    return replace(run, box=place(run.box) if run.box is not None else None, edges=None)


def _fill(line: str, start: int, runs: list[Run]) -> str:
    """The line with its unfilled places shown, and their runs marked."""
    for low, high in list(gaps(line)):
        line = line[:low] + shown(line[low:high]) + line[high:]
        at = next((index for index, run in enumerate(runs) if run.start <= start + low < run.end), None)
        if at is not None and not runs[at].blank:
            runs[at : at + 1] = _parted(runs[at], start + low, start + high)
    return line


def _parted(run: Run, low: int, high: int) -> list[Run]:
    """A run in up to three parts, the middle one blank."""
    parts: list[Run] = []
    for start, end, blank in (
        (run.start, low, False),
        (low, min(high, run.end), True),
        (high, run.end, False),
    ):
        if start < end and run.box is not None and run.edges is not None:
            edges = run.edges[start - run.start : end - run.start + 1]
            box = (edges[0], run.box[1], edges[-1], run.box[3])
            parts.append(Run(start, end, box, run.confidence, run.handwritten, run.underlined, blank, edges))
    return parts


def _runs(piece: Segment, start: int) -> list[Run]:
    """A piece as one run, or, where each character has its own confidence, as one for each."""

    def run(low: int, high: int, score: float) -> Run:
        edges = piece.edges[low : high + 1]
        box = (edges[0], piece.top, edges[-1], piece.bottom)
        return Run(
            start + low, start + high, box, score, piece.handwritten, piece.underlined, piece.blank, edges
        )

    if piece.scores is None or piece.blank:
        return [run(0, len(piece.text), 1.0)]
    return [run(index, index + 1, score) for index, score in enumerate(piece.scores)]
