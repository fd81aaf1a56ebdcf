"""Problems: gates, points, tables and digits, their samples, and their registries."""

from playground.problems.gates import CUSTOM, Gates
from playground.problems.points.clouds import CLOUDS, Cloud, cloud
from playground.problems.points.features import FEATURES
from playground.problems.points.point_set import MAX_POINTS, PointSet
from playground.problems.points.point_snapshot import PointSnapshot
from playground.problems.points.points import OWN, Points
from playground.problems.problem import FeatureMap, Plane, Problem, Samples, Split
from playground.problems.tables.csv.points_csv import column_names, read_points, write_points
from playground.problems.truth_tables import GATES

__all__ = [
    "CLOUDS",
    "CUSTOM",
    "FEATURES",
    "GATES",
    "MAX_POINTS",
    "OWN",
    "Cloud",
    "FeatureMap",
    "Gates",
    "Plane",
    "PointSet",
    "PointSnapshot",
    "Points",
    "Problem",
    "Samples",
    "Split",
    "cloud",
    "column_names",
    "read_points",
    "write_points",
]
