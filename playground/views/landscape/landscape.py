"""The loss landscape: colours, lines of equal loss, the path of the run, and the moment shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict, Unpack

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.landscape import Landscape
from playground.views import ticks
from playground.views.figure import (
    SMOOTH,
    axis_range,
    borders,
    colour_column,
    compose,
    font_property,
)
from playground.views.landscape.levels import (
    Lines,
    contour_lines,
    level_label,
    levels,
    log_loss,
    log_range,
)
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import STEPS, Indices, Theme, ramp

MAX_LABEL_SHARE = 0.9
"""Labels stand in this share of the width and height, not at the edge."""
Place = tuple[float, float]


class LandscapeChoices(TypedDict):
    """Choices of the view; see `landscape_view`."""

    pointer: Place | None


def landscape_view(frame: Landscape, theme: Theme) -> LiveView:
    """The loss as colours, the greener the lower, with lines at round numbers.

    The run's path has dots in the colours of their true losses; a ring is the moment shown.
    Choices: `pointer` ((x, y) or None), a cross.
    """
    choices = LandscapeChoices(pointer=None)
    return LiveView(draw, columns, frame, theme, properties=properties, alt=about, **choices)


def about(frame: Landscape, theme: Theme, **_choices: Unpack[LandscapeChoices]) -> str:
    """Say what is drawn."""
    path = ", and the path of the run" if len(frame.path) else ""
    return f"Loss landscape: the loss by two directions of the weights, as colours and lines{path}"


def draw(frame: Landscape, theme: Theme, **choices: Unpack[LandscapeChoices]) -> hv.Overlay:
    """Declare the picture, lines, their labels, the path, its dots, the moment and the pointer."""
    picture, lines, labels, path, dots, here, pointer = columns(frame, theme, **choices)
    image = hv.Image(picture["image"][0][::-1], bounds=bounds(frame))
    colours = {"cmap": palette(theme), "clim": (0, STEPS - 1)}
    return compose(
        image.opts(**colours),
        hv.Contours(
            [np.column_stack(pair) for pair in zip(lines["xs"], lines["ys"], strict=True)]
        ).opts(line_width=1, line_alpha=0.45),
        hv.Labels(tuple(labels.values()), ["x", "y"], "text").opts(),
        hv.Curve((path["x"], path["y"])).opts(line_width=2),
        hv.Points((dots["x"], dots["y"], dots["color"]), vdims="colour").opts(
            size=7, line_width=1.2, color="colour", **colours
        ),
        hv.Points((here["x"], here["y"])).opts(size=18, fill_color=None, line_width=3),
        hv.Points((pointer["x"], pointer["y"])).opts(
            marker="cross", size=18, fill_color=None, line_width=2
        ),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel=frame.names[0],
        ylabel=frame.names[1],
        backend_opts=borders(left=10, right=14, top=8, bottom=8),
    )


def bounds(frame: Landscape) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the picture, whose cells have the losses at their centres."""
    half_x = float(frame.across[1] - frame.across[0]) / 2
    half_y = float(frame.up[1] - frame.up[0]) / 2
    return (
        float(frame.across[0]) - half_x,
        float(frame.up[0]) - half_y,
        float(frame.across[-1]) + half_x,
        float(frame.up[-1]) + half_y,
    )


def columns(frame: Landscape, theme: Theme, **choices: Unpack[LandscapeChoices]) -> list[Columns]:
    """Columns of all elements, in the order of `draw`."""
    low, high = log_range(frame.loss)
    left, bottom, right, top = bounds(frame)
    values, lines = contours(frame)
    flat = [line for group in lines for line in group]
    pointer = choices["pointer"]
    places = np.array([] if pointer is None else [pointer], np.float32).reshape(-1, 2)
    return [
        {
            "image": [colours(frame.loss, low, high)],
            "x": [left], "y": [bottom], "dw": [right - left], "dh": [top - bottom],
        },
        {"xs": [line[:, 0] for line in flat], "ys": [line[:, 1] for line in flat]},
        label_columns(frame, values, lines),
        {"x": frame.path[:, 0], "y": frame.path[:, 1]},
        {
            "x": frame.path[:, 0],
            "y": frame.path[:, 1],
            "color": colour_column(colours(frame.path_loss, low, high)),
        },
        {"x": np.zeros(1, np.float32), "y": np.zeros(1, np.float32)},
        {"x": places[:, 0], "y": places[:, 1]},
    ]  # fmt: skip


@lru_cache(maxsize=16)
def contours(frame: Landscape) -> tuple[list[float], list[Lines]]:
    """Return levels and their lines, which stay the same while only the pointer moves."""
    low, high = log_range(frame.loss)
    values = levels(low, high)
    logs = log_loss(frame.loss, low, high)
    return values, contour_lines(frame.across, frame.up, logs, values)


def colours(loss: Floats, low: float, high: float) -> Indices:
    """Indices into `palette`: the lowest loss has the full colour."""
    share = (log_loss(loss, low, high) - low) / (high - low)
    index: Indices = np.rint((1 - share) * (STEPS - 1)).astype(np.uint8)
    return index


def label_columns(frame: Landscape, values: list[float], lines: list[Lines]) -> Columns:
    """The number of each level, once, where its longest line is nearest to the middle."""
    left, bottom, right, top = bounds(frame)
    middle = np.array([(left + right) / 2, (bottom + top) / 2])
    half = np.array([right - left, top - bottom]) / 2
    found: list[tuple[float, float, str]] = []
    for value, group in zip(values, lines, strict=True):
        if not group:
            continue
        line = max(group, key=len)
        away = (line - middle) / half
        inside = np.abs(away).max(1) <= MAX_LABEL_SHARE
        if not inside.any():
            continue
        # Levels in turn to the right and to the left, so that numbers do not cover each other.
        side = 1 if len(found) % 2 else -1
        chosen = np.where(inside, side * away[:, 0], -np.inf).argmax()
        found.append((*line[chosen].tolist(), level_label(value)))
    return {
        "x": np.array([each[0] for each in found], np.float64),
        "y": np.array([each[1] for each in found], np.float64),
        "text": [each[2] for each in found],
    }


def palette(theme: Theme) -> list[str]:
    """256 colours from the highest loss to the lowest."""
    return list(ramp(theme.neutral, theme.classes[2], STEPS))


def properties(frame: Landscape, theme: Theme, **_choices: Unpack[LandscapeChoices]) -> Properties:
    """Ranges, ticks, names of the axes and colours."""
    left, bottom, right, top = bounds(frame)
    return {
        **axis_range("x", left, right),
        **axis_range("y", bottom, top),
        **ticks.axis("xaxis", ticks.linear(left, right)),
        **ticks.axis("yaxis", ticks.linear(bottom, top, 5)),
        "0.xaxis.axis_label": frame.names[0],
        "0.yaxis.axis_label": frame.names[1],
        "0.glyph.tags": [SMOOTH],
        "0.color_mapper.palette": palette(theme),
        "1.glyph.line_color": theme.ink,
        **font_property(2),
        "2.glyph.text_font_size": {"value": "11px"},
        "2.glyph.text_color": theme.ink,
        "3.glyph.line_color": theme.ink,
        "4.glyph.line_color": theme.ink,
        "4.color_color_mapper.palette": palette(theme),
        "5.glyph.line_color": theme.classes[4],
        "6.glyph.line_color": theme.ink,
    }
