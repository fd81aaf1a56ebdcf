"""Initial weights: against `nn.Linear`, and against the moments the papers ask for."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Generator, Tensor, nn

from playground.networks.dense.initialisers import INITIALISERS

each_initialiser = pytest.mark.parametrize("name", INITIALISERS)


def draw(name: str, outputs: int, inputs: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    weight, bias = torch.full((outputs, inputs), torch.nan), torch.full((outputs,), torch.nan)
    INITIALISERS[name](weight, bias, Generator().manual_seed(seed))
    return weight, bias


def test_registry_is_complete_and_in_order() -> None:
    assert list(INITIALISERS) == ["PyTorch default", "Xavier", "He", "uniform", "zero"]


@pytest.mark.parametrize(("outputs", "inputs"), [(4, 2), (1, 8), (32, 32)])
def test_pytorch_default_draws_what_linear_draws(outputs: int, inputs: int) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(11)
        linear = nn.Linear(inputs, outputs)
    weight, bias = draw("PyTorch default", outputs, inputs, seed=11)
    assert torch.equal(weight, linear.weight)
    assert torch.equal(bias, linear.bias)


@each_initialiser
def test_chance_comes_from_the_generator_only(name: str) -> None:
    before = torch.get_rng_state()
    first, again = draw(name, 5, 3), draw(name, 5, 3)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert torch.equal(torch.get_rng_state(), before)
    other = draw(name, 5, 3, seed=1)
    assert torch.equal(first[0], other[0]) is (name == "zero")


@each_initialiser
def test_fills_views_of_one_tensor_and_nothing_beside_them(name: str) -> None:
    layer = torch.full((6, 5), torch.nan)
    INITIALISERS[name](layer[:4, :-1], layer[:4, -1], Generator().manual_seed(0))
    assert layer[:4].isfinite().all()
    assert layer[4:].isnan().all()


def test_xavier_is_uniform_with_glorots_bound_and_no_bias() -> None:
    weight, bias = draw("Xavier", 300, 100)
    bound = math.sqrt(6 / 400)
    assert weight.abs().max() <= bound
    assert weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.02)
    assert not bias.any()


def test_he_is_normal_with_variance_two_over_inputs_and_no_bias() -> None:
    weight, bias = draw("He", 300, 100)
    deviation = math.sqrt(2 / 100)
    assert weight.std().item() == pytest.approx(deviation, rel=0.02)
    assert (weight.abs() > 2 * deviation).float().mean().item() == pytest.approx(0.0455, abs=0.005)
    assert not bias.any()


def test_uniform_is_that_of_tensorflow_playground() -> None:
    weight, bias = draw("uniform", 300, 100)
    assert weight.abs().max() <= 0.5
    assert weight.std().item() == pytest.approx(1 / math.sqrt(12), rel=0.02)
    assert torch.equal(bias, torch.full((300,), 0.1))


def test_zero_is_zero() -> None:
    weight, bias = draw("zero", 3, 2)
    assert not weight.any()
    assert not bias.any()
