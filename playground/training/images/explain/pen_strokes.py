"""Pen strokes on a picture: drawn as a function that can be differentiated, and proposed."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from playground.problems.problem import Floats
from playground.training.images.frame import Pixels

SIDE = 28
INK = 0.5
"""Darkness from which a pixel counts as ink."""
EDGE_WIDTH = 0.35
"""How softly a stroke's edge fades, in pixels; MNIST's edges are about a pixel wide."""
RADII = (1.2, 2.2)
"""Pixels: the thinnest and the widest pen."""
ERASER_MARGIN = 1.2
"""Pixels by which an eraser is wider than the pen, so that no grey edge remains."""
INK_POINTS = 14
"""Ends of proposed strokes on the ink, as far from each other as possible."""
LONGEST_LINE, LONGEST_ERASURE = 18.0, 14.0
"""Pixels. A proposed change is small; larger ones consist of several strokes."""
SHORTEST_LINE = 4.0

_POSITIONS = torch.linspace(0, 1, 24)
_BEZIER = torch.stack(
    [(1 - _POSITIONS) ** 2, 2 * _POSITIONS * (1 - _POSITIONS), _POSITIONS**2]
)  # of shape (3, 24)
_PIXELS = torch.cartesian_prod(torch.arange(SIDE), torch.arange(SIDE)).float()


def draw_strokes(controls: Tensor, radii: Tensor) -> Tensor:
    """Rasterise quadratic Bézier curves; gradients reach their control points.

    Parameters
    ----------
    controls : float32 Tensor of shape (n, 3, 2)
        Control points, row before column, in pixels.
    radii : float32 Tensor of shape (n,)

    Returns
    -------
    float32 Tensor of shape (n, 28, 28)
        From 0 to 1: how much of each pixel the stroke covers.
    """
    points = torch.einsum("nkd,kp->npd", controls, _BEZIER)
    distances = torch.cdist(points, _PIXELS.expand(len(points), -1, -1)).amin(1)
    return torch.sigmoid((radii[:, None] - distances) / EDGE_WIDTH).reshape(-1, SIDE, SIDE)


def apply_strokes(ink: Tensor, covered: Tensor, erases: Tensor) -> Tensor:
    """Draw on a picture, or erase from it.

    Parameters
    ----------
    ink : float32 Tensor of shape (28, 28)
        From 0, paper, to 1.
    covered : float32 Tensor of shape (n, 28, 28)
        As returned by `draw_strokes`.
    erases : bool Tensor of shape (n,)

    Returns
    -------
    float32 Tensor of shape (n, 28, 28)
    """
    return torch.where(erases[:, None, None], ink * (1 - covered), torch.maximum(ink, covered))


def pen_radius(picture: Pixels) -> float:
    """Estimate half the width of a picture's lines, in pixels."""
    depths = ndimage.distance_transform_edt(np.pad(picture >= 255 * INK, 1))
    ridge = depths[(depths > 0) & (depths == ndimage.maximum_filter(depths, 3))]
    return float(np.clip(np.median(ridge) if len(ridge) else 1.5, *RADII))


def stroke_radii(picture: Pixels, erases: Tensor) -> Tensor:
    """Return the radius of each stroke: the pen's, or the eraser's."""
    radius = pen_radius(picture)
    return torch.where(erases, radius + ERASER_MARGIN, radius)


def propose_lines(picture: Pixels, *, closing: bool = False) -> Tensor:
    """Return straight lines that a person may add: from ink to ink or to the paper around it.

    Parameters
    ----------
    picture : uint8 array of shape (28, 28)
    closing : bool
        Return only lines across a gap, from ink to ink.

    Returns
    -------
    float32 Tensor of shape (n, 3, 2)
        Control points of straight strokes, for `draw_strokes`.
    """
    on_ink = _spread_points(picture)
    others = on_ink if closing else np.concatenate([on_ink, _points_around(picture)])
    starts = on_ink if len(on_ink) else others
    starts, ends = _pairs(starts, others)
    length, share = _lengths(starts, ends), _share_on_ink(picture, starts, ends)
    fits = (length >= SHORTEST_LINE) & (length <= LONGEST_LINE) & (share < INK)
    return _straight(starts[fits], ends[fits])


def propose_erasures(picture: Pixels) -> Tensor:
    """Return straight pieces of the ink, and single places on it, that a person may erase.

    Returns
    -------
    float32 Tensor of shape (n, 3, 2)
    """
    on_ink = _spread_points(picture)
    starts, ends = _pairs(on_ink, on_ink)
    fits = _lengths(starts, ends) <= LONGEST_ERASURE
    fits &= _share_on_ink(picture, starts, ends) > 0.7
    return torch.cat([_straight(starts[fits], ends[fits]), _straight(on_ink, on_ink)])


def _spread_points(picture: Pixels) -> Floats:
    """Return points on the ink, each as far as possible from those before (Gonzalez 1985)."""
    ink = np.argwhere(picture >= 255 * INK).astype(np.float32)
    if not len(ink):
        return ink
    chosen = [0]
    distance = _lengths(ink, ink[:1])
    while len(chosen) < INK_POINTS and distance.max() > 1:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, _lengths(ink, ink[chosen[-1:]]))
    points: Floats = ink[chosen]
    return points


def _points_around(picture: Pixels) -> Floats:
    """Return a grid of points over the ink and the paper close to it."""
    ink = np.argwhere(picture >= 255 * INK)
    low, high = (ink.min(0), ink.max(0)) if len(ink) else (np.full(2, 13), np.full(2, 14))
    margin = np.maximum(2, (SIDE // 2 - (high - low)) // 2)  # a one has paper beside it
    low, high = np.maximum(low - margin, 4), np.minimum(high + margin, SIDE - 5)
    rows, columns = np.linspace(low[0], high[0], 5), np.linspace(low[1], high[1], 4)
    grid: Floats = np.stack(np.meshgrid(rows, columns), -1).reshape(-1, 2).astype(np.float32)
    return grid


def _pairs(starts: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Return each pair once, where `ends` begins with `starts`."""
    first, second = np.triu_indices(len(starts), 1, len(ends))
    return starts[first], ends[second]


def _lengths(starts: Floats, ends: Floats) -> Floats:
    lengths: Floats = np.hypot(*(starts - ends).T)
    return lengths


def _share_on_ink(picture: Pixels, starts: Floats, ends: Floats) -> Floats:
    """Return the share of each line that runs over ink."""
    along = np.linspace(0, 1, 12, dtype=np.float32)[:, None, None]
    rows, columns = np.moveaxis((starts + along * (ends - starts)).round().astype(int), -1, 0)
    share: Floats = (picture[rows, columns] > 0.3 * 255).mean(0)
    return share


def _straight(starts: Floats, ends: Floats) -> Tensor:
    return torch.from_numpy(np.stack([starts, (starts + ends) / 2, ends], 1))
