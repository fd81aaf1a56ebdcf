"""The beginning of a safetensors file, checked before anything else of it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from playground.errors import InputError

MOST_BYTES = 200_000_000
"""Of a whole file."""
MOST_HEADER = 4_000_000
"""Bytes of names, shapes and notes: parsed, hostile JSON takes up to thirty times its size."""
MOST_TENSORS = 20_000

_PREFIX = 8  # bytes, in which the file begins by the length of its header
_KINDS = {"BOOL", "U8", "I8", "I16", "I32", "I64", "F16", "BF16", "F32", "F64"}


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes
    ----------
    notes : mapping of str to str
        The metadata.
    tensors : int
        How many there are.
    """

    notes: Mapping[str, str]
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
    if size > MOST_BYTES:
        raise InputError(
            f"it has {size / 1e6:,.0f} MB, and {MOST_BYTES // 1_000_000} MB is the most."
        )
    length = int.from_bytes(file.read(_PREFIX), "little")
    if not 2 <= length <= min(MOST_HEADER, size - _PREFIX):
        raise InputError("it is no safetensors file, or not whole.")
    notes, entries = _parsed(file.read(length))
    room = size - _PREFIX - length
    announced = max((_end(entry) for entry in entries.values()), default=0)
    if announced != room:
        raise InputError(
            f"it is not whole: it should have {announced:,} bytes of numbers, and has {room:,}."
        )
    return Header(notes, len(entries))


def _parsed(header: bytes) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    try:
        entries = json.loads(header)
    except (ValueError, RecursionError):
        raise InputError("its header cannot be read.") from None
    notes = entries.pop("__metadata__", {}) if isinstance(entries, dict) else None
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise InputError("its header cannot be read.")
    if len(entries) > MOST_TENSORS:
        raise InputError(f"it holds {len(entries):,} tensors, and {MOST_TENSORS:,} is the most.")
    return notes, entries


def _end(entry: object) -> int:
    """Where in the numbers a tensor ends; safetensors itself holds that against its shape."""
    match entry:
        case {"dtype": str(kind), "shape": list(), "data_offsets": [int(), int(end)]}:
            if kind in _KINDS:
                return end
    raise InputError("it holds numbers of an unknown kind, or its header is damaged.")
