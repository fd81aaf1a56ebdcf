"""Notes: each problem is named where it is shown, and healthy training is left in peace."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.number_text import format_percent
from playground.problems import Gates, Points, PointSet
from playground.problems.problem import Samples, Split
from playground.training.core.diagnosis import diverged, divergence_cause, goal_reached
from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Note, Remedy
from playground.training.dense.constant_answers import guess_loss
from playground.training.dense.diagnosis import notes
from playground.training.dense.edits import ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.training.images.frame_notes import frame_notes
from playground.training.training import Training
from tests.support.each_case import in_turn
from tests.support.training.dense_frames import make_frame
from tests.support.training.dense_training import make_trainer, xor_trainer
from tests.support.training.image_frames import make_image_frame

EPOCHS = np.arange(200)
NOTHING = Samples(np.zeros((0, 2)), np.zeros(0))
MAX_HEADLINE = 48
"""Letters that there is room for above the picture."""
AT_MINUS_8 = (0, 0.0), (1, 0.0), (None, -8.0)
"""Weights of a unit with two inputs, and its bias."""
FALLING = np.exp(-EPOCHS / 40)
JUMPING = 0.6 + 0.2 * (-1.0) ** EPOCHS


def frame_of(
    train: np.ndarray, test: np.ndarray | None = None, rate: float = 0.03, **changes: Any
) -> Frame:
    """A frame without any dead, saturated or constant unit whose losses went as given."""
    columns = (EPOCHS, train, train if test is None else test, train, train)
    curves = Curves(*(column.astype(np.float32) for column in columns))
    frame = make_frame(curves=curves, rate=rate, train=Score(float(train[-1]), 0.5), **changes)
    layers = tuple(
        replace(layer, dead=0, saturated=0.0, deviation=np.ones_like(layer.deviation))
        for layer in frame.layers
    )
    return replace(frame, layers=layers)


def kinds(frame: Frame, training: Training | None = None, remark: str | None = None) -> list[str]:
    found = notes(frame, training or Training(), remark)
    # Each ends in a button; those about data in one that the page knows.
    assert all(note.remedy for note in found if note.kind != "data")
    # What hinders learning is said above the picture too, on one line.
    grave = [note for note in found if note.severity != "info" and note.kind != "data"]
    assert all(0 < len(note.headline) <= MAX_HEADLINE for note in grave)
    # The losses that are made up here are level: what is said of that has a test of its own.
    return [note.kind for note in found if note.kind != "stalled"]


def with_layer(frame: Frame, index: int, **changes: Any) -> Frame:
    layers = list(frame.layers)
    layers[index] = replace(layers[index], **changes)
    return replace(frame, layers=tuple(layers))


def test_a_healthy_frame_has_no_notes() -> None:
    assert kinds(frame_of(FALLING)) == []


def test_the_problems_own_remark_comes_first() -> None:
    (note,) = notes(frame_of(FALLING), Training(), "Odd data.")
    assert (note.kind, note.place, note.sentence) == ("data", "data", "Odd data.")


@pytest.mark.parametrize(("batch", "expected"), [(20, []), (21, ["batch"])])
def test_a_batch_larger_than_the_data(batch: int, expected: list[str]) -> None:
    frame = frame_of(FALLING, samples=(20, 10))
    assert kinds(frame, Training(batch_size=batch)) == expected


@pytest.mark.parametrize(
    ("hidden", "weight", "bias", "after", "expected"),
    [
        ((4, 2), 0.0, 0.0, 0.0, ["symmetric"]),
        ((4, 2), 0.3, 0.1, 0.5, ["symmetric"]),
        ((4,), 0.3, 0.1, 0.5, ["symmetric"]),
        ((4, 2), 0.0, None, 0.0, []),  # different biases make different outputs
        ((4, 2), 0.3, 0.1, None, []),  # different weights behind make different gradients
        ((4, 2), None, 0.1, 0.5, []),
        ((4, 2), 1e-12, 1e-12, 1e-12, ["symmetric"]),
        ((1,), 0.0, 0.0, 0.0, []),  # a single neuron is like no other
    ],
)
def test_neurons_that_are_all_alike(
    hidden: tuple[int, ...],
    weight: float | None,
    bias: float | None,
    after: float | None,
    expected: list[str],
) -> None:
    frame = frame_of(FALLING, hidden=hidden)
    for index, name, value in ((0, "weight", weight), (0, "bias", bias), (1, "weight", after)):
        if value is not None:
            old = getattr(frame.layers[index], name)
            frame = with_layer(frame, index, **{name: np.full_like(old, value)})
    assert kinds(frame) == expected


def test_no_hidden_layer_is_never_alike() -> None:
    alone = frame_of(FALLING, hidden=())
    assert kinds(with_layer(alone, 0, weight=np.zeros((1, 2), np.float32))) == []


@pytest.mark.parametrize(
    ("dead", "loss", "expected"),
    [((1, 0), 0.5, "info"), ((1, 1), 0.5, "warning"), ((4, 2), 0.5, "warning"), ((4, 2), 0.01, "")],
)
def test_dead_neurons(dead: tuple[int, int], loss: float, expected: str) -> None:
    frame = replace(frame_of(FALLING, hidden=(4, 2)), train=Score(loss, 0.5))
    for index, count in enumerate(dead):
        frame = with_layer(frame, index, dead=count)
    found = [note for note in notes(frame, Training(), None) if note.kind == "dead"]
    assert [note.severity for note in found] == [expected] * bool(expected)
    if dead == (1, 1):
        assert found[0].sentence.startswith("1 of 2 neurons in hidden layer 2")
        assert "only if the layers before change" in found[0].sentence
    elif found:
        assert "can't learn any more" in found[0].sentence


@pytest.mark.parametrize(
    ("share", "loss", "activation", "expected"),
    [
        (0.95, 0.5, "tanh", ["saturated"]),
        (0.85, 0.5, "tanh", []),
        (0.95, 0.01, "tanh", []),
        (0.95, 0.5, "step", []),
        (0.95, 0.5, "ReLU", []),  # sparse, which is no fault
        (0.95, 0.5, "softplus", ["saturated"]),
    ],
)
def test_saturation(share: float, loss: float, activation: str, expected: list[str]) -> None:
    frame = frame_of(FALLING, activation=activation)
    frame = replace(with_layer(frame, 1, saturated=share), train=Score(loss, 0.5))
    assert kinds(frame) == expected


@pytest.mark.parametrize(
    ("loss", "rate", "expected"),
    [
        (JUMPING, 0.1, ["rate too high"]),
        (JUMPING, 0.01, []),
        (np.where(EPOCHS < 100, 2 * FALLING[0], JUMPING / 2), 0.1, []),  # fell before
        (JUMPING / 20, 0.1, []),  # good enough
        (FALLING + 0.1 * JUMPING, 0.1, []),  # falls
        (np.full(200, 0.7), 0.1, []),  # does not jump
    ],
)
def test_a_rate_that_is_too_high(loss: np.ndarray, rate: float, expected: list[str]) -> None:
    assert kinds(frame_of(loss, rate=rate), Training(optimiser="Adam")) == expected


PLATEAU = 0.5 + 0.3 * np.exp(-EPOCHS / 15)
"""Falls fast at first, and hardly in the end."""


@pytest.mark.parametrize(
    ("loss", "rate", "expected"),
    [
        (0.7 - EPOCHS / 10_000, 1e-4, ["rate too low"]),
        (0.7 - EPOCHS / 100_000, 1e-4, ["rate too low"]),
        (PLATEAU, 1e-4, []),
        (PLATEAU - EPOCHS / 20_000, 1e-4, []),
        (np.where(EPOCHS < 100, 0.9 - EPOCHS / 250, 0.5 - EPOCHS / 10_000), 1e-4, []),
        (0.7 - EPOCHS / 10_000 + 0.001 * (-1.0) ** EPOCHS, 1e-4, []),  # jitters
        (np.full(200, 0.7), 1e-4, []),
        (0.7 - EPOCHS / 10_000, 0.01, []),
        (0.04 - EPOCHS / 100_000, 1e-4, []),  # good enough
        (0.7 - EPOCHS / 300, 1e-4, []),  # fast enough
        (0.7 + EPOCHS / 10_000, 1e-4, []),  # rises
    ],
)
def test_a_rate_that_is_too_low(loss: np.ndarray, rate: float, expected: list[str]) -> None:
    training = Training(optimiser="Adam", learning_rate=rate)
    assert kinds(frame_of(loss, rate=rate), training) == expected


def test_a_rate_that_its_schedule_has_lowered_is_not_too_low() -> None:
    slow = frame_of(0.7 - EPOCHS / 10_000, rate=1e-6)
    for schedule in ("cosine", "one-cycle", "step"):
        assert kinds(slow, Training(learning_rate=1e-4, schedule=schedule, horizon=100)) == []


@in_turn("since, expected", [(0, True), (150, True), (160, True), (161, False), (199, False)])
@in_turn("name", ["comparable_since", "steady_since"])
@pytest.mark.parametrize("kind", ["rate too high", "rate too low", "overfitting"])
def test_nothing_is_compared_with_what_was_before_a_change(
    kind: str, name: str, since: int, expected: bool
) -> None:
    if kind == "overfitting":
        frame = frame_of(FALLING, FALLING + np.maximum(0, EPOCHS - 165) / 20)
        expected |= name == "steady_since"  # the same losses, however they came about
    else:
        loss, rate = (JUMPING, 0.1) if kind == "rate too high" else (0.7 - EPOCHS / 10_000, 1e-4)
        frame = frame_of(loss, rate=rate)
    since_both = {"comparable_since": since, "steady_since": since}
    changes = since_both if name == "comparable_since" else {name: since}
    training = Training(optimiser="Adam", learning_rate=frame.rate)
    assert (kind in kinds(replace(frame, **changes), training)) == expected


def test_too_little_past_says_nothing_of_the_rate() -> None:
    frame = frame_of(JUMPING, rate=0.1)
    short = Curves(*(getattr(frame.curves, name)[:30] for name in Curves.__slots__))
    assert kinds(replace(frame, curves=short)) == []


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (FALLING + np.maximum(0, EPOCHS - 60) / 100, ["overfitting"]),
        (FALLING + 0.1, []),
        (np.full(200, np.nan), []),
    ],
    ids=["rises", "falls", "no test samples"],
)
def test_overfitting(test: np.ndarray, expected: list[str]) -> None:
    assert kinds(frame_of(FALLING, test)) == expected


def test_a_test_loss_that_rises_with_the_training_loss_is_no_overfitting() -> None:
    rising = FALLING + np.maximum(0, EPOCHS - 60) / 100
    assert kinds(frame_of(rising, rising)) == []


@pytest.mark.parametrize(
    ("choices", "before", "now", "expected"),
    [
        ({}, Score(0.5, 0.5), Score(0.1, 1.0), None),
        ({"stop_epoch": 9}, Score(0.5, 0.5), Score(0.5, 0.5), "epoch 9"),
        ({"stop_epoch": 8}, Score(0.5, 0.5), Score(0.5, 0.5), None),
        ({"stop_loss": 0.2}, Score(0.3, 0.5), Score(0.2, 0.5), "loss is down to 0.2"),
        ({"stop_loss": 0.2}, Score(0.2, 0.5), Score(0.1, 0.5), None),
        ({"stop_loss": 0.2}, Score(np.nan, np.nan), Score(0.1, 0.5), "loss is down to 0.1"),
        ({"stop_accuracy": 0.9}, Score(0.3, 0.8), Score(0.3, 0.95), "95% of the training set"),
        ({"stop_accuracy": 0.9}, Score(0.3, 0.95), Score(0.3, 0.97), None),
        ({"stop_accuracy": 0.0}, Score(0.3, np.nan), Score(0.3, np.nan), None),
    ],
)
def test_goals(choices: dict[str, float], before: Score, now: Score, expected: str | None) -> None:
    note = goal_reached(Training(**choices), 9, before, now)
    assert (note is None) == (expected is None)
    if note is not None:
        assert str(expected) in note.sentence
        assert (note.kind, note.place, note.severity) == ("goal", "training", "info")


@pytest.mark.parametrize(("rate", "advice"), [(10.0, "0.01"), (0.05, "0.005"), (0.0001, "1e-05")])
def test_divergence_advises_a_lower_rate(rate: float, advice: str) -> None:
    note = diverged(7, Training(learning_rate=rate), "infinite")
    assert isinstance(note, Note)
    assert "after epoch 7: the loss ran off to infinity" in note.sentence
    assert f"is {rate:g}; try about {advice}." in note.sentence


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (np.nan, "the loss became NaN"),
        (np.inf, "the loss ran off to infinity"),
        (-np.inf, "the loss ran off to infinity"),
        (3e8, r"the loss grew beyond 1e\+08"),
        (0.5, "a weight is no longer a finite number"),
    ],
)
def test_divergence_says_what_ran_away(loss: float, sentence: str) -> None:
    assert re.search(sentence, diverged(1, Training(), divergence_cause(loss)).sentence)


def with_movements(first: float, last: float, **changes: Any) -> Frame:
    """A frame of which the first and the last layer have moved so far, with a faint gradient."""
    frame = frame_of(0.7 + 0 * FALLING, **{"hidden": (4, 4, 4), **changes})
    faint = {
        "weight_gradient": np.full((4, 2), 1e-9, np.float32),
        "bias_gradient": np.full(4, 1e-9, np.float32),
    }
    for index in range(len(frame.layers)):
        movement = first if index == 0 else last
        frame = with_layer(frame, index, movement=movement, **(faint if index == 0 else {}))
    return frame


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (with_movements(1e-5, 0.1), ["vanishing"]),
        (with_movements(0.0, 0.01), ["vanishing"]),
        # as with Adam, whose steps don't shrink with the gradient
        (with_movements(0.05, 0.1), []),
        (with_movements(1e-5, 1e-4), []),  # nothing moves: the rate
        (with_movements(np.nan, np.nan), []),  # nothing to compare with
        (with_movements(1e-5, 0.1, hidden=(4, 4)), []),
        (with_layer(with_movements(1e-5, 0.1), 1, dead=4), ["dead"]),  # which is the cause
        (with_layer(with_movements(1e-5, 0.1), 0, frozen=np.ones((4, 3), bool)), []),
        (replace(with_movements(1e-5, 0.1), train=Score(0.01, 1.0)), []),
        (
            with_layer(with_movements(1e-5, 0.1), 0, weight_gradient=np.ones((4, 2), np.float32)),
            [],
        ),
    ],
)
def test_a_layer_that_stands_still(frame: Frame, expected: list[str]) -> None:
    assert kinds(frame) == expected


@pytest.mark.parametrize(("weight", "expected"), [(0.009, []), (0.011, ["vanishing"])])
@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_where_a_penalty_holds_weights_back_it_is_the_cause(
    penalty: str, weight: float, expected: list[str]
) -> None:
    frame = with_movements(1e-5, 0.1)
    weights = np.random.default_rng(0).uniform(-1, 1, (4, 4)).astype(np.float32)
    frame = with_layer(frame, 1, weight=weight * weights / np.abs(weights).max())
    assert kinds(frame, Training(**{penalty: 0.001})) == expected
    assert kinds(frame) == ["vanishing"]
    guessing = with_layer(frame, -1, deviation=np.zeros(1, np.float32))
    found = notes(guessing, Training(**{penalty: 0.001}), None)
    assert any(f"{penalty.upper()} of 0.001 holds" in note.sentence for note in found) == (
        not expected
    )


def test_tiny_weights_are_not_alike() -> None:
    frame = frame_of(FALLING, hidden=(4, 2))
    for index in range(2):
        layer = frame.layers[index]
        tiny = {"weight": 1e-12 * layer.weight, "bias": 1e-12 * layer.bias}
        frame = with_layer(frame, index, **tiny)
    assert "symmetric" not in kinds(frame)


@pytest.mark.parametrize(
    ("rate", "label"), [(0.029, "Use Xavier"), (0.031, "Learning rate to 0.01")]
)
def test_a_high_rate_is_what_saturates(rate: float, label: str) -> None:
    frame = with_layer(frame_of(FALLING + 0.5, rate=rate), 1, saturated=0.95)
    (note,) = notes(frame, Training(optimiser="Adam"), None)
    assert (note.kind, note.remedy and note.remedy.label) == ("saturated", label)


@pytest.mark.parametrize(
    ("rare", "weights", "label"),
    [(10, "none", "Balance the classes"), (11, "none", "Add 6 neurons"),
     (10, "balanced", "Add 6 neurons")],
)  # fmt: skip
def test_one_answer_where_a_class_is_rare(rare: int, weights: str, label: str) -> None:
    labels = np.array([0] * (40 - rare) + [1] * rare)
    train = Samples(np.zeros((40, 2), np.float32), labels)
    frame = frame_of(FALLING, classes=2, confusion=np.array([[40 - rare, 0], [rare, 0]]))
    frame = replace(frame, samples=Split(train, NOTHING))
    (note,) = notes(frame, Training(class_weights=weights, batch_size=40), None)
    assert (note.kind, note.remedy and note.remedy.label) == ("one class", label)


@pytest.mark.parametrize(
    ("activation", "optimiser", "advice"),
    [
        ("sigmoid", "SGD", "Fewer layers, ReLU, Adam or another initialisation"),
        ("tanh", "Adam", "Fewer layers, ReLU or another initialisation"),
        ("ReLU", "SGD", "Fewer layers, Adam or another initialisation"),
        ("GELU", "AdamW", "Fewer layers or another initialisation"),
    ],
)
def test_nobody_is_advised_to_take_what_is_there(
    activation: str, optimiser: str, advice: str
) -> None:
    frame = with_movements(1e-5, 0.1, activation=activation)
    (note,) = notes(frame, Training(optimiser=optimiser), None)
    assert advice in note.sentence


@pytest.mark.parametrize(
    ("confusion", "expected"),
    [
        ([[30, 0], [10, 0]], ["one class"]),
        ([[0, 30], [0, 10]], ["one class"]),
        ([[0, 3, 0], [0, 3, 0], [0, 0, 0]], ["one class"]),
        ([[30, 0], [9, 1]], []),
        ([[40, 0], [0, 0]], []),  # only one class is there
        ([[0, 0], [0, 0]], []),
    ],
)
def test_one_answer_for_all(confusion: list[list[int]], expected: list[str]) -> None:
    frame = frame_of(FALLING, classes=3, confusion=np.array(confusion))
    assert kinds(frame) == expected
    image_frame = make_image_frame(
        classes=tuple("abc"), confusion=np.array(confusion), curves=frame.curves
    )
    found = frame_notes(image_frame, Training(l2=0.01), None)
    assert [note.kind for note in found] == expected
    assert [note.remedy for note in found] == [Remedy("L2 to 0", (("l2", 0.0),))] * len(expected)
    early = Curves(*(getattr(frame.curves, name)[:20] for name in Curves.__slots__))
    assert kinds(replace(frame, curves=early)) == []
    if expected:
        right = max(map(sum, confusion)) if confusion[0][0] else sum(confusion[1])
        total = sum(map(sum, confusion))
        share = format_percent(right / total)
        assert f"{share} right is what that alone gives" in found[0].sentence


@pytest.mark.parametrize(
    ("deviation", "regression", "changes", "expected"),
    [
        (0.01, False, {}, ["guessing"]),
        (0.5, False, {}, []),
        (0.01, True, {}, ["guessing"]),
        (0.5, True, {}, []),
        (0.01, False, {"comparable_since": 190}, []),  # too early to say
        (0.01, False, {"samples": Split(Samples(np.zeros((20, 2)), np.zeros(20)), NOTHING)}, []),
    ],
)
def test_the_same_answer_whatever_the_input(
    deviation: float, regression: bool, changes: dict[str, Any], expected: list[str]
) -> None:
    frame = replace(frame_of(0.693 + 0 * FALLING, classes=3, regression=regression), **changes)
    outputs = len(frame.layers[-1].bias)
    frame = with_layer(frame, -1, deviation=np.full(outputs, deviation, np.float32))
    assert kinds(frame) == expected
    for off in (0.0, 0.2) if expected else ():
        y = frame.samples.train.y
        mean = np.full(outputs, y.mean() + off * y.std(), np.float32)
        told = replace(frame, train=Score((1 + off) * guess_loss(frame), 0.5))
        (note,) = notes(with_layer(told, -1, mean=mean), Training(), None)
        assert ("one that is off" in note.sentence) == (off > 0)
        assert ("about the mean" in note.sentence) == (regression and not off)
        assert ("shares of the classes" in note.sentence) == (not regression and not off)
        assert f"a training loss of {told.train.loss:.3g}" in note.sentence
        layers = [replace(each, frozen=np.ones_like(each.frozen)) for each in told.layers]
        assert kinds(replace(told, layers=(*layers[:-1], told.layers[-1]))) == expected
        assert kinds(replace(told, layers=tuple(layers))) == []  # as was wanted


@pytest.mark.parametrize(
    ("optimiser", "max_norm", "expected"),
    [
        ("SGD", 1e-4, True),
        ("SGD", None, False),
        ("SGD", 1e5, False),  # which leaves the gradient as it is
        ("Adam", 1e-4, False),  # whose steps do not depend on its size
    ],
)
def test_clipping_that_holds_learning_back(
    optimiser: str, max_norm: float | None, expected: bool
) -> None:
    frame = with_layer(frame_of(0.693 + 0 * FALLING), -1, deviation=np.zeros(1, np.float32))
    training = Training(optimiser=optimiser, max_norm=max_norm)
    (note,) = [each for each in notes(frame, training, None) if each.kind == "guessing"]
    assert ("Clipping the gradient to 0.0001 holds" in note.sentence) == expected
    assert (note.remedy == Remedy("Do not clip", (("max_norm", None),))) == expected


# Real training ----------------------------------------------------------------------------------


def kinds_of_notes(frames: list[Frame]) -> set[str]:
    return {note.kind for frame in frames for note in frame.notes}


@pytest.mark.parametrize(
    ("shape", "seed"), [("two Gaussians", 0), ("blobs", 1), ("moons", 2), ("plane", 3)]
)
def test_training_with_the_defaults_is_left_in_peace(shape: str, seed: int) -> None:
    points = Points(shape=shape, noise=0.0, seed=seed)
    trainer = make_trainer(points, hidden=[8, 4], seed=seed)
    assert kinds_of_notes([trainer.train(epochs) for epochs in (0, 10, 50, 100)]) == set()


@pytest.mark.parametrize("gate", ["AND", "XOR"])
def test_gates_with_the_defaults_are_left_in_peace(gate: str) -> None:
    trainer = make_trainer(Gates(gate=gate), hidden=[4], batch_size=4, learning_rate=0.05)
    assert kinds_of_notes([trainer.train(epochs) for epochs in (0, 10, 50, 200)]) == set()


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "ReLU"])
def test_zeros_to_start_with_are_noticed(activation: str) -> None:
    trainer = xor_trainer(initialiser="zero", activation=activation)
    found_notes = {"symmetric", "dead"} if activation == "ReLU" else {"symmetric"}
    assert kinds_of_notes([trainer.train(50)]) == found_notes


def test_a_tiny_rate_is_noticed() -> None:
    assert kinds_of_notes([make_trainer(optimiser="SGD", learning_rate=1e-4).train(60)]) == {
        "rate too low"
    }


def test_a_huge_rate_is_noticed() -> None:
    trainer = make_trainer(Points(shape="circle", noise=0.2), hidden=[8, 4], learning_rate=1.0)
    assert "rate too high" in kinds_of_notes([trainer.train(60)])


def test_dead_relus_are_noticed() -> None:
    trainer = make_trainer(Points(shape="circle"), activation="ReLU", learning_rate=5.0)
    assert "dead" in kinds_of_notes([trainer.train(30)])


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softplus", "GELU", "SiLU", "ELU"])
def test_a_smooth_unit_that_is_far_out_is_not_dead(activation: str) -> None:
    trainer = make_trainer(hidden=[4], activation=activation)
    for edit in (SetValue(ParameterRef(0, 0, source), value) for source, value in AT_MINUS_8):
        trainer.edit(edit)
    assert trainer.frame().layers[0].dead == 0
    assert "dead" not in kinds_of_notes([trainer.frame()])


def test_what_depends_on_a_change_is_told_by_real_training() -> None:
    trainer = make_trainer(Points(train_ratio=0.9), hidden=[8])
    trainer.train(50)
    trainer.problem.train_ratio = 0.1
    frame = trainer.train(3)
    assert (frame.comparable_since, frame.steady_since, frame.samples_since) == (50, 50, 50)
    trainer.training.learning_rate = 0.5
    frame = trainer.train(3)
    assert (frame.comparable_since, frame.steady_since) == (50, 53)
    trainer.training.loss = "squared error"
    frame = trainer.train(3)
    assert (frame.comparable_since, frame.steady_since) == (56, 56)
    trainer.branch(20)
    frame = trainer.frame()
    assert (frame.epoch, frame.comparable_since, frame.steady_since) == (20, 21, 21)
    trainer.reset()
    frame = trainer.frame()
    assert (frame.comparable_since, frame.steady_since) == (0, 0)


def test_what_was_comparable_is_so_after_a_restore() -> None:
    trainer = make_trainer(hidden=[4])
    trainer.train(5)
    trainer.training.loss = "squared error"
    trainer.train(2)
    trainer.training.learning_rate = 0.2
    trainer.train(1)
    other = make_trainer(hidden=[4], loss="squared error", learning_rate=0.2)
    other.restore(trainer.state())
    frame = other.train(1)
    assert (frame.comparable_since, frame.steady_since) == (5, 7)


def test_deep_sigmoids_stand_still_with_plain_descent_and_not_with_adam() -> None:
    deep = {"hidden": [4] * 8, "activation": "sigmoid"}
    still = make_trainer(**deep, optimiser="SGD", learning_rate=0.5).train(50)
    assert "vanishing" in kinds_of_notes([still])
    assert still.layers[0].movement < 1e-3
    moving = make_trainer(**deep).train(50)
    assert "vanishing" not in kinds_of_notes([moving])
    assert moving.layers[0].movement > 0.01


def test_the_majority_and_guesses_are_noticed() -> None:
    points = PointSet()
    rng = np.random.default_rng(0)
    points.add(rng.uniform(-5, 5, (200, 2)), np.arange(200) % 10 == 0)
    trainer = make_trainer(Points(own=points, shape="your own"), hidden=[4], learning_rate=0.003)
    assert kinds_of_notes([trainer.train(30)]) & {"one class", "guessing"}
    assert "guessing" in kinds_of_notes([make_trainer(hidden=[4], l2=1.0).train(40)])


def test_who_is_stuck_at_guessing_is_told_what_helps() -> None:
    parity = Gates(gate="parity", inputs_count=4)
    frame = make_trainer(parity, hidden=[6], batch_size=4, learning_rate=0.05).train(150)
    found_notes = [note for note in frame.notes if note.kind == "guessing"]
    assert found_notes[0].remedy == Remedy("Batches of 16", (("batch_size", 16),))
    right = format_percent(frame.train.accuracy)
    assert found_notes[0].headline == f"It is guessing: only {right} right."


@pytest.mark.parametrize(
    ("loss", "accuracy", "changes", "expected"),
    [
        (0.4 + 0 * FALLING, 0.75, {}, ["stalled"]),
        (0.4 + 0 * FALLING, 0.95, {}, []),  # noise has its share
        (0.4 + FALLING, 0.75, {}, []),  # by 4 % from the first to the last third of 60 epochs
        (0.4 + 0.2 * FALLING, 0.75, {}, ["stalled"]),  # by 1 %
        (0.4 + 0 * FALLING, 0.75, {"comparable_since": 150}, []),
        (0.4 + 0.05 * (-1.0) ** EPOCHS, 0.75, {}, []),  # jumps
        (np.where(EPOCHS < 150, 0.6, 0.4), 0.75, {}, []),
    ],
)
def test_a_loss_that_falls_no_more(
    loss: np.ndarray, accuracy: float, changes: dict[str, Any], expected: list[str]
) -> None:
    scores = {name: Score(0.4, accuracy) for name in ("train", "test")}
    frame = replace(frame_of(loss), **scores, **changes)
    found = [note for note in notes(frame, Training(), None) if note.kind == "stalled"]
    assert [note.kind for note in found] == expected
    for note in found:
        assert note.headline == "It hardly gets better: only 75% right."
        assert "The training loss, 0.4, has hardly fallen in 59 epochs" in note.sentence
        assert note.remedy == Remedy("Add 6 neurons", (("hidden", (10, 2)),))


@pytest.mark.parametrize(
    ("schedule", "rate", "ended"),
    [
        ("cosine", 0.0003, True),
        ("one-cycle", 0.02, False),  # still on its way
        ("plateau", 0.0003, False),  # which has waited for the loss
        ("constant", 0.03, False),
    ],
)
def test_a_loss_that_falls_no_more_as_its_schedule_has_ended(
    schedule: str, rate: float, ended: bool
) -> None:
    frame = replace(frame_of(0.4 + 0 * FALLING, rate=rate), train=Score(0.4, 0.75))
    training = Training(schedule=schedule, learning_rate=0.03)
    (note,) = [each for each in notes(frame, training, None) if each.kind == "stalled"]
    assert ("lowered the learning rate to 0.0003; a constant one" in note.sentence) == ended
    assert (note.remedy == Remedy("Constant rate", (("schedule", "constant"),))) == ended


@pytest.mark.parametrize(
    ("layers", "remedy"),
    [
        (3, Remedy("Add 6 neurons", (("hidden", (14, 8, 8)),))),
        (4, Remedy("Only two hidden layers", (("hidden", (8, 8)),))),
    ],
)
def test_a_deep_network_whose_loss_falls_no_more_gets_fewer_layers(
    layers: int, remedy: Remedy
) -> None:
    frame = replace(frame_of(0.4 + 0 * FALLING, hidden=(8,) * layers), train=Score(0.4, 0.75))
    (note,) = [note for note in notes(frame, Training(), None) if note.kind == "stalled"]
    assert note.remedy == remedy
    assert ("With fewer layers" in note.sentence) == (layers == 4)


def test_answers_that_differ_may_be_guesses_too() -> None:
    frame = frame_of(FALLING)
    _, counts = np.unique(frame.samples.train.y, return_counts=True)
    shares = counts / counts.sum()
    level = np.full(len(EPOCHS), -(shares * np.log(shares)).sum())
    stuck = frame_of(level)
    half = np.full(len(EPOCHS), 0.5, np.float32)
    stuck = replace(stuck, curves=replace(stuck.curves, train_accuracy=half))
    (note,) = notes(stuck, Training(l2=0.01), None)
    assert "stuck at guessing" in note.sentence
    assert "L2 of 0.01 holds its weights back." in note.sentence
    assert note.remedy == Remedy("L2 to 0", (("l2", 0.0),))


@pytest.mark.parametrize(
    "choices",
    [
        {"optimiser": "SGD", "learning_rate": 3.0, "l2": 1.0},
        {"optimiser": "SGD", "learning_rate": 10.0, "l2": 0.5, "loss": "squared error"},
        {"optimiser": "momentum", "learning_rate": 10.0, "activation": "ReLU", "l2": 0.5},
    ],
)
def test_the_last_good_weights_are_good(choices: dict[str, Any]) -> None:
    trainer = make_trainer(Points(), **choices)
    first = trainer.frame().train.loss
    frame = trainer.train(60)
    assert "diverged" in kinds_of_notes([frame])
    assert frame.train.loss < 2 * first + 0.1
    assert frame.curves.train_loss[-1] == pytest.approx(frame.train.loss)
    assert frame.curves.epoch[-1] == frame.epoch
    found_notes = [note.sentence for note in frame.notes if note.kind == "diverged"]
    trainer.training.learning_rate = 0.01
    again = [note.sentence for note in trainer.frame().notes if note.kind == "diverged"]
    assert again == found_notes  # the learning rate is that of then


def test_overfitting_is_noticed() -> None:
    points = Points(shape="circle", noise=0.5, count=60)
    trainer = make_trainer(points, hidden=[16, 16])
    assert "overfitting" in kinds_of_notes([trainer.train(200)])
