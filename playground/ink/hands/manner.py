"""What a hand does to every shape: slant, proportion, tremor, haste."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.ink.hands.pen import Many, Path, Pen

SELDOM = 4  # of so many points a slow device reports one


def written(pen: Pen, paths: Sequence[Path]) -> list[Path]:
    """
    Give each hand's strokes its own manner.

    Parameters
    ----------
    pen : Pen
        The hands that drew.
    paths : sequence of float array (hands, points, 2)
        Strokes as a shape draws them.

    Returns
    -------
    list of float array (hands, points, 2)
        The same strokes, rounded, trembling, warped, slanted and turned.
    """
    haste = pen.either(0.5, 0.0, pen.between(0.0, 1.0))
    hooked = [_hooked(pen, path) for path in paths]
    tremor = pen.either(0.7, pen.between(0.0, 0.008), pen.between(0.005, 0.02))
    slip = pen.either(0.8, 0.012, 0.035)
    sparse = pen.either(0.1, 1.0, 0.0)
    bent = [_trembling(pen, _rounded(_sparse(path, sparse), haste), tremor) for path in hooked]
    slipped = [path + slip[:, None, None] * _noise(pen, 1) for path in bent]
    warp, turn = _warp(pen), _turn(pen)
    return [_warped(path, warp) @ turn for path in slipped]


def _noise(pen: Pen, points: int) -> Path:
    return np.clip(pen.rng.normal(size=(pen.hands, points, 2)), -2.5, 2.5)


def _hooked(pen: Pen, path: Path) -> Path:
    """Add the tick with which a pen touches down or leaves, in some hands."""
    tick = pen.either(0.7, 0.0, pen.between(0.0, 0.07))[:, None, None]
    start, end = (path[:, at] + tick * _noise(pen, 1) for at in ([0], [-1]))
    return np.concatenate([start, np.broadcast_to(path, (pen.hands, *path.shape[1:])), end], axis=1)


def _rounded(path: Path, haste: Many) -> Path:
    """Cut corners, as a fast pen does; the ends stay."""
    soft = path.copy()
    for _ in range(3):
        soft[:, 1:-1] = (soft[:, :-2] + 2 * soft[:, 1:-1] + soft[:, 2:]) / 4
    return path + haste[:, None, None] * (soft - path)


def _sparse(path: Path, sparse: Many) -> Path:
    """Keep few points, with straight lines between them, as from a device that reports seldom."""
    points = np.arange(path.shape[1])
    before = points // SELDOM * SELDOM
    after = np.minimum(before + SELDOM, points[-1])
    share = (points - before) / np.maximum(after - before, 1)
    coarse: Path = path[:, before] + share[:, None] * (path[:, after] - path[:, before])
    return path + sparse[:, None, None] * (coarse - path)


def _trembling(pen: Pen, path: Path, tremor: Many) -> Path:
    """Add a wobble with a few swings along the stroke."""
    points = path.shape[1]
    along = np.linspace(0, 1, points)[:, None]
    swings = np.arange(1, 7)
    waves = np.concatenate([np.sin(np.pi * swings * along), np.cos(np.pi * swings * along)], 1)
    wobble: Path = np.einsum("pw,hwc->hpc", waves, _noise(pen, waves.shape[1]) / 2)
    return path + tremor[:, None, None] * wobble


def _warp(pen: Pen) -> Path:
    """Return small coefficients for x², xy and y² in x and in y, (hands, 3, 2)."""
    strength = pen.either(0.6, 0.07, 0.15)
    return strength[:, None, None] * _noise(pen, 3)


def _warped(path: Path, warp: Path) -> Path:
    centred = path - np.array([0.3, 0.5])
    x, y = centred[..., 0], centred[..., 1]
    terms = np.stack([x * x, x * y, y * y], axis=-1)
    warped: Path = centred + terms @ warp
    return warped


def _turn(pen: Pen) -> Path:
    """Return slant, rotation and proportion as one matrix for row vectors, (hands, 2, 2)."""
    angle = np.radians(pen.about(0.0, 6.0))
    slant = pen.about(0.14, 0.19)
    wide = np.exp(pen.about(0.0, 0.2))
    cos, sin, zero, one = np.cos(angle), np.sin(angle), np.zeros(pen.hands), np.ones(pen.hands)
    stretch = np.stack([np.stack([wide, zero], -1), np.stack([-slant, one], -1)], -2)
    turn: Path = stretch @ np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    return turn
