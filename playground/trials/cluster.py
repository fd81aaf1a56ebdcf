"""What a worker of dask.distributed is asked to do for a sweep."""

from __future__ import annotations

from playground.trials.trial_table import TrialTable
from playground.trials.work import Job, SliceResult, train_slice


def train_on_worker(
    job: Job, slices: int, checkpoint: bytes, table: TrialTable | None
) -> tuple[str, SliceResult]:
    """Train a slice, in a worker; return the worker's address too. See `train_slice`."""
    from distributed import get_worker

    return get_worker().address, train_slice(job, slices, checkpoint, table)
