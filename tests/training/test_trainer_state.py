"""Going on from a state: to the bit as if nothing had happened, and never from a wrong one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.errors import InputError
from playground.problems import Gates, Points
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.state.state import State
from playground.training.dense.edits import Freeze, FreezeLayer, ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from tests.support.training.dense_training import make_trainer, weights
from tests.support.training.trainer_states import (
    assert_same,
    corrupted_states,
    restore_unless_refused,
    save_and_load,
)


def small(**choices: object) -> Trainer:
    """Make a trainer of 32 samples in batches of 10, 10, 10 and 2."""
    usual = {"hidden": [4, 3], "batch_size": 10}
    return make_trainer(Points(shape="moons", count=64), **{**usual, **choices})


def advance_both(one: Trainer, other: Trainer, steps: int) -> None:
    """Give both the same numbers of PyTorch's own generator, which they have in common."""
    before = torch.get_rng_state()
    one.advance(steps=steps)
    torch.set_rng_state(before)
    other.advance(steps=steps)


def change(state: State, name: str, value: object) -> State:
    """Replace one thing in a state."""
    if isinstance(value, torch.Tensor):
        return State(state.numbers, {**state.tensors, name: value})
    return State({**state.numbers, name: value}, state.tensors)


# Exactness ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize(
    ("optimiser", "engine"),
    # What the engines differ in is no matter of the optimiser.
    [*((each, "fast") for each in OPTIMISERS), ("SGD", "autograd"), ("Adam", "autograd")],
)
def test_restoring_is_exact(optimiser: str, engine: str, dropout: float) -> None:
    choices = {"optimiser": optimiser, "engine": engine, "dropout": dropout, "l2": 1e-3}
    one, other = small(**choices), small(**choices)
    one.advance(epochs=5)
    one.advance(steps=2)
    other.restore(save_and_load(one.state()))
    for steps in (1, 9, 12):
        advance_both(one, other, steps)
        assert torch.equal(weights(one), weights(other))
    assert_same(one.state(), other.state())


@given(st.integers(0, 30), st.integers(0, 9))
@settings(max_examples=15, deadline=None)
def test_a_state_can_be_taken_anywhere(before: int, after: int) -> None:
    one, other = small(), small(seed=5)
    one.advance(steps=before)
    other.advance(steps=after)  # must leave no trace
    state = save_and_load(one.state())
    other.restore(state)
    assert_same(other.state(), state)
    advance_both(one, other, 9)
    assert_same(one.state(), other.state())


def test_restored_frames_are_the_same() -> None:
    one, other = small(), small()
    one.train(7)
    one.advance(steps=3)
    other.restore(save_and_load(one.state()))
    mine, theirs = one.frame(), other.frame()
    for name in ("epoch", "step", "train", "test", "learned_epoch", "rate", "plan", "notes"):
        assert getattr(mine, name) == getattr(theirs, name), name
    for name in ("field", "confusion"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))
    np.testing.assert_array_equal(mine.curves.test_loss, theirs.curves.test_loss)
    for left, right in zip(mine.layers, theirs.layers, strict=True):
        np.testing.assert_array_equal(left.weight_gradient, right.weight_gradient)
    assert one.steps_to_epoch_end == other.steps_to_epoch_end == 1
    assert one.checkpoints.infos == other.checkpoints.infos


def test_frozen_weights_stay_frozen() -> None:
    one, other = small(), small()
    one.edit(FreezeLayer(0))
    one.edit(SetValue(ParameterRef(1, 0, 0), 3.0))
    one.edit(Freeze(ParameterRef(1, 0, 0)))
    other.edit(Freeze(ParameterRef(2, 0)))
    one.train(2)
    other.restore(save_and_load(one.state()))
    advance_both(one, other, 9)
    assert torch.equal(weights(one), weights(other))
    assert other.frame().layers[0].frozen.all()
    assert other.frame().layers[1].weight[0, 0] == 3
    assert not other.frame().layers[2].frozen.any()
    other.restore(small().state())
    assert not other.frame().layers[0].frozen.any()


