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
from playground.networks.readers import READERS
from playground.pages.digits.looking import NOW, Look, What, look, nothing
from playground.pages.errand import Errand
from playground.reading import Model
from playground.training.digits import DigitTrainer, ReaderFrame
from playground.views.digits.sights import DIGITS

USUAL = ("softmax", "mlp", "cnn", "deep")
"""Readers that are asked unless others are chosen."""

# Whoever draws must not wait for those who train: the heartbeat has threads of its own.
eyes = ThreadPoolExecutor(
    max_workers=2, thread_name_prefix="eye", initializer=partial(torch.set_num_threads, 1)
)


class Subject(param.Parameterized):
    """A drawing, or a digit from a picture, and what the networks make of it.

    Reads off the event loop, as often as there is something new; only the newest answer counts.

    Parameters
    ----------
    trainer : DigitTrainer
        Its network is asked too, from the first frame on.

    Attributes
    ----------
    drawing : Drawing
        Read whenever it changes.
    """

    look: Look = param.ClassSelector(  # type: ignore[assignment]
        class_=Look, doc="What was seen and read last."
    )
    chosen = param.ListSelector(default=[], doc="Names of the ready-made readers that are asked.")

    def __init__(self, trainer: DigitTrainer) -> None:
        super().__init__(look=nothing(()))
        names = pretrained.names()
        self.param.chosen.objects = {READERS[name].label: name for name in names}
        self.chosen = [name for name in USUAL if name in names]
        self.trainer = trainer
        self.drawing = Drawing()
        self._learner: nn.Module | None = None
        self._classes = DIGITS
        self._stages: object = None
        self._what: What = ()
        self._looks: Errand[Look] = Errand(self._see, self._see_nothing, eyes)
        self._learners: Errand[nn.Module] = Errand(self._ask_learner, self._see_nothing)
        self.drawing.param.watch(lambda _event: self.read(self.drawing.strokes), "lines")
        self.param.watch(lambda _event: self.again(), "chosen")
        # What changes while a page is still loading never gets to the browser.
        pn.state.onload(self.again)

    @property
    def models(self) -> dict[str, Model]:
        """Networks by what people call them; those whose answers mean what is being learned."""
        shipped = {READERS[name].label: name for name in self.chosen}
        known: dict[str, Model] = {**shipped} if self._classes == DIGITS else {}
        return known if self._learner is None else {**known, NOW: self._learner}

    @property
    def learns(self) -> bool:
        """Whether there is a network that learns."""
        return self._learner is not None

    @property
    def classes(self) -> tuple[str, ...]:
        """What the networks' answers mean."""
        return self._classes

    def read(self, what: What) -> None:
        """Have something read, from now on."""
        self._what = what
        self.again()

    def again(self) -> None:
        """Read the same once more, as when a network has learned."""
        what, models, classes = self._what, self.models, self._classes
        self._looks.ask(lambda: look(what, models, classes))

    def follow(self, frame: ReaderFrame) -> None:
        """Ask the network that learns again; another one is another to ask."""
        if frame.stages is not self._stages:
            self._stages, self._classes = frame.stages, frame.classes
            self._learners.ask(lambda: self.trainer.model)
        elif self.look.picture is not None:
            self.again()

    def _ask_learner(self, learner: nn.Module) -> None:
        self._learner = learner
        self.again()

    def _see(self, seen: Look) -> None:
        self.look = seen

    def _see_nothing(self, sentence: str) -> None:
        self.look = nothing(tuple(self.models), self._classes, sentence)
