"""The way that an image classifier has gone through its weights, with the loss it went by."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.training.core.losses import Loss
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.engines import Penalties
from playground.training.images.checkpoints.checkpoint_viewer import unpack_checkpoint
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.data.image_data import ImageData

IMAGES = 1000
"""Training images that losses are computed with at most, evenly spaced."""
LEAST_IMAGES = 100
PIECES = 2
"""A network for which `IMAGES` take longer than so many pieces of work has fewer of them."""
MAX_MOMENTS = 60
"""Of more checkpoints, so many are taken, evenly spaced: each is a copy of all weights."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageWeightPath:
    """The weights of an image classifier at one moment, and at all checkpoints of its run.

    A row holds all parameters, and then the buffers that are no whole numbers: the averages of
    batch normalisation, without which a network of another moment would not be what it was.

    Attributes
    ----------
    network : nn.Module
        A copy, in evaluation mode.
    parameters_count : int
        Numbers of a row that are parameters.
    weights : Tensor of shape (size,)
        The row of the moment.
    path : Tensor of shape (moments, size)
    epochs : Tensor of shape (moments,)
    inputs : Tensor of shape (n, 1, 28, 28)
    targets : Tensor of shape (1, classes, n)
    all_images : int
        How many training images there are.
    loss : Loss
    penalties : Penalties
        Which training adds to it.
    is_weight : Tensor that broadcasts to (1, parameters_count)
        1 where penalties apply.
    """

    network: nn.Module
    parameters_count: int
    weights: Tensor
    path: Tensor
    epochs: Tensor
    inputs: Tensor
    targets: Tensor
    all_images: int
    loss: Loss
    penalties: Penalties
    is_weight: Tensor


def weight_path(
    classifier: TrainableClassifier,
    images: ImageData,
    entries: Sequence[Checkpoint],
    checkpoint: Checkpoint | None,
    epoch: float,
    penalties: Penalties,
) -> ImageWeightPath:
    """Copy the weights of a checkpoint, or of the present, and those of all checkpoints.

    Parameters
    ----------
    classifier : TrainableClassifier
    images : ImageData
        The training images.
    entries : sequence of Checkpoint
    checkpoint : Checkpoint or None
        None for the present, which is then the last moment of the path.
    epoch : float
        Of the present.
    penalties : Penalties
    """
    chosen = list(entries)
    if len(chosen) > MAX_MOMENTS:
        places = torch.linspace(0, len(chosen) - 1, MAX_MOMENTS).round().int().tolist()
        chosen = [chosen[place] for place in places]
    rows = [packed_row(unpack_checkpoint(classifier, each)[0]) for each in chosen]
    epochs = [float(each.info.epoch) for each in chosen]
    now = packed_row(classifier.tensors)
    if checkpoint is None and not (rows and rows[-1].equal(now)):
        rows, epochs = [*rows, now], [*epochs, epoch]
    weights = now
    if checkpoint is not None:
        weights = packed_row(unpack_checkpoint(classifier, checkpoint)[0])
    count = len(images.labels)
    chosen_count = min(count, IMAGES, max(LEAST_IMAGES, PIECES * classifier.micro_batch))
    numbers = torch.linspace(0, count - 1, chosen_count).round().long()
    inputs, labels = images.inputs(numbers)
    return ImageWeightPath(
        network=copy.deepcopy(classifier.network).eval(),
        parameters_count=classifier.engine.values.numel(),
        weights=weights,
        path=torch.stack(rows),
        epochs=torch.tensor(epochs),
        inputs=inputs,
        targets=classifier.targets(labels),
        all_images=count,
        loss=classifier.engine.loss,
        penalties=penalties,
        is_weight=classifier.engine.is_weight,
    )


def packed_row(tensors: Sequence[Tensor]) -> Tensor:
    """Copy all weights, (1, size), and those buffers that are no whole numbers, into one row."""
    weights, *buffers = tensors
    return torch.cat(
        [weights.flatten(), *(each.flatten() for each in buffers if each.is_floating_point())]
    )


def load_row(row: Tensor, targets: Sequence[Tensor]) -> None:
    """Copy what `packed_row` returned into tensors: parameters, or all in one, then buffers."""
    start = 0
    for target in targets:
        if target.is_floating_point():
            target.copy_(row[start : start + target.numel()].view(target.shape))
            start += target.numel()
