"""Export of a run's curves and settings to TensorBoard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from playground.errors import InputError
from playground.runs.record import RunRecord, file_stem

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

TAGS = {
    "loss/train": "train_loss",
    "loss/test": "test_loss",
    "accuracy/train": "train_accuracy",
    "accuracy/test": "test_accuracy",
    "epoch": "epoch",
}
"""Columns of the curves by TensorBoard tag."""


def write_scalars(record: RunRecord, folder: Path) -> Path:
    """Write a run's curves and settings as a TensorBoard log.

    The steps of the log are optimiser steps, computed from the mean number of steps per epoch;
    the curve “epoch” holds the epoch of each step. Values that are not finite are left out.

    Parameters
    ----------
    record : RunRecord
        A record, or a `Run`.
    folder : Path
        The folder for `tensorboard --logdir`; each run is written to a subfolder.

    Returns
    -------
    Path
        The subfolder of the run.

    Raises
    ------
    InputError
        If TensorBoard is not installed, or the folder cannot be written to.
    """
    log_dir = folder / f"{file_stem(record.name)}-{record.id[:8]}"
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise InputError(
            "TensorBoard is not installed; “pip install tensorboard” installs it."
        ) from None
    try:
        with SummaryWriter(log_dir=str(log_dir)) as writer:
            _write(record, writer)
    except OSError as error:
        raise InputError(f"No log can be written in {log_dir}: {error.strerror}.") from None
    return log_dir


def _write(record: RunRecord, writer: SummaryWriter) -> None:
    saved_at = record.saved.timestamp()
    per_epoch = record.summary.step / record.summary.epoch if record.summary.epoch else 0.0
    steps = np.round(record.curves.epoch.astype(np.float64) * per_epoch).astype(np.int64)
    for tag, column in TAGS.items():
        values = getattr(record.curves, column)
        for at in np.flatnonzero(np.isfinite(values)):
            writer.add_scalar(tag, float(values[at]), int(steps[at]), walltime=saved_at)
    settings = json.dumps(dict(record.settings), indent=2, ensure_ascii=False)
    indented = "".join(f"    {line}\n" for line in settings.splitlines())
    writer.add_text("settings", indented, walltime=saved_at)
