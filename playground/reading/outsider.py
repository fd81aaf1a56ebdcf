"""When a reading should not be believed: "not a digit?".

The shipped readers have learned to answer scribbles with a tenth for each digit, so that the
share of the likeliest digit tells how much of a digit they see.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LEAST = 0.4


def doubtful(probabilities: npt.ArrayLike) -> bool:
    """Tell whether what was read is perhaps no digit at all.

    Parameters
    ----------
    probabilities : array of shape (10,) or (models, 10)
        What one reader made of it, or several; they are averaged.
    """
    mean = np.atleast_2d(np.asarray(probabilities, np.float64)).mean(axis=0)
    return bool(mean.max() < LEAST)
