"""Probes: predictions and embedding of a fixed set of test pictures, updated while training.

They take a while to compute, so they are limited to a share of all time.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from playground.problems.problem import Floats
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.data.image_data import ImageData
from playground.training.images.evaluation.evaluator import Evaluator
from playground.training.images.frame import ImagePredictions
from playground.training.images.probes.live_pca import LivePCA
from playground.training.images.probes.weight_layers import last_layer

PROBE_COUNT = 600
"""Pictures in the probe set."""
SAMPLE_COUNT = 24
"""Pictures in `Probes.samples`."""
TIME_SHARE = 0.08
"""Largest share of all time that updates may take."""
MIN_INTERVAL_SECONDS = 0.1
"""Least number of seconds between two updates."""


class Probes:
    """Predictions and projected embedding of a fixed random selection of test pictures.

    Parameters
    ----------
    pictures : ImageData
        The test pictures.
    classifier : TrainableClassifier
    evaluator : Evaluator
    network : nn.Module, optional
        What predicts, in evaluation mode; by default the classifier's network.
    limit : int
        Maximum number of pictures.

    Attributes
    ----------
    probe_set, samples : ImagePredictions
        All pictures of the selection, and the first `SAMPLE_COUNT` of them.
    points : float32 array of shape (n, 2)
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
        # A separate module, so that the hook records nothing but these pictures.
        self._network = network or classifier.shared_copy()
        self._activations: list[Tensor] = []
        last_layer(self._network).register_forward_pre_hook(self._record_activations)
        self._next_at = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time for another update."""
        return perf_counter() >= self._next_at

    def with_network(self, network: nn.Module, limit: int) -> Probes:
        """Return probes of another network on the same pictures, or the first `limit` of them."""
        other = Probes(
            self._pictures, self._classifier, self._evaluator, network, min(limit, PROBE_COUNT)
        )
        if len(other._rows) == len(self._rows):
            other.probe_set, other._pca = self.probe_set, copy.copy(self._pca)
        return other

    def update_now(self) -> None:
        """Update all attributes in one go."""
        for _ in self.update():
            pass

    def update(self) -> Iterator[None]:
        """Update all attributes; yields between parts of the work, and changes them at the end."""
        begun, busy = perf_counter(), 0.0
        self._activations, outputs = [], []
        for inputs in self._inputs.split(2 * self._classifier.micro_batch):
            outputs.append(self._network(inputs))
            busy += perf_counter() - begun
            yield
            begun = perf_counter()
        activations = torch.cat(self._activations)
        self._activations.clear()
        self._set_results(torch.cat(outputs), activations)
        busy += perf_counter() - begun
        self._next_at = perf_counter() + max(MIN_INTERVAL_SECONDS, busy / TIME_SHARE)

    def _set_results(self, outputs: Tensor, activations: Tensor) -> None:
        everything = self._evaluator.predictions(self._rows, outputs)
        pictures, labels = everything.pictures, everything.labels
        if hasattr(self, "probe_set"):  # views compare them by identity
            pictures, labels = self.probe_set.pictures, self.probe_set.labels
        self.probe_set = ImagePredictions(pictures, labels, everything.probabilities)
        self.samples = ImagePredictions(
            pictures[:SAMPLE_COUNT], labels[:SAMPLE_COUNT], everything.probabilities[:SAMPLE_COUNT]
        )
        positions, self.explained_variance = self._pca.project(activations)
        self.points = np.ascontiguousarray(positions.numpy(), np.float32)

    def _record_activations(self, _: nn.Module, inputs: tuple[Any, ...]) -> None:
        self._activations.append(inputs[0].flatten(1))
