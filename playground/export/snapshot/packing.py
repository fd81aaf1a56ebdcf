"""Numbers as text, in as few letters as they need."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Precision = Literal["float32", "float16", "uint8"]
Packed = dict[str, str]

LETTERS = 4 / 3
"""Letters for each byte in base64."""


def packed(values: npt.ArrayLike, dtype: Precision = "float32") -> Packed:
    """Write an array row by row as base64; `unpack` in js/numbers.js reads it.

    Numbers beyond what half precision holds become infinite.
    """
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(values, np.dtype(dtype).newbyteorder("<"))
    return {"dtype": dtype, "data": b64encode(array.tobytes()).decode()}


def packed_layers(layers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write layers with their tensors; see `playground.export.snapshot.layers`."""
    return [_packed_layer(layer) for layer in layers]


def _packed_layer(layer: Mapping[str, Any]) -> dict[str, Any]:
    tensors = layer.get("tensors", {})
    return {**layer, "tensors": {name: packed(tensor) for name, tensor in tensors.items()}}
