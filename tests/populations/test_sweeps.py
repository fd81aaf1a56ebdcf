"""Sweeps: networks that differ in one or two settings, each as if it were trained by itself."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.problems import Gates, Points
from playground.training.core.state.state import State
from playground.training.dense.trainer import Trainer
from playground.training.populations import memory
from playground.training.sweeps import (
    METRICS,
    VARIABLES,
    SweepTrainer,
    make_sweep,
    metric_values,
    read_sweep,
)
from playground.training.sweeps.metrics import values_of_settings
from playground.training.training import Training
from tests.support.training.trainer_states import (
    assert_same,
    corrupted_states,
    restore_unless_refused,
    save_and_load,
)

TWO_OF_EACH: dict[str, list[Any]] = {
    "width": [2, 3],
    "depth": [0, 2],
    "activation": ["tanh", "ReLU"],
    "features": ["x+y", "x+y+xy"],
    "dropout": [0.0, 0.3],
    "noise": [0.0, 0.2],
    "batch_size": [7, 20],
    "optimiser": ["SGD", "Adam"],
    "momentum": [0.0, 0.9],
    "initialiser": ["PyTorch default", "zero"],
    "learning_rate": [0.001, 0.01],
    "l1": [0.0, 0.001],
    "l2": [0.0, 0.01],
    "seed": [3, 11],
}
PAIRS = [
    ("width", "activation"),
    ("depth", "features"),
    ("dropout", "noise"),
    ("batch_size", "optimiser"),
    ("momentum", "initialiser"),
    ("learning_rate", "l1"),
    ("seed", "l2"),
]
"""Each variable is in one pair."""


def sweep_trainer(sweep: Any = None, *, problem: Any = None, **choices: Any) -> SweepTrainer:
    own = {name: choices.pop(name) for name in list(choices) if name in Training.param}
    return SweepTrainer(
        problem or Points(shape="moons", count=60),
        Architecture(**{"hidden": [3], **choices}),
        Training(**own),
        sweep,
    )


def test_so_many_starts_learn_exclusive_or_with_so_many_neurons() -> None:
    sweep = make_sweep(width=[2, 3, 4], seed=range(20))
    trainer = sweep_trainer(sweep, problem=Gates(gate="XOR"))
    frame = trainer.train(300)
    assert frame.runs.learned.reshape(20, 3).sum(0).tolist() == [8, 18, 19]
    assert frame.runs.members.seeds == tuple(np.repeat(range(20), 3))
    table = trainer.table()
    assert len(table) == 60
    assert table[table.width == 2]["epochs to learn"].notna().sum() == 8
    assert (table["best test loss"] <= table["test loss"]).all()


def value_of(name: str, problem: Any, architecture: Architecture, training: Training) -> object:
    """Return what settings say of a variable."""
    hidden = architecture.hidden
    special = {
        "width": hidden[:1] and hidden[0],
        "depth": len(hidden),
        "features": "+".join(architecture.features),
        "noise": problem.noise,
    }
    if name in special:
        return special[name]
    return getattr(architecture if name in Architecture.param else training, name)


@pytest.mark.parametrize("varied", PAIRS, ids=" and ".join)
def test_each_run_is_a_trainer_of_its_own(varied: tuple[str, str]) -> None:
    sweep = make_sweep(**{name: TWO_OF_EACH[name] for name in varied})
    trainer = sweep_trainer(sweep, optimiser="momentum" if "momentum" in varied else "Adam")
    frame = trainer.train(2)
    for run in range(len(sweep)):
        run_settings = trainer.run_settings(run)
        for name, value in sweep.values(run).items():
            assert value_of(name, *run_settings) == value
        alone = Trainer(*run_settings)
        alone.train(2)
        state, expected = trainer.run_state(run), alone.state(checkpoints=False)
        for part in ("network.weights", "progress.order", "history.rows"):
            torch.testing.assert_close(
                state.tensors[part], expected.tensors[part], rtol=1e-5, atol=1e-6, equal_nan=True
            )
        assert frame.runs.scores[0, run] == pytest.approx(alone.frame().train.loss, rel=1e-4)
        assert state.numbers["progress.steps"] == alone.step_count


def test_it_rewinds_branches_and_goes_on_from_a_state_exactly() -> None:
    sweep = make_sweep(batch_size=[7, 20], seed=[1, 2, 3])
    one, other = sweep_trainer(sweep, dropout=0.2), sweep_trainer(sweep, dropout=0.2)
    then = one.train(3)
    now = one.train(4)
    assert not np.array_equal(then.runs.pictures, now.runs.pictures)
    np.testing.assert_array_equal(one.frame_at(3).runs.pictures, then.runs.pictures)
    one.advance(steps=2)
    other.restore(save_and_load(one.state()))
    for each in (one, other):
        each.advance(steps=9)
    assert_same(one.state(), other.state())
    one.branch(3)
    back = one.frame()
    assert (back.epoch, len(back.runs.curve_epochs), len(one.checkpoints)) == (3, 4, 4)
    np.testing.assert_array_equal(back.runs.scores, then.runs.scores)
    stranger = sweep_trainer(make_sweep(batch_size=[7, 20], seed=[1, 2, 4]), dropout=0.2)
    before = stranger.state()
    with pytest.raises(InputError, match="is another one than the settings say"):
        stranger.restore(one.state())
    assert_same(stranger.state(), before)


@settings(max_examples=20)
@given(data=st.data())
def test_a_damaged_state_is_refused_or_harmless(data: st.DataObject) -> None:
    state = data.draw(corrupted_states(state_to_damage()))
    trainer = sweep_trainer(make_sweep(width=[1, 2], seed=[1, 2]))
    restore_unless_refused(trainer, state)
    assert np.isfinite(trainer.train(2).runs.pictures).all()


@cache
def state_to_damage() -> State:
    trainer = sweep_trainer(make_sweep(width=[1, 2], seed=[1, 2]))
    trainer.advance(steps=5)
    return trainer.state()


def test_batches_of_different_moments_are_refused() -> None:
    trainer, state = sweep_trainer(make_sweep(width=[1, 2], seed=[1, 2])), state_to_damage()
    for name, value in (("group1.progress.position", 0), ("group1.progress.epoch", 0)):
        other = State({**state.numbers, name: value}, state.tensors)
        with pytest.raises(InputError, match=r"group1\.progress is of another moment"):
            trainer.restore(other)
    rows = {"group1.members.rows": state.tensors["group1.members.rows"][:1]}
    with pytest.raises(InputError, match="should have the epochs of the other batches"):
        trainer.restore(State(state.numbers, {**state.tensors, **rows}))


def test_each_setting_can_have_several_seeds_whose_median_and_range_are_told() -> None:
    sweep = read_sweep("seed: 5, 1, 3; learning_rate: 0.02, 10; l2: 0, 0.1")
    assert [axis.name for axis in sweep.axes] == ["learning_rate", "l2", "seed"]
    assert (sweep.seeds_per_setting, len(sweep)) == (3, 12)
    assert sweep.values(5) == {"learning_rate": 10.0, "l2": 0.0, "seed": 1}
    assert read_sweep(sweep.text) == sweep
    assert read_sweep("seed: 1..3; l2: 0, 0.1").seeds_per_setting == 1
    plane = Points(shape="plane", count=60)
    trainer = sweep_trainer(sweep, problem=plane, hidden=[], optimiser="SGD")
    frame = trainer.train(12)
    found = values_of_settings(frame, "test loss")
    losses = metric_values(frame, "test loss").reshape(3, 4)
    assert found.missing.tolist() == [0, 3, 0, 3]
    assert np.isnan(found.median[[1, 3]]).all()
    np.testing.assert_array_equal(found.median[::2], np.sort(losses, axis=0)[1, ::2])
    np.testing.assert_array_equal(found.low[::2], losses.min(0)[::2])
    np.testing.assert_array_equal(found.high[::2], losses.max(0)[::2])
    learned = values_of_settings(frame, "epochs to learn")
    epochs = np.sort(np.nan_to_num(metric_values(frame, "epochs to learn"), nan=np.inf))
    assert np.isnan(learned.median[1])
    assert np.nanmin(learned.low) == epochs.min()
    # Without a value counts as the worst: of three seeds one leaves the worse of the others, and
    # two leave none.
    gone = frame.runs.diverged.copy()
    gone[0] = True
    one = replace(frame, runs=replace(frame.runs, diverged_epoch=np.where(gone, 1, -1)))
    assert values_of_settings(one, "test loss").median[0] == losses[1:, 0].max()
    assert values_of_settings(one, "test accuracy").missing.min() == 3  # these are values
    gone[4] = True
    worse = replace(frame, runs=replace(frame.runs, diverged_epoch=np.where(gone, 1, -1)))
    assert np.isnan(values_of_settings(worse, "test loss").median[0])
    assert values_of_settings(worse, "test loss").low[0] == losses[2, 0]


def test_figures_are_the_last_the_best_and_none_where_training_diverged() -> None:
    plane = Points(shape="plane", count=60)
    sweep = make_sweep(learning_rate=[0.02, 10.0], seed=[1, 2])
    trainer = sweep_trainer(sweep, problem=plane, hidden=[], optimiser="SGD")
    frame = trainer.train(12)
    assert frame.runs.diverged.tolist() == [False, True, False, True]
    for name, row in (("training loss", 0), ("test loss", 1)):
        last, best = (metric_values(frame, name, moment) for moment in ("last", "best"))
        expected = frame.runs.curves[:, row, ::2].min(0)
        np.testing.assert_allclose(best[::2], expected)
        np.testing.assert_allclose(last[::2], frame.runs.curves[-1, row, ::2])
        assert np.isnan(last[1::2]).all()
    assert np.isnan(metric_values(frame, "test accuracy")).all()  # these are values, no classes
    assert np.isnan(metric_values(frame, "epochs to learn")[1::2]).all()
    with pytest.raises(InputError, match="no metric 'los'"):
        metric_values(frame, "los")


def test_a_change_begins_the_sweep_anew_but_not_one_of_when_it_ends() -> None:
    trainer = sweep_trainer(make_sweep(seed=range(3)))
    trainer.train(5)
    trainer.training.stop_epoch, trainer.goal = 50, 0.5
    assert trainer.frame().epoch == 5
    trainer.training.l2 = 0.1
    assert trainer.frame().epoch == 0
    assert trainer.train(60).epoch == 50
    trainer.sweep = read_sweep("width: 1, 2; l2: 0, 0.1")
    assert (trainer.frame().epoch, len(trainer.frame().runs.members)) == (0, 4)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("seed: 1..4", (1, 2, 3, 4)),
        ("learning_rate=0.001..1:4", (0.001, 0.01, 0.1, 1.0)),
        ("learning rate: 0.1 .. 0.3 : linear : 3", (0.1, 0.2, 0.3)),
        ("dropout: 0..0.6:3", (0.0, 0.3, 0.6)),
        ("batch_size: 1..64:log:4", (1, 4, 16, 64)),
        ("l2: 1e-4..1e-2:log:3", (0.0001, 0.001, 0.01)),
        ("activation: relu, TANH", ("ReLU", "tanh")),
        ("features: x+y, x+sin x", ("x+y", "x+sin x")),
        ("learning_rate: 0.1234567, 0.1234568", (0.1234567, 0.1234568)),
    ],
)
def test_values_are_lists_or_ranges(text: str, values: tuple[Any, ...]) -> None:
    sweep = read_sweep(text)
    assert sweep.axes[0].values == values
    assert read_sweep(sweep.text) == sweep


@pytest.mark.parametrize("name", VARIABLES)
def test_what_is_suggested_is_possible(name: str) -> None:
    assert len(read_sweep(f"{name}: {VARIABLES[name].suggestion}")) > 1


@settings(max_examples=60)
@given(
    st.one_of(
        st.text(max_size=40),
        st.tuples(
            st.sampled_from([*VARIABLES, "x"]),
            st.text(alphabet="0123456789.,:;=- elogntai", max_size=20),
        ).map(": ".join),
    )
)
def test_any_text_is_a_sweep_or_refused(text: str) -> None:
    try:
        sweep = read_sweep(text)
    except InputError:
        return
    assert read_sweep(sweep.text) == sweep


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Nothing varies"),
        ("seed:", "Give the values of seed, such as 1..8"),
        ("seed: 1,,2", "missing between two commas"),
        ("learning_rat: 1", "Did you mean learning_rate"),
        ("learning_rate: 0..1", "learning rate can't be '0': it can be 1e-05 to 10"),
        ("learning_rate: 1..inf", "can't be 'inf'"),
        ("l2: nan", "can't be 'nan'"),
        ("l2: 0..0.1:log", "logarithmic range of L2 can't begin at 0"),
        ("l2: 0.1..0.1", "is empty: its end must be larger"),
        ("seed: 5..1", "is empty"),
        ("seed: 1..1e9", "2 to 256 values, not 1,000,000,000"),
        ("seed: 1..9:0", "2 to 256 values, not 0"),
        ("seed: 1..9:many", "not 'many'"),
        ("width: 1.5", "a whole number from 1 to 32"),
        ("seed: 1, 1", "seed 1 is there twice"),
        ("seed: 1..2; seed: 3..4", "Both axes vary seed"),
        ("width: 1..2; l1: 0,1; l2: 0,1", "One or 2 settings can vary, and the seed, not 3"),
        ("seed: 1,2; l1: 0,1; seed: 3", "Both axes vary seed"),
        ("seed: 1..100; l1: 0..1:9", "100 × 9 are 900 networks; 256 are possible"),
        ("width: 1..32; depth: 1, 2", "take 64 batches"),
        ("features: x+", "names of features"),
    ],
)
def test_impossible_sweeps_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_sweep(text)


@pytest.mark.parametrize(
    ("sweep", "choices", "sentence"),
    [
        ({"momentum": [0, 0.9]}, {"optimiser": "Adam"}, "momentum has no effect with .* Adam"),
        ({"features": ["x", "z"]}, {}, "no feature “z”; there are x, y"),
        ({"dropout": [0.0, 0.1]}, {"hidden": []}, "Without hidden layers dropout has no effect"),
        ({"seed": [1, 2]}, {"schedule": "plateau"}, "'plateau' goes by the test loss of one"),
    ],
)
def test_what_has_no_effect_is_refused(sweep: Any, choices: Any, sentence: str) -> None:
    trainer = sweep_trainer(make_sweep(**sweep), **choices)
    with pytest.raises(InputError, match=sentence):
        trainer.frame()


def test_too_many_for_memory_are_refused_before_any_is_allocated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = sweep_trainer(make_sweep(width=[2, 4, 8], seed=range(4)))
    trainer.train(2)
    monkeypatch.setattr(memory, "MAX_BYTES", 2**20)
    trainer.sweep = make_sweep(width=[2, 4, 8], seed=range(8))
    with pytest.raises(InputError, match=r"24 such networks .* take [0-9]+ MiB of memory, and 1 M"):
        trainer.frame()
    trainer.sweep = make_sweep(width=[2, 4, 8], seed=range(4))
    assert trainer.frame().epoch == 2


def test_all_figures_have_a_text() -> None:
    assert {metric.text(0.5) for metric in METRICS.values()} == {"0.500", "50%", "0"}
