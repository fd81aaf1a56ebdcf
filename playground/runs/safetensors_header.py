"""The beginning of a safetensors file, checked before anything else of it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from playground.errors import InputError

MAX_BYTES = 200_000_000
"""Of a whole file."""
MAX_HEADER_BYTES = 4_000_000
"""Bytes of names, shapes and notes: parsed, hostile JSON takes up to thirty times its size."""
MAX_TENSORS = 20_000

_PREFIX = 8  # bytes, in which the file begins by the length of its header
_DTYPES = {"BOOL", "U8", "I8", "I16", "I32", "I64", "F16", "BF16", "F32", "F64"}


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes
    ----------
    metadata : mapping of str to str
        The metadata.
    tensors : int
        How many there are.
    """

    metadata: Mapping[str, str]
    tensors: int


def read_header(file: BinaryIO, size: int) -> Header:
    """Read a header, and see that the tensors it announces are what the rest has room for.

    Parameters
    ----------
    file : binary file
        At its beginning.
    size : int
        Bytes of the whole file.

    Raises
    ------
    InputError
        If the file is too large, not whole, or no safetensors file. The sentence begins with
        “it”.
    """
    if size > MAX_BYTES:
        raise InputError(
            f"it has {size / 1e6:,.0f} MB, and {MAX_BYTES // 1_000_000} MB is the most."
        )
    length = int.from_bytes(file.read(_PREFIX), "little")
    if not 2 <= length <= min(MAX_HEADER_BYTES, size - _PREFIX):
        raise InputError("it is no safetensors file, or not whole.")
    metadata, entries = _parsed(file.read(length))
    available = size - _PREFIX - length
    declared = max((_end_offset(entry) for entry in entries.values()), default=0)
    if declared != available:
        raise InputError(
            f"it is not whole: it should have {declared:,} bytes of numbers, and has {available:,}."
        )
    return Header(metadata, len(entries))


def _parsed(header: bytes) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    try:
        entries = json.loads(header)
    except (ValueError, RecursionError):
        raise InputError("its header cannot be read.") from None
    metadata = entries.pop("__metadata__", {}) if isinstance(entries, dict) else None
    if not isinstance(metadata, dict) or not all(
        isinstance(note, str) for note in metadata.values()
    ):
        raise InputError("its header cannot be read.")
    if len(entries) > MAX_TENSORS:
        raise InputError(f"it holds {len(entries):,} tensors, and {MAX_TENSORS:,} is the most.")
    return metadata, entries


def _end_offset(entry: object) -> int:
    """Where in the numbers a tensor ends; safetensors itself holds that against its shape."""
    match entry:
        case {"dtype": str(kind), "shape": list(), "data_offsets": [int(), int(end)]}:
            if kind in _DTYPES:
                return end
    raise InputError("it holds numbers of an unknown kind, or its header is damaged.")
