"""Reading and checking of files in the IDX format of MNIST.

The format is LeCun's: two zero bytes, 8 for unsigned bytes, the number of dimensions, their
sizes as big-endian 32-bit numbers, then the bytes.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.errors import InputError

_UNSIGNED_BYTES = 8


def read_idx(path: Path, dimensions: int, sha256: str | None = None) -> Tensor:
    """Read a file of unsigned bytes.

    Parameters
    ----------
    path : Path
    dimensions : int
        Expected number of dimensions: 3 for pictures, 1 for labels.
    sha256 : str, optional
        Expected checksum of the whole file, hexadecimal; not checked if left out.

    Returns
    -------
    tensor of shape (n, ...), uint8

    Raises
    ------
    InputError
        If the file is missing or can't be read, is not an IDX file of so many dimensions, has
        another length than its header gives, or another checksum.
    """
    try:
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.") from error
    shape, start = _header(path, content, dimensions)
    expected = start + math.prod(shape)
    if len(content) != expected:
        raise InputError(
            f"{path} is {'cut short' if len(content) < expected else 'too long'}: it should be "
            f"{expected:,} bytes and is {len(content):,}. Fetch it again."
        )
    if sha256 and hashlib.sha256(content.data).hexdigest() != sha256:
        raise InputError(f"{path} is damaged: its checksum is wrong. Fetch it again.")
    return torch.from_numpy(content[start:]).reshape(shape)


def _header(
    path: Path, content: npt.NDArray[np.uint8], dimensions: int
) -> tuple[tuple[int, ...], int]:
    """Return the shape in the header, and the offset of the data in bytes."""
    start = 4 * (dimensions + 1)
    if bytes(content[:4]) != bytes((0, 0, _UNSIGNED_BYTES, dimensions)) or len(content) < start:
        what = "pictures" if dimensions > 1 else "labels"
        raise InputError(f"{path} is not an IDX file of {what}; unpack it if it is packed.")
    return tuple(np.frombuffer(content[4:start], ">u4").tolist()), start
