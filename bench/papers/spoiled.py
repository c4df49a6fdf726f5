"""A clean picture of a page made into what arrives: scans, photographs, stamps, pens."""

import math
import random
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Picture = npt.NDArray[np.uint8]  # blue, green, red


def clean(page: Picture, r: random.Random) -> Picture:
    """As printed."""
    return page


def scanned(page: Picture, r: random.Random) -> Picture:
    """An office scanner: a little askew, grey, JPEG."""
    page = turned(page, r.uniform(-1.2, 1.2), 250)
    page = cv2.GaussianBlur(page, (3, 3), 0.7)
    return jpeg(noisy(page, r, 4), 70)


def coarse(page: Picture, r: random.Random) -> Picture:
    """A scan at half the resolution, pressed hard by a messenger."""
    small = cv2.resize(page, None, fx=0.58, fy=0.58, interpolation=cv2.INTER_AREA)
    return jpeg(small, 40)


def copied(page: Picture, r: random.Random) -> Picture:
    """The third copy of a copy: specks, thick or broken strokes."""
    blurred = cv2.GaussianBlur(noisy(page, r, 18), (5, 5), 1.1)
    grey = cv2.cvtColor(blurred, cv2.COLOR_BGR2GRAY)
    _, two = cv2.threshold(grey, r.choice((135, 160, 185)), 255, cv2.THRESH_BINARY)
    return cv2.cvtColor(cv2.GaussianBlur(two, (3, 3), 0.6), cv2.COLOR_GRAY2BGR)


def photographed(page: Picture, r: random.Random) -> Picture:
    """A phone over a desk: perspective, shadow, warm light, noise, JPEG."""
    height, width = page.shape[:2]
    shot = _desk(page, r, 0.05)
    shot = _lit(shot, r)
    shot = cv2.GaussianBlur(shot, (3, 3), 0.8)
    del height, width
    return jpeg(noisy(shot, r, 5), 75)


