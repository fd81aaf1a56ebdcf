"""Pictures of a network as PNG: its answers over the plane, its weights, its mistakes."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from playground.problems.problem import Floats, Samples
from playground.training.digits import Readings
from playground.training.frame import Frame
from playground.views.boundary import field_picture, palette, sample_columns
from playground.views.digits.tiles import shaded, strongest
from playground.views.theme import LIGHT, Indices, mosaic

SIDE = 720
STRENGTH = 0.8
"""How much of a colour the plane shows, so that the samples stand out."""
GAP = 2
ACROSS = 10
MOST_TILES = 60

Colour = tuple[int, int, int]


def boundary(frame: Frame) -> bytes:
    """What the network answers over the plane, with the samples: `SIDE` pixels square."""
    colours = _colours(palette(frame, LIGHT))
    picture = _coloured(field_picture(frame, discretise=False)[::-1], colours)
    shown = Image.blend(Image.new("RGB", picture.size, "white"), picture, STRENGTH)
    shown = shown.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(shown)
    for samples, round_ in ((frame.samples.test, False), (frame.samples.train, True)):
        if samples is not frame.samples.train or round_:
            _dots(draw, frame, samples, colours, round_=round_)
    return _png(shown)


def tiles(weights: Floats) -> bytes:
    """The weights of first layers, (k, h, w), as small pictures side by side."""
    some = weights[:MOST_TILES]
    cells = shaded(some, strongest(some))
    return _png(_enlarged(_coloured(_grid(cells, 0), _colours(mosaic(LIGHT)))))


def mistakes(readings: Readings, classes: tuple[str, ...], most: int = 20) -> bytes:
    """Pictures that were read wrongly, each with what it was taken for and what it is."""
    side, words = 84, 34
    count = min(len(readings.pictures), most)
    rows = -(-count // ACROSS)
    sheet = Image.new("RGB", (ACROSS * side, rows * (side + words)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number in range(count):
        x, y = number % ACROSS * side, number // ACROSS * (side + words)
        ink = Image.fromarray(255 - readings.pictures[number]).resize((side - 4, side - 4))
        sheet.paste(ink, (x + 2, y + 2))
        said, right = classes[readings.said[number]], classes[readings.labels[number]]
        draw.text((x + 4, y + side - 2), f"read {said:.9}", fill=LIGHT.classes[4], font=font)
        draw.text((x + 4, y + side + 12), f"is {right:.11}", fill=LIGHT.ink, font=font)
    return _png(sheet)


def _dots(
    draw: ImageDraw.ImageDraw,
    frame: Frame,
    samples: Samples,
    colours: npt.NDArray[np.uint8],
    *,
    round_: bool,
) -> None:
    columns = sample_columns(frame, samples)
    scale = SIDE / (frame.plane.high - frame.plane.low)
    for x, y, index in zip(columns["x"], columns["y"], columns["color"], strict=True):
        across, down = (x - frame.plane.low) * scale, (frame.plane.high - y) * scale
        box = (across - 7, down - 7, across + 7, down + 7)
        fill = f"#{bytes(colours[int(index)]).hex()}"
        if round_:
            draw.ellipse(box, fill=fill, outline=LIGHT.surface, width=2)
        else:
            draw.rectangle(box, fill=fill, outline=LIGHT.ink, width=2)


def _grid(cells: Indices, paper: int) -> Indices:
    """Pictures (k, h, w) in rows of `ACROSS`, with gaps."""
    count, high, wide = cells.shape
    rows = -(-count // ACROSS)
    sheet = np.full((rows * (high + GAP), min(count, ACROSS) * (wide + GAP)), paper, np.uint8)
    for number, cell in enumerate(cells):
        y, x = number // ACROSS * (high + GAP), number % ACROSS * (wide + GAP)
        sheet[y : y + high, x : x + wide] = cell
    return sheet


def _coloured(indices: Indices, colours: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(colours[indices])


def _colours(names: list[str]) -> npt.NDArray[np.uint8]:
    """Colours as bytes, (256, 3); what is transparent is white."""
    opaque = ["#ffffff" if len(name) == 9 else name for name in names]
    return np.array([list(bytes.fromhex(name[1:])) for name in opaque], np.uint8)


def _enlarged(picture: Image.Image) -> Image.Image:
    times = max(1, SIDE // max(picture.size))
    size = (picture.width * times, picture.height * times)
    return picture.resize(size, Image.Resampling.NEAREST)


def _png(picture: Image.Image) -> bytes:
    packed = BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()
