"""The digits of scikit-learn, used when a data set is not available."""

from __future__ import annotations

from functools import cache

import torch
from torch.nn import functional

from playground.problems.image_datasets.labelled_images import SIDE, LabelledImages, LoadedDataset

_MARGIN = 4
"""Blank pixels on each side of a digit, as in MNIST."""

_TEST_COUNT = 500


def fallback_digits(name: str) -> LoadedDataset:
    """Return scikit-learn's digits in place of a data set that is not available.

    They are the 1,797 of Alpaydin and Kaynak's "Optical Recognition of Handwritten Digits"
    (UCI, 1998), 8 × 8 pixels, enlarged to the 20 × 20 that MNIST's digits fill. The last 500
    are the test set: they are ordered by writer, so most of its writers are not in the
    training set.

    Parameters
    ----------
    name : str
        Name of the data set that was requested.
    """
    train, test = _digits()
    return LoadedDataset(
        train,
        test,
        classes=tuple("0123456789"),
        source="1,797 digits of scikit-learn",
        is_fallback=True,
        remark=(
            f"{name} is not on this machine: these are 1,797 digits of scikit-learn, enlarged "
            "from 8 × 8 pixels."
        ),
    )


@cache
def _digits() -> tuple[LabelledImages, LabelledImages]:
    # Importing scikit-learn takes a second, and is rarely needed.
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
