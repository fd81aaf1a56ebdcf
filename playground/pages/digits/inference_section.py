"""Canvas and predictions: the half of the page that works without training pictures."""

from __future__ import annotations

from collections.abc import Callable

from playground.pages.digits.canvas.canvas_card import CanvasCard
from playground.pages.digits.prediction.corrections_tab import CorrectionsTab
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.prediction_card import PredictionCard
from playground.pages.part import Part
from playground.settings import Owner, ParameterSetting
from playground.training.images import ImageFrame, ImageTrainer
from playground.views.live_view import LiveView
from playground.views.theme import Theme


class InferenceSection(Part):
    """The card with the canvas, and the card with the predictions.

    Parameters
    ----------
    trainer : ImageTrainer
        Its network predicts too, once training pictures are loaded.
    theme : Theme
    on_corrected : callable
        Called on the event loop after a correction was learned or undone.

    Attributes
    ----------
    canvas, predictions : Part
        The two cards.
    """

    def __init__(
        self, trainer: ImageTrainer, theme: Theme, on_corrected: Callable[[], None]
    ) -> None:
        super().__init__()
        self._predictor = LivePredictor(trainer)
        self.canvas = CanvasCard(self._predictor, theme)
        self.predictions = PredictionCard(
            self._predictor, theme, CorrectionsTab(self._predictor, theme, on_corrected)
        )

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The chosen classifiers, the brush, and the open tab of the predictions."""
        return (
            ParameterSetting(self._predictor, "chosen", "readers"),
            ParameterSetting(self._predictor.drawing, "brush", "brush"),
            (self.predictions.open, {"tab": "reading_tab"}),
        )

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of both cards."""
        return (*self.canvas.views, *self.predictions.views)

    def update(self, frame: ImageFrame) -> None:
        """Predict again with the network in training."""
        self._predictor.update(frame)
        self.predictions.update(frame)
