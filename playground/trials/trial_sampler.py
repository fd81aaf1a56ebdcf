"""What is tried next, and what is given up: a design, or Optuna's samplers and pruners."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from playground.errors import InputError
from playground.seeds import next_seed
from playground.trials.design import Values, designed_values
from playground.trials.plan import SweepPlan
from playground.trials.space import Dimension, Listed
from playground.trials.trial import Trial

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

DESIGNED = ("grid", "random")
"""Samplers whose trials are known from the beginning."""


class TrialSampler:
    """Chooses the values of trials, and decides which end early.

    Optuna is imported only where the plan asks for a sampler or a pruner of it.

    Parameters
    ----------
    plan : SweepPlan
    known : sequence of Trial
        Those of an earlier run of the same sweep.
    """

    def __init__(self, plan: SweepPlan, known: Sequence[Trial] = ()) -> None:
        self._plan = plan
        self._designed = designed_values(plan) if plan.sampler in DESIGNED else None
        self._study: optuna.Study | None = None
        self._asked: dict[int, optuna.Trial] = {}
        if self._designed is None or plan.pruner != "none":
            self._study = _make_study(plan, len(known))
            self._distributions = {each.name: _distribution(each) for each in plan.space}
            for trial in known:
                if not trial.is_open:
                    self._add_ended(self._study, trial)

    def ask_trial(self, number: int, values: Values | None = None) -> Values:
        """Register a trial, and return its values.

        Parameters
        ----------
        number : int
        values : dict, optional
            Those that it has already, if it was interrupted.
        """
        if values is None and self._designed is not None:
            values = self._designed[number]
        if self._study is None:
            assert values is not None, "without a study all trials are designed"
            return values
        if values is not None:
            self._study.enqueue_trial(self._parameters(values))
        asked = self._asked[number] = self._study.ask(self._distributions)
        return values if values is not None else self._values(asked.params)

    def report_and_should_prune(self, number: int, reports: Sequence[float], known: int) -> bool:
        """Report the metrics of a trial to the pruner; return whether to end the trial early.

        Parameters
        ----------
        number : int
            Of a trial of `ask_trial`.
        reports : sequence of float
            Its metric after each rung so far.
        known : int
            How many of them were reported before.
        """
        asked = self._asked.get(number)
        if asked is None:
            return False
        for rung, metric in enumerate(reports[known:], known):
            asked.report(metric, rung)
            if asked.should_prune():
                return True
        return False

    def end(self, trial: Trial) -> None:
        """Tell how a trial has ended."""
        asked = self._asked.pop(trial.number, None)
        if asked is None or self._study is None:
            return
        state, value = _ending(self._plan, trial)
        self._study.tell(asked, value, state)

    def _add_ended(self, study: optuna.Study, trial: Trial) -> None:
        from optuna.trial import create_trial

        state, value = _ending(self._plan, trial)
        study.add_trial(
            create_trial(
                state=state,
                value=value,
                params=self._parameters(trial.values),
                distributions=self._distributions,
                intermediate_values=dict(enumerate(trial.reports)),
            )
        )

    def _parameters(self, values: Any) -> Values:  # noqa: ANN401 (any mapping)
        """Return values as Optuna knows them: those of a list by their texts."""
        return {
            each.name: each.texts[each.values.index(values[each.name])]
            if isinstance(each, Listed)
            else values[each.name]
            for each in self._plan.space
        }

    def _values(self, parameters: Values) -> Values:
        return {
            each.name: each.values[each.texts.index(parameters[each.name])]
            if isinstance(each, Listed)
            else parameters[each.name]
            for each in self._plan.space
        }


def _make_study(plan: SweepPlan, known: int) -> optuna.Study:
    try:
        import optuna
    except ImportError:
        raise InputError(
            f"The sampler {plan.sampler} with the pruner {plan.pruner} needs Optuna: "
            "pip install 'neural-playground[sweep]'."
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # A sweep that goes on must not draw again what it has drawn before.
    seed = next_seed(plan.seed, known)
    samplers: dict[str, Any] = {
        "tpe": lambda: optuna.samplers.TPESampler(seed=seed, constant_liar=True),
        "gp": lambda: optuna.samplers.GPSampler(seed=seed),
    }
    pruners: dict[str, Any] = {
        "none": optuna.pruners.NopPruner,
        "median": optuna.pruners.MedianPruner,
        "halving": optuna.pruners.SuccessiveHalvingPruner,
        "hyperband": optuna.pruners.HyperbandPruner,
    }
    return optuna.create_study(
        direction="minimize" if plan.lower_is_better else "maximize",
        sampler=samplers.get(plan.sampler, lambda: optuna.samplers.RandomSampler(seed))(),
        pruner=pruners[plan.pruner](),
        study_name=plan.id,
    )


def _distribution(dimension: Dimension) -> BaseDistribution:
    from optuna import distributions

    if isinstance(dimension, Listed):
        return distributions.CategoricalDistribution(dimension.texts)
    if dimension.is_whole:
        return distributions.IntDistribution(
            int(dimension.low), int(dimension.high), log=dimension.is_log
        )
    return distributions.FloatDistribution(dimension.low, dimension.high, log=dimension.is_log)


def _ending(plan: SweepPlan, trial: Trial) -> tuple[optuna.trial.TrialState, float | None]:
    """Return what Optuna is told of a trial that has ended."""
    from optuna.trial import TrialState

    metric = plan.metric_of(trial.scores)
    if trial.status == "diverged":
        return TrialState.COMPLETE, math.inf if plan.lower_is_better else -math.inf
    if trial.status == "pruned":
        return TrialState.PRUNED, None
    if trial.status == "finished" and not math.isnan(metric):
        return TrialState.COMPLETE, metric
    return TrialState.FAIL, None
