"""The card of what networks make of what is looked at: readings, reasons, and corrections."""

from __future__ import annotations

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
from playground.pages.tab_card import tab_card
from playground.views.live import LiveView
from playground.views.theme import Theme


class ReadingCard(Part):
    """Tabs: what they read, why, feature maps, what if, and teaching.

    Parameters
    ----------
    subject : Subject
    theme : Theme
    teach : Teach

    Attributes
    ----------
    views : tuple of LiveView
    open : OpenTab
        Which of the tabs is seen.
    """

    def __init__(self, subject: Subject, theme: Theme, teach: Teach) -> None:
        super().__init__()
        readings = Readings(subject, theme)
        self._explanations: dict[str, Explanation[Any]] = {
            "Why": Why(subject, theme),
            "Feature maps": MapsTab(subject, theme),
            "What if": WhatIf(subject, theme),
        }
        explained = [view for each in self._explanations.values() for view in each.views]
        self.views: tuple[LiveView, ...] = (*readings.views, *explained, *teach.views)
        tabs: dict[str, Any] = {
            "They read": tab(choice(subject), readings),
            **self._explanations,
            "Teach": teach,
        }
        self._card, self.open = tab_card(tabs, "reading-card")
        self.open.param.watch(self._turn, "tab")

    def __panel__(self) -> pn.Column:
        return self._card

    def _turn(self, event: param.parameterized.Event) -> None:
        for title, explanation in self._explanations.items():
            explanation.open = title == event.new
