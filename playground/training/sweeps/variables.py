"""The settings that a sweep may vary, with the values that each of them can have."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from playground.errors import InputError
from playground.networks.architecture import MAX_LAYERS, MAX_UNITS, Architecture
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.initialisers import INITIALISERS
from playground.problems.points.points import Points
from playground.seeds import MAX_SEED
from playground.training.core.optimisers import OPTIMISERS
from playground.training.populations.members import INITIAL_SCALE
from playground.training.populations.members import VARIABLE as BATCHED
from playground.training.training import Training

SEED = "seed"
NOISE = "noise"
WIDTH = "width"
DEPTH = "depth"
FEATURES_NAME = "features"
FEATURE_SIGN = "+"
"""Stands between the features of one network."""

Value = float | int | str
IN_ONE_BATCH = frozenset({SEED, *BATCHED})
"""Settings that networks of one batch may differ in; any other takes a batch for each value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting that a sweep may vary.

    Attributes
    ----------
    label : str
        As it stands on axes.
    parse : callable
        Returns the value that a text stands for; ValueError, without a message, if there is none.
    possible : str
        The end of a sentence that begins with "it can be".
    suggestion : str
        Values to begin with, as text.
    is_number, is_whole : bool
        Whether ranges such as 1..6 are possible, and whether they hold whole numbers only.
    is_log : bool
        Whether equal factors, and not equal differences, matter.
    explanation : str
        What it is, in a few words, where the label alone may not say it.
    """

    label: str
    parse: Callable[[str], Value]
    possible: str
    suggestion: str
    is_number: bool = True
    is_whole: bool = False
    is_log: bool = False
    explanation: str = ""

    @property
    def explained_label(self) -> str:
        """The label with the explanation."""
        return f"{self.label} ({self.explanation})" if self.explanation else self.label


def _number(
    label: str, bounds: tuple[float, float], suggestion: str, *, is_log: bool = False
) -> Variable:
    low, high = bounds

    def parse(text: str) -> float:
        number = float(text)
        if not math.isfinite(number) or not low <= number <= high:
            raise ValueError
        return number

    return Variable(label, parse, f"{low:g} to {high:g}", suggestion, is_log=is_log)


def _whole(
    label: str,
    bounds: tuple[int, int],
    suggestion: str,
    *,
    is_log: bool = False,
    explanation: str = "",
) -> Variable:
    low, high = bounds

    def parse(text: str) -> int:
        number = float(text)
        if not low <= number <= high or number != int(number):
            raise ValueError
        return int(number)

    possible = f"a whole number from {low} to {high}"
    return Variable(
        label, parse, possible, suggestion, is_whole=True, is_log=is_log, explanation=explanation
    )


def _choice(label: str, options: list[str], suggestion: str) -> Variable:
    known = {each.casefold(): each for each in options}

    def parse(text: str) -> str:
        if text.casefold() not in known:
            raise ValueError
        return known[text.casefold()]

    return Variable(label, parse, ", ".join(options), suggestion, is_number=False)


def _parse_features(text: str) -> str:
    names = [each.strip() for each in text.split(FEATURE_SIGN)]
    if not all(names) or len(set(names)) < len(names):
        raise ValueError
    return FEATURE_SIGN.join(names)


def _training_bounds(name: str) -> tuple[float, float]:
    low, high = Training.param[name].bounds
    return low, high


VARIABLES: dict[str, Variable] = {
    SEED: _whole("seed", (0, MAX_SEED), "1..8"),
    "learning_rate": _number("learning rate", BATCHED["learning_rate"], "0.001..1:7", is_log=True),
    "l2": _number("L2", BATCHED["l2"], "0.0001..0.1:4", is_log=True),
    "l1": _number("L1", BATCHED["l1"], "0.0001..0.1:4", is_log=True),
    INITIAL_SCALE: _number("initial scale", BATCHED[INITIAL_SCALE], "0.1..10:5", is_log=True),
    WIDTH: _whole("width", (1, MAX_UNITS), "1..6", explanation="neurons per layer"),
    DEPTH: _whole("depth", (0, MAX_LAYERS), "0..3", explanation="hidden layers"),
    "activation": _choice("activation", list(ACTIVATIONS), "tanh, ReLU, sigmoid"),
    FEATURES_NAME: Variable(
        "features",
        _parse_features,
        f"names of features with {FEATURE_SIGN} between them, such as x{FEATURE_SIGN}y",
        "x+y, x+y+sin x+sin y",
        is_number=False,
    ),
    "dropout": _number("dropout", Architecture.param["dropout"].bounds, "0..0.6:4"),
    NOISE: _number("noise", Points.param["noise"].bounds, "0..0.5:6"),
    "batch_size": _whole(
        "batch size", Training.param["batch_size"].bounds, "1, 4, 16, 64", is_log=True
    ),
    "optimiser": _choice("optimiser", list(OPTIMISERS), "SGD, momentum, Adam"),
    "momentum": _number("momentum", _training_bounds("momentum"), "0, 0.5, 0.9, 0.99"),
    "beta1": _number("beta 1", _training_bounds("beta1"), "0, 0.5, 0.9, 0.99"),
    "beta2": _number("beta 2", _training_bounds("beta2"), "0.9, 0.99, 0.999"),
    "initialiser": _choice("initialiser", list(INITIALISERS), "PyTorch default, zero"),
}
"""All settings that a sweep may vary, by public name.

`width` is the number of neurons in each hidden layer, `depth` the number of hidden layers."""


def parse_value(name: str, text: str) -> Value:
    """Return the value of a setting that a text stands for.

    Raises
    ------
    InputError
        If there is no such value.
    """
    variable = VARIABLES[name]
    try:
        return variable.parse(text)
    except (ValueError, OverflowError):
        raise InputError(
            f"{variable.label} can't be {text[:40]!r}: it can be {variable.possible}."
        ) from None


def text_to_parse(value: Value) -> str:
    """Return the text of a value, of which `parse_value` makes the same value again."""
    short = shown_text(value)
    return repr(value) if isinstance(value, float) and float(short) != value else short


def shown_text(value: Value) -> str:
    """Return the text of a value for people, with six digits."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
