"""Scores against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn import metrics

from playground.problems import Samples
from playground.training.core.losses import Loss, make_loss
from playground.training.dense.evaluator import EvaluationSet, evaluation_set, predicted_classes

COUNT = 50


def evaluation_case(classes: int, count: int = COUNT) -> tuple[EvaluationSet, Loss, torch.Tensor]:
    """Samples, the usual loss for them, and outputs of two copies."""
    rng = np.random.default_rng(classes)
    outputs = classes if classes > 2 else 1
    y = rng.integers(0, classes, count) if classes else rng.normal(size=count).astype(np.float32)
    task = "classification" if classes else "regression"
    loss = make_loss("cross-entropy" if classes else "squared error", task, outputs)
    samples = Samples(rng.normal(size=(count, 2)).astype(np.float32), y)
    part = evaluation_set(samples, torch.zeros(1, 2, count), classes)
    return part, loss, torch.tensor(rng.normal(0, 2, (2, outputs, count)), dtype=torch.float32)


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_classification_is_scored_as_scikit_learn_does(classes: int) -> None:
    part, loss, outputs = evaluation_case(classes)
    assert part.labels is not None
    labels = part.labels.numpy()
    probabilities = loss.probabilities(outputs)[0].T.numpy()
    probabilities = probabilities / probabilities.sum(1, keepdims=True)
    score = part.score(loss, outputs)
    everyone = np.arange(classes)
    assert score.loss == pytest.approx(
        metrics.log_loss(labels, probabilities, labels=everyone), rel=1e-5
    )
    said = probabilities.argmax(1)
    assert score.accuracy == pytest.approx(metrics.accuracy_score(labels, said))
    np.testing.assert_array_equal(
        part.confusion(outputs, classes), metrics.confusion_matrix(labels, said, labels=everyone)
    )
    correct = part.correct(outputs)
    assert correct is not None
    np.testing.assert_array_equal(correct.numpy(), said == labels)


def test_regression_is_scored_as_scikit_learn_does() -> None:
    part, loss, outputs = evaluation_case(0)
    score = part.score(loss, outputs)
    expected = metrics.mean_squared_error(part.targets[0, 0], outputs[0, 0])
    assert score.loss == pytest.approx(expected, rel=1e-5)
    assert np.isnan(score.accuracy)
    assert part.correct(outputs) is None
    assert part.confusion(outputs, 0).shape == (0, 0)
    assert not part.is_learned(loss.probabilities(outputs))


@pytest.mark.parametrize("classes", [0, 2, 4])
def test_nothing_can_be_said_of_no_samples(classes: int) -> None:
    part, loss, outputs = evaluation_case(classes, count=0)
    score = part.score(loss, outputs)
    assert np.isnan([score.loss, score.accuracy]).all()
    assert not part.confusion(outputs, classes).any()
    assert not part.is_learned(loss.probabilities(outputs))


@pytest.mark.parametrize("classes", [2, 4])
def test_samples_are_learned_when_each_is_right_with_a_margin(classes: int) -> None:
    part, _, _ = evaluation_case(classes)
    assert part.labels is not None
    sure = torch.zeros(1, classes, COUNT).scatter_(1, part.labels.view(1, 1, -1), 1.0)
    assert part.is_learned(sure)
    hardly = sure.clone()
    hardly[0, :, 7] = 0.32 / (classes - 1)
    hardly[0, part.labels[7], 7] = 0.68  # right, but by less than the margin
    assert not part.is_learned(hardly)


def test_even_odds_go_to_the_first_class() -> None:
    assert predicted_classes(torch.tensor([[0.0, 1e-6, -1e-6]])).tolist() == [0, 1, 0]
    assert predicted_classes(torch.tensor([[1.0, 0.0], [1.0, 2.0]])).tolist() == [0, 1]


def test_targets_are_as_the_losses_want_them() -> None:
    y = np.array([0, 2, 1])
    many = evaluation_set(Samples(np.zeros((3, 2), np.float32), y), torch.zeros(1, 2, 3), 3)
    assert many.targets.tolist() == [[[1.0, 0, 0], [0, 0, 1], [0, 1, 0]]]
    two = evaluation_set(Samples(np.zeros((3, 2), np.float32), y % 2), torch.zeros(1, 2, 3), 2)
    assert two.targets.tolist() == [[[0.0, 0, 1]]]
