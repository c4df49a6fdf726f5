"""A PDF page as it is shown: its coordinates from the top left, its ruled lines, its pictures."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from qingqu.domain.papers.pages import Box
from qingqu.reading.rules import Across, Down

THIN = 2.5  # points: a filled rectangle up to this thick is a rule
SHORT = 6.0
MAX_OBJECTS = 20_000
MAX_POINTS = 200
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class View:
    """How the page's own coordinates become points from the top left of what is shown."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int  # degrees clockwise

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> "View":
        """The view that the page itself asks for."""
        left, bottom, right, top = page.get_cropbox()
        return cls(
            min(left, right), min(bottom, top), max(left, right), max(bottom, top), page.get_rotation() % 360
        )

    @property
    def width(self) -> float:
        """The width of what is shown, at least one point."""
        return max(1.0, self.right - self.left if self.turn % 180 == 0 else self.top - self.bottom)

    @property
    def height(self) -> float:
        """The height of what is shown, at least one point."""
        return max(1.0, self.top - self.bottom if self.turn % 180 == 0 else self.right - self.left)

    def turned(self, more: int) -> "View":
        """The same page, turned further clockwise."""
        return View(self.left, self.bottom, self.right, self.top, (self.turn + more) % 360)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as a point of the view."""
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def page_point(self, x: float, y: float) -> tuple[float, float]:
        """The way back: a point of the view as a point of the page."""
        if self.turn == 90:
            return y + self.left, x + self.bottom
        if self.turn == 180:
            return self.right - x, y + self.bottom
        if self.turn == 270:
            return self.right - y, self.top - x
        return x + self.left, self.top - y

    def place_in(self, shown: "View") -> Callable[[Box], Box]:
        """What carries boxes of this view into those of another view of the same page."""

        def place(box: Box) -> Box:
            return shown.box(*self.page_point(box[0], box[1]), *self.page_point(box[2], box[3]))

        return place

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle of the page as a box of the view."""
        (a, b), (d, e) = self.point(x0, y0), self.point(x1, y1)
        return min(a, d), min(b, e), max(a, d), max(b, e)


@dataclass(slots=True)
class Rules:
    """The straight lines of a page that run along its edges."""

    across: list[Across] = field(default_factory=list)
    down: list[Down] = field(default_factory=list)

    def add(self, box: Box) -> None:
        """A thin box as the rule that it shows."""
        x0, y0, x1, y1 = box
        if y1 - y0 <= THIN and x1 - x0 >= SHORT:
            self.across.append(Across(x0, x1, (y0 + y1) / 2))
        elif x1 - x0 <= THIN and y1 - y0 >= SHORT:
            self.down.append(Down((x0 + x1) / 2, y0, y1))


def rules_and_pictures(page: pdfium.PdfPage, view: View) -> tuple[Rules, list[Box], int]:
    """The ruled lines, the boxes of pictures, and how many other shapes are drawn."""
    rules, pictures, drawn = Rules(), [], 0
    objects = page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH)
    for index, thing in enumerate(objects):
        if index >= MAX_OBJECTS:
            break
        box = _bounds(thing, view)
        if box is None:
            continue
        if thing.type == c.FPDF_PAGEOBJ_IMAGE:
            pictures.append(_inside(box, view))
        elif box[3] - box[1] <= THIN or box[2] - box[0] <= THIN:
            rules.add(box)
        else:
            drawn += not _outline(thing, view, rules)
    return rules, pictures, drawn


def _bounds(thing: Any, view: View) -> Box | None:
    try:
        return view.box(*thing.get_bounds()) if thing.container is None else view.box(*_contained(thing))
    except pdfium.PdfiumError:
        return None


def _contained(thing: Any) -> tuple[float, float, float, float]:
    """Bounds of a thing inside a form, in the page's coordinates."""
    left, bottom, right, top = thing.get_bounds()
    corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
    outer = thing.container
    while outer is not None:
        matrix = outer.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
        outer = outer.container
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _inside(box: Box, view: View) -> Box:
    return max(0.0, box[0]), max(0.0, box[1]), min(view.width, box[2]), min(view.height, box[3])


def _outline(thing: Any, view: View, rules: Rules) -> bool:
    """Adds the straight sides of a stroked path; False if it is a drawing of another kind."""
    count = c.FPDFPath_CountSegments(thing.raw)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(thing.raw, ctypes.byref(fill), ctypes.byref(stroke))
    if not 0 < count <= MAX_POINTS:
        return False
    if not stroke.value:
        return bool(count <= 6)  # a coloured cell
    matrix = thing.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    last: tuple[float, float] | None = None
    begun: tuple[float, float] | None = None
    straight = False
    for index in range(count):
        segment = c.FPDFPath_GetPathSegment(thing.raw, index)
        c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = c.FPDFPathSegment_GetType(segment)
        here = view.point(*matrix.on_point(x.value, y.value))
        if kind == c.FPDF_SEGMENT_MOVETO:
            begun = here
        elif kind == c.FPDF_SEGMENT_LINETO and last is not None:
            straight = _side(last, here, rules) or straight
        if c.FPDFPathSegment_GetClose(segment) and begun is not None:
            straight = _side(here, begun, rules) or straight
        last = here
    return straight


def _side(start: tuple[float, float], end: tuple[float, float], rules: Rules) -> bool:
    before = len(rules.across) + len(rules.down)
    rules.add((min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])))
    return len(rules.across) + len(rules.down) > before
