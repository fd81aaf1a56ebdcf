"""Class weights against scikit-learn's, and training with them against plain PyTorch."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems import OWN, Gates, Points, PointSet, Problem
from playground.training.core.class_weights import balanced_weights
from playground.training.core.losses import ClassWeighted, Loss
from tests.support.training.dense_training import make_trainer

SIZES = 14, 5, 3
BATCH = 6


def rare_classes(count: int) -> Problem:
    """Points of which there are fewer in each class than in the one before."""
    own, rng = PointSet(), np.random.default_rng(0)
    for label, size in enumerate(SIZES[:count]):
        own.add(rng.normal(label, 1, (size, 2)), label)
    return Points(own, shape=OWN, train_ratio=0.7)


PROBLEMS = {
    "two classes": lambda: rare_classes(2),
    "three classes": lambda: rare_classes(3),
    "a gate": lambda: Gates(gate="AND"),
}


def test_they_are_those_of_scikit_learn() -> None:
    labels = np.repeat([0, 1, 2], SIZES)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    weights = balanced_weights(torch.from_numpy(labels), 3)
    np.testing.assert_allclose(weights, expected, rtol=1e-6)
    assert balanced_weights(torch.tensor([0, 2, 2]), 4).tolist() == [1.5, 1.0, 0.75, 1.0]


def cross_entropy(outputs: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Compute PyTorch's weighted loss; a single output is the second of two classes."""
    if outputs.shape[1] == 1:
        outputs = torch.cat([torch.zeros_like(outputs), outputs], 1)
    loss: Tensor = nn.CrossEntropyLoss(weight=weights)(outputs, labels)
    return loss


@pytest.mark.parametrize("engine", ["fast", "autograd"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_training_is_that_of_plain_pytorch(name: str, engine: str) -> None:
    problem = PROBLEMS[name]()
    trainer = make_trainer(
        problem, class_weights="balanced", engine=engine, batch_size=BATCH, learning_rate=0.02
    )
    twin = copy.deepcopy(trainer.model)
    split = problem.samples()
    x, labels = torch.tensor(split.train.x), torch.tensor(split.train.y)
    classes, y = np.arange(len(problem.classes)), split.train.y
    weights = torch.tensor(compute_class_weight("balanced", classes=classes, y=y)).float()
    optimiser = torch.optim.Adam(twin.parameters(), lr=0.02)
    order = torch.Generator().manual_seed(trainer.architecture.seed)
    for _epoch in range(8):
        for rows in torch.randperm(len(x), generator=order).split(BATCH):
            optimiser.zero_grad()
            cross_entropy(twin(x[rows]), labels[rows], weights).backward()
            optimiser.step()
    frame = trainer.train(8)
    for mine, theirs in zip(trainer.model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)
    with torch.no_grad():
        for score, part in ((frame.train, split.train), (frame.test, split.test)):
            outputs = twin(torch.tensor(part.x))
            loss = cross_entropy(outputs, torch.tensor(part.y), weights)
            assert score.loss == pytest.approx(loss.item(), rel=1e-3)


def test_another_weighting_begins_another_loss_that_is_not_compared_with_the_one_before() -> None:
    trainer = make_trainer(rare_classes(3))
    plain = trainer.train(3)
    trainer.training.class_weights = "balanced"
    weighted = trainer.frame()
    assert weighted.epoch == weighted.comparable_since == 3
    assert weighted.train.accuracy == plain.train.accuracy
    assert weighted.train.loss != plain.train.loss
    trainer.training.class_weights = "none"
    assert trainer.frame().train.loss == plain.train.loss


def test_values_have_no_classes() -> None:
    plain, weighted = (
        make_trainer(Points(shape="plane", count=40), class_weights=each).train(3)
        for each in ("none", "balanced")
    )
    assert plain.train.loss == weighted.train.loss


def test_a_loss_that_knows_no_single_samples_is_refused() -> None:
    class Mean(Loss):
        def value(self, z: Tensor, y: Tensor) -> Tensor:
            return (z - y).mean((1, 2))

        def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
            out.fill_(1)

        def probabilities(self, z: Tensor) -> Tensor:
            return z

    with pytest.raises(InputError, match="Mean can't be weighted by class"):
        ClassWeighted(Mean(), torch.ones(2)).value(torch.zeros(1, 1, 3), torch.zeros(1, 1, 3))
