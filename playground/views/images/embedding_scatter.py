"""Test pictures as points: those that the last layer is given much the same for lie together."""

from __future__ import annotations

from functools import partial

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.images import ImageFrame, ImagePredictions
from playground.training.images.frame import Integers
from playground.views.figure import FONT, TOOLTIP_HTML, axis_range, colour_column
from playground.views.images.layout.image_grid import Size
from playground.views.images.layout.label_placement import separate_labels
from playground.views.images.layout.pixel_figure import (
    DEFAULT_SIZE,
    follow_size,
    labels,
    text_style,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.png_data_uris import png_data_uris
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

TOOLTIP_BODY = (
    '<div style="width: 70px; height: 70px; margin: 2px auto; background: var(--pg-ink);'
    ' mask: url(@picture{safe}) 0 0 / 100% 100%"></div>'
    "<b>@said</b> @sureness{0%} @truth"
)
MIN_LIMIT = 1.5
"""The plane is shown at least so far up and down from its middle."""
LIMIT_STEP = 0.25
"""It grows and shrinks by so much at once, rather than with every point."""
LETTER_WIDTH, LINE_HEIGHT, BADGE_PADDING = 7.5, 22.0, 9.0
"""Pixels of the name of a class: of each letter across, of all up and down, and on both sides."""
BADGE = {
    "background_fill_alpha": 0.85,
    "border_line_width": 1,
    "border_radius": 5,
    "padding": 3,
}
"""Of the names of classes."""

EXTRA_COLOURS = {
    "light": ("#590a30", "#b6e27e", "#9f638a", "#3337ad"),
    "dark": ("#e1ec8d", "#ad67a0", "#b16011", "#6f987f"),
}
"""By theme: told apart from its six and from each other with every common colour vision."""


def points(frame: ImageFrame, theme: Theme) -> LiveView:
    """A point for each picture of the panel, in the colour of what it is.

    Large diamonds are read wrongly. The name of a class stands in the middle of its points.
    Pointing at a point shows its picture, without asking the server. The choice is `size`, the
    pixels that the view is shown in, which follow the browser by themselves.
    """
    memo = Memo()
    view = LiveView(
        partial(draw, memo),
        partial(columns, memo),
        frame,
        theme,
        properties=properties,
        size=DEFAULT_SIZE,
    )
    return follow_size(view)


def draw(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> hv.Overlay:
    """Declare points and names of classes."""
    dots, names = columns(memo, frame, theme, size)
    # Called as the glyph's columns are: what is hovered brings a column by each of its names.
    shown = ["color", "marker", "size", "picture", "said", "sureness", "truth"]
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
    """Columns of points and of names of classes."""
    probe_set = frame.probe_set
    about = memo(hover_columns, probe_set, frame.classes)
    pictures = {"picture": memo(png_data_uris, probe_set.pictures)}
    places = memo(point_columns, frame.points)
    return [
        {**places, **about, **pictures, "color": memo(colour_column, probe_set.labels)},
        memo(class_name_columns, frame.points, probe_set.labels, frame.classes, size),
    ]


def point_columns(points: Floats) -> Columns:
    """Places of points."""
    return {"x": points[:, 0], "y": points[:, 1]}


def hover_columns(probe_set: ImagePredictions, classes: tuple[str, ...]) -> Columns:
    """What each picture was read as, and how that is shown."""
    names, predicted = np.array(classes, object), probe_set.predicted
    wrong = predicted != probe_set.labels
    return {
        "marker": np.where(wrong, "diamond", "circle"),
        "size": np.where(wrong, np.float32(11), np.float32(6)),
        "said": names[predicted],
        "sureness": probe_set.confidence,
        "truth": np.where(wrong, "– true class " + names[probe_set.labels], ""),
    }


def class_name_columns(
    points: Floats, labels: Integers, classes: tuple[str, ...], size: Size
) -> Columns:
    """The name of each class that is there, at the median of its points or as near as can be."""
    present = np.unique(labels)
    names = [classes[label] for label in present]
    places = np.array([np.median(points[labels == label], axis=0) for label in present])
    x, y = separate_labels(places, badge_sizes(names) * (2 * y_limit(points, size) / size[1])).T
    return {"x": x, "y": y, "text": names}


def badge_sizes(names: list[str]) -> Floats:
    """Widths and heights of names with what is around them, in pixels, shape (len(names), 2)."""
    return np.array(
        [(LETTER_WIDTH * len(name) + BADGE_PADDING, LINE_HEIGHT) for name in names]
    ).reshape(-1, 2)


def colour_range(frame: ImageFrame) -> tuple[int, int]:
    """The class numbers of the first colour and of the last."""
    return 0, max(len(frame.classes) - 1, 1)


def y_limit(points: Floats, size: Size) -> float:
    """How far up and down all points are seen at a scale that is the same in both directions."""
    across, up = np.abs(points).max(axis=0, initial=0)
    limit = 1.04 * max(float(up), float(across) * size[1] / size[0], MIN_LIMIT)
    return float(np.ceil(limit / LIMIT_STEP) * LIMIT_STEP)


def font_size(frame: ImageFrame) -> str:
    """Of names of classes: long ones would hide the points."""
    return "14px" if max(map(len, frame.classes), default=0) <= 2 else "11px"


def properties(frame: ImageFrame, theme: Theme, size: Size) -> Properties:
    """Ranges and colours."""
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
        # HoloViews makes a constant of a column that is the same all over, as long as it is.
        "0.glyph.size": {"field": "size"},
        "0.glyph.marker": {"field": "marker"},
        **text_style(1, theme.ink, text_font_size=font_size(frame), **badge),
    }


def class_colours(theme: Theme, k: int) -> list[str]:
    """Colours of k classes; past ten they begin again."""
    all_ = (*theme.classes, *EXTRA_COLOURS[theme.name])
    return [all_[number % len(all_)] for number in range(k)]
