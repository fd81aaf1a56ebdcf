"""Points of a person's own, made of arrays."""

from __future__ import annotations

from playground.problems import PointSet
from playground.problems.points.point_snapshot import empty_snapshot
from playground.problems.problem import Samples


def point_set_of(samples: Samples) -> PointSet:
    """Return samples with two inputs as points that can be edited; a float `y` means regression."""
    points = PointSet(empty_snapshot(regression=samples.y.dtype.kind == "f"))
    points.add(samples.x, samples.y)
    return points
