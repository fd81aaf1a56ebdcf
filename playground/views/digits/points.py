"""Test pictures as points: those that the last layer is given much the same for lie together."""

from __future__ import annotations

from functools import partial

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.digits import ReaderFrame, Readings
from playground.training.digits.frame import Numbers
from playground.views.digits.colours import class_colours
from playground.views.digits.grid import Size
from playground.views.digits.kept import Kept
from playground.views.digits.room import SIZE, bare, fitted, labels, text
from playground.views.digits.thumbnails import thumbnails
from playground.views.digits.unpiled import unpiled
from playground.views.figure import FONT, TOOLTIP, colour_column, span
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme

PICTURE = (
    '<div style="width: 70px; height: 70px; margin: 2px auto; background: var(--pg-ink);'
    ' mask: url(@picture{safe}) 0 0 / 100% 100%"></div>'
    "<b>@said</b> @sureness{0%} @truth"
)
LEAST = 1.5
"""The plane is shown at least so far up and down from its middle."""
STEP = 0.25
"""It grows and shrinks by so much at once, rather than with every point."""
LETTER, LINE, AROUND = 7.5, 22.0, 9.0
"""Pixels of the name of a class: of each letter across, of all up and down, and on both sides."""
BADGE = {
    "background_fill_alpha": 0.85,
    "border_line_width": 1,
    "border_radius": 5,
    "padding": 3,
}
"""Of the names of classes."""


def points(frame: ReaderFrame, theme: Theme) -> LiveView:
    """A point for each picture of the panel, in the colour of what it is.

    Large diamonds are read wrongly. The name of a class stands in the middle of its points.
    Pointing at a point shows its picture, without asking the server. The choice is `size`, the
    pixels that the view is shown in, which follow the browser by themselves.
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep), partial(columns, keep), frame, theme, properties=properties, size=SIZE
    )
    return fitted(view)


def draw(keep: Kept, frame: ReaderFrame, theme: Theme, size: Size) -> hv.Overlay:
    """Declare points and names of classes."""
    dots, names = columns(keep, frame, theme, size)
    # Called as the glyph's columns are: what is hovered brings a column by each of its names.
    shown = ["color", "marker", "size", "picture", "said", "sureness", "truth"]
    return bare(
        hv.Points(tuple(dots[name] for name in ("x", "y", *shown)), vdims=shown).opts(
            color="color",
            cmap=class_colours(theme, len(frame.classes)),
            clim=colour_range(frame),
            marker="marker",
            size="size",
            line_width=0.5,
            tools=["hover"],
            hover_tooltips=TOOLTIP.format(font=FONT, body=PICTURE),
        ),
        labels(names, text_align="center", text_baseline="middle", text_font_style="bold"),
    )


def columns(keep: Kept, frame: ReaderFrame, theme: Theme, size: Size) -> list[Columns]:
    """Columns of points and of names of classes."""
    panel = frame.panel
    about = keep(told, panel, frame.classes)
    pictures = {"picture": keep(thumbnails, panel.pictures)}
    places = keep(axes, frame.points)
    return [
        {**places, **about, **pictures, "color": keep(colour_column, panel.labels)},
        keep(middles, frame.points, panel.labels, frame.classes, size),
    ]


def axes(points: Floats) -> Columns:
    """Places of points."""
    return {"x": points[:, 0], "y": points[:, 1]}


def told(panel: Readings, classes: tuple[str, ...]) -> Columns:
    """What each picture was read as, and how that is shown."""
    names, said = np.array(classes, object), panel.said
    wrong = said != panel.labels
    return {
        "marker": np.where(wrong, "diamond", "circle"),
        "size": np.where(wrong, np.float32(11), np.float32(6)),
        "said": names[said],
        "sureness": panel.sureness,
        "truth": np.where(wrong, "– it is " + names[panel.labels], ""),
    }


def middles(points: Floats, labels: Numbers, classes: tuple[str, ...], size: Size) -> Columns:
    """The name of each class that is there, at the median of its points or as near as can be."""
    there = np.unique(labels)
    names = [classes[label] for label in there]
    places = np.array([np.median(points[labels == label], axis=0) for label in there])
    x, y = unpiled(places, badges(names) * (2 * reach(points, size) / size[1])).T
    return {"x": x, "y": y, "text": names}


def badges(names: list[str]) -> Floats:
    """Widths and heights of names with what is around them, in pixels, shape (len(names), 2)."""
    return np.array([(LETTER * len(name) + AROUND, LINE) for name in names]).reshape(-1, 2)


def colour_range(frame: ReaderFrame) -> tuple[int, int]:
    """The class numbers of the first colour and of the last."""
    return 0, max(len(frame.classes) - 1, 1)


def reach(points: Floats, size: Size) -> float:
    """How far up and down all points are seen at a scale that is the same in both directions."""
    across, up = np.abs(points).max(axis=0, initial=0)
    farthest = 1.04 * max(float(up), float(across) * size[1] / size[0], LEAST)
    return float(np.ceil(farthest / STEP) * STEP)


def font_size(frame: ReaderFrame) -> str:
    """Of names of classes: long ones would hide the points."""
    return "14px" if max(map(len, frame.classes), default=0) <= 2 else "11px"


def properties(frame: ReaderFrame, theme: Theme, size: Size) -> Properties:
    """Ranges and colours."""
    high = reach(frame.points, size)
    wide = high * size[0] / size[1]
    badge = {**BADGE, "background_fill_color": theme.surface, "border_line_color": theme.line}
    return {
        **span("x", -wide, wide),
        **span("y", -high, high),
        "0.plot.ygrid.grid_line_color": None,
        "0.color_color_mapper.palette": class_colours(theme, len(frame.classes)),
        "0.color_color_mapper.high": colour_range(frame)[1],
        "0.glyph.line_color": theme.surface,
        # HoloViews makes a constant of a column that is the same all over, as long as it is.
        "0.glyph.size": {"field": "size"},
        "0.glyph.marker": {"field": "marker"},
        **text(1, theme.ink, text_font_size=font_size(frame), **badge),
    }
