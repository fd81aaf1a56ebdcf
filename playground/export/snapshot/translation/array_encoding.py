"""Arrays of numbers as base64, for the JSON of a snapshot."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Precision = Literal["float32", "float16", "uint8"]
EncodedArray = dict[str, str]

BASE64_RATIO = 4 / 3
"""Characters per byte in base64."""


def encode_array(values: npt.ArrayLike, dtype: Precision = "float32") -> EncodedArray:
    """Encode an array row by row as base64; `unpack` in js/numbers.js decodes it.

    Numbers beyond the range of half precision become infinite.
    """
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(values, np.dtype(dtype).newbyteorder("<"))
    return {"dtype": dtype, "data": b64encode(array.tobytes()).decode()}


def encode_layers(layers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Encode the tensors of layers; see `playground.export.snapshot.translation.browser_layers`."""
    return [_encode_layer(layer) for layer in layers]


def _encode_layer(layer: Mapping[str, Any]) -> dict[str, Any]:
    tensors = layer.get("tensors", {})
    return {**layer, "tensors": {name: encode_array(tensor) for name, tensor in tensors.items()}}
