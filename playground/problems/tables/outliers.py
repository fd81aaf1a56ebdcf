"""Scaling of a column to a fixed range, with room for the rest where a few values lie far out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.problems.array_types import Doubles
from playground.problems.preprocessing import Scaler

MAX_OUTLIER_SHARE = 0.1
FENCE = 5.0
"""Values that are further than this many widths of the middle 80 % from it are outliers."""
INNER_SHARE = 0.9
"""The part of the range that is left to the rest where there are outliers."""


def scale_with_outliers(
    values: Doubles, reach: float
) -> tuple[Doubles, npt.NDArray[np.bool_], Scaler]:
    """Scale values linearly to the range from -reach to reach, but outliers to its ends.

    Parameters
    ----------
    values : float64 array of shape (n,)
        Finite, at least one.
    reach : float

    Returns
    -------
    scaled : float64 array of shape (n,)
        Where there are outliers, the others reach from -0.9 to 0.9 of `reach`. Equal values
        become 0.
    outliers : bool array of shape (n,)
    scaler : Scaler
        Scales all values but the outliers.
    """
    outliers = find_outliers(values)
    inner = values[~outliers]
    # Halved, so that the difference can't overflow; nor does the quotient of what lies between.
    low, high = inner.min() / 2, inner.max() / 2
    if high <= low:
        return np.zeros_like(values), outliers, Scaler(np.array([2 * low]), np.ones(1))
    unit = (np.clip(values / 2, low, high) - low) / (high - low) * 2 - 1
    share = INNER_SHARE if outliers.any() else 1.0
    unit = np.where(outliers, unit, unit * share)
    scaler = Scaler(np.array([low + high]), np.array([(high - low) / (share * reach)]))
    return unit * reach, outliers, scaler


def find_outliers(values: Doubles) -> npt.NDArray[np.bool_]:
    """Return which values are outliers: few, and so far out that the others would be one dot."""
    halved = values / 2
    low = np.quantile(halved, 0.1, method="higher")
    high = np.quantile(halved, 0.9, method="lower")
    with np.errstate(over="ignore"):  # fences of numbers near the largest are infinite
        margin = FENCE * (high - low)
        far = (halved < low - margin) | (halved > high + margin)
    few = 0 < far.sum() <= max(1, MAX_OUTLIER_SHARE * len(values))
    return far if few and margin > 0 else np.zeros(len(values), np.bool_)
