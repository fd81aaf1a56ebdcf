"""Rejection of inputs that are probably no digit.

The pretrained classifiers were trained to give each digit a probability of 0.1 for scribbles, so
that the highest probability is low for inputs that are no digit.

Measured on 2,000 unseen scribbles, letters and signs, 5,000 digits in unseen synthetic handwriting,
and MNIST's 10,000 test pictures: the deep CNN rejects 96 % of the scribbles, 0.02 % of the digits
and 0.05 % of MNIST; the CNN 95, 0.04 and 0.2 %, the MLP 89, 0.1 and 0.4 %. Softmax regression
cannot reject.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.networks.classifiers import CLASSIFIERS

CANNOT_REJECT = frozenset(name for name, each in CLASSIFIERS.items() if not each.can_reject)
"""Classifiers too simple to learn what is no digit."""
MIN_PROBABILITY = 0.4
"""Inputs whose highest probability is lower are rejected."""


def is_rejected(probabilities: npt.ArrayLike) -> bool:
    """Return whether an input is probably no digit.

    Parameters
    ----------
    probabilities : array of shape (10,) or (models, 10)
        From one classifier, or from several, which are averaged.
    """
    mean = np.atleast_2d(np.asarray(probabilities, np.float64)).mean(axis=0)
    return bool(mean.max() < MIN_PROBABILITY)
