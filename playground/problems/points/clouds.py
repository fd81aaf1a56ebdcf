"""The point clouds: a new one is one function here.

After the data sets of TensorFlow Playground (Smilkov and Carter, 2016) and scikit-learn, written
anew. A generator draws the same random numbers at every noise level, so that points only shift
a little when the noise is increased.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from playground.problems.array_types import Doubles
from playground.problems.points.cloud_registry import (
    CLOUDS,
    PLANE_EDGE,
    Cloud,
    Targets,
    cloud,
)

__all__ = ["CLOUDS", "Cloud", "cloud"]

Ints = npt.NDArray[np.int64]

RADIUS = 5.0  # largest distance from the centre in most clouds
AXIS_GAP = 0.3  # distance of the exclusive-or cloud from the axes


@cloud("circle")
def circle(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Disc inside a ring: no straight line can part them."""
    inside = _class_numbers(count, classes) == 1
    near, far = rng.uniform(0, 0.5, count), rng.uniform(0.7, 1, count)
    x = _polar(RADIUS * np.where(inside, near, far), rng.uniform(0, 2 * np.pi, count))
    noisy = x + noise * _uniform_square(rng, count, RADIUS)
    return x, (np.hypot(*noisy.T) < RADIUS / 2).astype(np.int64)


@cloud("exclusive or")
def exclusive_or(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Four quadrants, those on a diagonal alike: XOR with in-between values."""
    x = _uniform_square(rng, count, RADIUS)
    x += np.where(x > 0, AXIS_GAP, -AXIS_GAP)
    noisy = x + noise * _uniform_square(rng, count, RADIUS)
    return x, (noisy[:, 0] * noisy[:, 1] < 0).astype(np.int64)


@cloud("two Gaussians")
def two_gaussians(
    rng: Generator, count: int, noise: float, classes: int
) -> tuple[Doubles, Targets]:
    """Two round heaps: a single straight line is enough."""
    centres = np.array([[-2.0, -2.0], [2.0, 2.0]])
    return _gaussians(rng, _class_numbers(count, classes), centres, noise)


@cloud("spiral")
def spiral(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Two arms wound around each other: the shape that is hardest to learn."""
    return _arms(rng, _class_numbers(count, classes), noise, start=0.0, turns=1.75)


@cloud("moons")
def moons(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Two half-moons that reach into each other."""
    y = _class_numbers(count, classes)
    angle = np.pi * (rng.uniform(size=count) - y)
    x = 3 * (_polar(1.0, angle) + np.where(y[:, None] == 1, [0.5, 0.25], [-0.5, -0.25]))
    return x + noise * 3 * rng.normal(size=(count, 2)), y


@cloud("arms", classes=(2, 6))
def arms(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """One arm of a galaxy for each class."""
    return _arms(rng, _class_numbers(count, classes), noise, start=0.6, turns=0.75)


@cloud("blobs", classes=(2, 6))
def blobs(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """One round heap for each class, set in a ring."""
    centres = _polar(3.8, 2 * np.pi * np.arange(classes) / classes)
    return _gaussians(rng, _class_numbers(count, classes), centres, noise)


@cloud("above sine")
def above_sine(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Above or below a wave."""
    return _above_curve(rng, count, noise, lambda x: 2 * np.sin(x))


@cloud("above cubic")
def above_cubic(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Above or below a cubic curve, which turns twice."""
    return _above_curve(rng, count, noise, lambda x: x**3 / 10 - 1.5 * x)


@cloud("above |x|")
def above_corner(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Above or below a corner, the one shape that two ReLUs draw exactly."""
    return _above_curve(rng, count, noise, lambda x: np.abs(x) - RADIUS / 2)


@cloud("plane", classes=None)
def plane(rng: Generator, count: int, noise: float, classes: int) -> tuple[Doubles, Targets]:
    """Values that rise steadily along the diagonal."""
    x = _uniform_square(rng, count, PLANE_EDGE)
    noisy = x + noise * _uniform_square(rng, count, PLANE_EDGE)
    return x, np.clip(noisy.sum(axis=1) / (2 * PLANE_EDGE), -1, 1)


@cloud("multi-Gaussian", classes=None)
def multi_gaussian(
    rng: Generator, count: int, noise: float, classes: int
) -> tuple[Doubles, Targets]:
    """Three hills and three hollows: the sum of six Gaussian bumps."""
    centres = np.array([(x, y) for y in (2.5, -2.5) for x in (-4, 0, 4)])
    heights = np.array([1, -1, 1, -1, 1, -1])
    x = _uniform_square(rng, count, PLANE_EDGE)
    noisy = x + noise * _uniform_square(rng, count, PLANE_EDGE)
    squares = np.square(noisy[:, None] - centres).sum(axis=2)
    return x, np.clip(np.exp(-squares / 2) @ heights, -1, 1)


def _class_numbers(count: int, classes: int) -> Ints:
    """Return class numbers in ascending order, with classes of equal size (±1)."""
    return np.arange(count) * classes // count


def _uniform_square(rng: Generator, count: int, reach: float) -> Doubles:
    return rng.uniform(-reach, reach, (count, 2))


def _polar(radius: Doubles | float, angle: Doubles) -> Doubles:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _gaussians(rng: Generator, y: Ints, centres: Doubles, noise: float) -> tuple[Doubles, Targets]:
    """Return Gaussians around the centre of each class, of variance 0.5 to 4."""
    spread = np.sqrt(0.5 + 7 * noise)
    return centres[y] + spread * rng.normal(size=(len(y), 2)), y


def _arms(
    rng: Generator, y: Ints, noise: float, start: float, turns: float
) -> tuple[Doubles, Targets]:
    """Return spiral arms from radius `start` on, one point in each equal section."""
    classes = y[-1] + 1
    stretch = classes / len(y)
    along = np.arange(len(y)) * stretch % 1 + stretch * rng.uniform(size=len(y))
    along = np.minimum(along, 1)  # if count is no multiple of classes
    angle = 2 * np.pi * (turns * along + y / classes)
    x = _polar(start + (RADIUS - start) * along, angle)
    return x + noise * _uniform_square(rng, len(y), 1.0), y


def _above_curve(
    rng: Generator, count: int, noise: float, curve: Callable[[Doubles], Doubles]
) -> tuple[Doubles, Targets]:
    x = _uniform_square(rng, count, RADIUS)
    noisy = x + noise * _uniform_square(rng, count, RADIUS)
    return x, (noisy[:, 1] > curve(noisy[:, 0])).astype(np.int64)
