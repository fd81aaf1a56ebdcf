"""The trainer: what it does when told, and what stays while things change."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.problems import Gates, Points, Problem, Samples
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.edits import Freeze, FreezeLayer, ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from tests.support.data.point_sets import point_set_of
from tests.support.training.dense_training import make_trainer, weights, xor_trainer


def own_points(count: int, labels: int = 2) -> Points:
    """Points of one's own, all of them to be learned from."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-5, 5, (count, 2)).astype(np.float32), rng.integers(0, labels, count)
    return Points(own=point_set_of(Samples(x, y)), shape="your own", train_ratio=0.9)


# Budgets --------------------------------------------------------------------------------------


def test_budgets_of_epochs_and_steps() -> None:
    trainer = make_trainer(Points(count=60), batch_size=7)  # 5 batches of 30 samples
    assert trainer.steps_per_epoch == trainer.steps_to_epoch_end == 1, "nothing is made yet"
    trainer.frame()
    assert trainer.steps_per_epoch == 5
    assert trainer.advance(epochs=3) == 15
    assert (trainer.epoch, trainer.step_count) == (3, 15)
    assert trainer.advance(steps=2) == 2
    assert (trainer.epoch, trainer.step_count) == (3, 17)
    assert trainer.steps_to_epoch_end == 3
    assert trainer.advance(epochs=1) == 3
    assert (trainer.epoch, trainer.steps_to_epoch_end) == (4, 5)
    assert trainer.step().step == 21
    assert trainer.advance(steps=100, epochs=2) == 9
    assert trainer.train(epochs=4).epoch == 10


def test_a_budget_of_no_time_trains_nothing() -> None:
    trainer = make_trainer()
    assert trainer.advance(seconds=0) == 0
    assert trainer.advance(seconds=1, steps=1) == 1


class CountsThreads(nn.Linear):
    """Notes how many threads it computes with."""

    def __init__(self, width: int) -> None:
        super().__init__(2, 1)
        self.unused = nn.Linear(width, width)
        self.counts: set[int] = set()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.counts.add(torch.get_num_threads())
        return super().forward(x)


@pytest.mark.parametrize(("width", "expected"), [(2, 1), (400, 2)])
def test_what_is_small_is_computed_by_one_thread(width: int, expected: int) -> None:
    torch.set_num_threads(2)  # as in a notebook
    try:
        module = CountsThreads(width)
        trainer = Trainer(Gates(), module=module)
        trainer.train(epochs=2)
        assert trainer.model is module
        assert module.counts == {expected}
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)


def test_a_feature_that_the_problem_has_not_is_refused() -> None:
    with pytest.raises(InputError, match="no feature “sinx”; there are x, y"):
        make_trainer(features=["x", "sinx"])
    assert make_trainer(Gates()).plan.features == ("A", "B"), "the usual ones give way"


def test_training_learns() -> None:
    trainer = xor_trainer()
    before = trainer.frame().train
    after = trainer.train(epochs=300)
    assert before.accuracy < 1
    assert after.train.accuracy == after.test.accuracy == 1
    assert after.train.loss < before.loss / 20
    assert after.learned_epoch is not None
    assert 0 < after.learned_epoch < 300
    assert after.curves.epoch[-1] == 300
    for epochs in (2.5, float("nan"), float("inf"), -1):
        with pytest.raises(InputError, match=f"whole number from 0, not {epochs}"):
            trainer.train(epochs)
    assert trainer.epoch == 300


# Reset and chance -----------------------------------------------------------------------------


@pytest.mark.parametrize("choices", [{}, {"dropout": 0.3}, {"optimiser": "momentum"}], ids=str)
def test_reset_repeats_everything_bit_by_bit(choices: dict[str, object]) -> None:
    trainer = make_trainer(**choices)
    start, end = weights(trainer), trainer.train(5)
    trained = weights(trainer)
    trainer.reset()
    frame = trainer.frame()
    assert (frame.epoch, frame.step, len(frame.curves.epoch)) == (0, 0, 1)
    assert torch.equal(weights(trainer), start)
    again = trainer.train(5)
    assert torch.equal(weights(trainer), trained)
    np.testing.assert_array_equal(again.curves.train_loss, end.curves.train_loss)
    other = make_trainer(**choices)
    other.advance(steps=trainer.step_count)
    assert torch.equal(weights(other), trained)


