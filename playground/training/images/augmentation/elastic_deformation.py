"""Sampling grids of affine and elastic distortions, computed as one matrix product."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

_KNOTS = 4
"""Intervals between control points of a deformation along a picture; 3 points are added outside.

On 28 pixels they are 7 apart: about as smooth as Simard's Gaussian of 4 pixels.
"""

CONTROL_POINTS = (_KNOTS + 3) ** 2
"""Number of control points of an elastic deformation."""


def sampling_grid(linear: Tensor, shift: Tensor, control_offsets: Tensor, side: int) -> Tensor:
    """Compute the grid for `torch.nn.functional.grid_sample`.

    Parameters
    ----------
    linear : tensor of shape (n, 2, 2)
        Maps offsets (right, down) from the centre of the new picture to those in the old one.
    shift : tensor of shape (n, 2)
        Pixels by which the picture moves to the right and down.
    control_offsets : tensor of shape (n, 2, CONTROL_POINTS)
        Displacements of the control points in pixels. If they are independent standard normal
        numbers, so is the displacement of each pixel.
    side : int
        Pixels along a side of the pictures.

    Returns
    -------
    tensor of shape (n, side, side, 2)
        For `align_corners=False`.
    """
    moved = -(linear @ shift[:, :, None])
    coefficients = torch.cat((linear, moved, control_offsets), 2)
    basis = _basis(side).to(coefficients)
    planes = (coefficients.flatten(0, 1) @ basis).view(-1, 2, side, side)
    # The planes of x and y stay contiguous: grid_sample has a fast path for them.
    return planes.permute(0, 2, 3, 1)


@cache
def _basis(side: int) -> Tensor:
    """Displacement of each pixel per unit of each coefficient, in half sides.

    Shape (3 + CONTROL_POINTS, side²).
    """
    offset = torch.arange(side) - (side - 1) / 2
    right, down = offset.expand(side, side), offset[:, None].expand(side, side)
    affine = torch.stack((right, down, torch.ones(side, side)))
    spline = _spline(side)
    elastic = torch.einsum("ax,by->abxy", spline, spline)
    elastic = elastic.reshape(CONTROL_POINTS, side, side)
    return torch.cat((affine, elastic)).flatten(1) * (2 / side)


def _spline(side: int) -> Tensor:
    """Cubic B-splines at each pixel, (_KNOTS + 3, side); their squares sum to 1."""
    position = (torch.arange(side) + 0.5) * (_KNOTS / side)
    distance = (position - torch.arange(-1, _KNOTS + 2)[:, None]).abs()
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = (2 - distance).clamp(min=0) ** 3 / 6
    weights = torch.where(distance < 1, near, far)
    length: Tensor = torch.linalg.vector_norm(weights, dim=0)
    return weights / length
