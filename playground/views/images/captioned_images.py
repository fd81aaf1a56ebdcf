"""Pictures in rows, with a caption below each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import holoviews as hv
import numpy as np

from playground.training.images.frame import Integers, Pixels
from playground.views.diagram.elements import PaletteImages
from playground.views.diagram.labels import LETTER_WIDTH, shorten_to_width
from playground.views.figure import rectangles
from playground.views.images.layout.image_grid import ImageGrid, Shape, fit_grid
from playground.views.images.layout.pixel_figure import (
    ink,
    labels,
    pixel_axes,
    text_style,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.images.tile_colours import ink_indices
from playground.views.images.view_data import CaptionedImagesData
from playground.views.live_view import Columns, LiveView, Properties, ViewData
from playground.views.size_tracking import Size
from playground.views.theme import Theme

LINE_HEIGHT = 17
"""Height of a line of text in pixels."""
MIN_CAPTION_WIDTH, MAX_CAPTION_WIDTH = 46, 84
"""In pixels; the last pictures are left out if captions would be narrower."""
WRONG_COLOUR = 4
"""Index of the theme's colour for mistakes, as on the rest of the page."""

SelectImages = Callable[[ViewData], CaptionedImagesData]
"""Selects the pictures and captions of a frame."""


def captioned_images(
    data: ViewData, theme: Theme, select: SelectImages = lambda data: data
) -> LiveView:
    """Return a view of pictures in a grid; misclassified ones have a red frame and darker captions.

    Its choice is `size` in pixels, which follows the browser.

    Parameters
    ----------
    data : ViewData
        CaptionedImagesData, or the argument of `select`.
    theme : Theme
    select : callable
        Returns CaptionedImagesData.
    """
    return pixel_view(
        partial(draw, select),
        partial(columns, select),
        data,
        theme,
        properties=properties,
        alt="Pictures with their captions",
    )


def draw(select: SelectImages, memo: Memo, data: ViewData, theme: Theme, size: Size) -> hv.Overlay:
    """Declare pictures, frames around mistakes, captions of right and of wrong ones."""
    pictures, frames, right, wrong = columns(select, memo, data, theme, size)
    style = {"text_align": "center", "text_baseline": "top"}
    return without_axes(
        PaletteImages(pictures).opts(palette=ink(theme)),
        rectangles(frames).opts(line_width=1.5),
        labels(right, **style),
        labels(wrong, **style),
    )


def columns(
    select: SelectImages, memo: Memo, data: ViewData, theme: Theme, size: Size
) -> list[Columns]:
    """Return the columns of pictures, frames and captions."""
    shown = select(data)
    grid = memo(grid_of, len(shown.pictures), shown.pictures.shape[1:], shown.captions, size)
    wrong = shown.wrong[shown.wrong < grid.count]
    right = np.setdiff1d(np.arange(grid.count), wrong)
    return [
        memo(image_tile_columns, shown.pictures, grid),
        grid.edges(wrong),
        caption_columns(shown, grid, right),
        caption_columns(shown, grid, wrong),
    ]


def grid_of(count: int, shape: Shape, captions: tuple[str, ...], size: Size) -> ImageGrid:
    """Return the layout of as many pictures as have space for their captions."""
    lines = [line for caption in captions for line in caption.split("\n")]
    high = LINE_HEIGHT * max((caption.count("\n") + 1 for caption in captions), default=0)
    wide = (
        min(
            max(max(map(len, lines), default=0) * LETTER_WIDTH, MIN_CAPTION_WIDTH),
            MAX_CAPTION_WIDTH,
        )
        if lines
        else 0
    )
    grid = fit_grid(count, shape, size, caption=high)
    while grid.width < wide and count > 1:
        count -= 1
        grid = fit_grid(count, shape, size, caption=high)
    return grid


def image_tile_columns(pictures: Pixels, grid: ImageGrid) -> Columns:
    """Return the pictures as columns of `PaletteImages`."""
    return grid.image_columns(ink_indices(pictures[: grid.count]))


def caption_columns(data: CaptionedImagesData, grid: ImageGrid, which: Integers) -> Columns:
    """Return the captions of some of the pictures."""
    if not data.captions:
        which = which[:0]
    edges = grid.edges(which)
    return {
        "x": (edges["left"] + edges["right"]) / 2,
        "y": edges["bottom"] - 1,
        "text": [truncate_caption(data.captions[number], grid) for number in which],
    }


def truncate_caption(caption: str, grid: ImageGrid) -> str:
    """Shorten a caption to the width of a picture."""
    room = grid.step[1] * grid.cell
    return "\n".join(shorten_to_width(line, room) for line in caption.split("\n"))


def properties(data: ViewData, theme: Theme, size: Size) -> Properties:
    """Return ranges and colours."""
    return {
        **pixel_axes(size),
        "0.color_mapper.palette": ink(theme),
        "1.glyph.line_color": theme.classes[WRONG_COLOUR],
        **text_style(2, theme.muted),
        **text_style(3, theme.ink),
    }
