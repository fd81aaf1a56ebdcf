"""Where each pixel of a distorted picture comes from: affine and elastic parts in one product."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

_KNOTS = 4
"""An elastic bend has so many control points across a picture, and three more around it.

On 28 pixels they are 7 apart: about as smooth as Simard's Gaussian of 4 pixels.
"""

CONTROL_POINTS = (_KNOTS + 3) ** 2
"""Control points of an elastic bend."""


def sampling_grid(linear: Tensor, shift: Tensor, control_offsets: Tensor, side: int) -> Tensor:
    """Tell `grid_sample` where each pixel comes from.

    Parameters
    ----------
    linear : tensor of shape (n, 2, 2)
        From offsets (right, down) in the new picture to those in the old, around the middle.
    shift : tensor of shape (n, 2)
        How far right and down the picture is moved, pixels.
    control_offsets : tensor of shape (n, 2, CONTROL_POINTS)
        Elastic displacement at the control points, pixels: independent normal numbers of
        deviation 1 displace each pixel by a normal number of deviation 1.
    side : int
        Pixels along a side.

    Returns
    -------
    tensor of shape (n, side, side, 2)
        For `align_corners=False`.
    """
    moved = -(linear @ shift[:, :, None])
    coefficients = torch.cat((linear, moved, control_offsets), 2)
    basis = _basis(side).to(coefficients)
    planes = (coefficients.flatten(0, 1) @ basis).view(-1, 2, side, side)
    # Left as two planes in memory: grid_sample has a fast path for them.
    return planes.permute(0, 2, 3, 1)


@cache
def _basis(side: int) -> Tensor:
    """What each coefficient adds at each pixel, in half sides: (3 + BENDS, side²)."""
    offset = torch.arange(side) - (side - 1) / 2
    right, down = offset.expand(side, side), offset[:, None].expand(side, side)
    affine = torch.stack((right, down, torch.ones(side, side)))
    spline = _spline(side)
    control_offsets = torch.einsum("ax,by->abxy", spline, spline).reshape(
        CONTROL_POINTS, side, side
    )
    return torch.cat((affine, control_offsets)).flatten(1) * (2 / side)


def _spline(side: int) -> Tensor:
    """Cubic B-splines along a side, (_KNOTS + 3, side), square sum 1 at each pixel."""
    place = (torch.arange(side) + 0.5) * (_KNOTS / side)
    away = (place - torch.arange(-1, _KNOTS + 2)[:, None]).abs()
    near = 2 / 3 - away**2 + away**3 / 2
    far = (2 - away).clamp(min=0) ** 3 / 6
    weights = torch.where(away < 1, near, far)
    length: Tensor = torch.linalg.vector_norm(weights, dim=0)
    return weights / length
