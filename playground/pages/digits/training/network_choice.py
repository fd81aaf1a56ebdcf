"""Which network learns and what it starts from, as it is chosen, whatever shows the choice."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import param
from torch import nn

from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.pages.shell.latest_task import LatestTask
from playground.settings import Owner
from playground.training.images import ImageTrainer

CUSTOM = "own"
NEW_WEIGHTS, PRETRAINED = "New weights", "Trained weights"


class NetworkChoice(param.Parameterized):
    """One of the ready-made readers, afresh or trained, or one's own.

    Parameters
    ----------
    trainer : ImageTrainer
        Whose `reader` is set.

    Attributes
    ----------
    own : CustomClassifier
        What one's own is like.
    """

    model: param.Selector[str] = param.Selector(
        default="mlp",
        objects={**{each.label: name for name, each in CLASSIFIERS.items()}, "Custom": CUSTOM},
        label="Network",
        doc="Which network learns.",
    )
    start: param.Selector[str] = param.Selector(
        default=NEW_WEIGHTS,
        objects=[NEW_WEIGHTS, PRETRAINED],
        label="Start from",
        doc="Whether it begins anew, or with the weights that come with the package.",
    )
    refusal = param.String(
        default="", precedence=-1, doc="Why trained weights could not be had, if they could not."
    )

    prefix: ClassVar[str] = "own_"

    def __init__(self, trainer: ImageTrainer) -> None:
        reader = trainer.reader
        super().__init__(model=reader if isinstance(reader, str) else CUSTOM)
        self.own = reader if isinstance(reader, CustomClassifier) else CustomClassifier()
        self._trainer = trainer
        self._task: LatestTask[nn.Module] = LatestTask(self._set_network, self._show_error)
        self.param.watch(self._on_choice, ["model", "start"])

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The settings of a page that offers it."""
        public_names = {name: f"{self.prefix}{name}" for name in CustomClassifier.param}
        return self, (self.own, public_names)

    def _on_choice(self, *events: param.parameterized.Event) -> None:
        chosen = {event.name for event in events}
        if self.start == PRETRAINED and (chosen == {"model"} or self.model == CUSTOM):
            self.start = NEW_WEIGHTS  # Another network begins with new weights.
            return
        self.refusal = ""
        self._task.cancel()
        if self.start == PRETRAINED:
            # Reading and checking a file of weights takes longer than the event loop may wait.
            self._task.submit(partial(pretrained.load, self.model))
        else:
            self._set_network(self.own if self.model == CUSTOM else self.model)

    def _set_network(self, reader: str | CustomClassifier | nn.Module) -> None:
        self._trainer.reader = reader

    def _show_error(self, sentence: str) -> None:
        self.start = NEW_WEIGHTS
        self.refusal = sentence
