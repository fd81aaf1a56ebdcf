"""The state of a trainer: everything needed to resume training exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """An immutable copy of the state of a trainer.

    Attributes
    ----------
    numbers : mapping of str to JSON-able values
        Epoch, steps, shape of the network, and everything else that is not a tensor.
    tensors : mapping of str to Tensor
        Weights, optimiser state, random states and checkpoints; contiguous, on the CPU.
    """

    numbers: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
