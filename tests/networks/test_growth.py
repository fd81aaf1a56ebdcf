"""From one network to the next: what it answers stays, as far as that is possible."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import outputs
from playground.networks.dense.growth import grow, grow_mask, initialise
from playground.networks.dense.initialisers import INITIALISERS
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.networks.dense.plan import LayerPlan, Plan
from playground.training.core.losses import make_loss
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.batches import Batches
from playground.training.engines import DenseEngine, Penalties
from tests.support.training.dense_training import make_parameters, make_plan, make_samples

X = torch.randn(1, 2, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def grow_to(old: Parameters, plan: Plan, seed: int = 5) -> Parameters:
    return grow(old, initialise(plan, "He", seed, torch.float64))


def same_answers(before: Parameters, after: Parameters, x: Tensor = X) -> bool:
    return torch.allclose(outputs(before, x), outputs(after, x), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(5, 3), (4, 4), (9, 9)])
def test_new_neurons_change_no_answer(activation: str, hidden: tuple[int, ...]) -> None:
    old = make_parameters(make_plan((4, 3), outputs=2, activation=activation))
    before = old.values.clone()
    new = grow_to(old, make_plan(hidden, outputs=2, activation=activation))
    assert same_answers(old, new)
    assert torch.equal(old.values, before)


@given(
    old=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    more=st.lists(st.integers(0, 4), min_size=3, max_size=3),
    further=st.lists(st.integers(0, 3), max_size=2),
    activation=st.sampled_from(["ReLU", "linear"]),
)
def test_wider_and_deeper_at_once(
    old: list[int], more: list[int], further: list[int], activation: str
) -> None:
    """ReLU and linear layers can hand on exactly what they are given, if nowhere narrowed."""
    wider = [width + extra for width, extra in zip(old, more, strict=False)]
    for extra in further:
        wider.append(wider[-1] + extra)
    # A new layer is given what was computed before it, and so must be as wide as that.
    before = make_parameters(make_plan(tuple(old), activation=activation))
    assert same_answers(before, grow_to(before, make_plan(tuple(wider), activation=activation)))


def test_a_new_tanh_layer_hands_on_what_it_can() -> None:
    old = make_parameters(make_plan((4,)))
    new = grow_to(old, make_plan((4, 4)))
    assert torch.equal(new.weight(1)[0], torch.eye(4, dtype=torch.float64))
    assert torch.equal(new.layers[2], old.layers[1])


@pytest.mark.parametrize("activation", ["tanh", "ReLU"])
@pytest.mark.parametrize(
    ("before", "after"), [((3,), (6,)), ((3,), (3, 6)), ((4, 2), (4, 5)), ((2,), (5, 6, 7))]
)
def test_all_new_neurons_can_learn(
    activation: str, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    """A neuron with nothing before it and nothing after it would get no gradient for ever."""
    plan = make_plan(after, activation=activation)
    new = grow_to(make_parameters(make_plan(before, activation=activation)), plan)
    x, y = make_samples(plan, 50)
    engine = DenseEngine(new, make_loss("cross-entropy", "classification", 1))
    batches = Batches(x, y, 50, torch.Generator().manual_seed(0))
    rule = OPTIMISERS["SGD"](new.values, weight_mask(new))
    program = engine.program(batches.windows[0])
    start = new.values.clone()
    for _ in range(5):
        engine.step(program, rule, 0.1, Penalties())
    moved = Parameters(plan, 1, torch.float64)
    moved.values.copy_(new.values - start)
    for layer in moved.layers[:-1]:
        assert layer.abs().sum(2).ne(0).all(), "a neuron stays as it began"


def test_fewer_neurons_keep_the_first_ones() -> None:
    old = make_parameters(make_plan((5, 4)))
    new = grow_to(old, make_plan((3, 4)))
    assert torch.equal(new.layers[0], old.layers[0][:, :3])
    assert torch.equal(new.weight(1), old.weight(1)[:, :, :3])
    assert torch.equal(new.bias(1), old.bias(1))
    assert torch.equal(new.layers[2], old.layers[2])


def test_features_are_matched_by_name() -> None:
    layers = (LayerPlan(2, 3, "tanh"), LayerPlan(3, 1, "linear"))
    old = make_parameters(Plan(("x", "y"), layers))
    more = grow_to(old, Plan(("y", "xy", "x"), (LayerPlan(3, 3, "tanh"), *layers[1:])))
    assert torch.equal(more.weight(0)[:, :, [2, 0]], old.weight(0))
    assert not more.weight(0)[:, :, 1].any()
    assert same_answers_in_other_order(old, more)
    fewer = grow_to(old, Plan(("y",), (LayerPlan(1, 3, "tanh"), *layers[1:])))
    assert torch.equal(fewer.weight(0), old.weight(0)[:, :, 1:])


def same_answers_in_other_order(old: Parameters, more: Parameters) -> bool:
    x, y = X[:, 0], X[:, 1]
    return torch.allclose(outputs(old, X), outputs(more, torch.stack([y, x * y, x], 1)))


def test_features_are_matched_where_there_is_no_hidden_layer() -> None:
    old = make_parameters(Plan(("x", "y"), (LayerPlan(2, 2, "linear"),)))
    new = grow_to(old, Plan(("y", "z"), (LayerPlan(2, 2, "linear"),)))
    assert torch.equal(new.weight(0)[:, :, 0], old.weight(0)[:, :, 1])
    assert not new.weight(0)[:, :, 1].any()


def test_another_number_of_outputs_starts_afresh() -> None:
    old = make_parameters(make_plan((4,), outputs=1))
    plan = make_plan((4,), outputs=3)
    new = grow_to(old, plan)
    fresh = initialise(plan, "He", 5, torch.float64)
    assert torch.equal(new.layers[0], old.layers[0])
    assert torch.equal(new.layers[1], fresh.layers[1])


@pytest.mark.parametrize(("before", "after"), [((), (3,)), ((3,), ())])
def test_the_first_hidden_layer_leaves_the_output_nothing_to_go_by(
    before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    plan = make_plan(after)
    new = grow_to(make_parameters(make_plan(before)), plan)
    assert torch.equal(new.values, initialise(plan, "He", 5, torch.float64).values)


def test_what_was_frozen_stays_frozen_and_nothing_else_is() -> None:
    before, after = make_plan((3, 2)), make_plan((5, 2, 4))
    mask = torch.zeros(1, before.size, dtype=torch.bool)
    frozen = Parameters(before)
    frozen.layers[0][0, 1] = 1  # all that leads into the second neuron
    frozen.layers[1][0, 0, 2] = 1
    frozen.layers[2][0, 0, 1] = 1
    mask |= frozen.values > 0
    carried = grow_mask(mask, before, after)
    expected = Parameters(after)
    expected.layers[0][0, 1] = 1
    expected.layers[1][0, 0, 2] = 1
    expected.layers[3][0, 0, 1] = 1
    assert carried.dtype == torch.bool
    assert torch.equal(carried, expected.values > 0)


@pytest.mark.parametrize("initialiser", INITIALISERS)
def test_the_start_follows_from_the_seed(initialiser: str) -> None:
    plan = make_plan((4, 3))
    first = initialise(plan, initialiser, 3)
    assert torch.equal(first.values, initialise(plan, initialiser, 3).values)
    other = initialise(plan, initialiser, 4)
    fixed = initialiser == "zero"
    assert torch.equal(first.values, other.values) == fixed
