"""Keeps the diagram's coordinates equal to the pixels that it is shown in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from weakref import WeakSet

import panel as pn
from bokeh.plotting import figure
from holoviews.plotting.plot import Plot

from playground.views.diagram.levels import Size

RenderHook = Callable[[Plot], None]
MIN_SIDE = 150
"""Pixels; a figure that is folded away reports less."""


def track_size(resize: Callable[[Size], None], smallest: int = MIN_SIDE) -> RenderHook:
    """Make a function that, given a rendered plot, has `resize` called at each new layout.

    Parameters
    ----------
    resize : callable
        Called with width and height in pixels.
    smallest : int
        A side of fewer pixels is not reported.
    """
    known: WeakSet[figure] = WeakSet()

    def hook(plot: Plot) -> None:
        if plot.state not in known:
            known.add(plot.state)
            report = partial(on_side, {})
            plot.state.on_change("inner_width", report)
            plot.state.on_change("inner_height", report)

    def on_side(seen: dict[str, int], attribute: str, old: object, new: int) -> None:
        seen[attribute] = new
        if len(seen) == 2 and min(seen.values()) >= smallest:
            # What changes while a page is still loading never gets to the browser.
            pn.state.onload(lambda: resize((seen["inner_width"], seen["inner_height"])))

    return hook
