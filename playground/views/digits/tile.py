"""One unit of the first layer, large, and the pictures that excite it most."""

from __future__ import annotations

from functools import partial

import holoviews as hv

from playground.training.digits import Tiles
from playground.training.digits.frame import Pixels
from playground.views.diagram.elements import Pictures
from playground.views.digits.grid import Size, arrange
from playground.views.digits.kept import Kept
from playground.views.digits.mosaic import MODES, weights
from playground.views.digits.room import SIZE, bare, fitted, ink, room
from playground.views.digits.sights import TileSight
from playground.views.digits.tiles import inked, shaded, strongest
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme, mosaic

BETWEEN = 14.0
"""Pixels between the tile and the pictures."""


def tile(sight: TileSight, theme: Theme) -> LiveView:
    """The unit's weights on the left, the pictures it looks for on the right.

    Its choices are `mode` (one of `mosaic.MODES`) and `size`, the pixels it is shown in, which
    follow the browser by themselves.
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep),
        partial(columns, keep),
        sight,
        theme,
        properties=properties,
        mode=MODES[0],
        size=SIZE,
    )
    return fitted(view)


def draw(keep: Kept, sight: TileSight, theme: Theme, mode: str, size: Size) -> hv.Overlay:
    """Declare the tile and the pictures."""
    unit, exciting = columns(keep, sight, theme, mode, size)
    return bare(
        Pictures(unit).opts(palette=mosaic(theme)), Pictures(exciting).opts(palette=ink(theme))
    )


def columns(keep: Kept, sight: TileSight, theme: Theme, mode: str, size: Size) -> list[Columns]:
    """Columns of the tile and of the pictures."""
    return [
        keep(large, sight.tiles, sight.unit, mode, size),
        keep(beside, sight.exciting, size),
    ]


def large(tiles: Tiles, unit: int, mode: str, size: Size) -> Columns:
    """The unit's weights, on a scale of their own."""
    values = weights(tiles, mode)[unit : unit + 1]
    indices = shaded(values, strongest(values))
    return arrange(len(indices), indices.shape[1:], (side(size), size[1]), largest=size[1]).image(
        indices
    )


def beside(pictures: Pixels, size: Size) -> Columns:
    """The pictures in what room is left."""
    left = side(size) + BETWEEN
    free = (size[0] - left, size[1])
    columns = arrange(len(pictures), pictures.shape[1:], free).image(inked(pictures))
    return {**columns, "x": [columns["x"][0] + left]}


def side(size: Size) -> float:
    """Of the square that the tile gets."""
    return min(size[1], 0.42 * size[0])


def properties(sight: TileSight, theme: Theme, mode: str, size: Size) -> Properties:
    """Ranges and colours."""
    return {
        **room(size),
        "0.color_mapper.palette": mosaic(theme),
        "1.color_mapper.palette": ink(theme),
    }
