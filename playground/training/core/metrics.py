"""Loss and accuracy: on one set of samples at one moment, and over the epochs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.problems.problem import Floats


@dataclass(frozen=True, slots=True)
class Score:
    """Loss and accuracy on one set of samples; NaN where there is nothing to measure.

    Attributes
    ----------
    loss : float
        Mean over the samples.
    accuracy : float
        Share of the samples that are classified correctly, 0 to 1; NaN in regression.
    """

    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class ValueErrors:
    """Errors of predicted values on one set of samples, in the units of the target.

    Attributes
    ----------
    mean_absolute : float
    root_mean_square : float
    r2 : float
        The share of the variance that is explained, 1 at most; NaN where all targets are equal.
    """

    mean_absolute: float
    root_mean_square: float
    r2: float

    @classmethod
    def of(cls, targets: npt.NDArray[Any], predictions: npt.NDArray[Any]) -> Self:
        """Compare predictions (n,) with targets (n,); NaN where there are none."""
        if not len(targets):
            return cls(math.nan, math.nan, math.nan)
        targets = np.asarray(targets, np.float64)
        missed = targets - predictions
        squares, variance = float(np.square(missed).mean()), float(np.var(targets))
        return cls(
            float(np.abs(missed).mean()),
            math.sqrt(squares),
            1 - squares / variance if variance else math.nan,
        )


Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
ClassMetric = Callable[[Counts, Counts, Counts], Shares]
"""Takes, for each class, how many samples are right, are of it, and are taken for it."""


def ratio(part: Counts, whole: Counts) -> Shares:
    """Divide numbers of samples by others; NaN where those are 0."""
    share = np.full(len(part), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


CLASS_METRICS: dict[str, ClassMetric] = {
    "precision": lambda right, _true, taken: ratio(right, taken),
    "recall": lambda right, true, _taken: ratio(right, true),
    "F1": lambda right, true, taken: ratio(2 * right, true + taken),
}
"""What is told of each class, by name, from 0 to 1: all tables of scores have these columns."""


@dataclass(frozen=True, slots=True)
class ClassScores:
    """The `CLASS_METRICS` of each class, such as precision.

    Attributes
    ----------
    metrics : mapping of str to float64 array of shape (classes,)
        By name; NaN where there is nothing to measure.
    samples : int64 array of shape (classes,)
        Number of samples of each class.
    """

    metrics: Mapping[str, Shares]
    samples: Counts

    @classmethod
    def of(cls, confusion: npt.NDArray[np.int64]) -> Self:
        """Compute them from a confusion matrix (classes, classes), true class by row.

        `count_confusion` makes it, for dense networks and for image classifiers.
        """
        right, true, predicted = confusion.diagonal(), confusion.sum(1), confusion.sum(0)
        metrics = {name: each(right, true, predicted) for name, each in CLASS_METRICS.items()}
        return cls(metrics, true)

    def mean(self, metric: str) -> float:
        """Return the mean of a metric over the classes that have a value ("macro")."""
        column = self.metrics[metric]
        known = column[~np.isnan(column)]
        return float(known.mean()) if len(known) else math.nan


def count_confusion(labels: Tensor, predicted: Tensor, classes: int) -> npt.NDArray[np.int64]:
    """Count how often each true class (row) was predicted as each class (column).

    Parameters
    ----------
    labels, predicted : int64 tensors of shape (n,)
        Class numbers.
    classes : int

    Returns
    -------
    int64 array of shape (classes, classes)
    """
    counts = torch.bincount(labels * classes + predicted, minlength=classes**2)
    matrix: npt.NDArray[np.int64] = counts.reshape(classes, classes).numpy()
    return matrix


Scores = tuple[Score, Score]
"""Scores on the training samples and on the test samples."""


def same_scores(one: Scores, other: Scores) -> bool:
    """Return whether scores are equal, also where there is nothing to measure."""
    first, second = ([(each.loss, each.accuracy) for each in scores] for scores in (one, other))
    return np.array_equal(first, second, equal_nan=True)


def watched_score(scores: Scores) -> Score:
    """Return the score on the test samples, or on the training samples if there are no others."""
    train, test = scores
    return train if math.isnan(test.loss) else test


NO_SCORE = Score(float("nan"), float("nan"))
"""The score on a set without samples."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Loss and accuracy by epoch: columns of equal length, thinned evenly where they are long.

    Attributes
    ----------
    epoch : float32 array of shape (n,)
        Rising.
    train_loss, test_loss, train_accuracy, test_accuracy : float32 arrays of shape (n,)
        NaN where there is nothing to measure (no test samples; accuracy in regression).
    """

    epoch: Floats
    train_loss: Floats
    test_loss: Floats
    train_accuracy: Floats
    test_accuracy: Floats

    def after(self, epoch: float) -> Curves:
        """Leave out the rows before an epoch."""
        # Single precision rounds parts of epochs, which are no smaller than a twelfth.
        if not len(self.epoch) or self.epoch[0] >= epoch - 0.01:
            return self
        return self._rows(slice(int(np.searchsorted(self.epoch, epoch - 0.01)), None))

    def until(self, epoch: float) -> Curves:
        """Leave out the rows after an epoch, or after a part of one."""
        return self._rows(slice(int(np.searchsorted(self.epoch, epoch + 0.01, side="right"))))

    def extended(self, epoch: float, scores: Scores) -> Curves:
        """Add a row at the end, in the place of those of that time and later ones."""
        train, test = scores
        row = (epoch, train.loss, test.loss, train.accuracy, test.accuracy)
        before = self.until(epoch - 0.02)
        columns = (getattr(before, each.name) for each in dataclasses.fields(self))
        return Curves(
            *(np.append(each, np.float32(value)) for each, value in zip(columns, row, strict=True))
        )

    def _rows(self, rows: slice) -> Curves:
        return Curves(*(getattr(self, each.name)[rows] for each in dataclasses.fields(self)))
