"""The output of a layer for one picture, as tiles."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.views.diagram.elements import PaletteImages
from playground.views.images.layout.image_grid import fit_grid
from playground.views.images.layout.pixel_figure import (
    pixel_axes,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.images.tile_colours import colour_limit, value_indices
from playground.views.images.view_data import FeatureMapsData
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
from playground.views.theme import Theme, masked_diverging_palette


def feature_map_tiles(data: FeatureMapsData, theme: Theme) -> LiveView:
    """Return a view of the maps of one layer: blue is positive, orange negative, on one scale.

    Its choices are `layer` (an index into `data.layers`; one that does not exist shows nothing)
    and `size` in pixels, which follows the browser.
    """
    return pixel_view(
        draw,
        columns,
        data,
        theme,
        properties=properties,
        alt="Feature maps of a layer",
        layer=0,
    )


def draw(memo: Memo, data: FeatureMapsData, theme: Theme, layer: int, size: Size) -> hv.Overlay:
    """Declare the maps."""
    (maps,) = columns(memo, data, theme, layer, size)
    return without_axes(PaletteImages(maps).opts(palette=masked_diverging_palette(theme)))


def columns(
    memo: Memo, data: FeatureMapsData, theme: Theme, layer: int, size: Size
) -> list[Columns]:
    """Return the columns of the maps."""
    return [memo(tile_columns, data, layer, size)]


def tile_columns(data: FeatureMapsData, layer: int, size: Size) -> Columns:
    """Return the maps of one layer as columns of `PaletteImages`."""
    values = layer_maps(data, layer)
    tiles = value_indices(values, colour_limit(values))
    return fit_grid(len(tiles), tiles.shape[1:], size, largest=96).image_columns(tiles)


def layer_maps(data: FeatureMapsData, layer: int) -> Floats:
    """Return the maps of one layer, shape (k, h, w)."""
    all_maps: tuple[Floats, ...] = tuple(maps for _, maps in data.layers)
    return all_maps[layer] if layer < len(all_maps) else np.zeros((0, 28, 28), np.float32)


def properties(data: FeatureMapsData, theme: Theme, layer: int, size: Size) -> Properties:
    """Return ranges and colours."""
    return {**pixel_axes(size), "0.color_mapper.palette": masked_diverging_palette(theme)}
