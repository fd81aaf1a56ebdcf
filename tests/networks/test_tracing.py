"""Tracing: what can be replayed is, and what cannot runs as it is."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.torch_internals.recorder import record
from playground.training.core.losses import make_loss
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.batches import Batches
from playground.training.engines import AutogradEngine, Penalties
from playground.training.engines.pure_forward import only_computes
from playground.training.engines.tracing import (
    GradientFunction,
    Gradients,
    TracedGradients,
    does_nothing_but_compute,
    faithful_trace,
)
from tests.support.training.own_modules import MODULES

EXAMPLES = ([torch.tensor([[0.5, -1.0]])], torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0]]))


def gradient_and_calls(
    answer: Callable[[Tensor, Tensor], Tensor],
) -> tuple[GradientFunction, list[int]]:
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
    function, calls = gradient_and_calls(lambda weight, x: torch.tanh(weight @ x))
    traced = trace(function)
    assert traced is not None
    before = len(calls)
    weight, x, y = torch.tensor([[2.0, 0.1]]), torch.tensor([[-1.0], [0.4]]), torch.tensor([[5.0]])
    with torch.inference_mode():
        (replayed,) = traced.replay([weight], x, y)
    assert len(calls) == before
    (expected,) = function([weight], x, y)
    torch.testing.assert_close(replayed, expected)


def test_what_another_thread_computes_meanwhile_is_not_recorded() -> None:
    layer = nn.Linear(3, 2)
    elsewhere: list[Tensor] = []

    def answer(weight: Tensor, x: Tensor) -> Tensor:
        other = Thread(target=lambda: elsewhere.append(layer(torch.ones(1, 3)).sigmoid()))
        other.start()
        other.join()
        return torch.tanh(weight @ x)

    graph = record(
        partial(gradient_and_calls(answer)[0], *EXAMPLES), (*EXAMPLES[0], EXAMPLES[1], EXAMPLES[2])
    )
    names = [str(node.target) for node in graph.graph.nodes]
    assert "aten.tanh.default" in names
    assert not any("sigmoid" in name or "addmm" in name for name in names)
    torch.testing.assert_close(elsewhere[0], torch.sigmoid(layer(torch.ones(1, 3))))


def test_what_is_no_input_stays_the_tensor_that_it_is() -> None:
    kept, x = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])

    def function() -> list[Tensor]:
        kept.add_(1)
        values, _ = torch.sort(x * kept, descending=True)
        return [values]

    graph = record(function, [x])
    assert kept.tolist() == [2, 3]
    assert graph(torch.tensor([1.0, 5.0]))[0].tolist() == [20, 3]
    assert kept.tolist() == [3, 4]


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
    assert trace(gradient_and_calls(answer)[0]) is None


def changing(calls: list[int]) -> Callable[[Tensor, Tensor], Tensor]:
    def answer(weight: Tensor, x: Tensor) -> Tensor:
        calls.append(1)
        return weight @ x * (2 if len(calls) % 2 else 1)

    return answer


def test_what_differs_from_call_to_call_is_not_replayed() -> None:
    assert trace(gradient_and_calls(changing([]))[0]) is None


def test_random_numbers_are_drawn_anew() -> None:
    function, _ = gradient_and_calls(
        lambda weight, x: weight @ (x * torch.bernoulli(torch.ones_like(x) / 2))
    )
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
    def fail(*_: object) -> Sequence[Tensor]:
        raise RuntimeError("a layer does not fit")

    assert trace(fail) is None


def test_only_layers_that_do_nothing_but_compute_are_traced() -> None:
    for name in ("plain", "batch norm", "dropout", "convolution", "partly frozen"):
        assert does_nothing_but_compute(MODULES[name][0]()), name
    for name in ("counts", "noisy by Python", "forward hook", "hook of a parameter", "tied"):
        assert not does_nothing_but_compute(MODULES[name][0]()), name


@pytest.mark.parametrize(
    ("name", "outputs"), [("plain", 1), ("batch norm", 3), ("dropout", 1), ("transformer", 3)]
)
def test_they_are_traced_in_fact(name: str, outputs: int) -> None:
    targets = torch.rand(1, outputs, 6)
    batches = Batches(torch.randn(1, 2, 6), targets, 6, torch.Generator().manual_seed(0))
    loss = make_loss("cross-entropy", "classification", outputs)
    engine = AutogradEngine.from_module(MODULES[name][0](), loss)
    (call,) = engine.program(batches.windows[0])
    call()
    assert engine._traced[6] is not None


GLOBAL = 2.0


class Plain(nn.Module):
    """Only computes; what else one may do is in the subclasses."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
        self.block = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
        self.scale, self.power = nn.Parameter(torch.ones(2)), 2
        self.calls: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        """Compute in all ways that are known."""
        h = torch.cat([x, -x], dim=1)[:, :2] * self.scale + 0.5
        for layer in self.layers:
            h = functional.relu(layer(h)) + torch.nn.functional.softplus(h)
        return self.block[0](self.block(h)) if False else self.block(h).pow(self.power) / 2


