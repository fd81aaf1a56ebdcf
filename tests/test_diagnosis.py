"""Notes: each problem is named where it is shown, and healthy training is left in peace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.problems import Gates, Points
from playground.training.core.diagnosis import diverged, goal_reached
from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Note
from playground.training.dense.diagnosis import notes
from playground.training.dense.frame import Frame
from playground.training.training import Training
from tests.dense_frames import make_frame
from tests.dense_training import make_trainer, xor_trainer

EPOCHS = np.arange(200)
FALLING = np.exp(-EPOCHS / 40)
JUMPING = 0.6 + 0.2 * (-1.0) ** EPOCHS


def frame_of(
    train: np.ndarray, test: np.ndarray | None = None, rate: float = 0.03, **changes: Any
) -> Frame:
    """A frame without any dead or saturated unit whose losses went as given."""
    columns = (EPOCHS, train, train if test is None else test, train, train)
    curves = Curves(*(column.astype(np.float32) for column in columns))
    frame = make_frame(curves=curves, rate=rate, train=Score(float(train[-1]), 0.5), **changes)
    layers = tuple(replace(layer, dead=0, saturated=0.0) for layer in frame.layers)
    return replace(frame, layers=layers)


def kinds(frame: Frame, training: Training | None = None, remark: str | None = None) -> list[str]:
    return [note.kind for note in notes(frame, training or Training(), remark)]


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


def test_weights_that_are_all_zero() -> None:
    frame = frame_of(FALLING)
    for index, layer in enumerate(frame.layers):
        assert kinds(frame) == []
        frame = with_layer(frame, index, weight=np.zeros_like(layer.weight))
    assert kinds(frame) == ["symmetric"]
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


@pytest.mark.parametrize(
    ("share", "loss", "activation", "expected"),
    [
        (0.95, 0.5, "tanh", ["saturated"]),
        (0.85, 0.5, "tanh", []),
        (0.95, 0.01, "tanh", []),
        (0.95, 0.5, "step", []),
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


@pytest.mark.parametrize(
    ("loss", "rate", "expected"),
    [
        (0.7 - EPOCHS / 10_000, 1e-4, ["rate too low"]),
        (0.7 - EPOCHS / 10_000, 0.01, []),
        (0.04 - EPOCHS / 100_000, 1e-4, []),  # good enough
        (0.7 - EPOCHS / 300, 1e-4, []),  # fast enough
        (0.7 + EPOCHS / 10_000, 1e-4, []),  # rises
    ],
)
def test_a_rate_that_is_too_low(loss: np.ndarray, rate: float, expected: list[str]) -> None:
    assert kinds(frame_of(loss, rate=rate), Training(optimiser="Adam")) == expected


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
    note = diverged(7, Training(learning_rate=rate))
    assert isinstance(note, Note)
    assert "after epoch 7: the loss ran off to infinity" in note.sentence
    assert f"is {rate:g}; try about {advice}." in note.sentence


# Real training ----------------------------------------------------------------------------------


def seen(frames: list[Frame]) -> set[str]:
    return {note.kind for frame in frames for note in frame.notes}


@pytest.mark.parametrize("shape", ["two Gaussians", "blobs", "moons", "plane"])
@pytest.mark.parametrize("seed", range(3))
def test_training_with_the_defaults_is_left_in_peace(shape: str, seed: int) -> None:
    points = Points(shape=shape, noise=0.0, seed=seed)
    trainer = make_trainer(points, hidden=[8, 4], seed=seed)
    assert seen([trainer.train(epochs) for epochs in (0, 10, 50, 100)]) == set()


@pytest.mark.parametrize("gate", ["AND", "XOR"])
def test_gates_with_the_defaults_are_left_in_peace(gate: str) -> None:
    trainer = make_trainer(Gates(gate=gate), hidden=[4], batch_size=4, learning_rate=0.05)
    assert seen([trainer.train(epochs) for epochs in (0, 10, 50, 100, 500)]) == set()


def test_zeros_to_start_with_are_noticed() -> None:
    assert seen([xor_trainer(initialiser="zero").train(50)]) == {"symmetric"}


def test_a_tiny_rate_is_noticed() -> None:
    assert seen([make_trainer(optimiser="SGD", learning_rate=1e-4).train(60)]) == {"rate too low"}


def test_a_huge_rate_is_noticed() -> None:
    trainer = make_trainer(Points(shape="circle", noise=0.2), hidden=[8, 4], learning_rate=1.0)
    assert "rate too high" in seen([trainer.train(60)])


def test_dead_relus_are_noticed() -> None:
    trainer = make_trainer(Points(shape="circle"), activation="ReLU", learning_rate=5.0)
    assert "dead" in seen([trainer.train(30)])


def test_overfitting_is_noticed() -> None:
    points = Points(shape="circle", noise=0.5, count=60)
    trainer = make_trainer(points, hidden=[16, 16])
    assert "overfitting" in seen([trainer.train(200)])
