"""The tab “What if”: the smallest change that leads to another prediction (counterfactual)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import panel as pn
from torch import nn

from playground.pages.digits.prediction.explanation_tab import (
    ExplanationTab,
    controls_row,
    stretch,
    tab_content,
)
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import Predictions
from playground.training.images.explain import Counterfactual, counterfactual
from playground.training.images.frame import Pixels
from playground.views.images.single_image import picture
from playground.views.images.view_data import PictureData
from playground.views.theme import Theme

Explained = tuple[Pixels, str, Counterfactual]


class WhatIfTab(ExplanationTab[Explained]):
    """The changed input and the difference, for a chosen target class."""

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__(predictor)
        self._changed_view = picture(PictureData(None), theme)
        self._difference_view = picture(PictureData(None), theme)
        self.views = (self._changed_view, self._difference_view)
        self._label = pn.widgets.Select(
            name="Target class", options=self._options(), value=0, margin=0, width=110
        )
        self._label.param.watch(self.request, "value")
        both = pn.Row(
            stretch(self._changed_view),
            stretch(self._difference_view),
            css_classes=["pg-curve-row"],
            sizing_mode="stretch_both",
            margin=0,
        )
        self._tab = tab_content(controls_row(self.network_select, self._label), self.caption, both)

    def __panel__(self) -> pn.Column:
        return self._tab

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], Explained]:
        """Return the function that computes the counterfactual."""
        label, name = self._label.value, latest.bars.classes[self._label.value]
        return lambda network: (picture, name, counterfactual(network, picture, label))

    def extra_inputs(self) -> object:
        """Return the target class."""
        return self._label.value

    def request(self, *events: object) -> None:
        """Request an explanation; another dataset has other class names."""
        if self._label.options != (options := self._options()):
            self._label.options = options
        super().request(*events)

    def show_explanation(self, explained: Explained) -> None:
        """Show the counterfactual and the difference."""
        before, name, change = explained
        self._changed_view.push(PictureData(change.picture))
        self._difference_view.push(PictureData(before, change.delta))
        kind = f"<b>{escape(name)}</b>"
        if not change.reached:
            self.caption.object = f"No change of moderate size is predicted as {kind}."
        elif not change.delta.any():
            self.caption.object = f"The prediction is {kind} already."
        else:
            self.caption.object = (
                f"With blue ink added and orange ink removed the prediction is {kind}, "
                f"with a probability of {change.probability:.0%}."
            )

    def clear_explanation(self) -> None:
        """Show empty pictures."""
        for view in (self._changed_view, self._difference_view):
            view.push(PictureData(None))

    def _options(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._predictor.classes)}
