"""Compatibility: `PointSet` was imported from here until it moved to `problems/points`."""

from playground.problems.points.point_set import PointSet

__all__ = ["PointSet"]
