"""Pictures of a network as PNG: its answers over the plane, its weights, its mistakes."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from playground.problems.problem import Floats, Samples
from playground.training.dense.frame import Frame
from playground.training.images import ImagePredictions
from playground.views.boundary import (
    field_picture,
    finer_field,
    palette,
    picture_palette,
    sample_columns,
)
from playground.views.images.tile_colours import colour_limit, value_indices
from playground.views.theme import LIGHT, Indices, masked_diverging_palette

SIDE = 720
FIELD_OPACITY = 0.8
"""How much of a colour the plane shows, so that the samples stand out."""
GAP = 2
COLUMNS = 10
MAX_TILES = 60

Colour = tuple[int, int, int]


def boundary(frame: Frame) -> bytes:
    """What the network answers over the plane, with the samples: `SIDE` pixels square."""
    classes = len(frame.classes)
    colours = _palette_bytes(palette(LIGHT, classes))
    shades = _palette_bytes(picture_palette(LIGHT, classes))
    finer = replace(frame, field=finer_field(frame))
    picture = _apply_palette(field_picture(finer, discretise=False)[::-1], shades)
    shown = Image.blend(Image.new("RGB", picture.size, "white"), picture, FIELD_OPACITY)
    shown = shown.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(shown)
    for samples, as_circles in ((frame.samples.test, False), (frame.samples.train, True)):
        if samples is not frame.samples.train or as_circles:
            _draw_samples(draw, frame, samples, colours, as_circles=as_circles)
    return _png(shown)


def tiles(weights: Floats) -> bytes:
    """The weights of first layers, (k, h, w), as small pictures side by side."""
    shown_weights = weights[:MAX_TILES]
    cells = value_indices(shown_weights, colour_limit(shown_weights))
    return _png(
        _scale_up(_apply_palette(_grid(cells, 0), _palette_bytes(masked_diverging_palette(LIGHT))))
    )


def mistakes(readings: ImagePredictions, classes: tuple[str, ...], max_count: int = 20) -> bytes:
    """Misclassified pictures, each with its predicted and its true class."""
    side, caption_height = 84, 34
    count = min(len(readings.pictures), max_count)
    rows = -(-count // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * side, rows * (side + caption_height)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number in range(count):
        x, y = number % COLUMNS * side, number // COLUMNS * (side + caption_height)
        ink = Image.fromarray(255 - readings.pictures[number]).resize((side - 4, side - 4))
        sheet.paste(ink, (x + 2, y + 2))
        predicted, right = classes[readings.predicted[number]], classes[readings.labels[number]]
        draw.text((x + 4, y + side - 2), f"read {predicted:.9}", fill=LIGHT.classes[4], font=font)
        draw.text((x + 4, y + side + 12), f"is {right:.11}", fill=LIGHT.ink, font=font)
    return _png(sheet)


def _draw_samples(
    draw: ImageDraw.ImageDraw,
    frame: Frame,
    samples: Samples,
    colours: npt.NDArray[np.uint8],
    *,
    as_circles: bool,
) -> None:
    columns = sample_columns(frame, samples)
    scale = SIDE / (frame.plane.high - frame.plane.low)
    for x, y, index in zip(columns["x"], columns["y"], columns["color"], strict=True):
        across, down = (x - frame.plane.low) * scale, (frame.plane.high - y) * scale
        box = (across - 7, down - 7, across + 7, down + 7)
        fill = f"#{bytes(colours[int(index)]).hex()}"
        if as_circles:
            draw.ellipse(box, fill=fill, outline=LIGHT.surface, width=2)
        else:
            draw.rectangle(box, fill=fill, outline=LIGHT.ink, width=2)


def _grid(cells: Indices, background: int) -> Indices:
    """Pictures (k, h, w) in rows of `COLUMNS`, with gaps."""
    count, high, wide = cells.shape
    rows = -(-count // COLUMNS)
    sheet = np.full((rows * (high + GAP), min(count, COLUMNS) * (wide + GAP)), background, np.uint8)
    for number, cell in enumerate(cells):
        y, x = number // COLUMNS * (high + GAP), number % COLUMNS * (wide + GAP)
        sheet[y : y + high, x : x + wide] = cell
    return sheet


def _apply_palette(indices: Indices, colours: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(colours[indices])


def _palette_bytes(names: list[str]) -> npt.NDArray[np.uint8]:
    """Colours as bytes, (256, 3); what is transparent is white."""
    opaque = ["#ffffff" if len(name) == 9 else name for name in names]
    return np.array([list(bytes.fromhex(name[1:])) for name in opaque], np.uint8)


def _scale_up(picture: Image.Image) -> Image.Image:
    times = max(1, SIDE // max(picture.size))
    size = (picture.width * times, picture.height * times)
    return picture.resize(size, Image.Resampling.NEAREST)


def _png(picture: Image.Image) -> bytes:
    packed = BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()
