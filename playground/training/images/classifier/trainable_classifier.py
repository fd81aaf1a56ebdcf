"""An image classifier, and everything it takes to train its weights."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.torch_internals.modules import BATCH_NORM_LAYERS
from playground.training.core.class_weights import BALANCED, balanced_weights
from playground.training.core.losses import Loss, losses_for, make_loss
from playground.training.core.optimisers import OPTIMISERS, Optimiser
from playground.training.engines import AutogradEngine, Penalties
from playground.training.images.performance.compute_cost import micro_batch_for, multiplications
from playground.training.images.performance.mixed_precision import (
    channels_last_view,
    half_precision,
)
from playground.training.training import Training


class TrainableClassifier:
    """Trains a network in pieces small enough for the clock to be watched in between.

    Parameters
    ----------
    network : nn.Module
        From (n, 1, 28, 28) to (n, classes). Its parameters are moved into one tensor.
    training : Training
    labels : int64 Tensor of shape (n,)
        Those of the training images, from which class weights come.
    classes : int

    Attributes
    ----------
    network : nn.Module
        Always in training mode, but for parts that were given in evaluation mode.
    eval_network : nn.Module
        A module on the same memory, always in evaluation mode.
    micro_batch : int
        Images in one piece of a batch.
    optimiser : Optimiser
    good_state : list of Tensor
        The last weights that were good, as `tensors`.

    Raises
    ------
    InputError
        If the network can't take such images, or has no parameters.
    """

    def __init__(
        self, network: nn.Module, training: Training, labels: Tensor, classes: int
    ) -> None:
        if not any(each.numel() for each in network.parameters()):
            raise InputError("This network has no weights, so it can't learn anything.")
        self.classes = classes
        self._labels = labels
        self._loss = training.loss, training.class_weights
        # Dense layers lose accuracy by half precision, and gain no time.
        self._has_convolutions = any(isinstance(each, nn.Conv2d) for each in network.modules())
        modes = [(each, each.training) for each in network.modules()]
        self.micro_batch = micro_batch_for(
            multiplications(network.eval(), torch.zeros(2, 1, 28, 28), classes)
        )
        for part, mode in modes:
            part.training = mode
        self.network = network
        self.engine = AutogradEngine.from_module(network, self._make_loss())
        self.eval_network = self.shared_copy()
        self._eye = torch.eye(classes)
        self._training = training
        self.reset_optimiser()
        self.good_state = self.state()

    optimiser: Optimiser

    def configure(self, training: Training) -> None:
        """Change optimiser and loss if others are requested."""
        self._training = training
        if training.optimiser != self.optimiser.name:
            self.reset_optimiser()
        self.optimiser.options = training.optimiser_options
        if (training.loss, training.class_weights) != self._loss:
            self._loss = training.loss, training.class_weights
            self.engine.loss = self._make_loss()

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""
        self.optimiser = self.new_optimiser()

    def new_optimiser(self) -> Optimiser:
        """Make an optimiser of the chosen kind, without memory."""
        training, engine = self._training, self.engine
        optimiser = OPTIMISERS[training.optimiser](engine.values, engine.is_weight)
        optimiser.options = training.optimiser_options
        return optimiser

    def share(self, part: Tensor, batch: Tensor) -> float:
        """Return the share (0 to 1) of a batch's loss that a part of its labels accounts for."""
        total_weight = self.engine.loss.total_weight
        return total_weight(self.targets(part)) / total_weight(self.targets(batch))

    def accumulate_gradient(self, inputs: Tensor, labels: Tensor, share: float) -> Tensor:
        """Add the gradient of a piece of a batch; return the outputs, shape (n, classes)."""
        with half_precision(self._has_convolutions):
            return self.engine.accumulate(channels_last_view(inputs), self.targets(labels), share)

    def step(self, rate: float, optimiser: Optimiser | None = None) -> None:
        """Take an optimiser step, and set the gradient to zero."""
        training = self._training
        penalties = Penalties(training.l1, training.l2)
        self.engine.step((), optimiser or self.optimiser, rate, penalties, training.max_norm)
        self.engine.gradient.zero_()

    def targets(self, labels: Tensor) -> Tensor:
        """Return the one-hot targets of the loss, shape (1, classes, n)."""
        return self._eye.index_select(0, labels).T[None]

    def score(self, answers: Tensor, labels: Tensor) -> tuple[float, float]:
        """Return mean loss and accuracy of outputs (n, classes); NaN where there are none."""
        if not len(labels):
            return float("nan"), float("nan")
        loss = self.engine.loss.value(answers.T[None], self.targets(labels))
        return loss.item(), (answers.argmax(1) == labels).float().mean().item()

    def probabilities(self, answers: Tensor) -> Tensor:
        """Convert outputs to probabilities, both of shape (n, classes)."""
        return self.engine.loss.probabilities(answers.T[None])[0].T

    def shared_copy(self) -> nn.Module:
        """Return a copy of the network that shares its weights and stays in evaluation mode."""
        shared_copy = copy.deepcopy(self.network).eval()
        for ours, theirs in zip(_tensors(self.network), _tensors(shared_copy), strict=True):
            theirs.data = ours.data
        return shared_copy

    @property
    def uses_batch_norm(self) -> bool:
        """Whether batches are normalised, so that a batch needs at least two images."""
        return any(
            isinstance(each, BATCH_NORM_LAYERS) and each.training for each in self.network.modules()
        )

    @property
    def is_finite(self) -> bool:
        """Whether all weights are numbers."""
        return bool(self.engine.values.isfinite().all())

    @property
    def tensors(self) -> list[Tensor]:
        """All weights in one tensor, and the buffers: those in use, not copies.

        Their number and shapes are the same in all networks of one architecture.
        """
        return [self.engine.values, *self.network.buffers()]

    def save_good_state(self, state: list[Tensor] | None = None) -> None:
        """Keep a state as the last good one; the present one if none is given."""
        for good_state, now in zip(self.good_state, state or self.tensors, strict=True):
            good_state.copy_(now)

    def restore_good_state(self) -> None:
        """Go back to the good weights; the optimiser begins anew."""
        self.restore(self.good_state)
        self.reset_optimiser()

    def state(self) -> list[Tensor]:
        """Return copies of all weights and buffers, for `restore`."""
        return [each.clone() for each in self.tensors]

    def restore(self, state: list[Tensor]) -> None:
        """Load what `state` returned, and set the gradient to zero."""
        for now, then in zip(self.tensors, state, strict=True):
            now.copy_(then)
        self.engine.gradient.zero_()

    def _make_loss(self) -> Loss:
        possible, (name, weighting) = losses_for("classification"), self._loss
        weights = balanced_weights(self._labels, self.classes) if weighting == BALANCED else None
        name = name if name in possible else possible[0]
        return make_loss(name, "classification", self.classes, weights)


def _tensors(network: nn.Module) -> list[Tensor]:
    return [*network.parameters(), *network.buffers()]
