"""The number of threads that PyTorch uses in a slice of training."""

from __future__ import annotations

import os
from functools import cache
from statistics import median
from threading import Lock
from time import perf_counter

import torch
from torch import Tensor

from playground.training.core.torch_threads import torch_threads

MAX_THREADS = 4
"""More threads bring nothing for micro-batches this small."""
TRIAL_VALID_SECONDS = 5.0
"""Seconds until a trial is repeated."""
RETRY_AFTER = 60.0
"""Seconds after a failure in which several threads are not tried again."""
MAX_TIME_RATIO = 0.8
"""Several threads are used if they take less than this share of the time of one thread."""

_trial_lock = Lock()
_best_count, _valid_until = 1, 0.0


def best_thread_count() -> int:
    """Return the number of threads that is fastest at the moment: one, or one a core.

    PyTorch's threads wait for each other at each operation. If other processes keep the cores
    busy, they are tens of times slower than one thread alone. So both are timed every few
    seconds, which takes some milliseconds.
    """
    global _best_count, _valid_until
    cores = min(os.cpu_count() or 1, MAX_THREADS)
    if cores == 1 or perf_counter() < _valid_until or not _trial_lock.acquire(blocking=False):
        return _best_count
    try:
        _best_count = cores if _time_product(cores) < MAX_TIME_RATIO * _time_product(1) else 1
        _valid_until = perf_counter() + TRIAL_VALID_SECONDS
    finally:
        _trial_lock.release()
    return _best_count


def use_one_thread() -> None:
    """Use one thread for the next `RETRY_AFTER` seconds, because several were far too slow."""
    global _best_count, _valid_until
    _best_count, _valid_until = 1, perf_counter() + RETRY_AFTER


def _time_product(count: int) -> float:
    """Time a matrix product with a number of threads; seconds."""
    left, right = _matrices()
    times = []
    with torch_threads(count):
        for _ in range(5):
            begun = perf_counter()
            torch.mm(left, right)
            times.append(perf_counter() - begun)
    return median(times[1:])


@cache
def _matrices() -> tuple[Tensor, Tensor]:
    with torch.inference_mode(False):
        return torch.ones(512, 784), torch.ones(784, 128)
