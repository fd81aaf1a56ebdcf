"""Evaluates outputs of a network: loss, accuracy, confusion matrix, margin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from playground.problems.problem import Samples
from playground.training.core.losses import Loss
from playground.training.core.metrics import NO_SCORE, Score, count_confusion

CONFIDENCE_MARGIN = 0.2
"""How far above 0.5 the probability of its class must be for a sample to count as learned."""
MANY_SAMPLES = 100
"""Samples from which on a few wrong ones, as noise makes them, say nothing."""
GOOD_ACCURACY, KEPT_ACCURACY = 0.99, 0.97
"""Shares of many samples: right, they count as learned; and as learned still."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Samples as tensors, to evaluate a network's outputs with.

    Attributes
    ----------
    inputs : Tensor of shape (1, features, n)
    targets : Tensor of shape (1, outputs, n)
        As the loss wants them: 0 or 1, one-hot, or values.
    labels : Tensor of shape (n,), int64, or None
        Class numbers; None in regression.
    """

    inputs: Tensor
    targets: Tensor
    labels: Tensor | None

    def __len__(self) -> int:
        return self.inputs.shape[2]

    def score(self, loss: Loss, outputs: Tensor) -> Score:
        """Return mean loss and accuracy of the first copy's outputs, shape (copies, outputs, n)."""
        if not len(self):
            return NO_SCORE
        correct = self.correct(outputs)
        accuracy = float("nan") if correct is None else int(correct.sum()) / len(self)
        return Score(loss.value(outputs, self.targets)[0].item(), accuracy)

    def correct(self, outputs: Tensor) -> Tensor | None:
        """Return which samples are classified correctly, bool (n,); None in regression."""
        return None if self.labels is None else predicted_classes(outputs[0]) == self.labels

    def is_learned(self, probabilities: Tensor) -> bool:
        """Return whether each sample's class has a probability above 0.5 + `CONFIDENCE_MARGIN`."""
        if self.labels is None or not len(self):
            return False
        own = probabilities[0].gather(0, self.labels.unsqueeze(0))
        return bool((own > 0.5 + CONFIDENCE_MARGIN).all())

    def is_nearly_learned(self, accuracy: float, *, so_far: bool) -> bool:
        """Return whether as many samples are right as noise in many of them allows.

        Of fewer than `MANY_SAMPLES` all have to be right, which others ask for: False then.

        Parameters
        ----------
        accuracy : float
            The share of samples that are right; NaN in regression.
        so_far : bool
            Whether they were learned before: then a little less is enough, so that a sample at the
            boundary, right in one epoch and wrong in the next, changes nothing.
        """
        return len(self) >= MANY_SAMPLES and accuracy >= (
            KEPT_ACCURACY if so_far else GOOD_ACCURACY
        )

    def confusion(self, outputs: Tensor, classes: int) -> npt.NDArray[np.int64]:
        """Return the confusion matrix, true class by row; empty in regression."""
        if self.labels is None:
            return np.zeros((0, 0), np.int64)
        return count_confusion(self.labels, predicted_classes(outputs[0]), classes)


def predicted_classes(outputs: Tensor) -> Tensor:
    """Return the classes that outputs of shape (outputs, n) predict, int64 (n,)."""
    return outputs.argmax(0) if len(outputs) > 1 else (outputs[0] > 0).long()


def evaluation_set(samples: Samples, inputs: Tensor, classes: int) -> EvaluationSet:
    """Convert samples to tensors.

    Parameters
    ----------
    samples : Samples
    inputs : Tensor of shape (1, features, n)
        The features of the samples.
    classes : int
        0 in regression.
    """
    if not classes:
        values = torch.as_tensor(samples.y, dtype=torch.float32)
        return EvaluationSet(inputs, values.reshape(1, 1, -1), None)
    labels = torch.as_tensor(samples.y, dtype=torch.int64)
    if classes == 2:
        return EvaluationSet(inputs, labels.float().reshape(1, 1, -1), labels)
    return EvaluationSet(inputs, functional.one_hot(labels, classes).T.float()[None], labels)
