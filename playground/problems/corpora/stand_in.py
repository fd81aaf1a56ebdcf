"""The digits that are always there: those that come with scikit-learn."""

from __future__ import annotations

from functools import cache

import torch
from torch.nn import functional

from playground.problems.corpora.images import SIDE, Images, Labelled

_MARGIN = 4
"""Paper around a digit, as in MNIST."""

_TEST = 500


def stand_in(name: str, reason: str) -> Images:
    """Return real digits in place of a set that can't be had.

    They are the 1,797 of Alpaydin and Kaynak's "Optical Recognition of Handwritten Digits"
    (UCI, 1998), 8 × 8 pixels, enlarged to the 20 × 20 that MNIST's digits fill. The last 500
    are for testing: their order is by writers, so most of these hands are not in the training
    set.

    Parameters
    ----------
    name : str
        The set that was asked for.
    reason : str
        Why it can't be had.
    """
    train, test = _digits()
    return Images(
        train,
        test,
        classes=tuple("0123456789"),
        source="1,797 digits of scikit-learn",
        standing_in=True,
        remark=(
            f"{name} is not on this machine and can't be downloaded now ({reason}). These are "
            "1,797 other digits, from scikit-learn: 8 × 8 pixels, enlarged to 28 × 28."
        ),
    )


@cache
def _digits() -> tuple[Labelled, Labelled]:
    # Loading scikit-learn takes a second, and most people have MNIST.
    from sklearn.datasets import load_digits

    ink, labels = load_digits(return_X_y=True)
    small = torch.from_numpy(ink).float().reshape(-1, 1, 8, 8) * (255 / 16)
    size = SIDE - 2 * _MARGIN
    large = functional.interpolate(small, size=(size, size), mode="bicubic").clamp(0, 255)
    pictures = functional.pad(large.round().byte()[:, 0], (_MARGIN,) * 4)
    answers = torch.from_numpy(labels).long()
    return (
        Labelled(pictures[:-_TEST].contiguous(), answers[:-_TEST]),
        Labelled(pictures[-_TEST:].contiguous(), answers[-_TEST:]),
    )
