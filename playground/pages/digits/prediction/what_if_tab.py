"""The tab “What if”: a few strokes that lead to another prediction (counterfactual)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
import panel as pn
from torch import nn

from playground.number_text import format_percent
from playground.pages.digits.prediction.explanation_tab import (
    ExplanationTab,
    controls_row,
    side_by_side,
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

SECOND = "the second"
"""The target that is chosen at first: whatever is the second most probable class."""


class WhatIfTab(ExplanationTab[Explained]):
    """The strokes, and the drawing with them, for a chosen target class."""

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__(predictor)
        self._changed_view = picture(PictureData(None), theme)
        self._difference_view = picture(PictureData(None), theme)
        self.views = (self._difference_view, self._changed_view)
        self._label = pn.widgets.Select(
            name="Target class", options=self._options(), value=None, margin=0, width=130
        )
        self._label.param.watch(self.request, "value")
        self._tab = tab_content(
            controls_row(self.network_select, self._label),
            self.caption,
            side_by_side(self._difference_view, self._changed_view),
        )

    def __panel__(self) -> pn.Column:
        return self._tab

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], Explained]:
        """Return the function that computes the counterfactual."""
        label = self._label.value
        if label is None:
            label = int(np.argsort(np.nan_to_num(self.probabilities(latest)))[-2])
        name = latest.bars.classes[label]
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
        """Show the strokes, the drawing with them, and what they are in words."""
        before, name, change = explained
        self._changed_view.push(PictureData(change.picture))
        self._difference_view.push(PictureData(before, change.delta))
        self.caption.object = change_sentence(change, name)

    def clear_explanation(self) -> None:
        """Show empty pictures."""
        for view in (self._changed_view, self._difference_view):
            view.push(PictureData(None))

    def _options(self) -> dict[str, int | None]:
        return {SECOND: None} | {
            name: number for number, name in enumerate(self._predictor.classes)
        }


def change_sentence(change: Counterfactual, name: str) -> str:
    """Return HTML that says which strokes lead to a class."""
    kind, percent = f"<b>{escape(name)}</b>", format_percent(change.probability, 0)
    if not change.strokes:
        if change.reached:
            return f"It reads {kind} already. Choose another target class."
        return f"No single stroke makes {kind} more probable than {percent}."
    told = [
        f"{'erase the orange ink' if stroke.erases else 'draw the blue line'} {stroke.place}"
        for stroke in change.strokes
    ]
    strokes = list(dict.fromkeys(told))  # two at one place look like one
    listed = " and ".join(filter(None, (", ".join(strokes[:-1]), strokes[-1])))
    if change.reached and change.probability < 0.5:
        return f"{listed.capitalize()}: then {kind} is the most probable, with {percent}."
    if change.reached:
        return f"{listed.capitalize()}: then it reads {kind} ({percent})."
    return f"{listed.capitalize()}: even then {kind} has only {percent}. It takes more than that."
