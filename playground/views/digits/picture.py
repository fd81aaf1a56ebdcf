"""One picture, large, and what each of its pixels matters."""

from __future__ import annotations

from functools import lru_cache, partial

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.digits.frame import Numbers, Pixels
from playground.views.diagram.elements import Pictures
from playground.views.digits.grid import Grid, Size, arrange
from playground.views.digits.kept import Kept
from playground.views.digits.room import SIZE, bare, fitted, ink, rectangles, room
from playground.views.digits.sights import PictureSight
from playground.views.digits.tiles import inked
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import STEPS, Theme, value_index

PAPER = np.zeros((28, 28), np.uint8)
ONE: Numbers = np.zeros(1, np.int64)


def picture(sight: PictureSight, theme: Theme) -> LiveView:
    """A picture as the network sees it; over it, blue speaks for a class and orange against it.

    Its choice is `size`, the pixels it is shown in, which follow the browser by themselves.
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep), partial(columns, keep), sight, theme, properties=properties, size=SIZE
    )
    return fitted(view)


def draw(keep: Kept, sight: PictureSight, theme: Theme, size: Size) -> hv.Overlay:
    """Declare the picture, what matters, and the edge of the paper."""
    seen, matters, edge = columns(keep, sight, theme, size)
    return bare(
        Pictures(seen).opts(palette=ink(theme)),
        Pictures(matters).opts(palette=glaze(theme)),
        rectangles(edge),
    )


def columns(keep: Kept, sight: PictureSight, theme: Theme, size: Size) -> list[Columns]:
    """Columns of the picture, of what matters, and of the edge of the paper."""
    shown = PAPER if sight.picture is None else sight.picture
    overlay = None if sight.picture is None else sight.overlay
    grid = grid_of(shown, size)
    paper = keep(on_paper, shown, overlay is not None, grid)
    return [paper, keep(over_it, overlay, grid), grid.edges(ONE)]


def grid_of(picture: Pixels, size: Size) -> Grid:
    """Where the one picture stands."""
    height, width = picture.shape
    return arrange(1, (height, width), size, largest=min(size))


def on_paper(picture: Pixels, faint: bool, grid: Grid) -> Columns:
    """The ink; faint where something is laid over it."""
    return grid.image(inked(picture // 2 if faint else picture)[None])


def over_it(overlay: Floats | None, grid: Grid) -> Columns:
    """What matters, as indices into `glaze`."""
    values = np.zeros(grid.shape, np.float32) if overlay is None else overlay
    return grid.image(value_index(values, 1.0)[None])


@lru_cache(maxsize=4)
def glaze(theme: Theme) -> list[str]:
    """256 colours from orange through transparent to blue; see `theme.value_index`."""
    low, high = theme.classes[:2]
    strength = np.abs(np.linspace(-1, 1, STEPS)) ** 0.7
    return [
        f"{low if step < STEPS // 2 else high}{round(255 * share):02x}"
        for step, share in enumerate(strength)
    ]


def properties(sight: PictureSight, theme: Theme, size: Size) -> Properties:
    """Ranges and colours."""
    return {
        **room(size),
        "0.color_mapper.palette": ink(theme),
        "1.color_mapper.palette": glaze(theme),
        "2.glyph.line_color": theme.line,
    }
