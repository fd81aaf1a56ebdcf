"""Two remarks in the diagram that say what can be done there, each until it was done once."""

from __future__ import annotations

import numpy as np
import panel as pn

from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout

ABOUT_UNITS = "the output of one neuron"
ABOUT_LINKS = "a weight: the thicker, the stronger"
ARROW_WIDTH, LETTER_WIDTH, HEIGHT = 26, 7.2, 16
"""Pixels of a remark: left of its words, of each letter, and upwards."""
LIFT = 4
"""Pixels by which it stands higher than the lower edge of what it is about."""
LINE = 20
"""Pixels from one remark to the one below it."""
NEAR_TILES = 3
"""Tiles from the lowest link's beginning down to a remark about it, at most."""
HIDDEN = {"display": "none"}
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
        """Move each callout beside what it explains; one without room is hidden."""
        self._column.visible = bool(frame.plan.hidden)
        if not frame.plan.hidden:
            return
        first = slice(layout.starts[1], layout.starts[2])
        lowest = float(layout.y[first].min() - layout.tile / 2)
        beside = layout.tile / 2 + 6
        features = np.concatenate([layout.x[: layout.starts[1]], layout.unused_x])
        unit, link = (float(each.max()) + beside for each in (layout.x[first], features))
        self._move(self._units, ABOUT_UNITS, layout, (unit, lowest))
        height = float(layout.y[: layout.starts[1]].min()) - lowest
        is_near = height <= NEAR_TILES * layout.tile
        # Where its words reach below the neurons it stands a line lower than theirs.
        places = [(link, lowest), (link, lowest - LINE)] if is_near else []
        self._move(self._links, ABOUT_LINKS, layout, *places)

    def dismiss_units(self) -> None:
        """Neurons have been pointed at."""
        self._dismiss(self._units)

    def dismiss_links(self) -> None:
        """Hide the callout about links; called once a weight was opened."""
        self._dismiss(self._links)

    @staticmethod
    def _dismiss(callout: LiveHTML) -> None:
        # The style that places it would be stronger than `visible` alone.
        if callout.visible:
            callout.param.update(visible=False, styles=HIDDEN)

    @staticmethod
    def _move(callout: LiveHTML, words: str, layout: Layout, *places: tuple[float, float]) -> None:
        """Move a callout to the first place with room for it; hide it if there is none."""
        place = next((each for each in places if has_room(layout, each, words)), None)
        styles = HIDDEN
        if place is not None and callout.visible:
            across, up = place
            styles = {
                "left": f"{across:.0f}px",
                "top": f"{-up - LIFT:.0f}px",
                "display": "block",
            }
        if callout.styles != styles:
            callout.styles = styles


def has_room(layout: Layout, place: tuple[float, float], words: str) -> bool:
    """Whether words right of a place, at its height, lie over no tile and within the diagram."""
    left, up = place
    right = left + ARROW_WIDTH + len(words) * LETTER_WIDTH
    half = layout.tile / 2
    beside = (layout.x + half < left) | (layout.x - half > right)
    above = layout.y - half > up + HEIGHT / 2
    return bool(right <= layout.size[0] and up >= 0 and (beside | above).all())
