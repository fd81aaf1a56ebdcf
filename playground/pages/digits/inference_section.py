"""Where one draws and sees what is read: the half of the page that needs no pictures to learn."""

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
    """A card to draw in, and a card of what the readers make of it.

    Parameters
    ----------
    trainer : ImageTrainer
        Whose network is asked too, once there are pictures to learn from.
    theme : Theme
    on_corrected : callable
        Called on the event loop when the network has learned or forgotten a correction.

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
        """Which readers are asked, how thick ink is, and which tab of the readings is open."""
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
        """Ask the network that learns once more."""
        self._predictor.update(frame)
        self.predictions.update(frame)
