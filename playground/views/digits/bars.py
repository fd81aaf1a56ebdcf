"""What several networks read in one picture: ten bars for each, side by side."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.views import ticks
from playground.views.diagram.labels import LETTER, shorten
from playground.views.digits.grid import Size
from playground.views.digits.room import EDGES, SIZE, fitted, labels, rectangles, text
from playground.views.digits.sights import BarsSight
from playground.views.figure import borders, colour_column, compose, span
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme, ramp

SLOT = 0.84
"""Of the width that a model has, the part that a probability of 1 fills."""
THICK = 0.62
"""Of the height that a class has, the part that its bar fills."""
HEAD = 2.3
"""Classes' heights above the bars, for the model and what it says."""
ROOMY = 64
"""Pixels that a model needs for a large answer beside how sure it is of it."""
OTHER, WINNER, DIM = range(3)


def bars(sight: BarsSight, theme: Theme) -> LiveView:
    """Probabilities of each class for each model, the likeliest in blue and in words above.

    Where it is perhaps no digit at all, everything is pale and the answer is a question. The
    choice is `size`, the pixels of the bars, which follow the browser by themselves.
    """
    return fitted(LiveView(draw, columns, sight, theme, properties=properties, size=SIZE))


def draw(sight: BarsSight, theme: Theme, size: Size) -> hv.Overlay:
    """Declare grooves, bars, names, answers, and how sure those are."""
    grooves, filled, names, answers, sureness = columns(sight, theme, size)
    sides = tuple(filled[side] for side in (*EDGES, "fill_color"))
    return compose(
        rectangles(grooves).opts(line_color=None),
        hv.Rectangles(sides, vdims="colour").opts(
            fill_color="colour", cmap=palette(theme), clim=(0, DIM), line_color=None
        ),
        labels(names, text_align="left", text_baseline="middle"),
        labels(answers, text_align="left", text_baseline="middle", text_font_style="bold"),
        labels(sureness, text_align="right", text_baseline="middle", text_font_size="12px"),
        backend_opts=borders(left=22, right=4, top=4, bottom=4),
        xticks=ticks.FIXED,
        yticks=ticks.FIXED,
        xlabel="",
        ylabel="",
    )


def columns(sight: BarsSight, theme: Theme, size: Size) -> list[Columns]:
    """Columns of grooves, bars, names, answers, and how sure those are."""
    height = heights(sight)
    models, k = height.shape
    left = np.arange(models, dtype=np.float32)
    name_height, answer_height = (np.full(models, k + up, np.float32) for up in (1.75, 0.7))
    pixels = slot(sight, size)
    names = [in_lines(name, pixels) for name in sight.models]
    answers, sureness = answered(sight, height, pixels)
    return [
        boxes(np.ones_like(height)),
        {**boxes(height), "fill_color": colour_column(colours(sight, height).ravel())},
        {"x": left, "y": name_height, "text": names},
        {"x": left, "y": answer_height, "text": answers},
        {"x": left + np.float32(SLOT), "y": answer_height, "text": sureness},
    ]


def in_lines(name: str, pixels: float) -> str:
    """A name in one line, or where that is too long with each word in a line of its own."""
    if len(name) * LETTER <= pixels:
        return name
    return "\n".join(shorten(word, pixels) for word in name.split())


def heights(sight: BarsSight) -> Floats:
    """Probabilities, 0 where nothing was read, shape (models, classes)."""
    shape = (len(sight.models), len(sight.classes))
    return np.nan_to_num(np.asarray(sight.probabilities, np.float32)).reshape(shape)


def boxes(lengths: Floats) -> Columns:
    """Edges of bars of shape (models, classes), the first class on top."""
    model, row = np.indices(lengths.shape).reshape(2, -1).astype(np.float32)
    middle = lengths.shape[1] - 0.5 - row
    right = model + SLOT * lengths.ravel()
    return {
        "left": model,
        "bottom": middle - THICK / 2,
        "right": right,
        "top": middle + THICK / 2,
    }


def colours(sight: BarsSight, height: Floats) -> npt.NDArray[np.int64]:
    """Numbers in `palette`, shape (models, classes)."""
    if sight.doubtful:
        return np.full(height.shape, DIM)
    return np.where(height == height.max(axis=1, keepdims=True, initial=0), WINNER, OTHER)


def answered(sight: BarsSight, height: Floats, pixels: float) -> tuple[list[str], list[str]]:
    """What each model says and how surely; nothing where it has read nothing."""
    answers, sureness = [], []
    for row in height:
        said = sight.classes[int(row.argmax())] + "?" * sight.doubtful
        answers.append(shorten(said, pixels - 36) if row.any() else "")
        sureness.append(f"{row.max():.0%}" if row.any() else "")
    return answers, sureness


def slot(sight: BarsSight, size: Size) -> float:
    """Pixels across for one model."""
    return SLOT * size[0] / max(len(sight.models), 1)


def palette(theme: Theme) -> list[str]:
    """Colours of bars that lose, that win, and that are doubted."""
    return [theme.muted, theme.classes[1], ramp(theme.neutral, theme.muted, 5)[2]]


def properties(sight: BarsSight, theme: Theme, size: Size) -> Properties:
    """Ranges, class names and colours."""
    k = len(sight.classes)
    names = {k - 0.5 - row: name for row, name in enumerate(sight.classes)}
    strong = theme.muted if sight.doubtful else theme.ink
    brief = max(map(len, sight.classes), default=0) <= 2
    large = "22px" if slot(sight, size) >= ROOMY else "17px"
    return {
        **span("x", -0.02, max(len(sight.models), 1)),
        **span("y", 0, k + HEAD),
        **ticks.axis("xaxis", {}),
        **ticks.axis("yaxis", names),
        "0.glyph.fill_color": theme.line,
        "1.fill_color_color_mapper.palette": palette(theme),
        **text(2, theme.muted),
        **text(3, strong, text_font_size=large if brief else "12px"),
        **text(4, theme.muted),
    }
