"""What a rendered view shows, so that a patched render can be held against a fresh one."""

from __future__ import annotations

import holoviews as hv
import numpy as np
from bokeh.core.serialization import Buffer, Serializer
from bokeh.models import ColorMapper, FixedTicker

from playground.views.live_view import element_plots
from playground.views.rendering.figure_template import share_models

hv.extension("bokeh")

NOT_COMPARED = ("data", "reset_start", "reset_end")
"""Columns are compared by themselves; the ranges of the first data are nobody else's."""


def render(view):
    """A plot of a live view as a page would make it, without a page."""
    return hv.renderer("bokeh").get_plot(view.dmap)


class Shown:
    """A frame with choices of its own, and a theme if it is not that of the view."""

    def __init__(self, frame, theme=None, **choices):
        self.frame, self.theme, self.choices = frame, theme, choices


def assert_patches_equal_renders(factory, *frames, **choices):
    """Patching from each frame to the next, and all the way back, shows what rendering each shows.

    So does a copy of what was rendered for another frame. The choices are patched too. A frame may
    be `Shown` with others. Renders are what takes time: there is one for each frame.
    """
    states = [frame if isinstance(frame, Shown) else Shown(frame) for frame in frames]
    patched = factory(states[0].frame)
    theme, usual = patched.theme, patched.choices | choices
    plot = render(patched)
    rendered = (
        [columns_and_properties(plot)] if frames[0] is states[0].frame and not choices else []
    )
    for state in states[len(rendered) :]:
        fresh = factory(state.frame)
        fresh.restyle(state.theme or theme)
        fresh.set(**usual | state.choices)
        whole = render(fresh)
        rendered.append(columns_and_properties(whole))
        assert_same_figure(fresh.figure(), whole)
    for number in [*range(len(states)), *reversed(range(len(states) - 1))]:
        state = states[number]
        if patched.theme is not (state.theme or theme):
            patched.restyle(state.theme or theme)
        patched.push(state.frame, **usual | state.choices)
        (columns, others), expected = columns_and_properties(plot), rendered[number]
        assert_same_columns(columns, expected[0], f"frame {number}:")
        assert others == expected[1], f"frame {number}"


def assert_same_figure(copy, plot):
    """A copy has the columns of a plot, and every property of every model but what names it.

    Of the glyphs it has only those that are ever drawn.
    """
    assert_same_columns(all_columns(copy), all_columns(plot), "copy:")
    share_models(plot.state)
    assert description(copy.state) == description(plot.state)


def description(figure):
    """All that the browser gets of a figure but its data, with the models numbered in order."""
    numbers = {}

    def plain(value):
        match value:
            case {"type": "object", "name": name, "id": key, **rest}:
                numbers[key] = len(numbers)
                attributes = rest.get("attributes", {})
                inner = {k: v for k, v in attributes.items() if k not in NOT_COMPARED}
                return name, numbers[key], plain(inner)
            case {"id": key}:
                return numbers.get(key, key)
            case dict():
                return {name: plain(each) for name, each in value.items()}
            case list() | tuple():
                return [plain(each) for each in value]
            case Buffer():
                return bytes(value.data)
        return value

    return plain(Serializer().encode(figure))


def columns_and_properties(plot):
    """Columns and properties of a plot, as they are now."""
    return all_columns(plot), properties(plot)


def assert_same_columns(found, expected, where=""):
    """Compare the columns of two plots."""
    for columns, others in zip(found, expected, strict=True):
        assert columns.keys() == others.keys(), where
        for name, column in columns.items():
            assert_same_column(column, others[name], f"{where} {name}")


def assert_same_column(column, other, where):
    """Compare two columns, whose entries may be pictures of different sizes."""
    assert len(column) == len(other), where
    if any(isinstance(entry, np.ndarray) for entry in column):
        for one, another in zip(column, other, strict=True):
            np.testing.assert_array_equal(one, another, err_msg=where)
    else:
        np.testing.assert_array_equal(column, other, err_msg=where)


def all_columns(plot):
    return [dict(each.handles["source"].data) for each in element_plots(plot)]


def properties(plot):
    """Ranges, axes and colours of a plot, as plain values."""
    return [axes(plot), *(glyph(part) for part in element_plots(plot))]


def axes(plot):
    handles = element_plots(plot)[0].handles
    seen = {}
    for name in ("xaxis", "yaxis"):
        axis, extent = handles[name], handles[f"{name[0]}_range"]
        ticks = axis.ticker.ticks if isinstance(axis.ticker, FixedTicker) else None
        seen[name] = (extent.start, extent.end, axis.axis_label, axis.axis_label_text_color)
        seen[name] += (ticks, axis.major_label_overrides)
    return seen


def glyph(part):
    """Constant colours and sizes of a glyph, and the colour mappers it uses."""
    shown = part.handles["glyph"]
    names = [name for name in shown.properties() if name.endswith(("color", "size", "width"))]
    constants = {name: getattr(shown, name) for name in names}
    return (
        {name: value for name, value in constants.items() if isinstance(value, str | int | float)},
        [(each.palette, each.low, each.high) for each in mappers(part)],
        {name: value.field for name, value in constants.items() if hasattr(value, "field")},
    )


def mappers(part):
    return [each for each in part.handles.values() if isinstance(each, ColorMapper)]
