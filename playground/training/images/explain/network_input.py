"""Conversion and checks of the arguments of explanations, and logits of many pictures."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from playground.deadlines import check_deadline
from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.frame import Pixels

BATCH_SIZE = 64
"""Pictures in one forward pass: an explanation can be cancelled between two."""


def to_input(picture: Pixels) -> Tensor:
    """Convert one picture to the input of a network.

    Parameters
    ----------
    picture : uint8 array of shape (28, 28)

    Returns
    -------
    float32 Tensor of shape (1, 1, 28, 28)
        From -1, paper, to 1, ink.

    Raises
    ------
    InputError
        If the picture has another shape or type.
    """
    picture = np.asarray(picture)
    if picture.shape != (28, 28) or picture.dtype != np.uint8:
        raise InputError(
            f"Give a picture of 28×28 bytes, not {picture.dtype} of shape {picture.shape}."
        )
    with torch.inference_mode(False):
        return normalise_pictures(torch.tensor(picture)[None])


def to_ink(picture: Pixels) -> Tensor:
    """Convert one picture to float32 of shape (28, 28), from 0, paper, to 1; see `to_input`."""
    return (to_input(picture)[0, 0] + 1) / 2


def to_picture(ink: Tensor) -> Pixels:
    """Convert float32 from 0, paper, to 1 to the nearest bytes."""
    picture: Pixels = (ink.detach() * 255).round().to(torch.uint8).numpy()
    return picture


def logits_of(network: nn.Module, inks: Tensor) -> Tensor:
    """Return the logits of pictures, in batches; gradients are followed where they are enabled.

    Parameters
    ----------
    network : nn.Module
    inks : float32 Tensor of shape (n, 28, 28)
        From 0, paper, to 1.

    Returns
    -------
    float32 Tensor of shape (n, classes)
    """
    found = []
    for batch in (2 * inks[:, None] - 1).split(BATCH_SIZE):
        check_deadline()
        found.append(network(batch))
    return torch.cat(found)


def finite_logits(network: nn.Module, ink: Tensor) -> Tensor:
    """Return the logits of one picture, of shape (1, classes), without gradients.

    Raises
    ------
    InputError
        If one of them is infinite or NaN: such a network predicts nothing that could be explained.
    """
    with torch.no_grad():
        logits = logits_of(network, ink[None])
    if not logits.isfinite().all():
        raise InputError("The network predicts nothing: its outputs are no finite numbers.")
    return logits


def log_odds(logits: Tensor, label: int) -> Tensor:
    """Return the logarithm of p / (1 - p) of a class, of shape (n,).

    Unlike a probability it still moves where a network is almost sure.
    """
    others = torch.cat([logits[:, :label], logits[:, label + 1 :]], 1)
    return logits[:, label] - torch.logsumexp(others, 1)


def check_label(label: int, classes: int) -> int:
    """Return a class number unchanged, or raise InputError if there is no such class."""
    if not 0 <= label < classes:
        raise InputError(f"A class is a number from 0 to {classes - 1}, not {label}.")
    return label
