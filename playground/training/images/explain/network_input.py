"""Conversion and checks of the arguments of explanations."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.frame import Pixels


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


def check_label(label: int, classes: int) -> int:
    """Return a class number unchanged, or raise InputError if there is no such class."""
    if not 0 <= label < classes:
        raise InputError(f"A class is a number from 0 to {classes - 1}, not {label}.")
    return label
