"""A network that reads pictures, and all it takes to move its weights."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from playground.errors import InputError
from playground.training.digits.effort import effort, piece_for
from playground.training.engines import AutogradEngine, Penalties
from playground.training.losses import Loss, losses_for, make_loss
from playground.training.optimisers import OPTIMISERS, Optimiser
from playground.training.precision import by_pixel, half_precision
from playground.training.training import Training


class Learner:
    """Steps a network in pieces small enough for a clock to be watched in between.

    Parameters
    ----------
    network : nn.Module
        From (n, 1, 28, 28) to (n, classes). Its parameters are moved into one tensor.
    training : Training
    classes : int

    Attributes
    ----------
    network : nn.Module
        Always in training mode.
    reader : nn.Module
        The same weights, always in evaluation mode, for whoever works with the trainer.
    piece : int
        How many pictures to learn from at once.
    optimiser : Optimiser
    kept : list of Tensor
        The last state that was good, as `tensors`.

    Raises
    ------
    InputError
        If the network can't read such pictures, or has nothing to be learned.
    """

    def __init__(self, network: nn.Module, training: Training, classes: int) -> None:
        if not any(each.numel() for each in network.parameters()):
            raise InputError("This network has no weights, so it can't learn anything.")
        self.classes = classes
        self._loss = training.loss
        # Dense layers lose accuracy by half precision, and gain no time.
        self._convolves = any(isinstance(each, nn.Conv2d) for each in network.modules())
        self.piece = piece_for(effort(network.eval(), torch.zeros(2, 1, 28, 28), classes))
        self.network = network.train()
        self.engine = AutogradEngine.of(network, self._make_loss())
        self.reader = self.twin()
        self._eye = torch.eye(classes)
        self._rule = ""
        self.equip(training)
        self.kept = self.state()

    optimiser: Optimiser

    def equip(self, training: Training) -> None:
        """Take up the optimiser and the loss that are wished for."""
        if training.optimiser != self._rule:
            self._rule = training.optimiser
            self.forget_steps()
        if training.loss != self._loss:
            self._loss = training.loss
            self.engine.loss = self._make_loss()

    def forget_steps(self) -> None:
        """Have the optimiser begin without memory."""
        self.optimiser = OPTIMISERS[self._rule](self.engine.values, self.engine.is_weight)

    def learn(self, inputs: Tensor, labels: Tensor, share: float) -> Tensor:
        """Add to the gradient what a piece of a batch says; returns the answers (n, classes)."""
        with half_precision(self._convolves):
            return self.engine.accumulate(by_pixel(inputs), self.targets(labels), share)

    def step(self, rate: float, penalties: Penalties, optimiser: Optimiser | None = None) -> None:
        """Move the weights against the gradient, and forget it."""
        self.engine.step((), optimiser or self.optimiser, rate, penalties)
        self.engine.gradient.zero_()

    def targets(self, labels: Tensor) -> Tensor:
        """What the loss compares answers with: one-hot, shape (1, classes, n)."""
        return self._eye.index_select(0, labels).T[None]

    def score(self, answers: Tensor, labels: Tensor) -> tuple[float, float]:
        """Mean loss and accuracy of answers (n, classes); NaN where there are none."""
        if not len(labels):
            return float("nan"), float("nan")
        loss = self.engine.loss.value(answers.T[None], self.targets(labels))
        return loss.item(), (answers.argmax(1) == labels).float().mean().item()

    def probabilities(self, answers: Tensor) -> Tensor:
        """Turn answers into probabilities, both of shape (n, classes)."""
        return self.engine.loss.probabilities(answers.T[None])[0].T

    def twin(self) -> nn.Module:
        """Make another module on the same memory, in evaluation mode, safe to use meanwhile."""
        twin = copy.deepcopy(self.network).eval()
        for ours, theirs in zip(_tensors(self.network), _tensors(twin), strict=True):
            theirs.data = ours.data
        return twin

    @property
    def normalises(self) -> bool:
        """Whether batches are normalised, so that a picture alone says nothing."""
        return any(isinstance(each, _BatchNorm) for each in self.network.modules())

    @property
    def sound(self) -> bool:
        """Whether all weights are numbers."""
        return bool(self.engine.values.isfinite().all())

    @property
    def tensors(self) -> list[Tensor]:
        """All weights in one tensor, and what normalisation has noted of its inputs: the live ones.

        Each network of this kind has as many, of the same shapes.
        """
        return [self.engine.values, *self.network.buffers()]

    def keep(self, state: list[Tensor] | None = None) -> None:
        """Remember a state as a good one; these weights if none is given."""
        for kept, now in zip(self.kept, state or self.tensors, strict=True):
            kept.copy_(now)

    def return_to_kept(self) -> None:
        """Go back to the good weights; the optimiser begins anew."""
        self.restore(self.kept)
        self.forget_steps()

    def state(self) -> list[Tensor]:
        """Copy `tensors` out."""
        return [each.clone() for each in self.tensors]

    def restore(self, state: list[Tensor]) -> None:
        """Go back to what `state` once returned, and forget the gradient."""
        for now, then in zip(self.tensors, state, strict=True):
            now.copy_(then)
        self.engine.gradient.zero_()

    def _make_loss(self) -> Loss:
        possible = losses_for("classification")
        name = self._loss if self._loss in possible else possible[0]
        return make_loss(name, "classification", self.classes)


def _tensors(network: nn.Module) -> list[Tensor]:
    return [*network.parameters(), *network.buffers()]
