"""Activations against the modules they stand for, against autograd and finite differences."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck

from playground.networks.dense.activations import ACTIVATIONS, Activation, Step
from tests.support.each_case import in_turn

SHAPES = [(1, 8, 10), (3, 5, 7), (2, 1, 1), (6, 4)]
SMOOTH = ["tanh", "sigmoid", "linear", "GELU", "SiLU", "Mish", "softplus", "sine"]

each_activation = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
each_shape = in_turn("shape", SHAPES)


def sums(shape: tuple[int, ...], dtype: torch.dtype = torch.float64) -> Tensor:
    """Draw inputs that reach every branch of every activation."""
    return 3 * torch.randn(shape, generator=torch.Generator().manual_seed(5), dtype=dtype)


def forwards(activation: Activation, z: Tensor) -> tuple[Tensor, Tensor]:
    """Return z and a as an engine holds them: in one tensor where the activation allows it."""
    z = z.clone()
    a = torch.empty_like(z) if activation.keeps_input else z
    activation.forward_(z, a)
    return z, a


def test_registry_is_complete_and_in_order() -> None:
    assert list(ACTIVATIONS) == [
        "tanh", "ReLU", "sigmoid", "linear", "leaky ReLU", "ELU",
        "GELU", "SiLU", "Mish", "softplus", "sine", "step",
    ]  # fmt: skip
    assert all(rule.formula for rule in ACTIVATIONS.values())


@each_activation
@each_shape
@in_turn("dtype", [torch.float32, torch.float64])
def test_forward_is_the_module(
    activation: Activation, shape: tuple[int, ...], dtype: torch.dtype
) -> None:
    z = sums(shape, dtype)
    _, a = forwards(activation, z)
    torch.testing.assert_close(a, activation.module()(z))


@each_activation
def test_the_approximation_is_near_and_as_finite(activation: Activation) -> None:
    extremes = torch.tensor([0.0, -0.0, 1e-30, 1e4, -1e4, 3e38, -3e38])
    for z in (sums((2, 8, 40)), extremes[None]):
        exact, near = torch.empty_like(z), torch.empty_like(z)
        activation.forward_(z, exact)
        activation.approximate_(z, near)
        torch.testing.assert_close(near, exact, rtol=1e-6, atol=1e-6)
        if not activation.keeps_input:
            activation.approximate_(z, z)
            torch.testing.assert_close(z, near)


@each_activation
def test_forward_into_another_tensor_leaves_the_input(activation: Activation) -> None:
    z = sums((2, 8, 10))
    before, out = z.clone(), torch.empty_like(z)
    activation.forward_(z, out)
    assert torch.equal(z, before)
    torch.testing.assert_close(out, activation.module()(z))


@each_activation
@each_shape
def test_backward_is_autograd_through_the_module(
    activation: Activation, shape: tuple[int, ...]
) -> None:
    inputs = sums(shape).requires_grad_()
    grad = torch.randn_like(inputs)
    activation.module()(inputs).backward(grad)
    z, a = forwards(activation, inputs.detach())
    if not activation.keeps_input:
        z = torch.full_like(z, torch.nan)
    with torch.inference_mode():
        activation.backward_(grad, z, a.clone())
    torch.testing.assert_close(grad, inputs.grad, rtol=0, atol=1e-9)


@in_turn("shape", [(3, 9, 10), (3, 2, 10), (3, 9, 1)])
@in_turn("dtype", [torch.float32, torch.float64])
@each_activation
def test_works_on_rows_of_a_larger_tensor(
    activation: Activation, dtype: torch.dtype, shape: tuple[int, ...]
) -> None:
    whole = sums(shape).to(dtype)
    last, rows = whole[:, -1].clone(), whole[:, :-1]
    expected, slopes = activation.module()(rows), activation.derivative(*forwards(activation, rows))
    z = rows.clone() if activation.keeps_input else rows
    activation.forward_(z, rows)
    torch.testing.assert_close(rows, expected)
    grad = torch.ones(shape, dtype=dtype)
    activation.backward_(grad[:, :-1], z, rows)
    torch.testing.assert_close(grad[:, :-1], slopes)
    assert torch.equal(whole[:, -1], last)
    assert torch.equal(grad[:, -1], torch.ones_like(grad[:, -1]))


@pytest.mark.parametrize("name", SMOOTH)
def test_derivative_is_the_finite_difference(name: str) -> None:
    activation, nudge = ACTIVATIONS[name], 1e-6
    z = sums((2, 8, 10))
    (_, above), (_, below) = forwards(activation, z + nudge), forwards(activation, z - nudge)
    slope = activation.derivative(*forwards(activation, z))
    torch.testing.assert_close(slope, (above - below) / (2 * nudge), rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", SMOOTH)
def test_module_passes_gradcheck(name: str) -> None:
    assert gradcheck(ACTIVATIONS[name].module(), sums((1, 3, 4)).requires_grad_())


def test_derivative_tells_dead_and_saturated_units() -> None:
    z = torch.tensor([[[-9.0, -8.0], [9.0, 8.0]]])
    relu = ACTIVATIONS["ReLU"].derivative(*forwards(ACTIVATIONS["ReLU"], z))
    assert relu.tolist() == [[[0, 0], [1, 1]]]
    assert (ACTIVATIONS["tanh"].derivative(*forwards(ACTIVATIONS["tanh"], z)) < 0.02).all()


def test_step_is_a_step_with_a_window_to_learn_through() -> None:
    z = torch.tensor([-5.0, -0.5, 0.0, 0.5, 5.0], requires_grad=True)
    out = Step()(z)
    out.sum().backward()
    assert out.tolist() == [0, 0, 0, 1, 1]
    assert z.grad is not None
    assert z.grad.tolist() == [0, 1, 1, 1, 0]


@each_activation
def test_extreme_sums_stay_finite(activation: Activation) -> None:
    z, a = forwards(activation, torch.tensor([[[-1e4, -1e2, 0, 1e2, 1e4]]]))
    assert a.isfinite().all()
    assert activation.derivative(z, a).isfinite().all()


@each_activation
def test_can_be_copied_and_pickled(activation: Activation) -> None:
    z = sums((1, 2, 3))
    module = pickle.loads(pickle.dumps(copy.deepcopy(activation.module())))
    torch.testing.assert_close(module(z), activation.module()(z))
