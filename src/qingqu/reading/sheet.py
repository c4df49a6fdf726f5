"""The sheet of paper in a photograph: its four corners, if they are certain; the sheet laid flat."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from qingqu.reading.ocr import Picture

Corners = npt.NDArray[Any]  # 4 × 2, from the upper left clockwise
LOOK = 600  # pixels of the longer side of the picture that is looked at
SMALLEST, LARGEST = 0.2, 0.985  # share of the picture
BRIGHTER = 1.18  # how much brighter paper is than the ground beside it
CERTAIN = 0.8  # share of each edge along which it is


def sheet(picture: Picture) -> Corners | None:
    """The corners of a sheet before a darker ground; None where no such sheet is certain: then the picture is taken
    whole. Certain is what is brighter inside than outside along all of its edges, whatever shadow lies over both."""
    scale = LOOK / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = cv2.GaussianBlur(small.max(axis=2), (5, 5), 0)
    total = light.shape[0] * light.shape[1]
    best: tuple[int, float, Corners] | None = None
    for mask in _masks(light, small):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        if not contours:
            continue
        hull = cv2.convexHull(max(contours, key=cv2.contourArea))
        area = cv2.contourArea(hull)
        if not SMALLEST * total < area < LARGEST * total:
            continue
        corners = _four(hull)
        if corners is None or cv2.contourArea(corners) < 0.93 * area:
            continue
        edges = _bright_edges(light, corners)
        if edges >= 3 and (best is None or (edges, area) > best[:2]):
            best = (edges, area, corners)
    return None if best is None else best[2] / np.float32(scale)


def _masks(light: Any, small: Picture) -> Iterator[Any]:
    """Guesses of what is paper: by several levels of light, by colour against the ground at the picture's rim, and by
    edges."""
    level, _ = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    rim = np.concatenate([light[:4].ravel(), light[-4:].ravel(), light[:, :4].ravel(), light[:, -4:].ravel()])
    ground = float(np.median(rim))
    for threshold in (level, 0.8 * level, 1.15 * ground, 1.35 * ground, 1.7 * ground):
        yield _closed((light > threshold).astype(np.uint8))
    ratio = small.astype(np.float32).min(axis=2) / np.maximum(small.max(axis=2), 1)  # paper has little colour
    share = np.clip(ratio * 255, 0, 255).astype(np.uint8)
    limit, _ = cv2.threshold(share, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield _closed((share > limit).astype(np.uint8))
    edges = cv2.dilate(cv2.Canny(light, 20, 60), np.ones((3, 3), np.uint8))
    filled = np.zeros_like(light)
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if contours:
        cv2.drawContours(filled, [max(contours, key=cv2.contourArea)], -1, 1, cv2.FILLED)
        yield _closed(filled)


def _closed(mask: Any) -> Any:
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))


def _four(hull: Any) -> Corners | None:
    length = cv2.arcLength(hull, closed=True)
    for share in (0.01, 0.02, 0.03, 0.05, 0.07):
        shape = cv2.approxPolyDP(hull, share * length, closed=True)
        if len(shape) == 4:
            points = shape.reshape(4, 2).astype(np.float32)
            sums, differences = points.sum(axis=1), points[:, 1] - points[:, 0]
            order = [sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax()]
            return points[order] if len({int(each) for each in order}) == 4 else None
        if len(shape) < 4:
            return None
    return None


def _bright_edges(light: Any, corners: Corners) -> int:
    """How many edges part bright from dark; 0 if one does not. An edge along the picture's rim counts neither way."""
    height, width = light.shape
    centre = corners.mean(axis=0)
    free = 0
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        middle = (start + end) / 2
        inward = centre - middle
        inward = inward / (np.linalg.norm(inward) or 1.0)
        good = known = 0
        for share in np.linspace(0.06, 0.94, 40):
            point = start + (end - start) * share
            inside, outside = point + inward * 9, point - inward * 7
            if not (0 <= outside[0] < width and 0 <= outside[1] < height):
                continue
            known += 1
            paper, ground = (float(light[int(np.clip(y, 0, height - 1)), int(np.clip(x, 0, width - 1))])
                             for x, y in (inside, outside))  # fmt: skip
            good += paper > BRIGHTER * ground + 4
        if known >= 20:
            free += 1
            if good < CERTAIN * known:
                return 0
    return free


def flattened(picture: Picture, corners: Corners) -> tuple[Picture, npt.NDArray[Any]]:
    """The sheet as seen from straight above, and the matrix from there back to the picture."""
    a, b, c, d = corners
    wide = round(max(float(np.linalg.norm(b - a)), float(np.linalg.norm(c - d))))
    tall = round(max(float(np.linalg.norm(d - a)), float(np.linalg.norm(c - b))))
    target = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    flat = cv2.warpPerspective(
        picture, matrix, (wide, tall), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    return flat, np.linalg.inv(matrix)
