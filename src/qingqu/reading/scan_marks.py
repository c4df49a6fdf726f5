"""What is on a page besides print: ruled lines, and writing by hand, told by its ink."""

from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from qingqu.reading.ocr import Picture
from qingqu.reading.rules import Across, Down
from qingqu.reading.segments import Segment

LONG_ACROSS, LONG_DOWN = 2.2, 1.6  # letters: shorter strokes belong to signs
HAND = 0.5
BLUE = 22  # by how much blue exceeds red in the ink of a pen, of 255
INK = 150  # darker is ink


class Level(Protocol):
    """What sets lines level (`scan.Slope`)."""

    def straight(self, x: float, y: float) -> tuple[float, float]:
        """A point where it would stand if all lines were level."""

    def tilted(self, x: float, y: float) -> tuple[float, float]:
        """The way back."""


def ruled(ink: Picture, level: Level, letter: float) -> tuple[list[Across], list[Down]]:
    """The rules of the page, set level: thin, straight, longer than any stroke of a sign."""
    grey = ink[:, :, 1]
    dark = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18)
    thick = max(4.0, 0.3 * letter)
    across, down = [], []
    long = max(12, round(LONG_ACROSS * letter))
    dark_across = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    for x, y, wide, tall in _strokes(dark_across, long, 1):
        if tall <= thick + 0.02 * wide:
            left, middle = level.straight(x, y + tall / 2)
            _, other = level.straight(x + wide, y + tall / 2)
            across.append(Across(left, x + wide, (middle + other) / 2))
    long = max(12, round(LONG_DOWN * letter))
    dark_down = cv2.dilate(dark, np.ones((1, 3), np.uint8))
    for x, y, wide, tall in _strokes(dark_down, 1, long):
        if wide <= thick + 0.02 * tall:
            _, top = level.straight(x + wide / 2, y)
            _, bottom = level.straight(x + wide / 2, y + tall)
            down.append(Down(x + wide / 2, top, bottom))
    return across, down


def _strokes(dark: Picture, wide: int, tall: int) -> list[tuple[int, int, int, int]]:
    found = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((tall, wide), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in boxes[1 : min(count, 2000)]]


def by_hand(colour: Picture, piece: Segment, level: Level) -> list[Segment]:
    """The piece, parted where a pen begins or ends; what it wrote is marked and doubted. A sign with too little ink to
    tell goes with the one before it."""
    marks: list[bool] = []
    for index in range(len(piece.text)):
        blue = _blue(colour, piece, index, level)
        marks.append(blue if blue is not None else bool(marks and marks[-1]))
    parts, start = [], 0
    for index in range(1, len(marks) + 1):
        if index < len(marks) and marks[index] == marks[start]:
            continue
        part = piece.part(start, index)
        if marks[start]:
            part = replace(
                part, handwritten=True, scores=tuple(min(score, HAND) for score in part.scores or ())
            )
        if part.text.strip():
            parts.append(part)
        start = index
    return parts


def _blue(colour: Picture, piece: Segment, index: int, level: Level) -> bool | None:
    """Whether a sign is in blue ink; None where there is too little of it."""
    (x0, y0), (x1, y1) = (
        level.tilted(piece.edges[index], piece.top),
        level.tilted(piece.edges[index + 1], piece.bottom),
    )
    cell = colour[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1]
    if cell.size < 60:
        return None
    ink = cell[cell.min(axis=2) < INK]
    if len(ink) < 0.03 * cell.shape[0] * cell.shape[1]:
        return None
    blue, green, red = ink.astype(np.int16).mean(axis=0)
    return bool(blue - red > BLUE and blue >= green - 4)