def test_other_seeds_give_other_weights_and_another_order() -> None:
    one, two = make_trainer(), make_trainer(seed=1)
    assert not torch.equal(weights(one), weights(two))
    zero_one, zero_two = (make_trainer(initialiser="zero", seed=seed) for seed in (0, 1))
    zero_one.step()
    zero_two.step()
    assert not torch.equal(weights(zero_one), weights(zero_two))


def test_reset_can_draw_new_weights() -> None:
    trainer = make_trainer()
    before = weights(trainer)
    trainer.train(3)
    trainer.reset(new_weights=True)
    assert trainer.frame().epoch == 0
    assert trainer.architecture.seed == 1
    assert not torch.equal(weights(trainer), before)


# Changes while training -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("training", "learning_rate", 1e-5),
        ("training", "optimiser", "SGD"),
        ("training", "batch_size", 3),
        ("training", "loss", "hinge"),
        ("training", "l1", 0.5),
        ("training", "l2", 0.5),
        ("training", "schedule", "one-cycle"),
        ("training", "beta1", 0.5),
        ("training", "beta2", 0.9),
        ("training", "max_norm", 0.01),
        ("training", "engine", "autograd"),
        ("architecture", "dropout", 0.5),
        ("architecture", "activation", "ReLU"),
        ("problem", "noise", 0.4),
        ("problem", "shape", "circle"),
        ("problem", "count", 100),
    ],
)
def test_a_change_takes_effect_on_the_next_step_and_resets_nothing(
    part: str, name: str, value: object
) -> None:
    changed, unchanged = make_trainer(), make_trainer()
    for trainer in (changed, unchanged):
        trainer.train(4)
    before = weights(changed)
    setattr(getattr(changed, part), name, value)
    frame = changed.frame()
    assert torch.equal(weights(changed), before)
    assert (frame.epoch, frame.step, len(frame.curves.epoch)) == (4, 12, 5)
    changed.step()
    unchanged.step()
    same = torch.allclose(weights(changed), weights(unchanged), rtol=0, atol=1e-7)
    assert same == (name == "engine"), "both engines compute the same; all else differs"
    assert (changed.epoch, changed.step_count) == (4, 13)


def test_the_learning_rate_is_the_length_of_the_very_next_step() -> None:
    trainer = make_trainer(optimiser="SGD", learning_rate=0.1)
    trainer.train(2)
    twin = make_trainer(optimiser="SGD", learning_rate=0.1)
    twin.train(2)
    twin.training.learning_rate = 0.3
    before = weights(trainer)
    trainer.step()
    twin.step()
    torch.testing.assert_close(weights(twin) - before, 3 * (weights(trainer) - before))


def test_points_added_while_training_are_learned_from() -> None:
    points = own_points(10)
    trainer = make_trainer(points)
    trainer.train(3)
    count = len(trainer.frame().samples.train)
    points.own.add([[1, 1], [2, 2]], 1)
    frame = trainer.frame()
    assert len(frame.samples.train) + len(frame.samples.test) == 12
    assert len(frame.samples.train) > count
    assert frame.epoch == 3


def test_a_new_class_keeps_the_hidden_layers() -> None:
    points = own_points(10)
    trainer = make_trainer(points)
    hidden = trainer.train(3).layers[:-1]
    points.own.add([[1, 1]], 2)
    frame = trainer.frame()
    assert len(frame.classes) == frame.plan.outputs == 3
    for before, after in zip(hidden, frame.layers[:-1], strict=True):
        np.testing.assert_array_equal(before.weight, after.weight)


