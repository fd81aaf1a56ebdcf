"""Tracing: what can be replayed is, and what cannot runs as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from playground.training.engines.tracing import GradientFunction, traced_if_faithful, with_autograd

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


def test_a_trace_is_replayed_without_the_function() -> None:
    function, calls = counted(lambda weight, x: torch.tanh(weight @ x))
    traced = traced_if_faithful(function, EXAMPLES)
    before = len(calls)
    weight, x, y = torch.tensor([[2.0, 0.1]]), torch.tensor([[-1.0], [0.4]]), torch.tensor([[5.0]])
    with torch.inference_mode():
        (replayed,) = traced([weight], x, y)
    assert len(calls) == before
    (expected,) = function([weight], x, y)
    torch.testing.assert_close(replayed, expected)


def by_the_data(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ x if x.sum() > 0 else weight @ x.square()


def in_secret(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ x if x.detach().numpy().sum() > 0 else weight @ x.square()


def noisy(weight: Tensor, x: Tensor) -> Tensor:
    return weight @ (x * torch.bernoulli(torch.ones_like(x) / 2))


@pytest.mark.parametrize("answer", [by_the_data, in_secret, noisy])
def test_what_cannot_be_replayed_faithfully_runs_as_it_is(
    answer: Callable[[Tensor, Tensor], Tensor],
) -> None:
    torch.manual_seed(0)
    function, calls = counted(answer)
    untraced = traced_if_faithful(function, EXAMPLES)
    before = len(calls)
    for x in (EXAMPLES[1], -EXAMPLES[1]):
        torch.manual_seed(1)
        with torch.inference_mode():
            (gradient,) = untraced(EXAMPLES[0], x, EXAMPLES[2])
        torch.manual_seed(1)
        torch.testing.assert_close(gradient, function(EXAMPLES[0], x, EXAMPLES[2])[0])
    assert len(calls) == before + 4


def test_recording_works_where_autograd_is_off_and_its_inputs_were_made_there() -> None:
    function, _ = counted(lambda weight, x: weight @ x)
    expected = function(*EXAMPLES)[0]
    with torch.inference_mode():
        inputs, targets = EXAMPLES[1] * 1, EXAMPLES[2] * 1
        assert torch.equal(with_autograd(function)(EXAMPLES[0], inputs, targets)[0], expected)


def test_errors_of_the_function_are_not_hidden() -> None:
    def broken(*_: object) -> Sequence[Tensor]:
        raise RuntimeError("a layer does not fit")

    untraced = traced_if_faithful(broken, EXAMPLES)
    with pytest.raises(RuntimeError, match="does not fit"):
        untraced(*EXAMPLES)
