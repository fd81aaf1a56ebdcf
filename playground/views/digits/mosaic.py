"""The weights of the first layer: all tiles in one picture."""

from __future__ import annotations

from functools import partial
from typing import TypedDict, Unpack

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.digits import ReaderFrame, Tiles
from playground.views.diagram.elements import Pictures
from playground.views.digits.grid import Grid, Size, arrange
from playground.views.digits.kept import Kept
from playground.views.digits.room import SIZE, bare, fitted, rectangles, room
from playground.views.digits.tiles import enlargement, shaded, strongest
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme
from playground.views.theme import mosaic as palette

MODES = ("Now", "Since start", "Since last epoch")
"""What can be shown of the weights: themselves, or what has changed."""
GAP = 2


class Choices(TypedDict):
    """The switches of the view; see `mosaic`."""

    mode: str
    selected: int | None
    size: Size


def mosaic(frame: ReaderFrame, theme: Theme) -> LiveView:
    """All tiles of the first layer, blue for plus and orange for minus, on one scale.

    Its choices are `mode` (one of `MODES`), `selected` (the number of a tile that is outlined,
    or None) and `size`, the pixels it is shown in, which follow the browser by themselves.
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep),
        partial(columns, keep),
        frame,
        theme,
        properties=properties,
        mode=MODES[0],
        selected=None,
        size=SIZE,
    )
    return fitted(view)


def tile_at(view: LiveView, x: float, y: float) -> int | None:
    """The number of the tile at a place in a mosaic as it is shown now, or None."""
    return grid_of(view.frame, view.choices["size"]).at(x, y)


def grid_of(frame: ReaderFrame, size: Size) -> Grid:
    """Where the tiles stand."""
    count, height, width = frame.tiles.now.shape
    times = enlargement((height, width))
    return arrange(count, (height * times, width * times), size, gap=GAP, largest=120)


def draw(keep: Kept, frame: ReaderFrame, theme: Theme, **choices: Unpack[Choices]) -> hv.Overlay:
    """Declare the tiles and the outline of the one that is selected."""
    tiles, outline = columns(keep, frame, theme, **choices)
    return bare(
        Pictures(tiles).opts(palette=palette(theme)), rectangles(outline).opts(line_width=2.5)
    )


def columns(
    keep: Kept, frame: ReaderFrame, theme: Theme, **choices: Unpack[Choices]
) -> list[Columns]:
    """Columns of the tiles and of the outline."""
    grid, selected = grid_of(frame, choices["size"]), choices["selected"]
    known = selected is not None and selected < grid.count
    which = np.array([selected] if known else [], np.int64)
    return [keep(picture, frame.tiles, choices["mode"], grid), grid.edges(which)]


def picture(tiles: Tiles, mode: str, grid: Grid) -> Columns:
    """All tiles as columns of `Pictures`."""
    values = weights(tiles, mode)
    return grid.image(shaded(values, strongest(values)))


def weights(tiles: Tiles, mode: str) -> Floats:
    """What is shown in one of `MODES`, shape (k, h, w)."""
    shown = {"Since start": tiles.start, "Since last epoch": tiles.last_epoch}
    return tiles.now - shown[mode] if mode in shown else tiles.now


def properties(frame: ReaderFrame, theme: Theme, **choices: Unpack[Choices]) -> Properties:
    """Ranges and colours."""
    return {
        **room(choices["size"]),
        "0.color_mapper.palette": palette(theme),
        "1.glyph.line_color": theme.ink,
    }
