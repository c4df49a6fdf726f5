"""A scan or photograph made fit for recognition: upright, the sheet flat, even light, the seal's red gone.

`Prepared.back` maps places of the prepared picture to pixels of the picture as a viewer shows it (its EXIF turn
applied), so that boxes can be drawn over what people see.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from qingqu.domain.papers.pages import Box
from qingqu.reading.errors import Unreadable
from qingqu.reading.ocr import Picture
from qingqu.reading.sheet import flattened, sheet

Matrix = npt.NDArray[Any]  # 3 × 3, acts on (x, y, 1)

MAX_PIXELS = 120_000_000
LONG_SIDE = 2400  # pixels of the longer side that recognition gets: A4 at 200 dots an inch has 2,339
SMALL = 400  # of the shorter side: below, letters have too few pixels
RED = 28  # by how much red exceeds green and blue in the ink of a seal, of 255, the light evened
BRIGHT = 130  # a seal's ink is light in red; a brown desk at the sheet's rim is not
SEAL_SHARE = 0.0004


@dataclass(slots=True)
class Prepared:
    """`colour`: even light, all inks; `ink`: without the seal's red, for reading. Both have the same size."""

    colour: Picture
    ink: Picture
    back: Matrix
    width: float
    height: float
    turned: int = 0
    sealed: bool = False

    def turn(self, quarter: int) -> "Prepared":
        """The same picture, turned by so many quarters clockwise."""
        if quarter % 4 == 0:
            return self
        codes = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
        tall, wide = self.ink.shape[:2]
        matrices = {
            1: [[0, 1, 0], [-1, 0, tall - 1], [0, 0, 1]],
            2: [[-1, 0, wide - 1], [0, -1, tall - 1], [0, 0, 1]],
            3: [[0, -1, wide - 1], [1, 0, 0], [0, 0, 1]],
        }
        code = codes[quarter % 4]
        return Prepared(
            cv2.rotate(self.colour, code), cv2.rotate(self.ink, code),
            self.back @ np.array(matrices[quarter % 4], np.float64), self.width, self.height,
            (self.turned + 90 * quarter) % 360, self.sealed,
        )  # fmt: skip

    def original(self, corners: npt.NDArray[Any]) -> Box:
        """The box, in pixels of the picture as shown, around some points of the prepared one."""
        points = np.column_stack([corners, np.ones(len(corners))]) @ self.back.T
        xs, ys = points[:, 0] / points[:, 2], points[:, 1] / points[:, 2]
        return (
            float(np.clip(xs.min(), 0, self.width)), float(np.clip(ys.min(), 0, self.height)),
            float(np.clip(xs.max(), 0, self.width)), float(np.clip(ys.max(), 0, self.height)),
        )  # fmt: skip


def frames(data: bytes, limit: int = 60) -> list[Picture]:
    """The pictures in an image file (several in a TIFF), upright by EXIF; raises Unreadable for what is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            _refuse_huge(image)
            count = min(getattr(image, "n_frames", 1), limit) if image.format == "TIFF" else 1
            found = []
            for index in range(count):
                image.seek(index)
                _refuse_huge(image)
                found.append(_array(image))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
    ) as error:
        raise Unreadable("图片不完整或已损坏，打不开；请重新拍照或扫描，再交上来。", code="broken") from error
    return found


def _refuse_huge(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise Unreadable(
            f"图片有 {image.width}×{image.height} 像素，太大了；请用 300 dpi 以内扫描，或缩小后再交上来。",
            code="too_large",
        )


def _array(image: Image.Image) -> Picture:
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        paper = Image.new("RGB", upright.size, "white")
        rgba = upright.convert("RGBA")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        upright = paper
    return np.ascontiguousarray(np.asarray(upright.convert("RGB"))[:, :, ::-1])


def prepare(picture: Picture, *, shown: tuple[float, float] | None = None) -> Prepared:
    """Evens the light, flattens the sheet and takes the seal's red away. `shown`: (width, height) in whose units
    places are told, if not the picture's own pixels."""
    height, width = picture.shape[:2]
    full_width, full_height = shown or (width, height)
    back: Matrix = np.diag([full_width / width, full_height / height, 1.0])
    corners = sheet(picture)
    if corners is not None:
        picture, matrix = flattened(picture, corners)
        back = back @ matrix
    picture, matrix = _sized(picture)
    colour = evened(picture)
    red = _reddish(colour)
    solid = cv2.morphologyEx(red.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    sealed = float(solid.mean()) > SEAL_SHARE
    ink = without_red(colour, red) if sealed else colour
    return Prepared(colour, ink, back @ matrix, full_width, full_height, sealed=sealed)


def _sized(picture: Picture) -> tuple[Picture, Matrix]:
    height, width = picture.shape[:2]
    scale = min(LONG_SIDE / max(height, width), 2.0)
    if 0.9 < scale < 1.15 or (scale > 1 and min(height, width) > 1000):
        return picture, np.eye(3)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how)
    return sized, np.diag([width / sized.shape[1], height / sized.shape[0], 1.0])


def evened(picture: Picture) -> Picture:
    """The picture as if lit evenly by white light: each channel divided by its own paper."""
    height, width = picture.shape[:2]
    scale = 300 / max(height, width)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(picture, np.maximum(paper, 40), scale=245)
    return np.asarray(even, np.uint8)


def _reddish(colour: Picture) -> npt.NDArray[Any]:
    blue, green, red = (colour[:, :, index].astype(np.int16) for index in range(3))
    return np.asarray((red > BRIGHT) & (red - green > RED) & (red - blue > RED * 0.6), np.bool_)


def without_red(colour: Picture, red: npt.NDArray[Any]) -> Picture:
    """The red channel as grey: a seal is as bright there as paper, print stays dark. What is still grey and red all
    over is raised to paper; black print under the seal has little red and stays."""
    channel = colour[:, :, 2]
    near = cv2.dilate(red.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    lifted = channel.copy()
    lifted[near & (channel > 120)] = 245
    soft = cv2.addWeighted(channel, 0.15, lifted, 0.85, 0)
    return np.ascontiguousarray(np.repeat(soft[:, :, None], 3, axis=2))
