"""A population is many networks trained as one batch: each must be as if it were alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from playground.errors import InputError
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import module
from playground.networks.dense.growth import initialise
from playground.networks.dense.initialisers import INITIALISERS
from playground.problems import Gates, Points, Problem
from playground.training.core.class_weights import CLASS_WEIGHTS
from playground.training.core.losses import LOSSES
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import SCHEDULES
from playground.training.core.state.state import State
from playground.training.dense.settings import DenseSettings
from playground.training.dense.training_data import fitting_loss, training_data
from playground.training.populations import VARIABLE, PopulationFrame, PopulationTrainer
from playground.training.populations.frame import wilson_interval
from playground.training.populations.memory import (
    MAX_BYTES,
    SharedMemory,
    estimated_bytes,
    shared_memory,
)
from playground.training.populations.network import PopulationNetwork
from playground.training.populations.settings import PopulationSettings
from tests.support.training.dense_training import make_trainer
from tests.support.training.trainer_states import (
    assert_same,
    corrupted_states,
    restore_unless_refused,
    save_and_load,
)

STEPS = 50
SEEDS = (3, 11)
TOLERANCE = {"rtol": 1e-6, "atol": 1e-6}
VALUES = {
    "learning_rate": (0.001, 0.01),
    "l1": (0.0, 0.01),
    "l2": (0.02, 0.001),
    "initial_scale": (0.5, 2.0),
}
PROBLEMS: dict[str, Mapping[str, object]] = {
    "two classes": {"shape": "moons", "count": 60},
    "three classes": {"shape": "blobs", "count": 60, "classes_count": 3},
    "values": {"shape": "plane", "count": 60},
}


def make_population(problem: Problem | None = None, **choices: object) -> PopulationTrainer:
    own = {name: choices.pop(name) for name in ("seeds", "vary", "goal") if name in choices}
    return PopulationTrainer(make_trainer(problem, **choices).settings(), **own)


def xor_population(**choices: object) -> PopulationTrainer:
    usual = {"hidden": [3], "seeds": range(20)}
    return make_population(Gates(gate="XOR"), **{**usual, **choices})


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "optimiser": draw(st.sampled_from(sorted(OPTIMISERS))),
        "learning_rate": draw(st.sampled_from([0.003, 0.01])),
        "schedule": draw(st.sampled_from(sorted(SCHEDULES))),
        "horizon": draw(st.integers(2, 12)),
        "batch_size": draw(st.sampled_from([3, 7, 10, 100])),
        "l1": draw(st.sampled_from([0.0, 0.01])),
        "l2": draw(st.sampled_from([0.0, 0.02])),
        "momentum": draw(st.sampled_from([0.0, 0.5])),
        "beta1": draw(st.sampled_from([0.9, 0.5])),
        "max_norm": draw(st.sampled_from([None, 0.1])),
        "loss": draw(st.sampled_from(sorted(LOSSES))),
        "hidden": draw(st.lists(st.integers(1, 5), max_size=3)),
        "activation": draw(st.sampled_from(sorted(ACTIVATIONS))),
        "initialiser": draw(st.sampled_from(sorted(INITIALISERS))),
    }


def run_plain(requested: DenseSettings, seed: int, values: Mapping[str, float]) -> Tensor:
    """Train with PyTorch's own modules, losses and optimisers, written as anybody would."""
    data, training = training_data(requested.spec, requested.features), requested.training
    plan = requested.architecture.plan(data.spec.feature_names, data.outputs)
    network = module(initialise(plan, requested.architecture.initialiser, seed, torch.float64))
    own = list(network.parameters())
    matrices, vectors = ([each for each in own if each.ndim == ndim] for ndim in (2, 1))
    with torch.no_grad():
        for each in own:
            each *= values["initial_scale"]
    name, task, outputs = fitting_loss(data, training.loss)
    form = "regression" if task == "regression" else "binary" if outputs == 1 else "many"
    loss = LOSSES[name][form].pytorch
    rule, l1, l2 = OPTIMISERS[training.optimiser], values["l1"], values["l2"]
    groups = [{"params": matrices, "weight_decay": l2}, {"params": vectors, "weight_decay": 0.0}]
    optimiser = rule.pytorch(groups, **rule.torch_options(training.optimiser_options))
    random = torch.Generator().manual_seed(seed)
    inputs, targets = (each[0].T.double() for each in (data.train.inputs, data.train.targets))
    order, epoch = torch.empty(0, dtype=torch.int64), -1
    for _ in range(STEPS):
        if not len(order):
            order, epoch = torch.randperm(len(inputs), generator=random), epoch + 1
        batch, order = order[: training.batch_size], order[training.batch_size :]
        for group in optimiser.param_groups:
            factor = SCHEDULES[training.schedule](epoch / training.horizon)
            group["lr"] = values["learning_rate"] * factor
        wanted = targets[batch].argmax(1) if outputs > 1 else targets[batch]
        value = loss(network(inputs[batch]), wanted)
        value = value + l1 * sum(each.abs().sum() for each in matrices)
        optimiser.zero_grad()
        value.backward()
        if training.max_norm is not None:
            clip_grad_norm_(own, training.max_norm)
        optimiser.step()
    return torch.cat([each.detach().reshape(-1) for each in own])


