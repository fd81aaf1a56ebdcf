"""Which classes are taken for which: a matrix of counts."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.training.frame import Frame
from playground.views import ticks
from playground.views.contrast import readable
from playground.views.figure import borders, colour_column, compose, span, text_font
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import STEPS, Theme, blended

GAP = 0.012
"""Between cells, as a share of the matrix."""


def confusion(frame: Frame, theme: Theme) -> LiveView:
    """Samples by their class (row) and by what the network takes them for (column).

    A cell has the colour of the class that the network answers, the stronger the more of its
    row there are. In regression there is nothing to see.
    """
    return LiveView(draw, columns, frame, theme, properties=properties)


def draw(frame: Frame, theme: Theme) -> hv.Overlay:
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
            text_font_size="13px",
        ),
        backend_opts=borders(left=64, right=12, top=8, bottom=40),
        xticks=ticks.FIXED,
        yticks=ticks.FIXED,
        xlabel="the network says",
        ylabel="it is",
    )


def columns(frame: Frame, theme: Theme) -> list[Columns]:
    """Columns of cells and of counts, row by row from the top."""
    k = len(frame.classes)
    row, column = np.indices((k, k)).reshape(2, -1)
    side = 1 / max(k, 1)
    left, top = column * side, 1 - row * side
    share = shares(frame).ravel()
    run = STEPS // max(k, 1)
    colour = (column * run + share * (run - 1)).astype(np.uint8)
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
        "text": [str(count) for count in frame.confusion.ravel()],
        "text_color": colour_column(readable(palette(frame, theme), theme)[colour]),
    }
    return [cells, counts]


def shares(frame: Frame) -> npt.NDArray[np.float64]:
    """Counts as shares of their rows, 0 in empty rows."""
    totals = frame.confusion.sum(axis=1, keepdims=True)
    share: npt.NDArray[np.float64] = frame.confusion / np.maximum(totals, 1)
    return share


def palette(frame: Frame, theme: Theme) -> list[str]:
    """Colours of the cells."""
    return blended(theme, max(len(frame.classes), 1))


def properties(frame: Frame, theme: Theme) -> Properties:
    """Class names and colours."""
    k = max(len(frame.classes), 1)
    names = {(place + 0.5) / k: name for place, name in enumerate(frame.classes)}
    return {
        **span("x", 0, 1),
        **span("y", 0, 1),
        **ticks.axis("xaxis", names),
        **ticks.axis("yaxis", {1 - place: name for place, name in names.items()}),
        **text_font(1),
        "0.fill_color_color_mapper.palette": palette(frame, theme),
        "1.text_color_color_mapper.palette": [theme.ink, theme.surface],
    }
