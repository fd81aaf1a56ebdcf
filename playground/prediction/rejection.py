"""When a reading should not be believed: "not a digit?".

The shipped readers have learned to answer scribbles with a tenth for each digit, so that the
share of the likeliest digit tells how much of a digit they see.

Measured on 2,000 unseen scribbles, letters and signs, 5,000 digits in unseen synthetic hands, and
MNIST's 10,000: the deep reader doubts 96 % of the scribbles, 0.02 % of the digits and 0.05 % of
MNIST; the CNN 95, 0.04 and 0.2 %, the MLP 89, 0.1 and 0.4 %. Softmax regression cannot tell.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CANNOT_REJECT = frozenset({"softmax"})
"""Readers too simple to have learned what is no digit; ask others."""
MIN_PROBABILITY = 0.4
"""The probability of the likeliest digit under which it is doubted."""


def is_rejected(probabilities: npt.ArrayLike) -> bool:
    """Tell whether what was read is perhaps no digit at all.

    Parameters
    ----------
    probabilities : array of shape (10,) or (models, 10)
        What one reader made of it, or several; they are averaged.
    """
    mean = np.atleast_2d(np.asarray(probabilities, np.float64)).mean(axis=0)
    return bool(mean.max() < MIN_PROBABILITY)
