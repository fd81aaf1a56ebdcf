"""Ink on pixels against areas computed otherwise."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from playground.ink.raster import batch_coverage
from playground.ink.segments import Segments


def coverage(lines: list[np.ndarray], width: float, side: int, oversampling: int = 4) -> np.ndarray:
    """Return the coverage of one drawing, (side, side)."""
    return batch_coverage(Segments.of(lines), np.array([width]), side, oversampling)[0]


def count_samples(lines: list[np.ndarray], width: float, side: int, fine: int = 24) -> np.ndarray:
    """Count samples no farther than half a width from any piece: slow, and plainly right."""
    places = (np.arange(side * fine) + 0.5) / fine
    x, y = np.meshgrid(places, places)
    inside = np.zeros(x.shape, bool)
    for line in lines:
        for (ax, ay), (bx, by) in pairwise(line):
            dx, dy = bx - ax, by - ay
            t = np.clip(((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
            inside |= np.hypot(x - ax - t * dx, y - ay - t * dy) <= width / 2
    return inside.reshape(side, fine, side, fine).mean(axis=(1, 3))


@pytest.mark.parametrize("width", [1.5, 2.0, 2.8])
@pytest.mark.parametrize(("fine", "tolerance"), [(4, 0.04), (2, 0.1)])
def test_coverage_is_the_share_of_samples_inside(width: float, fine: int, tolerance: float) -> None:
    rng = np.random.default_rng(3)
    lines = [rng.uniform(2, 12, (6, 2)), rng.uniform(2, 12, (2, 2))]
    found = coverage(lines, width, 14, fine)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, count_samples(lines, width, 14), atol=tolerance)


def test_a_dot_has_the_area_of_the_pen() -> None:
    ink = coverage([np.array([[5.0, 6.0]])], 3.0, 12)
    assert ink.sum() == pytest.approx(np.pi * 1.5**2, rel=0.02)
    assert np.unravel_index(ink.argmax(), ink.shape) in [(5, 4), (5, 5), (6, 4), (6, 5)]


def test_ink_is_counted_once_where_lines_cross() -> None:
    line = np.array([[2.0, 2.0], [9.0, 10.0]])
    once = coverage([line], 2.0, 12)
    np.testing.assert_array_equal(coverage([line, line], 2.0, 12), once)
    np.testing.assert_allclose(coverage([line[::-1]], 2.0, 12), once, atol=1e-5)


def test_ink_may_leave_the_page() -> None:
    line = np.array([[-40.0, 5.0], [50.0, 5.0]])
    ink = coverage([line, np.array([[80.0, 80.0]])], 2.0, 10)
    np.testing.assert_allclose(ink, count_samples([line], 2.0, 10), atol=0.02)
    for y in np.linspace(-2.5, 12.5, 61):  # just off an edge, where nothing may be left out
        line = np.array([[-3.0, y], [1.0, y], [14.0, 10 - y]])
        ink = coverage([line], 2.0, 10)
        np.testing.assert_allclose(ink, count_samples([line], 2.0, 10, 8), atol=0.08)


def test_drawings_side_by_side_are_the_drawings_alone() -> None:
    rng = np.random.default_rng(5)
    drawings = [[rng.uniform(1, 11, (5, 2))] for _ in range(3)]
    alone = [Segments.of(lines) for lines in drawings]
    widths = np.array([1.5, 2.0, 2.0])
    together = batch_coverage(
        Segments(
            np.concatenate([one.starts for one in alone]),
            np.concatenate([one.ends for one in alone]),
            np.repeat(np.arange(3), [len(one.starts) for one in alone]),
        ),
        widths,
        12,
    )
    for picture, lines, width in zip(together, drawings, widths, strict=True):
        np.testing.assert_allclose(picture, coverage(lines, width, 12, 2), atol=1e-4)
