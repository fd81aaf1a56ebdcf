"""The problem of learning a truth table of two to four inputs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import param

from playground.problems.gate_parameters import (
    INPUT_NAMES,
    AxisSelector,
    PinsParameter,
    TruthTableParameter,
    resolve_axes,
)
from playground.problems.latest_result import LatestResult
from playground.problems.problem import FeatureMap, Floats, Plane, Problem, Samples, Split
from playground.problems.truth_tables import (
    GATES,
    InputFeature,
    TableAnswers,
    all_input_rows,
    gate_table,
    resize_table,
)
from playground.seeds import MAX_SEED

CUSTOM = "custom"
REPEATS = 25  # copies of each row in the training set, if there is noise


class Gates(Problem):
    """A truth table to learn: that of a gate, or a custom one.

    Raises
    ------
    InputError
        When `table`, `horizontal`, `vertical` or `pins` is set to an invalid value; the old
        value is kept. Numbers out of range raise ValueError, as with any Param class.
    """

    gate: param.Selector[str] = param.Selector(
        default="XOR",
        objects=[*GATES, CUSTOM],
        label="Gate",
        doc="The gate to learn. 'custom' starts from the table of the previous gate.",
    )
    inputs_count = param.Integer(2, bounds=(2, 4), label="Inputs", doc="Number of inputs.")
    table = TruthTableParameter(
        (0, 1, 1, 0),
        label="Truth table",
        doc="Answers 0 or 1 to all rows in binary order, 00, 01, …; used by 'custom'.",
    )
    noise = param.Number(
        0.0,
        bounds=(0, 0.5),
        step=0.05,
        label="Noise",
        doc="Standard deviation of noise on the inputs; above 0, each row is repeated 25 times.",
    )
    seed = param.Integer(0, bounds=(0, MAX_SEED), label="Seed", doc="Seed of the noise.")
    horizontal = AxisSelector(
        default="A",
        objects=list(INPUT_NAMES),
        label="Across",
        doc="The input along the horizontal axis.",
    )
    vertical = AxisSelector(
        default="B", objects=list(INPUT_NAMES), label="Up", doc="The input along the vertical axis."
    )
    pins = PinsParameter(
        (0.0, 0.0, 0.0, 0.0),
        label="Held at",
        doc="Values from 0 to 1 of inputs A to D, used while they are on neither axis.",
    )

    def __init__(self, **params: object) -> None:
        self._split: LatestResult[Split] = LatestResult()
        # The number of inputs is set first, as the valid values of the others depend on it.
        super().__init__(**{"inputs_count": 2, **params})
        if "table" not in params:
            self.table = gate_table("XOR" if self.gate == CUSTOM else self.gate, self.inputs_count)
        self._resolve_axes(
            "vertical" if "horizontal" not in params else "horizontal", INPUT_NAMES[0]
        )
        # Equal values count too: a table given together with "custom" must not be replaced.
        self.param.watch(self._adapt_table, ["gate", "inputs_count", "table"], onlychanged=False)
        self.param.watch(self._adapt_axes, ["inputs_count", "horizontal", "vertical"])

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, from A on."""
        return INPUT_NAMES[: self.inputs_count]

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the two answers, 0 and 1."""
        return ("0", "1")

    @property
    def plane(self) -> Plane:
        """The plane of the two inputs on the axes; the other inputs are constant."""
        axes = INPUT_NAMES.index(self.horizontal), INPUT_NAMES.index(self.vertical)
        return Plane(axes, low=-0.5, high=1.5, pins=self.pins[: self.inputs_count])

    @property
    def features(self) -> FeatureMap:
        """The inputs themselves, by name."""
        return {name: InputFeature(index) for index, name in enumerate(self.inputs)}

    @property
    def remark(self) -> str | None:
        """A sentence if all answers are equal, else None."""
        answers = set(self._answers())
        if len(answers) > 1:
            return None
        return f"Every row's answer is {answers.pop()}, so there is nothing to tell apart."

    def rows(self) -> Floats:
        """Return every combination of inputs once, shape (2**inputs, inputs)."""
        return all_input_rows(self.inputs_count).astype(np.float32)

    def answers(self) -> npt.NDArray[np.int64]:
        """Return the right answer to each of `rows()`, shape (2**inputs,)."""
        return np.array(self._answers(), np.int64)

    def samples(self) -> Split:
        """Return training rows, with noise added, and the exact rows as the test set."""
        key = self._answers(), self.noise, self.seed
        return self._split.get(key, lambda: _split(*key))

    def _answers(self) -> TableAnswers:
        if self.gate == CUSTOM:
            return resize_table(self.table, self.inputs_count)
        return gate_table(self.gate, self.inputs_count)

    def _adapt_table(self, *events: param.parameterized.Event) -> None:
        old = {event.name: event.old for event in events}
        table_was_set = "table" in old
        if self.gate == CUSTOM and not table_was_set and old.get("gate", CUSTOM) != CUSTOM:
            self.table = gate_table(old["gate"], self.inputs_count)
        elif len(self.table) != 2**self.inputs_count:
            self.table = resize_table(self.table, self.inputs_count)

    def _adapt_axes(self, *events: param.parameterized.Event) -> None:
        old = {event.name: event.old for event in events}
        changed = "vertical" if "vertical" in old and "horizontal" not in old else "horizontal"
        self._resolve_axes(changed, old.get(changed, INPUT_NAMES[0]))

    def _resolve_axes(self, changed: str, fallback: str) -> None:
        other = "horizontal" if changed == "vertical" else "vertical"
        axes = resolve_axes(getattr(self, changed), getattr(self, other), fallback, self.inputs)
        self.param.update(dict(zip((changed, other), axes, strict=True)))
        # Last, as a widget whose value is not in `objects` would set another value.
        for axis in (changed, other):
            self.param[axis].objects = list(self.inputs)


def _split(answers: TableAnswers, noise: float, seed: int) -> Split:
    x = all_input_rows(len(answers).bit_length() - 1).astype(np.float32)
    test = Samples(x, np.array(answers, np.int64))
    if noise == 0:
        return Split(train=test, test=test)
    repeated = test[np.tile(np.arange(len(test)), REPEATS)]
    shifts = np.random.default_rng(seed).normal(size=repeated.x.shape)
    return Split(Samples((repeated.x + noise * shifts).astype(np.float32), repeated.y), test)
