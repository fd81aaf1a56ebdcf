"""The header of a safetensors file of unknown origin, checked before the rest is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from playground.errors import InputError

MAX_HEADER_BYTES = 4_000_000
"""Parsing a hostile JSON header takes up to thirty times its size in memory."""
MAX_TENSORS = 20_000

_LENGTH_BYTES = 8  # a file begins with the length of its header
_DTYPES = {"BOOL", "U8", "I8", "I16", "I32", "I64", "F16", "BF16", "F32", "F64"}


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """What a header says of one tensor.

    Attributes
    ----------
    dtype : str
        As safetensors writes it, such as "F32".
    shape : tuple
        Not checked: it may hold anything that JSON can.
    end : int
        Where the tensor ends, in bytes from the end of the header.
    """

    dtype: str
    shape: tuple[Any, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """A header.

    Attributes
    ----------
    metadata : mapping of str to str
    tensors : mapping of str to TensorEntry
    size : int
        Bytes of the file up to the end of the header.
    """

    metadata: Mapping[str, str]
    tensors: Mapping[str, TensorEntry]
    size: int

    @property
    def file_size(self) -> int:
        """Bytes that a whole file with this header has."""
        return self.size + max((entry.end for entry in self.tensors.values()), default=0)

    def check_file_size(self, size: int) -> None:
        """Raise InputError unless the file has as many bytes as its header announces."""
        if size != self.file_size:
            raise InputError(
                f"it is not whole: it should have {self.file_size:,} bytes, and has {size:,}."
            )


def read_header(file: BinaryIO, size: int, max_bytes: int = MAX_HEADER_BYTES) -> Header:
    """Read the header of a file.

    Parameters
    ----------
    file : binary file
        At its beginning.
    size : int
        Bytes of the whole file.
    max_bytes : int
        Of the header.

    Raises
    ------
    InputError
        If it is no safetensors file, or its header is damaged or too large. The sentence begins
        with “it”, as all of this module's do.
    """
    length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    if not 2 <= length <= min(max_bytes, size - _LENGTH_BYTES):
        raise InputError("it is no safetensors file, or not whole.")
    metadata, entries = _parse(file.read(length))
    tensors = {name: _tensor_entry(entry) for name, entry in entries.items()}
    return Header(metadata, tensors, _LENGTH_BYTES + length)


def _parse(header: bytes) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    try:
        entries = json.loads(header)
    except (ValueError, RecursionError):
        raise InputError("its header cannot be read.") from None
    metadata = entries.pop("__metadata__", {}) if isinstance(entries, dict) else None
    if not isinstance(metadata, dict) or not all(
        isinstance(value, str) for value in metadata.values()
    ):
        raise InputError("its header cannot be read.")
    if len(entries) > MAX_TENSORS:
        raise InputError(f"it holds {len(entries):,} tensors, and {MAX_TENSORS:,} is the most.")
    return metadata, entries


def _tensor_entry(entry: object) -> TensorEntry:
    """Check all of an entry that safetensors itself does not compare with its shape later."""
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [int(), int(end)]}:
            if dtype in _DTYPES:
                return TensorEntry(dtype, tuple(shape), end)
    raise InputError("it holds numbers of an unknown kind, or its header is damaged.")
