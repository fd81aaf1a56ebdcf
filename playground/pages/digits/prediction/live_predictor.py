"""What is being read on the page at the moment, and by which networks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import panel as pn
import param
import torch
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
from playground.training.images import ImageFrame, ImageTrainer
from playground.views.images.view_data import DIGITS

DEFAULT_CLASSIFIERS = ("softmax", "mlp", "cnn", "deep")
"""Readers that are asked unless others are chosen."""

# Whoever draws must not wait for those who train: the heartbeat has threads of its own.
prediction_pool = ThreadPoolExecutor(
    max_workers=2, thread_name_prefix="eye", initializer=partial(torch.set_num_threads, 1)
)


class LivePredictor(param.Parameterized):
    """A drawing, or a digit from a picture, and what the networks make of it.

    Reads off the event loop, as often as there is something new; only the newest answer counts.

    Parameters
    ----------
    trainer : ImageTrainer
        Its network is asked too, from the first frame on.

    Attributes
    ----------
    drawing : Drawing
        Read whenever it changes.
    """

    latest: Predictions = param.ClassSelector(  # type: ignore[assignment]
        class_=Predictions, doc="What was seen and read last."
    )
    chosen = param.ListSelector(default=[], doc="Names of the ready-made readers that are asked.")

    def __init__(self, trainer: ImageTrainer) -> None:
        super().__init__(latest=no_predictions(()))
        names = pretrained.names()
        self.param.chosen.objects = {CLASSIFIERS[name].label: name for name in names}
        self.chosen = [name for name in DEFAULT_CLASSIFIERS if name in names]
        self.trainer = trainer
        self.drawing = Drawing()
        self._training_model: nn.Module | None = None
        self._classes = DIGITS
        self._seen_stages: object = None
        self._inputs: ClassifierInput = ()
        self._prediction_task: LatestTask[Predictions] = LatestTask(
            self._set_latest, self._set_failure, prediction_pool
        )
        self._model_task: LatestTask[nn.Module] = LatestTask(
            self._set_training_model, self._set_failure
        )
        self.drawing.param.watch(lambda _event: self.set_input(self.drawing.strokes), "lines")
        self.param.watch(lambda _event: self.predict_again(), "chosen")
        # What changes while a page is still loading never gets to the browser.
        pn.state.onload(self.predict_again)

    @property
    def models(self) -> dict[str, ModelOrName]:
        """Networks by what people call them; those whose answers mean what is being learned."""
        shipped = {CLASSIFIERS[name].label: name for name in self.chosen}
        known: dict[str, ModelOrName] = {**shipped} if self._classes == DIGITS else {}
        return (
            known if self._training_model is None else {**known, TRAINING_NOW: self._training_model}
        )

    @property
    def has_training_model(self) -> bool:
        """Whether there is a network that learns."""
        return self._training_model is not None

    @property
    def classes(self) -> tuple[str, ...]:
        """What the networks' answers mean."""
        return self._classes

    def set_input(self, inputs: ClassifierInput) -> None:
        """Have something read, from now on."""
        self._inputs = inputs
        self.predict_again()

    def predict_again(self) -> None:
        """Read the same once more, as when a network has learned."""
        inputs, models, classes = self._inputs, self.models, self._classes
        self._prediction_task.submit(lambda: predict_with_all(inputs, models, classes))

    def update(self, frame: ImageFrame) -> None:
        """Ask the network that learns again; another one is another to ask."""
        if frame.stages is not self._seen_stages:
            self._seen_stages, self._classes = frame.stages, frame.classes
            self._model_task.submit(lambda: self.trainer.model)
        elif self.latest.picture is not None:
            self.predict_again()

    def _set_training_model(self, network: nn.Module) -> None:
        self._training_model = network
        self.predict_again()

    def _set_latest(self, seen: Predictions) -> None:
        self.latest = seen

    def _set_failure(self, sentence: str) -> None:
        self.latest = no_predictions(tuple(self.models), self._classes, sentence)
