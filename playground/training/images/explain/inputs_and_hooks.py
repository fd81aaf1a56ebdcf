"""What all questions to a network have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident

import numpy as np
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.frame import Pixels


@contextmanager
def recorded_outputs(
    layers: Sequence[tuple[str, nn.Module]], on_output: Callable[[str, Tensor], None]
) -> Iterator[None]:
    """Hear what layers give to this thread; others may be using the network meanwhile."""
    me = get_ident()

    def make_hook(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(_: nn.Module, __: object, out: Tensor) -> None:
            if get_ident() == me:
                on_output(name, out)

        return hook

    hooks = [layer.register_forward_hook(make_hook(name)) for name, layer in layers]
    try:
        yield
    finally:
        for each in hooks:
            each.remove()


def to_input(picture: Pixels) -> Tensor:
    """Turn one picture into what networks take, (1, 1, 28, 28); raise InputError if it is none."""
    picture = np.asarray(picture)
    if picture.shape != (28, 28) or picture.dtype != np.uint8:
        raise InputError(
            f"Give a picture of 28×28 bytes, not {picture.dtype} of shape {picture.shape}."
        )
    with torch.inference_mode(False):
        return normalise_pictures(torch.tensor(picture)[None])


def check_label(label: int, classes: int) -> int:
    """Return a class number; raise InputError if there is no such class."""
    if not 0 <= label < classes:
        raise InputError(f"A class is a number from 0 to {classes - 1}, not {label}.")
    return label
