"""Test pictures as points: those with similar inputs of the last layer lie together."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.images import ImageFrame, ImagePredictions
from playground.training.images.frame import Integers
from playground.views.figure import FONT, TOOLTIP_HTML, axis_range, colour_column
from playground.views.images.layout.label_placement import separate_labels
from playground.views.images.layout.pixel_figure import (
    labels,
    text_style,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.images.png_data_uris import png_data_uris
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
from playground.views.theme import Theme

TOOLTIP_BODY = (
    '<div style="width: 70px; height: 70px; margin: 2px auto; background: var(--pg-ink);'
    ' mask: url(@picture{safe}) 0 0 / 100% 100%"></div>'
    "<b>@predicted</b> @confidence{0%} @truth"
)
MIN_LIMIT = 1.5
"""Least half height of the visible plane."""
LIMIT_STEP = 0.25
"""Step in which the visible plane grows and shrinks, so that it does not move with each frame."""
LETTER_WIDTH, LINE_HEIGHT, BADGE_PADDING = 7.5, 22.0, 9.0
"""Size of a class name in pixels: width of a letter, height, padding of both sides."""
BADGE = {
    "background_fill_alpha": 0.85,
    "border_line_width": 1,
    "border_radius": 5,
    "padding": 3,
}
"""Style of the class names."""


def points(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view with a point for each picture of the probe set, coloured by true class.

    Large diamonds are misclassified. The name of a class stands at the median of its points.
    Pointing at a point shows its picture without a message to the server. The choice is `size`
    in pixels, which follows the browser.
    """
    return pixel_view(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Test pictures as points, coloured by class; similar ones lie close together",
    )


def draw(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> hv.Overlay:
    """Declare points and names of classes."""
    dots, names = columns(memo, frame, theme, size)
    # Named as the glyph's columns: hover tools add a column for each dimension.
    shown = ["color", "marker", "size", "picture", "predicted", "confidence", "truth"]
    return without_axes(
        hv.Points(tuple(dots[name] for name in ("x", "y", *shown)), vdims=shown).opts(
            color="color",
            cmap=class_colours(theme, len(frame.classes)),
            clim=colour_range(frame),
            marker="marker",
            size="size",
            line_width=0.5,
            tools=["hover"],
            hover_tooltips=TOOLTIP_HTML.format(font=FONT, body=TOOLTIP_BODY),
        ),
        labels(names, text_align="center", text_baseline="middle", text_font_style="bold"),
    )


def columns(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> list[Columns]:
    """Return the columns of points and of class names."""
    probe_set = frame.probe_set
    tooltips = memo(hover_columns, probe_set, frame.classes)
    pictures = {"picture": memo(png_data_uris, probe_set.pictures)}
    places = memo(point_columns, frame.points)
    return [
        {**places, **tooltips, **pictures, "color": memo(colour_column, probe_set.labels)},
        memo(class_name_columns, frame.points, probe_set.labels, frame.classes, size),
    ]


def point_columns(points: Floats) -> Columns:
    """Return the positions of points."""
    return {"x": points[:, 0], "y": points[:, 1]}


def hover_columns(probe_set: ImagePredictions, classes: tuple[str, ...]) -> Columns:
    """Return prediction, confidence and marker of each picture."""
    names, predicted = np.array(classes, object), probe_set.predicted
    wrong = predicted != probe_set.labels
    return {
        "marker": np.where(wrong, "diamond", "circle"),
        "size": np.where(wrong, np.float32(11), np.float32(6)),
        "predicted": names[predicted],
        "confidence": probe_set.confidence,
        "truth": np.where(wrong, "– true class " + names[probe_set.labels], ""),
    }


def class_name_columns(
    points: Floats, labels: Integers, classes: tuple[str, ...], size: Size
) -> Columns:
    """Place the name of each present class at the median of its points, or as near as possible."""
    present = np.unique(labels)
    names = [classes[label] for label in present]
    places = np.array([np.median(points[labels == label], axis=0) for label in present])
    x, y = separate_labels(places, badge_sizes(names) * (2 * y_limit(points, size) / size[1])).T
    return {"x": x, "y": y, "text": names}


def badge_sizes(names: list[str]) -> Floats:
    """Return widths and heights of names with padding, in pixels, shape (len(names), 2)."""
    return np.array(
        [(LETTER_WIDTH * len(name) + BADGE_PADDING, LINE_HEIGHT) for name in names]
    ).reshape(-1, 2)


def colour_range(frame: ImageFrame) -> tuple[int, int]:
    """Return the class indices of the first and the last colour."""
    return 0, max(len(frame.classes) - 1, 1)


def y_limit(points: Floats, size: Size) -> float:
    """Return the half height that shows all points, with equal scales of both axes."""
    across, up = np.abs(points).max(axis=0, initial=0)
    limit = 1.04 * max(float(up), float(across) * size[1] / size[0], MIN_LIMIT)
    return float(np.ceil(limit / LIMIT_STEP) * LIMIT_STEP)


def font_size(frame: ImageFrame) -> str:
    """Return the font size of class names; long ones would hide the points."""
    return "14px" if max(map(len, frame.classes), default=0) <= 2 else "11px"


def properties(frame: ImageFrame, theme: Theme, size: Size) -> Properties:
    """Return ranges and colours."""
    high = y_limit(frame.points, size)
    wide = high * size[0] / size[1]
    badge = {**BADGE, "background_fill_color": theme.surface, "border_line_color": theme.line}
    return {
        **axis_range("x", -wide, wide),
        **axis_range("y", -high, high),
        "0.plot.ygrid.grid_line_color": None,
        "0.color_color_mapper.palette": class_colours(theme, len(frame.classes)),
        "0.color_color_mapper.high": colour_range(frame)[1],
        "0.glyph.line_color": theme.surface,
        # HoloViews replaces a column of equal values by a constant.
        "0.glyph.size": {"field": "size"},
        "0.glyph.marker": {"field": "marker"},
        **text_style(1, theme.ink, text_font_size=font_size(frame), **badge),
    }


def class_colours(theme: Theme, k: int) -> list[str]:
    """Return colours of k classes; after twelve they repeat."""
    return [theme.classes[number % len(theme.classes)] for number in range(k)]
