"""Training data of the pretrained classifiers: MNIST, synthetic handwriting and scribbles."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from playground.pretraining.recipes import Recipe
from playground.pretraining.soft_label_dataset import SoftLabelDataset, concatenate_datasets
from playground.pretraining.synthetic_handwriting import digit_pictures, non_digit_pictures
from playground.problems.image_datasets.labelled_images import LabelledImages

DIGITS = 10
HELD_OUT_SEED = 2**31 - 1
"""Seed of the synthetic handwriting that is used for evaluation only."""


def labelled_set(pictures: Tensor, labels: Tensor, smoothing: float = 0.0) -> SoftLabelDataset:
    """Return a data set of pictures, uint8 (n, 28, 28), and labels, int64 (n,), smoothed."""
    one_hot = functional.one_hot(labels, DIGITS).float()
    return SoftLabelDataset(pictures, one_hot * (1 - smoothing) + smoothing / DIGITS)


def synthetic_set(count: int, seed: int, smoothing: float = 0.0) -> SoftLabelDataset:
    """Return `count` digits of synthetic handwriting by many writers."""
    pictures, labels = digit_pictures(count, seed)
    return labelled_set(torch.from_numpy(pictures), torch.from_numpy(labels), smoothing)


def scribble_set(count: int, seed: int) -> SoftLabelDataset:
    """Return `count` pictures without a digit, whose targets are 0.1 for each digit."""
    pictures = torch.from_numpy(non_digit_pictures(count, seed))
    return SoftLabelDataset(pictures, torch.full((count, DIGITS), 1 / DIGITS))


def training_set(recipe: Recipe, seed: int, mnist: LabelledImages) -> SoftLabelDataset:
    """Return MNIST's training pictures with the synthetic digits and scribbles of a recipe."""
    datasets = [labelled_set(mnist.pictures, mnist.labels, recipe.smoothing)]
    if recipe.hands:
        datasets.append(synthetic_set(recipe.hands, seed, recipe.smoothing))
    if recipe.scribbles:
        datasets.append(scribble_set(recipe.scribbles, seed))
    return concatenate_datasets(datasets)
