"""Digits on paper of many kinds: cut out tightly, in cells, uphill, pale, thin or soft."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from playground.errors import NoDigitError
from playground.ink.photos.digit_detection import detect_digits
from tests.support.data.photos import (
    FIVE,
    FOUR,
    ONE,
    SEVEN,
    ZERO,
    encode_image,
    page,
    photo,
    to_uint8,
)

TWO = [[(0.1, 0.25), (0.25, 0.05), (0.5, 0.05), (0.6, 0.25), (0.05, 0.95), (0.75, 0.95)]]
PLUS = [[(0.1, 0.5), (0.6, 0.5)], [(0.35, 0.25), (0.35, 0.75)]]
SHAPES = {"0": ZERO, "1": ONE, "2": TWO, "4": FOUR, "5": FIVE, "7": SEVEN, "+": PLUS}
TEMPLATES = {
    name: detect_digits(page((shape, (100, 60), 150))).found[0].pictures[0].astype(float)
    for name, shape in SHAPES.items()
}


def nearest_shape(picture: np.ndarray) -> str:
    """Return the shape whose picture correlates most with this one."""
    return max(
        TEMPLATES,
        key=lambda name: np.corrcoef(TEMPLATES[name].ravel(), picture.ravel())[0, 1],
    )


def shapes_in(picture: np.ndarray) -> str:
    return "".join(nearest_shape(one.pictures[0]) for one in detect_digits(picture).found)


def row(text: str, height: int = 60, step: int = 80, width: int = 6, rise: int = 0) -> np.ndarray:
    """Return ink of digits side by side on a page, each `rise` pixels above the one before."""
    top = 30 + rise * len(text)
    places = [(30 + step * at, top - rise * at) for at in range(len(text))]
    return page(
        *((SHAPES[name], place, height) for name, place in zip(text, places, strict=True)),
        size=(60 + step * len(text), top + height + 40),
        width=width,
    )


def dark(ink: np.ndarray) -> np.ndarray:
    return to_uint8(255 - 255 * ink)


def cut_out(ink: np.ndarray, margin: int = 0) -> np.ndarray:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return np.pad(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], margin)


def with_lines(ink: np.ndarray, *places: tuple[slice, slice]) -> np.ndarray:
    lined = ink.copy()
    for place in places:
        lined[place] = 1
    return lined


def with_type(ink: np.ndarray) -> np.ndarray:
    """Add eight small rings in a row below the digit."""
    rings = [(ZERO, (40 + 14 * at, ink.shape[0] - 24), 14) for at in range(8)]
    return np.maximum(ink, page(*rings, size=ink.shape[::-1], width=2))


def fading(ink: np.ndarray) -> np.ndarray:
    return ink * np.linspace(0.3, 1, ink.shape[1])


def soft(ink: np.ndarray) -> np.ndarray:
    return np.asarray(ndimage.gaussian_filter(np.pad(cut_out(ink), 4), 3.5))


APART = [[(0.3, 0.05), (0.05, 0.6), (0.5, 0.6)], [(0.65, 0.1), (0.62, 0.95)]]
KINDS = {
    "tight 7": (dark(cut_out(row("7", 150, 160, width=3))), "7"),
    "tight 22": (dark(cut_out(row("22", 120, 130, width=3), 1)), "22"),
    "tight ones": (dark(cut_out(row("11", 40, 24, width=5))), "11"),
    "tight number": (dark(cut_out(row("1045", 40, 40, width=5))), "1045"),
    "uphill": (dark(row("70425", 50, 60, width=5, rise=12)), "70425"),
    "cell": (photo(with_lines(row("5"), np.s_[:, 4:6], np.s_[3:5, :])), "5"),
    "broken line": (photo(with_lines(row("4"), np.s_[:70, 4:6], np.s_[70:, 6:8])), "4"),
    "underlined": (dark(with_lines(row("204"), np.s_[98:102, 25:260])), "204"),
    "small type": (dark(with_type(row("2", 100, 130))), "2"),
    "black and grey": (dark(row("4275") * np.where(np.arange(380) < 105, 1, 0.35)), "4275"),
    "paler to the left": (photo(fading(row("0275")), grain=1), "0275"),
    "strokes apart": (dark(page((APART, (100, 80), 100), width=8)), "4"),
    "plus": (dark(row("4+5")), "4+5"),
    "thin pen": (photo(row("2575", 30, 60, width=1), grain=1), "2575"),
    "soft": (photo(soft(row("0", 70, 100, width=12)), grain=1), "0"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_digits_are_found_on_every_kind_of_paper(kind):
    picture, expected = KINDS[kind]
    assert shapes_in(picture) == expected


@pytest.mark.parametrize("grain", [1, 4])
def test_a_blank_sheet_with_rules_and_a_margin_has_no_digit(grain):
    sheet = np.zeros((150, 200))
    sheet[10::25] = sheet[:, 30:31] = 0.8
    with pytest.raises(NoDigitError):
        detect_digits(photo(sheet, grain))


def test_a_moving_picture_whose_first_frame_is_empty():
    frames = [Image.new("L", (150, 150), 255), Image.fromarray(dark(row("5")))]
    frames[1] = frames[1].resize((150, 150))
    data = encode_image(frames[0], "GIF", save_all=True, append_images=frames[1:])
    detections = detect_digits(data)
    assert nearest_shape(detections.found[0].pictures[0]) == "5"
    assert "only its first picture with ink" in " ".join(detections.remarks)
