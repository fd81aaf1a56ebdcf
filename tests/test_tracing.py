"""Tracing: what can be replayed is, and what cannot runs as it is."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor, nn

from playground.training.core.losses import make_loss
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.batches import Batches
from playground.training.engines import AutogradEngine, Penalties
from playground.training.engines.tracing import (
    GradientFunction,
    Gradients,
    TracedGradients,
    consists_of_known_layers,
    faithful_trace,
)
from tests.own_modules import MODULES

EXAMPLES = ([torch.tensor([[0.5, -1.0]])], torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0]]))


def counted(answer: Callable[[Tensor, Tensor], Tensor]) -> tuple[GradientFunction, list[int]]:
    """Return a function that gives an answer's gradient, and the list that counts its calls."""
    calls: list[int] = []

    def gradients(
        parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor
    ) -> Sequence[Tensor]:
        calls.append(1)
        free = parameters[0].detach().requires_grad_()
        value = (answer(free, inputs) - targets).square().sum()
        return torch.autograd.grad(value, [free])

    return gradients, calls


def trace(function: GradientFunction) -> TracedGradients | None:
    """Trace a function that belongs to no module."""

    def reference(inputs: Tensor, targets: Tensor) -> Gradients:
        return function(EXAMPLES[0], inputs, targets)

    return faithful_trace(function, reference, EXAMPLES, nn.Identity())


def test_a_trace_is_replayed_without_the_function() -> None:
    function, calls = counted(lambda weight, x: torch.tanh(weight @ x))
    traced = trace(function)
    assert traced is not None
    before = len(calls)
    weight, x, y = torch.tensor([[2.0, 0.1]]), torch.tensor([[-1.0], [0.4]]), torch.tensor([[5.0]])
    with torch.inference_mode():
        (replayed,) = traced.replay([weight], x, y)
    assert len(calls) == before
    (expected,) = function([weight], x, y)
    torch.testing.assert_close(replayed, expected)


def by_the_data(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ x if x.sum() > 0 else weight @ x.square()


def in_secret(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ x if x.detach().numpy().sum() > 0 else weight @ x.square()


def in_place(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ x.mul_(2)


def by_python(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ x * random.random()


@pytest.mark.parametrize("answer", [by_the_data, in_secret, in_place, by_python])
def test_what_cannot_be_replayed_faithfully_is_not(
    answer: Callable[[Tensor, Tensor], Tensor],
) -> None:
    assert trace(counted(answer)[0]) is None


def changing(calls: list[int]) -> Callable[[Tensor, Tensor], Tensor]:
    def answer(weight: Tensor, x: Tensor) -> Tensor:
        calls.append(1)
        return weight @ x * (2 if len(calls) % 2 else 1)

    return answer


def test_what_differs_from_call_to_call_is_not_replayed() -> None:
    assert trace(counted(changing([]))[0]) is None


def test_random_numbers_are_drawn_anew() -> None:
    function, _ = counted(lambda weight, x: weight @ (x * torch.bernoulli(torch.ones_like(x) / 2)))
    traced = trace(function)
    assert traced is not None
    for seed in range(20):
        torch.manual_seed(seed)
        (replayed,) = traced.replay(*EXAMPLES)
        torch.manual_seed(seed)
        torch.testing.assert_close(replayed, function(*EXAMPLES)[0])


def test_recording_works_where_autograd_is_off_and_its_inputs_were_made_there() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    with torch.inference_mode():
        batches = Batches(
            torch.randn(1, 2, 4), torch.rand(1, 1, 4), 4, torch.Generator().manual_seed(0)
        )
        engine = AutogradEngine.from_module(network, make_loss("Huber", "regression", 1))
        rule, program = OPTIMISERS["SGD"](engine.values), engine.program(batches.windows[0])
        engine.step(program, rule, 0.1, Penalties())
    assert engine.gradient.any()


def test_what_fails_is_not_replayed() -> None:
    def broken(*_: object) -> Sequence[Tensor]:
        raise RuntimeError("a layer does not fit")

    assert trace(broken) is None


def test_only_layers_that_do_nothing_but_compute_are_traced() -> None:
    for name in ("plain", "batch norm", "dropout", "convolution", "partly frozen"):
        assert consists_of_known_layers(MODULES[name][0]()), name
    for name in ("counts", "noisy by Python", "forward hook", "hook of a parameter", "tied"):
        assert not consists_of_known_layers(MODULES[name][0]()), name


def test_changes_of_a_module_are_responded_to() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5), nn.Linear(3, 1))
    inputs, targets = torch.randn(1, 2, 6), torch.rand(1, 1, 6)
    batches = Batches(inputs, targets, 6, torch.Generator().manual_seed(0))
    engine = AutogradEngine.from_module(network, make_loss("squared error", "regression", 1))
    (call,) = engine.program(batches.windows[0])
    torch.manual_seed(1)
    call()
    dropped = engine.gradient.clone()
    network[1].eval()
    engine.refresh()
    call()
    (network(inputs[0].T) - targets[0].T).square().mean().backward()
    expected = torch.cat([each.grad.reshape(-1) for each in network.parameters()])
    torch.testing.assert_close(engine.gradient[0], expected)
    assert not torch.allclose(engine.gradient, dropped)
    network[0].requires_grad_(False)
    engine.refresh()
    call()
    assert engine.present == (False, False, True, True)