def test_a_network_that_has_grown_goes_on() -> None:
    one, other = small(hidden=[2]), small(hidden=[5, 3], activation="ReLU")
    one.train(3)
    one.architecture.param.update(hidden=[5, 3], activation="ReLU")
    one.train(3)
    one.advance(steps=1)
    other.restore(save_and_load(one.state()))
    advance_both(one, other, 20)
    assert_same(one.state(), other.state())


def test_a_run_that_diverged_is_gone_on_with() -> None:
    one, other = small(), small()
    one.train(3)
    one.training.learning_rate = 10.0
    one.training.param.update(optimiser="SGD", l2=1.0)
    other.training.param.update(optimiser="SGD", l2=1.0, learning_rate=10.0)
    one.advance(epochs=40)
    assert one.paused_by is not None
    other.restore(save_and_load(one.state()))
    assert other.frame().notes[0] == one.frame().notes[0] == one.paused_by
    assert other.paused_by is None


@pytest.mark.parametrize(
    "problem",
    [Points(shape="plane", count=40), Points(train_ratio=0.9, count=20), Gates(gate="XOR")],
    ids=["regression", "few tests", "gate"],
)
def test_every_problem_can_be_gone_on_with(problem: Points | Gates) -> None:
    one, other = make_trainer(problem), make_trainer(problem)
    one.train(2)
    one.advance(steps=1)
    other.restore(save_and_load(one.state()))
    advance_both(one, other, 11)
    assert_same(one.state(), other.state())


def test_a_state_is_a_copy_that_others_may_learn_from() -> None:
    trainer = small()
    trainer.train(2)
    state = trainer.state()
    kept = save_and_load(state)
    trainer.train(2)
    assert_same(state, kept)
    for tensor in state.tensors.values():
        assert tensor.is_contiguous()
        assert tensor.ndim > 0
        assert not tensor.is_inference()
    trainer.restore(state)
    trainer.train(2)
    assert_same(state, kept)


def test_a_pending_request_comes_first() -> None:
    trainer = small()
    trainer.train(3)
    state = trainer.state()
    trainer.reset()
    trainer.restore(state)
    assert trainer.epoch == trainer.frame().epoch == 3
    trainer.reset()
    assert trainer.state().numbers["progress.epoch"] == 0


def test_checkpoints_can_be_left_out() -> None:
    one, other = small(), small()
    one.train(5)
    state = one.state(checkpoints=False)
    assert not [name for name in (*state.numbers, *state.tensors) if name.startswith("past")]
    other.train(9)
    other.restore(state)
    assert [each.epoch for each in other.checkpoints.infos] == [5]
    np.testing.assert_array_equal(other.frame().curves.epoch, range(6))
    one.advance(steps=1)
    other.restore(one.state(checkpoints=False))
    assert not other.checkpoints.infos
    other.train(2)
    assert [each.epoch for each in other.checkpoints.infos] == [6, 7]


def test_checkpoints_are_a_few_tensors() -> None:
    trainer = small()
    trainer.train(60)
    trainer.architecture.hidden = [4]
    trainer.train(60)
    state = trainer.state()
    assert len([name for name in state.tensors if name.startswith("past")]) == 3
    assert len(state.numbers["past.plans"]) == 2
    other = small(hidden=[4])
    other.restore(save_and_load(state))
    assert other.checkpoints.infos == trainer.checkpoints.infos
    assert other.checkpoints.bytes == trainer.checkpoints.bytes
    for index in (0, 1, 59, 65, 120):
        mine, theirs = trainer.weights_at(index), other.weights_at(index)
        assert mine.keys() == theirs.keys()
        for name in mine:
            np.testing.assert_array_equal(mine[name], theirs[name])


# What does not fit ------------------------------------------------------------------------------


def test_other_batches_begin_the_epoch_anew() -> None:
    one, other = small(), small(batch_size=11)
    one.advance(steps=6)
    other.restore(one.state())
    assert (other.epoch, other.step_count, other.steps_to_epoch_end) == (1, 6, 3)
    assert torch.equal(weights(one), weights(other))
    more = make_trainer(Points(shape="moons", count=80), hidden=[4, 3])
    more.restore(one.state())
    assert (more.epoch, more.steps_to_epoch_end) == (1, 4)
    more.train(3)
    assert more.epoch == 4


