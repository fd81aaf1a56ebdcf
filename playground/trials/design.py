"""Trials that are known before the first of them: a grid, or drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.problems.array_types import Doubles
from playground.trials.plan import SweepPlan, size_of
from playground.trials.space import Dimension, Listed, Range

MAX_SHUFFLED = 100_000
"""Size of a finite space up to which random trials are all different."""

Values = dict[str, Any]


def designed_values(plan: SweepPlan) -> list[Values]:
    """Return the values of all trials of a grid, or of random trials.

    They depend on nothing but the plan: an interrupted sweep goes on with the same. More random
    trials begin with the same ones too.
    """
    size = size_of(plan.space)
    if size > MAX_SHUFFLED:
        return _drawn_values(plan)
    # As in scikit-learn's ParameterGrid, which takes a second to import: by name, the last fastest.
    listed = [_listed(each) for each in plan.space]
    counts = {each.name: len(each.values) for each in sorted(listed, key=lambda each: each.name)}
    order = np.arange(int(size))
    if plan.sampler == "random":
        order = _shuffled(plan, int(size))
    places = np.unravel_index(order[: plan.trials], [*counts.values()])
    return [
        _values(listed, dict(zip(counts, row, strict=True))) for row in zip(*places, strict=True)
    ]


def _shuffled(plan: SweepPlan, size: int) -> npt.NDArray[np.int64]:
    """Return the combinations in random order, those that are drawn most often rather first."""
    rng = np.random.default_rng(plan.seed)
    weights = np.ones(1)
    for each in sorted(plan.space, key=lambda each: each.name):
        weights = np.outer(weights, _weights(each)).ravel()
    if (weights == 1).all():
        return rng.permutation(size)
    # Drawn one by one, with these weights, of those that are left (Efraimidis and Spirakis 2006).
    return np.argsort(rng.exponential(size=size) / weights)


def _weights(dimension: Dimension) -> Doubles:
    """Return how often each value is drawn, as `_distribution` would draw it."""
    if isinstance(dimension, Range) and dimension.is_log:
        values = np.arange(dimension.low, dimension.high + 1)
        return np.log((values + 0.5) / (values - 0.5))
    return np.ones(int(dimension.count))


def _drawn_values(plan: SweepPlan) -> list[Values]:
    # Importing it draws from Python's own random numbers.
    from sklearn.model_selection import ParameterSampler

    drawn = ParameterSampler(
        {each.name: _distribution(each) for each in plan.space},
        n_iter=plan.trials,
        random_state=plan.seed,
    )
    return [_values(plan.space, each) for each in drawn]


def _listed(dimension: Dimension) -> Listed:
    """Return a dimension with its values one by one; it must be finite."""
    if isinstance(dimension, Listed):
        return dimension
    numbers = tuple(range(int(dimension.low), int(dimension.high) + 1))
    return Listed(dimension.name, numbers, tuple(map(str, numbers)))


def _distribution(dimension: Dimension) -> Any:  # noqa: ANN401 (SciPy has no common type)
    """Return what draws a value of a range, or the place of a listed value."""
    from scipy import stats

    if isinstance(dimension, Listed):
        return stats.randint(0, len(dimension.values))
    low, high = dimension.low, dimension.high
    if dimension.is_whole:
        # Half a step more on each side, so that the ends are as likely as the others.
        low, high = low - 0.5, high + 0.5
    if dimension.is_log:
        return stats.loguniform(low, high)
    return stats.uniform(low, high - low)


def _values(space: Sequence[Dimension], drawn: Values) -> Values:
    values: Values = {}
    for each in space:
        value = drawn[each.name]
        if isinstance(each, Listed):
            values[each.name] = each.values[int(value)]
        elif each.is_whole:
            values[each.name] = int(min(max(round(float(value)), each.low), each.high))
        else:
            values[each.name] = float(value)
    return values
