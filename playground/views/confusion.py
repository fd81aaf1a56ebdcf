"""The confusion matrix: samples counted by true and predicted class."""

from __future__ import annotations

from collections.abc import Sequence

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.training.core.frame_protocols import HasConfusion
from playground.views import ticks
from playground.views.figure import (
    EDGES,
    axis_range,
    borders,
    colour_column,
    compose,
    font_property,
)
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.name_fitting import ELLIPSIS, fit_names
from playground.views.theme import (
    STEPS,
    Indices,
    Theme,
    class_palette,
    diverging_palette,
    use_surface_text,
    value_index,
)

MAX_COLOURED = 6
"""Classes that have the colour of their own in the matrix; of more the cells are small."""
MATRIX_WIDTH = 360.0
"""Pixels of the matrix on a laptop, about: names below it are cut to what a column then has."""
GAP = 0.012
"""Width of the gap between cells, as a share of the matrix."""


def confusion(frame: HasConfusion, theme: Theme) -> LiveView:
    """Counts of samples by true class (row) and predicted class (column).

    A cell has the colour of the predicted class, the stronger the larger its share of its row.
    With more classes than a theme has colours, correct predictions are blue and wrong ones
    orange, strong even for a few, and zeros are left blank. In regression the matrix is empty.
    """
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Confusion matrix: counts by true and by predicted class",
    )


def draw(frame: HasConfusion, theme: Theme) -> hv.Overlay:
    """Declare cells and their counts."""
    cells, counts = columns(frame, theme)
    sides = [cells[name] for name in (*EDGES, "fill_color")]
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
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel="predicted class",
        ylabel="true class",
    )


def columns(frame: HasConfusion, theme: Theme) -> list[Columns]:
    """Columns of cells and of counts, row by row from the top."""
    k = len(frame.classes)
    row, column = np.indices((k, k)).reshape(2, -1)
    side = 1 / max(k, 1)
    left, top = column * side, 1 - row * side
    colour = colours(frame)
    zero = "" if many_classes(frame) else "0"
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
        "text": [str(count or zero) for count in frame.confusion.ravel()],
        "text_color": colour_column(use_surface_text(palette(frame, theme), theme)[colour]),
    }
    return [cells, counts]


def many_classes(frame: HasConfusion) -> bool:
    """Whether there are too many classes for a cell to have the colour of its own."""
    return len(frame.classes) > MAX_COLOURED


def colours(frame: HasConfusion) -> Indices:
    """Indices into `palette` of all cells, row by row; shape (k²,)."""
    k = len(frame.classes)
    row, column = np.indices((k, k)).reshape(2, -1)
    share = row_shares(frame).ravel()
    if many_classes(frame):
        # In proportion, one wrong prediction in a hundred would be invisible.
        return value_index(np.where(row == column, share, -np.sqrt(share)), 1.0)
    steps_per_class = STEPS // max(k, 1)
    strength = share * (steps_per_class - 1)
    colour: Indices = (column * steps_per_class + strength).astype(np.uint8)
    return colour


def row_shares(frame: HasConfusion) -> npt.NDArray[np.float64]:
    """Counts as shares of their row's total, 0 in empty rows; shape (k, k)."""
    totals = frame.confusion.sum(axis=1, keepdims=True)
    share: npt.NDArray[np.float64] = frame.confusion / np.maximum(totals, 1)
    return share


def palette(frame: HasConfusion, theme: Theme) -> list[str]:
    """The 256 colours that cells may have."""
    if many_classes(frame):
        return diverging_palette(theme)
    return class_palette(theme, max(len(frame.classes), 1))


def properties(frame: HasConfusion, theme: Theme) -> Properties:
    """Ranges, class names and colours."""
    k = max(len(frame.classes), 1)
    middles = [(place + 0.5) / k for place in range(k)]
    left: Sequence[str] = frame.classes
    below: Sequence[str] = fit_names(frame.classes, MATRIX_WIDTH / k, 1)
    if many_classes(frame) and any(ELLIPSIS in name for name in below):
        # Two letters of a name say less than the number that stands behind it on the left.
        below = [str(number) for number in range(1, k + 1)]
        left = [f"{name} {number}" for name, number in zip(frame.classes, below, strict=True)]
    return {
        **axis_range("x", 0, 1),
        **axis_range("y", 0, 1),
        **ticks.axis("xaxis", dict(zip(middles, below, strict=False))),
        **ticks.axis(
            "yaxis",
            {1 - place: name for place, name in zip(middles, left, strict=False)},
        ),
        **font_property(1),
        "1.glyph.text_font_size": "13px",
        "0.fill_color_color_mapper.palette": palette(frame, theme),
        "1.text_color_color_mapper.palette": [theme.ink, theme.surface],
    }
