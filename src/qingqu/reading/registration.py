"""A photograph laid over the approved page that it should show: the way from one to the other, and how sure it is.

Both are pictures (blue, green, red). Marks in the print (SIFT) give candidates, MAGSAC the projection that most of them
agree on; what is left, curled and folded paper, is followed in a net of small patches. Nothing here decides whether the
papers are the same: a changed digit leaves the registration as good as before.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from qingqu.domain.papers.pages import Box
from qingqu.reading.ocr import Picture
from qingqu.reading.picture import LONG_SIDE, evened
from qingqu.reading.sheet import flattened, sheet

Matrix = npt.NDArray[Any]
LOOK = 1100  # pixels of the longer side in which marks are looked for
MARKS = 5000
RATIO = 0.8  # Lowe's test: the best match must be this much nearer than the second
NEAR = 4.0  # pixels at LOOK: a mark that lands within is one that agrees
FEWEST = 24
NET = (9, 12)  # patches across and down the page
REACH = 14  # pixels at LOOK: how far paper may have curled away
COVERED, ALIKE = 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Registration:
    """`to_photo`: approved pixels → pixels of the photograph (3 × 3). `flat`: the photograph as the approved page lies,
    its light evened, curls undone. `agreeing`: how many marks agree; `covered`: the share of the printed page on which
    any does; `likeness`: how well the ink coincides (−1 to 1); `shift`: what the net had to move, in approved pixels
    (rows × columns × 2)."""

    to_photo: Matrix
    flat: Picture
    agreeing: int
    covered: float
    likeness: float
    shift: npt.NDArray[Any]

    @property
    def certain(self) -> bool:
        """Whether the photograph surely shows a page laid out like the approved one."""
        return self.agreeing >= FEWEST and self.covered >= COVERED and self.likeness >= ALIKE

    def in_photo(self, box: Box) -> Box:
        """A box of the approved page, in pixels of the photograph."""
        corners = np.array(
            [[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]], np.float64
        )
        moved = cv2.perspectiveTransform(corners[None], self.to_photo)[0]
        (x0, y0), (x1, y1) = moved.min(axis=0), moved.max(axis=0)
        return float(x0), float(y0), float(x1), float(y1)


def register(approved: Picture, photo: Picture) -> Registration | None:
    """The photograph laid over the approved page; None where no projection agrees with enough marks."""
    page = evened(approved)
    corners = sheet(photo)
    flat, back = flattened(photo, corners) if corners is not None else (photo, np.eye(3))
    flat, scale = _within(flat, LONG_SIDE)
    back = back @ np.diag([1 / scale, 1 / scale, 1.0])
    shown = evened(flat)
    found = _projection(page, shown)
    if found is None and corners is not None:
        return register_whole(page, photo)
    return None if found is None else _finished(page, shown, back, *found)


def register_whole(page: Picture, photo: Picture) -> Registration | None:
    """The same without looking for a sheet first."""
    flat, scale = _within(photo, LONG_SIDE)
    shown = evened(flat)
    found = _projection(page, shown)
    return None if found is None else _finished(page, shown, np.diag([1 / scale, 1 / scale, 1.0]), *found)


def _within(picture: Picture, long_side: int) -> tuple[Picture, float]:
    scale = min(1.0, long_side / max(picture.shape[:2]))
    if scale == 1.0:
        return picture, 1.0
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), scale


def _projection(page: Picture, shown: Picture) -> tuple[Matrix, npt.NDArray[Any]] | None:
    """(page pixels → shown pixels, the page's marks that agree)."""
    small_page, page_scale = _within(_ink(page), LOOK)
    small_shown, shown_scale = _within(_ink(shown), LOOK)
    finder = cv2.SIFT.create(nfeatures=MARKS, contrastThreshold=0.03)
    page_marks, page_words = finder.detectAndCompute(small_page, None)
    shown_marks, shown_words = finder.detectAndCompute(small_shown, None)
    if page_words is None or shown_words is None or min(len(page_marks), len(shown_marks)) < FEWEST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(page_words, shown_words, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < FEWEST:
        return None
    here = np.array([page_marks[match.queryIdx].pt for match in good], np.float64)
    there = np.array([shown_marks[match.trainIdx].pt for match in good], np.float64)
    matrix, agree = cv2.findHomography(here, there, cv2.USAC_MAGSAC, NEAR, maxIters=5000, confidence=0.999)
    if matrix is None or int(agree.sum()) < FEWEST or not _sane(matrix, small_page.shape[:2]):
        return None
    full = np.diag([1 / shown_scale, 1 / shown_scale, 1.0]) @ matrix @ np.diag([page_scale, page_scale, 1.0])
    return full, here[agree.ravel() == 1] / page_scale


def _sane(matrix: Matrix, shape: tuple[int, int]) -> bool:
    """Whether the projection keeps a sheet a sheet: convex, not mirrored, not shrunk to nothing."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    moved = cv2.perspectiveTransform(corners, matrix)[0].astype(np.float32)
    area = cv2.contourArea(moved, oriented=True)
    return bool(cv2.isContourConvex(moved)) and area > 0.05 * width * height


def _finished(
    page: Picture, shown: Picture, back: Matrix, matrix: Matrix, marks: npt.NDArray[Any]
) -> Registration:
    height, width = page.shape[:2]
    flat = cv2.warpPerspective(
        shown, np.linalg.inv(matrix), (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    shift = _curls(_ink(page), _ink(flat))
    flat = _straightened(flat, shift)
    return Registration(
        back @ matrix,
        flat,
        len(marks),
        _coverage(_ink(page), marks),
        _likeness(_ink(page), _ink(flat)),
        shift,
    )


def _ink(picture: Picture) -> Picture:
    """The picture in grey, without red: a seal is no mark of the approved page."""
    return np.ascontiguousarray(picture[:, :, 2]) if picture.ndim == 3 else picture


def _coverage(page: Picture, marks: npt.NDArray[Any]) -> float:
    """The share of the net's patches with print that hold an agreeing mark."""
    height, width = page.shape
    across, down = NET
    printed = (
        cv2.resize((page < 140).astype(np.float32), (across, down), interpolation=cv2.INTER_AREA) > 0.004
    )
    seen = np.zeros((down, across), bool)
    columns = np.clip((marks[:, 0] * across / width).astype(int), 0, across - 1)
    rows = np.clip((marks[:, 1] * down / height).astype(int), 0, down - 1)
    seen[rows, columns] = True
    return float((seen & printed).sum() / max(1, printed.sum()))


def _likeness(page: Picture, flat: Picture) -> float:
    """How the ink of both coincides, strokes widened so that a pixel's shift does not matter."""
    blurred = [cv2.GaussianBlur(255 - cv2.resize(each, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), (0, 0), 2).astype(np.float32) for each in (page, flat)]  # fmt: skip
    first, second = (each - each.mean() for each in blurred)
    norm = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / norm if norm else 0.0


def _curls(page: Picture, flat: Picture) -> npt.NDArray[Any]:
    """How far each patch of the net lies off (rows × columns × 2: right, down), from where its print matches best; a
    patch without print, or without a clear answer, follows its neighbours."""
    small_page, scale = _within(page, LOOK)
    small_flat = cv2.resize(flat, small_page.shape[::-1], interpolation=cv2.INTER_AREA)
    height, width = small_page.shape
    across, down = NET
    shift = np.full((down, across, 2), np.nan)
    for row in range(down):
        for column in range(across):
            x0, x1 = column * width // across, (column + 1) * width // across
            y0, y1 = row * height // down, (row + 1) * height // down
            shift[row, column] = _patch(small_page, small_flat, (x0, y0, x1, y1))
    return _smooth(shift) / scale


def _patch(page: Picture, flat: Picture, place: tuple[int, int, int, int]) -> tuple[float, float]:
    x0, y0, x1, y1 = place
    patch = page[y0:y1, x0:x1]
    if float((patch < 140).mean()) < 0.01:
        return float("nan"), float("nan")
    left, top = max(0, x0 - REACH), max(0, y0 - REACH)
    around = flat[top : y1 + REACH, left : x1 + REACH]
    if around.shape[0] < patch.shape[0] or around.shape[1] < patch.shape[1]:
        return float("nan"), float("nan")
    match = cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(match)
    if best < 0.5:
        return float("nan"), float("nan")
    return float(x - (x0 - left)), float(y - (y0 - top))


def _smooth(shift: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The net without outliers: the median of each patch and its neighbours; unknown everywhere is no shift."""
    padded = np.pad(shift, ((1, 1), (1, 1), (0, 0)), constant_values=np.nan)
    smooth = np.zeros_like(shift)
    for row in range(shift.shape[0]):
        for column in range(shift.shape[1]):
            near = padded[row : row + 3, column : column + 3].reshape(-1, 2)
            known = near[~np.isnan(near[:, 0])]
            smooth[row, column] = np.median(known, axis=0) if len(known) >= 3 else (0.0, 0.0)
    return smooth


def _straightened(flat: Picture, shift: npt.NDArray[Any]) -> Picture:
    height, width = flat.shape[:2]
    if float(np.abs(shift).max()) < 0.75:
        return flat
    moved = cv2.resize(shift.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(
        flat, xs + moved[:, :, 0], ys + moved[:, :, 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
