"""The card of tabs with details: confusion matrix, statistics of layers, summary."""

from __future__ import annotations

from dataclasses import astuple
from html import escape
from typing import Any

import panel as pn

from playground.pages.controls.changed_values import set_changed
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.tabs.confusion_tab import ConfusionTab
from playground.pages.controls.tabs.tab_card import tab_card
from playground.pages.part import DenseHeartbeat, Part
from playground.serving.patches.bokeh_patches import FILLED_LATER
from playground.training.dense.frame import Frame
from playground.views.activations import activation_statistics
from playground.views.confusion import confusion
from playground.views.gradient_norms import gradient_norms
from playground.views.live_view import LiveView
from playground.views.network_summary import summary, table
from playground.views.theme import Theme

LAYER_TABS = "Gradients", "Activations"
"""Titles of the tabs about single layers."""
TABS_HEIGHT = 66
"""Pixels of the card above and below what is in a tab."""
TitledTabs = tuple[tuple[str, Any], ...]
"""Titles of tabs with their contents."""


class DetailsCard(Part):
    """A card of tabs: those of the page, confusion matrix, statistics of layers, summary.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    first, last : sequence of (str, object)
        Further tabs, before the others and after them.

    Attributes
    ----------
    open : OpenTab
        Which tab is open.
    """

    def __init__(
        self, heartbeat: DenseHeartbeat, theme: Theme, first: TitledTabs = (), last: TitledTabs = ()
    ) -> None:
        super().__init__()
        frame = heartbeat.frame
        # The layers of a custom module are not known.
        layer_views = (gradient_norms, activation_statistics) if frame.layers else ()
        self.views: tuple[LiveView, ...] = (
            confusion(frame, theme),
            *(view(frame, theme) for view in layer_views),
        )
        self._summary = LiveHTML(_summary(frame), css_classes=["pg-summary"], margin=0)
        self._confusion = ConfusionTab(frame, self.views[0])
        tabs = {
            "Confusion": self._confusion,
            **dict(zip(LAYER_TABS, (view.pane() for view in self.views[1:]), strict=False)),
            "Summary": self._summary,
        }
        self._card, self.open = tab_card({**dict(first), **tabs, **dict(last)}, "details")
        self._card.tags = [FILLED_LATER]
        self._make_room()

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: Frame) -> None:
        """Show a newer frame."""
        for view in self.views:
            view.push(frame)
        set_changed(self._summary, object=_summary(frame))
        self._confusion.update(frame)
        self._make_room()

    def keep(self, frame: Frame) -> None:
        """Keep a newer frame, for a tab that is opened."""
        for view in self.views:
            view.frame = frame

    def _make_room(self) -> None:
        """Be as high as the matrix with the scores of all classes below it."""
        height = TABS_HEIGHT + self._confusion.height
        set_changed(self._card, styles={"min-height": f"{height}px"})


def _summary(frame: Frame) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in astuple(row)) + "</tr>"
        for row in table(frame.plan)
    )
    head = "<tr><th>layer</th><th>shape</th><th>activation</th><th>parameters</th></tr>"
    return f"<p>{escape(summary(frame.plan))}</p><table>{head}{rows}</table>"
