"""Views of a page without the rest of it, for a notebook's cell or another app."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.pages.part import Part
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.patches.bokeh_patches import BokehPatches
from playground.views.live_view import LiveView

VIEW_SIZE = 380
"""Height of the views in pixels, and width of square ones."""


class ViewCell(Part):
    """One or several live views side by side, updated with their page whether it is shown or not.

    Parameters
    ----------
    back_pressure : BackPressure
        The page's: a browser that shows only the cell is waited for too.
    views : LiveView
        By default views of the page's cards, which update them.
    own : bool
        The views belong to the cell alone, which updates them itself.
    square : bool
        The views are square; otherwise as wide as the cell.

    Attributes
    ----------
    views : tuple of LiveView
    own : tuple of LiveView
        Those of them that the cell updates itself.
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
