"""Strokes, and pictures of digits."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from playground.ink.drawing import Drawing

STEM = ([0.5, 0.5], [0.1, 0.9])
BAR = ([0.2, 0.8], [0.5, 0.5])


def draw(drawing: Drawing, *strokes: tuple[list[float], list[float]]) -> None:
    """Add whole strokes (xs, ys) to a drawing."""
    for xs, ys in strokes:
        drawing.begin(*zip(xs, ys, strict=True))


def file_of(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def two_ones() -> bytes:
    image = Image.new("L", (300, 200), 255)
    pen = ImageDraw.Draw(image)
    for across in (80, 220):
        pen.line([(across, 40), (across, 160)], fill=0, width=12)
    return file_of(image)
