"""Schedules against `torch.optim.lr_scheduler`."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import SGD, lr_scheduler

from playground.training.core.schedules import SCHEDULES, Plateau

STEPS = 200


def optimiser() -> SGD:
    return SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def rates(scheduler: lr_scheduler.LRScheduler, count: int) -> list[float]:
    """Collect the learning rate before each of `count` steps."""
    found = []
    for _ in range(count):
        found.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return found


def factors(name: str, horizon: int, count: int) -> list[float]:
    return [SCHEDULES[name](step / horizon) for step in range(count)]


def test_registry_is_complete_and_in_order() -> None:
    assert list(SCHEDULES) == ["constant", "step", "cosine", "one-cycle"]


def test_constant_is_one() -> None:
    assert set(factors("constant", 10, 20)) == {1}


def test_step_is_pytorchs() -> None:
    oracle = rates(lr_scheduler.StepLR(optimiser(), STEPS // 5, gamma=0.5), STEPS)
    assert factors("step", STEPS, STEPS) == oracle


def test_cosine_is_pytorchs() -> None:
    scheduler = lr_scheduler.CosineAnnealingLR(optimiser(), STEPS, eta_min=0.01)
    oracle = rates(scheduler, STEPS + 1)
    assert factors("cosine", STEPS, STEPS + 1) == pytest.approx(oracle, abs=1e-9)


def test_one_cycle_is_pytorchs() -> None:
    # PyTorch puts the peak at step pct_start * total - 1 and the end at step total - 1.
    scheduler = lr_scheduler.OneCycleLR(
        optimiser(),
        max_lr=1.0,
        total_steps=STEPS + 1,
        pct_start=(0.3 * STEPS + 1) / (STEPS + 1),
        cycle_momentum=False,
        div_factor=25,
        final_div_factor=1e4 / 25,
    )
    oracle = rates(scheduler, STEPS)
    assert factors("one-cycle", STEPS, STEPS) == pytest.approx(oracle, abs=1e-9)
    assert SCHEDULES["one-cycle"](0.3) == 1
    assert SCHEDULES["one-cycle"](1.0) == pytest.approx(1e-4)


@pytest.mark.parametrize("name", SCHEDULES)
@given(progress=st.floats(-1, 1e6))
def test_factors_are_positive_and_end_values_hold(name: str, progress: float) -> None:
    factor = SCHEDULES[name](progress)
    assert 0 < factor <= 1
    if progress >= 1:
        assert factor == SCHEDULES[name](1.0)
    if progress <= 0:
        assert factor == SCHEDULES[name](0.0)


@pytest.mark.filterwarnings("ignore:Detected call of")
@given(
    losses=st.lists(st.sampled_from([3.0, 2.0, 1.99999, 1.9, 1.0, 0.0, float("inf")]), max_size=40),
    patience=st.integers(0, 4),
    factor=st.sampled_from([0.1, 0.5, 0.9]),
    rate=st.sampled_from([1.0, 1e-5]),
)
def test_plateau_is_pytorchs(
    losses: list[float], patience: int, factor: float, rate: float
) -> None:
    optimiser = SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    oracle = lr_scheduler.ReduceLROnPlateau(optimiser, factor=factor, patience=patience)
    plateau = Plateau()
    for loss in losses:
        oracle.step(loss)
        plateau = plateau.after(loss, since=0, rate=rate, factor=factor, patience=patience)
        assert rate * plateau.factor == pytest.approx(optimiser.param_groups[0]["lr"], rel=1e-9)
        assert (plateau.best, plateau.bad_epochs) == (oracle.best, oracle.num_bad_epochs)
