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
from playground.training.images.evaluator import Evaluator
from playground.training.images.frame import ImagePredictions
from playground.training.images.image_data import ImageData
from playground.training.images.probes.live_pca import LivePCA
from playground.training.images.trainable_classifier import TrainableClassifier

PROBE_COUNT = 600
SAMPLE_COUNT = 24
TIME_SHARE = 0.08
"""Of all time, what looking may take."""
MIN_INTERVAL_SECONDS = 0.1
"""Seconds between two looks at the least."""


class Probes:
    """What a network makes of a fixed panel of test pictures.

    Parameters
    ----------
    pictures : ImageData
        The test pictures.
    classifier : TrainableClassifier
    evaluator : Evaluator
    network : nn.Module, optional
        What looks, in evaluation mode; the learner's network if left out.
    limit : int
        Pictures of the panel at the most.

    Attributes
    ----------
    probe_set, samples : ImagePredictions
    points : float32 array of shape (len(panel), 2)
    explained_variance : float
        See `ImageFrame`.
    """

    probe_set: ImagePredictions
    samples: ImagePredictions
    points: Floats
    explained_variance: float

    def __init__(
        self,
        pictures: ImageData,
        classifier: TrainableClassifier,
        evaluator: Evaluator,
        network: nn.Module | None = None,
        limit: int = PROBE_COUNT,
    ) -> None:
        self._pictures, self._classifier, self._evaluator = pictures, classifier, evaluator
        generator = torch.Generator().manual_seed(0)
        self._rows = torch.randperm(len(pictures), generator=generator)[:limit]
        self._inputs, _ = pictures.inputs(self._rows)
        self._pca = LivePCA()
        # A module of its own: the listener must hear nothing but the panel.
        self._network = network or classifier.shared_copy()
        self._activations: list[Tensor] = []
        last_layer(self._network).register_forward_pre_hook(self._record_activations)
        self._next_at = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time for another look."""
        return perf_counter() >= self._next_at

    def with_network(self, network: nn.Module, limit: int) -> Probes:
        """Have the same panel, or the beginning of it, looked at by another network."""
        other = Probes(
            self._pictures, self._classifier, self._evaluator, network, min(limit, PROBE_COUNT)
        )
        if len(other._rows) == len(self._rows):
            other.probe_set, other._pca = self.probe_set, copy.copy(self._pca)
        return other

    def update_now(self) -> None:
        """Have the panel read, however long it takes."""
        for _ in self.update():
            pass

    def update(self) -> Iterator[None]:
        """Have the panel read, a piece at a time; what is shown changes at the end."""
        begun, busy = perf_counter(), 0.0
        self._activations, answers = [], []
        for inputs in self._inputs.split(2 * self._classifier.micro_batch):
            answers.append(self._network(inputs))
            busy += perf_counter() - begun
            yield
            begun = perf_counter()
        self._set_results(torch.cat(answers), torch.cat(self._activations))
        busy += perf_counter() - begun
        self._next_at = perf_counter() + max(MIN_INTERVAL_SECONDS, busy / TIME_SHARE)

    def _set_results(self, answers: Tensor, activations: Tensor) -> None:
        everything = self._evaluator.predictions(self._rows, answers)
        pictures, labels = everything.pictures, everything.labels
        if hasattr(self, "probe_set"):  # the same objects as before, for whoever compares
            pictures, labels = self.probe_set.pictures, self.probe_set.labels
        self.probe_set = ImagePredictions(pictures, labels, everything.probabilities)
        self.samples = ImagePredictions(
            pictures[:SAMPLE_COUNT], labels[:SAMPLE_COUNT], everything.probabilities[:SAMPLE_COUNT]
        )
        places, self.explained_variance = self._pca.project(activations)
        self.points = np.ascontiguousarray(places.numpy(), np.float32)

    def _record_activations(self, _: nn.Module, inputs: tuple[Any, ...]) -> None:
        self._activations.append(inputs[0].flatten(1))


def last_layer(network: nn.Module) -> nn.Module:
    """Find the layer that gives the answers: the last with weights, dense or convolutional."""
    layers = [each for each in network.modules() if isinstance(each, nn.Linear | nn.Conv2d)]
    return layers[-1] if layers else network