class ReallyPlain(Plain):
    def forward(self, x: Tensor) -> Tensor:
        """Compute in all ways that are known."""
        h = torch.cat([x, -x], dim=1)[:, :2] * self.scale + 0.5
        for layer in self.layers:
            h = functional.relu(layer(h)) + torch.nn.functional.softplus(h)
        return self.block(h).pow(self.power) / 2


class UsesAGlobal(Plain):
    def forward(self, x: Tensor) -> Tensor:
        return self.block(x) * GLOBAL


class ChangesAList(Plain):
    def forward(self, x: Tensor) -> Tensor:
        self.calls.append(1)
        return self.block(x)


class AsksTheData(Plain):
    def forward(self, x: Tensor) -> Tensor:
        return self.block(x) if x.max() < 1e9 else x


class ReadsANumber(Plain):
    def forward(self, x: Tensor) -> Tensor:
        return self.block(x) * float(x.detach().mean())


class ChangesInPlace(Plain):
    def forward(self, x: Tensor) -> Tensor:
        x += 1
        return self.block(x)


class DropsOut(Plain):
    def forward(self, x: Tensor) -> Tensor:
        return self.block(functional.dropout(x, 0.5))


class HasAProperty(Plain):
    @property
    def factor(self) -> float:
        return float(len(self.calls))

    def forward(self, x: Tensor) -> Tensor:
        return self.block(x) * self.factor


class CallsAMethod(Plain):
    def inner(self, x: Tensor) -> Tensor:
        return self.block(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x)


class Decorated(Plain):
    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return self.block(x)


class Called(ReallyPlain):
    def __call__(self, x: Tensor) -> Tensor:
        return 2 * super().__call__(x)


def test_a_forward_pass_that_only_computes_is_known_by_its_source() -> None:
    assert only_computes(ReallyPlain())
    assert does_nothing_but_compute(nn.Sequential(ReallyPlain(), nn.ReLU()))
    module = ReallyPlain()
    module.forward = Plain.forward.__get__(module)
    assert not only_computes(module)
    namespace: dict[str, Any] = {"nn": nn}
    exec("class Typed(nn.Linear):\n    def forward(self, x):\n        return x", namespace)
    assert not only_computes(namespace["Typed"](2, 2)), "the source is not known"


@pytest.mark.parametrize(
    "kind",
    [
        Plain, UsesAGlobal, ChangesAList, AsksTheData, ReadsANumber, ChangesInPlace, DropsOut,
        HasAProperty, CallsAMethod, Decorated, Called,
    ],
)  # fmt: skip
def test_a_forward_pass_that_might_do_more_is_not(kind: type[nn.Module]) -> None:
    assert not only_computes(kind())


def test_a_plain_forward_pass_is_traced_and_learns_the_same() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(ReallyPlain(), nn.Linear(2, 1))
    twin = copy.deepcopy(network)
    inputs, targets = torch.randn(1, 2, 6), torch.rand(1, 1, 6)
    batches = Batches(inputs, targets, 6, torch.Generator().manual_seed(0))
    loss = make_loss("squared error", "regression", 1)
    engine, optimiser = AutogradEngine.from_module(network, loss), OPTIMISERS["SGD"]
    (call,), rule = engine.program(batches.windows[0]), optimiser(engine.values)
    reference = torch.optim.SGD(twin.parameters(), lr=0.1)
    for step in range(6):
        if step == 3:  # a setting that the trace holds
            network[0].power = twin[0].power = 3
            engine.refresh()
        engine.step((call,), rule, 0.1, Penalties())
        reference.zero_grad()
        (twin(inputs[0].T) - targets[0].T).square().mean().backward()
        reference.step()
        assert engine._traced[6] is not None
    for mine, theirs in zip(network.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)


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
