"""One run as one safetensors file: the state's tensors, and JSON in the header's metadata.

The metadata has five entries: `playground`, the version of this format; `record`, all that is
listed of a run; `numbers`, the rest of the state; `extra`; and `checksum`, which covers all of
these and the tensors. As in Python's `json`, NaN and Infinity may stand for numbers.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, BinaryIO
from zlib import crc32

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from playground.errors import InputError
from playground.runs.fields import from_json, mapping, to_json
from playground.runs.header import MOST_BYTES, MOST_HEADER, read_header
from playground.runs.record import Record
from playground.runs.run import Run
from playground.training.state import State

VERSION = 1

_PARTS = ("record", "numbers", "extra")


def encoded(run: Run) -> bytes:
    """A run as the content of a file, which `decoded` gives back just as it was.

    Raises
    ------
    InputError
        If it is larger than files may be, or has what `decoded` would refuse.
    """
    values = {
        "record": _sound(to_json(run)),
        "numbers": dict(run.state.numbers),
        "extra": dict(run.extra),
    }
    notes = {part: json.dumps(value, separators=(",", ":")) for part, value in values.items()}
    _check_sizes(notes, run.state.tensors)
    tensors = dict(run.state.tensors)
    marks = {"playground": str(VERSION), "checksum": _checksum(notes, tensors)}
    return safetensors.torch.save(tensors, marks | notes)


def decoded(data: bytes) -> Run:
    """Make a run of the content of a file, wherever it may come from.

    Raises
    ------
    InputError
        If it is not the whole, unchanged file of a run in a version known here. The sentence is
        about “it”; `told` puts in what the file is called.
    """
    notes = _notes(io.BytesIO(data), len(data))
    record = _record(notes)
    numbers, extra = (_json(notes, part) for part in ("numbers", "extra"))
    try:
        tensors = safetensors.torch.load(data)
    except (SafetensorError, RuntimeError, ValueError) as error:
        raise InputError(f"its tensors cannot be read ({error!s:.80}).") from None
    if notes.get("checksum") != _checksum(notes, tensors):
        raise InputError("it has been changed or damaged: its checksum does not agree.")
    return Run.of(record, State(numbers, tensors), extra)


def read_record(file: BinaryIO, size: int) -> Record:
    """Read of a file of so many bytes only what is listed.

    Raises
    ------
    InputError
        As `decoded` does, except for damage among the numbers, which goes unnoticed.
    """
    return _record(_notes(file, size))


def told(name: str, error: InputError) -> InputError:
    """An error about “it” with what the file is called."""
    return InputError(f"“{name:.80}” cannot be opened: {error}")


def _notes(file: BinaryIO, size: int) -> Mapping[str, str]:
    notes = read_header(file, size).notes
    version = notes.get("playground", "")
    if version == str(VERSION):
        return notes
    if version.isascii() and version.isdecimal() and len(version) < 10:
        raise InputError(
            f"it is of version {version}, made by a newer Playground; this one reads version "
            f"{VERSION}. Update Playground to open it."
        )
    raise InputError("it is a safetensors file, but not the run of a Playground.")


def _record(notes: Mapping[str, str]) -> Record:
    return from_json(_json(notes, "record"))


def _sound(record: dict[str, Any]) -> dict[str, Any]:
    """What is to be written, if it could be read again."""
    try:
        from_json(record)
    except InputError as error:
        raise InputError(f"This run cannot be saved: {error}") from None
    return record


def _json(notes: Mapping[str, str], part: str) -> dict[str, Any]:
    try:
        return mapping(json.loads(notes.get(part, "")))
    except InputError:
        raise
    except (ValueError, RecursionError):
        raise InputError(f"its {part} cannot be read.") from None


def _check_sizes(notes: Mapping[str, str], tensors: Mapping[str, Tensor]) -> None:
    length = len(json.dumps(notes)) + sum(100 + 2 * len(name) for name in tensors)
    if length > MOST_HEADER:
        raise InputError(
            f"This run has {length / 1e6:.1f} MB of settings and data beside its weights; "
            f"{MOST_HEADER / 1e6:.0f} MB can be saved."
        )
    total = length + sum(tensor.nbytes for tensor in tensors.values())
    if total > MOST_BYTES:
        raise InputError(
            f"This run has {total / 1e6:,.0f} MB; {MOST_BYTES // 1_000_000} MB can be saved."
        )


def _checksum(notes: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    total = 0
    for part in _PARTS:
        total = crc32(notes.get(part, "").encode(), total)
    for name in sorted(tensors):
        tensor = tensors[name]
        total = crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), total)
        # A single number may have any stride, and then it can't be viewed as bytes.
        flat = tensor.reshape(-1).clone(memory_format=torch.contiguous_format)
        total = crc32(flat.view(torch.uint8).numpy().data, total)
    return f"{total:08x}"
