"""The first import path of `PointSet`."""

from playground.problems.points.point_set import PointSet

__all__ = ["PointSet"]
