"""Data of one's own as a problem: a table of numbers, drawn over any two of its columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import param

from playground.errors import InputError
from playground.problems.gate_parameters import Axis, settled_axes
from playground.problems.given_data import as_array, read_given
from playground.problems.latest import Latest
from playground.problems.problem import FeatureMap, Floats, Plane, Problem, Samples, Split
from playground.problems.scale import Scale
from playground.problems.truth import Input

LAST_SEED = 2**31 - 1
FEW = 20
"""Rows of which none can be spared to test with, unless one asks for it."""
FARTHEST = 100.0
NEARLY_ALL = 0.99
"""The share of numbers that the plane has room for; far outliers would make it mostly empty."""

# Param's classes take a type only since 2.4, hence no type here.


class Places(param.List):  # type: ignore[type-arg]
    """Places along inputs, each from -100 to 100."""

    def _validate_value(self, value: Sequence[object], allow_None: bool) -> None:  # noqa: N803
        super()._validate_value(value, allow_None)
        for place in value:
            if not (isinstance(place, int | float) and abs(place) <= FARTHEST):
                raise InputError(
                    f"An input can't be held at {place!r}; choose from -{FARTHEST:g} to "
                    f"{FARTHEST:g}."
                )


class Given(Problem):
    """A table of one's own: one column is to be learned from the others.

    Inputs are standardised (0 is the mean, 1 a standard deviation), unless all of them are 0 or 1.
    Values to be learned are brought to -1 to 1. `seen` and `told` lead there and back.

    Parameters
    ----------
    data, target, regression
        See `read_given`.

    Attributes
    ----------
    given : GivenData

    Raises
    ------
    InputError
        See `read_given`; and when `held` is set to what can't be used.

    Examples
    --------
    >>> Given(flowers, target="species", across="petal length", up="petal width")
    """

    across = Axis(
        default="", objects=[], label="Across", doc="The input along the horizontal axis."
    )
    up = Axis(default="", objects=[], label="Up", doc="The input along the vertical axis.")
    train_ratio = param.Number(
        0.7,
        bounds=(0.1, 1.0),
        step=0.05,
        label="Share to learn from",
        doc="The share of rows that are learned from; the rest are test rows.",
    )
    seed = param.Integer(
        0, bounds=(0, LAST_SEED), label="Seed", doc="Chooses which rows are learned from."
    )
    held = Places(
        default=[],
        item_type=(int, float),
        label="Held at",
        doc="Where inputs that are on neither axis are held: one number for each input, in order, "
        "in standard deviations from the mean; those left out are held at the mean.",
    )

    def __init__(
        self,
        data: object,
        target: str | None = None,
        regression: bool | None = None,
        **params: Any,
    ) -> None:
        self.given = given = read_given(data, target, regression)
        x = given.x
        switches = bool(np.isin(x, (0, 1)).all())
        self._inputs_scale = Scale.none(x.shape[1]) if switches else Scale.standard(x)
        self._targets_scale = (
            Scale.none(1) if given.classes else Scale.span(given.y.astype(np.float64))
        )
        self._all = self._placed()
        self._means = self._all.x.mean(axis=0) if switches else np.zeros(x.shape[1])
        reach = max(1.5, 1.15 * float(np.quantile(np.abs(self._all.x), NEARLY_ALL)))
        self._span = (-0.5, 1.5) if switches else (-reach, reach)
        self._split: Latest[Split] = Latest()
        names = given.names
        usual = {"train_ratio": 0.7 if len(given) >= FEW else 1.0}
        axes = {"across": names[0], "up": names[min(1, len(names) - 1)]}
        super().__init__(**{**usual, **axes, **params})
        self._settle_axes("across" if "across" in params else "up", names[0])
        self.param.watch(self._keep_axes, ["across", "up"])

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that are given."""
        return self.given.names

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty in regression."""
        return self.given.classes

    @property
    def plane(self) -> Plane:
        """A slice through the inputs, with room for nearly all rows, all of which are drawn."""
        axes = self.inputs.index(self.across), self.inputs.index(self.up)
        pins = [*self.held, *self._means[len(self.held) :]][: len(self.inputs)]
        return Plane(axes, *self._span, tuple(map(float, pins)), thickness=math.inf)

    @property
    def features(self) -> FeatureMap:
        """The inputs as they are, by name."""
        return {name: Input(index) for index, name in enumerate(self.inputs)}

    @property
    def remark(self) -> str | None:
        """What is odd about the rows, in a sentence, if anything is."""
        train = self.samples().train
        if self.classes and len(np.unique(train.y)) == 1:
            only = self.classes[int(train.y[0])]
            return f"All rows to learn from are of class {only}: there is nothing to tell apart."
        return None

    def samples(self) -> Split:
        """Return rows to learn from and to test with, parted by chance."""
        key = self.train_ratio, self.seed
        return self._split.get(key, lambda: self._parted(*key))

    def seen(self, x: Any) -> Floats:  # noqa: ANN401 (a table too)
        """Standardise rows (n, inputs) as they were given: an array, a tensor, or a table."""
        if hasattr(x, "columns"):
            x = np.column_stack([as_array(x[name]) for name in self.inputs])
        rows = super().seen(x)
        if rows.ndim != 2 or rows.shape[1] != len(self.inputs):
            return rows  # Whoever is given them says what is wrong.
        return self._inputs_scale.there(rows).astype(np.float32)

    def told(self, answers: Floats) -> Floats:
        """Bring values (n, 1) back to the size they were given in; probabilities stay."""
        return self._targets_scale.back(answers).astype(np.float32)

    def _placed(self) -> Samples:
        x = self._inputs_scale.there(self.given.x).astype(np.float32)
        y = self._targets_scale.there(self.given.y)
        return Samples(x, y.astype(np.int64) if self.classes else y.astype(np.float32))

    def _parted(self, ratio: float, seed: int) -> Split:
        order = np.random.default_rng(seed).permutation(len(self.given))
        learned = max(1, round(ratio * len(order)))
        return Split(self._all[np.sort(order[:learned])], self._all[np.sort(order[learned:])])

    def _keep_axes(self, *events: param.parameterized.Event) -> None:
        old = {event.name: event.old for event in events}
        moved = "up" if "across" not in old else "across"
        self._settle_axes(moved, old[moved])

    def _settle_axes(self, moved: str, spare: str) -> None:
        if len(self.inputs) > 1:
            other = "across" if moved == "up" else "up"
            axes = settled_axes(getattr(self, moved), getattr(self, other), spare, self.inputs)
            self.param.update(dict(zip((moved, other), axes, strict=True)))
        for axis in ("across", "up"):
            self.param[axis].objects = list(self.inputs)
