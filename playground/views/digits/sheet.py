"""Pictures in rows, with a few words below each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import holoviews as hv
import numpy as np

from playground.training.digits.frame import Numbers, Pixels
from playground.views.diagram.elements import Pictures
from playground.views.diagram.labels import LETTER, shorten
from playground.views.digits.grid import Grid, Shape, Size, arrange
from playground.views.digits.kept import Kept
from playground.views.digits.room import SIZE, bare, fitted, ink, labels, rectangles, room, text
from playground.views.digits.sights import SheetSight
from playground.views.digits.tiles import inked
from playground.views.live import Columns, LiveView, Properties, Sight
from playground.views.theme import Theme

LINE = 17
"""Pixels for a line of words."""
NARROW, WIDE = 46, 84
"""Pixels; where captions would have no room, the last pictures are left out."""
WRONG = 4
"""Number of the theme's colour for what is wrong, as on the rest of the page."""

Look = Callable[[Sight], SheetSight]
"""What to show of a frame."""


def sheet(sight: Sight, theme: Theme, look: Look = lambda sight: sight) -> LiveView:
    """Pictures in a grid; those read wrongly have a red frame and darker words.

    Its choice is `size`, the pixels it is shown in, which follow the browser by themselves.

    Parameters
    ----------
    sight
        A SheetSight, or whatever `look` makes one of.
    theme : Theme
    look : callable
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep, look),
        partial(columns, keep, look),
        sight,
        theme,
        properties=properties,
        size=SIZE,
    )
    return fitted(view)


def draw(keep: Kept, look: Look, sight: Sight, theme: Theme, size: Size) -> hv.Overlay:
    """Declare pictures, frames around those read wrongly, words below right and wrong ones."""
    pictures, frames, right, wrong = columns(keep, look, sight, theme, size)
    style = {"text_align": "center", "text_baseline": "top"}
    return bare(
        Pictures(pictures).opts(palette=ink(theme)),
        rectangles(frames).opts(line_width=1.5),
        labels(right, **style),
        labels(wrong, **style),
    )


def columns(keep: Kept, look: Look, sight: Sight, theme: Theme, size: Size) -> list[Columns]:
    """Columns of pictures, frames and words."""
    seen = look(sight)
    grid = keep(grid_of, len(seen.pictures), seen.pictures.shape[1:], seen.captions, size)
    wrong = seen.wrong[seen.wrong < grid.count]
    right = np.setdiff1d(np.arange(grid.count), wrong)
    return [
        keep(inked_on, seen.pictures, grid),
        grid.edges(wrong),
        words(seen, grid, right),
        words(seen, grid, wrong),
    ]


def grid_of(count: int, shape: Shape, captions: tuple[str, ...], size: Size) -> Grid:
    """Where pictures stand, as many of them as have room for their captions."""
    lines = [line for caption in captions for line in caption.split("\n")]
    high = LINE * max((caption.count("\n") + 1 for caption in captions), default=0)
    wide = min(max(max(map(len, lines), default=0) * LETTER, NARROW), WIDE) if lines else 0
    grid = arrange(count, shape, size, caption=high)
    while grid.width < wide and count > 1:
        count -= 1
        grid = arrange(count, shape, size, caption=high)
    return grid


def inked_on(pictures: Pixels, grid: Grid) -> Columns:
    """The pictures as columns of `Pictures`."""
    return grid.image(inked(pictures[: grid.count]))


def words(sight: SheetSight, grid: Grid, which: Numbers) -> Columns:
    """What stands below some of the pictures."""
    if not sight.captions:
        which = which[:0]
    edges = grid.edges(which)
    return {
        "x": (edges["left"] + edges["right"]) / 2,
        "y": edges["bottom"] - 1,
        "text": [cut(sight.captions[number], grid) for number in which],
    }


def cut(caption: str, grid: Grid) -> str:
    """What there is room for below a picture."""
    room = grid.step[1] * grid.cell
    return "\n".join(shorten(line, room) for line in caption.split("\n"))


def properties(sight: Sight, theme: Theme, size: Size) -> Properties:
    """Ranges and colours."""
    return {
        **room(size),
        "0.color_mapper.palette": ink(theme),
        "1.glyph.line_color": theme.classes[WRONG],
        **text(2, theme.muted),
        **text(3, theme.ink),
    }
