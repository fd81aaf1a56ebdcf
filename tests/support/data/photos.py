"""Pictures of digits as people make them: drawn by the tests, so that the truth is known."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

SEVEN = [[(0.1, 0.1), (0.9, 0.1), (0.4, 0.95)]]
FOUR = [[(0.4, 0.05), (0.1, 0.6), (0.9, 0.6)], [(0.7, 0.35), (0.7, 0.95)]]
FIVE = [
    [(0.25, 0.16), (0.2, 0.5), (0.75, 0.6), (0.6, 0.95), (0.15, 0.85)],
    [(0.3, 0.03), (0.9, 0.03)],
]
ONE = [[(0.5, 0.05), (0.5, 0.95)]]
ZERO = [[(0.5 + 0.35 * np.sin(t), 0.5 - 0.45 * np.cos(t)) for t in np.linspace(0, 6.4, 40)]]

Shape = Sequence[Sequence[tuple[float, float]]]


def page(
    *digits: tuple[Shape, tuple[int, int], int],
    size: tuple[int, int] = (400, 300),
    width: int = 12,
) -> np.ndarray:
    """Return ink (h, w) from 0 to 1 of shapes, each at (left, top) and of a height in pixels."""
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    for shape, (left, top), height in digits:
        for stroke in shape:
            points = [(left + x * height, top + y * height) for x, y in stroke]
            draw.line(points, fill=255, width=width, joint="curve")
    return np.asarray(image, np.float32) / 255


def colourise(ink: np.ndarray, paper: Sequence[float], colour: Sequence[float]) -> np.ndarray:
    """Return ink (h, w) in a colour on paper of another, float (h, w, 3) from 0 to 255."""
    return np.asarray(paper) + (np.asarray(colour) - np.asarray(paper)) * ink[..., None]


def photo(ink: np.ndarray, grain: float = 4.0) -> np.ndarray:
    """Return uint8 (h, w, 3): blue ink on paper in light that falls off to two fifths."""
    light = np.linspace(0.4, 1, ink.shape[1])[:, None]
    noise = np.random.default_rng(0).normal(0, grain, (*ink.shape, 3))
    return to_uint8(colourise(ink, (225, 220, 210), (40, 40, 90)) * light + noise)


def to_uint8(picture: np.ndarray) -> np.ndarray:
    """Round to uint8."""
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def encode_image(picture: np.ndarray | Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return a picture as a file of the given kind."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
