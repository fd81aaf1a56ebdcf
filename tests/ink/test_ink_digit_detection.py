"""Digits in pictures of many kinds come out as the same 28×28 pixels."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from playground.errors import NoDigitError
from playground.ink.photos.digit_detection import detect_digits
from playground.ink.photos.reading_order import reading_order
from tests.support.data.photos import (
    FIVE,
    FOUR,
    ONE,
    SEVEN,
    ZERO,
    colourise,
    encode_image,
    page,
    photo,
    to_uint8,
)

PLACE = ((120, 60), 180)
INK = page((SEVEN, *PLACE))
EXPECTED = detect_digits(to_uint8(INK * 255)).found[0].pictures[0]
GREY = to_uint8(255 - 255 * INK)


def shifted_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """The greatest correlation of two pictures if one of them is moved by a pixel at most."""
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(
        float(np.corrcoef(np.roll(one, move, (0, 1)).ravel(), other.ravel())[0, 1])
        for move in moves
    )


def opaque(ink: np.ndarray, colour: int) -> np.ndarray:
    return np.dstack([np.full((*ink.shape, 3), colour), ink * 255]).astype(np.uint8)


def cast_shadow(ink: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(ink.shape)
    light = np.where(rows + columns / 2 > 240, 0.55, 1)[..., None]
    return to_uint8(colourise(ink, (225, 220, 210), (40, 40, 60)) * light)


def on_ruled_paper(ink: np.ndarray) -> np.ndarray:
    lines = np.zeros_like(ink)
    lines[10::40] = lines[11::40] = 0.5
    return photo(np.maximum(lines, ink))


def on_a_table(ink: np.ndarray) -> np.ndarray:
    table = np.full((500, 620, 3), 70.0)
    table[90:390, 110:510] = colourise(ink, (225, 220, 210), (40, 40, 70))
    return to_uint8(table)


def exif_rotated(ink: np.ndarray) -> bytes:
    exif = Image.Exif()
    exif[0x112] = 6
    return encode_image(np.rot90(photo(ink)), "JPEG", exif=exif)


KINDS = {
    "dark on light": GREY,
    "floats": 1 - INK,
    "from -1 to 1": INK * 2 - 1,
    "booleans": INK > 0.5,
    "sixteen bits": encode_image(GREY.astype(np.uint16) * 257),
    "one bit": encode_image(Image.fromarray(GREY).convert("1")),
    "palette": encode_image(Image.fromarray(photo(INK)).quantize(32), "GIF"),
    "CMYK": encode_image(Image.fromarray(photo(INK)).convert("CMYK"), "JPEG"),
    "WebP": encode_image(GREY, "WEBP"),
    "BMP": encode_image(GREY, "BMP"),
    "red on green of the same grey": to_uint8(colourise(INK, (0, 130, 0), (255, 0, 0))),
    "black on nothing": encode_image(opaque(INK, 0)),
    "white on nothing": encode_image(opaque(INK, 255)),
    "transparent edges": encode_image(
        np.dstack([GREY, GREY, GREY, np.pad(GREY[9:-9, 9:-9] * 0 + 255, 9)])
    ),
    "uneven light": photo(INK),
    "shadow": cast_shadow(INK),
    "ruled paper": on_ruled_paper(INK),
    "paper on a table": on_a_table(INK),
    "turned by its orientation": exif_rotated(INK),
    "tenfold size": np.kron(GREY, np.ones((10, 10), np.uint8)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_seven_is_the_same_in_every_kind_of_picture(kind):
    (found,) = detect_digits(KINDS[kind]).found
    assert max(shifted_correlation(picture, EXPECTED) for picture in found.pictures) > 0.93


@pytest.mark.parametrize("width", [3, 40])
def test_strokes_come_to_a_usual_width(width):
    (found,) = detect_digits(page((ZERO, *PLACE), width=width)).found
    across = found.pictures[0][14] / 255
    assert 1.2 < across.sum() / 2 < 5


def test_a_picture_as_mnist_has_them_comes_back():
    again = detect_digits(EXPECTED).found[0].pictures[0]
    assert shifted_correlation(again, EXPECTED) > 0.99


def test_boxes_are_in_pixels_of_the_upright_picture():
    detections = detect_digits(exif_rotated(INK))
    assert detections.size == (400, 300)
    rows, columns = np.nonzero(INK)
    drawn = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    assert detections.found[0].box == pytest.approx(drawn, abs=3)


def test_a_large_picture_keeps_its_own_pixels():
    detections = detect_digits(encode_image(np.kron(GREY, np.ones((6, 6), np.uint8)), "JPEG"))
    assert detections.size == (2400, 1800)
    rows, columns = np.nonzero(INK)
    drawn = 6 * columns.min(), 6 * rows.min(), 6 * columns.max() + 6, 6 * rows.max() + 6
    assert detections.found[0].box == pytest.approx(drawn, abs=12)


def test_digits_are_read_line_by_line():
    ink = page(
        (ONE, (300, 25), 100), (SEVEN, (40, 20), 100), (FOUR, (170, 30), 100),
        (ZERO, (200, 170), 100), (FIVE, (60, 175), 100), width=8,
    )  # fmt: skip
    found = detect_digits(photo(ink)).found
    alone = [detect_digits(page((shape, (150, 100), 100), width=8)) for shape in (SEVEN, FOUR, ONE)]
    assert [one.box[0] < 400 for one in found] == [True] * 5
    for one, expected in zip(found, alone, strict=False):
        assert shifted_correlation(one.pictures[0], expected.found[0].pictures[0]) > 0.8
    assert found[3].box[0] < found[4].box[0]
    # Uphill too, where a small digit stands before a large one.
    uphill = [(0, 190, 20, 210), (70, 156, 90, 216), (0, 240, 20, 260), (70, 206, 90, 266)]
    assert reading_order(np.array(uphill)) == [0, 1, 2, 3]


@pytest.mark.parametrize("width", [4, 10, 16])
def test_parts_of_one_digit_stay_together(width):
    assert len(detect_digits(page((FIVE, *PLACE), width=width)).found) == 1


def test_specks_are_no_digits():
    ink = INK.copy()
    ink[5:9, 5:9] = ink[280:290, 380:385] = 1
    assert len(detect_digits(photo(ink)).found) == 1


@pytest.mark.parametrize("side", [28, 60])
def test_a_tight_crop_is_read_whether_light_or_dark(side):
    whole = page((ZERO, *PLACE), width=32)
    rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
    tight = whole[rows[0] + 6 : rows[-1] - 5, columns[0] + 6 : columns[-1] - 5]
    small = np.asarray(Image.fromarray(to_uint8(tight * 255)).resize((side * 4 // 5, side)))
    expected = detect_digits(whole).found[0].pictures[0]
    for picture in (small, 255 - small):
        found = detect_digits(picture).found[0]
        assert max(shifted_correlation(one, expected) for one in found.pictures) > 0.6


@pytest.mark.parametrize(
    "blank",
    [
        np.zeros((28, 28)),
        np.full((300, 400, 3), 255, np.uint8),
        photo(np.zeros((300, 400))),
        np.zeros((1, 1)),
        np.zeros((50, 50, 4), np.uint8),
        np.linspace(0, 1, 200)[None] * np.ones((200, 1)),
    ],
    ids=["black", "white", "photo", "pixel", "nothing", "gradient"],
)
def test_a_blank_picture_has_no_digit(blank):
    with pytest.raises(NoDigitError, match="picture"):
        detect_digits(blank)


def lines(height: int, width: int, rows: slice, columns: slice, ink: int = 120) -> np.ndarray:
    """Return white paper with lines across and down."""
    paper = np.full((height, width), 255, np.uint8)
    paper[rows], paper[:, columns] = ink, ink
    return paper


NONE = slice(0)


@pytest.mark.parametrize(("height", "width"), [(60, 80), (400, 600), (1200, 900)])
@pytest.mark.parametrize(
    ("rows", "columns", "ink"),
    [
        (slice(5, None, 20), NONE, 120),
        (slice(5, None, 20), NONE, 0),
        (slice(30, 31), NONE, 0),
    ],
    ids=["ruled", "ruled in black", "one line"],
)
def test_lines_alone_are_no_digit(height, width, rows, columns, ink):
    with pytest.raises(NoDigitError, match=r"[nN]o digit"):
        detect_digits(lines(height, width, rows, columns, ink))


def test_squares_alone_are_no_digit():
    with pytest.raises(NoDigitError, match="No digit"):
        detect_digits(lines(1200, 900, slice(5, None, 60), slice(5, None, 60)))


@pytest.mark.parametrize(("height", "width"), [(60, 80), (400, 600), (1200, 900)])
def test_a_frame_is_no_digit_and_the_digit_in_it_is_one(height, width):
    paper = np.full((height, width), 255, np.uint8)
    margin, thick = height // 15, max(1, height // 100)
    paper[margin:-margin, margin:-margin] = 0
    paper[margin + thick : -margin - thick, margin + thick : -margin - thick] = 255
    with pytest.raises(NoDigitError, match="lines or frames"):
        detect_digits(paper)
    top, left = height // 3, width // 2
    paper[top:-top, left : left + max(3, height // 40)] = 0
    (found,) = detect_digits(paper).found
    assert found.box[1] > top - 5
    assert found.box[3] < height - top + 5


@pytest.mark.parametrize("height", [1, 2, 4])
@pytest.mark.parametrize("ink", ["white", "black", "dots", "noise"])
def test_a_picture_without_height_has_no_digit(height, ink):
    kinds = {
        "white": np.full(300, 255),
        "black": np.zeros(300),
        "dots": np.where(np.arange(300) % 7, 255, 0),
        "noise": np.random.default_rng(0).integers(0, 256, 300),
    }
    with pytest.raises(NoDigitError, match="high: a digit takes at least 5"):
        detect_digits(np.tile(kinds[ink].astype(np.uint8), (height, 1)))


@pytest.mark.fuzz
@given(
    size=st.tuples(st.integers(1, 130), st.integers(1, 130)),
    step=st.integers(4, 40),
    levels=st.tuples(st.integers(0, 255), st.integers(0, 255)),
    down=st.booleans(),
)
def test_no_pattern_of_lines_raises_anything_else(size, step, levels, down):
    picture = np.full(size, levels[0], np.uint8)
    picture[::step] = levels[1]
    if down:
        picture[:, ::step] = levels[1]
    with suppress(NoDigitError):
        detect_digits(picture)


def test_mirrored_light_makes_no_difference():
    mirrored = photo(INK[:, ::-1])[:, ::-1]
    image = ImageOps.expand(Image.fromarray(mirrored), 20, (120, 118, 112))
    assert shifted_correlation(detect_digits(image).found[0].pictures[0], EXPECTED) > 0.9
