"""What a sweep is to do: its space, its fixed settings, and how many trials it makes."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any, Self

from playground.errors import InputError
from playground.seeds import MAX_SEED
from playground.settings import quote_briefly
from playground.training.core.metrics import Scores
from playground.trials.choices import PRUNERS, SAMPLERS, TABLE_TASK, TRIAL_METRICS
from playground.trials.space import Dimension, Listed, read_space
from playground.trials.tasks import TrialTask, make_task, settings_without_effect
from playground.trials.trial_table import TrialTable

MAX_TRIALS = 10_000
USUAL_TRIALS = 20
MAX_RUNGS = 20
"""Moments of a trial at which a pruner looks at it, evenly spaced."""

NAMES_IN_FILES = {"figure": "metric"}
"""Parameters of `make_plan` that have another name in files."""

_DECIDING = {"optimiser", "schedule", "model"}
"""Settings that decide which others have an effect."""


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """A sweep that can be carried out: everything has been checked. See `make_plan`.

    Attributes
    ----------
    task : str
        A name of `TASKS`, or `TABLE_TASK`.
    space : tuple of Dimension
        The settings that vary.
    fixed : mapping of str to object
        The settings that were given one value, in JSON types.
    trials : int
    sampler, pruner, metric : str
        Names of `SAMPLERS`, `PRUNERS` and `TRIAL_METRICS`.
    seed : int
        Of the sampler.
    table : TrialTable or None
        What is learned, if it is a table of one's own.
    """

    task: str
    space: tuple[Dimension, ...]
    fixed: Mapping[str, Any]
    trials: int
    sampler: str
    pruner: str
    metric: str
    seed: int
    table: TrialTable | None = None

    @property
    def id(self) -> str:
        """What tells sweeps apart; more trials of the same space are the same sweep."""
        content = {key: value for key, value in self.as_json().items() if key != "trials"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    def new_task(self) -> TrialTask:
        """Make what is trained, with its usual settings."""
        return make_task(self.task, self.table)

    @property
    def run_extra(self) -> Mapping[str, Any]:
        """What runs of the sweep hold besides what a worker has handed back."""
        return {} if self.table is None else self.table.run_extra

    @property
    def lower_is_better(self) -> bool:
        """Whether a small metric is a good one."""
        return TRIAL_METRICS[self.metric][1] == "loss"

    def metric_of(self, scores: Scores) -> float:
        """Return the metric by which trials are compared."""
        which, part = TRIAL_METRICS[self.metric]
        return float(getattr(scores[which], part))

    def as_json(self) -> dict[str, Any]:
        """Return the plan in JSON types, but for the content of its table; see `from_json`."""
        return {
            "task": self.task,
            "vary": [each.text for each in self.space],
            "settings": dict(self.fixed),
            "trials": self.trials,
            "sampler": self.sampler,
            "pruner": self.pruner,
            # As files of earlier versions have it: their sweeps go on.
            "figure": self.metric,
            "seed": self.seed,
            **({} if self.table is None else {"table": self.table.digest}),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any], table: TrialTable | None = None) -> Self:
        """Read what `as_json` returned; InputError if it is no possible plan.

        Parameters
        ----------
        values : mapping
        table : TrialTable, optional
            That of the plan.
        """
        digest = None if table is None else table.digest
        if values.get("table") != digest:
            raise InputError("The table of this sweep is missing, or another one.")
        given = {NAMES_IN_FILES.get(key, key): each for key, each in values.items()}
        try:
            return cls(**vars(make_plan(**{**given, "table": table})))
        except TypeError as error:
            raise InputError(f"This is no plan of a sweep: {error}.") from None


def make_plan(
    task: str,
    vary: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    trials: int | None = None,
    sampler: str = "random",
    pruner: str = "none",
    metric: str = "test loss",
    seed: int = 0,
    table: TrialTable | None = None,
) -> SweepPlan:
    """Check what a sweep is to do.

    Parameters
    ----------
    task : str
        A name of `TASKS`, or `TABLE_TASK`.
    vary : sequence of str
        Settings and their values; see `read_dimension`.
    settings : mapping, optional
        Values of other settings, by public name.
    trials : int, optional
        By default all of a grid, else 20. Of a finite space, random trials are all different.
    sampler, pruner, metric : str
        Names of `SAMPLERS`, `PRUNERS` and `TRIAL_METRICS`.
    seed : int
        Of the sampler; that of the weights is the setting `weight_seed`.
    table : TrialTable, optional
        What is learned, if it is a table of one's own; `task` is `TABLE_TASK` then.

    Raises
    ------
    InputError
        If the space is empty, infinite where it must not be, or contradicts itself; if there is no
        such setting (the nearest is named), or it can't have a value.

    Examples
    --------
    >>> make_plan("digits", ["learning_rate=1e-4..1e-1:log", "model=mlp,cnn"], trials=40)
    >>> table, _remark = TrialTable.open(Path("flowers.csv"), target="species")
    >>> make_plan("table", ["learning_rate=1e-3..0.1:log", "hidden=[4],[8,8]"], table=table)
    """
    if table is not None and task.casefold() != TABLE_TASK:
        raise InputError(f"A sweep learns {quote_briefly(task)}, or a table: give one of them.")
    new_task = partial(make_task, task, table)
    origin = new_task()
    fixed = {name: origin.parse(name, value) for name, value in (settings or {}).items()}
    space = read_space(vary, origin)
    for dimension in space:
        if dimension.name in fixed:
            raise InputError(
                f"{dimension.name} is set to one value and varied as well: leave one of them out."
            )
    origin.apply(fixed)
    _check_values(new_task, fixed, space)
    _check_effects(new_task, fixed, space)
    if seed != int(seed) or not 0 <= seed <= MAX_SEED:
        raise InputError(f"The seed of a sweep is a whole number from 0 to {MAX_SEED:,}.")
    sampler = _choice("sampler", sampler, SAMPLERS)
    metric = _choice("metric", metric, tuple(TRIAL_METRICS))
    origin.check_metric(metric, {each.name for each in space})
    return SweepPlan(
        task=task.casefold(),
        space=space,
        fixed=fixed,
        trials=_trial_count(space, sampler, trials),
        sampler=sampler,
        pruner=_choice("pruner", pruner, PRUNERS),
        metric=metric,
        seed=int(seed),
        table=table,
    )


def read_settings(texts: Iterable[str]) -> dict[str, str]:
    """Read values of settings, each as name=value; see `make_plan`.

    Raises
    ------
    InputError
        If one is no such text, or a name is there twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = (each.strip() for each in text.partition("="))
        if not sign:
            raise InputError(f"A setting is given as name=value, not {quote_briefly(text)}.")
        if name in found:
            raise InputError(f"{name} is set twice: give one value.")
        found[name] = value
    return found