def test_another_optimiser_begins_without_memory() -> None:
    one, other, fresh = (small(optimiser=name) for name in ("Adam", "momentum", "momentum"))
    one.advance(epochs=3)
    other.restore(one.state())
    state = fresh.state()
    names = ("progress", "network", "chance", "history")
    taken = {k: v for k, v in one.state().numbers.items() if k.startswith(names)}
    rows = {k: v for k, v in one.state().tensors.items() if k.startswith(names)}
    fresh.restore(State({**state.numbers, **taken}, {**state.tensors, **rows}))
    advance_both(other, fresh, 10)
    assert torch.equal(weights(other), weights(fresh))


@pytest.mark.parametrize("hidden", [[], [4], [3, 4], [4, 3, 1]])
def test_another_network_is_refused(hidden: list[int]) -> None:
    trainer = small(hidden=hidden)
    trainer.train(1)
    before = trainer.state()
    with pytest.raises(InputError, match=r"network\.plan is that of a network of \(4, 3, 1\)"):
        trainer.restore(small().state())
    assert_same(trainer.state(), before)


def test_an_image_state_is_no_dense_state() -> None:
    with pytest.raises(InputError, match="dense network"):
        small().restore(change(small().state(), "network.kind", "reader"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("network.weights", torch.full((1, 31), torch.nan)),
        ("network.good", torch.full((1, 31), torch.inf)),
        ("network.weights", torch.zeros(1, 30)),
        ("network.weights", torch.zeros(1, 31, dtype=torch.float64)),
        ("progress.order", torch.zeros(32, dtype=torch.int64)),
        ("progress.position", 4),
        ("progress.position", -1),
        ("progress.epoch", 1.5),
        ("progress.epoch", True),
        ("progress.steps", 10**20),
        ("optimiser.more", torch.zeros(31)),
        ("history.pace", 0),
        ("past.pace", 2**60),
        ("past.plans", torch.ones(3, dtype=torch.int64)),
        ("past.rows", torch.full((3 * 31,), torch.nan)),
        ("past.moments", torch.zeros(3, 6, dtype=torch.float64)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_nonsense_is_refused_and_nothing_changes(name: str, value: object) -> None:
    source, trainer = small(), small(seed=3)
    source.train(2)
    trainer.train(4)
    before = trainer.state()
    trainer.restore(before)
    with pytest.raises(InputError, match=name.split(".")[0]):
        trainer.restore(change(source.state(), name, value))
    assert_same(trainer.state(), before)


@cache
def state_and_trainer() -> tuple[State, Trainer]:
    """Make a state that has everything, and a trainer that can go on from it."""
    source, trainer = (small(engine="autograd", dropout=0.2, seed=seed) for seed in (0, 3))
    source.edit(Freeze(ParameterRef(0, 0)))
    source.advance(steps=9)
    return source.state(), trainer


@pytest.mark.fuzz
@given(st.data())
def test_a_corrupted_state_is_refused_or_restored(data: st.DataObject) -> None:
    state, trainer = state_and_trainer()
    if restore_unless_refused(trainer, data.draw(corrupted_states(state))):
        trainer.advance(steps=5)
        trainer.frame()
        assert torch.isfinite(weights(trainer)).all()
        for index in range(len(trainer.checkpoints)):
            trainer.weights_at(index)


def test_no_rng_state_reads_beyond_its_memory() -> None:
    """PyTorch accepts a next number beyond the last, and reads on behind it."""
    trainer = small()
    state = trainer.state()
    rng_state = state.tensors["chance.here"].clone()
    rng_state[8:24] = torch.tensor([624, 1, 624, 0], dtype=torch.int32).view(torch.uint8)
    torch.Generator().set_state(rng_state)
    with pytest.raises(InputError, match="random generator"):
        trainer.restore(change(state, "chance.here", rng_state))


def test_every_real_rng_state_is_accepted() -> None:
    trainer = small()
    state = trainer.state()
    generator = torch.Generator().manual_seed(2**40)
    for count in (0, 1, 622, 1, 1, 1, 700, 3):
        torch.rand(count, generator=generator)
        torch.randn(3, generator=generator)
        trainer.restore(change(state, "chance.here", generator.get_state()))
