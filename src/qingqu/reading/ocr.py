"""Recognition of printed lines with the models that the `rapidocr` wheel carries (PP-OCRv6 small, Apache-2.0).

The models are run directly: nothing can be downloaded, and every character keeps its own probability, which a doubtful
digit must not lose. Pictures are arrays of height × width × 3, blue, green, red, 0 to 255.
"""

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

Picture = npt.NDArray[Any]
Quad = npt.NDArray[Any]  # 4 × 2: corners from the upper left clockwise

DETECT, RECOGNISE = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
ANGLE = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
LONG_SIDE = 1600  # of the picture that lines are looked for in
TALL = 48  # pixels: the height of a line as the model reads it
MAX_WIDE = 2400
BATCH_WIDTH = 6000  # columns of one batch
MIN_SCORE = 0.5
PIXEL, AREA, GROW = 0.3, 0.5, 1.6  # thresholds of the detector as its authors set them
RIVAL = 0.02


@dataclass(frozen=True, slots=True)
class Read:
    """A line as recognised: per character its sign, its probability, its middle as a share of the line's length, and
    the best other sign with its probability."""

    signs: tuple[str, ...]
    scores: tuple[float, ...]
    middles: tuple[float, ...]
    rivals: tuple[tuple[str, float], ...]

    @property
    def text(self) -> str:
        """The line."""
        return "".join(self.signs)


def models() -> Path:
    """The folder of the models inside the wheel; the package itself is not imported."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("rapidocr is not installed: the models for recognition are missing")
    return Path(spec.submodule_search_locations[0]) / "models"


@lru_cache(maxsize=4)
def session(name: str) -> Any:
    """A loaded model; loading takes a second or two."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = int(os.environ.get("QINGQU_READER_THREADS", "2"))
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(models() / name), options, providers=["CPUExecutionProvider"])


def warm() -> None:
    """Loads all models and runs each once."""
    blank = np.full((64, 320, 3), 255, np.uint8)
    find_lines(blank)
    read_lines([blank])
    upside_down([blank])


def find_lines(picture: Picture, long_side: int = LONG_SIDE) -> list[Quad]:
    """The lines of print and writing in a picture, in its own pixels."""
    height, width = picture.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    tall, wide = (max(32, round(side * scale / 32) * 32) for side in (height, width))
    small = cv2.resize(picture, (wide, tall), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    data = ((small.astype(np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None]
    model = session(DETECT)
    heat = model.run(None, {model.get_inputs()[0].name: data})[0][0, 0]
    mask = cv2.dilate((heat > PIXEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours[:1000]:
        rectangle = cv2.minAreaRect(contour)
        if min(rectangle[1]) < 3 or _mean(heat, contour) < AREA:
            continue
        corners = _grown(rectangle) * np.array([width / wide, height / tall], np.float32)
        corners[:, 0] = corners[:, 0].clip(0, width - 1)
        corners[:, 1] = corners[:, 1].clip(0, height - 1)
        found.append(corners)
    return found


def _mean(heat: npt.NDArray[Any], contour: Any) -> float:
    x, y, wide, tall = cv2.boundingRect(contour)
    mask = np.zeros((tall, wide), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y])], 1)
    return float(cv2.mean(heat[y : y + tall, x : x + wide], mask)[0])


def _grown(rectangle: Any) -> Quad:
    """The rectangle as large as the letters: the detector marks their core only."""
    (x, y), (wide, tall), angle = rectangle
    more = wide * tall * GROW / (2 * (wide + tall)) * 2
    return _ordered(cv2.boxPoints(((x, y), (wide + more, tall + more), angle)))


def _ordered(corners: npt.NDArray[Any]) -> Quad:
    by_x = corners[np.argsort(corners[:, 0])]
    left, right = by_x[:2], by_x[2:]
    (a, d), (b, e) = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.array([a, b, e, d], np.float32)


def cut(picture: Picture, quad: Quad) -> Picture:
    """A line straightened out of the picture; a line that stands upright is laid down."""
    wide = max(1, round(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))))
    tall = max(1, round(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))))
    target = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    line = cv2.warpPerspective(
        picture, matrix, (wide, tall), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC
    )
    return np.ascontiguousarray(np.rot90(line)) if tall >= 1.5 * wide else line


def upside_down(lines: Sequence[Picture]) -> list[float]:
    """The probability of each line of standing on its head."""
    if not lines:
        return []
    batch = np.zeros((len(lines), 3, TALL, 192), np.float32)
    for index, line in enumerate(lines):
        wide = min(192, max(1, round(line.shape[1] * TALL / line.shape[0])))
        batch[index, :, :, :wide] = _scaled(line, wide)
    model = session(ANGLE)
    return [float(each) for each in model.run(None, {model.get_inputs()[0].name: batch})[0][:, 1]]


def _scaled(line: Picture, wide: int) -> npt.NDArray[Any]:
    small = cv2.resize(
        line, (wide, TALL), interpolation=cv2.INTER_AREA if line.shape[0] > TALL else cv2.INTER_LINEAR
    )
    return ((small.astype(np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)


def read_lines(lines: Sequence[Picture]) -> list[Read]:
    """The lines as text, each on its own."""
    widths = [min(MAX_WIDE, max(16, round(line.shape[1] * TALL / line.shape[0]))) for line in lines]
    order = sorted(range(len(lines)), key=lambda index: widths[index])
    found: list[Read | None] = [None] * len(lines)
    while order:
        batch = [order.pop()]
        while order and (len(batch) + 1) * widths[batch[0]] <= BATCH_WIDTH:
            batch.append(order.pop())
        wide = max(320, widths[batch[0]])
        data = np.zeros((len(batch), 3, TALL, wide), np.float32)
        for row, index in enumerate(batch):
            data[row, :, :, : widths[index]] = _scaled(lines[index], widths[index])
        model = session(RECOGNISE)
        for row, heat in enumerate(model.run(None, {model.get_inputs()[0].name: data})[0]):
            found[batch[row]] = _decoded(heat, widths[batch[row]] / wide)
    return [read for read in found if read is not None]


@lru_cache(maxsize=1)
def alphabet() -> tuple[str, ...]:
    """The signs that the model knows, in its order; the first is "nothing here", the last a space."""
    signs = session(RECOGNISE).get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *signs, " ")


def _decoded(heat: npt.NDArray[Any], filled: float) -> Read:
    """CTC: repeated signs are one, "nothing here" parts them. `filled`: the share of the columns that the line takes."""
    signs = alphabet()
    best = heat.argmax(axis=1)
    columns = len(best) * filled
    out: list[tuple[str, float, float, tuple[str, float]]] = []
    start = 0
    for end in range(1, len(best) + 1):
        if end < len(best) and best[end] == best[start]:
            continue
        code = int(best[start])
        if code:
            peak = start + int(heat[start:end, code].argmax())
            score = float(heat[peak, code])
            middle = min(1.0, ((start + end) / 2) / max(columns, 1))
            out.append((signs[code], score, middle, _rival(heat[peak], code, signs)))
        start = end
    if not out:
        return Read((), (), (), ())
    texts, scores, middles, rivals = zip(*out, strict=True)
    return Read(texts, scores, middles, rivals)


def _rival(column: npt.NDArray[Any], code: int, signs: tuple[str, ...]) -> tuple[str, float]:
    first, second = (int(each) for each in np.argpartition(column, -2)[-2:])
    other = first if second == code else second
    score = float(column[other])
    return (signs[other], score) if score >= RIVAL else ("", 0.0)