def photographed_badly(page: Picture, r: random.Random) -> Picture:
    """The same in a hurry: slanted, moved, dark on one side, curled."""
    shot = _lit(_curled(_desk(page, r, 0.10), r), r, 0.45)
    length = 5
    blur = np.zeros((length, length), np.float32)
    cv2.line(blur, (0, length // 2), (length - 1, length // 2 + r.choice((-1, 0, 1))), 1, 1)
    return jpeg(noisy(cv2.filter2D(shot, -1, blur / blur.sum()), r, 8), 55)


def stamped(page: Picture, r: random.Random) -> Picture:
    """Two red seals over the text."""
    for _ in range(2):
        page = seal(page, r, r.uniform(0.25, 0.75), r.uniform(0.15, 0.85))
    return page


def stamped_photograph(page: Picture, r: random.Random) -> Picture:
    """Seals, then a photograph."""
    return photographed(stamped(page, r), r)


def sideways(page: Picture, r: random.Random) -> Picture:
    """A photograph laid on its side or its head."""
    return np.ascontiguousarray(np.rot90(photographed(page, r), r.choice((1, 2, 3))))


KINDS: dict[str, Callable[[Picture, random.Random], Picture]] = {
    "clean": clean, "scanned": scanned, "coarse": coarse, "copied": copied, "photographed": photographed,
    "photographed_badly": photographed_badly, "stamped": stamped, "stamped_photograph": stamped_photograph,
    "sideways": sideways,
}  # fmt: skip


def turned(page: Picture, degrees: float, ground: int) -> Picture:
    """The page turned by some degrees."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(ground,) * 3)


def noisy(page: Picture, r: random.Random, strength: float) -> Picture:
    """Grain."""
    grain = np.random.default_rng(r.randrange(2**32)).normal(0, strength, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


def jpeg(page: Picture, quality: int) -> Picture:
    """What JPEG leaves."""
    return cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def _desk(page: Picture, r: random.Random, slant: float) -> Picture:
    height, width = page.shape[:2]
    tall, wide = int(height * 1.15), int(width * 1.2)
    ground = np.full((tall, wide, 3), (r.randint(40, 90), r.randint(50, 100), r.randint(60, 130)), np.uint8)
    x0, y0 = (wide - width) / 2, (tall - height) / 2
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array([x0, y0], np.float32)
    moved += np.array(
        [[r.uniform(-slant, slant) * width * 0.9, r.uniform(-slant, slant) * height * 0.6] for _ in range(4)],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return cv2.warpPerspective(
        page, matrix, (wide, tall), dst=ground, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_TRANSPARENT
    )


def _lit(page: Picture, r: random.Random, depth: float = 0.25) -> Picture:
    height, width = page.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = r.uniform(0, 2 * math.pi)
    along = (xs / width - 0.5) * math.cos(angle) + (ys / height - 0.5) * math.sin(angle)
    light = 1 - depth * (along + 0.5)
    edge = r.uniform(-0.3, 0.3)
    light *= 1 - depth * 0.8 / (1 + np.exp(-(along - edge) * 40))
    tint = np.array([r.uniform(0.78, 0.95), r.uniform(0.9, 0.98), 1.0], np.float32)
    return np.clip(page * light[:, :, None] * tint, 0, 255).astype(np.uint8)


def _curled(page: Picture, r: random.Random) -> Picture:
    height, width = page.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = r.uniform(4, 10) * np.sin(xs / width * math.pi * r.uniform(0.8, 1.6))
    return cv2.remap(page, xs, ys + bend.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def seal(page: Picture, r: random.Random, across: float, down: float, font: Path | None = None) -> Picture:
    """A round red seal of 42 mm with a star and a name, multiplied into the page as ink is."""
    height, width = page.shape[:2]
    size = int(width * 0.2)
    image = Image.new("L", (size, size), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, size - 4, size - 4), outline=0, width=max(3, size // 40))
    star = [(size / 2 + size * (0.13 if i % 2 == 0 else 0.05) * math.sin(i * math.pi / 5),
             size / 2 - size * (0.13 if i % 2 == 0 else 0.05) * math.cos(i * math.pi / 5)) for i in range(10)]  # fmt: skip
    draw.polygon(star, fill=0)
    lettering = ImageFont.truetype(str(font or "NotoSerifCJK-Bold.ttc"), size // 9)
    for index, sign in enumerate("青溪镇柳湾村经济合作社"):
        glyph = Image.new("L", (size // 7, size // 7), 255)
        ImageDraw.Draw(glyph).text((2, 0), sign, font=lettering, fill=0)
        angle = 130 - index * 26
        x, y = (
            size / 2 + size * 0.36 * math.cos(math.radians(angle)),
            size / 2 - size * 0.36 * math.sin(math.radians(angle)),
        )
        glyph = glyph.rotate(angle - 90, fillcolor=255)
        image.paste(glyph, (int(x - size / 14), int(y - size / 14)), Image.eval(glyph, lambda v: 255 - v))
    mark = (
        turned(cv2.cvtColor(np.asarray(image), cv2.COLOR_GRAY2BGR), r.uniform(-20, 20), 255)[:, :, 0].astype(
            np.float32
        )
        / 255
    )
    x0, y0 = int(across * (width - size)), int(down * (height - size))
    spotted = cv2.GaussianBlur(
        np.random.default_rng(r.randrange(2**32)).random((size, size)).astype(np.float32), (0, 0), 3
    )
    weight = (1 - mark) * np.clip(0.55 + (spotted - 0.5) * 3, 0.35, 0.95)
    ink = np.array([60, 45, r.randint(205, 235)], np.float32) / 255
    out = page.copy()
    part = out[y0 : y0 + size, x0 : x0 + size].astype(np.float32)
    out[y0 : y0 + size, x0 : x0 + size] = part * (1 - weight[:, :, None] * (1 - ink))
    return out


def written(
    page: Picture, r: random.Random, text: str, box: tuple[float, float, float, float], font: Path
) -> Picture:
    """Words in blue ink inside a box: each sign a little larger, lower, turned, as a hand does."""
    x0, y0, x1, y1 = box
    image = Image.fromarray(page[:, :, ::-1].copy())
    step = (x1 - x0) / max(1, sum(1.0 if ord(sign) > 255 else 0.6 for sign in text))
    x = x0
    for sign in text:
        size = int((y1 - y0) * r.uniform(0.95, 1.2))
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text(
            (size // 3, size // 4), sign, font=ImageFont.truetype(str(font), size), fill=r.randint(180, 240)
        )
        glyph = glyph.rotate(r.uniform(-8, 8), resample=Image.Resampling.BICUBIC)
        image.paste(
            (r.randint(20, 60), r.randint(40, 80), r.randint(130, 190)),
            (int(x - size / 3), int(y0 - size / 3.2 + r.uniform(-3, 2))),
            glyph,
        )
        x += step * (1.0 if ord(sign) > 255 else 0.6)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
