"""Two remarks in the diagram that say what can be done there, each until it was done once."""

from __future__ import annotations

from itertools import pairwise

import panel as pn

from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout

ABOUT_UNITS = "what one neuron sees: point at it"
ABOUT_LINKS = "a weight: click it"
ROOM = 150
"""Pixels from layer to layer below which remarks would lie over each other."""
ARROW = (
    '<svg viewBox="0 0 22 18" width="22" height="18" aria-hidden="true">'
    '<path d="M3 2c0 9 7 13 17 13M1 6l2-4 3.5 3" fill="none" stroke="currentColor"/></svg>'
)


class Callouts(Part):
    """The remarks, over the lower edge of the diagram."""

    def __init__(self) -> None:
        super().__init__()
        self._units, self._links = (
            LiveHTML(f"{ARROW}<span>{text}</span>", margin=0, css_classes=["pg-callout"])
            for text in (ABOUT_UNITS, ABOUT_LINKS)
        )
        self._column = pn.Column(
            self._units, self._links, css_classes=["pg-callouts"], margin=0, height=0
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def place(self, layout: Layout, frame: Frame) -> None:
        """Move them to where what they are about is drawn, if there is room between the layers."""
        edges = pairwise([*layout.columns, 1.0])
        self._column.visible = has_room = bool(frame.plan.hidden) and all(
            (after - before) * layout.size[0] >= ROOM for before, after in edges
        )
        if not has_room:
            return
        first = slice(layout.starts[1], layout.starts[2])
        lowest = float(layout.y[first].min() - layout.tile / 2)
        beside = layout.tile / 2 + 6
        self._move(self._units, float(layout.x[first].max()) + beside, lowest)
        self._move(self._links, float(layout.x[: layout.starts[1]].max()) + beside, lowest)

    def dismiss_units(self) -> None:
        """Neurons have been pointed at."""
        self._units.visible = False

    def dismiss_links(self) -> None:
        """A weight has been opened."""
        self._links.visible = False

    @staticmethod
    def _move(callout: LiveHTML, across: float, up: float) -> None:
        styles = {"left": f"{across:.0f}px", "top": f"{-up:.0f}px"}
        if callout.styles != styles:
            callout.styles = styles
