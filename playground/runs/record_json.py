"""Conversion of a run's record to JSON, and back with every value checked."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np

from playground.errors import InputError
from playground.problems.problem import Floats
from playground.runs.record import RunRecord, RunSummary
from playground.training.core.metrics import Curves, Score

MAX_CURVE_ROWS = 10_000
"""Largest number of rows of the curves; a trainer keeps about a thousand."""
MAX_SETTINGS = 1_000
"""Largest number of settings; a page has some sixty."""
MAX_THUMBNAIL_BYTES = 100_000  # bytes
MAX_THUMBNAIL_SIDE = 1_024  # pixels, width and height

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_COLUMNS = tuple(column.name for column in fields(Curves))


def to_json(record: RunRecord) -> dict[str, Any]:
    """Convert a record to JSON types; arrays and bytes become base64."""
    summary = record.summary
    return {
        "id": record.id,
        "name": record.name,
        "page": record.page,
        "created": record.created.isoformat(),
        "saved": record.saved.isoformat(),
        "settings": dict(record.settings),
        "summary": {
            "epoch": summary.epoch,
            "step": summary.step,
            "train": [summary.train.loss, summary.train.accuracy],
            "test": [summary.test.loss, summary.test.accuracy],
            "parameters": summary.parameters,
        },
        "curves": {name: _encode_column(getattr(record.curves, name)) for name in _COLUMNS},
        "thumbnail": b64encode(record.thumbnail).decode(),
    }


def from_json(values: Mapping[str, Any]) -> RunRecord:
    """Convert the result of `to_json` back to a record.

    Raises
    ------
    InputError
        If a value is missing or out of its range.
    """
    try:
        return RunRecord(
            id=values["id"],
            name=_text(values["name"]),
            page=_text(values["page"]),
            created=_datetime(values["created"]),
            saved=_datetime(values["saved"]),
            settings=_settings(values["settings"]),
            summary=_summary(json_object(values["summary"])),
            curves=_curves(json_object(values["curves"])),
            thumbnail=_checked_thumbnail(_decode_base64(values["thumbnail"])),
        )
    except KeyError as missing:
        raise InputError(f"its {missing} is missing.") from None


def json_object(value: object) -> dict[str, Any]:
    """Return the value if it is a JSON object.

    Raises
    ------
    InputError
        If it is anything else.
    """
    if isinstance(value, dict):
        return value
    raise InputError(f"“{value!s:.40}” was found where names and values are expected.")


def _settings(value: object) -> dict[str, Any]:
    settings = json_object(value)
    if len(settings) > MAX_SETTINGS:
        raise InputError(f"it has {len(settings):,} settings, and {MAX_SETTINGS:,} is the most.")
    return settings


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise InputError(f"“{value!s:.40}” was found where text is expected.")


def _datetime(value: object) -> datetime:
    try:
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"“{value!s:.40}” is not a date and time.") from None


def _summary(values: Mapping[str, Any]) -> RunSummary:
    return RunSummary(
        epoch=_number(values["epoch"], minimum=0),
        step=_count(values["step"]),
        train=_score(values["train"]),
        test=_score(values["test"]),
        parameters=_count(values["parameters"]),
    )


def _score(values: object) -> Score:
    if not isinstance(values, list) or len(values) != 2:
        raise InputError(f"“{values!s:.40}” was found where a loss and an accuracy are expected.")
    return Score(*(_number(value) for value in values))


def _number(value: object, minimum: float = -math.inf) -> float:
    """Return a number as float; with a `minimum`, it must also be finite."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if minimum == -math.inf or minimum <= number < math.inf:
            return number
    raise InputError(f"“{value!s:.40}” was found where a number is expected.")


def _count(value: object) -> int:
    return int(_number(value, minimum=0))


def _curves(values: Mapping[str, Any]) -> Curves:
    columns = [_decode_column(values[name]) for name in _COLUMNS]
    epochs = columns[0]
    if len({len(column) for column in columns}) > 1 or len(epochs) > MAX_CURVE_ROWS:
        raise InputError(
            f"its curves are not columns of equal length up to {MAX_CURVE_ROWS:,} rows."
        )
    if not (np.isfinite(epochs).all() and (np.diff(epochs) >= 0).all()):
        raise InputError("its curves do not have finite, rising epochs.")
    return Curves(*columns)


def _encode_column(column: Floats) -> str:
    return b64encode(np.ascontiguousarray(column, "<f4").tobytes()).decode()


def _decode_column(value: object) -> Floats:
    data = _decode_base64(value)
    if len(data) % 4:
        raise InputError("its curves end within a number.")
    return np.frombuffer(data, "<f4").astype(np.float32)


def _decode_base64(value: object) -> bytes:
    try:
        return b64decode(_text(value), validate=True)
    except ValueError:  # includes InputError
        raise InputError(f"“{value!s:.40}” is not base64.") from None


def _checked_thumbnail(data: bytes) -> bytes:
    """Return the bytes of a PNG picture within the size limits, or empty bytes."""
    if not data:
        return data
    wide, high = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    small = len(data) <= MAX_THUMBNAIL_BYTES and max(wide, high) <= MAX_THUMBNAIL_SIDE
    if data.startswith(_PNG) and small:
        return data
    raise InputError("its thumbnail is not a small PNG picture.")
