"""Which classes are taken for which: a matrix of counts."""

from __future__ import annotations

from typing import Protocol

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.views import ticks
from playground.views.contrast import readable
from playground.views.figure import borders, colour_column, compose, span, text_font
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import LIGHT, STEPS, Indices, Theme, blended, diverging, value_index

GAP = 0.012
"""Between cells, as a share of the matrix."""


class Confused(Protocol):
    """A frame of anything that tells classes apart."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, k of them."""

    @property
    def confusion(self) -> npt.NDArray[np.int64]:
        """Counts of shape (k, k), true class by row."""


def confusion(frame: Confused, theme: Theme) -> LiveView:
    """Samples by their class (row) and by what the network takes them for (column).

    A cell has the colour of the class that the network answers, the stronger the more of its
    row there are. Where there are more classes than colours, what is right is blue and what is
    wrong orange, strong even for a few, and noughts are left out. In regression there is
    nothing to see.
    """
    return LiveView(draw, columns, frame, theme, properties=properties)


def draw(frame: Confused, theme: Theme) -> hv.Overlay:
    """Declare cells and their counts."""
    cells, counts = columns(frame, theme)
    sides = [cells[side] for side in ("left", "bottom", "right", "top", "fill_color")]
    return compose(
        hv.Rectangles(tuple(sides), vdims="colour").opts(
            fill_color="colour", cmap=palette(frame, theme), clim=(0, STEPS - 1), line_color=None
        ),
        hv.Labels(tuple(counts.values()), ["x", "y"], ["text", "tone"]).opts(
            text_color="tone",
            cmap=[theme.ink, theme.surface],
            clim=(0, 1),
        ),
        backend_opts=borders(left=64, right=12, top=8, bottom=40),
        xticks=ticks.FIXED,
        yticks=ticks.FIXED,
        xlabel="the network says",
        ylabel="it is",
    )


def columns(frame: Confused, theme: Theme) -> list[Columns]:
    """Columns of cells and of counts, row by row from the top."""
    k = len(frame.classes)
    row, column = np.indices((k, k)).reshape(2, -1)
    side = 1 / max(k, 1)
    left, top = column * side, 1 - row * side
    colour = colours(frame)
    nought = "" if many(frame) else "0"
    cells = {
        "left": left + GAP / 2,
        "bottom": top - side + GAP / 2,
        "right": left + side - GAP / 2,
        "top": top - GAP / 2,
        "fill_color": colour_column(colour),
    }
    counts = {
        "x": left + side / 2,
        "y": top - side / 2,
        "text": [str(count or nought) for count in frame.confusion.ravel()],
        "text_color": colour_column(readable(palette(frame, theme), theme)[colour]),
    }
    return [cells, counts]


def many(frame: Confused, theme: Theme = LIGHT) -> bool:
    """Whether there are more classes than a theme has colours."""
    return len(frame.classes) > len(theme.classes)


def colours(frame: Confused) -> Indices:
    """Indices into `palette` of all cells, row by row."""
    k = len(frame.classes)
    row, column = np.indices((k, k)).reshape(2, -1)
    share = shares(frame).ravel()
    if many(frame):
        # One wrong in a hundred is what one looks for, and would not be seen.
        return value_index(np.where(row == column, share, -np.sqrt(share)), 1.0)
    run = STEPS // max(k, 1)
    colour: Indices = (column * run + share * (run - 1)).astype(np.uint8)
    return colour


def shares(frame: Confused) -> npt.NDArray[np.float64]:
    """Counts as shares of their rows, 0 in empty rows."""
    totals = frame.confusion.sum(axis=1, keepdims=True)
    share: npt.NDArray[np.float64] = frame.confusion / np.maximum(totals, 1)
    return share


def palette(frame: Confused, theme: Theme) -> list[str]:
    """Colours of the cells."""
    if many(frame):
        return diverging(theme)
    return blended(theme, max(len(frame.classes), 1))


def properties(frame: Confused, theme: Theme) -> Properties:
    """Class names and colours."""
    k = max(len(frame.classes), 1)
    names = {(place + 0.5) / k: name for place, name in enumerate(frame.classes)}
    return {
        **span("x", 0, 1),
        **span("y", 0, 1),
        **ticks.axis("xaxis", names),
        **ticks.axis("yaxis", {1 - place: name for place, name in names.items()}),
        **text_font(1),
        "1.glyph.text_font_size": "11px" if many(frame) else "13px",
        "0.fill_color_color_mapper.palette": palette(frame, theme),
        "1.text_color_color_mapper.palette": [theme.ink, theme.surface],
    }
