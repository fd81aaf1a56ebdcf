"""Small sets of pictures, and trainers that learn them, for the tests of reading."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from playground.problems.digits import Digits
from playground.problems.image_datasets import LabelledImages, LoadedDataset
from playground.training.images import ClassifierChoice, ImageTrainer, default_training

CLASSES = tuple("0123456789")


def bar_images(count: int, seed: int) -> LabelledImages:
    """Draw bars whose place tells the class, under noise."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, count)
    pictures = random.integers(0, 90, (count, 28, 28))
    for picture, label in zip(pictures, labels, strict=True):
        picture[4:24, 2 * label + 4 : 2 * label + 6] = 255
    return LabelledImages(torch.tensor(pictures, dtype=torch.uint8), torch.tensor(labels))


class BarImages(Digits):
    """Pictures that are there at once, and learned in a second."""

    def __init__(self, train: int = 600, test: int = 200, remark: str | None = None) -> None:
        super().__init__()
        self.given = LoadedDataset(
            bar_images(train, 0), bar_images(test, 1), CLASSES, "drawn", False, remark
        )

    @property
    def images(self) -> LoadedDataset | None:
        return self.given


def small_cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 4, 5),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(3),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(256, 10),
    )


def make_image_trainer(
    classifier: ClassifierChoice = "softmax", problem: Digits | None = None, **choices: object
):
    """Make a trainer; choices are parameters of the training."""
    training = default_training(**{"batch_size": 50, "schedule": "constant", **choices})
    return ImageTrainer(problem or BarImages(), classifier, training, threads=1)
