"""The problem of a table of the user, which is drawn over any two of its inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import param

from playground.errors import InputError
from playground.problems.gate_parameters import AxisSelector, resolve_axes
from playground.problems.latest_result import LatestResult
from playground.problems.problem import FeatureMap, Floats, Plane, Problem, Samples, Split
from playground.problems.tables.scaler import Scaler
from playground.problems.tables.tabular_data import as_array, read_tabular_data
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


class TableProblem(Problem):
    """A table of the user, of which one column is learned from the others.

    Inputs are standardised (0 is the mean, 1 a standard deviation), unless all of them are 0 or 1.
    Target values are scaled to -1 to 1. `encode_inputs` and `decode_outputs` convert units.

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
        target: str | None = None,
        regression: bool | None = None,
        **params: Any,
    ) -> None:
        self.data = data = read_tabular_data(data, target, regression)
        x = data.x
        is_binary = bool(np.isin(x, (0, 1)).all())
        self._input_scaler = Scaler.identity(x.shape[1]) if is_binary else Scaler.standardising(x)
        self._target_scaler = (
            Scaler.identity(1) if data.classes else Scaler.min_max(data.y.astype(np.float64))
        )
        self._samples = self._scaled_samples()
        self._means = self._samples.x.mean(axis=0) if is_binary else np.zeros(x.shape[1])
        limit = max(1.5, 1.15 * float(np.quantile(np.abs(self._samples.x), RANGE_QUANTILE)))
        self._axis_range = (-0.5, 1.5) if is_binary else (-limit, limit)
        self._split: LatestResult[Split] = LatestResult()
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
        """The plane of the inputs on the axes. All rows are drawn, whatever their other inputs."""
        axes = self.inputs.index(self.across), self.inputs.index(self.up)
        pins = [*self.held, *self._means[len(self.held) :]][: len(self.inputs)]
        return Plane(axes, *self._axis_range, tuple(map(float, pins)), thickness=math.inf)

    @property
    def features(self) -> FeatureMap:
        """The inputs themselves, by name."""
        return {name: InputFeature(index) for index, name in enumerate(self.inputs)}

    @property
    def remark(self) -> str | None:
        """A sentence if all training rows are of one class, else None."""
        train = self.samples().train
        if self.classes and len(np.unique(train.y)) == 1:
            only = self.classes[int(train.y[0])]
            return f"All rows to learn from are of class {only}: there is nothing to tell apart."
        return None

    def samples(self) -> Split:
        """Return training and test rows, split at random."""
        key = self.train_ratio, self.seed
        return self._split.get(key, lambda: self._split_rows(*key))

    def encode_inputs(self, x: Any) -> Floats:  # noqa: ANN401 (a table too)
        """Scale rows (n, inputs) in the units of the user: an array, a tensor, or a table."""
        if hasattr(x, "columns"):
            x = np.column_stack([as_array(x[name]) for name in self.inputs])
        rows = super().encode_inputs(x)
        if rows.ndim != 2 or rows.shape[1] != len(self.inputs):
            return rows  # The caller raises the error.
        return self._input_scaler.transform(rows).astype(np.float32)

    def decode_outputs(self, answers: Floats) -> Floats:
        """Convert values (n, 1) to the units of the user; probabilities stay unchanged."""
        return self._target_scaler.inverse_transform(answers).astype(np.float32)

    def _scaled_samples(self) -> Samples:
        x = self._input_scaler.transform(self.data.x).astype(np.float32)
        y = self._target_scaler.transform(self.data.y)
        return Samples(x, y.astype(np.int64) if self.classes else y.astype(np.float32))

    def _split_rows(self, ratio: float, seed: int) -> Split:
        order = np.random.default_rng(seed).permutation(len(self.data))
        train_count = max(1, round(ratio * len(order)))
        return Split(
            self._samples[np.sort(order[:train_count])], self._samples[np.sort(order[train_count:])]
        )

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