def rungs(epochs: int) -> tuple[int, ...]:
    """Return the epochs at which a pruner looks at a trial of so many."""
    count = min(epochs, MAX_RUNGS)
    return tuple(epochs * (number + 1) // count for number in range(count))


def size_of(space: Sequence[Dimension]) -> float:
    """Return the number of different combinations; infinite for a range of numbers."""
    return math.prod(each.count for each in space)


def _trial_count(space: Sequence[Dimension], sampler: str, given: int | None) -> int:
    size = size_of(space)
    if sampler == "grid":
        if math.isinf(size):
            wide = next(each for each in space if math.isinf(each.count))
            raise InputError(
                f"A grid over {wide.text} would be infinite: say how many values it takes, such as "
                f"{wide.text}:5, or choose the sampler random."
            )
        if given is not None and given < size:
            raise InputError(
                f"A grid of these settings has {size:,.0f} trials, not {given:,}: leave the number "
                "out, or choose the sampler random."
            )
    count = given if given is not None else size if sampler == "grid" else min(USUAL_TRIALS, size)
    if sampler in ("grid", "random"):
        count = min(count, size)
    if not 1 <= count <= MAX_TRIALS:
        raise InputError(f"A sweep can have 1 to {MAX_TRIALS:,} trials, not {count:,.0f}.")
    return int(count)


def _check_values(
    new_task: Callable[[], TrialTask], fixed: Mapping[str, Any], space: Sequence[Dimension]
) -> None:
    """Refuse a listed value that is impossible with any value of the others."""
    listed = [each for each in space if isinstance(each, Listed)]
    for dimension in listed:
        others = [each for each in listed if each is not dimension]
        for value in dimension.values:
            refusal = _refusal(new_task, {**fixed, dimension.name: value})
            if refusal is not None and all(
                _refusal(new_task, {**fixed, dimension.name: value, each.name: other})
                for each in others
                for other in each.values
            ):
                raise refusal


def _refusal(new_task: Callable[[], TrialTask], values: Mapping[str, Any]) -> InputError | None:
    """Return why values are impossible together; None if they are not."""
    try:
        new_task().apply(values)
    except InputError as refusal:
        return refusal
    return None


def _check_effects(
    new_task: Callable[[], TrialTask], fixed: Mapping[str, Any], space: Sequence[Dimension]
) -> None:
    """Refuse to vary a setting that changes nothing with any value of the others."""
    choices = [
        [(each.name, value) for value in each.values]
        for each in space
        if isinstance(each, Listed) and each.name in _DECIDING
    ]
    useless = {each.name for each in space}
    for values in itertools.product(*choices):
        origin = new_task()
        origin.apply({**fixed, **dict(values)})
        useless &= settings_without_effect(origin)
    if useless:
        given = [f"{name} {origin.settings[name].value}" for name in _DECIDING & {*origin.settings}]
        raise InputError(
            f"Varying {min(useless)} would change nothing: it has no effect with "
            f"{' and '.join(sorted(given))}."
        )


def _choice(label: str, given: str, known: Sequence[str]) -> str:
    if given.casefold() in known:
        return given.casefold()
    close = get_close_matches(given, known, 1)
    offer = f" Did you mean {close[0]}?" if close else ""
    raise InputError(
        f"There is no {label} {quote_briefly(given)}; there are {', '.join(known)}.{offer}"
    )
