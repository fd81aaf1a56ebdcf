"""Everything a trainer needs to go on exactly where it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A trainer at one moment, copied out; never changes again.

    Attributes
    ----------
    numbers : mapping of str to JSON-able values
        Epoch, steps, shape of the network, and whatever else is not a tensor.
    tensors : mapping of str to Tensor
        Weights, the optimiser's memory, random states, the past. All contiguous, on the CPU.
    """

    numbers: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
