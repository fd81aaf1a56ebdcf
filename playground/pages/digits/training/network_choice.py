"""The choice of the network to train and of its initial weights, without widgets."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import param
from torch import nn

from playground.networks import pretrained
from playground.networks.classifier_settings import (
    CUSTOM,
    NEW_WEIGHTS,
    PREFIX,
    PRETRAINED,
    ClassifierSettings,
)
from playground.networks.classifiers import CustomClassifier
from playground.pages.shell.latest_task import LatestTask
from playground.settings import Owner
from playground.training.images import ImageTrainer


class NetworkChoice(ClassifierSettings):
    """A registered architecture with new or pretrained weights, or a custom one.

    Parameters
    ----------
    trainer : ImageTrainer
        Its `classifier` is set to the chosen network.

    Attributes
    ----------
    own : CustomClassifier
        The layers of the custom network.
    """

    refusal = param.String(
        default="", precedence=-1, doc="Why pretrained weights could not be loaded; else empty."
    )

    prefix: ClassVar[str] = PREFIX

    def __init__(self, trainer: ImageTrainer) -> None:
        chosen = trainer.classifier
        super().__init__(model=chosen if isinstance(chosen, str) else CUSTOM)
        self.own = chosen if isinstance(chosen, CustomClassifier) else CustomClassifier()
        self._trainer = trainer
        self._task: LatestTask[nn.Module] = LatestTask(self._set_network, self._show_error)
        self.param.watch(self._on_choice, ["model", "start"])

    @property
    def owners(self) -> tuple[Owner, ...]:
        """What links and saved runs contain of the choice."""
        public_names = {name: f"{self.prefix}{name}" for name in CustomClassifier.param}
        return self, (self.own, public_names)

    def _on_choice(self, *events: param.parameterized.Event) -> None:
        chosen = {event.name for event in events}
        if self.start == PRETRAINED and (chosen == {"model"} or self.model == CUSTOM):
            self.start = NEW_WEIGHTS  # pretrained weights are chosen anew for each network
            return
        self.refusal = ""
        self._task.cancel()
        if self.start == PRETRAINED:
            # Reading and checking a weight file takes longer than the event loop may block.
            self._task.submit(partial(pretrained.load, self.model))
        else:
            self._set_network(self.own if self.model == CUSTOM else self.model)

    def _set_network(self, network: str | CustomClassifier | nn.Module) -> None:
        self._trainer.classifier = network

    def _show_error(self, sentence: str) -> None:
        self.start = NEW_WEIGHTS
        self.refusal = sentence
