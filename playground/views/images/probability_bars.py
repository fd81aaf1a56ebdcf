"""Class probabilities of several networks for one picture, as bars side by side."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.views import ticks
from playground.views.diagram.labels import shorten_to_width
from playground.views.figure import EDGES, axis_range, borders, colour_column, compose, rectangles
from playground.views.images.layout.pixel_figure import (
    DEFAULT_SIZE,
    follow_size,
    labels,
    text_style,
)
from playground.views.images.view_data import BarsData
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
from playground.views.theme import Theme, ramp

BAR_AREA = 0.84
"""Share of a model's width that a probability of 1 fills."""
BAR_THICKNESS = 0.62
"""Share of a class's row that its bar fills."""
HEADER_ROWS = 3.3
"""Height above the bars, in rows, for the name of the model and its prediction."""
CAPITAL_WIDTH = 7.3
"""Average width in pixels of a letter of a name with many capitals."""
MIN_LARGE_TEXT_WIDTH = 64
"""Least width of a model, in pixels, for a large prediction beside its probability."""
OTHER, WINNER, DIM = range(3)


def probability_bars(data: BarsData, theme: Theme) -> LiveView:
    """Return a view of the probabilities of each class and model; the highest is blue.

    Above the bars stands the prediction. If the input is probably no digit, everything is pale
    and the prediction has a question mark. The choice is `size` of the frame in pixels, which
    follows the browser.
    """
    return follow_size(
        LiveView(
            draw,
            columns,
            data,
            theme,
            properties=properties,
            alt="Probability of each digit, by network",
            size=DEFAULT_SIZE,
        )
    )


def draw(data: BarsData, theme: Theme, size: Size) -> hv.Overlay:
    """Declare backgrounds, bars, model names, predictions, and their probabilities."""
    background_bars, filled, names, predictions, confidences = columns(data, theme, size)
    sides = tuple(filled[side] for side in (*EDGES, "fill_color"))
    return compose(
        rectangles(background_bars).opts(line_color=None),
        hv.Rectangles(sides, vdims="colour").opts(
            fill_color="colour", cmap=palette(theme), clim=(0, DIM), line_color=None
        ),
        labels(names, text_align="left", text_baseline="middle"),
        labels(predictions, text_align="left", text_baseline="middle", text_font_style="bold"),
        labels(confidences, text_align="right", text_baseline="middle", text_font_size="13px"),
        backend_opts=borders(left=22, right=4, top=4, bottom=4),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel="",
        ylabel="",
    )


def columns(data: BarsData, theme: Theme, size: Size) -> list[Columns]:
    """Return the columns of backgrounds, bars, names, predictions and probabilities."""
    height = finite_probabilities(data)
    models, k = height.shape
    left = np.arange(models, dtype=np.float32)
    name_height, prediction_height = (np.full(models, k + up, np.float32) for up in (2.35, 0.7))
    pixels = pixels_per_model(data, size)
    names = [wrap_name(name, pixels) for name in data.models]
    predictions, confidences = prediction_texts(data, height, pixels)
    return [
        bar_edges(np.ones_like(height)),
        {**bar_edges(height), "fill_color": colour_column(colours(data, height).ravel())},
        {"x": left, "y": name_height, "text": names},
        {"x": left, "y": prediction_height, "text": predictions},
        {"x": left + np.float32(BAR_AREA), "y": prediction_height, "text": confidences},
    ]


def wrap_name(name: str, pixels: float) -> str:
    """Wrap a name that is too long for one line after each word."""
    if len(name) * CAPITAL_WIDTH <= pixels * BAR_AREA:
        return name
    return "\n".join(shorten_to_width(word, pixels) for word in name.split())


def finite_probabilities(data: BarsData) -> Floats:
    """Return the probabilities with 0 for NaN, shape (models, classes)."""
    shape = (len(data.models), len(data.classes))
    return np.nan_to_num(np.asarray(data.probabilities, np.float32)).reshape(shape)


def bar_edges(lengths: Floats) -> Columns:
    """Return the edges of bars of shape (models, classes), the first class on top."""
    model, row = np.indices(lengths.shape).reshape(2, -1).astype(np.float32)
    middle = lengths.shape[1] - 0.5 - row
    right = model + BAR_AREA * lengths.ravel()
    return {
        "left": model,
        "bottom": middle - BAR_THICKNESS / 2,
        "right": right,
        "top": middle + BAR_THICKNESS / 2,
    }


def colours(data: BarsData, height: Floats) -> npt.NDArray[np.int64]:
    """Return indices into `palette`, shape (models, classes)."""
    if data.doubtful:
        return np.full(height.shape, DIM)
    return np.where(height == height.max(axis=1, keepdims=True, initial=0), WINNER, OTHER)


def prediction_texts(data: BarsData, height: Floats, pixels: float) -> tuple[list[str], list[str]]:
    """Return prediction and probability of each model; empty if it has none."""
    predictions, confidences = [], []
    for row in height:
        label = data.classes[int(row.argmax())] + "?" * data.doubtful
        predictions.append(shorten_to_width(label, pixels - 36) if row.any() else "")
        confidences.append(f"{row.max():.0%}" if row.any() else "")
    return predictions, confidences


def pixels_per_model(data: BarsData, size: Size) -> float:
    """Return the width of a probability of 1, in pixels."""
    return BAR_AREA * size[0] / max(len(data.models), 1)


def palette(theme: Theme) -> list[str]:
    """Return the colours of other classes, of the prediction, and of doubtful ones."""
    return [theme.muted, theme.classes[1], ramp(theme.neutral, theme.muted, 5)[2]]


def properties(data: BarsData, theme: Theme, size: Size) -> Properties:
    """Return ranges, class names and colours."""
    k = len(data.classes)
    names = {k - 0.5 - row: name for row, name in enumerate(data.classes)}
    prediction_colour = theme.muted if data.doubtful else theme.ink
    has_short_names = max(map(len, data.classes), default=0) <= 2
    large = "22px" if pixels_per_model(data, size) >= MIN_LARGE_TEXT_WIDTH else "17px"
    return {
        **axis_range("x", -0.02, max(len(data.models), 1)),
        **axis_range("y", 0, k + HEADER_ROWS),
        **ticks.axis("xaxis", {}),
        **ticks.axis("yaxis", names),
        "0.glyph.fill_color": theme.line,
        "1.fill_color_color_mapper.palette": palette(theme),
        **text_style(2, theme.muted),
        **text_style(3, prediction_colour, text_font_size=large if has_short_names else "13px"),
        **text_style(4, theme.muted),
    }
