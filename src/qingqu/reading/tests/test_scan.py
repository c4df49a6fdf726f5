"""Photographs and scans as they arrive: stamped, slanted, shaded, written on."""

import zlib
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from qingqu.reading.likeness import settled
from qingqu.reading.ocr import Read
from qingqu.reading.scan import read_scan
from qingqu.reading.sheet import sheet
from qingqu.reading.tests.papers_of import pdf

LEASE = (
    "#set par(justify: true, first-line-indent: (amount: 2em, all: true))\n"
    "第一条　甲方将集体农用地25.6亩出租给乙方使用，租期自2024年1月1日起至2043年12月31日止。\n\n"
    "第二条　租金每亩每年850元，合计人民币21,760.00元（大写：贰万壹仟柒佰陆拾元整）。\n\n"
    "#table(columns: 3, [年份], [单价], [租金], [2024], [850], [21,760.00], [2025], [892.5], [22,848.00])\n"
    "#box[承租方：#box(width: 8em, stroke: (bottom: 0.6pt))[]电话：]"
)


def page(scale=2.2):
    document = pypdfium2.PdfDocument(pdf(LEASE, page="a5"))
    picture = np.ascontiguousarray(document[0].render(scale=scale).to_numpy()[:, :, :3])
    document.close()
    return picture


def on_a_desk(picture, shadow=True):
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    placed = np.array([[60, 90], [width + 40, 40], [width + 90, height + 60], [30, height + 110]], np.float32)
    desk = np.full((height + 160, width + 150, 3), (50, 70, 90), np.uint8)
    matrix = cv2.getPerspectiveTransform(corners, placed)
    shot = cv2.warpPerspective(
        picture, matrix, desk.shape[1::-1], dst=desk, borderMode=cv2.BORDER_TRANSPARENT
    )
    if shadow:
        xs = np.linspace(0, 1, shot.shape[1], dtype=np.float32)
        shot = np.clip(shot * (1 - 0.45 / (1 + np.exp((xs - 0.5) * 40)))[None, :, None], 0, 255).astype(
            np.uint8
        )
    return shot, placed


def stamped(picture):
    height, width = picture.shape[:2]
    layer = np.full(picture.shape, 255, np.uint8)
    cv2.circle(layer, (width // 2, height // 5), width // 8, (50, 40, 215), 6)
    cv2.circle(layer, (width // 2, height // 5), width // 22, (50, 40, 215), -1)
    return (picture.astype(np.uint16) * layer // 255).astype(np.uint8)


def test_a_seal_over_the_text_takes_nothing_away():
    document = read_scan([stamped(page())])
    text = document.flow().text
    assert "25.6亩出租给乙方使用，租期自2024年1月1日起至2043年12月31日止" in text
    assert "21,760.00元（大写：贰万壹仟柒佰陆拾元整）" in text
    assert "seal" in [note.code for note in document.notes]


def test_the_table_of_a_photograph_keeps_its_rows_and_cells():
    shot, _ = on_a_desk(page())
    lines = read_scan([shot]).flow().text.splitlines()
    assert "2024\t850\t21,760.00" in lines
    assert "2025\t892.5\t22,848.00" in lines


def test_boxes_lie_over_the_photograph_as_it_was_sent():
    shot, _ = on_a_desk(page(), shadow=False)
    pages = read_scan([shot]).pages
    assert (pages[0].width, pages[0].height) == (shot.shape[1], shot.shape[0])
    start = pages[0].text.index("850元")
    x0, y0, x1, y1 = pages[0].box_of(start, start + 3)
    part = shot[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]
    assert part.min() < 90
    assert part.max() > 200
    assert x1 - x0 < 0.2 * shot.shape[1]


def test_an_unfilled_line_is_a_blank_and_a_pen_is_seen():
    clean = page()
    found = read_scan([clean]).pages[0]
    blank = next(run for run in found.runs if run.blank)
    assert found.text[blank.start : blank.end].startswith("＿＿")
    x0, y0, _, y1 = (int(each) for each in blank.box)
    image = Image.fromarray(clean[:, :, ::-1])
    font = ImageFont.truetype(
        str(next(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))), int((y1 - y0) * 0.9)
    )
    ImageDraw.Draw(image).text((x0 + 12, y0 - 2), "王建国", font=font, fill=(40, 60, 170))
    document = read_scan([np.ascontiguousarray(np.asarray(image)[:, :, ::-1])])
    assert document.needs_person
    assert any(note.code == "handwriting" and "王建国" in note.quoted for note in document.notes)
    flow = document.flow()
    start = flow.text.index("王建国")
    assert flow.handwritten(start, start + 3)
    assert flow.confidence(start, start + 3) <= 0.5
    printed = flow.text.index("25.6")
    assert not flow.handwritten(printed, printed + 4)


def test_the_sheet_is_found_under_a_shadow_and_nothing_is_found_where_there_is_none():
    shot, placed = on_a_desk(page())
    assert np.abs(sheet(shot) - placed).max() < 12
    assert sheet(page()) is None
    grain = np.random.default_rng(zlib.crc32(b"grain")).integers(0, 255, (600, 400, 3), dtype=np.uint8)
    assert sheet(grain) is None


def test_what_is_too_small_to_read_is_doubted_or_told():
    small = cv2.resize(page(), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    document = read_scan([small])
    assert document.needs_person


def read(text, scores=None, rivals=None, middles=None):
    signs = tuple(text)
    return Read(
        signs, tuple(scores or [0.99] * len(signs)),
        tuple(middles or [(index + 0.5) / len(signs) for index in range(len(signs))]),
        tuple(rivals or [("", 0.0)] * len(signs)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "said", "doubted"),
    [
        ("租金(每亩)800元", "租金（每亩）800元", ""),
        ("2O24年", "2024年", "0"),
        ("25.6苗", "25.6亩", "亩"),
        ("第-条", "第一条", "一"),
        ("2024—2028", "2024-2028", ""),
        ("合计21,760.00元", "合计21,760.00元", ""),
        ("合计21.760.00元", "合计21.760.00元", ".."),
        ("共1.024亩", "共1.024亩", "."),
        ("地 25 亩", "地25亩", ""),
        ("方：签訂日期地点", "方：签订日期地点", ""),
        ("每亩人民币貳佰元整", "每亩人民币贰佰元整", "贰"),
    ],
)
def test_look_alikes_are_settled_by_their_neighbours_and_doubted(seen, said, doubted):
    result = settled(read(seen))
    assert result.text == said
    assert (
        "".join(sign for sign, score in zip(result.signs, result.scores, strict=True) if score <= 0.5)
        == doubted
    )


def test_a_gap_between_digits_is_doubted():
    middles = [0.05, 0.15, 0.25, 0.45, 0.55, 0.65]
    result = settled(read("124789", middles=middles))
    assert [score <= 0.5 for score in result.scores] == [False, False, True, True, False, False]
