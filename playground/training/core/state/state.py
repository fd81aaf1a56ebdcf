"""The state of a trainer: everything it takes to go on exactly from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The state of a trainer at one moment, copied; it never changes.

    Attributes
    ----------
    numbers : mapping of str to JSON-able values
        Epoch, steps, shape of the network, and whatever else is not a tensor.
    tensors : mapping of str to Tensor
        Weights, the optimiser's state, random states, checkpoints. Contiguous, on the CPU.
    """

    numbers: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
