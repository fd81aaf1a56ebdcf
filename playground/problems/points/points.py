"""The problem of points in the plane: a generated cloud, or the user's own points."""

from __future__ import annotations

from functools import partial

import numpy as np
import param

from playground.problems.latest_result import LatestResult
from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.clouds import CLOUDS
from playground.problems.points.features import FEATURES
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import (
    PointSnapshot,
    default_class_names,
    even_split_keys,
    exact_split_keys,
)
from playground.problems.problem import FeatureMap, Plane, Problem, Split
from playground.seeds import MAX_SEED, next_seed

OWN = "your own"
EXACT = "exact"
"""The mark of links and runs whose points are split exactly; see `Points.split_mark`."""


class Points(Problem):
    """Points in the plane, to be classified, or to be given a value in regression.

    Attributes
    ----------
    own : PointSet
        The points used when `shape` is "your own"; they can be edited at any time.
    """

    shape: param.Selector[str] = param.Selector(
        default="circle",
        objects=[*CLOUDS, OWN],
        label="Shape",
        doc="The shape of the data set; 'your own' is what you paint or upload.",
    )
    count = param.Integer(
        250, bounds=(10, 2000), label="Points", doc="Number of training and test points together."
    )
    noise = param.Number(
        0.1,
        bounds=(0, 0.5),
        step=0.05,
        label="Noise",
        doc="Strength of the noise: 0 is none, 0.5 is half the radius of the shape.",
    )
    classes_count = param.Integer(
        3,
        bounds=(2, 6),
        label="Classes",
        doc="Number of classes, for shapes that allow more than two.",
    )
    train_ratio = param.Number(
        0.5,
        bounds=(0.1, 0.9),
        step=0.05,
        label="Share to learn from",
        doc="The share of training points; the rest are test points.",
    )
    seed = param.Integer(
        0, bounds=(0, MAX_SEED), label="Seed", doc="Equal seeds give equal points."
    )

    def __init__(self, own: PointSet | None = None, **params: object) -> None:
        self.own = own if own is not None else PointSet()
        self._cloud_snapshot: LatestResult[PointSnapshot] = LatestResult()
        self._split: LatestResult[Split] = LatestResult()
        self._split_of_before: tuple[str, int, float] | None = None
        super().__init__(**params)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the two coordinates."""
        return ("x", "y")

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes of the shape or of the user's own points."""
        if self.shape == OWN:
            return self.own.names
        return default_class_names(CLOUDS[self.shape].clamp_classes(self.classes_count))

    @property
    def plane(self) -> Plane:
        """The whole plane, from -6 to 6; points of a table are shown in its units."""
        units = self.own.units if self.shape == OWN else None
        return Plane(
            (0, 1),
            low=-PLANE_EDGE,
            high=PLANE_EDGE,
            pins=(0.0, 0.0),
            units=() if units is None else units.axes,
        )

    @property
    def features(self) -> FeatureMap:
        """All entries of `FEATURES`."""
        return FEATURES

    @property
    def remark(self) -> str | None:
        """A sentence if there are no training points or only one class, else None."""
        points, train = self.snapshot(), self.samples().train
        if len(train) == 0:
            return "There are no points to learn from yet: add some, or learn from a larger share."
        if not points.regression and (train.y == train.y[0]).all():
            only = points.names[int(train.y[0])]
            return f"All points to learn from are of class {only}: there is nothing to tell apart."
        return None

    def samples(self) -> Split:
        """Return training and test points, split by `train_ratio`."""
        points = self.snapshot()
        ratio = self.train_ratio
        return self._split.get((points, ratio), lambda: points.split(ratio))

    def snapshot(self) -> PointSnapshot:
        """Return all current points; the same object while nothing changes."""
        if self.shape == OWN:
            return self.own.snapshot()
        exact = self._split_key != self._split_of_before
        key = self.shape, self.count, self.noise, len(self.classes), self.seed, exact
        return self._cloud_snapshot.get(key, lambda: _cloud_snapshot(*key))

    @property
    def split_mark(self) -> str:
        """How the points of a shape are split, for links and runs; it can be set.

        Earlier versions learned from up to two points more or fewer than `train_ratio` of them.
        "exact" if that would have been so here, and is not; "" if the training points are those
        of earlier versions. If set to "", they are until another shape, number or share is chosen.
        """
        if self.shape == OWN or self._split_key == self._split_of_before:
            return ""
        counts = [
            int((keys(self.count) < self.train_ratio).sum())
            for keys in (partial(even_split_keys, 0), exact_split_keys)
        ]
        return EXACT if counts[0] != counts[1] else ""

    @split_mark.setter
    def split_mark(self, mark: str) -> None:
        self._split_of_before = None if mark == EXACT else self._split_key

    @property
    def _split_key(self) -> tuple[str, int, float]:
        return self.shape, self.count, self.train_ratio

    def adopt(self, points: PointSet | None = None) -> None:
        """Replace the user's own points, and set `shape` to them.

        Parameters
        ----------
        points : PointSet, optional
            The points to copy, such as those of an uploaded table. If left out, the current
            ones, each of which stays a training or a test point.
        """
        if points is not None:
            self.own.units = points.units
        elif self.shape != OWN:
            self.own.units = None
        self.own.replace_all(self.snapshot() if points is None else points.snapshot())
        self.shape = OWN

    def regenerate(self) -> None:
        """Draw other points of the same shape, by increasing the seed by 1."""
        self.seed = next_seed(self.seed)


def _cloud_snapshot(
    shape: str, count: int, noise: float, classes: int, seed: int, exact: bool
) -> PointSnapshot:
    """Return points of a cloud in random order, with every class split evenly."""
    rng = np.random.default_rng(seed)
    x, y = CLOUDS[shape](rng, count, noise, classes)
    order = rng.permutation(count)
    targets = y[order].astype(np.int64) if classes else y[order].astype(np.float32)
    keys = exact_split_keys(count) if exact else even_split_keys(0, count)
    return PointSnapshot(
        x[order].astype(np.float32),
        targets,
        keys[order],
        default_class_names(classes),
    )
