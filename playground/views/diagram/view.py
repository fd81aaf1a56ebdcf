"""The network diagram as a LiveView."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Unpack

import holoviews as hv

from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.elements import BezierLinks, PaletteImages
from playground.views.diagram.glyph_columns import (
    ABOVE,
    FOCUS,
    FROZEN,
    LEFT,
    MINUS,
    OUTLINES,
    PLUS,
    RIGHT,
    SHADOWS,
    SWATCHES,
    TILES,
    UNUSED,
    UNUSED_LEFT,
    UNUSED_OUTLINES,
    DiagramChoices,
    columns,
    layout_for,
    title_columns,
)
from playground.views.diagram.link_motion import FLOW_TAG
from playground.views.diagram.tile_images import CORNER
from playground.views.figure import (
    FIGURE_OPTIONS,
    FONT,
    OWN_STYLE,
    SMOOTH,
    axis_range,
    borders,
    rectangles,
)
from playground.views.live_view import LiveView, Properties
from playground.views.size_tracking import Size, track_size
from playground.views.theme import LIGHT, Theme, masked_diverging_palette

DEFAULT_SIZE: Size = (700, 400)
CLASSES = len(LIGHT.classes)
PLUS_DASHES, MINUS_DASHES = [14, 2], [6, 4]  # the signs are distinguishable without colour
FROZEN_MARKER = "asterisk"  # shaped like a snowflake
UNUSED_ALPHA = 0.3
TEXT_ALIGNS = {LEFT: "right", UNUSED_LEFT: "right", ABOVE: "center", RIGHT: "left"}


def diagram(
    frame: Frame,
    theme: Theme = LIGHT,
    size: Size = DEFAULT_SIZE,
    *,
    open_end: bool = False,
    has_keys: bool = False,
) -> LiveView:
    """Features, units and links of a network.

    Choices: `selected` and `hovered`, each a Ref or None; `size`, width and height in pixels, which
    the browser updates; `open_end`, whether the links of a single output end at the right edge,
    because the output is shown there; `has_keys`, whether it can be focused and takes keys.
    Coordinates are pixels. See `layout_of`, `hit_test` and `describe`.
    """
    view = LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt=about,
        selected=None,
        hovered=None,
        size=size,
        open_end=open_end,
        has_keys=has_keys,
    )
    view.on_render(track_size(lambda size: view.set(size=size)))
    return view


def layout_of(view: LiveView) -> Layout:
    """Return the current layout of a diagram."""
    return layout_for(view.frame, view.choices["size"], open_end=view.choices["open_end"])


def displayed_titles(view: LiveView) -> list[str]:
    """Return the titles of a diagram's hidden layers."""
    return title_columns(view.frame, layout_of(view)).text[1:-1]


def about(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> str:
    """Say what is drawn."""
    features, *hidden, outputs = (len(frame.plan.features), *frame.plan.widths)
    layers = f"neurons in hidden layers: {', '.join(map(str, hidden)) or 'none'}"
    return f"Network, features: {features}; {layers}; outputs: {outputs}"


def draw(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> hv.Overlay:
    """Declare all elements of the diagram; `properties` sets their colours."""
    parts = columns(frame, theme, **choices)
    swatches = hv.Points(parts[SWATCHES], vdims="color")
    frozen = hv.Points((parts[FROZEN]["x"], parts[FROZEN]["y"]))
    texts = {row: hv.Labels(parts[row], vdims="text") for row in TEXT_ALIGNS}
    elements = [
        BezierLinks(parts[PLUS]),
        BezierLinks(parts[MINUS]),
        rectangles(parts[SHADOWS]).opts(line_color=None, fill_color="black", fill_alpha=0.035),
        PaletteImages(parts[TILES]).opts(palette=palette(theme)),
        PaletteImages(parts[UNUSED]).opts(palette=palette(theme)),
        rectangles(parts[OUTLINES]).opts(line_width=1.5),
        rectangles(parts[UNUSED_OUTLINES]).opts(line_width=1),
        swatches.opts(color="color", size=8, cmap=list(theme.classes), clim=(0, CLASSES - 1)),
        frozen.opts(marker=FROZEN_MARKER, size=8, line_width=1.5),
        rectangles(parts[FOCUS]).opts(line_width=2.5),
        *(texts[row].opts(text_align=align) for row, align in TEXT_ALIGNS.items()),
    ]
    for element in elements:
        element.opts(apply_ranges=False, normalize=False)
    no_axes = {"xaxis": None, "yaxis": None, "backend_opts": borders(0, 0, 0, 0)}
    return hv.Overlay(elements).opts(**FIGURE_OPTIONS, normalize=False, **no_axes)


@lru_cache(maxsize=4)
def palette(theme: Theme) -> list[str]:
    """Colours of the images, as the identical list each time; the first is transparent."""
    return masked_diverging_palette(theme)


def properties(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> Properties:
    """Ranges, palette, colours and font sizes."""
    width, height = choices["size"]
    layout = layout_for(frame, (width, height), open_end=choices["open_end"])
    radius = round(CORNER * layout.tile)
    rounded = (SHADOWS, OUTLINES, UNUSED_OUTLINES, FOCUS)
    return {
        **{f"{part}.glyph.border_radius": radius for part in rounded},
        **{f"{part}.glyph.tags": [SMOOTH] for part in (TILES, UNUSED)},
        **axis_range("x", 0, width),
        **axis_range("y", 0, height),
        "0.plot.ygrid.grid_line_color": None,
        "0.plot.output_backend": "canvas",  # there is no WebGL for Bézier curves
        f"{PLUS}.glyph.line_color": theme.classes[1],
        f"{MINUS}.glyph.line_color": theme.classes[0],
        f"{PLUS}.glyph.line_dash": PLUS_DASHES,
        f"{MINUS}.glyph.line_dash": MINUS_DASHES,
        "0.plot.tags": [OWN_STYLE, FLOW_TAG],
        f"{TILES}.color_mapper.palette": palette(theme),
        f"{UNUSED}.glyph.global_alpha": UNUSED_ALPHA,
        f"{UNUSED}.color_mapper.palette": palette(theme),
        f"{OUTLINES}.glyph.line_color": theme.ink,
        f"{UNUSED_OUTLINES}.glyph.line_color": theme.line,
        f"{SWATCHES}.glyph.line_color": None,
        f"{SWATCHES}.color_color_mapper.palette": list(theme.classes),
        f"{FROZEN}.glyph.line_color": theme.ink,
        f"{FOCUS}.glyph.line_color": theme.ink,
        **text_properties(theme),
        **(key_properties(frame, theme, **choices) if choices["has_keys"] else {}),
    }


def key_properties(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> Properties:
    """Attributes of a diagram that can be focused and takes keys."""
    keys = "Arrows walk its neurons and links, Enter opens one."
    label = f"{about(frame, theme, **choices)}. {keys}"
    return {
        "0.plot.html_attributes": {
            "role": "application",
            "aria-label": label,
            "aria-roledescription": "network diagram",
            "tabindex": "0",
        }
    }


def text_properties(theme: Theme) -> dict[str, Any]:
    """Font and colour of all labels."""
    style = {
        "text_font": {"value": FONT},
        "text_font_size": "13px",
        "text_line_height": 1.3,
        "text_baseline": "middle",
        "text_color": theme.muted,
    }
    return {f"{row}.glyph.{name}": value for row in TEXT_ALIGNS for name, value in style.items()}
