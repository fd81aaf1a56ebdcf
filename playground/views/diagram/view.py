"""The diagram as a LiveView."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Unpack

import holoviews as hv

from playground.training.frame import Frame
from playground.views.diagram.blocks import NARROW, Size
from playground.views.diagram.elements import Links, Pictures
from playground.views.diagram.fit import fit
from playground.views.diagram.layout import Layout
from playground.views.diagram.parts import (
    ABOVE,
    FOCUS,
    FROZEN,
    LEFT,
    MINUS,
    OUTLINES,
    PLUS,
    RIGHT,
    SWATCHES,
    TILES,
    Choices,
    Columns,
    columns,
    layout,
)
from playground.views.figure import FONT, OPTIONS, borders, span
from playground.views.live import LiveView, Properties
from playground.views.theme import LIGHT, Theme, mosaic

SIZE: Size = (700, 400)
CLASSES = len(LIGHT.classes)
DASHES = [12, 3]  # negative weights: told from positive ones without their colour
NOT_TRAINED = "asterisk"  # it looks like a snowflake
TEXTS = {LEFT: "right", ABOVE: "center", RIGHT: "left"}


def diagram(frame: Frame, theme: Theme = LIGHT, size: Size = SIZE) -> LiveView:
    """Show the network as a diagram.

    Choices: `selected` and `hovered`, each a Ref or None, and `size`, the pixels (width, height)
    that it is shown in, which are its coordinates and follow the browser by themselves. See
    `layout_of`, `at` and `describe`.
    """
    view = LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        selected=None,
        hovered=None,
        size=size,
    )
    view.on_render(fit(lambda size: view.set(size=size)))
    return view


def layout_of(view: LiveView) -> Layout:
    """Tell where everything lies in a diagram as it is shown now."""
    return layout(view.frame, view.choices["size"])


def draw(frame: Frame, theme: Theme, **choices: Unpack[Choices]) -> hv.Overlay:
    """Declare the diagram; `properties` colours it."""
    parts = columns(frame, theme, **choices)
    swatches = hv.Points(parts[SWATCHES], vdims="color")
    frozen = hv.Points((parts[FROZEN]["x"], parts[FROZEN]["y"]))
    texts = {row: hv.Labels(parts[row], vdims="text") for row in TEXTS}
    elements = [
        Links(parts[PLUS]),
        Links(parts[MINUS]),
        Pictures(parts[TILES]).opts(palette=palette(theme)),
        rectangles(parts[OUTLINES]).opts(fill_color=None, line_width=1, line_alpha=0.6),
        swatches.opts(color="color", size=8, cmap=list(theme.classes), clim=(0, CLASSES - 1)),
        frozen.opts(marker=NOT_TRAINED, size=8, line_width=1.5),
        rectangles(parts[FOCUS]).opts(fill_color=None, line_width=2.5),
        *(texts[row].opts(text_align=align) for row, align in TEXTS.items()),
    ]
    bare = {"xaxis": None, "yaxis": None, "backend_opts": borders(0, 0, 0, 0)}
    return hv.Overlay(elements).opts(**OPTIONS, **bare)


def rectangles(columns: Columns) -> hv.Rectangles:
    """Make rectangles from the columns that their glyph has."""
    return hv.Rectangles(tuple(columns[side] for side in ("left", "bottom", "right", "top")))


@lru_cache(maxsize=4)
def palette(theme: Theme) -> list[str]:
    """Colour the pictures; the first colour is transparent."""
    return mosaic(theme)


def properties(frame: Frame, theme: Theme, **choices: Unpack[Choices]) -> Properties:
    """Compute ranges, palette, colours and the size of text."""
    width, height = choices["size"]
    return {
        **span("x", 0, width),
        **span("y", 0, height),
        "0.plot.ygrid.grid_line_color": None,
        "0.plot.output_backend": "canvas",  # there is no WebGL for Bézier curves
        f"{PLUS}.glyph.line_color": theme.classes[1],
        f"{MINUS}.glyph.line_color": theme.classes[0],
        f"{MINUS}.glyph.line_dash": DASHES,
        f"{TILES}.color_mapper.palette": palette(theme),
        f"{OUTLINES}.glyph.line_color": theme.muted,
        f"{SWATCHES}.glyph.line_color": None,
        f"{SWATCHES}.color_color_mapper.palette": list(theme.classes),
        f"{FROZEN}.glyph.line_color": theme.ink,
        f"{FOCUS}.glyph.line_color": theme.ink,
        **text_properties(theme, "10px" if width < NARROW else "12px"),
    }


def text_properties(theme: Theme, font_size: str) -> dict[str, Any]:
    """Set all words in the colours of the theme."""
    style = {
        "text_font": {"value": FONT},
        "text_font_size": font_size,
        "text_line_height": 1.1,
        "text_baseline": "middle",
        "text_color": theme.muted,
    }
    return {f"{row}.glyph.{name}": value for row in TEXTS for name, value in style.items()}
