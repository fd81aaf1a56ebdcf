"""What takes a while to look at, and is looked at only as often as time allows."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from playground.problems.problem import Floats
from playground.training.digits.exam import Exam
from playground.training.digits.frame import Readings
from playground.training.digits.learner import Learner
from playground.training.digits.pictures import Pictures
from playground.training.digits.projection import LivePCA

PANEL = 600
SAMPLES = 24
SHARE = 0.08
"""Of all time, what looking may take."""
SELDOM = 0.1
"""Seconds between two looks at the least."""


class Sights:
    """What a network makes of a fixed panel of test pictures.

    Parameters
    ----------
    pictures : Pictures
        The test pictures.
    learner : Learner
    exam : Exam
    reader : nn.Module, optional
        What looks, in evaluation mode; the learner's network if left out.
    most : int
        Pictures of the panel at the most.

    Attributes
    ----------
    panel, samples : Readings
    points : float32 array of shape (len(panel), 2)
    spread : float
        See `ReaderFrame`.
    """

    panel: Readings
    samples: Readings
    points: Floats
    spread: float

    def __init__(
        self,
        pictures: Pictures,
        learner: Learner,
        exam: Exam,
        reader: nn.Module | None = None,
        most: int = PANEL,
    ) -> None:
        self._pictures, self._learner, self._exam = pictures, learner, exam
        chance = torch.Generator().manual_seed(0)
        self._rows = torch.randperm(len(pictures), generator=chance)[:most]
        self._inputs, _ = pictures.inputs(self._rows)
        self._pca = LivePCA()
        # A module of its own: the listener must hear nothing but the panel.
        self._reader = reader or learner.twin()
        self._heard: list[Tensor] = []
        last_layer(self._reader).register_forward_pre_hook(self._listen)
        self._next_at = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time for another look."""
        return perf_counter() >= self._next_at

    def through(self, reader: nn.Module, most: int) -> Sights:
        """Have the same panel, or the beginning of it, looked at by another network."""
        other = Sights(self._pictures, self._learner, self._exam, reader, min(most, PANEL))
        if len(other._rows) == len(self._rows):
            other.panel, other._pca = self.panel, copy.copy(self._pca)
        return other

    def look_at_once(self) -> None:
        """Have the panel read, however long it takes."""
        for _ in self.look():
            pass

    def look(self) -> Iterator[None]:
        """Have the panel read, a piece at a time; what is shown changes at the end."""
        begun, busy = perf_counter(), 0.0
        self._heard, answers = [], []
        for inputs in self._inputs.split(2 * self._learner.piece):
            answers.append(self._reader(inputs))
            busy += perf_counter() - begun
            yield
            begun = perf_counter()
        self._show(torch.cat(answers), torch.cat(self._heard))
        busy += perf_counter() - begun
        self._next_at = perf_counter() + max(SELDOM, busy / SHARE)

    def _show(self, answers: Tensor, activations: Tensor) -> None:
        everything = self._exam.readings(self._rows, answers)
        pictures, labels = everything.pictures, everything.labels
        if hasattr(self, "panel"):  # the same objects as before, for whoever compares
            pictures, labels = self.panel.pictures, self.panel.labels
        self.panel = Readings(pictures, labels, everything.probabilities)
        self.samples = Readings(
            pictures[:SAMPLES], labels[:SAMPLES], everything.probabilities[:SAMPLES]
        )
        places, self.spread = self._pca.place(activations)
        self.points = np.ascontiguousarray(places.numpy(), np.float32)

    def _listen(self, _: nn.Module, inputs: tuple[Any, ...]) -> None:
        self._heard.append(inputs[0].flatten(1))


def last_layer(network: nn.Module) -> nn.Module:
    """Find the layer that gives the answers: the last with weights, dense or convolutional."""
    layers = [each for each in network.modules() if isinstance(each, nn.Linear | nn.Conv2d)]
    return layers[-1] if layers else network
