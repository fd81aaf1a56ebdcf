"""Which network learns and what it starts from, as it is chosen, whatever shows the choice."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import param
from torch import nn

from playground.networks import pretrained
from playground.networks.readers import READERS, OwnReader
from playground.pages.errand import Errand
from playground.settings import Owner
from playground.training.digits import DigitTrainer

OWN = "own"
NEW, SHIPPED = "New weights", "Trained weights"


class ReaderChoice(param.Parameterized):
    """One of the ready-made readers, afresh or trained, or one's own.

    Parameters
    ----------
    trainer : DigitTrainer
        Whose `reader` is set.

    Attributes
    ----------
    own : OwnReader
        What one's own is like.
    """

    model: param.Selector[str] = param.Selector(
        default="mlp",
        objects={**{each.label: name for name, each in READERS.items()}, "Your own": OWN},
        label="Network",
        doc="Which network learns.",
    )
    start: param.Selector[str] = param.Selector(
        default=NEW,
        objects=[NEW, SHIPPED],
        label="Start from",
        doc="Whether it begins anew, or with the weights that come with the package.",
    )
    refusal = param.String(
        default="", precedence=-1, doc="Why trained weights could not be had, if they could not."
    )

    prefix: ClassVar[str] = "own_"

    def __init__(self, trainer: DigitTrainer) -> None:
        reader = trainer.reader
        super().__init__(model=reader if isinstance(reader, str) else OWN)
        self.own = reader if isinstance(reader, OwnReader) else OwnReader()
        self._trainer = trainer
        self._errand: Errand[nn.Module] = Errand(self._use, self._refuse)
        self.param.watch(self._choose, ["model", "start"])

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The settings of a page that offers it."""
        renamed = {name: f"{self.prefix}{name}" for name in OwnReader.param}
        return self, (self.own, renamed)

    def _choose(self, *events: param.parameterized.Event) -> None:
        chosen = {event.name for event in events}
        if self.start == SHIPPED and (chosen == {"model"} or self.model == OWN):
            self.start = NEW  # Another network begins with new weights.
            return
        self.refusal = ""
        self._errand.forget()
        if self.start == SHIPPED:
            # Reading and checking a file of weights takes longer than the event loop may wait.
            self._errand.ask(partial(pretrained.load, self.model))
        else:
            self._use(self.own if self.model == OWN else self.model)

    def _use(self, reader: str | OwnReader | nn.Module) -> None:
        self._trainer.reader = reader

    def _refuse(self, sentence: str) -> None:
        self.start = NEW
        self.refusal = sentence