@pytest.mark.parametrize("activation", ["tanh", "ReLU", "GELU"])
def test_a_new_neuron_moves_no_prediction(activation: str) -> None:
    trainer = make_trainer(activation=activation, hidden=[4, 2])
    trainer.train(5)
    x = np.random.default_rng(0).uniform(-6, 6, (50, 2))
    before = trainer.predict(x)
    trainer.architecture.hidden = [5, 4]
    np.testing.assert_allclose(trainer.predict(x), before, atol=1e-6)
    assert trainer.epoch == 5


def test_frozen_weights_stay_frozen_through_growth_and_reset() -> None:
    trainer = make_trainer(hidden=[3])
    trainer.edit(FreezeLayer(0))
    before = trainer.frame().layers[0]
    assert before.frozen.all()
    trainer.architecture.hidden = [5]
    layer = trainer.train(3).layers[0]
    np.testing.assert_array_equal(layer.weight[:3], before.weight)
    np.testing.assert_array_equal(layer.frozen[:, 0], [True] * 3 + [False] * 2)
    trainer.reset()
    start = trainer.frame().layers[0]
    np.testing.assert_array_equal(start.frozen, layer.frozen)
    np.testing.assert_array_equal(trainer.train(3).layers[0].weight[:3], start.weight[:3])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_frozen_weights_never_move(optimiser: str) -> None:
    trainer = make_trainer(optimiser=optimiser, l1=0.01, l2=0.01)
    refs = [ParameterRef(0, 1, 0), ParameterRef(0, 2), ParameterRef(1, 0, 3)]
    for place in refs:
        trainer.edit(Freeze(place))
    before, after = trainer.frame(), trainer.train(5)
    for index, layer in enumerate(before.layers):
        old = np.column_stack([layer.weight, layer.bias])
        new = np.column_stack([after.layers[index].weight, after.layers[index].bias])
        np.testing.assert_array_equal(old == new, layer.frozen)
    assert sum(layer.frozen.sum() for layer in after.layers) == len(refs)


# Edits ------------------------------------------------------------------------------------------


def test_an_edit_is_made_before_anything_else_happens() -> None:
    trainer = make_trainer()
    trainer.edit(SetValue(ParameterRef(0, 1, 0), 7.0))
    assert trainer.frame().layers[0].weight[1, 0] == 7
    assert trainer.frame().epoch == 0


def test_edits_come_in_order_and_after_a_reset() -> None:
    trainer = make_trainer()
    trainer.train(2)
    trainer.edit(SetValue(ParameterRef(0, 0, 0), 1.0))
    trainer.reset()
    trainer.edit(SetValue(ParameterRef(0, 0, 1), 2.0))
    trainer.edit(SetValue(ParameterRef(0, 0, 1), 3.0))
    frame = trainer.frame()
    assert frame.epoch == 0
    assert frame.layers[0].weight[0, 1] == 3
    assert frame.layers[0].weight[0, 0] != 1


def test_an_edit_of_a_neuron_that_was_just_requested() -> None:
    trainer = make_trainer(hidden=[2])
    trainer.train(2)
    trainer.architecture.hidden = [6]
    trainer.edit(SetValue(ParameterRef(0, 5), -4.0))
    assert trainer.frame().layers[0].bias[5] == -4


def test_an_edit_of_a_neuron_that_is_gone_again_is_dropped() -> None:
    trainer = make_trainer(hidden=[6])
    trainer.edit(SetValue(ParameterRef(0, 5), -4.0))
    trainer.architecture.hidden = [2]
    assert trainer.frame().plan.widths == (2, 1)


def test_the_scores_are_those_of_the_edited_network() -> None:
    trainer = xor_trainer()
    good = trainer.train(300)
    trainer.edit(SetValue(ParameterRef(1, 0), -100.0))
    frame = trainer.frame()
    assert frame.train.accuracy == 0.5
    assert frame.train.loss > good.train.loss
    assert frame.learned_epoch is None


