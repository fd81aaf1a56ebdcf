"""A run's curves as TensorBoard shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from playground.errors import InputError
from playground.runs.record import RunRecord

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

TAGS = {
    "loss/train": "train_loss",
    "loss/test": "test_loss",
    "accuracy/train": "train_accuracy",
    "accuracy/test": "test_accuracy",
    "epoch": "epoch",
}
"""What each curve is called there."""


def write_scalars(record: RunRecord, folder: Path) -> Path:
    """Write a run's curves and settings as a log of TensorBoard.

    Its steps are optimiser steps, taken to be as many in each epoch; the curve “epoch” says which
    epoch each belongs to. What is not a finite number is left out.

    Parameters
    ----------
    record : RunRecord
        A `Run` is one, too.
    folder : Path
        What `tensorboard --logdir` is then given; each run gets a folder of its own inside.

    Returns
    -------
    Path
        The run's folder.

    Raises
    ------
    InputError
        If TensorBoard is not installed, or the folder cannot be written to.
    """
    log_dir = folder / f"{re.sub(r'[^0-9A-Za-z]+', '-', record.name).strip('-')}-{record.id[:8]}"
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
