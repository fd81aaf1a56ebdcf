"""One picture, large, with an overlay such as the parts that decide about its prediction."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import holoviews as hv
import numpy as np
from scipy import ndimage

from playground.problems.problem import Floats
from playground.training.images.frame import Integers, Pixels
from playground.views.diagram.elements import PaletteImages
from playground.views.figure import rectangles
from playground.views.images.layout.image_grid import ImageGrid, fit_grid
from playground.views.images.layout.pixel_figure import (
    ink,
    pixel_axes,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.images.tile_colours import ink_indices
from playground.views.images.view_data import PictureData
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
from playground.views.theme import STEPS, Theme, value_index

BLANK = np.zeros((28, 28), np.uint8)
FIRST: Integers = np.zeros(1, np.int64)
FINENESS = 4
"""Points of the overlay along a side of a pixel: what it shows is no matter of single pixels."""


def picture(data: PictureData, theme: Theme) -> LiveView:
    """Return a view of a network input; in the overlay blue is positive and orange negative.

    Its choice is `size` in pixels, which follows the browser.
    """
    return pixel_view(
        draw,
        columns,
        data,
        theme,
        properties=properties,
        alt="The picture that the network gets",
    )


def draw(memo: Memo, data: PictureData, theme: Theme, size: Size) -> hv.Overlay:
    """Declare the picture, the overlay, and the edge of the paper."""
    ink_image, overlay_image, edge = columns(memo, data, theme, size)
    return without_axes(
        PaletteImages(ink_image).opts(palette=ink(theme)),
        PaletteImages(overlay_image).opts(palette=overlay_palette(theme)),
        rectangles(edge),
    )


def columns(memo: Memo, data: PictureData, theme: Theme, size: Size) -> list[Columns]:
    """Return the columns of the picture, of the overlay, and of the edge of the paper."""
    shown = BLANK if data.picture is None else data.picture
    overlay = None if data.picture is None else data.overlay
    grid = grid_of(shown, size)
    paper = memo(ink_columns, shown, overlay is not None, grid)
    return [paper, memo(overlay_columns, overlay, grid), grid.edges(FIRST)]


def grid_of(picture: Pixels, size: Size) -> ImageGrid:
    """Return the layout of the picture."""
    height, width = picture.shape
    return fit_grid(1, (height, width), size, largest=min(size))


def ink_columns(picture: Pixels, faint: bool, grid: ImageGrid) -> Columns:
    """Return the picture's columns; half as dark if there is an overlay."""
    return grid.image_columns(ink_indices(picture // 2 if faint else picture)[None])


def overlay_columns(overlay: Floats | None, grid: ImageGrid) -> Columns:
    """Return the overlay as indices into `overlay_palette`."""
    values = np.zeros(grid.shape, np.float32) if overlay is None else overlay
    fine = ndimage.zoom(values, FINENESS, order=1, mode="nearest", grid_mode=True)
    fine_grid = replace(grid, shape=fine.shape, cell=grid.cell / FINENESS)
    return fine_grid.image_columns(value_index(fine, 1.0)[None])


@lru_cache(maxsize=4)
def overlay_palette(theme: Theme) -> list[str]:
    """Return 256 colours from orange through transparent to blue; see `theme.value_index`."""
    low, high = theme.classes[:2]
    strength = np.abs(np.linspace(-1, 1, STEPS)) ** 0.7
    return [
        f"{low if step < STEPS // 2 else high}{round(255 * share):02x}"
        for step, share in enumerate(strength)
    ]


def properties(data: PictureData, theme: Theme, size: Size) -> Properties:
    """Return ranges and colours."""
    return {
        **pixel_axes(size),
        "0.color_mapper.palette": ink(theme),
        "1.color_mapper.palette": overlay_palette(theme),
        "2.glyph.line_color": theme.line,
    }
