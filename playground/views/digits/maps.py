"""What a layer makes of a picture: its maps, or its numbers, as tiles."""

from __future__ import annotations

from functools import partial

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.views.diagram.elements import Pictures
from playground.views.digits.grid import Size, arrange
from playground.views.digits.kept import Kept
from playground.views.digits.room import SIZE, bare, fitted, room
from playground.views.digits.sights import MapsSight
from playground.views.digits.tiles import shaded, strongest
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme, mosaic


def feature_maps(sight: MapsSight, theme: Theme) -> LiveView:
    """All maps of one layer, blue for plus and orange for minus, on one scale.

    Its choices are `layer` (the number of one of the sight's layers; a layer that is not there
    shows nothing) and `size`, the pixels it is shown in, which follow the browser by themselves.
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep),
        partial(columns, keep),
        sight,
        theme,
        properties=properties,
        layer=0,
        size=SIZE,
    )
    return fitted(view)


def draw(keep: Kept, sight: MapsSight, theme: Theme, layer: int, size: Size) -> hv.Overlay:
    """Declare the maps."""
    (maps,) = columns(keep, sight, theme, layer, size)
    return bare(Pictures(maps).opts(palette=mosaic(theme)))


def columns(keep: Kept, sight: MapsSight, theme: Theme, layer: int, size: Size) -> list[Columns]:
    """Columns of the maps."""
    return [keep(tiled, sight, layer, size)]


def tiled(sight: MapsSight, layer: int, size: Size) -> Columns:
    """The maps of one layer as columns of `Pictures`."""
    values = maps_of(sight, layer)
    tiles = shaded(values, strongest(values))
    return arrange(len(tiles), tiles.shape[1:], size, largest=96).image(tiles)


def maps_of(sight: MapsSight, layer: int) -> Floats:
    """The maps of one layer, shape (k, h, w)."""
    known: tuple[Floats, ...] = tuple(maps for _, maps in sight.layers)
    return known[layer] if layer < len(known) else np.zeros((0, 28, 28), np.float32)


def properties(sight: MapsSight, theme: Theme, layer: int, size: Size) -> Properties:
    """Ranges and colours."""
    return {**room(size), "0.color_mapper.palette": mosaic(theme)}
