"""How well each member of a population does: loss, accuracy, and whether it has learned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.training.core.losses import Loss
from playground.training.core.metrics import Score, Scores
from playground.training.dense.evaluator import (
    CONFIDENCE_MARGIN,
    GOOD_ACCURACY,
    KEPT_ACCURACY,
    MANY_SAMPLES,
    EvaluationSet,
)
from playground.training.dense.training_data import TrainingData

SCORES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
"""The rows of scores in frames and in files, whose order must stay as it is."""


@dataclass(frozen=True, slots=True)
class MemberScores:
    """The scores of all members at one moment; each tensor has the shape (members,).

    Attributes
    ----------
    train_loss, test_loss, train_accuracy, test_accuracy : Tensor
        NaN where there is nothing to measure.
    quality : Tensor
        The share of the test samples (training samples where there are none) that are right; in
        regression, the share of their variance that is explained.
    learned, kept : Tensor of bool
        Whether the task counts as learned, as on the page of one network, and whether it still does
        where it did before: see `TrainingData.is_learned`.
    """

    train_loss: Tensor
    test_loss: Tensor
    train_accuracy: Tensor
    test_accuracy: Tensor
    quality: Tensor
    learned: Tensor
    kept: Tensor

    def rows(self) -> Tensor:
        """Return losses and accuracies, shape (4, members), in the order of `SCORES`."""
        return torch.stack([getattr(self, name) for name in SCORES])


def median_scores(rows: Tensor) -> Scores:
    """Return the scores of the median member; `rows` as `MemberScores.rows` returns them."""
    return named_scores(float(row.nanmedian()) for row in rows)


def named_scores(values: Iterable[float]) -> Scores:
    """Return values in the order of `SCORES` as scores on training and test samples."""
    named = dict(zip(SCORES, values, strict=True))
    return (
        Score(named["train_loss"], named["train_accuracy"]),
        Score(named["test_loss"], named["test_accuracy"]),
    )


def member_scores(data: TrainingData, loss: Loss, answer: Tensor) -> MemberScores:
    """Return the scores of the outputs of all members for `all_inputs`, (members, outputs, n)."""
    train, test = data.split_outputs(answer)
    reference, outputs = (data.test, test) if len(data.test) else (data.train, train)
    accuracy = _accuracy(reference, outputs)
    is_sure = (accuracy == 1) & _has_margin(reference, loss.probabilities(outputs))
    has_many = len(reference) >= MANY_SAMPLES
    quality = accuracy if reference.labels is not None else _explained_variance(reference, outputs)
    return MemberScores(
        train_loss=_loss(data.train, loss, train),
        test_loss=_loss(data.test, loss, test),
        train_accuracy=_accuracy(data.train, train),
        test_accuracy=_accuracy(data.test, test),
        quality=quality,
        learned=is_sure | (has_many & (accuracy >= GOOD_ACCURACY)),
        kept=is_sure | (has_many & (accuracy >= KEPT_ACCURACY)),
    )


def _loss(part: EvaluationSet, loss: Loss, outputs: Tensor) -> Tensor:
    return loss.value(outputs, part.targets) if len(part) else _no_scores(outputs)


def _accuracy(part: EvaluationSet, outputs: Tensor) -> Tensor:
    if part.labels is None or not len(part):
        return _no_scores(outputs)
    several = outputs.shape[1] > 1
    predicted = outputs.argmax(1) if several else (outputs[:, 0] > 0).long()
    return (predicted == part.labels).float().mean(1)


def _explained_variance(part: EvaluationSet, outputs: Tensor) -> Tensor:
    if not len(part):
        return _no_scores(outputs)
    missed = (outputs - part.targets).square().mean((1, 2))
    return 1 - missed / part.targets.var(correction=0)


def _has_margin(part: EvaluationSet, probabilities: Tensor) -> Tensor:
    members = len(probabilities)
    if part.labels is None or not len(part):
        return torch.zeros(members, dtype=torch.bool)
    own = probabilities.gather(1, part.labels.expand(members, 1, -1))
    return (own > 0.5 + CONFIDENCE_MARGIN).all(2)[:, 0]


def _no_scores(outputs: Tensor) -> Tensor:
    return torch.full((len(outputs),), torch.nan)
