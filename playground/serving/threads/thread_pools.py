"""The pools of worker threads of a process: what each is for, and how long its work may take."""

from __future__ import annotations

import os

from playground.serving.process.process_settings import use_one_torch_thread
from playground.serving.threads.worker_pool import WorkerPool

workers = WorkerPool(
    max(2, os.cpu_count() or 2),
    "slice",
    deadline=120,
    initializer=use_one_torch_thread,
    finish_at_exit=True,
)
"""Slices of training, and files of runs."""

# PyTorch lets go of the interpreter at each operation, and those of a tiny network take
# microseconds: two threads hand it to each other at every one, and the event loop waits behind
# both. A frame of sixteen pages took half as much processor time again.
brief_slice_workers = WorkerPool(
    1, "brief-slice", deadline=120, initializer=use_one_torch_thread, finish_at_exit=True
)
"""Slices of training of networks whose steps are shorter than handing over the interpreter."""

# These threads only wait: those of the processor are the worker's.
remote_slice_workers = WorkerPool(
    32,
    "remote-slice",
    deadline=120,
    patience=15,
    initializer=use_one_torch_thread,
    finish_at_exit=True,
)
"""Slices of training that workers of dask.distributed take."""

# Drawing must not wait for training.
prediction_workers = WorkerPool(2, "prediction", deadline=30, initializer=use_one_torch_thread)
"""Predictions of drawings and pictures."""

# Explanations take longer than predictions, and must not delay them.
explanation_workers = WorkerPool(1, "explanation", deadline=60, initializer=use_one_torch_thread)
"""Explanations of predictions."""

# Of a large network it takes seconds, with nothing amiss; several at a time would only take the
# processor from those who train.
landscape_workers = WorkerPool(
    1, "landscape", deadline=60, patience=20, initializer=use_one_torch_thread
)
"""Loss landscapes."""

# A download may take minutes, in which the other threads must be free.
loading_workers = WorkerPool(2, "loader", deadline=1800, patience=30)
"""Data sets of pictures, loaded or downloaded."""

# One file at a time: an ONNX file takes several seconds, and much memory.
export_workers = WorkerPool(1, "export", deadline=300, patience=30)
"""Files for use elsewhere."""
