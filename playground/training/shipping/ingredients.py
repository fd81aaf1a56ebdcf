"""What shipped readers learn from: MNIST, digits in many hands, and scribbles."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from playground.ink.hands import pages, scribbles
from playground.problems.corpora.images import Labelled
from playground.training.recipes import Recipe
from playground.training.shipping.pool import Pool, joined

DIGITS = 10
HELD_OUT_SEED = 2**31 - 1
"""The seed of the hands that readers are only examined with."""


def labelled(pictures: Tensor, labels: Tensor, smoothing: float = 0.0) -> Pool:
    """Make a pool of pictures and their digits, int64 (n,)."""
    sure = functional.one_hot(labels, DIGITS).float()
    return Pool(pictures, sure * (1 - smoothing) + smoothing / DIGITS)


def handwritten(count: int, seed: int, smoothing: float = 0.0) -> Pool:
    """Have digits written in many hands."""
    pictures, labels = pages(count, seed)
    return labelled(torch.from_numpy(pictures), torch.from_numpy(labels), smoothing)


def meaningless(count: int, seed: int) -> Pool:
    """Have scribbles made, which might as well be any digit."""
    pictures = torch.from_numpy(scribbles(count, seed))
    return Pool(pictures, torch.full((count, DIGITS), 1 / DIGITS))


def gathered(recipe: Recipe, seed: int, mnist: Labelled) -> Pool:
    """Put together all that a recipe asks for, around MNIST's training pictures."""
    pools = [labelled(mnist.pictures, mnist.labels, recipe.smoothing)]
    if recipe.hands:
        pools.append(handwritten(recipe.hands, seed, recipe.smoothing))
    if recipe.scribbles:
        pools.append(meaningless(recipe.scribbles, seed))
    return joined(pools)