@pytest.mark.parametrize(
    "edit", [SetValue(ParameterRef(0, 9), 1.0), SetValue(ParameterRef(0, 0), 1e3), FreezeLayer(7)]
)
def test_an_edit_that_makes_no_sense_is_refused_and_changes_nothing(edit: SetValue) -> None:
    trainer = make_trainer()
    before = weights(trainer)
    with pytest.raises(InputError):
        trainer.edit(edit)
    assert torch.equal(weights(trainer), before)


# Predictions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "problem",
    [Gates(), Points(shape="blobs", classes_count=4), Points(shape="plane")],
    ids=["two classes", "four classes", "values"],
)
def test_predictions_are_the_modules(problem: Problem) -> None:
    trainer = make_trainer(problem, dropout=0.2)
    trainer.train(10)
    x = np.random.default_rng(0).uniform(-1, 1, (20, 2)).astype(np.float32)
    model = trainer.model.eval()
    assert isinstance(model, nn.Sequential)
    answer = model(torch.tensor(x)).detach()
    said = trainer.predict(x)
    if not problem.classes:
        expected = answer
    elif len(problem.classes) == 2:
        expected = torch.cat([torch.sigmoid(-answer), torch.sigmoid(answer)], 1)
    else:
        expected = torch.softmax(answer, 1)
    np.testing.assert_allclose(said, expected, rtol=1e-5, atol=1e-6)
    if problem.classes:
        np.testing.assert_allclose(said.sum(1), 1, rtol=1e-5)


def test_the_model_goes_on_learning_with_the_trainer() -> None:
    trainer = make_trainer()
    model = trainer.model
    before = [each.detach().clone() for each in model.parameters()]
    trainer.step()
    assert not any(
        torch.equal(each, old) for each, old in zip(model.parameters(), before, strict=True)
    )


@pytest.mark.parametrize("x", [[1.0, 2.0], [[1.0, 2.0, 3.0]], 4.0], ids=str)
def test_rows_of_another_width_cannot_be_predicted(x: object) -> None:
    with pytest.raises(InputError, match=r"rows of 2 inputs \(x, y\)"):
        make_trainer().predict(x)


def test_probes_are_in_each_frame() -> None:
    trainer = make_trainer()
    rows = np.array([[0.0, 1.0], [2.0, -3.0]])
    trainer.set_probe("mine", rows)
    trainer.set_probe("too wide", np.zeros((2, 3)))
    trainer.set_probe("flat", np.zeros(2))
    for epochs in (0, 2):
        frame = trainer.train(epochs)
        assert list(frame.probe_outputs) == ["mine"]
        np.testing.assert_array_equal(frame.probe_outputs["mine"], trainer.predict(rows))
    trainer.problem = Gates(inputs_count=3)
    assert list(trainer.frame().probe_outputs) == ["too wide"]
    trainer.set_probe("too wide", None)
    assert trainer.frame().probe_outputs == {}


# Odd data ---------------------------------------------------------------------------------------


def test_without_points_there_is_nothing_to_learn_but_much_to_see() -> None:
    trainer = make_trainer(own_points(0))
    assert trainer.advance(epochs=5) == 0
    frame = trainer.frame()
    assert np.isnan([frame.train.loss, frame.test.loss, frame.train.accuracy]).all()
    assert np.isfinite(frame.field).all()
    assert "no points to learn from" in frame.notes[0].sentence
    assert trainer.steps_per_epoch == 1
    trainer.problem.own.add([[1, 1], [2, 2]], [0, 1])
    assert trainer.advance(epochs=5) == 5


def test_one_class_is_learned_and_remarked_on() -> None:
    trainer = make_trainer(own_points(20, labels=1))
    frame = trainer.train(30)
    assert frame.train.accuracy == 1
    assert frame.confusion[0, 0] == frame.confusion.sum() > 0
    assert "nothing to tell apart" in frame.notes[0].sentence


