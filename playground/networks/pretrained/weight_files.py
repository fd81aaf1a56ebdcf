"""Files of weights, which are checked before they are loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from playground.errors import InputError
from playground.safetensors_header import read_header

Shapes = dict[str, tuple[str, tuple[int, ...]]]

_MAX_HEADER_BYTES = 100_000
_DTYPE_NAMES = {torch.float32: "F32", torch.int64: "I64"}


def load_weights(path: Path, network: nn.Module, sha256: str | None = None) -> nn.Module:
    """Load weights from a file into a network.

    The header of the file is compared with the network first, so that no more is read than the
    network needs.

    Parameters
    ----------
    path : Path
        A safetensors file.
    network : nn.Module
        Left unchanged if an error is raised.
    sha256 : str, optional
        The expected checksum of the file, hexadecimal; not checked if left out.

    Returns
    -------
    nn.Module
        `network`.

    Raises
    ------
    InputError
        If the file is missing, is no safetensors file, holds the weights of another network or
        numbers that are not finite, or has a different checksum.
    """
    expected = shapes(network.state_dict())
    data = _read(path, expected)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise InputError(
            f"{path.name} is not the file its card describes: the checksum differs. "
            f"Install the package again, or train the model again."
        )
    try:
        tensors = safetensors.torch.load(data)
    except SafetensorError as error:
        raise InputError(f"{path.name} is damaged: {error}.") from None
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise InputError(f"{path.name} holds weights that are not finite numbers.")
    network.load_state_dict(tensors)
    return network


def shapes(tensors: dict[str, Tensor]) -> Shapes:
    """Return dtype and shape of each tensor by name, in the notation of safetensors headers."""
    return {
        name: (_DTYPE_NAMES.get(tensor.dtype, str(tensor.dtype)), tuple(tensor.shape))
        for name, tensor in tensors.items()
    }


def _read(path: Path, expected: Shapes) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = read_header(file, size, _MAX_HEADER_BYTES)
            found = {name: (entry.dtype, entry.shape) for name, entry in header.tensors.items()}
            _check_shapes(found, expected)
            header.check_file_size(size)
            file.seek(0)
            return file.read(size)
    except OSError as error:
        raise InputError(f"The weights {path.name} cannot be read: {error.strerror}.") from None
    except InputError as error:
        raise InputError(f"The weights {path.name} cannot be used: {error}") from None


def _check_shapes(found: Shapes, expected: Shapes) -> None:
    if found == expected:
        return
    mismatched = next(key for key in [*expected, *found] if found.get(key) != expected.get(key))
    raise InputError(
        f"it holds the weights of another network: “{mismatched:.60}” is "
        f"{_describe(found.get(mismatched))} "
        f"there, and should be {_describe(expected.get(mismatched))}."
    )


def _describe(entry: tuple[str, tuple[int, ...]] | None) -> str:
    return f"{entry[0]} of shape {entry[1]}"[:60] if entry else "missing"
