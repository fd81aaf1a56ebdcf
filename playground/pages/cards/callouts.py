"""Two remarks in the diagram that say what can be done there, each until it was done once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn
import param

from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.serving.browser.browser_component import BrowserComponent
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.remark_places import Box, free_point_on_link

ABOUT_UNITS = ("the output of one neuron",)
ABOUT_LINKS = ("a weight:", "the thicker,", "the stronger")
UNITS, LINKS = "units", "links"
"""Names of the remarks, in the browser too."""
ARROW_WIDTH, LETTER_WIDTH, LINE = 26, 7.0, 16
"""Pixels of a remark: left of its words, of each letter, and of each line."""
TIP = (3, 8)
"""The tip of the arrow, in pixels from the remark's left edge, and above the middle of its first
line."""
LIFT = 4
"""Pixels by which it stands higher than the lower edge of what it is about."""
APART = 4
"""Pixels between a link and the arrow that points at it."""
HIDDEN = {"display": "none"}
ARROW = (
    '<svg viewBox="0 0 22 18" width="22" height="18" aria-hidden="true">'
    '<path d="M3 2c0 9 7 13 17 13M1 6l2-4 3.5 3" fill="none" stroke="currentColor"/></svg>'
)


class UsedCallouts(BrowserComponent):
    """An invisible component by which a browser keeps remarks away that were used in it.

    Help, in the header, brings them back.
    """

    names = param.List(default=[UNITS, LINKS], constant=True, doc="All remarks.")
    used = param.List(default=[], doc="The remarks that were used on this page.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)

    def receive(self, message: object) -> bool:
        """Take note that all are shown again."""
        if message != {"again": True}:
            return False
        self.used = []
        return True

    def use(self, name: str) -> None:
        """Keep a remark away from now on."""
        if name not in self.used:
            self.used = [*self.used, name]


class Callouts(Part):
    """The remarks, over the lower edge of the diagram."""

    def __init__(self) -> None:
        super().__init__()
        self.used = UsedCallouts()
        self._units, self._links = (
            LiveHTML(
                f"{ARROW}<span>{'<br>'.join(lines)}</span>", margin=0, css_classes=["pg-callout"]
            )
            for lines in (ABOUT_UNITS, ABOUT_LINKS)
        )
        self._column = pn.Column(
            self._units, self._links, self.used, css_classes=["pg-callouts"], margin=0, height=0
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def place(self, layout: Layout, frame: Frame) -> None:
        """Move each callout beside what it explains; one without room is hidden."""
        self._column.visible = bool(frame.plan.hidden)
        if not frame.plan.hidden:
            return
        first = slice(layout.starts[1], layout.starts[2])
        right = float(layout.x[first].max()) + layout.tile / 2 + 6
        lowest = float(layout.y[first].min() - layout.tile / 2)
        has_place = has_room(layout, (right, lowest), ABOUT_UNITS[0])
        self._move(self._units, UNITS, (right, lowest) if has_place else None)
        others = (words_box(ABOUT_UNITS, right, lowest),) if has_place else ()
        words = words_box(ABOUT_LINKS, -TIP[0], -TIP[1] - APART)
        mirrored = Box(-words.right, words.bottom, -words.left, words.top)
        found = free_point_on_link(layout, frame, (words, mirrored), others)
        if found is None:
            self._move(self._links, LINKS, None)
            return
        shift = TIP[0] if found.side else -TIP[0]
        place = found.across + shift, found.up - TIP[1] - APART
        self._move(self._links, LINKS, place, mirrored=bool(found.side))

    def dismiss_units(self) -> None:
        """Neurons have been pointed at."""
        self.used.use(UNITS)

    def dismiss_links(self) -> None:
        """Hide the callout about links; called once a weight was opened."""
        self.used.use(LINKS)

    @staticmethod
    def _move(
        callout: LiveHTML,
        name: str,
        place: tuple[float, float] | None,
        *,
        mirrored: bool = False,
    ) -> None:
        """Move a callout to a place; hide it if there is none.

        The place is its left edge, or the right one if it is mirrored, and its first line.
        """
        styles = HIDDEN
        if place is not None:
            across, up = place
            styles = {
                "left": f"{across:.0f}px",
                "top": f"{-up - LIFT:.0f}px",
                "display": f"var(--pg-callout-{name}, block)",
            }
        classes = ["pg-callout", *(["pg-mirrored"] if mirrored else [])]
        if (callout.styles, callout.css_classes) != (styles, classes):
            callout.param.update(styles=styles, css_classes=classes)


def words_box(lines: tuple[str, ...], left: float, up: float) -> Box:
    """Return what the words of a remark at a place cover."""
    start, width = left + ARROW_WIDTH, max(map(len, lines)) * LETTER_WIDTH
    return Box(start, up + LINE / 2 - LINE * len(lines), start + width, up + LINE / 2)


def has_room(layout: Layout, place: tuple[float, float], words: str) -> bool:
    """Whether words right of a place, at its height, lie over no tile and within the diagram."""
    left, up = place
    right = left + ARROW_WIDTH + len(words) * LETTER_WIDTH
    half = layout.tile / 2
    beside = (layout.x + half < left) | (layout.x - half > right)
    above = layout.y - half > up + LINE / 2
    return bool(right <= layout.size[0] and up >= 0 and (beside | above).all())
