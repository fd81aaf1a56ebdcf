"""New versions of pictures: shifted, turned, stretched, bent, with thicker or thinner strokes.

A network that has seen many versions of each picture reads hands it has never seen. The recipe
is that of Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied
to visual document analysis" (2003): affine and elastic distortions, here both at once, as one
displacement of all pixels that is linear in its coefficients.
"""

from __future__ import annotations

import math

import param
import torch
from torch import Tensor
from torch.nn import functional

from playground.training.images.augmentation.elastic_deformation import (
    CONTROL_POINTS,
    sampling_grid,
)
from playground.training.images.augmentation.stroke_width import change_stroke_width

_UNIFORMS = 7
"""How many uniform numbers a picture's shift, turn, scale, stretch, shear and width take."""


class Augmentation(param.Parameterized):
    """How far new versions of a picture may be from it; 0 switches a distortion off.

    Each version is drawn evenly between the given limits, in both directions. Distances are in
    pixels of pictures that are 28 × 28.
    """

    shift = param.Number(
        1.5, bounds=(0, 6), step=0.5, label="Shift", doc="Pixels to any of the four sides."
    )
    rotate = param.Number(
        10, bounds=(0, 45), step=1, label="Turn", doc="Degrees, to the left or to the right."
    )
    scale = param.Number(
        0.1, bounds=(0, 0.5), step=0.05, label="Size", doc="0.1: up to 10 % larger or smaller."
    )
    stretch = param.Number(
        0.1,
        bounds=(0, 0.5),
        step=0.05,
        label="Proportions",
        doc="0.1: the ratio of width to height changes by up to 10 %.",
    )
    shear = param.Number(
        10, bounds=(0, 40), step=1, label="Slant", doc="Degrees that upright strokes lean."
    )
    elastic = param.Number(
        0.7,
        bounds=(0, 2),
        step=0.1,
        label="Bend",
        doc="Elastic distortion: pixels, root mean square, that each place strays.",
    )
    thickness = param.Number(
        0.7,
        bounds=(0, 2),
        step=0.1,
        label="Stroke width",
        doc="Pixels by which strokes become wider or narrower.",
    )
    untouched = param.Number(
        0.25,
        bounds=(0, 1),
        step=0.05,
        label="Left as they are",
        doc="The share of pictures left alone; with none, MNIST accuracy falls by a point.",
    )


def augment_images(
    pictures: Tensor, augmentation: Augmentation, generator: torch.Generator | None = None
) -> Tensor:
    """Draw a new version of each picture.

    Parameters
    ----------
    pictures : tensor of shape (n, 1, side, side), float
        From -1, paper, to 1, ink. Left as they are.
    augmentation : Augmentation
        How far a version may be from its picture.
    generator : torch.Generator, optional
        Where the chance comes from; PyTorch's own if left out. Each picture takes as many
        numbers whatever the settings are, so that with an equal seed a change of one setting
        changes nothing else about the versions.

    Returns
    -------
    tensor of shape (n, 1, side, side), float
        From -1 to 1. Beyond the edges of a picture all is paper. The share left untouched is
        equal to the bit.
    """
    n, _, side, _ = pictures.shape
    device = generator.device if generator else pictures.device
    uniform = torch.rand(n, _UNIFORMS + 1, generator=generator, device=device)
    offsets = torch.randn(n, 2, CONTROL_POINTS, generator=generator, device=device)
    uniform, offsets = uniform.to(pictures), offsets.to(pictures)
    selected = (uniform[:, 0] >= augmentation.untouched).nonzero()[:, 0]
    moves = 2 * uniform[selected, 1:] - 1
    ink = pictures[selected] + 1
    if augmentation.thickness:
        ink = change_stroke_width(ink, augmentation.thickness * moves[:, -1])
    linear, shift = _affine(moves, augmentation)
    grid = sampling_grid(linear, shift, augmentation.elastic * offsets[selected], side)
    moved = functional.grid_sample(ink, grid, padding_mode="zeros", align_corners=False)
    return pictures.index_copy(0, selected, moved - 1)


def _affine(moves: Tensor, limits: Augmentation) -> tuple[Tensor, Tensor]:
    """Where a version's places lie in its picture, for numbers (n, 7) from -1 to 1.

    Returns
    -------
    linear : tensor of shape (n, 2, 2)
        Turn · slant · size: from offsets of a version's pixels from the middle to the picture's.
    shift : tensor of shape (n, 2)
        How far right and down the version is moved, pixels.
    """
    right, down, turn, size, stretch, slant, _ = moves.unbind(1)
    turn = math.radians(limits.rotate) * turn
    slant = torch.tan(math.radians(limits.shear) * slant)
    size = math.log1p(limits.scale) * size
    stretch = math.log1p(limits.stretch) / 2 * stretch
    wide, high = torch.exp(size + stretch), torch.exp(size - stretch)
    cos, sin = torch.cos(turn), torch.sin(turn)
    upper = cos * wide, (cos * slant - sin) * high
    lower = sin * wide, (sin * slant + cos) * high
    linear = torch.stack((*upper, *lower), 1)
    return linear.view(-1, 2, 2), limits.shift * torch.stack((right, down), 1)
