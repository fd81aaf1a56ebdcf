"""Thumbnails of runs: decision boundaries, or the weights of the first layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache, singledispatch

import numpy as np
from PIL import Image

from playground.training.dense.frame import Frame
from playground.training.images import ImageFrame
from playground.training.sweeps import SweepFrame
from playground.views.boundary import field_picture, picture_palette
from playground.views.images.tile_colours import colour_limit, value_indices
from playground.views.images.weight_tiles import MODES, tile_values
from playground.views.populations.wall import palette as wall_palette
from playground.views.populations.wall import picture_indices
from playground.views.theme import LIGHT, Indices
from playground.views.theme import masked_diverging_palette as tile_palette

SIDE = 96
"""Pixels along each side of a thumbnail."""
TILES = 4
"""Weight tiles along each side; missing ones are blank."""


@singledispatch
def thumbnail(frame: object, side: int = SIDE) -> bytes:
    """Render a frame as a square PNG in the colours of the light theme.

    Parameters
    ----------
    frame
    side : int
        Pixels along each side. Tiles of weights have `SIDE` in any case: less would show nothing.
    """
    raise TypeError(f"There is no thumbnail of a {type(frame).__name__}.")


@thumbnail.register
def _(frame: Frame, side: int = SIDE) -> bytes:
    return png(
        np.flipud(field_picture(frame, discretise=False)),
        picture_palette(LIGHT, len(frame.classes)),
        side,
    )


@thumbnail.register
def _(frame: ImageFrame, side: int = SIDE) -> bytes:
    values = tile_values(frame.tiles, MODES[0])[: TILES**2]
    pictures = value_indices(values, colour_limit(values))
    pictures = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    blank = np.zeros((TILES**2, *pictures.shape[1:]), np.uint8)
    blank[: len(pictures)] = pictures
    rows = blank.reshape(TILES, TILES, *pictures.shape[1:]).swapaxes(1, 2)
    return png(rows.reshape(TILES * pictures.shape[1], -1), tile_palette(LIGHT))


@thumbnail.register
def _(frame: SweepFrame, side: int = SIDE) -> bytes:
    pictures = picture_indices(frame.runs)
    across = next(each for each in range(1, TILES + 1) if each**2 >= min(len(pictures), TILES**2))
    height = pictures.shape[1]
    blank = np.zeros((across**2, height, height), np.uint8)
    shown = pictures[: across**2, ::-1]
    blank[: len(shown)] = shown
    rows = blank.reshape(across, across, height, height).swapaxes(1, 2)
    return png(rows.reshape(across * height, -1), wall_palette(frame.runs, LIGHT), side)


def thumbnail_of_run(frame: SweepFrame, run: int) -> bytes:
    """Render one run of a sweep as a square PNG in the colours of the light theme."""
    picture = picture_indices(frame.runs)[run]
    return png(np.flipud(picture), wall_palette(frame.runs, LIGHT))


def png(indices: Indices, colours: Sequence[str], side: int = SIDE) -> bytes:
    """Encode palette indices of shape (height, width), top row first, as a square PNG."""
    picture = Image.fromarray(np.ascontiguousarray(indices)).convert("P")
    # Converting grey to "P" keeps the numbers as indices into the palette.
    picture.putpalette(_palette((*colours,)))
    file = io.BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()


@lru_cache
def _palette(colours: tuple[str, ...]) -> bytes:
    return b"".join(_rgb(each) for each in colours)


def _rgb(colour: str) -> bytes:
    """Red, green and blue of "#rrggbb"; of the theme's surface if the colour is transparent."""
    return bytes.fromhex(
        (LIGHT.surface if colour.endswith("00") and len(colour) == 9 else colour)[1:7]
    )
