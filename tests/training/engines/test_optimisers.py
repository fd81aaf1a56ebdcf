"""Optimisers against `torch.optim`, fifty steps long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, optim

from playground.errors import InputError
from playground.training.core.optimisers import OPTIMISERS, Optimiser, OptimiserOptions
from tests.support.each_case import in_turn

COPIES, SIZE, STEPS = 3, 11, 50
RATE = 0.02
TOLERANCES = {torch.float32: 1e-6, torch.float64: 1e-12}

DEFAULTS = OptimiserOptions()
OPTIONS = {
    "defaults": DEFAULTS,
    "others": OptimiserOptions(momentum=0.5, beta1=0.7, beta2=0.95),
    "zeros": OptimiserOptions(momentum=0.0, beta1=0.0, beta2=0.0),
}
REFERENCES: dict[str, Callable[..., optim.Optimizer]] = {
    "SGD": lambda p, o=DEFAULTS, **options: optim.SGD(p, **options),
    "momentum": lambda p, o=DEFAULTS, **options: optim.SGD(p, momentum=o.momentum, **options),
    "Nesterov": lambda p, o=DEFAULTS, **options: optim.SGD(
        p, momentum=o.momentum, nesterov=o.momentum > 0, **options
    ),
    "RMSprop": lambda p, o=DEFAULTS, **options: optim.RMSprop(p, **options),
    "Adagrad": lambda p, o=DEFAULTS, **options: optim.Adagrad(p, **options),
    "Adam": lambda p, o=DEFAULTS, **options: optim.Adam(p, betas=(o.beta1, o.beta2), **options),
    "AdamW": lambda p, o=DEFAULTS, **options: optim.AdamW(p, betas=(o.beta1, o.beta2), **options),
}

each_optimiser = pytest.mark.parametrize("rule", OPTIMISERS.values(), ids=OPTIMISERS)


def start(dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(COPIES, SIZE, generator=torch.Generator().manual_seed(1), dtype=dtype)


def gradients(dtype: torch.dtype = torch.float64, steps: int = STEPS) -> list[Tensor]:
    """Draw gradients of very different sizes, some of them zero."""
    random = torch.Generator().manual_seed(2)
    sizes = 10 ** torch.linspace(-4, 1, SIZE, dtype=dtype)
    drawn = torch.randn(steps, COPIES, SIZE, generator=random, dtype=dtype) * sizes
    return list(drawn * (torch.rand(drawn.shape, generator=random) > 0.1))


def run(
    optimiser: Optimiser,
    weights: Tensor,
    steps: list[Tensor],
    rate: float | Tensor = RATE,
    decay: float = 0.0,
) -> Tensor:
    """Take a step for each gradient as an engine does, L2 in the gradient unless decoupled."""
    with torch.inference_mode():
        for gradient in steps:
            penalty = 0.0 if optimiser.decoupled_decay else decay
            optimiser.step_(weights, gradient + penalty * weights, rate, decay)
    return weights


def torch_weights(
    name: str,
    steps: list[Tensor],
    dtype: torch.dtype,
    decay: float,
    options: OptimiserOptions = DEFAULTS,
) -> Tensor:
    weights = start(dtype).requires_grad_()
    oracle = REFERENCES[name]([weights], options, lr=RATE, weight_decay=decay)
    for gradient in steps:
        weights.grad = gradient.clone()
        oracle.step()
    return weights.detach()


def test_registry_is_complete_and_in_order() -> None:
    assert list(OPTIMISERS) == list(REFERENCES)
    assert all(0 < rule.typical_rate < 1 for rule in OPTIMISERS.values())


@each_optimiser
@in_turn("decay", [0.0, 0.05])
@in_turn("dtype", TOLERANCES)
@in_turn("options", OPTIONS.values())
def test_fifty_steps_equal_torch_optim(
    rule: type[Optimiser], decay: float, dtype: torch.dtype, options: OptimiserOptions
) -> None:
    steps = gradients(dtype)
    optimiser = rule(start(dtype))
    optimiser.options = options
    weights = run(optimiser, start(dtype), steps, decay=decay)
    oracle = torch_weights(rule.name, steps, dtype, decay, options)
    torch.testing.assert_close(weights, oracle, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])


@each_optimiser
@in_turn("decay", [0.0, 0.05])
def test_a_rate_for_each_copy_steps_each_as_if_alone(rule: type[Optimiser], decay: float) -> None:
    rates = torch.tensor([[0.001], [RATE], [0.5]], dtype=torch.float64)
    together = run(rule(start()), start(), gradients(), rates, decay)
    for copy, rate in enumerate(rates.flatten().tolist()):
        own = start()[copy : copy + 1].clone()
        alone = run(rule(own), own, [g[copy : copy + 1] for g in gradients()], rate, decay)
        torch.testing.assert_close(together[copy : copy + 1], alone, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("rate", [0.1, torch.full((COPIES, 1), 0.1, dtype=torch.float64)], ids=type)
def test_decoupled_decay_spares_what_is_masked(rate: float | Tensor) -> None:
    mask = torch.ones(1, SIZE, dtype=torch.float64)
    mask[:, -1] = 0
    weights = start()
    OPTIMISERS["AdamW"](weights, mask).step_(weights, torch.zeros_like(weights), rate, decay=0.5)
    torch.testing.assert_close(weights[:, :-1], 0.95 * start()[:, :-1])
    assert torch.equal(weights[:, -1], start()[:, -1])


@each_optimiser
def test_decay_shrinks_only_where_it_is_decoupled(rule: type[Optimiser]) -> None:
    weights = start()
    rule(weights).step_(weights, torch.zeros_like(weights), 0.1, decay=0.5)
    assert torch.equal(weights, start()) is not rule.decoupled_decay


@each_optimiser
def test_resumes_from_its_state(rule: type[Optimiser]) -> None:
    steps = gradients()
    first = rule(start())
    weights = run(first, start(), steps[:20])
    state = first.state()
    resumed = rule(weights)
    resumed.load(state)
    run(first, weights.clone(), steps[20:])  # must not reach into the state taken above
    again = rule(weights)
    again.load(state)
    whole = run(rule(start()), start(), steps)
    assert torch.equal(run(resumed, weights.clone(), steps[20:]), whole)
    assert torch.equal(run(again, weights.clone(), steps[20:]), whole)


@each_optimiser
def test_refuses_another_networks_state_and_keeps_its_own(rule: type[Optimiser]) -> None:
    optimiser = rule(start())
    run(optimiser, start(), gradients(steps=3))
    before = optimiser.state()
    with pytest.raises(InputError, match=rule.name):
        optimiser.load({"unheard of": torch.zeros(2), **before})
    for name, tensor in before.items():
        with pytest.raises(InputError, match="should hold"):
            optimiser.load({**before, name: torch.zeros(*tensor.shape, 2)})
    assert all(torch.equal(now, before[name]) for name, now in optimiser.state().items())


@each_optimiser
def test_one_made_while_inferring_steps_outside(rule: type[Optimiser]) -> None:
    with torch.inference_mode():
        optimiser = rule(start())
    weights = start()
    optimiser.step_(weights, torch.ones_like(weights), RATE)
    assert (weights < start()).all()
