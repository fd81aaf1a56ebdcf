"""The weights of the first layer: a tile for each unit, in one image."""

from __future__ import annotations

from typing import TypedDict, Unpack

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.images import ImageFrame, Tiles
from playground.views.diagram.elements import PaletteImages
from playground.views.figure import rectangles
from playground.views.images.layout.image_grid import ImageGrid, fit_grid
from playground.views.images.layout.pixel_figure import (
    pixel_axes,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.images.tile_colours import colour_limit, enlargement, value_indices
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
from playground.views.theme import Theme
from playground.views.theme import masked_diverging_palette as palette

MODES = ("Now", "Since start", "Since last epoch")
"""The weights themselves, or their change."""
GAP = 2


class WeightTileChoices(TypedDict):
    """The switches of the view; see `weight_tiles`."""

    mode: str
    selected: int | None
    size: Size


def weight_tiles(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view of the first layer's weights: blue is positive, orange negative, on one scale.

    Its choices are `mode` (one of `MODES`), `selected` (the index of the outlined tile, or None)
    and `size` in pixels, which follows the browser.
    """
    return pixel_view(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Weights of the first layer, a tile a unit",
        mode=MODES[0],
        selected=None,
    )


def tile_at(view: LiveView, x: float, y: float) -> int | None:
    """Return the index of the tile at a point of the view as it is shown now, or None."""
    return tile_grid(view.frame, view.choices["size"]).index_at(x, y)


def tile_grid(frame: ImageFrame, size: Size) -> ImageGrid:
    """Return the layout of the tiles."""
    count, height, width = frame.tiles.now.shape
    times = enlargement((height, width))
    return fit_grid(count, (height * times, width * times), size, gap=GAP, largest=120)


def draw(
    memo: Memo, frame: ImageFrame, theme: Theme, **choices: Unpack[WeightTileChoices]
) -> hv.Overlay:
    """Declare the tiles and the outline of the one that is selected."""
    tiles, outline = columns(memo, frame, theme, **choices)
    return without_axes(
        PaletteImages(tiles).opts(palette=palette(theme)), rectangles(outline).opts(line_width=2.5)
    )


def columns(
    memo: Memo, frame: ImageFrame, theme: Theme, **choices: Unpack[WeightTileChoices]
) -> list[Columns]:
    """Return the columns of the tiles and of the outline."""
    grid, selected = tile_grid(frame, choices["size"]), choices["selected"]
    exists = selected is not None and selected < grid.count
    which = np.array([selected] if exists else [], np.int64)
    return [memo(tile_columns, frame.tiles, choices["mode"], grid), grid.edges(which)]


def tile_columns(tiles: Tiles, mode: str, grid: ImageGrid) -> Columns:
    """Return all tiles as columns of `PaletteImages`."""
    values = tile_values(tiles, mode)
    return grid.image_columns(value_indices(values, colour_limit(values)))


def tile_values(tiles: Tiles, mode: str) -> Floats:
    """Return what one of `MODES` shows, shape (k, h, w)."""
    if mode == "Since start":
        return tiles.since_start
    return tiles.since_last_epoch if mode == "Since last epoch" else tiles.now


def properties(frame: ImageFrame, theme: Theme, **choices: Unpack[WeightTileChoices]) -> Properties:
    """Return ranges and colours."""
    return {
        **pixel_axes(choices["size"]),
        "0.color_mapper.palette": palette(theme),
        "1.glyph.line_color": theme.ink,
    }
