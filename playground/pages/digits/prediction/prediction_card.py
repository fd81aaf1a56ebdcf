"""The card with predictions, their explanations, and corrections."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from playground.pages.controls.tabs.tab_card import tab_card
from playground.pages.digits.prediction.corrections_tab import CorrectionsTab
from playground.pages.digits.prediction.explanation_tab import ExplanationTab, tab_content
from playground.pages.digits.prediction.feature_maps_tab import FeatureMapsTab
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.prediction_tab import PredictionTab, classifier_choice
from playground.pages.digits.prediction.what_if_tab import WhatIfTab
from playground.pages.digits.prediction.why_tab import WhyTab
from playground.pages.part import Part
from playground.views.live_view import LiveView
from playground.views.theme import Theme


class PredictionCard(Part):
    """Tabs: predictions, deciding parts, feature maps, counterfactuals, and corrections.

    Parameters
    ----------
    predictor : LivePredictor
    theme : Theme
    corrections_tab : CorrectionsTab

    Attributes
    ----------
    views : tuple of LiveView
    open : OpenTab
        The open tab.
    """

    def __init__(
        self, predictor: LivePredictor, theme: Theme, corrections_tab: CorrectionsTab
    ) -> None:
        super().__init__()
        prediction_tab = PredictionTab(predictor, theme)
        self._explanations: dict[str, ExplanationTab[Any]] = {
            "Why": WhyTab(predictor, theme),
            "Feature maps": FeatureMapsTab(predictor, theme),
            "What if": WhatIfTab(predictor, theme),
        }
        explained = [view for each in self._explanations.values() for view in each.views]
        self.views: tuple[LiveView, ...] = (
            *prediction_tab.views,
            *explained,
            *corrections_tab.views,
        )
        tabs: dict[str, Any] = {
            "They read": tab_content(classifier_choice(predictor), prediction_tab),
            **self._explanations,
            "Teach": corrections_tab,
        }
        self._card, self.open = tab_card(tabs, "reading-card")
        self.open.param.watch(self._on_tab, "tab")

    def __panel__(self) -> pn.Column:
        return self._card

    def _on_tab(self, event: param.parameterized.Event) -> None:
        for title, explanation in self._explanations.items():
            explanation.open = title == event.new
