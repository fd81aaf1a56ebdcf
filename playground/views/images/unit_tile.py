"""One unit of the first layer, large, and the pictures that activate it most."""

from __future__ import annotations

import holoviews as hv

from playground.training.images import Tiles
from playground.training.images.frame import Pixels
from playground.views.diagram.elements import PaletteImages
from playground.views.images.layout.image_grid import fit_grid
from playground.views.images.layout.pixel_figure import (
    ink,
    pixel_axes,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.images.tile_colours import colour_limit, ink_indices, value_indices
from playground.views.images.view_data import UnitTileData
from playground.views.images.weight_tiles import MODES, tile_values
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
from playground.views.theme import Theme, masked_diverging_palette

GAP_WIDTH = 14.0
"""Pixels between the tile and the pictures."""


def unit_tile(data: UnitTileData, theme: Theme) -> LiveView:
    """Return a view of a unit's weights on the left and its top pictures on the right.

    Its choices are `mode` (one of `weight_tiles.MODES`) and `size` in pixels, which follows the
    browser.
    """
    return pixel_view(
        draw,
        columns,
        data,
        theme,
        properties=properties,
        alt="Weights of a unit, and the pictures that excite it most",
        mode=MODES[0],
    )


def draw(memo: Memo, data: UnitTileData, theme: Theme, mode: str, size: Size) -> hv.Overlay:
    """Declare the tile and the pictures."""
    unit, pictures = columns(memo, data, theme, mode, size)
    return without_axes(
        PaletteImages(unit).opts(palette=masked_diverging_palette(theme)),
        PaletteImages(pictures).opts(palette=ink(theme)),
    )


def columns(memo: Memo, data: UnitTileData, theme: Theme, mode: str, size: Size) -> list[Columns]:
    """Return the columns of the tile and of the pictures."""
    return [
        memo(tile_columns, data.tiles, data.unit, mode, size),
        memo(picture_columns, data.top_pictures, size),
    ]


def tile_columns(tiles: Tiles, unit: int, mode: str, size: Size) -> Columns:
    """Return the unit's weights as an image, on their own colour scale."""
    values = tile_values(tiles, mode)[unit : unit + 1]
    indices = value_indices(values, colour_limit(values))
    return fit_grid(
        len(indices), indices.shape[1:], (tile_side(size), size[1]), largest=size[1]
    ).image_columns(indices)


def picture_columns(pictures: Pixels, size: Size) -> Columns:
    """Place the pictures in the remaining space."""
    left = tile_side(size) + GAP_WIDTH
    free = (size[0] - left, size[1])
    columns = fit_grid(len(pictures), pictures.shape[1:], free).image_columns(ink_indices(pictures))
    return {**columns, "x": [columns["x"][0] + left]}


def tile_side(size: Size) -> float:
    """Return the side of the tile's square, in pixels."""
    return min(size[1], 0.42 * size[0])


def properties(data: UnitTileData, theme: Theme, mode: str, size: Size) -> Properties:
    """Return ranges and colours."""
    return {
        **pixel_axes(size),
        "0.color_mapper.palette": masked_diverging_palette(theme),
        "1.color_mapper.palette": ink(theme),
    }