def run_together(settings: PopulationSettings) -> list[Tensor]:
    """Train the networks of a population in double precision, and return each one's weights."""
    network, training = PopulationNetwork(settings, torch.float64), settings.training
    network.configure(training)
    batches = len(network.programs)
    for step in range(STEPS):
        if step % batches == 0:
            network.batches.shuffle()
        network.step(step % batches, training, step // batches)
    return [copy_weights(network, member) for member in range(len(network.members))]


def copy_weights(network: PopulationNetwork, member: int) -> Tensor:
    own = module(network.parameters, member).parameters()
    return torch.cat([each.detach().reshape(-1) for each in own]).clone()


@settings(max_examples=12)
@given(
    problem=st.sampled_from(sorted(PROBLEMS)),
    choices=configurations(),
    varied=st.sets(st.sampled_from(sorted(VARIABLE))),
)
def test_each_network_takes_the_steps_that_it_takes_by_itself_with_torch_optim(
    problem: str, choices: dict[str, Any], varied: set[str]
) -> None:
    points = Points(**PROBLEMS[problem])
    alone = make_trainer(points, **choices).settings()
    usual = {name: choices.get(name, 1.0) for name in VARIABLE}
    vary = {name: VALUES[name] for name in varied}
    together = run_together(PopulationTrainer(alone, SEEDS, vary).settings())
    for member, seed in enumerate(SEEDS):
        own = {**usual, **{name: values[member] for name, values in vary.items()}}
        torch.testing.assert_close(together[member], run_plain(alone, seed, own), **TOLERANCE)


@settings(max_examples=12)
@given(
    problem=st.sampled_from(sorted(PROBLEMS)),
    choices=configurations(),
    dropout=st.sampled_from([0.0, 0.3]),
    weights=st.sampled_from(CLASS_WEIGHTS),
)
def test_each_network_is_that_of_a_trainer_of_its_own(
    problem: str, choices: dict[str, Any], dropout: float, weights: str
) -> None:
    points = Points(**PROBLEMS[problem])
    choices = {**choices, "dropout": dropout, "class_weights": weights}
    population = make_population(points, seeds=SEEDS, **choices)
    population.advance(steps=STEPS)
    for member, seed in enumerate(SEEDS):
        trainer = make_trainer(points, **choices, seed=seed)
        trainer.advance(steps=STEPS)
        alone, own = trainer.state(checkpoints=False), population.member_state(member)
        # What early stopping and the plateau schedule watch, which populations have not.
        watched = {name for name in alone.numbers if name.startswith("watch.")}
        assert own.numbers == {
            name: each for name, each in alone.numbers.items() if name not in watched
        }
        assert own.tensors.keys() == {
            name for name in alone.tensors if not name.startswith("watch.")
        }
        for name, tensor in own.tensors.items():
            torch.testing.assert_close(tensor, alone.tensors[name], equal_nan=True, **TOLERANCE)


def test_when_it_was_solved_is_told_as_on_the_page_of_one_network() -> None:
    """Also of a network that has learned, then not, and then again: by when it first had."""
    circle = Points(shape="circle", count=440, noise=0.0)
    choices: dict[str, Any] = {"hidden": [6], "optimiser": "Adam", "learning_rate": 0.05}
    population = make_population(circle, seeds=(2, 3), **choices)
    trainers = [make_trainer(circle, **choices, seed=seed) for seed in (2, 3)]
    told = []
    for epochs in (20, 20):
        population.train(epochs)
        for member, trainer in enumerate(trainers):
            trainer.train(epochs)
            own, alone = (
                [state.numbers[f"progress.{name}"] for name in ("learned", "first_learned")]
                for state in (population.member_state(member), trainer.state(checkpoints=False))
            )
            assert own == alone
            told.append(own)
    assert told == [[4, 4], [None, 7], [4, 4], [7, 7]]


def test_eight_of_twenty_starts_learn_exclusive_or() -> None:
    """With two neurons; the sweeps' tests tell how many learn with three and four."""
    frame = xor_population(hidden=[2]).train(300)
    assert frame.learned.sum() == (frame.quality >= 0.95).sum() == 8
    assert frame.interval[0] < 8 / 20 < frame.interval[1]


def test_the_interval_is_wilsons() -> None:
    z, n, p = 1.959964, 20, 0.4
    centre, root = p + z**2 / (2 * n), z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    expected = [(centre - root) / (1 + z**2 / n), (centre + root) / (1 + z**2 / n)]
    np.testing.assert_allclose(wilson_interval(8, 20), expected, atol=1e-6)
    assert wilson_interval(0, 16)[0] == 0
    assert wilson_interval(16, 16)[1] == 1


@pytest.mark.parametrize("epochs", [7, 7.5])
def test_a_network_goes_on_by_itself_as_it_does_in_the_population(epochs: float) -> None:
    points = Points(**PROBLEMS["two classes"])
    population = make_population(
        points, seeds=range(4), vary={"learning_rate": [0.01, 0.02, 0.03, 0.04]}
    )
    steps = int(epochs * population.steps_per_epoch)
    population.advance(steps=steps)
    trainer = make_trainer(points)
    own = population.member_settings(2)
    assert own == {"seed": 2, "learning_rate": 0.03}
    trainer.architecture.seed, trainer.training.learning_rate = own.values()
    trainer.restore(save_and_load(population.member_state(2)))
    assert trainer.epoch == population.epoch == int(epochs)
    begun = epochs > int(epochs)  # The curves end with a part of an epoch.
    assert trainer.step_count == steps
    assert len(trainer.frame().curves.epoch) == trainer.epoch + 1 + begun
    for each in (trainer, population):
        each.advance(steps=30)
    own, alone = population.member_state(2), trainer.state(checkpoints=False)
    torch.testing.assert_close(own.tensors["network.weights"], alone.tensors["network.weights"])
    assert torch.equal(own.tensors["progress.order"], alone.tensors["progress.order"])


def test_who_diverges_is_marked_and_the_others_go_on() -> None:
    values = Points(**PROBLEMS["values"])
    rates = [0.01, 10.0, 0.02]
    choices = {"optimiser": "SGD", "hidden": []}
    both = make_population(values, seeds=[1, 2, 3], vary={"learning_rate": rates}, **choices)
    frame = both.train(30)
    assert (both.epoch, both.paused_by) == (30, None)
    assert frame.diverged.tolist() == [False, True, False]
    assert np.isfinite(frame.pictures).all()
    assert not frame.learned[1]
    alone = make_population(
        values, seeds=[1, 3], vary={"learning_rate": rates[::2]}, **choices
    ).train(30)
    np.testing.assert_allclose(frame.scores[:, ::2], alone.scores, rtol=1e-5)
    state = both.member_state(1)
    trainer = make_trainer(values, **choices)
    trainer.restore(state)
    assert trainer.frame().notes[0].kind == "diverged"
    hopeless = make_population(values, vary={"learning_rate": [10.0] * 16}, **choices)
    assert hopeless.train(30).diverged.all()
    assert hopeless.paused_by.kind == "diverged"
    assert hopeless.advance(steps=1) == 0


def test_it_rewinds_and_branches() -> None:
    population = xor_population()
    then = population.train(40)
    now = population.train(60)
    assert then.learned.sum() < now.learned.sum()
    for frame in (population.frame_at(40), branch(population, 40)):
        np.testing.assert_array_equal(frame.pictures, then.pictures)
        np.testing.assert_array_equal(frame.learned_epoch, then.learned_epoch)
        assert frame.epoch == 40
    assert (population.epoch, len(population.checkpoints)) == (40, 41)
    assert len(population.frame().curves) == 41


def branch(population: PopulationTrainer, index: int) -> PopulationFrame:
    population.branch(index)
    return population.frame()


def test_it_goes_on_from_a_state_exactly() -> None:
    points = Points(**PROBLEMS["two classes"])
    one, other = make_population(points, dropout=0.2), make_population(points, dropout=0.2)
    one.advance(steps=33)
    other.restore(save_and_load(one.state()))
    for each in (one, other):
        each.advance(steps=33)
    assert_same(one.state(), other.state())
    stranger = make_population(points, dropout=0.2, seeds=range(16))
    before = stranger.state()
    with pytest.raises(InputError, match="seeds is that of another population"):
        stranger.restore(one.state())
    assert_same(stranger.state(), before)
    # After one step somebody has learned who had not at the beginning of the epoch, which counts
    # at its end only.
    blobs = Points(shape="two Gaussians", noise=0.1, count=200)
    few = {"hidden": [3], "learning_rate": 0.05, "batch_size": 20}
    one, other = (make_population(blobs, seeds=range(16), **few) for _ in range(2))
    one.advance(steps=1)
    other.restore(save_and_load(one.state()))
    assert other._session.member_scores.learned.any()
    assert_same(one.state(), other.state())


@settings(max_examples=20)
@given(data=st.data())
def test_a_damaged_state_is_refused_or_harmless(data: st.DataObject) -> None:
    state = data.draw(corrupted_states(state_to_damage()))
    population = make_population(Points(**PROBLEMS["two classes"]), seeds=range(3))
    restore_unless_refused(population, state)
    assert np.isfinite(population.train(2).pictures).all()


@cache
def state_to_damage() -> State:
    population = make_population(Points(**PROBLEMS["two classes"]), seeds=range(3))
    population.advance(steps=20)
    return population.state()


def test_settings_may_change_while_it_trains() -> None:
    population = xor_population(hidden=[2], vary={"l2": [0.0] * 10 + [0.01] * 10}, early_stopping=1)
    assert population.training.early_stopping is None  # as other stop conditions
    population.train(20)
    population.training.optimiser, population.training.learning_rate = "SGD", 0.1
    population.training.batch_size, population.training.loss = 2, "hinge"
    assert population.train(20).epoch == 40
    population.goal = 0.5
    easy = population.frame()
    assert easy.learned.sum() > 15
    population.reset()
    assert population.epoch == 40
    assert population.frame().epoch == 0
    population.reset(new_weights=True)
    assert population.frame().members.seeds == tuple(range(20, 40))


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"seeds": []}, "1 to 256 networks, not 0"),
        ({"seeds": range(257)}, "1 to 256 networks, not 257"),
        ({"seeds": [1, -1]}, "from 0 to 2147483647, not -1"),
        ({"seeds": [1, True]}, "whole number"),
        ({"vary": {"hidden": [1] * 20}}, "can't differ .* What can: seeds, learning_rate, l1"),
        ({"vary": {"learning_rat": [1] * 20}}, "Did you mean learning_rate"),
        ({"vary": {"l1": [0.1]}}, "1 values for 20 networks"),
        ({"vary": {"l2": [float("nan")] * 20}}, "l2 can be 0 to 1, not nan"),
        ({"vary": {"learning_rate": [0.0] * 20}}, "can be 1e-05 to 10, not 0"),
        ({"schedule": "plateau"}, "'plateau' goes by the test loss of one network"),
        ({"hidden": [32] * 8, "seeds": range(256)}, r"256 such .* [0-9]+ MiB .* Up to [0-9]+ of"),
    ],
)
def test_what_is_impossible_is_refused(choices: dict[str, Any], sentence: str) -> None:
    problem = Points(shape="moons", count=2000) if "hidden" in choices else Gates(gate="XOR")
    with pytest.raises(InputError, match=sentence):
        make_population(problem, **{"seeds": range(20), "batch_size": 2000, **choices})


