"""A photograph laid over the approved page."""

import cv2
import numpy as np

from qingqu.reading.registration import register
from qingqu.reading.tests.test_scan import on_a_desk, page, stamped


def test_a_stamped_photograph_is_laid_over_its_page_and_boxes_follow():
    approved = page()
    shot, placed = on_a_desk(stamped(approved))
    found = register(approved, shot)
    assert found.certain
    assert found.likeness > 0.85
    height, width = approved.shape[:2]
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    assert np.abs(cv2.perspectiveTransform(corners, found.to_photo)[0] - placed).max() < 6
    x0, y0, x1, y1 = found.in_photo((0, 0, width, height))
    assert abs(x1 - placed[:, 0].max()) < 6
    assert abs(y0 - placed[:, 1].min()) < 6
    assert x0 < x1
    assert y0 < y1
    assert found.flat.shape == approved.shape


def test_a_photograph_on_its_head_is_turned():
    approved = page()
    found = register(approved, np.ascontiguousarray(approved[::-1, ::-1]))
    assert found.certain
    assert found.likeness > 0.95


def test_one_changed_digit_leaves_the_registration_and_shows_in_the_flat_picture():
    approved = page()
    changed = approved.copy()
    height, width = approved.shape[:2]
    spot = (slice(height // 8, height // 8 + 14), slice(width // 3, width // 3 + 12))
    changed[spot] = 0
    found = register(approved, on_a_desk(changed, shadow=False)[0])
    assert found.certain
    assert found.flat[spot].mean() < 110


def test_another_paper_is_not_laid_over():
    approved = page()
    noise = np.random.default_rng(3).integers(0, 255, approved.shape, dtype=np.uint8)
    blank = np.full_like(approved, 255)
    for photo in (noise, blank):
        found = register(approved, photo)
        assert found is None or not found.certain
