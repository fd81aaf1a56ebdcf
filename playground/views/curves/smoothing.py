"""The exponential moving average that TensorBoard draws."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import numpy.typing as npt


def smooth(values: npt.ArrayLike, weight: float) -> npt.NDArray[np.float64]:
    """Debiased exponential moving average, so that the first values are not drawn towards 0.

    What is not finite stays as it is and leaves the average alone.

    Parameters
    ----------
    values : array of shape (n,)
    weight : float
        How much of the average is kept at each value, 0 (all new) to below 1.

    Returns
    -------
    float64 array of shape (n,)

    Notes
    -----
    As in TensorBoard's scalar charts; the correction is that of Adam: Kingma and Ba (2015),
    "Adam: a method for stochastic optimization", section 3.
    """
    smoothed = np.array(values, np.float64)
    finite = np.isfinite(smoothed)
    shares = (smoothed[finite] * (1 - weight)).tolist()
    sums = np.fromiter(accumulate(shares, lambda total, share: total * weight + share), np.float64)
    smoothed[finite] = sums / (1 - weight ** np.arange(1, len(sums) + 1))
    return smoothed
