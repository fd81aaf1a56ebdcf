"""The card of what networks make of what is looked at: readings, reasons, and corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.digits.explanation import Explanation, tab
from playground.pages.digits.maps_tab import MapsTab
from playground.pages.digits.readings import Readings, choice
from playground.pages.digits.subject import Subject
from playground.pages.digits.teach import Teach
from playground.pages.digits.what_if_tab import WhatIf
from playground.pages.digits.why import Why
from playground.pages.part import Part
from playground.views.live import LiveView
from playground.views.theme import Theme


class ReadingCard(Part):
    """Tabs: what they read, why, feature maps, what if, and teaching.

    Parameters
    ----------
    subject : Subject
    theme : Theme
    taught : callable
        Called on the event loop when the network has learned or forgotten a correction.

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(
        self, subject: Subject, theme: Theme, taught: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        readings, teach = Readings(subject, theme), Teach(subject, theme, taught)
        self._explanations: dict[str, Explanation[Any]] = {
            "Why": Why(subject, theme),
            "Feature maps": MapsTab(subject, theme),
            "What if": WhatIf(subject, theme),
        }
        explained = [view for each in self._explanations.values() for view in each.views]
        self.views: tuple[LiveView, ...] = (*readings.views, *explained, *teach.views)
        self._tabs = pn.Tabs(
            ("They read", tab(choice(subject), readings)),
            *self._explanations.items(),
            ("Teach", teach),
            dynamic=True,
            sizing_mode="stretch_both",
            margin=0,
        )
        self._card = pn.Column(
            self._tabs, css_classes=["pg-card", "pg-reading-card"], margin=0, min_width=0
        )
        self._tabs.param.watch(self._turn, "active")

    def __panel__(self) -> pn.Column:
        return self._card

    def _turn(self, event: param.parameterized.Event) -> None:
        for number, explanation in enumerate(self._explanations.values(), start=1):
            explanation.open = number == event.new
