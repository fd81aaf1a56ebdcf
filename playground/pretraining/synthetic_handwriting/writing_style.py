"""Writing styles: slant, proportions, tremor and rounded corners, applied to any shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.pretraining.synthetic_handwriting.random_pen import PenPath, PerWriter, RandomPen

SPARSE_STEP = 4  # a slow device reports one of this many points


def apply_style(pen: RandomPen, paths: Sequence[PenPath]) -> list[PenPath]:
    """
    Apply a random writing style of each writer to its strokes.

    Parameters
    ----------
    pen : RandomPen
        The writers.
    paths : sequence of float array (writers, points, 2)
        Strokes as drawn by a shape.

    Returns
    -------
    list of float array (writers, points + 2, 2)
        The strokes with hooks, rounded corners, tremor, warp, slant and rotation.
    """
    haste = pen.choose(0.5, 0.0, pen.uniform(0.0, 1.0))
    hooked = [_add_hooks(pen, path) for path in paths]
    tremor = pen.choose(0.7, pen.uniform(0.0, 0.008), pen.uniform(0.005, 0.02))
    stroke_offset = pen.choose(0.8, 0.012, 0.035)
    sparse = pen.choose(0.1, 1.0, 0.0)
    bent = [
        _add_tremor(pen, _round_corners(_keep_few_points(path, sparse), haste), tremor)
        for path in hooked
    ]
    slipped = [path + stroke_offset[:, None, None] * _noise(pen, 1) for path in bent]
    warp, affine = _warp_coefficients(pen), _affine_matrix(pen)
    return [_apply_warp(path, warp) @ affine for path in slipped]


def _noise(pen: RandomPen, points: int) -> PenPath:
    return np.clip(pen.rng.normal(size=(pen.writers, points, 2)), -2.5, 2.5)


def _add_hooks(pen: RandomPen, path: PenPath) -> PenPath:
    """Add a hook at the start and the end of the stroke, for some writers."""
    tick = pen.choose(0.7, 0.0, pen.uniform(0.0, 0.07))[:, None, None]
    start, end = (path[:, at] + tick * _noise(pen, 1) for at in ([0], [-1]))
    return np.concatenate(
        [start, np.broadcast_to(path, (pen.writers, *path.shape[1:])), end], axis=1
    )


def _round_corners(path: PenPath, haste: PerWriter) -> PenPath:
    """Round the corners, as in fast writing; the end points stay."""
    soft = path.copy()
    for _ in range(3):
        soft[:, 1:-1] = (soft[:, :-2] + 2 * soft[:, 1:-1] + soft[:, 2:]) / 4
    return path + haste[:, None, None] * (soft - path)


def _keep_few_points(path: PenPath, sparse: PerWriter) -> PenPath:
    """Replace points by straight lines, as from a device with a low sampling rate."""
    points = np.arange(path.shape[1])
    before = points // SPARSE_STEP * SPARSE_STEP
    after = np.minimum(before + SPARSE_STEP, points[-1])
    share = (points - before) / np.maximum(after - before, 1)
    coarse: PenPath = path[:, before] + share[:, None] * (path[:, after] - path[:, before])
    return path + sparse[:, None, None] * (coarse - path)


def _add_tremor(pen: RandomPen, path: PenPath, tremor: PerWriter) -> PenPath:
    """Add a random low-frequency displacement along the stroke."""
    points = path.shape[1]
    along = np.linspace(0, 1, points)[:, None]
    swings = np.arange(1, 7)
    waves = np.concatenate([np.sin(np.pi * swings * along), np.cos(np.pi * swings * along)], 1)
    wobble: PenPath = np.einsum("pw,hwc->hpc", waves, _noise(pen, waves.shape[1]) / 2)
    return path + tremor[:, None, None] * wobble


def _warp_coefficients(pen: RandomPen) -> PenPath:
    """Return random coefficients of x², xy and y² for x and y, (writers, 3, 2)."""
    strength = pen.choose(0.6, 0.07, 0.15)
    return strength[:, None, None] * _noise(pen, 3)


def _apply_warp(path: PenPath, warp: PenPath) -> PenPath:
    centred = path - np.array([0.3, 0.5])
    x, y = centred[..., 0], centred[..., 1]
    terms = np.stack([x * x, x * y, y * y], axis=-1)
    warped: PenPath = centred + terms @ warp
    return warped


def _affine_matrix(pen: RandomPen) -> PenPath:
    """Return slant, rotation and proportion as one matrix for row vectors, (writers, 2, 2)."""
    angle = np.radians(pen.normal(0.0, 6.0))
    slant = pen.normal(0.14, 0.19)
    wide = np.exp(pen.normal(0.0, 0.2))
    cos, sin, zero, one = np.cos(angle), np.sin(angle), np.zeros(pen.writers), np.ones(pen.writers)
    stretch = np.stack([np.stack([wide, zero], -1), np.stack([-slant, one], -1)], -2)
    affine: PenPath = stretch @ np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    return affine