def test_all_populations_of_a_process_share_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one has taken is free again once it is no more, in a circle of references too."""
    monkeypatch.setattr(shared_memory, "limit", 10 * 2**20)
    monkeypatch.setattr(shared_memory, "_sizes", SharedMemory()._sizes)
    first = make_population(seeds=range(16), hidden=[8])
    second = make_population(seeds=range(16), hidden=[8])
    with pytest.raises(InputError, match="10 MiB are allowed for all"):
        make_population(seeds=range(16), hidden=[8])
    assert second.train(1).epoch == 1
    first.training.circle = [first]  # type: ignore[attr-defined]
    del first
    assert make_population(seeds=range(16), hidden=[8]).train(1).epoch == 1
    monkeypatch.setattr(shared_memory, "limit", None)
    assert len(make_population(seeds=range(64), hidden=[8]).frame().members) == 64


@pytest.mark.parametrize("hidden", [[4], [32] * 8])
def test_the_estimate_of_memory_is_no_less_than_what_is_allocated(hidden: list[int]) -> None:
    settings = make_population(Points(shape="moons"), seeds=range(4), hidden=hidden).settings()
    network = PopulationNetwork(settings)
    network.configure(settings.training)
    held = [
        network.parameters.values, network.engine.gradient, network.batches._shuffled,
        *network.optimiser.state().values(),
        *(
            tensor
            for layers in network.engine._buffers.values()
            for layer in layers
            for tensor in (layer.activation_with_ones, layer.slope, layer.dropout_mask)
        ),
    ]  # fmt: skip
    estimate = estimated_bytes(
        network.parameters.plan, 4, samples=len(network.data.train),
        evaluated=network.data.all_inputs.shape[2], batch=settings.training.batch_size,
        cells=network.side**2,
    )  # fmt: skip
    assert sum(each.nbytes for each in held) < estimate < MAX_BYTES
