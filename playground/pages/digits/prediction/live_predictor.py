"""Predictions of several networks, updated whenever the input or a network changes."""

from __future__ import annotations

import panel as pn
import param
from torch import nn

from playground.ink.drawing import Drawing
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS
from playground.pages.digits.prediction.predictions import (
    TRAINING_NOW,
    ClassifierInput,
    Predictions,
    no_predictions,
    predict_with_all,
)
from playground.pages.shell.latest_task import LatestTask
from playground.prediction import ModelOrName
from playground.serving.threads.thread_pools import prediction_workers
from playground.training.images import ImageFrame, ImageTrainer
from playground.views.images.view_data import DIGITS

DEFAULT_CLASSIFIERS = ("softmax", "mlp", "cnn", "deep")
"""Classifiers that predict unless others are chosen."""


class LivePredictor(param.Parameterized):
    """The current input, a drawing or a digit of an image, and its predictions.

    Predicts outside the event loop whenever something changes; only the newest result counts.

    Parameters
    ----------
    trainer : ImageTrainer
        Its network predicts too, from the first frame on.

    Attributes
    ----------
    drawing : Drawing
        The input, whenever it changes.
    """

    latest: Predictions = param.ClassSelector(  # type: ignore[assignment]
        class_=Predictions, doc="The newest predictions."
    )
    chosen = param.ListSelector(default=[], doc="Names of the pretrained classifiers that predict.")

    def __init__(self, trainer: ImageTrainer) -> None:
        super().__init__(latest=no_predictions(()))
        names = pretrained.names()
        self.param.chosen.objects = {CLASSIFIERS[name].label: name for name in names}
        self.chosen = [name for name in DEFAULT_CLASSIFIERS if name in names]
        self.trainer = trainer
        self.drawing = Drawing()
        self._training_model: nn.Module | None = None
        self._classes = DIGITS
        self._last_layers: object = None
        self._inputs: ClassifierInput = ()
        self._prediction_task: LatestTask[Predictions] = LatestTask(
            self._set_latest, self._set_failure, prediction_workers
        )
        self._model_task: LatestTask[nn.Module] = LatestTask(
            self._set_training_model, self._set_failure
        )
        self.drawing.param.watch(lambda _event: self.set_input(self.drawing.strokes), "lines")
        self.param.watch(lambda _event: self.predict_again(), "chosen")
        # Changes made while a page still loads are not sent to the browser.
        pn.state.onload(self.predict_again)

    @property
    def models(self) -> dict[str, ModelOrName]:
        """Networks by their labels; pretrained ones only if the dataset has their classes."""
        shipped = {CLASSIFIERS[name].label: name for name in self.chosen}
        known: dict[str, ModelOrName] = {**shipped} if self._classes == DIGITS else {}
        return (
            known if self._training_model is None else {**known, TRAINING_NOW: self._training_model}
        )

    @property
    def has_training_model(self) -> bool:
        """Whether there is a network in training."""
        return self._training_model is not None

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the probabilities."""
        return self._classes

    def set_input(self, inputs: ClassifierInput) -> None:
        """Replace the input."""
        self._inputs = inputs
        self.predict_again()

    def predict_again(self) -> None:
        """Predict the same input once more, as after a training step."""
        inputs, models, classes = self._inputs, self.models, self._classes
        self._prediction_task.submit(lambda: predict_with_all(inputs, models, classes))

    def update(self, frame: ImageFrame) -> None:
        """Predict with the network in training again; fetch it if it is a new one."""
        if frame.stages is not self._last_layers:
            self._last_layers, self._classes = frame.stages, frame.classes
            self._model_task.submit(lambda: self.trainer.model)
        elif self.latest.picture is not None:
            self.predict_again()

    def _set_training_model(self, network: nn.Module) -> None:
        self._training_model = network
        self.predict_again()

    def _set_latest(self, predictions: Predictions) -> None:
        self.latest = predictions

    def _set_failure(self, sentence: str) -> None:
        self.latest = no_predictions(tuple(self.models), self._classes, sentence)
