"""Training data of the pretrained models: MNIST, synthetic handwriting, and scribbles."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from playground.pretraining.recipes import Recipe
from playground.pretraining.soft_label_dataset import SoftLabelDataset, concatenated
from playground.pretraining.synthetic_handwriting import digit_pictures, non_digit_pictures
from playground.problems.image_datasets.labelled_images import LabelledImages

DIGITS = 10
HELD_OUT_SEED = 2**31 - 1
"""The seed of the synthetic handwriting that models are only tested on."""


def labelled_set(pictures: Tensor, labels: Tensor, smoothing: float = 0.0) -> SoftLabelDataset:
    """Make a pool of pictures and their digits, int64 (n,)."""
    one_hot = functional.one_hot(labels, DIGITS).float()
    return SoftLabelDataset(pictures, one_hot * (1 - smoothing) + smoothing / DIGITS)


def synthetic_set(count: int, seed: int, smoothing: float = 0.0) -> SoftLabelDataset:
    """Make a set of digits in synthetic handwriting."""
    pictures, labels = digit_pictures(count, seed)
    return labelled_set(torch.from_numpy(pictures), torch.from_numpy(labels), smoothing)


def scribble_set(count: int, seed: int) -> SoftLabelDataset:
    """Have scribbles made, which might as well be any digit."""
    pictures = torch.from_numpy(non_digit_pictures(count, seed))
    return SoftLabelDataset(pictures, torch.full((count, DIGITS), 1 / DIGITS))


def training_set(recipe: Recipe, seed: int, mnist: LabelledImages) -> SoftLabelDataset:
    """Join MNIST's training pictures with the synthetic ones that a recipe calls for."""
    datasets = [labelled_set(mnist.pictures, mnist.labels, recipe.smoothing)]
    if recipe.hands:
        datasets.append(synthetic_set(recipe.hands, seed, recipe.smoothing))
    if recipe.scribbles:
        datasets.append(scribble_set(recipe.scribbles, seed))
    return concatenated(datasets)
