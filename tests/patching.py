"""What a rendered view shows, so that a patched render can be held against a fresh one."""

from __future__ import annotations

import holoviews as hv
import numpy as np
from bokeh.models import ColorMapper, FixedTicker

from playground.views.live_view import element_plots

hv.extension("bokeh")


def render(view):
    """A plot of a live view as a page would make it, without a page."""
    return hv.renderer("bokeh").get_plot(view.dmap)


def assert_patch_equals_render(factory, before, after, **choices):
    """Patching `after` over a render of `before` shows what rendering `after` shows."""
    patched, fresh = factory(before), factory(after)
    plot = render(patched)
    fresh.set(**choices)
    patched.set(**choices)
    patched.push(after)
    expected = render(fresh)
    assert_same_columns(plot, expected)
    assert properties(plot) == properties(expected)


def assert_patches_equal_renders(factory, one, other, **choices):
    """The same there and back, with two renders instead of four: renders are what takes time."""
    patched, fresh = factory(one), factory(other)
    plot = render(patched)
    fresh.set(**choices)
    patched.set(**choices)
    shown = all_columns(plot), properties(plot)
    patched.push(other)
    expected = render(fresh)
    assert_same_columns(plot, expected)
    assert properties(plot) == properties(expected)
    fresh.push(one)
    assert_equal_columns(all_columns(expected), shown[0])
    assert properties(expected) == shown[1]


def all_columns(plot):
    return [dict(each.handles["source"].data) for each in element_plots(plot)]


def assert_same_columns(plot, expected):
    assert_equal_columns(all_columns(plot), all_columns(expected))


def assert_equal_columns(found, expected):
    for columns, others in zip(found, expected, strict=True):
        assert columns.keys() == others.keys()
        for name in columns:
            np.testing.assert_array_equal(columns[name], others[name], err_msg=name)


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
