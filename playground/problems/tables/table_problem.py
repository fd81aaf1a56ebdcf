"""The problem of a table of the user, which is drawn over any two of its inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import param
from param.parameterized import batch_call_watchers

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.gate_parameters import AxisSelector, resolve_axes
from playground.problems.input_columns import InputColumn, first_inputs
from playground.problems.latest_result import LatestResult
from playground.problems.preprocessing import Preprocessing, Scaler
from playground.problems.problem import FeatureMap, Plane, Problem, Samples, Split
from playground.problems.tables.column_encoding import encode, typical_inputs
from playground.problems.tables.columns import missing_column_error
from playground.problems.tables.missing_values import (
    DROP,
    MEDIAN,
    MissingChoice,
    complete_rows,
)
from playground.problems.tables.split_rows import split_rows
from playground.problems.tables.tabular_data import (
    TabularData,
    read_tabular_data,
    read_test_data,
)
from playground.problems.truth_tables import InputFeature
from playground.seeds import MAX_SEED

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

    data: tuple[TabularData, TabularData]
    split: Split
    preprocessing: Preprocessing
    display: Scaler
    range: tuple[float, float]
    typical: Doubles


class TableProblem(Problem):
    """A table of the user, of which one column is learned from the others.

    Inputs are standardised: 0 is the mean of the training rows, 1 a standard deviation. Inputs
    that are all 0 or 1, and categories, are given as they are. Target values are scaled so that
    the training rows reach from -1 to 1. `preprocessing` converts units; `standardise` switches it
    off.

    Parameters
    ----------
    data, target, regression
        See `read_tabular_data`; a `TabularData` is taken as it is.
    test_data : table or (x, y), optional
        Rows to test with, of the same columns; all of `data` are training rows then.

    Attributes
    ----------
    data : TabularData
    test_data : TabularData or None

    Raises
    ------
    InputError
        If the data are invalid, see `read_tabular_data`, or when `held` or `missing` is set to an
        invalid value.

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
        doc="The share of training rows; the rest are test rows. Not used with `test_data`.",
    )
    stratify = param.Boolean(
        True,
        label="Stratify",
        doc="Whether the share of training rows is the same in each class.",
    )
    missing = MissingChoice(
        default=MEDIAN,
        objects=[MEDIAN, DROP],
        label="Missing values",
        doc="Whether missing inputs are filled with the median of the training rows, categories "
        "with the most frequent one, or rows without all inputs are left out.",
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
        "in standard deviations from the mean; missing ones are at the median. `hold` takes units.",
    )

    def __init__(
        self,
        data: object,
        target: object = None,
        regression: bool | None = None,
        test_data: object = None,
        **params: Any,
    ) -> None:
        if not isinstance(data, TabularData):
            data = read_tabular_data(data, target, regression)
        self.data = data
        self.test_data = _read_test_rows(test_data, data)
        self._prepared: LatestResult[_PreparedRows] = LatestResult()
        names = self.axis_choices
        defaults = {"train_ratio": 0.7 if len(data) >= MIN_ROWS_TO_SPLIT else 1.0}
        axes = {"across": names[0], "up": names[min(1, len(names) - 1)]}
        super().__init__(**{**defaults, **axes, **params})
        self._resolve_axes("across" if "across" in params else "up", names[0])
        self.param.watch(self._adapt_axes, ["across", "up"])

    @property
    def given(self) -> TabularData:
        """The first name of `data`."""
        return self.data

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs: one for a column of numbers, one for each category."""
        return self.data.names

    @property
    def columns(self) -> tuple[InputColumn, ...]:
        """The columns that are learned from."""
        return self.data.columns

    @property
    def axis_choices(self) -> tuple[str, ...]:
        """The inputs that are offered for the axes: those of numbers, if there are two."""
        numbers = tuple(column.name for column in self.columns if not column.categories)
        return numbers if len(numbers) > 1 else self.inputs

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
        typical = rows.display.transform(rows.typical)
        pins = [*self.held, *typical[len(self.held) :]][: len(self.inputs)]
        plane = Plane(axes, *rows.range, tuple(map(float, pins)), thickness=math.inf)
        display = rows.display
        if display is rows.preprocessing.inputs or display.is_identity:
            return plane
        return replace(plane, offset=tuple(display.offset), scale=tuple(display.scale))

    @property
    def places(self) -> Scaler:
        """The scaling between the units of the inputs and the coordinates of the plane."""
        return self._rows().display

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
        x = self.data.x
        return bool(np.isin(x[~np.isnan(x)], (0, 1)).all())

    @property
    def complete_rows(self) -> npt.NDArray[np.int64]:
        """The numbers of the rows of `data` in which no input is missing."""
        return complete_rows(self.data.x)

    def samples(self) -> Split:
        """Return training and test rows, split at random or as given."""
        return self._rows().split

    def split_data(self) -> tuple[TabularData, TabularData]:
        """Return training and test rows in the units of the user; missing inputs are NaN."""
        return self._rows().data

    def hold(self, name: str, value: object) -> None:
        """Hold a column, while it is on neither axis, at a number in its units or a category.

        Raises
        ------
        InputError
            If there is no such column or category, or it is no number, or one too far out.
        """
        names = [column.name for column in self.columns]
        if name not in names:
            raise missing_column_error(name, names)
        place = names.index(name)
        column, first = self.columns[place], first_inputs(self.columns)[place]
        given = np.empty(1, object)
        given[0] = value
        (inputs,) = encode(column, given, gaps=False)
        places, last, pins = self.places, first + len(inputs), [*self.plane.pins]
        offset, scale = np.broadcast_arrays(places.offset, places.scale, self._rows().typical)[:2]
        pins[first:last] = ((inputs - offset[first:last]) / scale[first:last]).tolist()
        self.held = pins

    def held_values(self) -> list[float | str]:
        """Return what each column is held at, a number in its units or a category."""
        units = self.places.inverse_transform(np.array(self.plane.pins))
        return [
            column.categories[int(units[first : first + len(column.categories)].argmax())]
            if column.categories
            else float(units[first])
            for column, first in zip(self.columns, first_inputs(self.columns), strict=True)
        ]

    def set_data(self, data: TabularData) -> None:
        """Learn another table, with its first two columns of numbers along the axes.

        The axes and what inputs are held at are those of the table, and test rows of their own go.
        """
        self.data, self.test_data = data, None
        names = self.axis_choices
        with batch_call_watchers(self):
            self.held = []
            self.param.update(across=names[0], up=names[min(1, len(names) - 1)])
            self._resolve_axes("up", names[0])
            self.param.trigger("train_ratio")

    def set_test_data(self, test_data: object = None) -> None:
        """Test with the rows of a table or of (x, y); with None with rows of `data` again.

        What `read_test_data` has returned is a table too.

        Raises
        ------
        InputError
            If they are not of the columns and the classes of `data`.
        """
        self.test_data = _read_test_rows(test_data, self.data)
        self.param.trigger("train_ratio")

    def copy(self) -> TableProblem:
        """Return another problem of the same table with the same settings."""
        settings = {name: value for name, value in self.param.values().items() if name != "name"}
        return TableProblem(self.data, test_data=self.test_data, **settings)

    def _rows(self) -> _PreparedRows:
        choices = self.train_ratio, self.seed, self.stratify, self.missing, self.standardise
        key = (self.data, self.test_data, *choices)
        return self._prepared.get(key, lambda: self._prepare_rows(*key))

    def _prepare_rows(
        self,
        data: TabularData,
        test_data: TabularData | None,
        ratio: float,
        seed: int,
        stratify: bool,
        missing: str,
        standardise: bool,
    ) -> _PreparedRows:
        train, test = _split(data, test_data, ratio, seed, stratify, drop=missing == DROP)
        typical = typical_inputs(data.columns, train.x)
        binary = self.has_binary_inputs
        gaps = any(np.isnan(each.x).any() for each in (train, test))
        x = np.concatenate([np.where(np.isnan(each.x), typical, each.x) for each in (train, test)])
        y = np.concatenate([train.y, test.y])
        kept = np.concatenate([[bool(each.categories)] * len(each.inputs) for each in data.columns])
        count = len(train)
        display = Scaler.identity() if binary else Scaler.standard(x[:count], kept)
        inputs, targets = Scaler.identity(), Scaler.identity()
        if standardise:
            inputs = display
            targets = targets if data.classes else Scaler.min_max(y[:count])
        preprocessing = Preprocessing(
            inputs,
            targets,
            inputs.file_type(x),
            targets.file_type(y[:, None]),
            data.columns if any(kept) else (),
            typical if gaps else None,
        )
        goals = targets.transform(y)
        samples = Samples(
            preprocessing.encode_inputs(x),
            goals.astype(np.int64) if data.classes else goals.astype(np.float32),
        )
        shown = display.transform(x)[:, ~kept] if not kept.all() else x
        limit = max(1.5, 1.15 * float(np.quantile(np.abs(shown), RANGE_QUANTILE)))
        return _PreparedRows(
            (train, test),
            Split(samples[:count], samples[count:]),
            preprocessing,
            display,
            (-0.5, 1.5) if binary else (-limit, limit),
            typical,
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
            chosen = getattr(self, axis)
            self.param[axis].objects = [*dict.fromkeys([*self.axis_choices, chosen])]


def _read_test_rows(test_data: object, data: TabularData) -> TabularData | None:
    if test_data is None or isinstance(test_data, TabularData):
        return test_data
    return read_test_data(test_data, data)


def _split(
    data: TabularData,
    test_data: TabularData | None,
    ratio: float,
    seed: int,
    stratify: bool,
    *,
    drop: bool,
) -> tuple[TabularData, TabularData]:
    """Return training and test rows, with `drop` those in which no input is missing."""
    if drop:
        data = data[complete_rows(data.x)]
        test_data = test_data and test_data[complete_rows(test_data.x)]
    if test_data is not None:
        return data, test_data
    classes = data.y if stratify and data.classes else None
    train, test = split_rows(len(data), ratio, seed, classes)
    return data[train], data[test]
