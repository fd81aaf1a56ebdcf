"""The digits that are always there: those that come with scikit-learn."""

from __future__ import annotations

from functools import cache

import torch
from torch.nn import functional

from playground.problems.image_datasets.labelled_images import SIDE, LabelledImages, LoadedDataset

_MARGIN = 4
"""Paper around a digit, as in MNIST."""

_TEST_COUNT = 500


def fallback_digits(name: str, reason: str) -> LoadedDataset:
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
    return LoadedDataset(
        train,
        test,
        classes=tuple("0123456789"),
        source="1,797 digits of scikit-learn",
        is_fallback=True,
        remark=(
            f"{name} is not on this machine and can't be downloaded now ({reason}). These are "
            "1,797 other digits, from scikit-learn: 8 × 8 pixels, enlarged to 28 × 28."
        ),
    )


@cache
def _digits() -> tuple[LabelledImages, LabelledImages]:
    # Loading scikit-learn takes a second, and most people have MNIST.
    from sklearn.datasets import load_digits

    ink, labels = load_digits(return_X_y=True)
    small = torch.from_numpy(ink).float().reshape(-1, 1, 8, 8) * (255 / 16)
    size = SIDE - 2 * _MARGIN
    large = functional.interpolate(small, size=(size, size), mode="bicubic").clamp(0, 255)
    pictures = functional.pad(large.round().byte()[:, 0], (_MARGIN,) * 4)
    answers = torch.from_numpy(labels).long()
    return (
        LabelledImages(pictures[:-_TEST_COUNT].contiguous(), answers[:-_TEST_COUNT]),
        LabelledImages(pictures[-_TEST_COUNT:].contiguous(), answers[-_TEST_COUNT:]),
    )
