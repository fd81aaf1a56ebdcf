"""Loss and accuracy on the training images since the last time they were recorded."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from playground.training.core.metrics import Score
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.images.classifier.trainable_classifier import TrainableClassifier


class RunningMetrics:
    """Training outputs and labels since the last `clear`."""

    def __init__(self, classifier: TrainableClassifier) -> None:
        self._classifier = classifier
        self.clear()

    def clear(self) -> None:
        """Drop all outputs."""
        classes = self._classifier.classes
        self._pairs = [(torch.zeros(0, classes), torch.zeros(0, dtype=torch.int64))]

    def add(self, outputs: Tensor, labels: Tensor) -> None:
        """Add outputs of shape (n, classes), and labels, int64 (n,)."""
        self._pairs.append((outputs, labels))

    def score(self) -> Score | None:
        """Return mean loss and accuracy; None without outputs."""
        outputs, labels = self._outputs_and_labels()
        return Score(*self._classifier.score(outputs, labels)) if len(labels) else None

    def state(self) -> State:
        """Copy outputs and labels."""
        outputs, labels = self._outputs_and_labels()
        return State({}, {"answers": outputs.clone(), "labels": labels.clone()})

    def prepare_restore(self, saved: StateReader) -> RestoreStep:
        """Check what `state` made, and return the step that restores it.

        Raises
        ------
        InputError
            If the outputs are those of another number of classes.
        """
        classes = self._classifier.classes
        outputs = saved.tensor("answers", (None, classes), torch.float32).clone()
        labels = saved.indices("labels", len(outputs), classes).clone()
        return partial(self._load, outputs, labels)

    def _load(self, outputs: Tensor, labels: Tensor) -> None:
        self._pairs = [(outputs, labels)]

    def _outputs_and_labels(self) -> tuple[Tensor, Tensor]:
        outputs, labels = zip(*self._pairs, strict=True)
        return torch.cat(outputs), torch.cat(labels)
