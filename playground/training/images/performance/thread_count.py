"""How many threads PyTorch computes with, for as long as a slice takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from statistics import median
from threading import Lock
from time import perf_counter

import torch
from torch import Tensor

MAX_THREADS = 4
"""More threads share pieces of work this small among them for nothing."""
TRIAL_VALID_SECONDS = 5.0
"""Seconds for which a trial is believed."""
RETRY_AFTER = 60.0
"""Seconds for which several threads are not tried again after a failure."""
MAX_TIME_RATIO = 0.8
"""Several threads must take less than this share of the time that one takes."""

_trial_lock = Lock()
_best_count, _valid_until = 1, 0.0


def best_thread_count() -> int:
    """Tell how many threads help at the moment: all of a few cores, or just one.

    Threads of PyTorch wait for each other at every operation. Where other work keeps the cores
    busy that makes them tens of times slower than one thread alone, so it is tried every few
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
    """Have all make do with one thread for a while: with several, something took far too long."""
    global _best_count, _valid_until
    _best_count, _valid_until = 1, perf_counter() + RETRY_AFTER


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Compute with so many threads in this thread, and then with as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _time_product(count: int) -> float:
    """Try how long a product of matrices takes with so many threads."""
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
