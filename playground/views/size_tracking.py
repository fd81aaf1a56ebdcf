"""Reports the size in pixels that a figure has in the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from weakref import WeakSet

import panel as pn
from bokeh.plotting import figure
from holoviews.plotting.plot import Plot

from playground.serving.browser.browser_component import report_junk

Size = tuple[float, float]
"""Width and height in pixels."""
RenderHook = Callable[[Plot], None]
MAX_SIDE = 20_000
"""Pixels; no screen has more."""
MIN_SIDE = 150
"""Pixels; a figure in a collapsed card reports fewer."""


def track_size(resize: Callable[[Size], None], smallest: int = MIN_SIDE) -> RenderHook:
    """Return a hook for `LiveView.on_render` that calls `resize` at each new layout.

    Parameters
    ----------
    resize : callable
        Called with the width and height of the area inside the axes, in pixels.
    smallest : int
        Sizes with a side below are not reported.
    """
    known: WeakSet[figure] = WeakSet()

    def hook(plot: Plot) -> None:
        if plot.state not in known:
            known.add(plot.state)
            report = partial(on_side, {})
            plot.state.on_change("inner_width", report)
            plot.state.on_change("inner_height", report)

    def on_side(sizes: dict[str, int], attribute: str, old: object, new: object) -> None:
        if type(new) is not int or not 0 <= new <= MAX_SIDE:
            report_junk("A figure", new)
            return
        sizes[attribute] = new
        if len(sizes) == 2 and min(sizes.values()) >= smallest:
            # Changes made while a page is still loading never reach the browser.
            pn.state.onload(lambda: resize((sizes["inner_width"], sizes["inner_height"])))

    return hook
