"""Views of a page by themselves, for a cell of a notebook or an app of one's own."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.pages.part import Part
from playground.serving.back_pressure import BackPressure
from playground.serving.bokeh_patches import BokehPatches
from playground.views.live_view import LiveView

VIEW_SIZE = 380
"""Pixels: how tall views are, and how wide where they are square."""


class ViewCell(Part):
    """One or several views side by side, which follow their page whether it is shown or not.

    Parameters
    ----------
    back_pressure : BackPressure
        The page's: what is seen here sets the pace too.
    views : LiveView
        Either the page's, which it keeps up to date.
    own : bool
        Or not, so that `update` has to do it.
    square : bool
        Otherwise they are as wide as there is room.

    Attributes
    ----------
    views : tuple of LiveView
    own : tuple of LiveView
        Views that are nobody else's.
    """

    def __init__(
        self, back_pressure: BackPressure, *views: LiveView, own: bool = False, square: bool = False
    ) -> None:
        super().__init__()
        self.views, self.own = views, views if own else ()
        mode, width = ("fixed", VIEW_SIZE) if square else ("stretch_width", None)
        panes = [view.pane(sizing_mode=mode, width=width, height=VIEW_SIZE) for view in views]
        self._row = pn.Row(*panes, back_pressure, BokehPatches(), margin=0, sizing_mode=mode)

    def __panel__(self) -> pn.Row:
        return self._row

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Show a newer frame."""
        for view in self.own:
            view.push(frame)
