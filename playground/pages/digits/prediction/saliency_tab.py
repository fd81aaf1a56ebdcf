"""The tab “Why”: saliency of each pixel for the prediction."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
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
from playground.training.images.explain import saliency
from playground.training.images.frame import Pixels
from playground.views.images.single_image import picture
from playground.views.images.view_data import PictureData
from playground.views.theme import Theme

Explained = tuple[PictureData, str]


class SaliencyTab(ExplanationTab[Explained]):
    """The input of the network, with the saliency of each pixel over it."""

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__(predictor)
        self._picture = picture(PictureData(None), theme)
        self.views = (self._picture,)
        self._tab = tab_content(
            controls_row(self.network_select, self.caption), stretch(self._picture)
        )

    def __panel__(self) -> pn.Column:
        return self._tab

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], Explained]:
        """Return the function that computes the saliency for the predicted class."""
        bars = latest.bars
        probabilities = bars.probabilities[bars.models.index(self.network_select.value)]
        if not np.isfinite(probabilities).all():
            return lambda network: (PictureData(picture, saliency(network, picture)), "")
        label = int(probabilities.argmax())
        caption = (
            f"Saliency: blue pixels raise the probability of <b>{escape(bars.classes[label])}</b>, "
            "orange ones lower it: ink that should or should not be there, and paper left blank."
        )
        return lambda network: (PictureData(picture, saliency(network, picture, label)), caption)

    def show_explanation(self, explained: Explained) -> None:
        """Show the saliency and its caption."""
        data, self.caption.object = explained
        self._picture.push(data)

    def clear_explanation(self) -> None:
        """Show an empty picture."""
        self._picture.push(PictureData(None))