def test_a_batch_larger_than_the_data_is_one_step_an_epoch() -> None:
    trainer = make_trainer(batch_size=2000)
    assert trainer.advance(epochs=3) == 3
    assert "batch" in {note.kind for note in trainer.frame().notes}


# Pauses -----------------------------------------------------------------------------------------


def test_it_stops_after_an_epoch() -> None:
    trainer = xor_trainer(stop_epoch=7)
    trainer.advance(epochs=100)
    assert trainer.epoch == 7
    assert trainer.paused_by is not None
    assert trainer.paused_by.kind == "goal"
    assert "epoch 7" in trainer.paused_by.sentence
    trainer.advance(epochs=100)
    assert trainer.epoch == 107, "whoever goes on wants to go on"
    assert trainer.paused_by is None


def test_it_stops_at_a_loss() -> None:
    trainer = xor_trainer(stop_loss=0.3)
    trainer.advance(epochs=1000)
    losses = trainer.frame().curves.train_loss
    assert losses[-1] <= 0.3 < losses[:-1].min()
    assert trainer.paused_by is not None
    assert "training loss" in trainer.paused_by.sentence


def test_it_stops_at_an_accuracy() -> None:
    trainer = xor_trainer(stop_accuracy=1.0)
    trainer.advance(epochs=1000)
    accuracy = trainer.frame().curves.train_accuracy
    assert accuracy[-1] == 1 > accuracy[:-1].max()
    assert trainer.paused_by is not None
    assert "100%" in trainer.paused_by.sentence


def diverging(**choices: object) -> Trainer:
    usual = {"optimiser": "SGD", "learning_rate": 10.0, "loss": "squared error"}
    plane = Points(shape="plane", count=60)
    return make_trainer(plane, activation="linear", **{**usual, **choices})


def check_divergence(trainer: Trainer, good: torch.Tensor) -> None:
    note = trainer.paused_by
    assert note is not None
    assert note.kind == "diverged"
    assert note.severity == "error"
    assert f"{trainer.training.learning_rate:g}" in note.sentence
    assert torch.equal(weights(trainer), good)
    frame = trainer.frame()
    assert np.isfinite(frame.train.loss)
    assert note in frame.notes
    assert np.isfinite(frame.curves.train_loss).all()


def test_divergence_keeps_the_last_good_weights() -> None:
    trainer = diverging(learning_rate=0.01)
    trainer.train(3)
    good = weights(trainer)
    trainer.training.learning_rate = 10.0
    trainer.advance(epochs=50)
    check_divergence(trainer, good)
    trainer.training.learning_rate = 0.01
    frame = trainer.train(1)
    assert trainer.paused_by is None
    assert "diverged" not in {note.kind for note in frame.notes}


def test_divergence_within_an_epoch_is_noticed_at_the_end_of_a_slice() -> None:
    trainer = diverging(batch_size=1)
    start = weights(trainer)
    trainer.advance(steps=29)  # of 30
    check_divergence(trainer, start)


def test_divergence_after_an_edit_comes_back_to_the_edit() -> None:
    trainer = diverging(learning_rate=0.01)
    trainer.train(2)
    trainer.edit(SetValue(ParameterRef(0, 0, 0), 100.0))
    edited = weights_after_edit(trainer)
    trainer.training.learning_rate = 10.0
    trainer.advance(epochs=50)
    check_divergence(trainer, edited)


def weights_after_edit(trainer: Trainer) -> torch.Tensor:
    edited = weights(trainer)
    assert edited[0] == 100
    return edited


def test_an_optimiser_forgets_what_made_it_diverge() -> None:
    trainer = diverging(learning_rate=0.01)
    trainer.training.optimiser = "momentum"
    trainer.train(3)
    trainer.training.learning_rate = 10.0
    trainer.advance(epochs=50)
    assert trainer.paused_by is not None
    trainer.training.learning_rate = 0.001
    before = trainer.frame().train.loss
    assert trainer.train(5).train.loss < before
