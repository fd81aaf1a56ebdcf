"""What Optuna's samplers and pruners do with the trials of a sweep."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.trials.plan import make_plan
from playground.trials.trial_sampler import TrialSampler
from tests.populations.test_trials import RATE, trial


def test_optuna_samples_where_it_was_good_and_prunes_what_is_bad() -> None:
    pytest.importorskip("optuna")
    plan = make_plan("gates", [RATE, "gate=XOR,AND"], trials=40, sampler="tpe", pruner="median")
    known = [
        trial(
            number,
            abs(number - 12) / 10,
            values={"learning_rate": 10 ** -(1 + number / 10), "gate": "XOR"},
            reports=(0.5, 0.4),
        )
        for number in range(30)
    ]
    sampler = TrialSampler(plan, known)
    drawn = [sampler.ask_trial(number) for number in range(30, 40)]
    rates = np.log10([each["learning_rate"] for each in drawn])
    assert np.median(np.abs(rates + 2.2)) < 0.5, "where the known ones were best"
    assert all(each["gate"] in ("XOR", "AND") for each in drawn)
    assert not sampler.report_and_should_prune(30, (0.45,), 0)
    assert sampler.report_and_should_prune(30, (0.45, 0.9), 1)
    sampler.end(trial(30, 0.9, values=drawn[0], status="pruned"))
    sampler.end(trial(31, math.nan, values=drawn[1], status="diverged"))
    sampler.end(trial(32, 0.1, values=drawn[2], status="cancelled"))
    assert sampler.ask_trial(33, {"learning_rate": 0.01, "gate": "AND"})["gate"] == "AND"


@pytest.mark.parametrize("sampler", ["tpe", "gp"])
def test_each_sampler_of_optuna_draws_from_the_whole_space_and_learns(sampler: str) -> None:
    pytest.importorskip("optuna")
    plan = make_plan("gates", [RATE, "batch_size=1..8"], trials=16, sampler=sampler)
    known = [
        trial(
            number,
            abs(number - 9) / 10,
            values={"learning_rate": 10 ** -(1 + 3 * number / 11), "batch_size": 1 + number % 8},
        )
        for number in range(12)
    ]
    sampler = TrialSampler(plan, known)
    drawn = [sampler.ask_trial(number) for number in range(12, 16)]
    assert all(1e-4 <= each["learning_rate"] <= 1e-1 for each in drawn)
    assert all(each["batch_size"] in range(1, 9) for each in drawn)
    away = np.abs(np.log10([each["learning_rate"] for each in drawn]) + 1 + 27 / 11)
    assert np.median(away) < 0.6, "where the known ones were best, of three decades"


@pytest.mark.parametrize("pruner", ["median", "halving", "hyperband"])
def test_each_pruner_of_optuna_ends_what_is_worse_than_all_others(pruner: str) -> None:
    pytest.importorskip("optuna")
    plan = make_plan("gates", [RATE], trials=40, pruner=pruner)
    sampler = TrialSampler(plan)
    ended = {}
    for number in range(24):
        values = sampler.ask_trial(number)
        # Every fourth trial stays bad; the others get better and better.
        losses = [1.0 - 0.04 * rung if number % 4 else 9.0 for rung in range(20)]
        known = 0
        while known < 20 and not sampler.report_and_should_prune(
            number, losses[: known + 1], known
        ):
            known += 1
        ended[number] = known < 20
        status = "pruned" if ended[number] else "finished"
        sampler.end(
            trial(number, losses[-1], values=values, status=status, reports=(*losses[:known],))
        )
    bad = [ended[number] for number in range(8, 24) if number % 4 == 0]
    assert sum(bad) >= 3, "bad ones are ended, once there are others to compare them with"
    good = [ended[number] for number in range(24) if number % 4]
    assert not all(good)
    if pruner == "median":  # The others end a share of all, however good.
        assert not any(good)
