"""What is learned: problems, the samples they give, and the registries they draw from."""

from playground.problems.clouds import CLOUDS, Cloud, cloud
from playground.problems.features import FEATURES
from playground.problems.gates import CUSTOM, Gates
from playground.problems.point_set import MOST_POINTS, PointSet
from playground.problems.points import OWN, Points
from playground.problems.problem import FeatureMap, Plane, Problem, Samples, Split
from playground.problems.snapshot import Snapshot
from playground.problems.table import columns, read_points, write_points
from playground.problems.truth import GATES

__all__ = [
    "CLOUDS",
    "CUSTOM",
    "FEATURES",
    "GATES",
    "MOST_POINTS",
    "OWN",
    "Cloud",
    "FeatureMap",
    "Gates",
    "Plane",
    "PointSet",
    "Points",
    "Problem",
    "Samples",
    "Snapshot",
    "Split",
    "cloud",
    "columns",
    "read_points",
    "write_points",
]
