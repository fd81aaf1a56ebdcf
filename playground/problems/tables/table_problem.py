"""The problem of a table of the user, which is drawn over any two of its inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import param

from playground.errors import InputError
from playground.problems.gate_parameters import AxisSelector, resolve_axes
from playground.problems.latest_result import LatestResult
from playground.problems.preprocessing import UNCHANGED, Preprocessing, Scaler
from playground.problems.problem import FeatureMap, Plane, Problem, Samples, Split
from playground.problems.tables.tabular_data import TabularData, read_tabular_data
from playground.problems.truth_tables import InputFeature

MAX_SEED = 2**31 - 1
MIN_ROWS_TO_SPLIT = 20
"""A table with fewer rows has no test rows by default."""
MAX_HELD_VALUE = 100.0
RANGE_QUANTILE = 0.99
"""The quantile of the numbers that sets the range of the plane, so that it ignores outliers."""

# Param's classes accept a type parameter only from version 2.4 on, so none is given here.


class HeldValues(param.List):  # type: ignore[type-arg]
    """A list of values of inputs, each from -100 to 100."""

    def _validate_value(self, value: Sequence[object], allow_None: bool) -> None:  # noqa: N803
        super()._validate_value(value, allow_None)
        for place in value:
            if not (isinstance(place, int | float) and abs(place) <= MAX_HELD_VALUE):
                raise InputError(
                    f"An input can't be held at {place!r}; choose from -{MAX_HELD_VALUE:g} to "
                    f"{MAX_HELD_VALUE:g}."
                )


@dataclass(frozen=True, slots=True, eq=False)
class _PreparedRows:
    """The rows of a table, split, and scaled by the statistics of the training rows."""

    split: Split
    preprocessing: Preprocessing
    display: Scaler
    range: tuple[float, float]
    means: npt.NDArray[np.float64]


class TableProblem(Problem):
    """A table of the user, of which one column is learned from the others.

    Inputs are standardised: 0 is the mean of the training rows, 1 a standard deviation. Inputs
    that are all 0 or 1 are given as they are. Target values are scaled so that the training rows
    reach from -1 to 1. `preprocessing` converts units; `standardise` switches it off.

    Parameters
    ----------
    data, target, regression
        See `read_tabular_data`.

    Attributes
    ----------
    data : TabularData

    Raises
    ------
    InputError
        If the data are invalid, see `read_tabular_data`, or when `held` is set to an invalid
        value.

    Examples
    --------
    >>> TableProblem(flowers, target="species", across="petal length", up="petal width")
    """

    across = AxisSelector(
        default="", objects=[], label="Across", doc="The input along the horizontal axis."
    )
    up = AxisSelector(default="", objects=[], label="Up", doc="The input along the vertical axis.")
    train_ratio = param.Number(
        0.7,
        bounds=(0.1, 1.0),
        step=0.05,
        label="Share to learn from",
        doc="The share of training rows; the rest are test rows.",
    )
    standardise = param.Boolean(
        True,
        label="Standardise",
        doc="Whether inputs are brought to mean 0 and standard deviation 1, and values to -1 to 1.",
    )
    seed = param.Integer(0, bounds=(0, MAX_SEED), label="Seed", doc="Selects the training rows.")
    held = HeldValues(
        default=[],
        item_type=(int, float),
        label="Held at",
        doc="Values of the inputs that are on neither axis: one number for each input, in order, "
        "in standard deviations from the mean; missing ones are at the mean.",
    )

    def __init__(
        self,
        data: object,
        target: object = None,
        regression: bool | None = None,
        **params: Any,
    ) -> None:
        self.data = data = read_tabular_data(data, target, regression)
        self._prepared: LatestResult[_PreparedRows] = LatestResult()
        names = data.names
        defaults = {"train_ratio": 0.7 if len(data) >= MIN_ROWS_TO_SPLIT else 1.0}
        axes = {"across": names[0], "up": names[min(1, len(names) - 1)]}
        super().__init__(**{**defaults, **axes, **params})
        self._resolve_axes("across" if "across" in params else "up", names[0])
        self.param.watch(self._adapt_axes, ["across", "up"])

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input columns."""
        return self.data.names

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty in regression."""
        return self.data.classes

    @property
    def plane(self) -> Plane:
        """The plane of the inputs on the axes, in standard deviations from the mean.

        All rows are drawn, whatever their other inputs.
        """
        rows = self._rows()
        axes = self.inputs.index(self.across), self.inputs.index(self.up)
        pins = [*self.held, *rows.means[len(self.held) :]][: len(self.inputs)]
        plane = Plane(axes, *rows.range, tuple(map(float, pins)), thickness=math.inf)
        display = rows.display
        if display is rows.preprocessing.inputs or display.is_identity:
            return plane
        return replace(plane, offset=tuple(display.offset), scale=tuple(display.scale))

    @property
    def features(self) -> FeatureMap:
        """The inputs themselves, by name."""
        return {name: InputFeature(index) for index, name in enumerate(self.inputs)}

    @property
    def remark(self) -> str | None:
        """A sentence about what was left out, and one if all training rows are of one class."""
        train, sentences = self.samples().train, [self.data.remark]
        if self.classes and len(np.unique(train.y)) == 1:
            only = self.classes[int(train.y[0])]
            sentences.append(
                f"All rows to learn from are of class {only}: there is nothing to tell apart."
            )
        return " ".join(filter(None, sentences)) or None

    @property
    def preprocessing(self) -> Preprocessing:
        """The scaling of inputs and of values, by the statistics of the training rows."""
        return self._rows().preprocessing

    @property
    def has_binary_inputs(self) -> bool:
        """Whether all inputs are 0 or 1, as in a truth table, so that they stay as they are."""
        return bool(np.isin(self.data.x, (0, 1)).all())

    def samples(self) -> Split:
        """Return training and test rows, split at random."""
        return self._rows().split

    def split_data(self) -> tuple[TabularData, TabularData]:
        """Return training and test rows in the units of the user."""
        train, test = self._row_numbers(self.train_ratio, self.seed)
        return self.data[train], self.data[test]

    def _rows(self) -> _PreparedRows:
        key = self.train_ratio, self.seed, self.standardise
        return self._prepared.get(key, lambda: self._prepare_rows(*key))

    def _prepare_rows(self, ratio: float, seed: int, standardise: bool) -> _PreparedRows:
        data, (train, test) = self.data, self._row_numbers(ratio, seed)
        binary = self.has_binary_inputs
        display = Scaler.identity() if binary else Scaler.standardising(data.x[train])
        preprocessing = UNCHANGED
        if standardise:
            targets = Scaler.identity() if data.classes else Scaler.min_max(data.y[train])
            preprocessing = Preprocessing(
                display, targets, display.file_type(data.x), targets.file_type(data.y[:, None])
            )
        x = preprocessing.encode_inputs(data.x)
        y = preprocessing.targets.transform(data.y)
        samples = Samples(x, y.astype(np.int64) if data.classes else y.astype(np.float32))
        shown = display.transform(data.x)
        limit = max(1.5, 1.15 * float(np.quantile(np.abs(shown), RANGE_QUANTILE)))
        return _PreparedRows(
            Split(samples[train], samples[test]),
            preprocessing,
            display,
            (-0.5, 1.5) if binary else (-limit, limit),
            shown[train].mean(axis=0) if binary else np.zeros(data.x.shape[1]),
        )

    def _row_numbers(
        self, ratio: float, seed: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the numbers of the training rows and of the test rows."""
        order = np.random.default_rng(seed).permutation(len(self.data))
        train_count = max(1, round(ratio * len(order)))
        return np.sort(order[:train_count]), np.sort(order[train_count:])

    def _adapt_axes(self, *events: param.parameterized.Event) -> None:
        old = {event.name: event.old for event in events}
        changed = "up" if "across" not in old else "across"
        self._resolve_axes(changed, old[changed])

    def _resolve_axes(self, changed: str, fallback: str) -> None:
        if len(self.inputs) > 1:
            other = "across" if changed == "up" else "up"
            axes = resolve_axes(getattr(self, changed), getattr(self, other), fallback, self.inputs)
            self.param.update(dict(zip((changed, other), axes, strict=True)))
        for axis in ("across", "up"):
            self.param[axis].objects = list(self.inputs)
