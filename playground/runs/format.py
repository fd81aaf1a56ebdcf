"""The file format of a run: a safetensors file with the state's tensors and JSON metadata.

The metadata has five entries: `playground`, the format version; `record`, the `RunRecord`;
`numbers`, the rest of the state; `extra`; and `checksum`, a CRC-32 of `record`, `numbers`, `extra`
and the tensors. As in Python's `json`, NaN and Infinity are allowed as numbers.
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
from playground.runs.atomic_files import MAX_BYTES
from playground.runs.record import RunRecord
from playground.runs.record_json import from_json, json_object, to_json
from playground.runs.run import Run
from playground.safetensors_header import MAX_HEADER_BYTES, read_header
from playground.training.core.state.state import State

VERSION = 1
"""The format version that is written and read."""

MAX_RECORD_CHARACTERS = 1_000_000
"""Largest record in JSON: the longest curves, the largest thumbnail, and settings take half."""
_JSON_ENTRIES = ("record", "numbers", "extra")


def encode_run(run: Run) -> bytes:
    """Convert a run to the bytes of a file, from which `decode_run` restores it exactly.

    Raises
    ------
    InputError
        If the run is too large, or has values that `decode_run` would refuse.
    """
    values = {
        "record": _validate(to_json(run)),
        "numbers": dict(run.state.numbers),
        "extra": dict(run.extra),
    }
    metadata = {part: json.dumps(value, separators=(",", ":")) for part, value in values.items()}
    _check_sizes(metadata, run.state.tensors)
    tensors = dict(run.state.tensors)
    format_entries = {"playground": str(VERSION), "checksum": _checksum(metadata, tensors)}
    return safetensors.torch.save(tensors, format_entries | metadata)


def decode_run(data: bytes) -> Run:
    """Convert the bytes of a file, which need not be trusted, to a run.

    Raises
    ------
    InputError
        If the file is not a complete, unchanged file of a run in format version `VERSION`. The
        message calls the file “it”; `open_error` adds its name.
    """
    metadata = _read_metadata(io.BytesIO(data), len(data))
    record = _record(metadata)
    numbers, extra = (_json(metadata, part) for part in ("numbers", "extra"))
    try:
        tensors = safetensors.torch.load(data)
    except (SafetensorError, RuntimeError, ValueError) as error:
        raise InputError(f"its tensors cannot be read ({error!s:.80}).") from None
    if metadata.get("checksum") != _checksum(metadata, tensors):
        raise InputError("it has been changed or damaged: its checksum does not match.")
    return Run.from_record(record, State(numbers, tensors), extra)


def read_record(file: BinaryIO, size: int) -> RunRecord:
    """Read only the record of a run from a file of `size` bytes.

    Raises
    ------
    InputError
        As `decode_run` does; but the checksum is not verified.
    """
    return _record(_read_metadata(file, size))


def open_error(name: str, error: InputError) -> InputError:
    """Return an error of `decode_run` with the name of the file added."""
    return InputError(f"“{name:.80}” cannot be opened: {error}")


def _read_metadata(file: BinaryIO, size: int) -> Mapping[str, str]:
    if size > MAX_BYTES:
        raise InputError(
            f"it has {size / 1e6:,.0f} MB, and {MAX_BYTES // 1_000_000} MB is the most."
        )
    header = read_header(file, size)
    header.check_file_size(size)
    metadata = header.metadata
    version = metadata.get("playground", "")
    if version == str(VERSION):
        return metadata
    if version.isascii() and version.isdecimal() and len(version) < 10:
        raise InputError(
            f"it has format version {version}, made by a newer Playground; this one reads version "
            f"{VERSION}. Update Playground to open it."
        )
    raise InputError("it is a safetensors file, but not the run of a Playground.")


def _record(metadata: Mapping[str, str]) -> RunRecord:
    length = len(metadata.get("record", ""))
    if length > MAX_RECORD_CHARACTERS:
        raise InputError(
            f"its record has {length:,} characters, and {MAX_RECORD_CHARACTERS:,} is the most."
        )
    return from_json(_json(metadata, "record"))


def _validate(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record in JSON if `from_json` accepts it, else raise InputError."""
    try:
        from_json(record)
    except InputError as error:
        raise InputError(f"This run cannot be saved: {error}") from None
    return record


def _json(metadata: Mapping[str, str], part: str) -> dict[str, Any]:
    try:
        return json_object(json.loads(metadata.get(part, "")))
    except InputError:
        raise
    except (ValueError, RecursionError):
        raise InputError(f"its {part} cannot be read.") from None


def _check_sizes(metadata: Mapping[str, str], tensors: Mapping[str, Tensor]) -> None:
    if len(metadata["record"]) > MAX_RECORD_CHARACTERS:
        raise InputError(
            f"This run has {len(metadata['record']) / 1e6:.1f} MB of settings and curves;"
            f" {MAX_RECORD_CHARACTERS / 1e6:.0f} MB can be saved."
        )
    length = len(json.dumps(metadata)) + sum(100 + 2 * len(name) for name in tensors)
    if length > MAX_HEADER_BYTES:
        raise InputError(
            f"This run has {length / 1e6:.1f} MB of settings and data besides its weights; "
            f"{MAX_HEADER_BYTES / 1e6:.0f} MB can be saved."
        )
    total = length + sum(tensor.nbytes for tensor in tensors.values())
    if total > MAX_BYTES:
        raise InputError(
            f"This run has {total / 1e6:,.0f} MB; {MAX_BYTES // 1_000_000} MB can be saved."
        )


def _checksum(metadata: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    total = 0
    for part in _JSON_ENTRIES:
        total = crc32(metadata.get(part, "").encode(), total)
    for name in sorted(tensors):
        tensor = tensors[name]
        total = crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), total)
        # A tensor of one element may have any stride, and then can't be viewed as bytes.
        flat = tensor.reshape(-1).clone(memory_format=torch.contiguous_format)
        total = crc32(flat.view(torch.uint8).numpy().data, total)
    return f"{total:08x}"
