"""The choice of training and test rows of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def split_rows(
    count: int, ratio: float, seed: int, classes: npt.NDArray[Any] | None = None
) -> tuple[Indices, Indices]:
    """Choose training rows at random; the others are test rows.

    Parameters
    ----------
    count : int
        Number of rows, 1 or more.
    ratio : float
        The share of training rows: exactly so many, rounded, at least one.
    seed : int
    classes : array of shape (count,), optional
        Of each of these the same share is chosen, as nearly as whole rows allow.

    Returns
    -------
    train, test : int64 arrays
        Row numbers, in rising order.
    """
    order = np.random.default_rng(seed).permutation(count)
    if classes is not None:
        order = order[np.argsort(_shares_within_class(classes[order]), kind="stable")]
    train_count = max(1, round(ratio * count))
    return np.sort(order[:train_count]), np.sort(order[train_count:])


def _shares_within_class(classes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return how many rows of its class, as a share, come before each; half of its own counts."""
    _names, numbers, counts = np.unique(classes, return_inverse=True, return_counts=True)
    by_class = np.argsort(numbers, kind="stable")
    first = np.cumsum(counts) - counts
    shares = np.empty(len(classes))
    shares[by_class] = (np.arange(len(classes)) - first[numbers[by_class]] + 0.5) / counts[
        numbers[by_class]
    ]
    return shares
